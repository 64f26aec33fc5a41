"""货权: which batches of the pledge lie in a tank, what part of it they are, and where they came from.

Of other owners a lender hears one sum, everybody else nothing; their names and batches are as if they did not exist.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.contract import Field
from domain.event import Json, stamp
from skills.ports import Origin, Owned, OwnLot, View
from skills.scope import PARTIES, among_lenders, asked, ids, not_found
from skills.skill import Answer, AnswerButton, Figure, Parameter, Skill, Status
from skills.understanding.understand import Clarify

MOST = 8
"""So many tanks, and so many batches of one tank."""
STEPS = 3
"""So many steps of one batch: the first, from where it came at all, and the newest."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One tank's batches, or the pledge's part of each tank; with by=lineage where a tank's batches came from."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    open_here = [c for c in contracts if Field.QUANTITY in view.may(c.id)]
    if not open_here:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.QUANTITY.value]})
    for tank in ids(arguments, "tank"):
        if not any(tank in c.tank_ids() for c in contracts):
            return not_found("tank")
    rows = [o for c in open_here for o in view.owned(c.id) if _wanted(o, arguments)]
    if rows and arguments.get("by") == "lineage":
        return _lineage(view, rows)
    return told(view, rows, at=None)


def told(view: View, rows: list[Owned], *, at: datetime | None) -> Answer:
    """One tank by its batches, several in a line each. at: the past moment that they are of, None: now."""
    if not rows:
        return Answer(status=Status.NO_DATA, kind="no_ledger", facts={})
    answer = _single(view, rows[0]) if len(rows) == 1 else _several(rows)
    facts = {**answer.facts, "at": stamp(at) if at is not None else None}
    return replace(answer, facts=facts, buttons=answer.buttons if at is None else ())


def _wanted(o: Owned, arguments: Mapping[str, str]) -> bool:
    named = {"tank": o.tank_id, "good": o.good, "site": o.site_id}
    return all(not (wanted := ids(arguments, kind)) or name in wanted for kind, name in named.items())


def _several(rows: list[Owned]) -> Answer:
    """Every tank in one line, those where something is wrong first, then the fullest."""
    order = sorted(rows, key=lambda o: (_sound(o), -o.kg))
    facts: Json = {
        "by": "tank",
        "rows": [_row(o) for o in order[:MOST]],
        "more": {"n": len(order) - MOST, "kg": sum(o.kg for o in order[MOST:])} if order[MOST:] else None,
        "total_kg": sum(o.kg for o in order),
        "tanks": len(order),
        "as_of": stamp(min(o.as_of for o in order)),
    }
    return Answer(
        status=Status.OK if all(map(_sound, rows)) else Status.STALE,
        kind="owners",
        facts=facts,
        figures=tuple(f for o in order[:MOST] for f in _figures(o)),
    )


def _single(view: View, o: Owned) -> Answer:
    facts: Json = {
        "by": "batch",
        **_row(o),
        "lots": [_lot(lot) for lot in o.lots[:MOST]],
        "more": {"n": len(o.lots) - MOST, "kg": sum(x.kg for x in o.lots[MOST:])} if o.lots[MOST:] else None,
        "others_kg": o.others_kg if among_lenders(view) else None,
        "physical_kg": o.physical_kg,
        "within": o.within,
        "closed_kg": o.closed_kg,
        "opened_at": stamp(o.opened_at) if o.opened_at is not None else None,
    }
    offer = AnswerButton(label="lineage", skill="owners", arguments={"tank": o.tank_id, "by": "lineage"})
    return Answer(
        status=Status.OK if _sound(o) else Status.STALE,
        kind="owners",
        facts=facts,
        figures=_figures(o),
        buttons=(offer,) if o.lots else (),
    )


def _lineage(view: View, rows: list[Owned]) -> Answer:
    """One tank's; of several nobody is guessed."""
    if len({o.tank_id for o in rows}) != 1:
        return Clarify(about="tank", options=("owners",), tanks=tuple(o.tank_id for o in rows[:MOST])).answer()
    o = rows[0]
    steps = view.origins(o.contract_id, o.tank_id)
    shown = o.lots[:STEPS]
    facts: Json = {
        "by": "lineage",
        **_row(o),
        "lots": [{**_lot(lot), **_life(lot, steps)} for lot in shown],
        "more": {"n": len(o.lots) - STEPS, "kg": sum(x.kg for x in o.lots[STEPS:])} if o.lots[STEPS:] else None,
    }
    return Answer(status=Status.OK if _sound(o) else Status.STALE, kind="owners", facts=facts, figures=_figures(o))


def _sound(o: Owned) -> bool:
    """Nothing about it needs to be said: depot's ledger and book agree, are of now, and every entry was booked."""
    return o.agrees and not o.stale and o.refused == 0 and o.within is not False


def _row(o: Owned) -> Json:
    return {
        "contract": o.contract_id,
        "tank": o.tank_id,
        "site": o.site_id,
        "good": o.good,
        "share": str(o.share),
        "kg": o.kg,
        "ledger_kg": o.ledger_kg,
        "book_kg": o.book_kg,
        "agrees": o.agrees,
        "batches": len(o.lots),
        "refused": o.refused,
        "as_of": stamp(o.as_of),
        "stale": o.stale,
    }


def _lot(lot: OwnLot) -> Json:
    return {
        "batch": lot.batch,
        "kg": lot.kg,
        "deliverable_kg": lot.deliverable_kg,
        "since": stamp(lot.since),
        "pledged": lot.pledged,
    }


def _life(lot: OwnLot, steps: tuple[Origin, ...]) -> Json:
    mine = [s for s in steps if s.batch == lot.batch]
    shown = [
        {"kind": s.kind, "at": stamp(s.at), "tank": s.tank_id, "to_tank": s.to_tank, "kg": s.kg, "paper": s.paper}
        for s in (*mine[:1], *mine[1:][1 - STEPS :])
    ]
    return {"steps": shown, "between": max(0, len(mine) - STEPS)}


def _figures(o: Owned) -> tuple[Figure, ...]:
    as_of = stamp(o.as_of)
    return (
        Figure(name=f"{o.tank_id}.kg", value=str(o.kg), unit="kg", as_of=as_of),
        Figure(name=f"{o.tank_id}.share", value=str(o.share), unit="1", as_of=as_of),
    )


SKILL = Skill(
    name="owners",
    command="owners",
    purpose="罐里我们的货权:批次、占比、来源",
    examples=(
        "T-112里我们的货是哪几批",
        "T-112里有我们哪几批货",
        "我们在T-112占多少",
        "T-112里我们占几成",
        "T-112的货权",
        "货权台账",
        "货权占比",
        "各罐货权占比",
        "我们的货权占比是多少",
        "T-112有哪些批次",
        "T-112货权批次",
        "甲醇有哪些批次",
        "甲醇的货权台账",
        "这批货从哪来的",
        "这批货是从哪里来的",
        "T-112的货从哪来的",
        "T-112这批货的来源",
        "T-112的批次来源",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="tank", kind="tank", about="罐号"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
        Parameter(
            name="by",
            kind="choice",
            about="批次从哪来",
            choices=(("lineage", ("从哪来", "从哪里来", "从哪儿来", "哪来的", "来源")),),
        ),
    ),
    aliases=("货权", "批次"),
)
