"""A light figure for a phone with our font, readable in black and white, and its PNG. Runs in the worker only."""

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from reports.charts.chart import WIDTH
from reports.charts.glyphs import drawable
from reports.fonts import FONT

DPI = 100
INK, GREY, PALE = "#111111", "#555555", "#dddddd"
TITLE, BODY, SMALL = 19.0, 14.5, 12.0
TITLE_PX, NOTE_PX = 74, 26

SETTINGS: Any = {
    "text.parse_math": False,  # a name with two $ is a name
    "axes.unicode_minus": False,
    "svg.fonttype": "none",
}


@cache
def known() -> frozenset[int]:
    """Code points that the font has a glyph for."""
    return frozenset(FT2Font(str(FONT)).get_charmap())


def font(size: float) -> FontProperties:
    """Our font in this size; points at ``DPI``."""
    return FontProperties(fname=str(FONT), size=size)


def said(text: str, longest: int) -> str:
    """A text that can be drawn. longest: in halves of a Chinese character."""
    return drawable(text, known(), longest=longest)


def figure(title: str, notes: Sequence[str], height: int) -> Figure:
    """An empty figure, ``WIDTH`` × ``height`` pixels, with its title on top and its notes at the foot."""
    made = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(made)
    made.text(0.03, 1 - 26 / height, said(title, 76), fontproperties=font(TITLE), color=INK, va="top")
    for n, note in enumerate(reversed(notes)):
        made.text(
            0.03, (12 + n * NOTE_PX) / height, said(note, 122), fontproperties=font(SMALL), color=GREY, va="bottom"
        )
    return made


def png(made: Figure) -> bytes:
    """The figure as PNG, with nothing of this machine or moment in it: the same figure gives the same bytes."""
    with rc_context(SETTINGS), io.BytesIO() as file:
        made.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        return file.getvalue()
