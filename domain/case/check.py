"""What the figures say of a request: value, lines, headroom, caps, what it costs. They decide nothing.

Everything is a revaluation of the pool as it would be (``domain.what_if``), never a value divided by a price. What a
notice in force lets out and nobody has lifted yet has left the pledge already, so that it is not given away twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.case.acts import terms_of
from domain.case.case import IN_FORCE, Case, CaseKind, CaseLine
from domain.case.terms import ReleaseRule
from domain.contract import Contract
from domain.event import Json, stamp
from domain.headroom import floor_of, within_caps
from domain.money import FEN, ZERO, cny, fen, in_fen, round_up, total, worth
from domain.position import GoodPrice, Position, PriceStanding, line_values
from domain.top_up import target_value
from domain.what_if import Change, largest, revalued


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is requested. repaid: what of its price is in the exposure already. of: the case, once it is filed.

    told_cny: its price as it was told then, which stays; None: it is worked out. came: kg by tank of what was to come and lies in the tanks already, so that it is not counted twice. paying: money
    confirmed in this very step, which the exposure does not know yet.
    """

    kind: CaseKind
    out: Sequence[CaseLine] = ()
    into: Sequence[CaseLine] = ()
    cash_cny: Decimal = ZERO
    repaid: Decimal = ZERO
    of: str | None = None
    told_cny: Decimal | None = None
    came: Mapping[str, int] = field(default_factory=dict)
    paying: Decimal = ZERO


def ask_of(case: Case, *, paying: Decimal = ZERO) -> Ask:
    """The request of a filed case, with the money and the goods that have come for it."""
    return Ask(
        kind=case.kind,
        out=case.out,
        into=case.into,
        cash_cny=case.cash_cny,
        repaid=case.paid_cny + paying,
        paying=paying,
        of=case.id,
        told_cny=Decimal(case.check["to_pay_cny"]),
        came={tank: case.brought_kg(tank) for tank in case.kg_of(case.into)},
    )


def reserved(cases: Iterable[Case], *, but: str | None = None) -> dict[str, int]:
    """Kg by tank that notices in force let out and nobody has lifted yet. but: the case not to count."""
    kg: dict[str, int] = {}
    for case in cases:
        if case.stage in IN_FORCE and case.id != but:
            for tank, asked in case.kg_of(case.out).items():
                kg[tank] = kg.get(tank, 0) + max(0, asked - case.lifted_kg(tank))
    return {tank: left for tank, left in kg.items() if left}


def unreserved(contract: Contract, position: Position, cases: Iterable[Case], *, but: str | None = None) -> Position:
    """The position once everything that notices in force let out has gone: what headroom may be told of."""
    kg = reserved(cases, but=but)
    return revalued(contract, position, Change(moved_kg={t: -mass for t, mass in kg.items()})) if kg else position


def checked(
    contract: Contract,
    position: Position,
    ask: Ask,
    *,
    cases: Iterable[Case],
    prices: Mapping[str, GoodPrice],
    blocked: bool,
    held: bool = False,
    covered: Mapping[tuple[str, str], int] | None = None,
) -> Json:
    """The figures of a request as JSON, amounts in CNY as strings; ``problems`` says what stands against it.

    cases: all of the contract. blocked: an open red alarm. held: one that only the lender knows of. covered: kg in pledge by (receipt,
    tank), for requests under receipts. problems: blocked, held, unknown, stale, not_held, not_priced, not_eligible,
    below_floor, over_caps, ratio, receipt. Raises CaseError for a contract without terms of release.
    """
    cases = tuple(cases)
    free = unreserved(contract, position, cases, but=ask.of)
    free = revalued(contract, free, Change(repaid=ask.paying)) if ask.paying else free
    after = revalued(contract, free, _moved(free, ask))
    to_pay = ask.told_cny if ask.told_cny is not None else _to_pay(contract, free, after, ask, prices)
    paid = revalued(contract, after, Change(repaid=max(max(to_pay, ask.cash_cny) - ask.repaid, ZERO)))
    floor = floor_of(free)
    swap = _swap(contract, ask, prices)
    problems = {
        "blocked": blocked,
        "held": held,
        "unknown": not position.known,
        "stale": not position.complete(),
        "not_held": _not_held(free, ask.out),
        "not_priced": any(_rate(contract, prices, x.good) is None for x in (*ask.out, *ask.into)),
        "not_eligible": any(x.good not in contract.goods for x in ask.into),
        "below_floor": bool(ask.out) and paid.recognised < floor_of(paid),
        "over_caps": not within_caps(free, after),
        "ratio": ask.kind is CaseKind.SWAP and not swap[1],
        "receipt": _uncovered(contract, ask, cases, covered or {}),
    }
    return {
        "at": stamp(position.at),
        "ok": not any(problems.values()),
        "problems": [name for name, found in problems.items() if found],
        "complete": position.complete(),
        "value_cny": str(free.recognised),
        "after_cny": str(after.recognised),
        "floor_cny": str(floor),
        "floor_after_cny": str(floor_of(paid)),
        "headroom_cny": str(ZERO if blocked or not position.known else max(ZERO, free.recognised - floor)),
        "reserved_kg": sum(reserved(cases, but=ask.of).values()),
        "out_cny": str(_worth(contract, prices, ask.out)),
        "in_cny": str(_worth(contract, prices, ask.into)),
        "ratio": swap[0],
        "ratio_needed": _ratio_needed(contract) if ask.kind is CaseKind.SWAP else None,
        "to_pay_cny": str(to_pay),
        **_restoring(contract, free, paid),
    }


def _restoring(contract: Contract, free: Position, paid: Position) -> Json:
    """尚缺: what the contract's target needs now, and what of that would still be missing after the request."""
    target = target_value(contract, free, free.exposure)
    missing = max(ZERO, target_value(contract, paid, paid.exposure) - paid.recognised)
    now = max(ZERO, target - free.recognised)
    return {"target_cny": str(target), "missing_now_cny": str(now), "missing_after_cny": str(missing)}


def _moved(position: Position, ask: Ask) -> Change:
    """The lines as signed kg by tank; more than a tank holds empties it, which ``not_held`` tells."""
    kg: dict[str, int] = {}
    for lines, sign in ((ask.out, -1), (ask.into, 1)):
        for line in lines:
            kg[line.tank_id] = kg.get(line.tank_id, 0) + sign * line.kg
    for tank, here in ask.came.items():
        kg[tank] -= min(here, sum(x.kg for x in ask.into if x.tank_id == tank))
    known = {i.holding.tank_id for i in position.items}
    return Change(moved_kg={t: mass for t, mass in kg.items() if t in known})


def _not_held(position: Position, out: Iterable[CaseLine]) -> bool:
    """Some tank counts for less than is asked out of it, or is not counted at all."""
    held = {i.holding.tank_id: i.eligible_kg for i in position.items if i.counted}
    asked: dict[str, int] = {}
    for line in out:
        asked[line.tank_id] = asked.get(line.tank_id, 0) + line.kg
    return any(kg > held.get(tank, 0) for tank, kg in asked.items())


def _uncovered(contract: Contract, ask: Ask, cases: Iterable[Case], covered: Mapping[tuple[str, str], int]) -> bool:
    """A receipt does not hold what is asked under it and under other notices in force, or none is named."""
    if contract.receipts is not None and any(line.receipt is None for line in ask.out):
        return True
    asked: dict[tuple[str, str], int] = {}
    others = [x for c in cases if c.stage in IN_FORCE and c.id != ask.of for x in c.out]
    for line in (*ask.out, *others):
        if line.receipt is not None:
            key = (line.receipt, line.tank_id)
            asked[key] = asked.get(key, 0) + line.kg
    mine = {(x.receipt, x.tank_id) for x in ask.out}
    return any(kg > covered.get(key, 0) for key, kg in asked.items() if key in mine)


def _rate(contract: Contract, prices: Mapping[str, GoodPrice], good: str) -> tuple[Decimal, Decimal] | None:
    """Price per tonne and haircut of a good as it is valued now; None where the contract cannot value it."""
    terms, price = contract.goods.get(good), prices.get(good)
    if terms is None or price is None or price.cny_t is None:
        return None
    extra = terms.price.stale_haircut if price.standing is PriceStanding.STALE else ZERO
    return max(price.cny_t, ZERO), min(Decimal(1), terms.haircut + extra)


def _worth(contract: Contract, prices: Mapping[str, GoodPrice], lines: Iterable[CaseLine]) -> Decimal:
    """Value of these lines after haircut, before caps; a good without a price is worth nothing here."""
    rated = ((line.kg, _rate(contract, prices, line.good)) for line in lines)
    return total(worth(kg, *rate) for kg, rate in rated if rate is not None)


def _ratio_needed(contract: Contract) -> str | None:
    swap = terms_of(contract).swap
    return str(swap.value_ratio) if swap is not None else None


def _swap(contract: Contract, ask: Ask, prices: Mapping[str, GoodPrice]) -> tuple[str | None, bool]:
    """V_in × (1 − h_in) over V_out × (1 − h_out), and whether that is as much as the contract wants."""
    swap = terms_of(contract).swap
    leaves, comes = _worth(contract, prices, ask.out), _worth(contract, prices, ask.into)
    ratio = str((comes / leaves).quantize(Decimal("0.0001"), rounding="ROUND_DOWN")) if leaves > 0 else None
    return ratio, swap is not None and comes >= swap.value_ratio * leaves


def _to_pay(contract: Contract, free: Position, after: Position, ask: Ask, prices: Mapping[str, GoodPrice]) -> Decimal:
    """What a release costs in CNY: its redemption under 先款后货, and whatever more keeps V at its floor."""
    if ask.kind is not CaseKind.RELEASE:
        return ZERO
    terms = terms_of(contract)
    first, value = terms.rule is ReleaseRule.PAYMENT_FIRST, _worth(contract, prices, ask.out)
    lent = contract.lines.lent_on(value) if terms.redeem_ratio is None else value * terms.redeem_ratio
    redeemed = round_up(lent, FEN) if first else ZERO
    short = _keeps_floor(contract, after, owed=free.exposure + ask.repaid)
    return fen(max(redeemed, short))


def _keeps_floor(contract: Contract, after: Position, *, owed: Decimal) -> Decimal:
    """The smallest repayment after which V is at its highest line; 0 where it is, or where none lowers it so far."""
    most = in_fen(round_up(owed, cny(1)))

    def short(repaid: int) -> bool:
        lines = line_values(contract, max(owed - cny(repaid), ZERO), after.at)
        return max(lines.values()) > after.recognised

    if not short(0) or short(most):
        return ZERO
    return cny(largest(short, most) + 1)
