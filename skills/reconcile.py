"""账实: the depot's book against the gauges, tank by tank, by the contract's own tolerance; receipts against what is there.

The same arithmetic as the rule that raises the alarm (``rules.book_gap``), of this moment and without its waiting time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import ZERO, worth
from domain.ownership.tolerance import allowed_kg
from domain.position import Freshness, Item
from skills.chosen import Row, chosen, named, of
from skills.ports import View
from skills.scope import PARTIES, ids
from skills.skill import Answer, Figure, Parameter, Skill, Status

MOST = 6
FEW = 2
"""So many tanks that agree are told, the widest gaps of them."""
AN_OPERATION = timedelta(hours=48)
"""As ``rules.book_gap``: an order that is never closed excuses no gap for ever."""
_ORDER = {"short": 0, "over": 1, "working": 2, "blind": 3, "unbooked": 4, "ok": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One tank's book against its gauge, kg of the pledge's part. state: a key of ``_ORDER``."""

    contract: Contract
    item: Item
    state: str
    allowed_kg: int

    @property
    def gap_kg(self) -> int | None:
        """Physical less book; None where either is not of now, or not there."""
        held = self.item.holding
        if held.book_kg is None or held.physical_kg is None or held.freshness is not Freshness.FRESH:
            return None
        return held.physical_kg - held.book_kg


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """First whether book and gauges agree; 无法核对 on an old book. Worst first."""
    rows = chosen(view, arguments)
    if isinstance(rows, Answer):
        return rows
    contracts = {c.id: c for c, _ in rows}
    working, papers_stale = _working(view, contracts.values())
    made = [_held(view, row, working) for row in rows]
    made.sort(key=lambda h: (_ORDER[h.state], -abs(h.gap_kg or 0)))
    spoken = [view.book_as_of(c) for c in contracts]
    as_of = None if None in spoken else min(t for t in spoken if t is not None)
    positions = [view.position(c) for c in contracts]
    stale = as_of is None or any(p is not None and p.book_stale for p in positions)
    facts = _facts(view, made, arguments, as_of=as_of, stale=stale, papers_stale=papers_stale)
    done = not stale and not papers_stale and not facts["states"]["blind"]
    return Answer(
        status=Status.NO_DATA if as_of is None or not facts["compared"] else Status.OK if done else Status.STALE,
        kind="reconcile",
        facts=facts,
        figures=_figures(facts),
    )


def _working(view: View, contracts: Iterable[Contract]) -> tuple[frozenset[str], bool]:
    """Tanks whose book and gauge may not agree yet; and whether work orders are too old, or unknown, to say which."""
    tanks: set[str] = set()
    stale = False
    for contract in contracts:
        history = view.history(contract.id)
        if history is None:
            return frozenset(), True
        settle = timedelta(seconds=contract.tolerances.window_s)
        told = history.orders(view.now - settle, view.now)
        stale = stale or told.stale
        running = (m for m in told.moves if m.closed_at is not None or view.now - m.opened_at < AN_OPERATION)
        tanks |= {m.tank_id for m in running if m.closed_at is None or view.now - m.closed_at < settle}
    return frozenset(tanks), stale


def _held(view: View, row: Row, working: frozenset[str]) -> Held:
    contract, item = row
    held = item.holding
    booked, fresh = held.book_kg, held.freshness is Freshness.FRESH and held.physical_kg is not None
    gap = (held.physical_kg or 0) - (booked or 0)
    allowed = allowed_kg(
        contract.tolerances,
        held.good,
        booked or 0,
        u_kg=held.u_kg,
        short=gap < 0,
        stock_taken_at=held.stock_taken_at,
        now=view.now,
    )
    if booked is None:
        state = "unbooked"
    elif not fresh:
        state = "blind"
    elif abs(gap) <= allowed:
        state = "ok"
    else:
        state = "working" if held.tank_id in working else "short" if gap < 0 else "over"
    return Held(contract=contract, item=item, state=state, allowed_kg=round(allowed))


def _facts(
    view: View, made: list[Held], arguments: Mapping[str, str], *, as_of: datetime | None, stale: bool,
    papers_stale: bool,
) -> Json:  # fmt: skip
    states = [h.state for h in made]
    compared = [h for h in made if h.gap_kg is not None]
    by = arguments.get("by", "tank")
    by = by if by in ("good", "site") else "tank"
    rows = _grouped(made, by) if by != "tank" else [_row(view, h) for h in _told(made, arguments)]
    taken = [h.item.holding.taken_at for h in compared if h.item.holding.taken_at is not None]
    return {
        "by": by,
        "filters": named(arguments),
        "tanks": len(made),
        "states": {s: states.count(s) for s in _ORDER},
        "compared": len(compared),
        "book_kg": sum(h.item.holding.book_kg or 0 for h in compared),
        "physical_kg": sum(h.item.holding.physical_kg or 0 for h in compared),
        "rows": rows[:MOST],
        "more": (len(made) if by == "tank" else len(rows)) - len(rows[:MOST]),
        "book_as_of": stamp(as_of) if as_of is not None else None,
        "taken_at": stamp(max(taken)) if taken else None,
        "stale": stale,
        "papers_stale": papers_stale,
        "receipts": _receipts(made),
    }


def _told(made: list[Held], arguments: Mapping[str, str]) -> list[Held]:
    """What is worth a line: what does not agree or cannot be compared, and the widest of the others; or what is named."""
    if ids(arguments, "tank"):
        return made
    agrees = [h for h in made if h.state == "ok"]
    return [h for h in made if h.state not in ("ok", "unbooked")] + agrees[:FEW]


def _row(view: View, h: Held) -> Json:
    held, may = h.item.holding, view.may(h.contract.id)
    gap, price = h.gap_kg, h.item.price.cny_t
    facts: Json = {
        "tank": held.tank_id,
        "site": held.site_id,
        "good": held.good,
        "state": h.state,
        "book_kg": held.book_kg,
        "physical_kg": held.physical_kg,
        "gap_kg": gap,
        "gap_ratio": str(gap / held.book_kg) if gap is not None and held.book_kg else None,
        "allowed_kg": h.allowed_kg,
    }
    if Field.VALUE in may and gap is not None and price is not None:
        facts["value_cny"] = str(worth(abs(gap), max(price, ZERO), h.item.haircut))
    return facts


def _grouped(made: list[Held], by: str) -> list[Json]:
    """Goods or sites in sum over what can be compared, the widest gap first."""
    groups: dict[str, list[Held]] = {}
    for h in made:
        groups.setdefault(of((h.contract, h.item), by), []).append(h)
    rows = [_sum(by, key, part) for key, part in groups.items()]
    return sorted(rows, key=lambda r: (-r["beyond"], -abs(r["gap_kg"] or 0)))


def _sum(by: str, key: str, part: list[Held]) -> Json:
    compared = [h for h in part if h.gap_kg is not None]
    return {
        by: key,
        "tanks": len(part),
        "compared": len(compared),
        "beyond": sum(h.state in ("short", "over") for h in part),
        "book_kg": sum(h.item.holding.book_kg or 0 for h in compared),
        "physical_kg": sum(h.item.holding.physical_kg or 0 for h in compared),
        "gap_kg": sum(h.gap_kg or 0 for h in compared) if compared else None,
    }


def _receipts(made: list[Held]) -> Json | None:
    """What receipts in pledge cover, and tanks that can deliver less than they do; None where none count."""
    covered = [h for h in made if h.item.holding.pledged_kg is not None]
    if not covered:
        return None
    short: list[Json] = []
    for h in covered:
        held = h.item.holding
        if held.physical_kg is None or held.freshness is not Freshness.FRESH:
            continue
        lacking = (held.pledged_kg or 0) - max(0, held.physical_kg - held.heel_kg)
        if lacking > h.allowed_kg:
            short.append({"tank": held.tank_id, "kg": lacking})
    short.sort(key=lambda s: -s["kg"])
    return {"kg": sum(h.item.holding.pledged_kg or 0 for h in covered), "short": short}


def _figures(facts: Json) -> tuple[Figure, ...]:
    at = {"book_kg": facts["book_as_of"], "physical_kg": facts["taken_at"], "gap_kg": facts["taken_at"]}
    told = [("total", {k: facts[k] for k in ("book_kg", "physical_kg")})] if facts["compared"] else []
    told += [(r[facts["by"]], r) for r in facts["rows"]]
    return tuple(
        Figure(name=f"{name}.{key}", value=str(row[key]), unit="kg", as_of=at[key])
        for name, row in told
        for key in at
        if row.get(key) is not None
    )


SKILL = Skill(
    name="q_reconcile",
    command="reconcile",
    purpose="账面和实际对得上吗:分罐差多少、允差多少、账是几点的",
    examples=("账面和实际对得上吗", "T-107账实差多少吨", "按库区看账实差", "甲醇账实对得上吗"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="tank", kind="tank", about="罐"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
        Parameter(
            name="by",
            kind="choice",
            about="按罐、品种或库区",
            choices=(
                ("tank", ("分罐", "按罐", "各罐")),
                ("good", ("按品种", "分品种", "各品种")),
                ("site", ("按库区", "分库区", "各库区")),
            ),
        ),
    ),
    aliases=("账实", "对账"),
)
