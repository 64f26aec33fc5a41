"""What a sentence of somebody who acts says beside names: amounts, and times that lie ahead. Knows no skill."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from skills.understanding import amounts, papers
from skills.understanding.normal import normal
from skills.understanding.spans import CHINA, span_of
from skills.understanding.when import TO, times_in

DAY = timedelta(days=1)
LONGEST_SAID = 120
"""Characters of somebody's own words that are kept with what they do."""
_PRESENT = frozenset({"now"})
_TIME = "D"
"""What stands for a time in a clause whose times have been read."""
_UNTIL = re.compile(f"[到至]{_TIME}")
_WORDLESS = re.compile(r"[A-Z0-9\W_]|[到至前]")
"""What is no word once numbers, times and amounts are signs: these, figures, and what ties a time."""
_ENDS = {"early": 6, "morning": 12, "noon": 13, "afternoon": 18, "evening": 20, "night": 24}
"""The hour at which a part of today is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """qty_kg, amount_cny, percent: the first that is said. span: of time. by: the last time ahead, by its end.

    over: until a time that is over, 到昨天18点. worded: something is said beside numbers of papers, times and amounts.
    """

    qty_kg: int | None = None
    amount_cny: Decimal | None = None
    percent: Decimal | None = None
    span: timedelta | None = None
    starts: datetime | None = None
    by: datetime | None = None
    over: bool = False
    worded: bool = False


def heard(text: str, now: datetime) -> Heard:
    """The amounts and times of a text, at ``now`` (aware)."""
    tokens: list[str] = []
    found: dict[str, Decimal] = {}
    over = worded = False
    for clause in normal(text).clauses:
        left, _ = papers.found(clause)
        left, whens = times_in(left, now)
        mine = [t for w in whens for t in w.token.split(TO) if t not in _PRESENT]
        tokens += mine
        over = over or (_UNTIL.search(left) is not None and not any(_ahead(t, now) for t in mine))
        left, said_ = amounts.found(left)
        worded = worded or _WORDLESS.sub("", left) != ""
        for amount in said_:
            found.setdefault(amount.kind, amount.value)
    ahead = [s for t in tokens if (s := _ahead(t, now)) is not None]
    return Heard(
        qty_kg=int((found["mass"] * 1000).to_integral_value()) if "mass" in found else None,
        amount_cny=found["money"].quantize(Decimal("0.01")) if "money" in found else None,
        percent=found.get("percent"),
        span=timedelta(minutes=float(found["span"])) if "span" in found else None,
        starts=ahead[0][0] if ahead else None,
        by=ahead[-1][1] if ahead else None,
        over=over,
        worded=worded,
    )


def said(text: str) -> str:
    """Somebody's own words on one line, as they are kept."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SAID else line[: LONGEST_SAID - 1] + "…"


def _ahead(when: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Begin and end of a time that is not over yet: 18点 at noon is today's, 周五 the coming one."""
    local = now.astimezone(CHINA)
    if when == "today" or when.startswith("today."):
        midnight = datetime.combine(local.date(), time(), CHINA)
        hour = _ENDS.get(when.partition(".")[2], 24)
        return now, (midnight + timedelta(hours=hour)).astimezone(UTC)
    span = span_of(when, now)
    if span is None:
        return None
    start, end = span.start, span.end
    if end <= now and when.startswith("this_week."):
        start, end = start + 7 * DAY, start + 8 * DAY
    elif end <= now and when.startswith("T"):
        start, end = start + DAY, end + DAY
    return (start.astimezone(UTC), end.astimezone(UTC)) if end > now else None
