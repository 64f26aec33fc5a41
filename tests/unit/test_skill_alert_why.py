"""为啥报: an alarm's own figures, rule and clause; or the value's causes, which add up to the fen."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.words import Words
from domain.alarm import Alarm
from domain.contract import AlertKind, Field
from domain.event import stamp
from domain.position import Position
from skills import alert_why
from skills.ports import Moved
from skills.skill import Answer, Status
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, prices, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_history import HeldHistory

WORDS = Words(Labels())
STEPS = {name: make for name, make in alarms.CASES.items() if make().event.kind in ("alarm.raised", "alarm.changed")}
MOVED = Moved(in_kg=0, out_kg=488_500, net_kg={"T-107": -488_500}, as_of=NOW, stale=False)


HOUR = timedelta(hours=1)
YOUNG = HeldHistory([(NOW - 3 * HOUR, "131000000", 40_000_000)], moved=MOVED)


def yesterday() -> Position:
    """Dearer methanol and 488.5 t more diesel."""
    dear = prices(NOW, MEOH="2650")
    return replace(scene(tonnes={"T-107": 5608.8}, quotes=dear).position, at=NOW - timedelta(days=1))


def window(*told: Alarm, **more: Any) -> Window:
    given = {"open_alarms": told, "past": HeldHistory([], moved=MOVED), "first": yesterday(), "now": NOW, **more}
    return Window(**given)


def ask(seen: Window, **arguments: str) -> Answer:
    return alert_why.run(seen, arguments)


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("why.value_line", window(alarms.value_below_line().alarm), {}),
        ("why.value_line_group", window(alarms.value_below_line().alarm, where="group", who="zhao"), {}),
        ("why.changed", window(alarms.changed().alarm), {"alert": "last"}),
        ("why.drop", window(alarms.qty_drop_no_work_order().alarm), {"alert": "al-20260312-09"}),
        ("why.closed", window(lately=(alarms.closed().alarm,)), {}),
        ("why.outlier", window(alarms.price_outlier().alarm), {}),
        ("why.none", window(), {}),
        ("why.unknown", window(), {"alert": "AL-20260312-99"}),
        ("why.value", window(), {"metric": "value"}),
        ("why.value_tank", window(), {"metric": "value", "tank": "T-107"}),
        ("why.ltv", window(), {"metric": "ltv"}),
        ("why.value_same", window(first=None), {"want": "attribution"}),
        ("why.value_stale", window(scenes={HY: scene(ages_s={"V203": 720.0})}), {"metric": "value"}),
        ("why.before", window(began=NOW), {"metric": "value"}),
        ("why.young", window(began=NOW - 3 * HOUR, past=YOUNG), {"metric": "value"}),
        ("why.split", window(alarms.value_below_line().alarm), {"want": "attribution"}),
        ("why.lifted", window(lately=(alarms.returned_value().alarm,)), {"want": "lifted"}),
        (
            "why.lifted_group",
            window(lately=(alarms.returned_value().alarm,), where="group", who="li", fields=frozenset()),
            {"want": "lifted"},
        ),
        ("why.lifted_drop", window(alarms.returned_drop().alarm), {"want": "lifted"}),
        ("why.lifted_closed", window(lately=(alarms.closed().alarm,)), {"want": "lifted"}),
        ("why.not_lifted", window(alarms.value_below_line().alarm), {"want": "lifted"}),
        ("why.unkept", window(past=None), {"metric": "value"}),
    ],
)
def test_it_reads_so(name: str, seen: Window, arguments: dict[str, str]) -> None:
    message = WORDS.answer(ask(seen, **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(name, message)


@pytest.mark.parametrize("fields", [frozenset(Field), frozenset()], ids=["all", "none"])
@pytest.mark.parametrize("case", STEPS)
def test_every_alarm_can_be_explained_with_nothing_but_what_may_be_seen(case: str, fields: frozenset[Field]) -> None:
    alarm = STEPS[case]().alarm
    answer = ask(window(alarm, fields=fields, where="bank" if fields else "group"))
    text = WORDS.answer(answer).text
    assert alarm.id in text
    assert answer.facts["rule"] in text
    assert text.count("\n") < 12
    if not fields:
        assert "亿" not in text
        assert "万元" not in text
        assert "吨" not in text.replace("元/吨", "").replace("每吨投料", "").replace("合同收率", "") or (
            alarm.kind is AlertKind.YIELD_GAP
        )


def test_the_last_alarm_is_the_one_raised_last() -> None:
    old = replace(alarms.value_below_line().alarm, id="AL-20260312-01", raised_at=NOW - timedelta(hours=2))
    new = alarms.qty_drop_no_work_order().alarm
    assert ask(window(new, old)).facts["id"] == new.id


def test_the_alarm_of_a_named_tank_is_meant() -> None:
    value, drop = replace(alarms.value_below_line().alarm, id="AL-20260312-11"), alarms.qty_drop_no_work_order().alarm
    assert ask(window(drop, value), tank="T-112").facts["id"] == drop.id
    assert ask(window(drop, value), tank="T-107").kind == "alert_none"


def test_the_parts_add_up_to_the_change_to_the_fen() -> None:
    facts = ask(window(), metric="value").facts
    change = Decimal(facts["after_cny"]) - Decimal(facts["before_cny"])
    assert sum(map(Decimal, facts["causes"]["parts"].values())) == change == Decimal(facts["causes"]["change_cny"])
    assert facts["main"]["part"] == "price_cny"


@pytest.mark.parametrize("seen", [frozenset({Field.VALUE}), frozenset({Field.QUANTITY}), frozenset[Field]()])
def test_the_causes_need_value_and_quantity(seen: frozenset[Field]) -> None:
    answer = ask(window(where="group", who="li", fields=seen), metric="value")
    assert (answer.status, answer.kind) == (Status.NOT_PERMITTED, "withheld")
    assert "cny" not in str(answer.facts)


def test_what_is_owed_is_told_to_those_who_may_see_it_only() -> None:
    assert "ltv" in ask(window(), metric="ltv").facts
    assert "ltv" not in ask(window(where="group", who="zhao"), metric="ltv").facts


def test_in_a_young_workspace_the_change_is_split_from_the_first_record() -> None:
    facts = ask(window(began=NOW - 3 * HOUR, past=YOUNG), metric="value").facts
    assert (facts["start"], facts["begins"]) == (stamp(NOW - 3 * HOUR), stamp(NOW - 3 * HOUR))
    assert sum(map(Decimal, facts["causes"]["parts"].values())) == Decimal(facts["causes"]["change_cny"])


def test_what_an_open_alarm_was_caused_by_is_told_by_the_alarm() -> None:
    answer = ask(window(alarms.value_below_line().alarm), want="attribution")
    assert (answer.kind, answer.facts["main"]["part"]) == ("alert_why", "booked_cny")
    assert WORDS.answer(answer).text.startswith("主要因有单进出(占变动的 66.7")


def test_without_an_alarm_the_day_is_split() -> None:
    assert ask(window(), want="attribution").kind == "value_why"


def test_the_alarm_that_ended_last_is_meant_even_if_a_newer_one_stands() -> None:
    open_one = replace(alarms.qty_drop_no_work_order().alarm, raised_at=NOW + HOUR)
    ended = alarms.returned_value().alarm
    answer = ask(window(open_one, lately=(ended,)), want="lifted")
    assert (answer.facts["id"], answer.facts["cause"]) == (ended.id, "restock")


def test_an_alarm_that_was_not_told_here_is_not_found() -> None:
    assert ask(window(), alert="AL-20260312-07").kind == "not_found"


def test_the_causes_of_a_span_that_ended_just_now_are_those_up_to_now() -> None:
    stale = window(scenes={HY: scene(ages_s={"V203": 720.0})})
    span = f"{stamp(NOW - HOUR)}/{stamp(NOW - timedelta(seconds=5))}"
    answer = ask(stale, metric="value", time=span)
    assert (answer.status, answer.facts["now"], answer.facts["end"]) == (Status.STALE, True, stamp(NOW))


def test_of_several_pledges_one_is_asked_for() -> None:
    other = replace(CONTRACT, id="RZ-DCZY-2026-007", name="海川池")
    seen = window(contract_list=(CONTRACT, other), scenes={HY: scene(), other.id: scene()})
    assert ask(seen, metric="value").status is Status.CLARIFY
