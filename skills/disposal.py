"""处置测算: what a sale of the pledge would bring, in which order and by when, against what is owed. The lender's own."""

from collections.abc import Mapping

from domain.contract import Contract
from domain.disposal import Worksheet, bought_back, worksheet
from domain.event import Json
from domain.money import total
from domain.people import LENDER_ROLES
from domain.position import Position
from domain.sale import Plan
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.scope import among_lenders, asked
from skills.skill import Answer, Figure, Parameter, Skill, Status

TOP = 6
"""So many sales are shown; the rest is summed."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One worksheet per visible contract; only where nobody but lenders reads along."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if not among_lenders(view):
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": ["disposal"]})
    blocks = [block(view, c) for c in contracts]
    known = [b for b in blocks if b["known"]]
    if not known:
        return NO_POSITION
    return Answer(
        status=Status.OK if all(b["complete"] for b in blocks) else Status.STALE,
        kind="disposal",
        facts={"contracts": blocks},
        figures=tuple(
            Figure(name=f"{b['contract']}.{name}", value=b[name], unit="CNY", as_of=b["as_of"])
            for b in known
            for name in ("exposure_cny", "proceeds_cny", "shortfall_cny")
        ),
    )


def block(view: View, contract: Contract) -> Json:
    """One contract's worksheet by the contract's own plan."""
    position = stood(view, contract)
    if position is None:
        return {"contract": contract.id, "known": False, "complete": False}
    sheet = worksheet(position, contract.disposal)
    return {
        "contract": contract.id,
        "known": True,
        "complete": position.complete(),
        "as_of": as_of(position),
        "exposure_cny": str(sheet.exposure_cny),
        "proceeds_cny": str(sheet.proceeds_cny),
        "shortfall_cny": str(sheet.shortfall_cny),
        "covered_by": sheet.covered_by,
        "days": max((s.sold_by_day for s in sheet.sales), default=0),
        "unsold": list(sheet.unsold),
        "agreed": contract.disposal != Plan(),
        "buyback": _buyback(contract, position),
        **_rows(contract, sheet),
    }


def _buyback(contract: Contract, position: Position) -> Json | None:
    """What the party that has promised to take the goods back would pay for all of them; None without a promise."""
    if contract.buyback is None:
        return None
    cny = bought_back(position, contract.buyback.price_ratio)
    owed = position.exposure
    return {
        "price_ratio": str(contract.buyback.price_ratio),
        "proceeds_cny": str(cny),
        "coverage": str(cny / owed) if owed else None,
    }


def _rows(contract: Contract, sheet: Worksheet) -> Json:
    shown = sheet.sales if len(sheet.sales) <= TOP + 1 else sheet.sales[:TOP]
    rest = sheet.sales[len(shown) :]
    terms = {s.good: contract.disposal.of(s.good) for s in shown}
    return {
        "rows": [
            {
                "good": s.good,
                "kg": s.kg,
                "haircut": str(terms[s.good].haircut),
                "cost_cny_t": str(terms[s.good].cost_cny_t),
                "days": s.sold_by_day,
                "proceeds_cny": str(s.proceeds_cny),
                "coverage": str(s.coverage) if s.coverage is not None else None,
            }
            for s in shown
        ],
        "rest": {"n": len(rest), "proceeds_cny": str(total(s.proceeds_cny for s in rest))} if rest else None,
    }


SKILL = Skill(
    name="disposal",
    command="disposal",
    purpose="处置测算:卖多少、多久、能收回多少(仅资金方)",
    examples=(
        "处置测算",
        "处置清单",
        "如果处置要多久能收回多少",
        "处置能收回多少",
        "处置这池货能收回多少钱",
        "变卖能收回多少",
        "恒运池处置测算",
        "处置要多久",
        "处置够不够还贷款",
    ),
    roles=LENDER_ROLES,
    run=run,
    parameters=(Parameter(name="contract", kind="contract", about="项目,默认本群全部"),),
    aliases=("处置", "处置测算"),
)
