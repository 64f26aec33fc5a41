"""Draws measures over time: values as steps, a contract's lines thin and broken, gaps as gaps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.charts.canvas import BODY, GREY, INK, NOTE_PX, PALE, SETTINGS, SMALL, TITLE_PX, figure, font, png, said
from reports.charts.chart import CHINA, HEIGHT, WIDTH, Course, Curve, Panel, Unit
from reports.charts.units import scale_of, ticks_of

LEFT, RIGHT = 118, 172
"""Pixels beside the panels: figures of the axis, and the curves' names."""
GAP = 62
STYLES = ("-", "--", "-.", ":", (0, (1, 1)), (0, (5, 1, 1, 1)))
COLOURS = (INK, "#b03020", "#1f5f9f", "#3f7f2f", "#7f4f9f", "#806000")
LIMITS = (":", "--", "-.")


def draw(course: Course) -> bytes:
    """The picture as PNG, 1080 wide; 720 high, or taller with three or four panels."""
    height = HEIGHT if len(course.panels) < 3 else HEIGHT + 230 * (len(course.panels) - 2)
    with rc_context(SETTINGS):
        made = figure(course.title, course.notes, height)
        foot = 52 + NOTE_PX * len(course.notes)
        room = height - TITLE_PX - foot - GAP * (len(course.panels) - 1)
        each = room / len(course.panels)
        for n, panel in enumerate(course.panels):
            bottom = foot + (len(course.panels) - 1 - n) * (each + GAP)
            box = (LEFT / WIDTH, bottom / height, 1 - (LEFT + RIGHT) / WIDTH, (each - 26) / height)
            _panel(made.add_axes(box), panel, course)
        return png(made)


def _panel(axes: Axes, panel: Panel, course: Course) -> None:
    figures = [p.value for c in panel.curves for p in c.points if p.value is not None]
    scale = scale_of(panel.unit, max(map(abs, figures), default=0.0))
    axes.set_title(said(f"{panel.title}({scale.name})", 40), fontproperties=font(BODY), color=INK, loc="left", pad=7)
    _frame(axes)
    drawn, limits = 0, 0
    for curve in panel.curves:
        if curve.limit:
            _curve(axes, curve, colour=GREY, style=LIMITS[limits % len(LIMITS)], width=1.6)
            limits += 1
        else:
            _curve(axes, curve, colour=COLOURS[drawn], style=STYLES[drawn], width=2.6)
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
    axes.xaxis.set_major_locator(AutoDateLocator(tz=CHINA, minticks=3, maxticks=6))  # type: ignore[no-untyped-call]
    form = "%m-%d" if span >= timedelta(days=5) else "%m-%d %H:%M" if span >= timedelta(hours=20) else "%H:%M"
    axes.xaxis.set_major_formatter(DateFormatter(form, tz=CHINA))  # type: ignore[no-untyped-call]
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(SMALL))


def _days(at: datetime) -> float:
    """matplotlib's time: days since 1970, UTC."""
    return at.timestamp() / 86_400


def _heights(axes: Axes, figures: Sequence[float], unit: Unit) -> None:
    """Room above and below for the marks' words; never a span so narrow that noise looks like a fall."""
    low, high = min(figures, default=0.0), max(figures, default=1.0)
    room = max(high - low, abs(high) * 0.02, 1e-9)
    axes.set_ylim(low - room * 0.24, high + room * 0.26)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    ticks = axes.get_yticks()
    scale = scale_of(unit, max(map(abs, figures), default=0.0))
    axes.yaxis.set_major_formatter(FuncFormatter(ticks_of(scale, ticks[1] - ticks[0])))
    for label in axes.get_yticklabels():
        label.set_fontproperties(font(SMALL))


def _names(axes: Axes, curves: Sequence[Curve]) -> None:
    """Each curve's name beside its end, moved apart so that none covers another."""
    ends = [(c, next((p.value for p in reversed(c.points) if p.value is not None), None)) for c in curves]
    low, high = axes.get_ylim()
    tall = axes.bbox.height
    above = float("-inf")
    for curve, value in sorted(((c, v) for c, v in ends if v is not None), key=lambda cv: cv[1]):
        above = max((value - low) / (high - low) * tall, above + 20)
        axes.annotate(
            said(curve.name, 20), (1.0, above / tall), xycoords="axes fraction", xytext=(6, 0),
            textcoords="offset points", va="center", fontproperties=font(SMALL), color=GREY if curve.limit else INK,
        )  # fmt: skip
