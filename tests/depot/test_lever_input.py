"""Requests to levers that do not fit are refused by field, and what fits is documented."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from depot.levers.registry import LEVERS
from depot.station import Station


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"tank": "T-107", "mass_t": 5000}, "mass_t"),
        ({"tank": "T-107", "direction": "in", "mass_t": 5000}, "mass_t"),
        ({"tank": "T-107", "rate_t_h": 900}, "rate_t_h"),
        ({"tank": "T-107", "direction": "transfer"}, "to_tank"),
        ({"tank": "T-107", "direction": "transfer", "to_tank": "T-112"}, "to_tank"),
        ({"tank": "T-107", "to_tank": "T-106"}, "to_tank"),
        ({"tank": "T-107", "direction": "sideways"}, "direction"),
        ({"tank": "T-107", "owner": "nobody"}, "owner"),
        ({"tank": "T-107", "with_release": "yes"}, "with_release"),
    ],
)
async def test_work_orders_that_no_dispatcher_would_write(
    web: httpx.AsyncClient, params: dict[str, Any], field: str
) -> None:
    answer = await web.post("/levers/work_order", json=params)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("lever", "body", "field"),
    [
        ("drain", {}, "tank"),
        ("drain", {"tank": "T-999"}, "tank"),
        ("drain", {"tank": 107}, "tank"),
        ("drain", {"tank": "T-107", "rate_t_h": -5}, "rate_t_h"),
        ("drain", {"tank": "T-107", "rate_t_h": "fast"}, "rate_t_h"),
        ("drain", {"tank": "T-107", "rate_t_h": True}, "rate_t_h"),
        ("drain", {"tank": "T-107", "speed": 5}, "speed"),
        ("drain", {"tank": "T-107", "to_tank": "T-107"}, "to_tank"),
        ("price_crash", {"good": "gold"}, "good"),
        ("price_crash", {"good": "MTBE", "price": 10, "pct": 5}, "pct"),
        ("price_set", {"good": "MTBE"}, "price"),
        ("price_set", {"good": "MTBE", "price": -1e9}, "price"),
        ("price_crash", {"price": 10}, "good"),
        ("set_level", {"tank": "T-107"}, "level_mm"),
        ("set_level", {"tank": "T-107", "delta_mm": -20000}, "delta_mm"),
        ("cut_site", {"site": "nowhere"}, "site"),
        ("stale_feed", {"feed": "weather"}, "feed"),
        ("busy", {"tank": "T-112", "seconds": 0}, "seconds"),
        ("explode", {}, "lever"),
        ("drain", ["T-107"], "body"),
    ],
)
async def test_bad_input_names_the_field_and_changes_nothing(
    station: Station, web: httpx.AsyncClient, lever: str, body: Any, field: str
) -> None:
    before = [s.product_kg for s in station.farm.cargo.states.values()]
    answer = await web.post(f"/levers/{lever}", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert field in answer.json()["error"]
    assert [s.product_kg for s in station.farm.cargo.states.values()] == before
    assert station.farm.cargo.flows == []


async def test_bad_input_says_what_is_allowed(web: httpx.AsyncClient) -> None:
    tank = (await web.post("/levers/drain", json={"tank": "T-999"})).json()
    assert "T-107" in tank["allowed"]
    rate = (await web.post("/levers/drain", json={"tank": "T-107", "rate_t_h": 9999})).json()
    assert rate["allowed"] == {"min": 0.1, "max": 1500.0}
    broken = await web.post("/levers/drain", content=b"{")
    assert (broken.status_code, broken.json()["field"]) == (422, "body")


async def test_replay_of_nothing_recorded_is_refused(web: httpx.AsyncClient) -> None:
    answer = await web.post("/levers/replay", json={"tank": "V205"})
    assert answer.status_code == 422
    assert answer.json()["field"] == "minutes"


async def test_adulterate_refuses_hot_bitumen(web: httpx.AsyncClient) -> None:
    answer = await web.post("/levers/adulterate", json={"tank": "C-01"})
    assert answer.status_code == 422
    assert "149" in answer.json()["error"]


async def test_levers_are_documented_with_labels_and_allowed_values(web: httpx.AsyncClient) -> None:
    levers = {lever["name"]: lever for lever in (await web.get("/levers")).json()["levers"]}
    assert set(levers) == set(LEVERS)
    assert {"drain", "stop_drain", "price_crash", "price_set", "price_recover", "freeze", "cut_site"} <= set(levers)
    assert {"busy", "stale_feed", "work_order", "set_level", "restore"} <= set(levers)
    for lever in levers.values():
        assert any("\u4e00" <= c <= "\u9fff" for c in lever["label"])
        for param in lever["params"]:
            assert {"name", "label", "kind", "required", "default"} <= set(param)
    drain = {p["name"]: p for p in levers["drain"]["params"]}
    assert drain["tank"]["required"]
    assert len(drain["tank"]["allowed"]) == 56
