"""Whose density counts, what the others say beside it, and what happens when a sensor is silent or mad."""

import numpy as np
import pytest

from domain.metering import hydrostatic
from domain.metering.procedure import Procedure
from domain.metering.quality import Remark
from domain.tank import DensityFrom
from tests.fakes.metering import BODIES, GOODS, a_tank, measured

ONLINE = {"density_from": DensityFrom.ONLINE}
WEIGHED = {"density_from": DensityFrom.HYDROSTATIC, "p1_mm": 250.0}


def pressures(density: float, level_mm: float, over_kpa: float = 0.0) -> dict[str, float]:
    """What two transmitters show of a column above 250 mm."""
    return {"p1_kpa": density * 9.80665 * (level_mm - 250.0) / 1e6 + over_kpa, "p3_kpa": over_kpa}


@pytest.mark.parametrize("code", [c for c in GOODS if c not in ("spirit", "maize")])
def test_a_measured_density_that_agrees_changes_nothing(code):
    certified = measured([a_tank(good=code)], level_mm=6000.0, temp_c=38.0)
    observed = GOODS[code].density_kg_m3 * certified.vcf.item()
    online = measured([a_tank(good=code, **ONLINE)], level_mm=6000.0, temp_c=38.0, density_kg_m3=observed)
    weighed = measured([a_tank(good=code, **WEIGHED)], level_mm=6000.0, temp_c=38.0, **pressures(observed, 6000.0, 0.4))
    for found in (online, weighed):
        assert found.mass_air_kg.item() == pytest.approx(certified.mass_air_kg.item(), rel=1e-9)
        assert found.density_kg_m3.item() == pytest.approx(GOODS[code].density_kg_m3, rel=1e-9)


def test_a_lighter_liquid_weighs_less_by_what_was_observed():
    """At the same volume mass follows the observed density itself, whatever the table makes of its base."""
    heavy, light = (
        measured([a_tank(**ONLINE)], level_mm=6000.0, temp_c=38.0, density_kg_m3=rho).mass_vacuum_kg.item()
        for rho in (824.0, 818.0)
    )
    assert light / heavy == pytest.approx(818.0 / 824.0, rel=1e-12)


def test_strength_follows_a_measured_density_of_spirit():
    certified = measured([a_tank(good="spirit")], level_mm=6000.0, temp_c=30.0)
    observed = certified.density_kg_m3.item() * certified.vcf.item()
    found = measured([a_tank(good="spirit", **ONLINE)], level_mm=6000.0, temp_c=30.0, density_kg_m3=observed)
    assert found.density_kg_m3.item() == pytest.approx(897.65, abs=0.01)


def test_the_gaps_are_told_whichever_density_counts():
    reading = {"level_mm": 6000.0, "temp_c": 20.0, "density_kg_m3": 830.6, **pressures(840.6, 6000.0)}
    for more in ({"p1_mm": 250.0}, ONLINE | {"p1_mm": 250.0}, WEIGHED):
        found = measured([a_tank(**more)], **reading)
        assert found.online_gap_kg_m3.item() == pytest.approx(-5.0, abs=1e-3)
        assert found.hydrostatic_gap_kg_m3.item() == pytest.approx(5.0, abs=1e-3)


@pytest.mark.parametrize("observed", [np.nan, 0.0, -1.0, 65535.0, 299.9, np.inf])
def test_a_silent_or_mad_densitometer_leaves_the_certificates_density_and_a_remark(observed):
    certified = measured([a_tank()], level_mm=6000.0, temp_c=30.0)
    found = measured([a_tank(**ONLINE)], level_mm=6000.0, temp_c=30.0, density_kg_m3=observed)
    assert found.mass_air_kg.item() == certified.mass_air_kg.item()
    assert found.u_density_kg.item() == certified.u_density_kg.item()
    assert Remark(int(found.remarks[0])) & Remark.DENSITY_FROM_CERTIFICATE


def test_a_shallow_column_has_no_density():
    deep, shallow = (measured([a_tank(**WEIGHED)], level_mm=mm, **pressures(830.0, mm)) for mm in (2250.0, 2249.9))
    assert deep.density_kg_m3.item() == pytest.approx(830.0, rel=1e-9)
    assert shallow.density_kg_m3.item() == 835.6
    assert np.isnan(shallow.hydrostatic_gap_kg_m3.item())
    assert Remark(int(shallow.remarks[0])) & Remark.DENSITY_FROM_CERTIFICATE


@pytest.mark.parametrize("silent", ["p1_kpa", "p3_kpa"])
def test_one_silent_transmitter_leaves_no_density(silent):
    found = measured([a_tank(**WEIGHED)], level_mm=6000.0, **pressures(830.0, 6000.0) | {silent: np.nan})
    assert found.density_kg_m3.item() == 835.6
    assert Remark(int(found.remarks[0])) & Remark.DENSITY_FROM_CERTIFICATE


def test_a_measured_density_is_as_uncertain_as_its_instrument():
    reading = {"level_mm": 6000.0, "temp_c": 20.0, "density_kg_m3": 835.6, **pressures(835.6, 6000.0)}
    certified, online, weighed = (
        measured([a_tank(**more)], **reading).u_density_kg.item() for more in ({}, ONLINE, WEIGHED)
    )
    assert online == pytest.approx(2.0 * certified, rel=1e-9)
    assert weighed == pytest.approx(6.0 * certified, rel=1e-9)


def test_local_gravity_scales_the_weighed_density():
    found = measured([a_tank(**WEIGHED)], Procedure(gravity_m_s2=9.79), level_mm=6000.0, **pressures(830.0, 6000.0))
    assert found.density_kg_m3.item() == pytest.approx(830.0 * 9.80665 / 9.79, rel=1e-12)


def test_the_formula_is_that_of_the_column():
    """10 m of water at 4 °C under standard gravity press with 98.06 kPa."""
    found = hydrostatic.density(np.asarray(98.0641), np.asarray(0.0), np.asarray(10_000.0))
    assert float(found) == pytest.approx(999.975, abs=0.001)


def test_a_mixed_farm_believes_each_tank_its_own_source():
    tanks = [a_tank(), a_tank(id="T-2", **ONLINE), a_tank(BODIES[0], "crude", id="T-3", **WEIGHED)]
    found = measured(tanks, level_mm=6000.0, density_kg_m3=[500.0, 830.0, np.nan], **pressures(865.0, 6000.0))
    assert found.density_kg_m3 == pytest.approx([835.6, 830.0, 865.0], rel=1e-9)
