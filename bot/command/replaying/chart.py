"""The chart of a replay: the curve, and a mark for every alarm about the value."""

from bot.command.replaying.course import Course
from bot.judging import LOCAL
from domain.contract import AlertKind
from reports.value_chart import ChartMark, ChartPoint, value_chart

ABOUT_VALUE = frozenset({AlertKind.VALUE_BELOW_LINE, AlertKind.BLIND_BREACH})


def chart_of(course: Course, title: str, *, note: str = "") -> str:
    """An SVG; moments at which the position was not yet known are left out. Empty if there are no others."""
    points = [
        ChartPoint(at=p.at, value_cny=p.value_cny, lines_cny={line.value: v for line, v in p.lines_cny.items()})
        for p in course.points
        if p.known
    ]
    marks = [
        ChartMark(at=h.at, value_cny=h.value_cny, severity=h.severity.name.lower(), raised=h.active)
        for h in course.happenings
        if h.kind in ABOUT_VALUE and h.step != "closed" and h.value_cny is not None
    ]
    return value_chart(title, points, marks, zone=LOCAL, note=note) if points else ""
