"""A picture's facts as a finished chart: names, words and figures for the eye. Draws nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.wording import figures
from domain.event import Json, parse_stamp
from reports.charts.chart import Bar, Bars, Chart, Course, Curve, Mark, Panel, Point
from skills.skill import PictureRequest

WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "cny": figures.yi,
    "ratio": figures.pct,
    "kg": figures.t,
    "mm": figures.metres,
    "cny_t": figures.price,
}
NAMED = 3
"""So many tanks, goods or sites are named in a title."""


class Said(Protocol):
    """The words that a picture needs."""

    def line(self, key: str, **values: object) -> str:
        """A one-liner by name."""

    def label(self, table: str, key: object) -> str:
        """A single word by key."""

    def name(self, kind: str, id_: str) -> str:
        """How a tank, good, site or contract is called."""


def chart_of(request: PictureRequest, said: Said) -> Chart:
    """The chart. Raises KeyError for an unknown id or kind, ValueError for facts that no picture can show."""
    match request.kind:
        case "course":
            return _course(request.facts, said)
        case "bars":
            return _bars(request.facts, said)
    raise KeyError(f"picture of kind {request.kind!r}: 'course' and 'bars' are known")


def _course(facts: Json, said: Said) -> Course:
    named = [said.name(kind, i) for kind in ("tank", "good", "site") for i in facts[f"{kind}s"]]
    of = "、".join(named[:NAMED]) + ("等" if len(named) > NAMED else "")
    metrics = [said.label("metrics", p["metric"]) for p in facts["panels"]]
    start, end = facts["start"], facts["end"]
    given = {
        "contract": facts["contract"],
        "of": of,
        "metrics": metrics,
        "start": start,
        "end": end,
    }
    return Course(
        title=said.line("picture_course", **given),
        panels=tuple(_panel(p, said) for p in facts["panels"]),
        notes=(said.line("picture_course_note", end=end), said.line("picture_source")),
    )


def _panel(facts: Json, said: Said) -> Panel:
    unit, metric = facts["unit"], facts["metric"]
    title = said.label("metrics", metric)
    alone = len(facts["curves"]) == 1
    curves = [_curve(c, unit, _name(c["of"], metric, title, said), said, marked=alone) for c in facts["curves"]]
    limits = [
        Curve(name=said.label("lines", x["line"]), points=_points(x["points"]), limit=True) for x in facts["limits"]
    ]
    return Panel(title=title, unit=unit, curves=(*curves, *limits))


def _name(of: str, metric: str, title: str, said: Said) -> str:
    return said.name("tank" if metric == "level" else "good", of) if of else title


def _curve(facts: Json, unit: str, name: str, said: Said, *, marked: bool) -> Curve:
    low, high = facts["low"], facts["high"]
    marks = []
    if marked and WRITTEN[unit](low["value"]) != WRITTEN[unit](high["value"]):
        marks = [_mark(high, unit, "picture_high", said), _mark(low, unit, "picture_low", said)]
    last = WRITTEN[unit](facts["last"]["value"])
    return Curve(name=last if marked else f"{name} {last}", points=_points(facts["points"]), marks=tuple(marks))


def _mark(facts: Json, unit: str, key: str, said: Said) -> Mark:
    text = said.line(key, value=WRITTEN[unit](facts["value"]))
    return Mark(at=_at(facts["at"]), value=float(facts["value"]), text=text, below=key == "picture_low")


def _points(rows: Sequence[Sequence[Any]]) -> tuple[Point, ...]:
    return tuple(Point(at=_at(at), value=None if value is None else float(value)) for at, value in rows)


def _bars(facts: Json, said: Said) -> Bars:
    by, rest = facts["by"], facts["rest"]
    bars = [
        Bar(label=said.name(by, b["of"]), kg=_number(b["kg"]), value_cny=_number(b["value_cny"]), doubtful=b["old"])
        for b in facts["bars"]
    ]
    if rest is not None:
        label = said.line("picture_rest", n=rest["n"], by=by)
        bars.append(Bar(label=label, kg=_number(rest["kg"]), value_cny=_number(rest["value_cny"])))
    contracts = facts["filters"]["contract"]
    named = [said.name(kind, i) for kind in ("site", "good") for i in facts["filters"][kind]]
    given = {"of": "、".join(named[:NAMED]), "by": by, "tanks": facts["total"]["tanks"]}
    old = any(b.doubtful for b in bars)
    return Bars(
        title=said.line("picture_bars", contract=contracts[0] if len(contracts) == 1 else None, **given),
        bars=tuple(bars),
        notes=(said.line("picture_bars_note", as_of=facts["as_of"], old=old), said.line("picture_source")),
        kg_title=said.line("picture_kg") if "kg" in facts["shown"] else None,
        value_title=said.line("picture_value") if "value_cny" in facts["shown"] else None,
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _at(text: str) -> datetime:
    return parse_stamp(text)
