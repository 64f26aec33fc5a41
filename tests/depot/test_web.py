"""The documents over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from depot.station import Station


def utc(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


async def test_the_book_says_what_it_means_and_adds_up(web: httpx.AsyncClient) -> None:
    book = (await web.get("/book")).json()
    utc(book["as_of"])
    assert book["mass_basis"] == "air"
    assert len(book["rows"]) == 60
    methanol = [r["mass_kg"] for r in book["rows"] if (r["good"], r["owner"]) == ("METHANOL", "hengyun")]
    assert sum(methanol) == 18_240_600
    assert {"site", "tank", "good", "owner", "owner_name", "mass_kg", "heel_kg"} == set(book["rows"][0])


async def test_prices_are_decimal_strings_with_a_time(web: httpx.AsyncClient) -> None:
    prices = (await web.get("/prices")).json()
    methanol = next(r for r in prices["rows"] if r["good"] == "METHANOL")
    assert (methanol["price"], methanol["unit"], methanol["currency"]) == ("2410.00", "CNY/t", "CNY")
    assert utc(prices["as_of"]) - utc(methanol["published_at"]) <= timedelta(minutes=5)


async def test_releases_are_sealed_and_valid_for_a_while(web: httpx.AsyncClient) -> None:
    await web.post("/levers/work_order", json={"tank": "T-107", "mass_t": 28.5})
    notice = (await web.get("/releases")).json()["rows"][-1]
    assert notice["sealed"] is True
    assert (notice["tank"], notice["mass_kg"], notice["owner"]) == ("T-107", 28_500, "hengyun")
    assert notice["contract_ref"] == "QD-DCZY-2026-018"
    assert utc(notice["valid_until"]) - utc(notice["issued_at"]) == timedelta(hours=48)


async def test_workorders_since_gives_what_is_open_or_newer(
    station: Station, clock: Any, web: httpx.AsyncClient
) -> None:
    everything = (await web.get("/workorders")).json()["rows"]
    since = "2026-03-12T05:00:00Z"
    assert len(everything) == 3
    assert (await web.get("/workorders", params={"since": since})).json()["rows"] == []
    await web.post("/levers/work_order", json={"tank": "T-107", "mass_t": 100})
    clock.forward(3600)
    station.tick()
    late = (await web.get("/workorders", params={"since": "2030-01-01T00:00:00+08:00"})).json()["rows"]
    assert [r["tank"] for r in late] == [r["tank"] for r in everything if r["closed_at"] is None]
    newer = (await web.get("/workorders", params={"since": since})).json()["rows"]
    assert [(r["tank"], r["done_kg"]) for r in newer] == [("T-107", pytest.approx(100_000, abs=60_000))]


@pytest.mark.parametrize("since", ["yesterday", "2026-03-12T05:00:00"])
async def test_a_since_without_zone_or_sense_is_refused(web: httpx.AsyncClient, since: str) -> None:
    answer = await web.get("/workorders", params={"since": since})
    assert (answer.status_code, answer.json()["field"]) == (422, "since")


async def test_registers_of_one_site_of_all_and_for_people(web: httpx.AsyncClient) -> None:
    one = (await web.get("/registers/gangchu")).json()
    assert (one["site"], one["unit_id"], one["host"]) == ("gangchu", 1, "127.0.0.1")
    assert [s["site"] for s in (await web.get("/registers")).json()["sites"]] == ["gangchu", "minchu", "changku"]
    page = await web.get("/registers/changku", params={"format": "md"})
    assert page.headers["content-type"].startswith("text/markdown")
    assert "| C-01 | level |" in page.text
    unknown = await web.get("/registers/atlantis")
    assert (unknown.status_code, unknown.json()["allowed"]) == (422, ["gangchu", "minchu", "changku"])


async def test_truth_knows_masses_that_the_book_nearly_matches(web: httpx.AsyncClient) -> None:
    truth = (await web.get("/truth")).json()
    booked: dict[str, int] = {}
    for row in (await web.get("/book")).json()["rows"]:
        booked[row["tank"]] = booked.get(row["tank"], 0) + row["mass_kg"]
    for tank in truth["tanks"]:
        surplus_kg = tank["deliverable_in_air_kg"] - booked[tank["tank"]]
        assert 0 < surplus_kg < 500, tank
        assert tank["mass_kg"] > tank["mass_in_air_kg"]


async def test_health_counts_ticks(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    clock.forward(2)
    station.tick()
    health = (await web.get("/health")).json()
    assert (health["ok"], health["ticks"], health["tanks"], health["uptime_s"]) == (True, 1, 56, 2.0)


async def test_a_foreign_host_name_is_refused(web: httpx.AsyncClient) -> None:
    answer = await web.post("/levers/restore", headers={"Host": "evil.example"})
    assert answer.status_code == 400
