"""Every lever: what it does, and the way back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from depot.station import Station


async def pull(web: httpx.AsyncClient, name: str, **params: Any) -> dict[str, Any]:
    answer = await web.post(f"/levers/{name}", json=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["lever"] == name
    assert isinstance(body["changed_at_us"], int)
    done: dict[str, Any] = body["done"]
    return done


def run(station: Station, clock: Any, seconds: int) -> None:
    """Second by second; the registers, which nobody reads meanwhile, at the end."""
    for _ in range(seconds):
        clock.forward(1)
        station.catch_up()
    station.tick()


def shown_mm(station: Station, tank: str) -> float:
    value = station.farm.readings[tank].level_mm
    assert value is not None
    return value


async def test_drain_takes_cargo_without_any_paper(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    papers = len(station.farm.papers.orders)
    booked_kg = station.farm.book.mass_kg("T-112", "hengyun")
    before_kg, before_mm = station.farm.cargo.air_kg("T-112"), shown_mm(station, "T-112")
    await pull(web, "drain", tank="T-112", rate_t_h=226)
    run(station, clock, 22 * 60)
    gone_t = (before_kg - station.farm.cargo.air_kg("T-112")) / 1000
    assert gone_t == pytest.approx(83.0, abs=1.0)
    assert before_mm - shown_mm(station, "T-112") == pytest.approx(525, abs=8)
    assert len(station.farm.papers.orders) == papers
    assert station.farm.book.mass_kg("T-112", "hengyun") == booked_kg


async def test_stop_drain_stops_it(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    await pull(web, "drain", tank="T-112")
    run(station, clock, 60)
    stopped = await pull(web, "stop_drain")
    run(station, clock, 60)
    assert [s["tank"] for s in stopped["stopped"]] == ["T-112"]
    assert station.farm.cargo.flows == []


async def test_stop_drain_leaves_lawful_pumps_alone(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    await pull(web, "work_order", tank="T-107", mass_t=100)
    await pull(web, "stop_drain")
    run(station, clock, 60)
    assert len(station.farm.cargo.flows) == 1


async def test_drain_into_another_tank_is_an_undeclared_transfer(
    station: Station, clock: Any, web: httpx.AsyncClient
) -> None:
    before_kg = station.farm.cargo.air_kg("T-113")
    await pull(web, "drain", tank="T-112", to_tank="T-113", rate_t_h=300, mass_t=20)
    run(station, clock, 400)
    assert station.farm.cargo.air_kg("T-113") - before_kg == pytest.approx(20_000, abs=1)


async def test_set_level_is_in_the_registers_when_the_answer_comes(station: Station, web: httpx.AsyncClient) -> None:
    before_mm = shown_mm(station, "V203")
    words_before = station.images["minchu"].read(200 + 12 * 2 + 2, 2)
    done = await pull(web, "set_level", tank="V203", delta_mm=-300)
    assert shown_mm(station, "V203") == pytest.approx(before_mm - 300, abs=3)
    assert station.images["minchu"].read(200 + 12 * 2 + 2, 2) != words_before
    assert done["change_kg"] == pytest.approx(-300 / 1000 * 81.86 * 730.6, rel=0.01)


async def test_price_crash_by_share_and_to_a_price(station: Station, web: httpx.AsyncClient) -> None:
    assert (await pull(web, "price_crash", good="甲醇"))["price"] == "2241.30"
    assert (await pull(web, "price_crash", good="METHANOL", price=2318))["price"] == "2318.00"
    assert (await pull(web, "price_crash", good="MTBE", pct=5))["price"] == "5187.00"
    rows = {r["good"]: r["price"] for r in (await web.get("/prices")).json()["rows"]}
    assert (rows["METHANOL"], rows["MTBE"], rows["DIESEL0"]) == ("2318.00", "5187.00", "6890.00")


async def test_without_a_good_every_price_falls(web: httpx.AsyncClient) -> None:
    changed = (await pull(web, "price_crash", pct=5))["changed"]
    assert len(changed) == 24
    assert {c["good"]: c["price"] for c in changed}["MTBE"] == "5187.00"


async def test_a_restored_price_is_newer_than_the_fall(clock: Any, station: Station, web: httpx.AsyncClient) -> None:
    run(station, clock, 30)
    await pull(web, "price_crash", good="MTBE")
    fell = {r["good"]: r["published_at"] for r in (await web.get("/prices")).json()["rows"]}["MTBE"]
    run(station, clock, 30)
    await pull(web, "restore")
    row = next(r for r in (await web.get("/prices")).json()["rows"] if r["good"] == "MTBE")
    assert (row["price"], row["published_at"] > fell) == ("5460.00", True)


async def test_a_price_may_be_zero_or_negative(web: httpx.AsyncClient) -> None:
    assert (await pull(web, "price_set", good="MTBE", price=0))["price"] == "0.00"
    assert (await pull(web, "price_set", good="MTBE", price=-36.98))["price"] == "-36.98"


async def test_price_set_and_recover(web: httpx.AsyncClient) -> None:
    await pull(web, "price_set", good="0#柴油", price=6000.5)
    await pull(web, "price_set", good="MTBE", price=5000)
    changed = (await pull(web, "price_recover", good="DIESEL0"))["changed"]
    assert changed == [{"good": "DIESEL0", "price_before": "6000.50", "price": "6890.00"}]
    assert [c["good"] for c in (await pull(web, "price_recover"))["changed"]] == ["MTBE"]


async def test_freeze_keeps_the_last_value_while_cargo_leaves(
    station: Station, clock: Any, web: httpx.AsyncClient
) -> None:
    frozen_mm = (await pull(web, "freeze", tank="T-112"))["level_mm"]
    await pull(web, "drain", tank="T-112", rate_t_h=300)
    run(station, clock, 300)
    assert shown_mm(station, "T-112") == frozen_mm
    assert station.farm.cargo.level_mm("T-112") < frozen_mm - 50
    await pull(web, "thaw", tank="T-112")
    assert shown_mm(station, "T-112") < frozen_mm - 50


async def test_replay_repeats_the_shown_window_point_by_point(
    station: Station, clock: Any, web: httpx.AsyncClient
) -> None:
    seen = []
    for _ in range(60):
        run(station, clock, 1)
        seen.append(shown_mm(station, "V205"))
    await pull(web, "replay", tank="V205", minutes=1)
    again = []
    for _ in range(120):
        run(station, clock, 1)
        again.append(shown_mm(station, "V205"))
    assert len(set(seen)) > 5
    assert again == seen + seen


async def test_busy_ends_by_itself(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    before_mm = shown_mm(station, "T-112")
    await pull(web, "busy", tank="T-112", seconds=30)
    run(station, clock, 20)
    assert station.farm.readings["T-112"].searching_water
    assert shown_mm(station, "T-112") < before_mm - 500
    run(station, clock, 15)
    assert not station.farm.readings["T-112"].searching_water
    assert shown_mm(station, "T-112") == pytest.approx(before_mm, abs=3)


async def test_fault_and_thaw(station: Station, web: httpx.AsyncClient) -> None:
    await pull(web, "fault", tank="C-04")
    assert station.farm.readings["C-04"].fault
    await pull(web, "thaw")
    assert not station.farm.readings["C-04"].fault


async def test_adulterate_dissolves_in_methanol_and_sinks_under_diesel(
    station: Station, web: httpx.AsyncClient
) -> None:
    level_mm = station.farm.cargo.level_mm("T-107")
    before = station.farm.readings["T-120"].density_kg_m3 or 0.0
    await pull(web, "adulterate", tank="T-120", water_pct=4)
    await pull(web, "adulterate", tank="T-107", water_pct=10)
    assert (station.farm.readings["T-120"].density_kg_m3 or 0.0) - before == pytest.approx(12.3, abs=1.0)
    assert (station.farm.readings["T-107"].water_mm or 0.0) > 900
    assert station.farm.cargo.level_mm("T-107") == pytest.approx(level_mm, abs=1.0)


async def test_adjust_book_moves_no_cargo(station: Station, web: httpx.AsyncClient) -> None:
    level_mm = station.farm.cargo.level_mm("C-01")
    assert (await pull(web, "adjust_book", tank="C-01", delta_t=114.45))["mass_kg"] == 1_312_600 + 114_450
    assert station.farm.cargo.level_mm("C-01") == level_mm
    answer = await web.post("/levers/adjust_book", json={"tank": "C-01", "delta_t": -5000})
    assert answer.status_code == 422


@pytest.mark.parametrize("feed", ["book", "workorders", "releases", "prices"])
async def test_a_stale_feed_keeps_its_rows_and_as_of(
    station: Station, clock: Any, web: httpx.AsyncClient, feed: str
) -> None:
    before = (await web.get(f"/{feed}")).json()
    await pull(web, "stale_feed", feed=feed)
    await pull(web, "work_order", tank="T-107", mass_t=10)
    await pull(web, "price_crash", good="MTBE")
    run(station, clock, 300)
    assert (await web.get(f"/{feed}")).json() == before
    await pull(web, "fresh_feed", feed=feed)
    after = (await web.get(f"/{feed}")).json()
    assert after["as_of"] != before["as_of"]
    assert after["rows"] != before["rows"]


async def test_work_orders_of_all_directions(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    out = await pull(web, "work_order", tank="T-107", mass_t=28, rate_t_h=120)
    received = await pull(web, "work_order", tank="T-111", direction="in", mass_t=40)
    moved = await pull(web, "work_order", tank="V204", direction="transfer", to_tank="V206", mass_t=40)
    bare = await pull(web, "work_order", tank="T-106", mass_t=10, with_release=False)
    assert out["release_no"]
    assert [received["release_no"], moved["release_no"], bare["release_no"]] == [None, None, None]
    run(station, clock, 1800)
    rows = {(r["no"], r["tank"]): r for r in (await web.get("/workorders")).json()["rows"]}
    assert rows[out["no"], "T-107"]["done_kg"] == 28_000
    assert rows[received["no"], "T-111"]["direction"] == "in"
    assert rows[moved["no"], "V206"]["direction"] == "transfer_in"
    assert all(rows[no, t]["closed_at"] for no, t in rows)


async def test_a_plant_is_fed_and_makes_what_the_lever_says(
    station: Station, clock: Any, web: httpx.AsyncClient
) -> None:
    fed = await pull(web, "work_order", tank="C-04", direction="process", to_tank="C-08", mass_t=5, made_kg_kg=1.5)
    run(station, clock, 3600)
    rows = {r["tank"]: r for r in (await web.get("/workorders")).json()["rows"] if r["no"] == fed["no"]}
    assert {t: (r["direction"], r["done_kg"]) for t, r in rows.items()} == {
        "C-04": ("process_out", 5_000),
        "C-08": ("process_in", 11_400),
    }
    same = {"tank": "C-04", "direction": "process", "to_tank": "C-05", "mass_t": 5}
    assert (await web.post("/levers/work_order", json=same)).status_code == 422


async def test_cut_site_closes_the_listener_and_open_site_reopens_it(station: Station, web: httpx.AsyncClient) -> None:
    await station.open()
    port = station.listeners["minchu"].port
    await pull(web, "cut_site", site="民储库")
    assert not station.listeners["minchu"].listening
    assert (await web.get("/health")).json()["sites"]["minchu"]["listening"] is False
    assert (await pull(web, "open_site", site="minchu"))["port"] == port


async def test_restore_takes_everything_back(station: Station, clock: Any, web: httpx.AsyncClient) -> None:
    await station.open()
    truth = {t["tank"]: t["mass_kg"] for t in (await web.get("/truth")).json()["tanks"]}
    book = (await web.get("/book")).json()["rows"]
    prices = {r["good"]: r["price"] for r in (await web.get("/prices")).json()["rows"]}
    await pull(web, "drain", tank="T-112", rate_t_h=300)
    await pull(web, "work_order", tank="T-107", mass_t=100)
    await pull(web, "set_level", tank="V205", delta_mm=-500)
    await pull(web, "adulterate", tank="T-106", water_pct=20)
    await pull(web, "adjust_book", tank="C-01", delta_t=200)
    await pull(web, "price_crash", good="METHANOL", pct=30)
    await pull(web, "freeze", tank="V205")
    await pull(web, "cut_site", site="changku")
    await pull(web, "stale_feed", feed="releases")
    run(station, clock, 600)
    await pull(web, "restore")
    assert {t["tank"]: t["mass_kg"] for t in (await web.get("/truth")).json()["tanks"]} == truth
    assert (await web.get("/truth")).json()["flows"] == []
    assert (await web.get("/book")).json()["rows"] == book
    assert {r["good"]: r["price"] for r in (await web.get("/prices")).json()["rows"]} == prices
    assert all(it.listening for it in station.listeners.values())
    assert (await web.get("/releases")).json()["as_of"] == (await web.get("/health")).json()["as_of"]
    assert all(r["closed_at"] for r in (await web.get("/workorders")).json()["rows"])


async def test_restore_explains_what_it_moves_on_paper(station: Station, web: httpx.AsyncClient) -> None:
    await pull(web, "set_level", tank="T-112", delta_mm=-525)
    written = (await pull(web, "restore"))["orders_written"]
    row = (await web.get("/workorders")).json()["rows"][-1]
    assert written == [row["no"]]
    assert (row["tank"], row["direction"], row["done_kg"]) == ("T-112", "in", pytest.approx(83_000, abs=200))
