"""The ownership ledger says how the book came to what it says, line by line."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest

from depot.farm import Farm
from depot.office import Job


def by_owner(farm: Farm) -> Counter[tuple[str, str]]:
    """kg by tank and owner as the lines since the last opening add up to."""
    begins = max(i for i, e in enumerate(farm.ledger.lines) if e.kind == "opening" and e.line == 1)
    total: Counter[tuple[str, str]] = Counter()
    for e in farm.ledger.lines[begins:]:
        total[e.tank, e.owner] += e.kg if e.kind in ("opening", "inbound") else -e.kg
        if e.to_tank is not None:
            total[e.to_tank, e.owner] += e.kg
    return total


def booked(farm: Farm) -> Counter[tuple[str, str]]:
    return Counter({(r.tank, r.owner): r.mass_kg + r.heel_kg for r in farm.book.rows()})


def test_it_opens_with_the_book_in_batches(farm: Farm) -> None:
    assert by_owner(farm) == booked(farm)
    mine = [e for e in farm.ledger.lines if e.tank == "T-113"]
    assert [(e.owner, e.batch) for e in mine] == [
        ("hengyun", "PC-T-113-1"),
        ("hengyun", "PC-T-113-2"),
        ("haichuan", "PC-T-113-3"),
        ("haichuan", "PC-T-113-4"),
    ]


@pytest.mark.parametrize("direction", ["in", "out", "transfer"])
def test_every_posting_of_the_book_is_a_line(farm: Farm, direction: Any) -> None:
    to_tank = "T-114" if direction == "transfer" else None
    job = Job(tank="T-110", direction=direction, to_tank=to_tank, mass_kg=12_500, rate_t_h=90.0, kind="作业")
    no = farm.office.open(job, farm.now_us)
    for _ in range(30):
        farm.step(60.0)
        assert by_owner(farm) == booked(farm)
    lines = [e for e in farm.ledger.lines if e.no == no]
    assert sum(e.kg for e in lines) == 12_500
    assert [e.line for e in lines] == list(range(1, len(lines) + 1))
    assert {e.batch for e in lines} == ({no} if direction == "in" else {None})


def test_a_touched_up_book_parts_from_its_ledger_and_a_restore_opens_anew(farm: Farm) -> None:
    farm.book.post(site="gangchu", tank="T-112", good="METHANOL", owner="hengyun", change_kg=5_000)
    assert booked(farm)["T-112", "hengyun"] - by_owner(farm)["T-112", "hengyun"] == 5_000
    farm.step(60.0)
    farm.restore()
    assert by_owner(farm) == booked(farm)
    assert len({e.no for e in farm.ledger.lines if e.kind == "opening"}) == 2


async def test_it_is_served_whole_or_from_a_moment_on(web: httpx.AsyncClient, clock: Any, station: Any) -> None:
    whole = (await web.get("/ledger")).json()
    assert len(whole["rows"]) == 120
    clock.forward(60)
    station.tick()
    since = {"since": whole["as_of"].replace("00.000Z", "30.000Z")}
    assert (await web.get("/ledger", params=since)).json()["rows"] == []
    await web.post("/levers/work_order", json={"tank": "T-107", "direction": "in", "mass_t": 2})
    clock.forward(600)
    station.tick()
    assert {r["kind"] for r in (await web.get("/ledger", params=since)).json()["rows"]} == {"inbound"}
