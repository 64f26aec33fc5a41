"""Which of a tank's outflow orders the registered notices cover, and how much they let out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.case.case import Case, Stage
from domain.case.terms import NoticeSource
from domain.contract import Contract
from domain.movement import ReleaseNotice, WorkOrder, notice_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """orders: numbers of the covered ones. kg: what they may have taken from the tank together."""

    orders: frozenset[str]
    kg: float


def covered(cases: Iterable[Case], orders: Iterable[WorkOrder], tank_id: str, lift_ratio: Decimal) -> Cover:
    """The orders out of one tank that name a sealed notice for it, opened while it was good.

    Of each notice no more than its own kg of this tank and the tolerance of a lift; of a revoked one what it had let
    out by then.
    """
    found: set[str] = set()
    kg = 0.0
    for case in cases:
        mine = [o for o in orders if _covers(case, o, tank_id)]
        if mine:
            found |= {o.no for o in mine}
            kg += min(float(sum(o.planned_kg for o in mine)), _most(case, tank_id, lift_ratio))
    return Cover(orders=frozenset(found), kg=kg)


def registered_only(contract: Contract) -> bool:
    """Only notices that two people of the lender registered let the contract's own cargo out."""
    return contract.release is not None and contract.release.notice is NoticeSource.REGISTERED


def under_notice(
    contract: Contract, cases: Iterable[Case], order: WorkOrder, releases: Iterable[ReleaseNotice]
) -> bool:
    """An order out names a notice that counts for this contract: a registered one, or where papers count, a sealed one."""
    terms = contract.release
    if terms is None or not registered_only(contract):
        return order.release_no in {n.no for n in releases if n.sealed}
    registered = covered(cases, [order], order.tank_id, terms.lift_ratio).orders
    return bool(registered) or by_paper(contract, order, releases)


def by_paper(contract: Contract, order: WorkOrder, releases: Iterable[ReleaseNotice]) -> bool:
    """A notice that the depot holds: where notices are registered, only for cargo of others in the same tank."""
    notice = notice_for(order, releases)
    if notice is None or not registered_only(contract):
        return notice is not None
    return notice.owner not in {p.owner for p in contract.pledged if p.tank_id == order.tank_id}


def _covers(case: Case, order: WorkOrder, tank_id: str) -> bool:
    notice = case.notice
    if notice is None or not notice.named(order.release_no) or tank_id not in case.kg_of(case.out):
        return False
    before_end = case.ended_at is None or order.opened_at <= case.ended_at
    return notice.covers(order.opened_at) and before_end


def _most(case: Case, tank_id: str, lift_ratio: Decimal) -> float:
    if case.stage is Stage.REVOKED:
        return float(case.lifted_kg(tank_id))
    return float(case.kg_of(case.out)[tank_id] * (1 + lift_ratio))
