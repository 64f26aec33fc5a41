"""A span of time as an argument: ``START/END``, two ISO stamps in UTC, equal for a moment."""

from dataclasses import dataclass
from datetime import datetime

from domain.event import parse_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From start to end, start ≤ end."""

    start: datetime
    end: datetime


def span_of(text: str) -> Span | None:
    """The span of an argument; None where it is none."""
    first, _, second = text.partition("/")
    try:
        start, end = parse_stamp(first), parse_stamp(second or first)
    except ValueError:
        return None
    return Span(start=start, end=end) if start <= end else None
