"""Pictures: right glyphs on any machine, a phone's width, gaps as gaps, and nothing of the drawing in our process."""

import struct
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.text import Text

from reports.charts import bars as drawn_bars
from reports.charts import canvas
from reports.charts import course as drawn_course
from reports.charts.chart import Bar, Bars, Course, Curve, Mark, Panel, Point
from reports.charts.glyphs import SUBSTITUTE, drawable, lines_of
from reports.charts.units import scale_of, ticks_of
from reports.charts.worker import painted
from reports.fonts import FONT

START = datetime(2026, 3, 5, 6, 32, tzinfo=UTC)
END = START + timedelta(days=7)
RARE = "\N{CJK UNIFIED IDEOGRAPH-2B36F}"


def course(
    *values: float | None, title: str = "恒运池 货值走势", unit: str = "cny", marks: tuple[Mark, ...] = ()
) -> Course:
    points = tuple(Point(at=START + timedelta(hours=n), value=v) for n, v in enumerate(values))
    curve = Curve(name="认可货值", points=points, marks=marks)
    return Course(
        title=title, panels=(Panel(title="认可货值", unit=unit, curves=(curve,)),), notes=("截至 3月12日 14:32",)
    )


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def drawn_texts(monkeypatch: pytest.MonkeyPatch, chart: Course | Bars) -> set[str]:
    """Every text that is put on the canvas; a glyph that the font lacks is a warning, and so an error, here."""
    seen: set[str] = set()

    def read(figure: Figure) -> bytes:
        seen.update(text.get_text() for text in figure.findobj(Text))
        return canvas.png(figure)

    for module in (drawn_bars, drawn_course):
        monkeypatch.setattr(module, "png", read)
    painted(chart)
    return seen


def test_the_font_has_every_character_of_gb_2312_and_our_units() -> None:
    known = TTFont(FONT).getBestCmap().keys()
    gb = {bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)} - {""}
    assert len(gb) == 6763
    assert {c for c in gb | set("℃³㎡%·→0123456789ABCxyz#、。:()「」〓…") if ord(c) not in known} == set()


def test_every_label_has_its_glyph_and_a_rare_character_a_visible_substitute(monkeypatch: pytest.MonkeyPatch) -> None:
    known = TTFont(FONT).getBestCmap().keys()
    mark = Mark(at=START, value=1.28e8, text="最高 1.2800亿元")
    texts = drawn_texts(monkeypatch, course(1.28e8, 1.2e8, title=f"恒运{RARE}池 T-107 0#柴油", marks=(mark,)))
    assert {c for text in texts for c in text if ord(c) not in known} == set()
    assert f"恒运{SUBSTITUTE}池 T-107 0#柴油" in texts
    assert {"认可货值(亿元)", "最高 1.2800亿元", "截至 3月12日 14:32"} <= texts


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_label_is_eleven_pixels_on_a_phone(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    one = course(1.28e8, 1.2e8, marks=(Mark(at=START, value=1.28e8, text="最高 1.2800亿元"),))
    rows = tuple(Bar(label=f"T-{n}", kg=1e6, value_cny=1e7) for n in range(count))
    bars = Bars(title="分罐", bars=rows, notes=("截至",), kg_title="实存", value_title="计值")
    for chart in (replace(one, panels=one.panels * count), bars):
        found = _drawn(monkeypatch, chart)
        width = found.get_figwidth() * found.dpi
        texts = [t for t in found.findobj(Text) if t.get_text() and t.get_visible()]
        assert min(t.get_fontsize() / 72 * found.dpi * 360 / width for t in texts) >= 11


def test_names_at_the_ends_of_six_curves_cover_neither_each_other_nor_the_title(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    curves = tuple(
        Curve(name=f"T-10{n} 9.842米", points=(Point(at=START, value=9e3 + n), Point(at=END, value=9e3 + n)))
        for n in range(6)
    )
    panel = Panel(title="液位", unit="mm", curves=curves)
    found = _drawn(monkeypatch, Course(title="恒运池", panels=(panel, panel, panel, panel), notes=()))
    for axes in found.axes:
        boxes = sorted((t.get_window_extent() for t in axes.texts), key=lambda b: b.y0)
        assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))
        assert boxes[-1].y1 <= axes.bbox.y1 + 20


def test_no_text_leaves_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Mark(at=END, value=1.28e8, text="最高 1.2800亿元")
    long = course(
        1.2e8, 1.28e8, title="恒运池(QD-DCZY-2026-018)认可货值、货量、质押率走势 3月5日–3月12日", marks=(mark,)
    )
    found = _drawn(monkeypatch, long)
    boxes = [t.get_window_extent() for t in found.findobj(Text) if t.get_text() and t.get_visible()]
    assert min(b.x0 for b in boxes) >= 0
    assert max(b.x1 for b in boxes) <= 1080


def _drawn(monkeypatch: pytest.MonkeyPatch, chart: Course | Bars) -> Figure:
    figures: list[Figure] = []

    def kept(figure: Figure) -> bytes:
        figures.append(figure)
        return canvas.png(figure)

    for module in (drawn_bars, drawn_course):
        monkeypatch.setattr(module, "png", kept)
    painted(chart)
    return figures[-1]


def test_a_picture_is_as_wide_as_a_phone_and_the_same_figures_give_the_same_bytes() -> None:
    first, again = painted(course(1.28e8, None, 1.2e8)), painted(course(1.28e8, None, 1.2e8))
    assert size(first) == (1080, 780)
    assert first == again


def test_a_name_with_dollars_is_no_formula() -> None:
    assert size(painted(course(1.0, 2.0, title="$\\frac{x$ 池 $_$")))


@pytest.mark.parametrize("values", [(5.0,), (5.0, 5.0), (None, 5.0, None), (0.0, -3.0), (1e-9, 2e-9)])
def test_few_equal_or_strange_figures_are_drawn_as_well(values: tuple[float | None, ...]) -> None:
    assert size(painted(course(*values))) == (1080, 780)


def test_a_breakdown_grows_with_its_rows_and_writes_what_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(Bar(label=f"T-{n}", kg=1e6 * n, value_cny=None if n == 3 else 1e7, doubtful=n == 4) for n in range(20))
    bars = Bars(title="分罐", bars=rows, notes=("截至",), kg_title="实存", value_title="计值")
    assert size(painted(bars)) == (1080, 42 + 52 + 24 + 42 + 62 + 56 * 20)
    assert {"—", "19,000.0", "1,000.00"} <= drawn_texts(monkeypatch, bars)


def test_a_withheld_half_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(Bar(label=f"T-{n}", kg=5e5, value_cny=123456.0) for n in range(3))
    texts = drawn_texts(monkeypatch, Bars(title="分罐", bars=rows, notes=(), kg_title="实存", value_title=None))
    assert not any("12.35" in t or "计值" in t for t in texts)


def test_more_than_fits_a_phone_is_refused() -> None:
    with pytest.raises(ValueError, match="2001 points in a curve: 1 to 2000 are allowed"):
        course(*[1.0] * 2001)
    with pytest.raises(ValueError, match="both halves are withheld"):
        Bars(title="x", bars=(Bar(label="a", kg=None, value_cny=None),), notes=(), kg_title=None, value_title=None)


@pytest.mark.parametrize(
    ("text", "longest", "written"),
    [
        ("恒运池", 6, "恒运池"),
        ("恒运池", 5, "恒…"),
        ("两行\n一行\t", 20, "两行 一行"),
        (f"{RARE}a", 9, f"{SUBSTITUTE}a"),
    ],
)
def test_a_label_is_one_line_that_fits(text: str, longest: int, written: str) -> None:
    assert drawable(text, frozenset(map(ord, "恒运池两行一…a ")), longest=longest) == written


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("恒运池 走势", ["恒运池 走势"]),
        ("恒运池认可货值 3月5日–3月12日", ["恒运池认可货值", "3月5日–3月12日"]),
        ("恒运池认可货值、货量走势图", ["恒运池认可货值、", "货量走势图"]),
        ("", [""]),
    ],
)
def test_a_long_title_takes_two_lines_and_parts_no_date(text: str, lines: list[str]) -> None:
    assert lines_of(text, longest=16, most=2) == lines


@pytest.mark.parametrize("hours", [0.01, 1, 5, 24, 60, 100, 24 * 30, 24 * 400])
def test_times_on_the_axis_are_few_round_and_within_it(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    points = (Point(at=START, value=1.0), Point(at=START + timedelta(hours=hours), value=2.0))
    panel = Panel(title="认可货值", unit="cny", curves=(Curve(name="认可货值", points=points),))
    found = _drawn(monkeypatch, Course(title="恒运池", panels=(panel,), notes=()))
    (axes,) = found.axes
    boxes = [t.get_window_extent() for t in axes.get_xticklabels()]
    assert 1 <= len(boxes) <= 5
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


@pytest.mark.parametrize(
    ("unit", "largest", "value", "step", "written"),
    [
        ("cny", 1.3e8, 1.25e8, 5e6, "1.25"),
        ("cny", 6.4e5, 6.4e5, 2e4, "64"),
        ("kg", 1.8e7, 1.75e7, 5e5, "17,500"),
        ("mm", 9842.0, 9250.0, 250.0, "9.25"),
        ("ratio", 0.754, 0.725, 0.005, "72.5"),
        ("cny_t", 2410.0, 2350.0, 50.0, "2,350"),
    ],
)
def test_a_tick_has_the_decimals_that_its_step_needs(
    unit: str, largest: float, value: float, step: float, written: str
) -> None:
    assert ticks_of(scale_of(unit, largest), step)(value, None) == written


def test_the_bots_process_never_loads_the_drawing_library() -> None:
    code = "import bot.app, bot.pictures, bot.words, sys; print('matplotlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
