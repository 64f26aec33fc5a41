"""The pictures that go with answers, as facts: a course over time, and a breakdown. Ids and decimals, no words.

Shown is what the answer's reader may see: the caller has left everything else out.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from domain.contract import Contract, Field, Line
from domain.course import CoursePoint
from domain.event import Json, stamp
from skills.course_data import UNITS, Measure, Only
from skills.skill import PictureRequest
from skills.span import Span

NEAR = Decimal("1.15")
"""A line that the value was never so near to would only flatten the curve."""
LEAST_BARS = 3


def course_picture(
    contract: Contract,
    span: Span,
    only: Only,
    groups: Sequence[Sequence[Measure]],
    points: Sequence[CoursePoint],
    may: frozenset[Field],
) -> PictureRequest | None:
    """One panel a measure; None where nothing would be drawn. points: of the contract, for its lines."""
    panels = [_panel(contract, group, points, only, may) for group in groups if any(m.known for m in group)]
    if not panels or all(len(c["points"]) < 2 for p in panels for c in p["curves"]):
        return None
    facts: Json = {
        "contract": contract.id,
        "start": stamp(max(span.start, min(m.known[0][0] for g in groups for m in g if m.known))),
        "end": stamp(span.end),
        "tanks": list(only.tanks),
        "goods": list(only.goods),
        "sites": list(only.sites),
        "panels": panels,
    }
    return PictureRequest(kind="course", facts=facts)


def _panel(
    contract: Contract, group: Sequence[Measure], points: Sequence[CoursePoint], only: Only, may: frozenset[Field]
) -> Json:
    metric = group[0].metric
    covered = metric == "ltv" and contract.lines.coverage is not None
    drawn = [m for m in group if m.known]
    limits: list[Json] = []
    if metric == "value" and only.whole and Field.LINE in may:
        limits = _value_lines(points)
    elif metric == "ltv":
        limits = _ratio_lines(contract, drawn, covered=covered)
    return {
        "metric": "coverage" if covered else metric,
        "unit": UNITS[metric],
        "curves": [{"of": m.of, "points": m.drawn(), **_marks(m)} for m in drawn],
        "limits": limits,
    }


def _marks(measure: Measure) -> Json:
    told = measure.told()
    return {name: told[name] for name in ("low", "high", "last")}


def _value_lines(points: Sequence[CoursePoint]) -> list[Json]:
    """The contract's lines as they were, each where the value came near it."""
    rows = []
    for line in Line:
        values = [(p.at, p.lines[line], p.recognised) for p in points]
        if any(worth <= limit * NEAR for _, limit, worth in values):
            rows.append({"line": line.value, "points": [[stamp(at), str(limit)] for at, limit in _steps(values)]})
    return rows


def _steps(values: Sequence[tuple[datetime, Decimal, Decimal]]) -> list[tuple[datetime, Decimal]]:
    """Only where the line moves, and its ends."""
    kept = [(at, limit) for n, (at, limit, _) in enumerate(values) if n == 0 or limit != values[n - 1][1]]
    last = (values[-1][0], values[-1][1])
    return kept if kept[-1] == last else [*kept, last]


def _ratio_lines(contract: Contract, drawn: Sequence[Measure], *, covered: bool) -> list[Json]:
    terms, ends = contract.lines, (drawn[0].known[0][0], drawn[0].known[-1][0])
    found = {line: terms.coverage_of(line) if covered else terms.ltv_of(line) for line in Line}
    return [{"line": line.value, "points": [[stamp(at), str(of)] for at in ends]} for line, of in found.items()]


def breakdown_picture(facts: Json) -> PictureRequest | None:
    """The rows of ``skills.tanks`` as bars; None for too few, or where neither tonnes nor value may be seen.

    facts: by, rows (tank/good/site, kg, value_cny, freshness or blind), more, total, as_of, filters.
    """
    rows = [r for r in facts["rows"] if r.get("kg") is not None or r.get("value_cny") is not None]
    shown = {name for name in ("kg", "value_cny") if any(r.get(name) is not None for r in rows)}
    if len(rows) < LEAST_BARS or not shown:
        return None
    by = facts["by"]
    bars = [
        {
            "of": r[by],
            "kg": r.get("kg"),
            "value_cny": r.get("value_cny"),
            "old": bool(r.get("blind")) or r.get("freshness", "fresh") != "fresh",
        }
        for r in rows
    ]
    more = facts["more"]
    rest = {"n": more["n"], "kg": more.get("kg"), "value_cny": more.get("value_cny")} if more else None
    return PictureRequest(
        kind="bars",
        facts={
            "by": by,
            "bars": bars,
            "rest": rest,
            "as_of": facts["as_of"],
            "shown": sorted(shown),
            "filters": dict(facts["filters"]),
            "total": {"tanks": facts["total"]["tanks"]},
        },
    )
