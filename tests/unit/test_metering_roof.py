"""Floating roofs: what they displace, where they displace it, and where nothing can be told."""

import pytest

from domain.farm import Quality
from domain.metering.roof import adjustment_m3, deduction_m3
from domain.tank import Roof
from tests.fakes.metering import ROOFS, a_tank, measured

FRC, FRA = ROOFS


@pytest.mark.parametrize("temp_c", [5.0, 20.0, 38.0])
@pytest.mark.parametrize("code", ["diesel", "crude", "bitumen"])
def test_a_roof_takes_off_exactly_its_own_mass_in_air(code, temp_c):
    bare, roofed = measured(
        [a_tank(good=code), a_tank(good=code, id="T-2", roof=FRC)], level_mm=8000.0, temp_c=temp_c
    ).nsv_m3
    found = measured([a_tank(good=code, roof=FRC)], level_mm=8000.0, temp_c=temp_c)
    density_air = found.mass_air_kg.item() / found.nsv_m3.item()
    water_cut = 0.992 if code == "crude" else 1.0  # S&W is taken from what the roof has left
    assert (bare - roofed) * density_air == pytest.approx(60_000.0 * water_cut, rel=1e-9)


def test_a_table_that_deducts_the_roof_at_its_own_density_needs_only_the_difference():
    assert adjustment_m3(60_000.0, 820.0, 820.0) == pytest.approx(0.0, abs=1e-12)
    assert adjustment_m3(60_000.0, 900.0, 820.0) > 0.0 > adjustment_m3(60_000.0, 750.0, 820.0)
    assert adjustment_m3(60_000.0, 900.0, 820.0) == pytest.approx(60_000.0 / 820.0 + deduction_m3(60_000.0, 900.0))


@pytest.mark.parametrize("roof", [FRC, FRA])
def test_on_its_legs_a_roof_displaces_nothing_and_half_afloat_nobody_knows(roof):
    below, half, above = (measured([a_tank(roof=roof)], level_mm=mm) for mm in (1500.0, 1650.0, 1800.0))
    assert below.roof_m3.item() == 0.0
    assert Quality(int(half.quality[0])) is Quality.CRITICAL_ZONE
    assert above.roof_m3.item() != 0.0


def test_a_roof_without_a_zone_floats_from_its_one_level_on():
    roof = Roof(mass_kg=60_000.0, critical_from_mm=1800.0, critical_to_mm=1800.0)
    below, at = (measured([a_tank(roof=roof)], level_mm=mm) for mm in (1799.9, 1800.0))
    assert (below.quality[0], at.quality[0]) == (0, 0)
    assert below.roof_m3.item() == 0.0 > at.roof_m3.item()


def test_neighbours_without_a_roof_keep_their_volume():
    alone = measured([a_tank()], level_mm=8000.0)
    beside = measured([a_tank(), a_tank(id="T-2", roof=FRC)], level_mm=8000.0)
    assert beside.mass_air_kg[0] == alone.mass_air_kg[0]
    assert beside.roof_m3[0] == 0.0
