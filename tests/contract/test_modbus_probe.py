"""A gauger stands at the tank and sees which registers become which value, and what another order would make of them."""

import ast
import math
from pathlib import Path

import pytest

import datasources.gauges
from datasources.gauges.mapping import Point, StatusRule
from datasources.gauges.probe import OtherOrder, probe
from domain.errors import WorkspaceInvalid
from domain.farm import Quality
from tests.fakes.modbus_device import at, device, gateway, level, packed, tanks, temp


async def probed(points, words, **changes):
    async with device(words) as it:
        rows = await probe(gateway(it.port, points, **changes), tanks(*points))
    return {(row.tank_id, row.quantity): row for row in rows}


async def test_registers_stand_beside_the_value_they_become():
    status = Point(
        quantity="status", function=3, address=4, type="uint32", unit="bits", status=(StatusRule(mask=1 << 16),)
    )
    points = {"T-1": (level(0, type="float32", unit="m", resolution=0.001), temp(2), status)}
    rows = await probed(points, at(0, packed("f", 8.123)) | at(2, packed("h", -42)) | at(4, packed("I", 0x30001)))

    seen = rows["T-1", "level"]
    assert (seen.function, seen.address, seen.registers) == (3, 0, ("0x4101", "0xF7CF"))
    assert (seen.value, seen.unit, seen.quality, seen.plausible) == (8123.0, "mm", Quality.GOOD, True)
    assert seen.other_orders == ()
    assert rows["T-1", "temp"].value == -4.2
    assert (rows["T-1", "status"].value, rows["T-1", "status"].registers) == (0x30001, ("0x0003", "0x0001"))


@pytest.mark.parametrize("written", ["CDAB", "BADC", "DCBA"])
async def test_a_value_in_the_wrong_order_shows_the_order_that_makes_sense(written):
    points = {"T-1": (level(0, type="float32"),)}
    row = (await probed(points, at(0, packed("f", 8123.5, written))))["T-1", "level"]

    right = OtherOrder(
        byte_order="little" if written in {"BADC", "DCBA"} else "big",
        word_order="little" if written in {"CDAB", "DCBA"} else "big",
        value=8123.5,
        plausible=True,
    )
    assert not row.plausible
    assert len(row.other_orders) == 3
    assert [order for order in row.other_orders if order.plausible] == [right]


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "shown"),
    [("air", "C", -8.5, "°C"), ("p1", "kPa", 58.62, "kPa"), ("p3", "mbar", -0.3, "kPa")],
)
@pytest.mark.parametrize("written", ["CDAB", "BADC", "DCBA"])
async def test_air_and_pressures_in_the_wrong_order_show_the_one_that_makes_sense(
    quantity, unit, value, shown, written
):
    point = Point(quantity=quantity, function=3, address=0, type="float32", unit=unit)
    row = (await probed({"T-1": (point,)}, at(0, packed("f", value, written))))["T-1", quantity]

    sensible = [order for order in row.other_orders if order.plausible]
    assert (row.plausible, row.unit) == (False, shown)
    assert [order.value for order in sensible] == [pytest.approx(value * (0.1 if unit == "mbar" else 1.0), rel=1e-6)]


async def test_sixteen_bits_have_one_other_order():
    row = (await probed({"T-1": (level(0),)}, at(0, [0xBB1F])))["T-1", "level"]

    assert row.value == 0xBB1F
    assert [(o.byte_order, o.value, o.plausible) for o in row.other_orders] == [("little", 8123.0, True)]


@pytest.mark.parametrize(
    ("point", "registers", "value", "quality"),
    [
        (level(0, type="float32", high=9000.0), packed("f", 9500.0), 9500.0, Quality.OUT_OF_RANGE),
        (level(0, type="float32"), packed("f", math.nan), None, Quality.NOT_FINITE),
        (level(0, type="float32"), packed("f", 1e-30), 1e-30, Quality.GOOD),
    ],
    ids=["out of range", "not a number", "a denormal"],
)
async def test_an_implausible_value_is_told_with_its_quality_and_the_other_orders(point, registers, value, quality):
    row = (await probed({"T-1": (point,)}, at(0, registers)))["T-1", "level"]

    assert row.value == (value if value is None else pytest.approx(value))
    assert (row.quality, row.plausible, len(row.other_orders)) == (quality, False, 3)


async def test_a_fail_value_is_the_device_s_word_and_needs_no_other_order():
    row = (await probed({"T-1": (level(0, fail_values=(0xFFFF,)),)}, at(0, [0xFFFF])))["T-1", "level"]

    assert (row.value, row.quality, row.registers, row.other_orders) == (None, Quality.FAIL_VALUE, ("0xFFFF",), ())


async def test_a_refused_block_is_taken_apart_to_find_the_address_that_is_refused():
    points = {"T-1": (level(0), temp(1)), "T-2": (level(2), temp(3))}
    rows = await probed(points, at(0, [5000, 200]) | at(3, [210]))

    assert {key: row.quality for key, row in rows.items()} == {
        ("T-1", "level"): Quality.GOOD,
        ("T-1", "temp"): Quality.GOOD,
        ("T-2", "level"): Quality.REFUSED,
        ("T-2", "temp"): Quality.GOOD,
    }
    assert rows["T-1", "level"].value == 5000.0
    assert rows["T-1", "level"].read_alone
    assert (rows["T-2", "level"].registers, rows["T-2", "level"].value) == ((), None)


async def test_a_device_that_is_not_there_is_missing_everywhere():
    async with device({}) as it:
        port = it.port
    rows = await probe(gateway(port, {"T-1": (level(0), temp(1))}), tanks("T-1"))

    assert [(row.quantity, row.value, row.quality) for row in rows] == [
        ("level", None, Quality.MISSING),
        ("temp", None, Quality.MISSING),
    ]


async def test_a_map_with_an_unknown_tank_is_refused_before_anything_is_read():
    with pytest.raises(WorkspaceInvalid, match="'T-9'"):
        await probe(gateway(1, {"T-9": (level(0),)}), tanks("T-1"))


def test_nothing_in_the_gauges_can_write_to_a_device():
    """No pymodbus name that writes, and no request built by hand."""
    folder = Path(datasources.gauges.__file__).parent
    names = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute | ast.Name)
    }

    assert "read_holding_registers" in names
    assert [name for name in names if "write" in name.lower() or name in {"execute", "send", "Request"}] == []
