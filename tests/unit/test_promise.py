"""When a promise has ended: by papers, by confirmed money, with its alarm, or because its time has passed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.alarm import Condition
from domain.deed.deed import Promise
from domain.deed.fold import Deeds
from domain.deed.promise import LATE_PAPERS, came_kg, ended
from domain.movement import Direction
from tests.data.words import alarms
from tests.data.words.hengyun import NOW
from tests.fakes.case_ground import order

HOUR = timedelta(hours=1)
GOODS = Promise(
    id="PM-20260312-01", tenant="jia", contract_id="C", by="zhao", chat="group", at=NOW, due=NOW + HOUR,
    alarm_id="AL-20260312-07", case_id=None, good="METHANOL", qty_kg=400_000, amount_cny=None, said="补400吨",
)  # fmt: skip
MONEY = replace(GOODS, qty_kg=None, amount_cny=Decimal("3000000.00"))
OPEN = alarms.value_below_line().alarm
TANKS = {"T-1": "METHANOL", "T-2": "DIESEL0"}


def how(promise: Promise, *, kg: int = 0, cny: str = "0.00", after: timedelta = HOUR, alarm: object = OPEN) -> str:
    found = ended(promise, came_kg=kg, paid_cny=Decimal(cny), alarm=alarm, now=NOW + after)  # type: ignore[arg-type]
    return str(found[0].body["how"]) if found else ""


@pytest.mark.parametrize(
    ("promise", "kg", "cny", "result"),
    [
        (GOODS, 400_000, "0.00", "kept"),
        (GOODS, 399_999, "9000000.00", ""),
        (MONEY, 0, "3000000.00", "kept"),
        (MONEY, 0, "2999999.99", ""),
        (replace(GOODS, amount_cny=Decimal(1)), 400_000, "0.00", ""),
    ],
)
def test_it_is_kept_by_all_that_was_promised(promise: Promise, kg: int, cny: str, result: str) -> None:
    assert how(promise, kg=kg, cny=cny, after=timedelta(minutes=1)) == result


def test_it_lapses_only_once_late_papers_could_have_come() -> None:
    assert how(GOODS, kg=399_999, after=HOUR + LATE_PAPERS - timedelta(seconds=1)) == ""
    assert how(GOODS, kg=399_999, after=HOUR + LATE_PAPERS) == "lapsed"


def test_it_is_moot_where_its_alarm_has_returned() -> None:
    returned = replace(OPEN, condition=Condition.RETURNED)
    assert how(GOODS, after=2 * HOUR, alarm=returned) == "moot"
    assert how(GOODS, after=2 * HOUR, alarm=None) == "lapsed"


def test_an_ended_one_ends_no_more() -> None:
    (event,) = ended(GOODS, came_kg=0, paid_cny=Decimal(0), alarm=OPEN, now=NOW + 2 * HOUR)
    known = replace(Deeds(), promises={("jia", GOODS.id): GOODS}).after([event])
    after = known.promises["jia", GOODS.id]
    assert after.ended_at == NOW + 2 * HOUR
    assert how(after, after=3 * HOUR) == ""


def test_only_goods_of_that_kind_that_came_since_count() -> None:
    orders = [
        order("T-1", Direction.IN, kg=1000, done_kg=100, at=NOW + HOUR),
        order("T-1", Direction.IN, kg=1000, done_kg=200, at=NOW - HOUR),
        order("T-1", Direction.OUT, kg=1000, done_kg=400, at=NOW + HOUR),
        order("T-2", Direction.IN, kg=1000, done_kg=800, at=NOW + HOUR),
    ]
    assert came_kg(GOODS, orders, TANKS, frozenset(TANKS)) == 100
    assert came_kg(replace(GOODS, good=None), orders, TANKS, frozenset(TANKS)) == 900
    assert came_kg(replace(GOODS, good=None), orders, TANKS, frozenset({"T-1"})) == 100
