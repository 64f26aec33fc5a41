"""Draws measures over time: values as steps, a contract's lines thin and broken, gaps as gaps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.charts.canvas import (
    BODY,
    GREY,
    HALF_PX,
    INK,
    PALE,
    SETTINGS,
    SMALL,
    figure,
    font,
    foot_px,
    head_px,
    png,
    said,
)
from reports.charts.chart import CHINA, HEIGHT, WIDTH, Course, Curve, Panel, Unit
from reports.charts.glyphs import width_of
from reports.charts.units import scale_of, ticks_of

LEFT = 142
"""Pixels left of the panels, for the figures of the axis."""
NAME_HALVES, NAME_PX = 19, 38
"""The longest name of a curve beside its end, and the height of one."""
ABOVE, BELOW = 54, 56
"""Pixels above a panel for its title, and below it for its times."""
TALL = 340
"""Pixels of each panel where there are several."""
STYLES = ("-", "--", "-.", ":", (0, (1, 1)), (0, (5, 1, 1, 1)))
COLOURS = (INK, "#b03020", "#1f5f9f", "#3f7f2f", "#7f4f9f", "#806000")
LIMITS = (":", "--", "-.")


def draw(course: Course) -> bytes:
    """The picture as PNG, 1080 wide; 780 high, or taller with more panels."""
    count, head, foot = len(course.panels), head_px(course.title), foot_px(course.notes)
    height = max(HEIGHT, head + foot + count * (TALL + ABOVE + BELOW)) if count > 1 else HEIGHT
    each = (height - head - foot) / count
    right = 30 + HALF_PX * max(width_of(said(c.name, NAME_HALVES)) for p in course.panels for c in p.curves)
    with rc_context(SETTINGS):
        made = figure(course.title, course.notes, height)
        for n, panel in enumerate(course.panels):
            bottom = foot + (count - 1 - n) * each + BELOW
            box = (LEFT / WIDTH, bottom / height, 1 - (LEFT + right) / WIDTH, (each - ABOVE - BELOW) / height)
            _panel(made.add_axes(box), panel, course)
        return png(made)


def _panel(axes: Axes, panel: Panel, course: Course) -> None:
    figures = [p.value for c in panel.curves for p in c.points if p.value is not None]
    scale = scale_of(panel.unit, max(map(abs, figures), default=0.0))
    axes.set_title(said(f"{panel.title}({scale.name})", 40), fontproperties=font(BODY), color=INK, loc="left", pad=10)
    _frame(axes)
    drawn, limits = 0, 0
    for curve in panel.curves:
        if curve.limit:
            _curve(axes, curve, colour=GREY, style=LIMITS[limits % len(LIMITS)], width=1.6)
            limits += 1
        else:
            _curve(axes, curve, colour=COLOURS[drawn], style=STYLES[drawn], width=3.4)
            drawn += 1
    _span(axes, course)
    _heights(axes, figures, panel.unit)
    for curve in panel.curves:
        _marks(axes, curve)
    _names(axes, panel.curves)


def _frame(axes: Axes) -> None:
    axes.grid(visible=True, color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)
    axes.tick_params(colors=GREY, length=4)


def _curve(axes: Axes, curve: Curve, *, colour: str, style: object, width: float) -> None:
    times = [_days(p.at) for p in curve.points]
    values = [float("nan") if p.value is None else p.value for p in curve.points]
    axes.plot(times, values, color=colour, linestyle=style, linewidth=width, drawstyle="steps-post")
    alone = [(t, v) for n, (t, v) in enumerate(zip(times, values, strict=True)) if _lone(values, n)]
    if alone and not curve.limit:
        axes.plot(*zip(*alone, strict=True), color=colour, linestyle="", marker="o", markersize=5)


def _marks(axes: Axes, curve: Curve) -> None:
    first, last = axes.get_xlim()
    for mark in curve.marks:
        at = _days(mark.at)
        where = (at - first) / (last - first)
        axes.plot([at], [mark.value], color=INK, marker="o", markersize=7, markerfacecolor="white", linestyle="")
        axes.annotate(
            said(mark.text, 40), (at, mark.value), xytext=(0, -9 if mark.below else 9), textcoords="offset points",
            ha="left" if where < 0.12 else "right" if where > 0.88 else "center", va="top" if mark.below else "bottom",
            fontproperties=font(SMALL), color=INK,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip


def _lone(values: Sequence[float], n: int) -> bool:
    """A known figure without a known neighbour: no line would show it."""
    return all(x != x for x in (*values[max(0, n - 1) : n], *values[n + 1 : n + 2])) and values[n] == values[n]  # noqa: PLR0124


def _span(axes: Axes, course: Course) -> None:
    moments = [p.at for panel in course.panels for c in panel.curves for p in c.points]
    first, last = min(moments), max(moments)
    span = max(last - first, timedelta(minutes=1))
    axes.set_xlim(_days(first - span * 0.01), _days(last + span * 0.02))
    form = "%m-%d" if span >= timedelta(days=3) else "%m-%d %H:%M" if span >= timedelta(hours=20) else "%H:%M"
    most = max(2, int(axes.bbox.width / (HALF_PX * (len(first.strftime(form)) + 3))))
    ticks = _ticks(first, last, min(most, 5))
    names = [at.strftime(form) for at in ticks]
    axes.set_xticks([_days(at) for at in ticks], names, fontproperties=font(SMALL))


_STEPS = [timedelta(minutes=m) for m in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)]
_STEPS += [timedelta(days=d) for d in (1, 2, 3, 5, 7, 14, 30, 60, 90, 180, 365)]


def _ticks(first: datetime, last: datetime, most: int) -> list[datetime]:
    """Round times in China between two moments, as close as ``most`` of them allow."""
    midnight = first.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    for step in _STEPS:
        start = midnight + -((midnight - first) // step) * step
        found = [start + n * step for n in range((last - start) // step + 1)] if start <= last else []
        if len(found) <= most:
            return found
    return [first.astimezone(CHINA), last.astimezone(CHINA)]


def _days(at: datetime) -> float:
    """matplotlib's time: days since 1970, UTC."""
    return at.timestamp() / 86_400


def _heights(axes: Axes, figures: Sequence[float], unit: Unit) -> None:
    """Room above and below for the marks' words; never a span so narrow that noise looks like a fall."""
    low, high = min(figures, default=0.0), max(figures, default=1.0)
    room = max(high - low, abs(high) * 0.02, 1e-9)
    axes.set_ylim(low - room * 0.24, high + room * 0.26)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    ticks = axes.get_yticks()
    scale = scale_of(unit, max(map(abs, figures), default=0.0))
    axes.yaxis.set_major_formatter(FuncFormatter(ticks_of(scale, ticks[1] - ticks[0])))
    for label in axes.get_yticklabels():
        label.set_fontproperties(font(SMALL))


def _names(axes: Axes, curves: Sequence[Curve]) -> None:
    """Each curve's name beside its end, moved apart so that none covers another."""
    ends = [(c, next((p.value for p in reversed(c.points) if p.value is not None), None)) for c in curves]
    (low, high), tall = axes.get_ylim(), axes.bbox.height
    known = sorted(((c, v) for c, v in ends if v is not None), key=lambda cv: cv[1])
    places = _apart([(v - low) / (high - low) * tall for _, v in known], tall)
    for (curve, _), place in zip(known, places, strict=True):
        axes.annotate(
            said(curve.name, NAME_HALVES), (1.0, place / tall), xycoords="axes fraction", xytext=(6, 0),
            textcoords="offset points", va="center", fontproperties=font(SMALL), color=GREY if curve.limit else INK,
        )  # fmt: skip


def _apart(heights: Sequence[float], tall: float) -> list[float]:
    """Heights, lowest first, moved up until none covers another, and down again where that leads above the panel."""
    places: list[float] = []
    for height in heights:
        places.append(max(height, places[-1] + NAME_PX) if places else height)
    ceiling = tall
    for n in reversed(range(len(places))):
        places[n] = min(places[n], ceiling)
        ceiling = places[n] - NAME_PX
    return places
