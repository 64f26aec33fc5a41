"""What the columns of an Inventory promise for every farm: their links, NaN with its bit, and the remarks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unmeasurable
from domain.farm import Farm, Quality
from domain.metering.inventory import measure
from domain.metering.plant import Plant
from domain.metering.procedure import STANDARD
from domain.metering.quality import Remark
from domain.tank import DensityFrom, Geometry, Shape, TankIndex
from tests.fakes.metering import (
    BODIES,
    COLUMNS,
    FIGURES,
    GAPS,
    GOODS,
    PRESSED,
    ROOFS,
    TABLE,
    a_farm,
    a_tank,
    measured,
    procedures,
    tanks,
)


def test_every_link_of_the_chain_is_in_its_column():
    tank = a_tank(Geometry(shape=Shape.VERTICAL, diameter_m=20.0, height_m=10.0))
    found = measured([tank], level_mm=6000.0, water_mm=50.0, temp_c=30.0)
    area = np.pi * 10.0**2
    assert found.tov_m3.item() == pytest.approx(area * 6.0)
    assert found.water_m3.item() == pytest.approx(area * 0.05)
    assert found.ctsh.item() == pytest.approx(1.0 + 2.0 * 1.2e-4, abs=2e-8)
    assert found.gov_m3.item() == pytest.approx(area * 5.95 * found.ctsh.item())
    assert found.gsv_m3.item() == found.nsv_m3.item() == pytest.approx(found.gov_m3.item() * found.vcf.item())
    assert found.mass_vacuum_kg.item() == pytest.approx(found.nsv_m3.item() * 835.6)
    assert found.mass_air_kg.item() == pytest.approx(found.nsv_m3.item() * 834.5)
    assert found.heel_kg.item() == pytest.approx(found.mass_air_kg.item() * 0.15 / 5.95)
    assert found.deliverable_kg.item() == pytest.approx(found.mass_air_kg.item() * 5.8 / 5.95)
    assert found.roof_m3.item() == found.pipework_kg.item() == 0.0


def test_sediment_and_water_leave_the_net_volume_and_not_the_gross():
    found = measured([a_tank(good="crude")], level_mm=6000.0, temp_c=30.0)
    assert found.nsv_m3.item() == pytest.approx(found.gsv_m3.item() * 0.992, rel=1e-15)


def test_what_lies_in_the_lines_is_counted_and_told():
    bare, piped = measured([a_tank(), a_tank(id="T-2", pipework_m3=12.0)], level_mm=6000.0, temp_c=35.0).mass_air_kg
    found = measured([a_tank(pipework_m3=12.0)], level_mm=6000.0, temp_c=35.0)
    assert piped - bare == pytest.approx(found.pipework_kg.item(), rel=1e-9)
    assert found.deliverable_kg.item() == pytest.approx((found.mass_air_kg - found.heel_kg - found.pipework_kg).item())


def test_cold_air_shrinks_a_bare_shell_and_leaves_an_insulated_one():
    bare, insulated = a_tank(), a_tank(id="T-2", insulated=True)
    still = measured([bare, insulated], level_mm=8000.0, temp_c=60.0)
    windy = measured([bare, insulated], level_mm=8000.0, temp_c=60.0, air_c=-20.0)
    assert windy.ctsh[0] == pytest.approx((1.0 + 1.2e-5 * (50.0 - 20.0)) ** 2, abs=1e-12)
    assert windy.ctsh[1] == still.ctsh[1] == still.ctsh[0]


def test_a_certificates_own_volume_coefficient_replaces_alpha():
    tank = a_tank(insulated=True, shell_volume_per_c=3.6e-5)
    assert measured([tank], level_mm=8000.0, temp_c=13.0).ctsh.item() == pytest.approx(1.0 - 0.000252, rel=1e-15)


def test_the_wall_widens_under_what_the_liquid_weighs_less_what_the_table_holds():
    found = measured([a_tank(PRESSED)], level_mm=9000.0, temp_c=40.0)
    observed = 835.6 * found.vcf.item() / 1000.0
    assert found.tov_m3.item() == pytest.approx(6350.0 + 3.3 * (observed - 0.2), rel=1e-14)


def test_vapour_pressure_squeezes_only_where_the_tank_is_said_to_be_pressurised():
    open_, closed = a_tank(BODIES[2], "gasoline"), a_tank(BODIES[2], "gasoline", id="T-2", pressurised=True)
    found = measured([open_, closed], level_mm=8000.0, temp_c=30.0, p3_kpa=90.0)
    assert 1.0001 < found.vcf[1] / found.vcf[0] < 1.0003
    unknown = measured([closed], level_mm=8000.0, temp_c=30.0)
    assert unknown.vcf.item() == found.vcf[0]


@pytest.mark.parametrize(
    ("level_mm", "water_mm", "share"),
    [(6000.0, 0.0, 200 / 6000), (6000.0, 50.0, 150 / 5950), (6000.0, 300.0, 0.0), (150.0, 50.0, 1.0)],
)
def test_the_heel_is_what_lies_between_water_and_the_pump(level_mm, water_mm, share):
    found = measured([a_tank(heel_mm=200.0)], level_mm=level_mm, water_mm=water_mm, temp_c=30.0)
    assert found.heel_kg.item() == pytest.approx(found.mass_air_kg.item() * share)


def test_a_water_gauge_that_reads_a_little_below_zero_has_found_no_water():
    table = a_tank(TABLE)  # starts at 100 mm, so that 0 mm of water is not in the table
    none, noise = (measured([table], level_mm=5000.0, water_mm=mm) for mm in (0.0, -0.4))
    assert none.water_m3.item() == noise.water_m3.item() == 0.0
    assert none.mass_air_kg.item() == noise.mass_air_kg.item()


def test_mass_is_vacuum_over_air_over_heel():
    found = measured([a_tank(body, id=f"T-{i}") for i, body in enumerate(BODIES)], level_mm=2000.0, water_mm=120.0)
    assert np.all(found.mass_vacuum_kg > found.mass_air_kg)
    assert np.all(found.mass_air_kg > found.heel_kg)
    assert np.all(found.heel_kg > 0.0)


# --- less level, never more mass ---------------------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(
    tank=tanks(),
    parts=st.tuples(st.floats(0.0, 0.97), st.floats(0.0, 0.97)),  # a cold shell's own top lies below the table's
    near=st.sampled_from([None, 1000.0, 1100.0, 1800.0, 1500.0]),  # rows of the table, borders of the critical zone
    temp_c=st.floats(-15.0, 39.0),
    procedure=procedures,
)
def test_mass_never_rises_as_the_level_falls(tank, parts, near, temp_c, procedure):
    """Nor across the critical zone, for it holds more than the roof displaces; density stays what it was."""
    if tank.density_from is DensityFrom.HYDROSTATIC:
        tank = replace(tank, density_from=DensityFrom.CERTIFICATE)
    plant = Plant.of(TankIndex((tank,)), GOODS, procedure)
    start, end = plant.capacity.start_mm.item(), plant.capacity.end_mm.item()
    levels = [start + part * (end - start) for part in sorted(parts)]
    if near is not None:
        levels = sorted([min(near, 0.97 * end), min(near, 0.97 * end) + parts[0] - parts[1]])
    low, high = (
        measure(a_farm([tank], level_mm=mm, temp_c=temp_c, density_kg_m3=870.0), plant).mass_air_kg.item()
        for mm in levels
    )
    assert np.isnan([low, high]).any() or low <= high + 1e-6


@pytest.mark.parametrize("roof", ROOFS)
@pytest.mark.parametrize("body", [BODIES[0], TABLE, PRESSED])
def test_the_zone_holds_more_than_the_roof_displaces(body, roof):
    tank = a_tank(body, roof=roof)
    legs, afloat = (measured([tank], level_mm=mm).mass_air_kg.item() for mm in (1500.0, 1800.0))
    assert 0.0 < legs < afloat


# --- unknown is NaN and a bit ------------------------------------------------------------------------------------

numbers = st.one_of(st.floats(-50.0, 19000.0), st.floats(allow_nan=True, allow_infinity=True))
bits = st.one_of(st.just(0), st.just(0), st.sampled_from([int(q) for q in Quality]))
likely = st.fixed_dictionaries(
    {
        "level_mm": st.floats(0.0, 3000.0),
        "water_mm": st.floats(-1.0, 150.0),
        "temp_c": st.floats(-18.0, 150.0),
        "density_kg_m3": st.one_of(st.just(np.nan), st.floats(-10.0, 4000.0)),
        "air_c": st.sampled_from([np.nan, 12.0]),
        "p1_kpa": st.sampled_from([np.nan, 20.0, 0.0]),
        "p3_kpa": st.sampled_from([np.nan, 0.0]),
        "quality": st.just(0),
    }
)
wild = st.fixed_dictionaries({"level_mm": numbers, "water_mm": numbers, "temp_c": numbers, "quality": bits})


@settings(deadline=None, max_examples=150)
@given(some=st.lists(st.tuples(tanks(), st.one_of(wild, likely)), min_size=1, max_size=6), procedure=procedures)
def test_nan_and_a_bit_always_come_together(some, procedure):
    index = TankIndex(tuple(replace(tank, id=f"T-{i}") for i, (tank, _) in enumerate(some)))
    nothing = {"density_kg_m3": np.nan, "air_c": np.nan, "p1_kpa": np.nan, "p3_kpa": np.nan}
    readings = [nothing | reading for _, reading in some]
    farm = a_farm(index.tanks, **{name: [r[name] for r in readings] for name in readings[0]})
    found = measure(farm, Plant.of(index, GOODS, procedure))
    for name in FIGURES:
        np.testing.assert_array_equal(np.isnan(getattr(found, name)), found.quality != 0, err_msg=name)
    for name in GAPS:
        assert np.all(np.isnan(getattr(found, name)[found.quality != 0])), name
    assert np.all(found.quality & farm.quality == farm.quality)
    weighed = np.array([tank.good == "maize" for tank in index.tanks])
    warmth = np.where(weighed & np.isnan(farm.temp_c), 0.0, farm.temp_c)  # grain has no use for it
    unusable = ~np.isfinite([farm.level_mm, farm.water_mm, warmth]).all(axis=0)
    assert np.all(found.quality[unusable] != 0)


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        ({"level_mm": 50.0}, Quality.OUTSIDE_TABLE),
        ({"level_mm": 9000.1}, Quality.OUTSIDE_TABLE),
        ({"level_mm": 5000.0, "water_mm": 60.0}, Quality.OUTSIDE_TABLE),
        ({"level_mm": 5000.0, "water_mm": 5001.0}, Quality.OUT_OF_RANGE),
        ({"level_mm": 5000.0, "temp_c": 150.1}, Quality.OUT_OF_RANGE),
        ({"level_mm": np.nan}, Quality.NOT_FINITE),
        ({"level_mm": 5000.0, "water_mm": -np.inf}, Quality.NOT_FINITE),
        ({"level_mm": 5000.0, "temp_c": np.inf}, Quality.NOT_FINITE),
        ({"level_mm": np.nan, "quality": Quality.BUSY}, Quality.BUSY),
        ({"level_mm": 5000.0, "quality": Quality.OLD}, Quality.OLD),
        ({"level_mm": 50.0, "quality": Quality.OLD}, Quality.OLD | Quality.OUTSIDE_TABLE),
        ({"level_mm": 1500.0}, Quality.GOOD),
        ({"level_mm": 1500.1}, Quality.CRITICAL_ZONE),
        ({"level_mm": 1799.9}, Quality.CRITICAL_ZONE),
        ({"level_mm": 1799.9, "temp_c": 150.1}, Quality.CRITICAL_ZONE | Quality.OUT_OF_RANGE),
        ({"level_mm": 1800.0}, Quality.GOOD),
    ],
)
def test_the_bit_says_why_there_is_no_figure(reading, why):
    found = measured([a_tank(TABLE, roof=ROOFS[0])], **reading)
    assert Quality(int(found.quality[0])) == why
    assert np.isnan(found.mass_air_kg[0]) == (why != Quality.GOOD)


@pytest.mark.parametrize("code", GOODS)
def test_a_temperature_beyond_the_table_spoils_a_row_with_a_density_of_its_own_too(code):
    """Found by the property above: a strength of spirit came out of an unknown temperature."""
    tank = a_tank(good=code, density_from=DensityFrom.ONLINE)
    found = measured([tank], level_mm=5000.0, temp_c=276.0, density_kg_m3=870.0)
    assert found.quality[0] == (Quality.OUT_OF_RANGE)
    assert all(np.isnan(getattr(found, name)[0]) for name in FIGURES)


def test_grain_needs_no_thermometer():
    with_, without = (measured([a_tank(good="maize")], level_mm=5000.0, temp_c=t) for t in (20.0, np.nan))
    assert without.quality[0] == 0
    assert without.mass_air_kg.item() == with_.mass_air_kg.item() == with_.mass_vacuum_kg.item()
    assert with_.mass_air_kg.item() == pytest.approx(np.pi * 15.0**2 * 5.0 * 720.0 * 1.015)


def test_a_farm_never_read_has_no_figures():
    index = TankIndex((a_tank(), a_tank(id="T-2")))
    found = measure(Farm.unread(index), Plant.of(index, GOODS))
    assert found.quality.tolist() == [Quality.MISSING, Quality.MISSING]
    assert np.isnan(found.mass_air_kg).all()


def test_a_farm_of_no_tanks_has_columns_of_no_rows():
    index = TankIndex(())
    found = measure(Farm.unread(index), Plant.of(index, GOODS))
    assert all(getattr(found, name).shape == (0,) for name in COLUMNS)


def test_a_farm_of_other_tanks_is_a_bug():
    with pytest.raises(AssertionError, match="its own tanks"):
        measure(a_farm([a_tank(id="T-9")], level_mm=5000.0), Plant.of(TankIndex((a_tank(),)), GOODS))


@pytest.mark.parametrize("heel_mm", [-1.0, 50.0, 9001.0])
def test_a_heel_that_the_table_does_not_reach_is_refused(heel_mm):
    with pytest.raises(Unmeasurable, match=r"'T-1': heel level .* mm, allowed 0 or 100…9000 mm"):
        Plant.of(TankIndex((a_tank(TABLE, heel_mm=heel_mm),)), GOODS)


# --- remarks beside a good figure --------------------------------------------------------------------------------


def remarks(tank, **reading) -> Remark:
    found = measured([tank], **{"level_mm": 5000.0, "air_c": 10.0, **reading})
    assert found.quality[0] == 0
    assert np.isfinite(found.mass_air_kg[0])
    return Remark(int(found.remarks[0]))


def test_a_certificate_ends_with_its_last_second_in_china():
    tank = a_tank(calibrated_until=date(2026, 3, 31))
    midnight = datetime(2026, 3, 31, 16, tzinfo=UTC)  # 24:00 in Beijing
    last, first = (
        int((midnight + step - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
        for step in (timedelta(microseconds=-1), timedelta(0))
    )
    assert remarks(tank, taken_at_us=last) is Remark.NONE
    assert remarks(tank, taken_at_us=first) is Remark.CERTIFICATE_EXPIRED
    assert remarks(a_tank(), taken_at_us=first) is Remark.NONE  # no date stated: ``check`` has told of it


def test_unknown_air_is_taken_as_warm_as_the_liquid_and_told_of_bare_shells_only():
    assert remarks(a_tank(), air_c=np.nan) is Remark.AIR_UNKNOWN
    assert remarks(a_tank(insulated=True), air_c=np.nan) is Remark.NONE
    unknown, warm = (measured([a_tank()], level_mm=5000.0, temp_c=60.0, air_c=t) for t in (np.nan, 60.0))
    assert unknown.mass_air_kg.item() == warm.mass_air_kg.item()


def test_above_the_safe_filling_height_the_figure_stands_and_is_told():
    assert remarks(a_tank(max_level_mm=5000.0)) is Remark.NONE
    assert remarks(a_tank(max_level_mm=4999.9)) is Remark.OVERFILLED


def test_several_remarks_stand_side_by_side():
    tank = a_tank(max_level_mm=1.0, calibrated_until=date(1969, 1, 1), density_from=DensityFrom.ONLINE)
    assert remarks(tank, air_c=np.nan) == (
        Remark.CERTIFICATE_EXPIRED | Remark.AIR_UNKNOWN | Remark.OVERFILLED | Remark.DENSITY_FROM_CERTIFICATE
    )


def test_columns_of_one_line_go_with_columns_of_many():
    """Time before the tanks' axis; what is the same at all times may be given once, whatever the block's size."""
    tank = a_tank()
    poll = a_farm([tank], level_mm=5000.0, air_c=10.0)
    levels = np.linspace(1000.0, 9000.0, 40_000)[:, None]
    found = measure(replace(poll, level_mm=levels), Plant.of(poll.index, GOODS, STANDARD))
    assert all(getattr(found, name).shape == levels.shape for name in COLUMNS)
    middle = measured([tank], level_mm=levels[20_000, 0], air_c=10.0)
    assert found.mass_air_kg[20_000, 0] == middle.mass_air_kg[0]
