"""What a picture shows: finished words, moments and figures. Light: the bot's process imports this, matplotlib never."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

Unit = Literal["cny", "ratio", "kg", "mm", "cny_t"]
"""What a panel counts: CNY, a ratio (0.7236), kg in air, mm of level, CNY per tonne."""

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Beijing time; no daylight saving since 1991."""

WIDTH, HEIGHT = 1080, 780
"""Pixels of a picture with one panel, or a few bars; what has more rows is taller. A phone shows it a third as wide."""
MOST_PANELS, MOST_LINES, MOST_POINTS, MOST_BARS = 4, 6, 2000, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure at a moment; None where nothing was known, which breaks the line."""

    at: datetime
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point worth naming, with its words, which stand above it or below."""

    at: datetime
    value: float
    text: str
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of a panel, in the order of time. limit: a contract's line, drawn thin and broken."""

    name: str
    points: tuple[Point, ...]
    marks: tuple[Mark, ...] = ()
    limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One measure over the picture's span."""

    title: str
    unit: Unit
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Measures over time, one panel below the other. notes: as-of time and source, at the foot.

    Raises ValueError for no panel, or for more of anything than fits a phone.
    """

    title: str
    panels: tuple[Panel, ...]
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        curves = [c for p in self.panels for c in p.curves]
        _fits("panels", len(self.panels), MOST_PANELS)
        _fits("curves in a panel", max((len(p.curves) for p in self.panels), default=0), MOST_LINES)
        _fits("points in a curve", max((len(c.points) for c in curves), default=0), MOST_POINTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: kg in air and CNY, None where unknown or withheld. doubtful: not of now, drawn hatched."""

    label: str
    kg: float | None
    value_cny: float | None
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A breakdown. kg_title, value_title: of the two halves, None where that half is withheld. Raises ValueError."""

    title: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    kg_title: str | None
    value_title: str | None

    def __post_init__(self) -> None:
        _fits("bars", len(self.bars), MOST_BARS)
        if self.kg_title is None and self.value_title is None:
            raise ValueError(f"picture {self.title!r}: both halves are withheld, one is needed")


Chart = Course | Bars


def _fits(what: str, count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise ValueError(f"a picture with {count} {what}: 1 to {most} are allowed")
