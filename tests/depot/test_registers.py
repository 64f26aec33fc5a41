"""The three register maps, read back by nothing but their own document."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest

from depot.farm import Farm
from depot.registers.document import as_markdown
from depot.station import Station

Decode = Callable[[dict[str, Any], list[int]], float | None]
FIELDS = {"level": "level_mm", "water": "water_mm", "temperature": "temp_c", "density": "density_kg_m3"}
FIELDS |= {"p1": "p1_kpa", "p3": "p3_kpa"}
SITES = ("gangchu", "minchu", "changku")


def read(station: Station, site: str, point: dict[str, Any]) -> list[int]:
    words = station.images[site].read(point["address"], point["count"])
    assert words is not None, point
    return words


def in_mm(point: dict[str, Any], value: float | None) -> float | None:
    return value * 1000 if value is not None and point["unit"] == "m" else value


def point_of(document: dict[str, Any], tank: str, quantity: str) -> dict[str, Any]:
    return next(p for p in document["points"] if (p["tank"], p["quantity"]) == (tank, quantity))


@pytest.mark.parametrize("site", SITES)
def test_every_documented_point_decodes_to_what_the_gauge_shows(station: Station, site: str, decode: Decode) -> None:
    document = station.registers(site)
    for point in document["points"]:
        value = in_mm(point, decode(point, read(station, site, point)))
        shown = getattr(station.farm.readings[point["tank"]], FIELDS[point["quantity"]])
        assert value == pytest.approx(shown, abs=1e-3), point


@pytest.mark.parametrize("site", SITES)
def test_every_tank_has_level_water_temperature_and_status(station: Station, site: str) -> None:
    document = station.registers(site)
    tanks = {t.id for t in station.farm.world.tanks_of(site)}
    for quantity in ("level", "water", "temperature"):
        assert {p["tank"] for p in document["points"] if p["quantity"] == quantity} == tanks
    assert {p["tank"] for p in document["status"]["points"]} == tanks


def test_the_maps_differ_in_code_order_type_and_offset(station: Station) -> None:
    forms = set()
    for site in SITES:
        p = point_of(station.registers(site), station.farm.world.tanks_of(site)[0].id, "temperature")
        forms.add((p["function_code"], p["data_type"], p["word_order"], p["byte_order"], p["scale"], p["offset"]))
    assert forms == {
        (4, "float32", "big", "big", 1.0, 0.0),
        (3, "int32", "little", "big", 0.1, 0.0),
        (3, "uint32", "big", "little", 0.1, -1000.0),
    }


def test_both_ways_of_writing_the_offset_agree(station: Station) -> None:
    for site in SITES:
        for point in station.registers(site)["points"]:
            assert point["value_offset"] == pytest.approx(point["offset"] * point["scale"])


def test_packed_bytes_are_those_of_the_makers_manuals(station: Station, farm: Farm) -> None:
    documents = {site: station.registers(site) for site in SITES}

    def wire(site: str, tank: str, quantity: str) -> bytes:
        return b"".join(w.to_bytes(2, "big") for w in read(station, site, point_of(documents[site], tank, quantity)))

    level_mm = farm.readings["T-112"].level_mm
    assert level_mm is not None
    assert wire("gangchu", "T-112", "level") == struct.pack(">f", level_mm / 1000)
    tenths = round((farm.readings["V203"].level_mm or 0) * 10)
    assert wire("minchu", "V203", "level") == struct.pack(">HH", tenths & 0xFFFF, tenths >> 16)
    raw = round((farm.readings["C-01"].temp_c or 0) * 10) + 1000
    abcd = struct.pack(">I", raw)
    assert wire("changku", "C-01", "temperature") == bytes([abcd[1], abcd[0], abcd[3], abcd[2]])


def test_the_manuals_example_number_packs_low_word_first(station: Station) -> None:
    # INCON TS-550evo: 9876.5 is 98765 = 0x000181CD, low word 0x81CD first.
    point = next(p for p in station.images["minchu"].map.points if p.quantity == "level")
    assert point.pack(9876.5) == [0x81CD, 0x0001]
    assert point.pack(-0.5) == [0xFFFB, 0xFFFF]


@pytest.mark.parametrize(("site", "tank"), [("gangchu", "T-112"), ("minchu", "V203"), ("changku", "C-04")])
def test_a_fault_shows_fail_values_and_a_bad_status(station: Station, site: str, tank: str, decode: Decode) -> None:
    station.farm.gauges[tank].faulty = True
    station.refresh()
    document = station.registers(site)
    for quantity in ("level", "water", "temperature"):
        point = point_of(document, tank, quantity)
        assert decode(point, read(station, site, point)) is None
    assert status(station, document, tank, decode) & int(document["status"]["bad_mask"], 16)


@pytest.mark.parametrize(("site", "tank"), [("gangchu", "T-112"), ("minchu", "V203"), ("changku", "C-04")])
def test_a_water_search_shows_a_busy_status_and_no_product_level(
    station: Station, site: str, tank: str, decode: Decode
) -> None:
    gauge = station.farm.gauges[tank]
    gauge.busy_from_us = station.farm.now_us - 60_000_000
    gauge.busy_until_us = station.farm.now_us + 60_000_000
    station.refresh()
    document = station.registers(site)
    assert status(station, document, tank, decode) & int(document["status"]["busy_mask"], 16)
    assert not status(station, document, tank, decode) & int(document["status"]["bad_mask"], 16)
    point = point_of(document, tank, "level")
    shown_mm = in_mm(point, decode(point, read(station, site, point)))
    assert shown_mm is not None
    assert shown_mm < station.farm.cargo.level_mm(tank) - 2000


def status(station: Station, document: dict[str, Any], tank: str, decode: Decode) -> int:
    point = next(p for p in document["status"]["points"] if p["tank"] == tank)
    value = decode(point, read(station, document["site"], point))
    assert value is not None
    return int(value)


def test_a_servo_in_water_search_has_rosemounts_command_bits(station: Station, decode: Decode) -> None:
    station.farm.gauges["T-112"].busy_until_us = station.farm.now_us + 1
    station.refresh()
    assert status(station, station.registers("gangchu"), "T-112", decode) >> 16 & 0xF == 0b0011


@pytest.mark.parametrize(
    ("site", "address"), [("gangchu", 3999), ("gangchu", 4048), ("minchu", 193), ("minchu", 416), ("changku", 0x100A)]
)
def test_outside_the_map_there_is_nothing(station: Station, site: str, address: int) -> None:
    assert station.images[site].read(address, 1) is None


def test_areas_and_records_can_be_read_in_one_request_and_holes_cannot(station: Station) -> None:
    assert len(station.images["gangchu"].read(4000, 48) or []) == 48
    assert len(station.images["minchu"].read(200, 125) or []) == 125
    assert station.images["changku"].read(0x1000, 10) is not None
    assert station.images["changku"].read(0x1000, 26) is None


def test_a_block_with_transmitters_has_no_hole_and_says_where_they_sit(station: Station) -> None:
    document = station.registers("changku")

    assert len(station.images["changku"].read(0x1030, 42) or []) == 42  # C-04, C-05, and what C-06 uses of its block
    assert station.images["changku"].read(0x1030, 43) is None
    assert {p["tank"] for p in document["points"] if p["quantity"] == "p1"} == {
        tank.id
        for tank in station.farm.world.tanks_of("changku")
        if f"{tank.id}: P1 sits" in "\n".join(document["notes"])
    }


@pytest.mark.parametrize("site", SITES)
def test_every_site_says_the_temperature_of_its_air(station: Station, site: str, decode: Decode) -> None:
    (point,) = (p for p in station.registers(site)["site_points"] if p["quantity"] == "ambient")

    assert decode(point, read(station, site, point)) == pytest.approx(station.farm.cargo.ambient_c(site), abs=0.051)


def test_the_page_for_people_names_every_tank_and_address(station: Station) -> None:
    document = station.registers("minchu")
    page = as_markdown(document)
    assert "little first" in page
    for point in document["points"]:
        assert f"| {point['tank']} | {point['quantity']} | 3 | {point['address']} |" in page


def test_the_heartbeat_counts_seconds(station: Station, clock: Any, decode: Decode) -> None:
    point = next(p for p in station.registers("minchu")["site_points"] if p["quantity"] == "heartbeat")
    before = decode(point, read(station, "minchu", point)) or 0
    clock.forward(5)
    station.tick()
    assert ((decode(point, read(station, "minchu", point)) or 0) - before) % 65536 == 5
