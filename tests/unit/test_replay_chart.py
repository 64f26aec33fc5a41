"""The chart of a value against its lines."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

from reports.value_chart import ChartMark, ChartPoint, value_chart

NOW = datetime(2020, 4, 20, tzinfo=UTC)
LINES = {"warn": Decimal(70_000_000), "control": Decimal(66_000_000), "disposal": Decimal(58_000_000)}
SVG = "{http://www.w3.org/2000/svg}"


def chart(*values: int, marks: tuple[ChartMark, ...] = ()) -> ET.Element:
    points = [
        ChartPoint(at=NOW + timedelta(days=n), value_cny=Decimal(v), lines_cny=LINES) for n, v in enumerate(values)
    ]
    return ET.fromstring(value_chart("原油池 <WTI>", points, marks, zone=UTC))


def path_of_value(root: ET.Element) -> str:
    return next(p.attrib["d"] for p in root.iter(f"{SVG}path") if p.attrib.get("stroke") == "#1b4f8f")


def test_a_value_holds_until_the_next_one_and_zero_is_the_axis() -> None:
    assert path_of_value(chart(70_000_000, 0, 35_000_000)).endswith("H571.0V470.0H1050.0V279.4")


def test_the_three_lines_are_named_and_the_title_is_made_harmless() -> None:
    texts = [t.text for t in chart(70_000_000, 0).iter(f"{SVG}text")]
    assert {"补货线", "监管线", "处置线"} <= set(texts)
    assert "原油池 <WTI>" in texts


def test_labels_of_lines_that_lie_close_do_not_cover_one_another() -> None:
    root = chart(70_000_000_000, 0)
    heights = sorted(float(t.attrib["y"]) for t in root.iter(f"{SVG}text") if t.text in {"补货线", "监管线", "处置线"})
    assert all(b - a >= 17 for a, b in pairwise(heights))


def test_a_long_curve_keeps_its_lowest_point() -> None:
    values = [60_000_000] * 20_000
    values[12_345] = 0
    path = path_of_value(chart(*values))
    assert "V470.0" in path
    assert path.count("H") < 5000


def test_a_mark_stands_at_its_moment_and_value() -> None:
    mark = ChartMark(at=NOW + timedelta(days=1), value_cny=Decimal(0), severity="red", raised=True)
    paths = [p.attrib["d"] for p in chart(70_000_000, 0, 0, marks=(mark,)).iter(f"{SVG}path")]
    assert "M571.0 470.0l-6 -11h12z" in paths
