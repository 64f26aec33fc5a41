"""Every published number of tests/data/measurement_points.csv, from our functions as they are, at its own tolerance.

Where the source itself works with printed, rounded numbers, the rounding stands beside the call.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from domain.good import Correction, Edition, Good
from domain.metering import bitumen, ethanol
from domain.metering.air import LB_GAL, pounds_per_gallon, vacuum_to_air
from domain.metering.dip import Dip, measure_one
from domain.metering.hydrometer import glass_factor
from domain.metering.procedure import Procedure, WallDensity
from domain.metering.roof import deduction_m3
from domain.metering.scale import api_of_density, celsius, density_of_api
from domain.metering.shell import shell_factor, shell_temp_c
from domain.metering.table import Table
from domain.tank import CapacityTable, Roof
from tests.fakes.metering import POINTS, a_tank

OLD, NEW = Edition.Y1980, Edition.Y2004
BBL_M3, LB_KG = 0.158987294928, 0.45359237
ROOF_KG = 1_215_000.0 * LB_KG


def by_steps(step: str, name: str, api: float, temp_f: float, psi: float) -> float:
    f = Table.named(name, NEW).factors(density_of_api(api, NEW), celsius(temp_f), pressure_kpa=psi * 6.894757)
    found = {
        "tstar": f.tstar,
        "rhostar": f.rhostar,
        "alpha60": f.alpha,
        "fp": f.fp * 1e5,  # published in 1e-5/psi
        "ctl": f.ctl,
        "cpl": f.cpl,
        "ctpl": np.round(f.vcf, 5),  # the standard's own last step
    }
    return float(found[step])


def on_glass(name: str, edition: Edition, reading: float, temp_c: float) -> float:
    table = Table.named(name, edition)
    return float(table.density_at_base(reading * glass_factor(temp_c, table.base), temp_c))


def api_on_glass(name: str, api: float, temp_f: float) -> float:
    return float(api_of_density(on_glass(name, OLD, density_of_api(api, OLD), celsius(temp_f)), OLD))


def vcf(name: str, density: float, temp_c: float, alpha: float | None = None) -> float:
    given = None if alpha is None else np.asarray(alpha)
    return float(Table.named(name, OLD).factors(density, temp_c, alpha=given).vcf)


def certified(factor: float, temp_c: float, density: float, ref_temp_c: float = 20.0) -> Good:
    """A good whose certificate gives exactly the printed factor at the example's temperature."""
    slope = (1.0 - factor) * density / (temp_c - ref_temp_c)
    return Good(
        code="cargo",
        name="货",
        correction=Correction.LINEAR,
        density_kg_m3=density,
        ref_temp_c=ref_temp_c,
        slope_kg_m3_c=slope,
    )


def gb_chain(column: str) -> float:
    """Certificate rows summed by hand; wall at the standard density, shell 1 + 3.6e-5·(t - 20), VCF as printed."""
    table = CapacityTable(
        level_mm=(0.0, 1000.0),
        volume_m3=(0.0, 1247.775 + 12.625 + 0.541),
        hydrostatic_m3=(0.0, 0.514),
    )
    tank = a_tank(table, "cargo", insulated=True, shell_volume_per_c=3.6e-5, heel_mm=0.0)
    good = certified(1.00592, 13.0, 835.6)
    found = measure_one(tank, good, Dip(level_mm=1000.0, temp_c=13.0), Procedure(wall_density=WallDensity.STANDARD))
    return float(getattr(found, column)[0])


def rail_car() -> float:
    table = CapacityTable(level_mm=(0.0, 1000.0), volume_m3=(0.0, 54.960))
    tank = a_tank(table, "cargo", heel_mm=0.0)
    found = measure_one(tank, certified(1.0059, 13.0, 836.2), Dip(level_mm=1000.0, temp_c=13.0), Procedure(shell=False))
    return float(found.mass_air_kg[0])


def bunker(column: str) -> float:
    table = CapacityTable(level_mm=(3200.0, 3300.0), volume_m3=(157.20, 163.60))
    tank = a_tank(table, "cargo", heel_mm=0.0)
    good = certified(0.9870, 34.0, 990.3, 15.0)  # VCF as the surveyor printed it
    found = measure_one(tank, good, Dip(level_mm=3270.0, temp_c=34.0), Procedure(shell=False))
    return float(getattr(found, column)[0])


def roof_bbl(pounds_a_gallon: float, ctl: float = 1.0) -> float:
    return float(deduction_m3(ROOF_KG, pounds_a_gallon / LB_GAL, ctl) / BBL_M3)


def methanol(temp_c: float) -> float:
    good = Good(code="m", name="甲醇", correction=Correction.LINEAR, density_kg_m3=791.01, slope_kg_m3_c=0.946)
    tank = a_tank(good="m", heel_mm=0.0)
    found = measure_one(tank, good, Dip(level_mm=5000.0, temp_c=temp_c))
    return 791.01 * float(found.vcf[0])


EXAMPLES = {"ex1": ("6A", 17.785, -27.7, 0.0), "ex3": ("6B", 19.4, 48.04, -7.3), "ex5": ("6B", 48.0015, 55.9, 350.0)}
STEPS = ("tstar", "rhostar", "alpha60", "fp", "ctl", "cpl", "ctpl")
TODAY: dict[str, Callable[[], float]] = {
    **{f"API04-{n}-{s}": (lambda s=s, e=e: by_steps(s, *e)) for n, e in EXAMPLES.items() for s in STEPS},
    "T5A": lambda: api_on_glass("5A", 8.5, 210.0),
    "T5B-dod": lambda: api_on_glass("5B", 40.5, 83.0),
    "T6B": lambda: vcf("6B", density_of_api(63.0, OLD), celsius(75.0)),
    "T6C": lambda: vcf("6C", 800.0, celsius(30.0), 910e-6),
    "T24B": lambda: vcf("24B", 0.67 * 999.012, celsius(195.5)),
    "T53A": lambda: on_glass("53A", OLD, 779.0, 25.0),
    "T54A": lambda: vcf("54A", 1050.0, 55.0),
    "T54B-9903": lambda: vcf("54B", 990.3, 34.0),
    "GB60B-834": lambda: vcf("60B", 834.0, 13.0),
    "GB60B-724": lambda: vcf("60B", 724.6, 24.0),
    "GB60B-7184": lambda: vcf("60B", 718.4, 21.25),  # the table's nearest row, as for the three below
    "GB59B-719": lambda: on_glass("59B", OLD, 719.0, 24.25),
    "GB59B-725": lambda: on_glass("59B", OLD, 725.0, 15.25),
    "GB59B-841": lambda: on_glass("59B", OLD, 841.0, 13.0),
    "TSH-1": lambda: float(shell_temp_c(np.asarray(135.0), np.asarray(88.0), insulated=np.asarray(False))),
    "CTSH-1": lambda: float(shell_factor(np.asarray(6.2e-6 * (129.0 - 60.0)), np.asarray(2.0), second=1.0)),
    "T8-35": lambda: float(pounds_per_gallon(density_of_api(35.0, OLD))),
    "FRA-table": lambda: -roof_bbl(round(pounds_per_gallon(density_of_api(35.0, OLD)), 3)),  # table 8 has 3 decimals
    "FRC-C2": lambda: roof_bbl(
        round(pounds_per_gallon(density_of_api(40.3, OLD)), 3),
        round(vcf("6A", density_of_api(40.3, OLD), celsius(84.0)), 4),  # table 6 has 4
    ),
    **{f"T56-{d:g}": (lambda d=d: float(vacuum_to_air(d))) for d in (650.0, 786.9, 841.1, 903.4)},
    **{
        f"OIML-{p}-{t}": (lambda p=p, t=t: float(ethanol.density(np.asarray(float(p)), np.asarray(float(t)))))
        for p, t in ((0, 20), (1, 20), (0, 0))
    },
    **{
        f"D4311-60F-{f}": (lambda f=f: float(bitumen.vcf_60f(np.asarray(1.03), np.asarray(float(f)))))
        for f in (0, 50, 100, 150, 200)
    },
    **{
        f"D4311-15C-{c}-{t}": (lambda d=d, t=t: float(bitumen.vcf_15c(np.asarray(d), np.asarray(float(t)))))
        for c, d in (("A", 1030.0), ("B", 950.0))
        for t in (15, 150, 175, 200)
    },
    **{f"METHANOL-{t}": (lambda t=t: methanol(float(t))) for t in (0, 10, 15, 25, 30, 40)},
    "GB-chain-V": lambda: 1000.0 * gb_chain("tov_m3"),
    # The source went on with ten times the volume (and a misprint in it): the mass follows the volume.
    "GB-chain-m": lambda: gb_chain("mass_air_kg") / gb_chain("tov_m3") * 12613.7605,
    "GB-rail": rail_car,
    "BUNKER-vol": lambda: bunker("tov_m3"),
    "BUNKER-mass": lambda: bunker("mass_air_kg") / 1000.0,
}


def test_every_published_row_is_computed_here():
    assert set(TODAY) == set(POINTS)


@pytest.mark.parametrize("point", TODAY)
def test_the_published_number_comes_out(point):
    assert TODAY[point]() == POINTS[point]


def test_a_second_worked_volume_of_the_training_text():
    """720485 + 398 + 46 × 0.7246 = 720916.3 L, the wall at the standard density again."""
    table = CapacityTable(level_mm=(0.0, 1000.0), volume_m3=(0.0, 720.485 + 0.398), hydrostatic_m3=(0.0, 0.046))
    good = certified(0.9949, 24.0, 724.6)
    found = measure_one(
        a_tank(table, "cargo", heel_mm=0.0),
        good,
        Dip(level_mm=1000.0, temp_c=24.0),
        Procedure(wall_density=WallDensity.STANDARD),
    )
    assert float(found.tov_m3[0]) * 1000.0 == pytest.approx(720_916.3, abs=0.05)


def test_a_roof_taken_off_by_mass_is_the_same_roof():
    """V20 717239.63 L × (724.6 - 1.1) - 21400 kg = 497522.9 kg: FRC takes off exactly the roof's mass in air."""
    volume_m3 = 717.23963 / 0.9949
    table = CapacityTable(level_mm=(0.0, 1000.0), volume_m3=(0.0, volume_m3))
    good = certified(0.9949, 24.0, 724.6)
    bare = a_tank(table, "cargo", heel_mm=0.0)
    roofed = replace(bare, roof=Roof(mass_kg=21_400.0, critical_from_mm=100.0, critical_to_mm=200.0))
    found = measure_one(roofed, good, Dip(level_mm=1000.0, temp_c=24.0), Procedure(shell=False))
    assert float(found.mass_air_kg[0]) == pytest.approx(497_522.9, abs=0.05)
