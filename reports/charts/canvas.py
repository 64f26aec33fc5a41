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
from reports.charts.glyphs import drawable, lines_of
from reports.fonts import FONT

DPI = 100
INK, GREY, PALE = "#111111", "#555555", "#dddddd"
TITLE, BODY, SMALL = 29.0, 25.0, 24.0
"""Points at ``DPI``: SMALL is 33 pixels, 11 on a phone that shows the picture 360 wide."""
HALF_PX = 17
"""Width of half a Chinese character, or of a figure, in SMALL."""
TITLE_PX, NOTE_PX = 52, 42
"""Height of a line of the title, and of a note."""
TITLE_HALVES, NOTE_HALVES = 50, 60

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


def head_px(title: str) -> int:
    """Height of the title with the space around it."""
    return 42 + TITLE_PX * len(_title(title))


def foot_px(notes: Sequence[str]) -> int:
    """Height of the notes with the space around them."""
    return 24 + NOTE_PX * len(_notes(notes))


def _title(title: str) -> list[str]:
    return lines_of(title, longest=TITLE_HALVES, most=2)


def _notes(notes: Sequence[str]) -> list[str]:
    return [line for note in notes for line in lines_of(note, longest=NOTE_HALVES, most=2)]


def figure(title: str, notes: Sequence[str], height: int) -> Figure:
    """An empty figure, ``WIDTH`` × ``height`` pixels, with its title on top and its notes at the foot."""
    made = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(made)
    for n, line in enumerate(_title(title)):
        top = 1 - (22 + n * TITLE_PX) / height
        made.text(0.03, top, said(line, TITLE_HALVES), fontproperties=font(TITLE), color=INK, va="top")
    for n, note in enumerate(reversed(_notes(notes))):
        made.text(
            0.03,
            (12 + n * NOTE_PX) / height,
            said(note, NOTE_HALVES),
            fontproperties=font(SMALL),
            color=GREY,
            va="bottom",
        )
    return made


def png(made: Figure) -> bytes:
    """The figure as PNG, with nothing of this machine or moment in it: the same figure gives the same bytes."""
    with rc_context(SETTINGS), io.BytesIO() as file:
        made.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        return file.getvalue()
