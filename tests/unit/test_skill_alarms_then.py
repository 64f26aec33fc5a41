"""昨晚有哪些报警: what was raised in a span, what stood at a moment, and what became of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.words import Words
from domain.alarm import Alarm, Condition
from domain.event import stamp
from skills.alarms_then import SKILL
from skills.skill import Status
from tests.data.words import alarms
from tests.data.words.hengyun import NOW, Labels
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
HOUR = timedelta(hours=1)
BELOW, DROP, OFFLINE = (
    make().alarm for make in (alarms.value_below_line, alarms.qty_drop_no_release, alarms.sensor_offline_tank)
)


def raised(alarm: Alarm, hours: float, *, returned: float | None = None, closed: float | None = None) -> Alarm:
    """The alarm raised so many hours ago; returned and closed so many hours ago, if at all."""
    return replace(
        alarm,
        raised_at=NOW - hours * HOUR,
        condition=Condition.ACTIVE if returned is None else Condition.RETURNED,
        returned_at=None if returned is None else NOW - returned * HOUR,
        closed_at=None if closed is None else NOW - closed * HOUR,
    )


LIFE = Window(
    open_alarms=(raised(BELOW, 30),),
    lately=(raised(DROP, 9, returned=8, closed=7), raised(OFFLINE, 5, returned=4.5, closed=4.5)),
)


def span(start: float, end: float) -> str:
    """So many hours before now."""
    return f"{stamp(NOW - start * HOUR)}/{stamp(NOW - end * HOUR)}"


def told(window: Window, arguments: Mapping[str, str]) -> str:
    return WORDS.answer(SKILL.run(window, arguments)).text


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("night", {"time": span(10, 2)}),
        ("one_kind_of_place", {"time": span(10, 2), "tank": DROP.facts["tank"]}),
        ("moment", {"time": span(8.5, 8.5)}),
        ("none", {"time": span(3, 1)}),
        ("still_open", {"time": span(40, 0), "state": "open"}),
    ],
)
def test_it_reads_as_people_expect(name: str, arguments: Mapping[str, str]) -> None:
    assert_snapshot(f"alarms_then.{name}", WORDS.answer(SKILL.run(LIFE, arguments)))


@pytest.mark.parametrize(
    ("arguments", "ids", "before"),
    [
        ({"time": span(10, 2)}, [DROP.id, OFFLINE.id], 1),
        ({"time": span(40, 0)}, [BELOW.id, DROP.id, OFFLINE.id], 0),
        ({"time": span(6, 2)}, [OFFLINE.id], 1),
        ({"time": span(40, 0), "state": "open"}, [BELOW.id], 0),
        ({"time": span(40, 0), "severity": "yellow"}, [OFFLINE.id], 0),
        ({"time": span(8.5, 8.5)}, [BELOW.id, DROP.id], 0),
        ({"time": span(8.5, 8.5), "state": "open"}, [BELOW.id, DROP.id], 0),  # 未结 at a moment: then, not today
        ({"time": span(7, 7)}, [BELOW.id], 0),
        ({"time": span(1, -5)}, [], 1),
    ],
)
def test_a_span_counts_what_was_raised_in_it_and_a_moment_what_was_open_then(
    arguments: Mapping[str, str], ids: list[str], before: int
) -> None:
    facts = SKILL.run(LIFE, arguments).facts
    assert ([r["id"] for r in facts["rows"]], facts["total"], facts["before"]) == (ids, len(ids), before)


@pytest.mark.parametrize(("time", "future"), [(span(-1, -2), True), ("", False), ("soon", False)])
def test_a_time_that_is_not_over_or_none_is_asked_back(time: str, future: bool) -> None:
    answer = SKILL.run(LIFE, {"time": time})
    assert (answer.status, answer.facts["future"]) == (Status.CLARIFY, future)
    assert "/alarms" in WORDS.answer(answer).text if future else "例如" in WORDS.answer(answer).text


def test_the_figure_of_an_alarm_stays_with_those_who_may_read_it() -> None:
    here, there = told(LIFE, {"time": span(40, 0)}), told(replace(LIFE, fields=frozenset()), {"time": span(40, 0)})
    assert "缺口" in here
    assert "缺口" not in there


def test_of_many_the_first_are_told_and_the_rest_counted() -> None:
    many = tuple(replace(raised(DROP, 2), id=f"AL-20260312-{n:02d}") for n in range(12))
    text = told(Window(lately=many), {"time": span(3, 0)})
    assert text.splitlines()[-2:] == ["另有 4 条。", "级别和数字为最后一次通报时的。"]
