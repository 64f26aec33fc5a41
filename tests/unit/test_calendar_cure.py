"""By when a breach must be made good: told once, kept through reminders, worsening, easing and return."""

from datetime import UTC, date, datetime, time, timedelta

from datasources.calendars import published
from domain.alarm import Alarm, fold, observe
from domain.contract import AlertKind, Contract, CureTerm, Line, Severity
from domain.event import Event
from domain.finding import Finding, Standing
from tests.fakes.pledge import contract

TERMS = {
    Severity.YELLOW: CureTerm(working_days=3, at=time(17, 0)),
    Severity.ORANGE: CureTerm(working_days=1, at=time(12, 0)),
}
SEVERITY = {Line.WARN: Severity.YELLOW, Line.CONTROL: Severity.ORANGE, Line.DISPOSAL: Severity.RED}


def pledge() -> Contract:
    return contract(calendar=published(), cure=TERMS)


def china(month: int, day: int, hour: int = 15, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def below(line: Line, at: datetime) -> Finding:
    return Finding(
        rule="value_line/1",
        contract_id="C-1",
        kind=AlertKind.VALUE_BELOW_LINE,
        subject="pool",
        severity=SEVERITY[line],
        standing=Standing.BREACH,
        data_at=at,
        facts={"line": line.value},
    )


def seen(alarm: Alarm | None, line: Line | None, at: datetime, terms: Contract) -> tuple[Alarm, Event]:
    finding = below(line, at) if line is not None else None
    events = observe(alarm, finding, terms, number="AL-20260311-03", recovery={}, now=at)
    return fold(alarm, events), events[-1]


def due(event: Event) -> str | None:
    return event.body["facts"]["cure"]["by"]


def test_three_working_days_from_a_wednesday_are_the_monday_after() -> None:
    """Message M6: 11 March 2026, 15:00 → 16 March (Monday) 17:00 in China."""
    _, event = seen(None, Line.WARN, china(3, 11), pledge())
    assert due(event) == "2026-03-16T09:00:00Z"
    assert event.body["facts"]["cure"]["covered"] is True


def test_the_control_line_is_due_the_next_working_noon() -> None:
    """Message M1: 12 March 2026, 14:32 → 13 March 12:00."""
    _, event = seen(None, Line.CONTROL, china(3, 12, 14, 32), pledge())
    assert due(event) == "2026-03-13T04:00:00Z"


def test_make_up_days_count_and_holidays_do_not() -> None:
    """13 February 2026 (Friday): Saturday 14 is worked, 15–23 are off, then 24 and 25."""
    _, event = seen(None, Line.WARN, china(2, 13), pledge())
    assert due(event) == "2026-02-25T09:00:00Z"


def test_a_deadline_past_the_published_calendar_is_flagged_in_the_event() -> None:
    _, event = seen(None, Line.WARN, china(12, 30), pledge())
    assert event.body["facts"]["cure"]["covered"] is False


def test_growing_worse_shortens_and_easing_does_not_begin_anew() -> None:
    terms = pledge()
    alarm, _ = seen(None, Line.WARN, china(3, 11), terms)
    alarm, worse = seen(alarm, Line.CONTROL, china(3, 12), terms)
    assert due(worse) == "2026-03-13T04:00:00Z"
    alarm, eased = seen(alarm, Line.WARN, china(3, 12, 18), terms)
    assert due(eased) == "2026-03-16T09:00:00Z"


def test_a_worse_line_gives_no_time_beyond_the_earlier_call() -> None:
    """Due today 17:00 under the yellow line; the orange line's noon of tomorrow does not put that off."""
    terms = pledge()
    alarm, _ = seen(None, Line.WARN, china(3, 11), terms)
    _, worse = seen(alarm, Line.CONTROL, china(3, 16, 9), terms)
    assert due(worse) == "2026-03-16T09:00:00Z"


def test_once_the_earlier_call_has_lapsed_the_worse_lines_own_deadline_is_told() -> None:
    terms = pledge()
    alarm, _ = seen(None, Line.WARN, china(3, 11), terms)
    _, worse = seen(alarm, Line.CONTROL, china(3, 18), terms)
    assert due(worse) == "2026-03-19T04:00:00Z"


def test_a_breach_after_a_return_is_called_anew() -> None:
    terms = pledge()
    alarm, _ = seen(None, Line.WARN, china(3, 11), terms)
    alarm, _ = seen(alarm, None, china(3, 12), terms)
    _, renewed = seen(alarm, Line.WARN, china(3, 17), terms)
    assert renewed.kind == "alarm.renewed"
    assert due(renewed) == "2026-03-20T09:00:00Z"


def test_a_severity_without_a_term_has_no_deadline() -> None:
    _, event = seen(None, Line.DISPOSAL, china(3, 11), pledge())
    assert due(event) is None


def test_a_contract_without_cure_says_what_it_always_said() -> None:
    _, event = seen(None, Line.WARN, china(3, 11), contract())
    assert event.body["facts"] == {"line": "warn"}


def test_the_deadline_is_the_events_whatever_the_calendar_becomes() -> None:
    """A replay folds the event; today's calendar is not asked again."""
    _, event = seen(None, Line.WARN, china(9, 30), pledge())
    assert published().is_working(date(2026, 10, 8))
    assert fold(None, [event]).facts["cure"]["by"] == "2026-10-10T09:00:00Z"  # 8, 9 and the worked Saturday 10
