"""What a contract's pledge is worth now, and how far from each line: the formulas of docs/pledge.md.

V  = Σ eligible_kg × price × (1 − haircut), then the caps.          E = exposure.
eligible = max(0, min(physical × share, book) − heel × share − frozen), and at most what receipts cover, if they count.
line  = the strictest of E / ltv (or E × coverage) and a control-line notice in force; a line is breached when V < line (equal is safe).
recognised leaves out silent gauges and takes an extra haircut on stale prices; last_known does neither, so that
what lies between the two is what missing data costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.account import exposure_at
from domain.contract import Contract, ControlLineNotice, Line
from domain.interest import dawn
from domain.money import ZERO, cny, fen, half_even, in_fen, total, worth
from domain.price_origin import PriceOrigin


class Freshness(StrEnum):
    """How far a tank's figure may be trusted to be of now."""

    FRESH = "fresh"
    STALE = "stale"  # older than staleness.warn_s: counted, and said
    EXCLUDED = "excluded"  # older than staleness.exclude_s: not recognised
    NEVER = "never"  # no good reading yet


class PriceStanding(StrEnum):
    """How far a price may be trusted."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One pledged tank as it stands: masses in integer kg in air, the pledge's part of the tank already taken.

    physical_kg None: never measured. book_kg None: the book does not name this owner in this tank, or no book.
    pledged_kg: what receipts in pledge cover here; None: all of the owner's cargo is pledged.
    stock_taken_at: when the tank's stock was last taken in the depot's ledger, where it keeps one.
    """

    tank_id: str
    site_id: str
    good: str
    physical_kg: int | None
    heel_kg: int
    book_kg: int | None
    frozen_kg: int
    share: Decimal
    u_kg: int
    taken_at: datetime | None
    freshness: Freshness
    stock_taken_at: datetime | None = None
    pledged_kg: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPrice:
    """The price used for a good in CNY per tonne, and whether it may be relied upon.

    quarantined: what the price would be if the quote that waits stood. origin: how it came about.
    """

    cny_t: Decimal | None
    published_at: datetime | None
    standing: PriceStanding
    source: str
    quarantined: Decimal | None = None
    origin: PriceOrigin | None = None


BARRED = "ineligible_"
"""Begins the ``why_not`` of a tank that the contract takes out; its reason follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One tank's part of the value before caps: ``value_cny`` as recognised if ``counted``, and as last known.

    uncovered_kg: what would count as well if receipts covered it.
    """

    holding: Holding
    eligible_kg: int
    price: GoodPrice
    haircut: Decimal
    value_cny: Decimal
    last_known_cny: Decimal
    counted: bool
    why_not: str | None
    uncovered_kg: int = 0

    @property
    def barred(self) -> bool:
        """The contract takes the tank out for now; that is no missing data."""
        return self.why_not is not None and self.why_not.startswith(BARRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A contract's standing at one moment. Amounts in CNY to the fen; ratios as 0.7236.

    recognised ≤ last_known. fresh_ratio: the part of last_known that fresh gauges back. ltv None: V is 0.
    """

    contract_id: str
    at: datetime
    exposure: Decimal
    exposure_as_of: datetime
    exposure_stale: bool
    recognised: Decimal
    last_known: Decimal
    capped_off: Decimal
    line_values: Mapping[Line, Decimal]
    ltv: Decimal | None
    fresh_ratio: Decimal
    oldest_at: datetime | None
    book_stale: bool
    items: tuple[Item, ...]

    @property
    def coverage(self) -> Decimal | None:
        """V ÷ E (1.38 = 138 %); None where nothing is owed."""
        return self.recognised / self.exposure if self.exposure > 0 else None

    @property
    def breached(self) -> Line | None:
        """The lowest line that the recognised value has fallen below, or None."""
        return lowest_breached(self.recognised, self.line_values)

    @property
    def known(self) -> bool:
        """Every pledged tank has been measured and every good in it has had a price, however long ago."""
        return all(
            i.barred or (i.holding.physical_kg is not None and (i.price.cny_t is not None or i.eligible_kg == 0))
            for i in self.items
        )

    def complete(self) -> bool:
        """Everything fresh: every gauge, price and balance. Only then may an answer say 正常."""
        prices = all(
            i.barred or (i.price.standing is PriceStanding.FRESH and i.price.quarantined is None) for i in self.items
        )
        return self.fresh_ratio == 1 and prices and not self.exposure_stale and not self.book_stale


def lowest_breached(value: Decimal, line_values: Mapping[Line, Decimal]) -> Line | None:
    """The most severe line with value < line (strict: equality is safe)."""
    below = [line for line in Line if value < line_values[line]]
    return below[-1] if below else None


def control_notice(contract: Contract, now: datetime) -> ControlLineNotice | None:
    """The control-line notice in force: the latest effective one, the stricter where two begin together."""
    live = [n for n in contract.lines.notices if n.effective_from <= now]
    return max(live, key=lambda n: (n.effective_from, n.amount), default=None)


def line_values(contract: Contract, exposure: Decimal, now: datetime) -> dict[Line, Decimal]:
    """Each line in CNY; the control line is the stricter of the contract's ratio and the notice in force."""
    values = {line: fen(contract.lines.worth_of(line, exposure)) for line in Line}
    notice = control_notice(contract, now)
    if notice is not None:
        values[Line.CONTROL] = max(values[Line.CONTROL], notice.amount)
        values[Line.WARN] = max(values[Line.WARN], values[Line.CONTROL])
    return values


def eligible_kg(holding: Holding, *, lower_of_book: bool) -> int:
    """The deliverable kg that the contract counts (docs/pledge.md), never below 0."""
    mass = deliverable_kg(holding, lower_of_book=lower_of_book)
    return mass if holding.pledged_kg is None else min(mass, holding.pledged_kg)


def deliverable_kg(holding: Holding, *, lower_of_book: bool) -> int:
    """The same, whatever receipts cover."""
    if holding.physical_kg is None:
        return 0
    mass = holding.physical_kg
    if lower_of_book and holding.book_kg is not None:
        mass = min(mass, holding.book_kg)
    return max(0, mass - holding.heel_kg - holding.frozen_kg)


def item(contract: Contract, holding: Holding, price: GoodPrice, *, barred: str | None = None) -> Item:
    """Value one holding. A price at or below zero, or none, recognises nothing; nor does a tank that is barred."""
    good = contract.goods.get(holding.good)
    if barred is not None or good is None:
        return _uncounted(holding, price, barred or "good_not_eligible")
    lower = contract.quantity_rule == "lower_of_book"
    mass = eligible_kg(holding, lower_of_book=lower)
    haircut = good.haircut
    if price.standing is PriceStanding.STALE:
        haircut = min(Decimal(1), haircut + good.price.stale_haircut)
    cny_t = max(price.cny_t or ZERO, ZERO)
    value = worth(mass, cny_t, haircut)
    return Item(
        holding=holding,
        eligible_kg=mass,
        price=price,
        haircut=haircut,
        value_cny=value,
        last_known_cny=value if haircut == good.haircut else worth(mass, cny_t, good.haircut),
        counted=holding.freshness in (Freshness.FRESH, Freshness.STALE),
        why_not=_why_not(holding, price),
        uncovered_kg=deliverable_kg(holding, lower_of_book=lower) - mass if holding.pledged_kg is not None else 0,
    )


def _uncounted(holding: Holding, price: GoodPrice, why: str) -> Item:
    return Item(
        holding=holding,
        eligible_kg=0,
        price=price,
        haircut=ZERO,
        value_cny=ZERO,
        last_known_cny=ZERO,
        counted=False,
        why_not=why,
    )


def _why_not(holding: Holding, price: GoodPrice) -> str | None:
    if holding.freshness in (Freshness.EXCLUDED, Freshness.NEVER):
        return f"gauge_{holding.freshness}"
    if holding.pledged_kg == 0:
        return "no_receipt"
    if price.cny_t is None:
        return "price_missing"
    return "price_not_positive" if price.cny_t <= 0 else None


def capped(contract: Contract, items: tuple[Item, ...]) -> Decimal:
    """What the caps leave of these items: tank, then good, owner, site, each a share of the uncapped total."""
    return cny(_capped_fen(contract, items, [in_fen(i.value_cny) for i in items]))


def _capped_fen(contract: Contract, items: tuple[Item, ...], values: list[int]) -> int:
    """The same in fen, for these values of the items."""
    whole, caps = sum(values), contract.caps
    shares = {g: good.max_share if good.max_share is not None else caps.good for g, good in contract.goods.items()}
    if caps.tank is None and caps.site is None and caps.owner is None and all(s is None for s in shares.values()):
        return whole
    ceilings = {s: _ceiling(s, whole) for s in {caps.tank, caps.site, caps.good, caps.owner, *shares.values()}}
    tanks: dict[str, int] = {}
    good_of: dict[str, str] = {}
    for i, value in zip(items, values, strict=True):
        tank_id = i.holding.tank_id
        tanks[tank_id] = tanks.get(tank_id, 0) + value
        good_of[tank_id] = i.holding.good
    most = ceilings[caps.tank]
    tanks = {t: min(v, most) for t, v in tanks.items()}
    goods = _grouped(tanks, good_of)
    left = {g: min(v, ceilings[shares.get(g)]) for g, v in goods.items()}
    if caps.site is None and caps.owner is None and left == goods:
        return sum(left.values())
    tanks = _cut(tanks, good_of, goods, left)
    if caps.owner is not None:
        owner_of = {p.tank_id: p.owner for p in contract.pledged}
        owners = _grouped(tanks, owner_of)
        kept = {o: min(v, ceilings[caps.owner]) for o, v in owners.items()}
        if caps.site is None:
            return sum(kept.values())
        tanks = _cut(tanks, owner_of, owners, kept)
    sites = _grouped(tanks, {i.holding.tank_id: i.holding.site_id for i in items})
    return sum(min(v, ceilings[caps.site]) for v in sites.values())


def _ceiling(share: Decimal | None, whole: int) -> int:
    """This share of the whole in fen; the whole where there is no cap."""
    if share is None:
        return whole
    numerator, denominator = share.as_integer_ratio()
    return half_even(whole * numerator, denominator)


def _grouped(values: Mapping[str, int], group_of: Mapping[str, str]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, value in values.items():
        sums[group_of[key]] = sums.get(group_of[key], 0) + value
    return sums


def _cut(
    tanks: Mapping[str, int], group_of: Mapping[str, str], groups: Mapping[str, int], left: Mapping[str, int]
) -> dict[str, int]:
    """Each tank's fen once what its group has above its cap is taken pro rata from the tanks of the group."""
    cut = {g: groups[g] - left[g] for g in groups}
    kept: dict[str, int] = {}
    for tank_id, value in tanks.items():
        group = group_of[tank_id]
        kept[tank_id] = value - (half_even(cut[group] * value, groups[group]) if cut[group] else 0)
    return kept


def take_position(
    contract: Contract,
    *,
    holdings: tuple[Holding, ...],
    prices: Mapping[str, GoodPrice],
    book_stale: bool,
    now: datetime,
) -> Position:
    """The contract's standing at ``now``. ``prices`` by good code; a good without one is valued at nothing."""
    none = GoodPrice(cny_t=None, published_at=None, standing=PriceStanding.MISSING, source="")
    barred = {x.tank_id: f"{BARRED}{x.why}" for x in contract.ineligible if dawn(x.since) <= now}
    items = tuple(item(contract, h, prices.get(h.good, none), barred=barred.get(h.tank_id)) for h in holdings)
    counted = tuple(i for i in items if i.counted)
    recognised = capped(contract, counted)
    as_known = len(counted) == len(items) and all(i.value_cny is i.last_known_cny for i in items)
    last_known = (
        recognised if as_known else cny(_capped_fen(contract, items, [in_fen(i.last_known_cny) for i in items]))
    )
    owed = exposure_at(contract, now)
    exposure = owed.amount
    fresh = total(i.last_known_cny for i in items if i.holding.freshness is Freshness.FRESH)
    whole = total(i.last_known_cny for i in items)
    all_fresh = all(i.barred or i.holding.freshness is Freshness.FRESH for i in items)
    return Position(
        contract_id=contract.id,
        at=now,
        exposure=exposure,
        exposure_as_of=owed.as_of,
        exposure_stale=(now - owed.as_of).total_seconds() > owed.stale_after_s,
        recognised=recognised,
        last_known=last_known,
        capped_off=total(i.value_cny for i in counted) - recognised,
        line_values=line_values(contract, exposure, now),
        ltv=exposure / recognised if recognised > 0 else None,
        fresh_ratio=Decimal(1) if all_fresh else (min(fresh / whole, Decimal("0.9999")) if whole else ZERO),
        oldest_at=min((h.taken_at for h in holdings if h.taken_at is not None), default=None),
        book_stale=book_stale,
        items=items,
    )
