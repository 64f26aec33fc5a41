"""Registers become readings; whatever cannot be believed becomes NaN and a bit that says why."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.gauges.decode import decode, frozen
from datasources.gauges.layout import Reply, layout
from datasources.gauges.mapping import Point, StatusRule
from datasources.gauges.plan import plan
from datasources.gauges.points import Points
from domain.errors import WorkspaceInvalid
from domain.farm import Farm, Quality, Readings
from tests.fakes.modbus_device import LETTERS, at, gateway, level, packed, tanks, temp

ASKED, ANSWERED = 1_000_000, 1_020_000


def read(points: dict[str, tuple[Point, ...]], words: dict[tuple[int, int], int], **failed: Quality) -> Readings:
    """Decode as if the device held these words; ``b1=Quality.REFUSED`` fails the second block."""
    gate = gateway(1, points)
    blocks = plan(gate)
    replies = [
        Reply(quality=failed[f"b{i}"], asked_us=ASKED, answered_us=ANSWERED)
        if f"b{i}" in failed
        else Reply(
            registers=tuple(words[block.function, a] for a in range(block.start, block.end)),
            quality=Quality.GOOD,
            asked_us=ASKED,
            answered_us=ANSWERED,
        )
        for i, block in enumerate(blocks)
    ]
    return decode(layout(gate, tanks(*points), blocks), replies)


def alone(point: Point, *values: list[int]) -> Readings:
    """Readings of one tank that has this point and nothing else."""
    return read({"T-1": (point,)}, at(point.address, *values))


def only_level(point: Point, registers: list[int]) -> tuple[float, Quality]:
    """Level and what troubles it; a temperature point in perfect order stands beside."""
    readings = read({"T-1": (point, temp(900))}, at(point.address, registers) | at(900, [200]))
    return readings.level_mm[0], Quality(int(readings.quality[0]))


@pytest.mark.parametrize(
    ("form", "kind", "value"),
    [
        ("h", "int16", -321),
        ("H", "uint16", 54321),
        ("i", "int32", -7_654_321),
        ("I", "uint32", 4_000_000_000),
        ("f", "float32", 8123.5),
        ("d", "float64", 8123.4567),
    ],
)
def test_every_data_type_is_read_as_it_was_packed(form, kind, value):
    assert only_level(level(10, type=kind), packed(form, value)) == (value, Quality.GOOD)


@pytest.mark.parametrize("order", LETTERS)
@pytest.mark.parametrize(("form", "kind", "value"), [("f", "float32", 8123.5), ("i", "int32", -98765)])
def test_every_order_of_bytes_and_words_is_read_as_it_was_packed(order, form, kind, value):
    point = level(10, type=kind, byte_order=byte_order(order), word_order=word_order(order))

    assert only_level(point, packed(form, value, order)) == (value, Quality.GOOD)


def byte_order(letters: str) -> str:
    return "big" if letters in {"ABCD", "CDAB"} else "little"


def word_order(letters: str) -> str:
    return "big" if letters in {"ABCD", "BADC"} else "little"


def test_the_published_example_of_a_low_word_first_device():
    """INCON TS-550evo manual, p. 9: 9876.5 is sent as 0x81CD, 0x0001 with one decimal."""
    point = level(204, type="int32", word_order="little", scale=0.1, resolution=0.1)

    assert only_level(point, [0x81CD, 0x0001]) == (9876.5, Quality.GOOD)


@given(value=st.floats(width=32, allow_nan=False, allow_infinity=False), order=st.sampled_from(list(LETTERS)))
def test_any_float_in_any_order_comes_back(value, order):
    point = level(0, type="float32", byte_order=byte_order(order), word_order=word_order(order))
    words = np.array([packed("f", value, order)], dtype=np.uint16)

    assert Points.of([point]).read(words).value[0] == value


@given(raw=st.binary(min_size=8, max_size=8))
def test_a_double_reads_like_struct_whatever_the_bytes(raw):
    words = np.array([[int.from_bytes(raw[i : i + 2], "big") for i in (0, 2, 4, 6)]], dtype=np.uint16)
    (expected,) = struct.unpack(">d", raw)
    seen = Points.of([level(0, type="float64")]).read(words)

    if math.isfinite(expected):
        assert (seen.value[0], seen.quality[0]) == (expected, Quality.GOOD)
    else:
        assert math.isnan(seen.value[0])
        assert seen.quality[0] == Quality.NOT_FINITE


@pytest.mark.parametrize(
    ("point", "registers", "expected"),
    [
        (level(0, unit="cm", scale=0.1), [8123], 8123.0),
        (level(0, unit="m", type="float32", resolution=0.001), packed("f", 8.1234), 8123.0),
        (level(0, unit="m", type="float32", resolution=0.0001), packed("f", 8.1234), 8123.4),
        (level(0, unit="mm", type="float32", resolution=0.5), packed("f", 8123.30), 8123.5),
        (level(0, scale=0.1, offset=-1000.0, resolution=0.1), [20011], 1001.1),
    ],
    ids=["cm", "m to the mm", "m to 0.1 mm", "half millimetres", "scale and offset"],
)
def test_a_level_comes_out_in_mm_on_the_gauge_s_own_grid(point, registers, expected):
    assert only_level(point, registers) == (expected, Quality.GOOD)


def test_without_a_resolution_a_float_is_left_as_it_is():
    """8.1234 m as float32 is 8.12339973449707 m."""
    assert only_level(level(0, unit="m", type="float32"), packed("f", 8.1234)) == (8123.39973449707, Quality.GOOD)


@pytest.mark.parametrize(("unit", "raw", "celsius"), [("C", -125, -12.5), ("F", 681, 20.1), ("K", 2932, 20.1)])
def test_a_temperature_comes_out_in_celsius(unit, raw, celsius):
    readings = alone(temp(0, unit=unit), packed("h", raw))

    assert readings.temp_c[0] == pytest.approx(celsius, abs=0.06)


def test_a_density_comes_out_in_kg_per_cubic_metre():
    point = Point(quantity="density", function=3, address=0, type="uint16", unit="g/cm3", scale=0.0001, resolution=1e-4)

    assert alone(point, [8354]).density_kg_m3[0] == 835.4


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_nan_with_its_bit(value):
    seen, quality = only_level(level(0, type="float32"), packed("f", value))

    assert math.isnan(seen)
    assert quality is Quality.NOT_FINITE


@pytest.mark.parametrize("order", LETTERS)
def test_a_fail_value_is_known_in_the_order_in_which_the_point_is_read(order):
    point = level(
        0,
        type="int32",
        byte_order=byte_order(order),
        word_order=word_order(order),
        fail_values=(0xFFFFFFFF, 0x7FFFFFFE),
    )
    seen, quality = only_level(point, packed("I", 0x7FFFFFFE, order))

    assert math.isnan(seen)
    assert quality is Quality.FAIL_VALUE


def test_a_fail_value_that_is_a_nan_is_the_device_s_word_not_an_accident():
    assert only_level(level(0, type="float32", fail_values=(0x7FC00000,)), [0x7FC0, 0])[1] is Quality.FAIL_VALUE


def test_a_point_without_fail_values_may_be_zero_beside_one_that_has_some():
    readings = read(
        {"T-1": (level(0), temp(1)), "T-2": (level(2, fail_values=(0, 0xFFFF)), temp(3))},
        at(0, [0, 200], [0, 200]),
    )

    assert readings.level_mm.tolist()[0] == 0.0
    assert readings.quality.tolist() == [Quality.GOOD, Quality.FAIL_VALUE]


@pytest.mark.parametrize(("raw", "believed"), [(99, False), (100, True), (200, True), (201, False)])
def test_the_believable_range_includes_its_ends(raw, believed):
    seen, quality = only_level(level(0, unit="cm", low=100.0, high=200.0), [raw])

    assert (quality is Quality.GOOD) is believed
    assert (quality is Quality.OUT_OF_RANGE) is not believed
    assert math.isnan(seen) is not believed


@pytest.mark.parametrize("end", [8.1, 0.3])
def test_the_range_is_judged_on_the_grid_not_on_a_float_s_dust(end):
    """8.1 as float32 is 8.1000003…, and 3 · 0.1 is 0.30000000000000004: on the grid both are the end of the range."""
    point = level(0, unit="m", type="float32", resolution=0.1, high=end)

    assert only_level(point, packed("f", end)) == (end * 1000, Quality.GOOD)


def test_a_tank_without_water_or_density_point_has_no_water_and_unknown_density_and_no_bit():
    readings = read({"T-1": (level(0), temp(1))}, at(0, [5000, 200]))

    assert readings.water_mm[0] == 0.0
    assert math.isnan(readings.density_kg_m3[0])
    assert readings.quality[0] == Quality.GOOD


def test_a_tank_without_level_point_is_missing_it():
    assert alone(temp(0), [200]).quality[0] == Quality.MISSING


def test_a_silo_without_thermometer_is_read_well():
    readings = alone(level(0), [200])
    assert math.isnan(readings.temp_c[0])
    assert readings.quality[0] == Quality.GOOD


STATUS = Point(
    quantity="status",
    function=3,
    address=4,
    type="uint32",
    unit="bits",
    status=(
        StatusRule(mask=0xF0000, equals=0x30000, means="busy"),
        StatusRule(mask=0xF0000, equals=0x90000, means="busy"),
        StatusRule(mask=0x8880, means="device"),
    ),
)


@pytest.mark.parametrize(
    ("status", "level_mm", "temp_c", "quality"),
    [
        (0x00000000, 5000.0, 20.0, Quality.GOOD),
        (0x00040000, 5000.0, 20.0, Quality.GOOD),
        (0x00030000, None, 20.0, Quality.BUSY),
        (0x00090000, None, 20.0, Quality.BUSY),
        (0x00000800, None, None, Quality.DEVICE),
        (0x00038000, None, None, Quality.BUSY | Quality.DEVICE),
    ],
    ids=["quiet", "another servo command", "water search", "density scan", "device error", "both"],
)
def test_a_busy_servo_has_no_product_level_and_a_broken_gauge_nothing(status, level_mm, temp_c, quality):
    readings = read({"T-1": (level(0), temp(1), STATUS)}, at(0, [5000, 200]) | at(4, packed("I", status)))

    assert none_for_nan(readings.level_mm) == [level_mm]
    assert none_for_nan(readings.temp_c) == [temp_c]
    assert Quality(int(readings.quality[0])) == quality
    assert readings.status.tolist() == [status]
    assert readings.water_mm.tolist() == [0.0]


def test_a_level_whose_status_cannot_be_read_is_not_believed():
    readings = read({"T-1": (level(0), temp(1), STATUS)}, at(0, [5000, 200]), b1=Quality.REFUSED)

    assert none_for_nan(readings.level_mm) == [None]
    assert none_for_nan(readings.temp_c) == [20.0]
    assert readings.quality.tolist() == [Quality.REFUSED]
    assert readings.status.tolist() == [0]


def test_a_status_that_cannot_be_read_is_not_taken_for_zero():
    dead_at_zero = Point(
        quantity="status", function=3, address=4, type="uint16", unit="bits", status=(StatusRule(mask=0xFF, equals=0),)
    )
    readings = read({"T-1": (level(0), temp(1), dead_at_zero)}, at(0, [5000, 200]), b1=Quality.MISSING)

    assert readings.quality.tolist() == [Quality.MISSING]
    assert readings.temp_c.tolist() == [20.0]


def test_a_block_that_failed_spoils_its_own_quantities_only():
    water = Point(quantity="water", function=4, address=0, type="uint16", unit="mm")
    points = {"T-1": (level(0), temp(1), water), "T-2": (level(2), temp(3))}
    readings = read(points, at(0, [5000, 200, 6000, 210]), b1=Quality.MALFORMED)

    assert readings.level_mm.tolist() == [5000.0, 6000.0]
    assert none_for_nan(readings.water_mm) == [None, 0.0]
    assert readings.quality.tolist() == [Quality.MALFORMED, Quality.GOOD]


def test_a_tank_s_time_is_that_of_its_first_question_and_its_last_answer():
    gate = gateway(1, {"T-1": (level(0), temp(50)), "T-2": (level(51), temp(52))})
    replies = [
        Reply(registers=(5000,), quality=Quality.GOOD, asked_us=100, answered_us=130),
        Reply(registers=(200, 6000, 210), quality=Quality.GOOD, asked_us=140, answered_us=170),
    ]
    readings = decode(layout(gate, tanks("T-1", "T-2"), plan(gate)), replies)

    assert readings.taken_at_us.tolist() == [100, 140]
    assert readings.received_at_us.tolist() == [170, 170]


def test_a_value_that_waited_longer_than_its_point_allows_is_old():
    gate = gateway(1, {"T-1": (level(0, max_age_s=1.0), temp(50, max_age_s=5.0))})
    replies = [
        Reply(registers=(5000,), quality=Quality.GOOD, asked_us=0, answered_us=10),
        Reply(registers=(200,), quality=Quality.GOOD, asked_us=10, answered_us=1_000_001),
    ]
    readings = decode(layout(gate, tanks("T-1"), plan(gate)), replies)

    assert none_for_nan(readings.level_mm) == [None]
    assert readings.temp_c.tolist() == [20.0]
    assert readings.quality.tolist() == [Quality.OLD]


def test_rows_are_places_in_the_index_whatever_the_map_s_order():
    gate = gateway(1, {"T-3": (level(0), temp(1)), "T-1": (level(2), temp(3))})
    index = tanks("T-1", "T-2", "T-3")
    reply = Reply(registers=(5000, 200, 6000, 210), quality=Quality.GOOD, asked_us=1, answered_us=2)
    farm = Farm.unread(index).updated(decode(layout(gate, index, plan(gate)), [reply]))

    assert none_for_nan(farm.level_mm) == [6000.0, None, 5000.0]
    assert farm.quality.tolist() == [Quality.GOOD, Quality.MISSING, Quality.GOOD]


def test_frozen_rows_know_nothing_and_keep_their_other_bits():
    readings = frozen(read({"T-1": (level(0), temp(1)), "T-2": (temp(2),)}, at(0, [5000, 200, 210])))

    for column in (readings.level_mm, readings.water_mm, readings.temp_c, readings.density_kg_m3):
        assert none_for_nan(column) == [None, None]
    assert readings.quality.tolist() == [Quality.FROZEN, Quality.FROZEN | Quality.MISSING]


@pytest.mark.parametrize(
    ("points", "names"),
    [
        ({"T-9": (level(0),)}, "'T-9'"),
        ({"T-1": (level(0), level(1))}, "'level'.*more than once"),
        ({"T-1": (level(0, unit="C"),)}, "'level' in 'C'"),
        ({"T-1": (Point(quantity="status", function=3, address=0, type="float32", unit="bits"),)}, "'float32'"),
        ({"T-1": (level(0, status=(StatusRule(mask=1),)),)}, "only 'status'"),
    ],
    ids=["unknown tank", "mapped twice", "impossible unit", "status as a float", "status rule on a level"],
)
def test_a_map_that_cannot_be_meant_is_refused_by_name(points, names):
    gate = gateway(1, points)

    with pytest.raises(WorkspaceInvalid, match=names):
        layout(gate, tanks("T-1"), plan(gate))


@given(
    words=st.lists(st.integers(0, 0xFFFF), min_size=8, max_size=8),
    failed=st.dictionaries(st.sampled_from(["b0", "b1"]), st.sampled_from([Quality.MISSING, Quality.MALFORMED])),
)
def test_unknown_is_always_both_nan_and_a_bit(words, failed):
    density = Point(quantity="density", function=4, address=0, type="uint16", unit="kg/m3", high=2000.0)
    points = {"T-1": (level(0, type="float32", high=9e5), temp(2, low=-50.0), density, STATUS)}
    readings = read(points, at(0, words) | at(0, words, function=4), **failed)
    unknown = [
        math.isnan(c[0]) for c in (readings.level_mm, readings.water_mm, readings.temp_c, readings.density_kg_m3)
    ]

    assert any(unknown) == bool(readings.quality[0])


def none_for_nan(column: np.ndarray) -> list[float | None]:
    return [None if math.isnan(value) else value for value in column.tolist()]
