"""What all lenders claim in one tank, against what is there: the only place where claims of several lenders meet.

What comes out for a contract holds its own figures only. How much others claim is never part of it, nor anything from
which that follows: the excess is told where a lender's own receipts make it up, and else only that there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.contract import Tolerances

RETURNS_WITHIN = 0.8
"""What has been told stands until the excess is within so small a part of what is allowed: the edge does not flutter."""


class Basis(StrEnum):
    """By what a contract claims cargo."""

    RECEIPTS = "receipts"  # kg under receipts in pledge
    SHARE = "share"  # a fixed part of the tank
    FLOATING = "floating"  # whatever the owner has


class Check(StrEnum):
    """What does not add up, the most telling first."""

    SAME_NUMBER = "same_number"  # a receipt that is in pledge here is in pledge elsewhere too
    OVER_OWN = "over_own"  # the contract's own receipts are more than its owner has
    OVER_OWNER = "over_owner"  # all that is claimed of one owner's cargo is more than that owner has
    OVER_TANK = "over_tank"  # receipts and fixed parts of all owners are more than the tank holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One contract's claim on one owner's cargo in one tank, deliverable kg. numbers: (issuer, receipt number)."""

    lender: str
    contract_id: str
    tank_id: str
    owner: str
    kg: int
    basis: Basis
    numbers: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """What a tank holds above its heel, and each owner's part of that by the depot's book. None: not known.

    u_kg: standard uncertainty of the measured mass.
    """

    deliverable_kg: int | None
    owner_kg: Mapping[str, int] | None
    u_kg: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Encumbered:
    """How one contract's claim in one tank stands. check None: it adds up, as far as is known.

    edge: the same with RETURNS_WITHIN of the tolerance, for what has been told. physical_kg: what its owner can have
    there at most; of the whole tank where the check is about that. over_kg: by how much the own receipts alone exceed
    it, else None. numbers: own receipts that the check is about. owner_known: the owners' parts are known.
    """

    tank_id: str
    own_kg: int
    physical_kg: int | None
    check: Check | None
    edge: Check | None
    over_kg: int | None
    numbers: tuple[str, ...]
    owner_known: bool


def encumbered(
    mine: Claim, claims: Sequence[Claim], there: There, tolerances: Tolerances, twice: frozenset[tuple[str, str]]
) -> Encumbered:
    """One contract's claim against all claims on that tank, its own among them. twice: see ``doubled``."""
    shared = mine.numbers & twice
    check = Check.SAME_NUMBER if shared else _check(mine, claims, there, tolerances, 1.0)
    edge = check or _check(mine, claims, there, tolerances, RETURNS_WITHIN)
    physical = there.deliverable_kg if edge is Check.OVER_TANK else _at_most(mine, there)
    own = edge is Check.OVER_OWN and physical is not None
    return Encumbered(
        tank_id=mine.tank_id,
        own_kg=mine.kg,
        physical_kg=physical,
        check=check,
        edge=edge,
        over_kg=mine.kg - physical if own and physical is not None else None,
        numbers=tuple(sorted(no for _, no in shared or mine.numbers)),
        owner_known=there.owner_kg is not None,
    )


def doubled(held: Iterable[tuple[str, tuple[str, str]]]) -> frozenset[tuple[str, str]]:
    """Of (lender, (issuer, number)) in pledge: the receipts that more than one lender holds, in whatever tanks."""
    holders: dict[tuple[str, str], set[str]] = {}
    for lender, number in held:
        holders.setdefault(number, set()).add(lender)
    return frozenset(number for number, lenders in holders.items() if len(lenders) > 1)


def _at_most(mine: Claim, there: There) -> int | None:
    """What the contract's owner can have there: no more than the book says, and no more than the tank holds."""
    owner = there.owner_kg.get(mine.owner, 0) if there.owner_kg is not None else None
    known = [kg for kg in (owner, there.deliverable_kg) if kg is not None]
    return min(known, default=None)


def _check(mine: Claim, claims: Sequence[Claim], there: There, tolerances: Tolerances, part: float) -> Check | None:
    """part: of the tolerance, at which more than is there is too much."""

    def over(kg: int, limit: int | None) -> bool:
        return limit is not None and kg > limit + part * _allowed(limit, there, tolerances)

    if mine.kg == 0:
        return None
    if mine.basis is Basis.RECEIPTS and over(mine.kg, _at_most(mine, there)):
        return Check.OVER_OWN
    same = [c.kg for c in claims if c.owner == mine.owner and c.kg]
    if len(same) > 1 and there.owner_kg is not None and over(sum(same), _at_most(mine, there)):
        return Check.OVER_OWNER
    if mine.basis is Basis.FLOATING:
        return None
    stated = sum(c.kg for c in claims if c.basis is not Basis.FLOATING)
    return Check.OVER_TANK if over(stated, there.deliverable_kg) else None


def _allowed(kg: int, there: There, tolerances: Tolerances) -> float:
    """The contract's static tolerance, but never finer than the gauge itself (k = 2)."""
    return max(tolerances.static_ratio * kg, tolerances.static_t * 1000, 2.0 * there.u_kg)
