"""日报/周报/月报: a day, a week or a month on a phone's screen, no figure that the chat may not see, nothing signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from domain.event import parse_stamp, stamp
from skills import report
from skills.ports import Moved
from skills.skill import Answer, Status
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_history import HeldHistory, week

WORDS = Words(Labels())
MIDNIGHT = datetime(2026, 3, 11, 16, tzinfo=UTC)


def window(**more: object) -> Window:
    moved = Moved(in_kg=0, out_kg=488_500, net_kg={"T-107": -488_500}, as_of=NOW, stale=False)
    fell = alarms.value_below_line().alarm
    given = {
        "past": HeldHistory([(a, str(v), k) for a, v, k in week(NOW).rows], (), moved),
        "first": replace(scene(tonnes={"T-107": 5608.8}).position, at=MIDNIGHT),
        "open_alarms": (fell,),
        "lately": (fell, replace(fell, id="AL-20260312-03", closed_at=NOW)),
    }
    return Window(**{**given, **more})


def ask(seen: Window, **arguments: str) -> Answer:
    return report.run(seen, arguments)


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("report.daily", {}, {}),
        ("report.weekly", {}, {"type": "weekly"}),
        ("report.group", {"where": "group", "who": "zhao"}, {"type": "monthly"}),
        ("report.stale", {"scenes": {HY: scene(ages_s={"V203": 720.0})}}, {}),
        (
            "report.first_day",
            {"past": HeldHistory([]), "first": None, "began": NOW, "open_alarms": (), "lately": ()},
            {},
        ),
    ],
)
def test_it_reads_so(name: str, seen: dict[str, object], arguments: dict[str, str]) -> None:
    message = WORDS.answer(ask(window(**seen), **arguments))
    assert message.text.count("\n") < 12
    assert "未签章" in message.text
    assert_snapshot(name, message)


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("daily", MIDNIGHT),
        ("weekly", MIDNIGHT - timedelta(days=3)),  # 12 March 2026 is a Thursday
        ("monthly", MIDNIGHT - timedelta(days=11)),
        ("yearly", MIDNIGHT),
    ],
)
def test_it_begins_at_midnight_monday_or_the_first_in_china(kind: str, start: datetime) -> None:
    assert parse_stamp(ask(window(), type=kind).facts["start"]) == start


def test_a_span_that_was_named_counts_instead() -> None:
    span = f"{stamp(NOW - timedelta(days=2))}/{stamp(NOW - timedelta(days=1))}"
    facts = ask(window(), time=span).facts
    assert (facts["start"], facts["end"]) == (stamp(NOW - timedelta(days=2)), stamp(NOW - timedelta(days=1)))
    assert (facts["past"], facts["alarms"]["raised"], facts["alarms"]["open"]) == (True, 0, 1)
    today = ask(window(), time=f"{stamp(MIDNIGHT)}/{stamp(MIDNIGHT + timedelta(days=1))}").facts
    assert (today["end"], today["past"]) == (stamp(NOW), False)


def test_a_span_that_ended_just_now_is_a_report_of_now() -> None:
    stale = window(scenes={HY: scene(ages_s={"V203": 720.0})}, first=scene().position)
    answer = ask(stale, time=f"{stamp(MIDNIGHT)}/{stamp(NOW - timedelta(seconds=5))}")
    assert (answer.status, answer.facts["past"], answer.facts["end"]) == (Status.STALE, False, stamp(NOW))


def test_the_causes_add_up_and_alarms_are_counted() -> None:
    facts = ask(window()).facts
    assert sum(map(Decimal, facts["causes"]["parts"].values())) == Decimal(facts["change_cny"])
    assert (facts["alarms"]["raised"], facts["alarms"]["closed"], facts["alarms"]["open"]) == (2, 1, 1)


def test_a_chat_without_values_gets_none_in_text_or_picture() -> None:
    answer = ask(window(where="group", who="li", fields=frozenset({Field.QUANTITY})))
    assert not {"value_cny", "before_cny", "change_cny", "ltv", "lines", "fresh_ratio"} & answer.facts.keys()
    assert answer.facts["causes"] is None
    assert answer.picture is not None
    assert [p["metric"] for p in answer.picture.facts["panels"]] == ["qty"]
    assert "万元" not in WORDS.answer(answer).text


def test_stale_papers_are_no_movement() -> None:
    moved = Moved(in_kg=0, out_kg=0, net_kg={}, as_of=NOW - timedelta(hours=3), stale=True)
    text = WORDS.answer(ask(window(past=HeldHistory([], (), moved)))).text
    assert "进出无法核对" in text
    assert "出 0吨" not in text


def test_before_the_first_valuation_there_is_no_report() -> None:
    answer = ask(window(scenes={HY: None}))
    assert (answer.status, answer.kind) == (Status.NO_DATA, "no_position")


def test_a_stranger_gets_nothing() -> None:
    assert ask(window(who=None)).status is Status.NOT_PERMITTED


def test_where_no_receipts_count_none_are_told() -> None:
    assert ask(window(contract_list=(replace(CONTRACT, receipts=None),))).facts["receipts"] is None


DAY = timedelta(days=1)


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_a_span_that_has_not_begun_has_no_report(kind: str) -> None:
    answer = ask(window(), type=kind, time=f"{stamp(MIDNIGHT + DAY)}/{stamp(MIDNIGHT + 2 * DAY)}")
    assert (answer.status, answer.figures) == (Status.CLARIFY, ())
    assert WORDS.answer(answer).text.startswith("这段时间还没到,没有")


def test_a_span_before_the_first_record_is_told_so_with_that_record() -> None:
    begun = NOW - timedelta(hours=1)
    early = window(first=None, began=begun, past=HeldHistory([(begun, "120000000", 1)]))
    answer = ask(early, time=f"{stamp(MIDNIGHT - DAY)}/{stamp(MIDNIGHT)}")
    assert (answer.status, answer.figures) == (Status.NO_DATA, ())
    assert (
        WORDS.answer(answer).text
        == "3月11日 00:00 至 3月12日 00:00 没有估值记录:自 3月12日 13:32 起才有,没有这份日报。"
    )


def test_at_a_past_moment_the_day_up_to_then_is_reported() -> None:
    at = MIDNIGHT - timedelta(hours=7)
    facts = ask(window(), time=f"{stamp(at)}/{stamp(at)}").facts
    assert (facts["start"], facts["end"], facts["past"]) == (stamp(MIDNIGHT - DAY), stamp(at), True)
