"""Draws a breakdown: one row per good, site or tank, tonnes on the left and value on the right."""

from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes

from reports.charts.canvas import BODY, GREY, HALF_PX, INK, SETTINGS, SMALL, figure, font, foot_px, head_px, png, said
from reports.charts.chart import HEIGHT, WIDTH, Bars, Unit
from reports.charts.glyphs import width_of
from reports.charts.units import Scale, scale_of

LABEL_HALVES, EDGE = 15, 24
ROW, ABOVE = 56, 62
"""Pixels of a row, and above the rows for the title of a half."""


def draw(bars: Bars) -> bytes:
    """The picture as PNG, 1080 wide; a row takes 56 pixels, more where there are few."""
    head, foot = head_px(bars.title), foot_px(bars.notes)
    height = max(HEIGHT, head + foot + ABOVE + ROW * len(bars.bars))
    labels = 40 + HALF_PX * max(width_of(said(b.label, LABEL_HALVES)) for b in bars.bars)
    halves: list[tuple[str, Unit, list[float | None]]] = []
    if bars.kg_title is not None:
        halves.append((bars.kg_title, "kg", [b.kg for b in bars.bars]))
    if bars.value_title is not None:
        halves.append((bars.value_title, "cny", [b.value_cny for b in bars.bars]))
    wide = (WIDTH - labels - EDGE) / len(halves)
    with rc_context(SETTINGS):
        made = figure(bars.title, bars.notes, height)
        for n, (title, unit, values) in enumerate(halves):
            box = ((labels + n * wide) / WIDTH, foot / height, (wide - 14) / WIDTH, 1 - (head + ABOVE + foot) / height)
            axes = made.add_axes(box)
            _half(axes, title, unit, values, [b.doubtful for b in bars.bars])
            _rows(axes, bars, labelled=n == 0)
        return png(made)


def _half(axes: Axes, title: str, unit: Unit, values: Sequence[float | None], doubtful: Sequence[bool]) -> None:
    most = max((v for v in values if v is not None), default=0.0)
    scale = scale_of(unit, most)
    axes.set_title(said(f"{title}({scale.name})", 40), fontproperties=font(BODY), color=INK, loc="left", pad=8)
    for row, (value, old) in enumerate(zip(values, doubtful, strict=True)):
        if value is not None:
            face, hatch = ("white", "////") if old else ("#4a6f8f", None)
            axes.barh(row, value, height=0.62, facecolor=face, hatch=hatch, edgecolor="#2a3f55", linewidth=1.0)
        axes.annotate(
            _written(value, scale), (value or 0.0, row), xytext=(6, 0), textcoords="offset points", va="center",
            fontproperties=font(SMALL), color=INK,
        )  # fmt: skip
    written = HALF_PX * max(width_of(_written(v, scale)) for v in values) + 16
    axes.set_xlim(0, (most or 1.0) / (1 - written / axes.bbox.width))


def _rows(axes: Axes, bars: Bars, *, labelled: bool) -> None:
    axes.set_ylim(len(bars.bars) - 0.4, -0.6)
    axes.set_xticks([])
    names = [said(b.label, LABEL_HALVES) for b in bars.bars] if labelled else []
    axes.set_yticks(range(len(names)), names, fontproperties=font(SMALL), color=INK)
    axes.tick_params(length=0, pad=8)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(GREY)


def _written(value: float | None, scale: Scale) -> str:
    if value is None:
        return "—"
    decimals = {"亿元": 4, "万元": 2, "元": 2, "吨": 1}[scale.name]
    return f"{value / scale.unit:,.{decimals}f}"
