"""A replay as text for a terminal and as JSON for machines."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.command.replaying.course import Course
from bot.command.replaying.stage import Happening
from bot.judging import LOCAL
from domain.contract import Line
from domain.event import stamp

DAY = timedelta(days=1)


def lines_of(course: Course, person: Callable[[str], str]) -> Iterator[str]:
    """One line per step of an alarm, then the summary. person: how an id is called."""
    told = [h for h in course.happenings if h.step != "closed"]  # the return that closed it has said so
    for h in told:
        yield happening_line(h, person)
    if told:
        yield ""
    yield from _summary(course)


def happening_line(h: Happening, person: Callable[[str], str]) -> str:
    """Time, number, step, severity, kind, line, V, E, LTV and who would have been @-mentioned."""
    what = h.kind.value if h.line is None else f"{h.kind.value} {h.line.value}"
    figures = f"V {_cny(h.value_cny)}  E {_cny(h.exposure_cny)}  LTV {_percent(h.ltv)}"
    people = " ".join(f"@{person(p)}" for p in h.mentions)
    what = what if h.subject == "pool" else f"{what} {h.subject}"
    return f"{_local(h.at)}  {h.alarm_id}  {h.step:<8} {h.severity.name.lower():<6} {what:<26} {figures}  {people}".rstrip()


def _summary(course: Course) -> Iterator[str]:
    first, last = course.points[0], course.points[-1]
    raised = [h for h in course.happenings if h.step == "raised"]
    yield f"{course.contract_id}: {_local(first.at)} to {_local(last.at)}, {len(course.points)} judgements"
    yield f"alarms raised: {len(raised)}; returned: {sum(h.step == 'returned' for h in course.happenings)}"
    worst = course.worst()
    if worst is None:
        yield "never below a line"
    else:
        gap = worst.lines_cny[Line.WARN] - worst.value_cny
        yield f"largest shortfall to the warn line: {_cny(gap)} at {_local(worst.at)}, LTV {_percent(worst.ltv)}"
    below = ", ".join(f"{line.value} {time / DAY:.2f}" for line, time in course.below().items())
    yield f"days below: {below}"
    unknown = sum(not p.known for p in course.points)
    if unknown:
        yield f"judgements without a complete position (a tank never read, or a good never priced): {unknown}"


def account_lines(course: Course) -> Iterator[str]:
    """What was taken as it was recorded, what was not considered, and why moments had to be judged one by one."""
    if course.taken:
        yield f"taken as recorded: {', '.join(f'{what} {n}' for what, n in course.taken.items())}"
    for what in course.missing:
        yield f"not considered: {what}"
    if course.slow:
        yield f"every moment was judged by itself, which takes longer, because of: {', '.join(course.slow)}"


def as_json(course: Course) -> dict[str, Any]:
    """{'contract', 'taken', 'not_considered', 'moment_by_moment', 'happenings', 'points', 'summary'}; amounts as decimal strings, times as UTC stamps."""
    worst = course.worst()
    return {
        "contract": course.contract_id,
        "taken": course.taken,
        "not_considered": course.missing,
        "moment_by_moment": course.slow,
        "happenings": [happening_json(h) for h in course.happenings],
        "points": [
            {
                "at": stamp(p.at),
                "value_cny": str(p.value_cny),
                "exposure_cny": str(p.exposure_cny),
                "ltv": _text(p.ltv),
                "lines_cny": {line.value: str(v) for line, v in p.lines_cny.items()},
                "below": p.breached.value if p.breached is not None and p.known else None,
                "known": p.known,
            }
            for p in course.points
        ],
        "summary": {
            "raised": sum(h.step == "raised" for h in course.happenings),
            "returned": sum(h.step == "returned" for h in course.happenings),
            "largest_shortfall_cny": str(worst.lines_cny[Line.WARN] - worst.value_cny) if worst else "0.00",
            "largest_shortfall_at": stamp(worst.at) if worst else None,
            "days_below": {line.value: round(time / DAY, 6) for line, time in course.below().items()},
        },
    }


def happening_json(h: Happening) -> dict[str, Any]:
    """One step of an alarm, without the facts that the message would have shown."""
    return {
        "at": stamp(h.at),
        "alarm": h.alarm_id,
        "step": h.step,
        "kind": h.kind.value,
        "subject": h.subject,
        "severity": h.severity.name.lower(),
        "line": h.line.value if h.line is not None else None,
        "value_cny": _text(h.value_cny),
        "exposure_cny": _text(h.exposure_cny),
        "ltv": _text(h.ltv),
        "mentions": list(h.mentions),
    }


def _local(at: datetime) -> str:
    return at.astimezone(LOCAL).isoformat(timespec="minutes")


def _cny(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:,.2f}"


def _percent(ratio: Decimal | None) -> str:
    return "—" if ratio is None else f"{ratio:.2%}"


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else str(figure)
