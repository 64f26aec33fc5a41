"""The value of a pledge against its lines through time, with a mark where an alarm was raised or returned: an SVG.

Pure: finished points in, text out. Words and colours live in the template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"
WIDTH, HEIGHT = 1200, 560
LEFT, RIGHT, TOP, BOTTOM = 92, 150, 66, 470
MOST_POINTS = 4000
"""Of a curve: more do not show on 958 pixels."""
WAN = Decimal(10000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """Value and lines (by 'warn', 'control', 'disposal') in CNY at one moment."""

    at: datetime
    value_cny: Decimal
    lines_cny: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMark:
    """An alarm's step at a moment; severity 'yellow', 'orange' or 'red'."""

    at: datetime
    value_cny: Decimal
    severity: str
    raised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis in pixels and what stands there."""

    at: float
    text: str


def value_chart(
    title: str, points: Sequence[ChartPoint], marks: Sequence[ChartMark], *, zone: tzinfo, note: str = ""
) -> str:
    """The chart as SVG, 1200 × 560. points in the order of time, at least one. zone: of the dates on the axis."""
    assert points, "a curve has at least one point"
    scale = _Scale.of(points)
    shown = _thinned(points)
    names = tuple(points[0].lines_cny)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    return environment.get_template("value_chart.svg.j2").render(
        title=title,
        note=note,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=BOTTOM,
        value=scale.steps([(p.at, p.value_cny) for p in shown]),
        lines={name: scale.steps([(p.at, p.lines_cny[name]) for p in shown]) for name in names},
        ends=_apart({name: scale.y(points[-1].lines_cny[name]) for name in names}),
        days=scale.days(zone),
        amounts=scale.amounts(),
        marks=[
            {"x": scale.x(m.at), "y": scale.y(m.value_cny), "severity": m.severity, "raised": m.raised} for m in marks
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From moments and amounts to pixels."""

    first: datetime
    last: datetime
    top_cny: Decimal

    @classmethod
    def of(cls, points: Sequence[ChartPoint]) -> "_Scale":
        most = max(max(p.value_cny, *p.lines_cny.values()) for p in points)
        first, last = points[0].at, points[-1].at
        return cls(first=first, last=max(last, first + timedelta(seconds=1)), top_cny=max(most, WAN) * Decimal("1.06"))

    def x(self, at: datetime) -> float:
        return round(LEFT + (WIDTH - RIGHT - LEFT) * ((at - self.first) / (self.last - self.first)), 1)

    def y(self, amount: Decimal) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float(amount / self.top_cny), 1)

    def steps(self, course: Sequence[tuple[datetime, Decimal]]) -> str:
        """An SVG path that holds each amount until the next moment."""
        at, amount = course[0]
        parts, y = [f"M{self.x(at)} {self.y(amount)}"], self.y(amount)
        for at, amount in course[1:]:
            parts.append(f"H{self.x(at)}")
            if self.y(amount) != y:
                y = self.y(amount)
                parts.append(f"V{y}")
        return "".join(parts)

    def days(self, zone: tzinfo) -> list[Tick]:
        """At most nine dates, evenly apart."""
        span = self.last - self.first
        form = "%Y-%m-%d" if span >= timedelta(days=8) else "%m-%d %H:%M"
        moments = [self.first + span * n / 8 for n in range(9)]
        return [Tick(at=self.x(m), text=m.astimezone(zone).strftime(form)) for m in moments]

    def amounts(self) -> list[Tick]:
        """Round amounts in 万元, between four and nine of them."""
        step = _round_step(self.top_cny / WAN / 7)
        count = int(self.top_cny / WAN / step)
        return [Tick(at=self.y(step * n * WAN), text=f"{step * n:,.0f}") for n in range(count + 1)]


def _round_step(least: Decimal) -> Decimal:
    power = Decimal(10) ** least.adjusted()
    return next(power * n for n in (1, 2, 5, 10) if power * n >= least)


def _thinned(points: Sequence[ChartPoint]) -> list[ChartPoint]:
    """So many that a screen can show, the lowest value of each stretch kept."""
    stride = -(-len(points) // MOST_POINTS)
    if stride == 1:
        return list(points)
    kept = [min(points[i : i + stride], key=lambda p: p.value_cny) for i in range(0, len(points), stride)]
    return [points[0], *kept[1:], points[-1]]


def _apart(heights: Mapping[str, float]) -> dict[str, float]:
    """Heights of labels beside their lines, moved so that none covers another."""
    out: dict[str, float] = {}
    below = float("-inf")
    for name, y in sorted(heights.items(), key=lambda kv: kv[1]):
        below = max(y, below + 17)
        out[name] = below
    return out
