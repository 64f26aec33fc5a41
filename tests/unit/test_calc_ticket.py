"""The gauger's ticket as it is read, and its columns on a terminal where a Chinese character is two cells wide."""

from unicodedata import east_asian_width

import pytest

from bot.command.calc.ticket import ticket
from domain.message import OutMessage
from tests.data.words.snapshots import assert_snapshot

FULL = {
    "tank": "T-103", "tank_name": "103号罐", "site": "港储一库", "good": "石脑油", "density_from": "online",
    "calibrated_until": "2025-05-19", "printed_at": "2026-03-12T06:32:00+00:00",
    "remarks": "CERTIFICATE_EXPIRED|AIR_UNKNOWN|OVERFILLED",
    "level_mm": 7900.0, "water_mm": 25.0, "temp_c": 24.35, "shell_c": 24.35, "table_m3": 281.865412,
    "hydrostatic_m3": 0.0431, "sw_percent": 0.05, "observed_kg_m3": 712.3, "hyc": 0.9998995, "tov_m3": 281.908512,
    "water_m3": 0.891, "ctsh": 1.00010439, "roof_m3": -3.3811, "gov_m3": 277.6656, "vcf": 0.994611,
    "gsv_m3": 276.16924, "nsv_m3": 276.0312, "density_kg_m3": 716.1, "mass_vacuum_kg": 197665.9,
    "mass_air_kg": 197362.3, "heel_kg": 43000.4, "pipework_kg": 120.0, "deliverable_kg": 154241.9,
    "u_mass_kg": 411.6, "u_gauge_kg": 37.4, "u_temp_kg": 59.3, "u_density_kg": 275.5, "u_table_kg": 197.4,
    "u_sediment_kg": 19.7, "online_gap_kg_m3": 1.2, "hydrostatic_gap_kg_m3": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("full", FULL),
        ("plain", FULL | {
            "tank_name": "T-103", "observed_kg_m3": None, "hyc": None, "density_from": "certificate", "remarks": "",
            "calibrated_until": "", "mass_air_kg": 0.0,
        }),
    ],
)  # fmt: skip
def test_a_ticket_reads_so(case: str, found: dict[str, object]) -> None:
    assert_snapshot(f"ticket.{case}", OutMessage(spans=(ticket(found),)))


def test_figures_end_in_one_column() -> None:
    def cells(text: str) -> int:
        return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)

    lines = [line for line in ticket(FULL).splitlines() if line.endswith((" m³", " kg", " mm"))]
    assert len(lines) > 15
    assert len({cells(line) for line in lines}) == 1
