"""质押率几个点, 离监管线还差多少: the one figure of a contract's state that was asked for, before anything else."""

from decimal import Decimal

from domain.contract import Contract, Field, Line
from domain.event import Json
from domain.position import Position
from skills.pool import NO_POSITION, as_of
from skills.ports import View
from skills.scope import withheld
from skills.skill import Answer, Figure, Status
from skills.worth import worth

WANTS: dict[str, frozenset[Field]] = {
    "ltv": frozenset({Field.LTV}),
    "coverage": frozenset({Field.LTV}),
    "gap": frozenset({Field.VALUE, Field.LINE}),
}
"""What may be asked for by itself, and what of a contract it tells."""
RATIOS = frozenset({"ltv", "coverage"})


def standing(view: View, contracts: tuple[Contract, ...], want: str, line: str) -> Answer:
    """want: 'ltv', 'coverage' or 'gap' to ``line`` (all of them where it is empty). NOT_PERMITTED where no contract shows it here."""
    needs = WANTS[want]
    open_here = tuple(c for c in contracts if view.may(c.id) >= needs)
    if not open_here:
        granted = frozenset[Field]().union(*(view.may(c.id) for c in contracts))
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": sorted(needs - granted)})
    stands = [(c, p) for c in open_here if (p := view.position(c.id)) is not None and p.items]
    if not stands:
        return NO_POSITION
    blocks = [_block(view, c, p, want, line) for c, p in stands]
    facts: Json = {"want": want, "contracts": blocks, "withheld": withheld(view, contracts, tuple(sorted(needs)))}
    fresh = len(stands) == len(open_here) and all(b["complete"] for b in blocks)
    return Answer(
        status=Status.OK if fresh else Status.STALE,
        kind="standing",
        facts=facts,
        figures=tuple(f for b in blocks for f in _figures(b)),
    )


def _block(view: View, contract: Contract, position: Position, want: str, line: str) -> Json:
    known = worth(contract, position, view.may(contract.id))
    keys = ("ltv", "ltv_lines", "coverage", "coverage_lines") if want in RATIOS else ()
    facts: Json = {
        "contract": contract.id,
        "complete": position.complete(),
        "as_of": as_of(position),
        "of_last_known": known["of_last_known"],
        "alarms": len(view.alarms(contract.id)),
        **{k: known[k] for k in keys if k in known},
        **(_coverage(position, known) if want == "coverage" else {}),
    }
    if view.may(contract.id) >= WANTS["gap"]:
        of = Decimal(known["lines"]["of_cny"])
        rows = _rows(position, of, line if want == "gap" else "")
        facts |= {"value_cny": known["value_cny"], "of_cny": str(of), "lines": rows}
    return facts


def _coverage(position: Position, known: Json) -> Json:
    """V ÷ E, which is never told as the LTV; beside it the lines of a contract that writes them so, and of no other."""
    if "coverage" in known:
        return {}
    value = position.last_known if known["of_last_known"] else position.recognised
    return {"coverage": str(value / position.exposure) if position.exposure > 0 else None}


def _rows(position: Position, value: Decimal, line: str) -> list[Json]:
    """The distance to every line, the one that was asked for first, else the nearest; above a line it is positive."""
    rows = [_distance(x, position.line_values[x], value) for x in Line]
    return sorted(rows, key=lambda r: (r["line"] != line, abs(Decimal(r["gap_cny"]))))


def _distance(line: Line, limit: Decimal, value: Decimal) -> Json:
    ratio = str(1 - limit / value) if value >= limit and value > 0 else None
    return {"line": line.value, "line_cny": str(limit), "gap_cny": str(value - limit), "ratio": ratio}


def _figures(facts: Json) -> list[Figure]:
    made = [(k, facts[k], "1") for k in ("ltv", "coverage") if facts.get(k) is not None]
    made += [(f"{r['line']}_gap_cny", r["gap_cny"], "CNY") for r in facts.get("lines", ())]
    return [Figure(name=f"{facts['contract']}.{n}", value=v, unit=u, as_of=facts["as_of"]) for n, v, u in made]
