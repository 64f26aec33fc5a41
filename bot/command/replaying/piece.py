"""A stretch of moments over which only the gauges move: everything that the rules look at, in columns.

What does not move (shares, prices, lines, what is owed) is taken from a real scene; where the columns do not come to
the very value of that scene they are not trusted, and the moments are judged one by one.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np

from bot.command.replaying.block import EPOCH, MICROSECOND, Block
from bot.command.replaying.paperwork import Paperwork, books_of
from bot.house import House
from domain.contract import Contract, Line, QuantityRule
from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.money import in_fen
from domain.movement import WorkOrder, notice_for
from domain.position import GoodPrice, Position
from domain.scene import Scene
from domain.screen.worth import Pool, depth, fen, fen_per_kg
from domain.stock import Flags
from rules.screen.gaps import Gaps, worked_in
from rules.screen.losses import Losses, Window, limits_kg, outward_kg, unordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The moments lo … hi − 1 of a block, arrays of shape (hi − lo, …).

    value, last_known in fen; deep, deep_known: how many lines each lies below. silent: by tank, in the contract's order. fresh_prices: those of the scene, to be judged before they are taken as known.
    """

    lo: int
    hi: int
    prices: Mapping[str, GoodPrice]
    line_values: Mapping[Line, Decimal]
    exposure: Decimal
    value: Ints
    last_known: Ints
    deep: Ints
    deep_known: Ints
    losses: Losses
    silent: Flags
    gaps: Gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What pieces of a block are cut from. rows: of the contract's tanks. first_us: since when the rules have looked on."""

    contract: Contract
    block: Block
    papers: Paperwork
    window: Window
    best_kg: Floats
    rule_us: Ints
    first_us: int
    rows: Ints
    pool: Pool

    def scene(self, house: House, i: int) -> Scene:
        """The contract's world at a moment, as the house would have shown it. Its prices are those that it has now."""
        feeds = self.papers.feeds(i)
        as_of = min((f.as_of for f in feeds.values()), default=None)
        shadow = copy.copy(house)
        delay = self.contract.on_delay
        shadow.farm = self.block.farm(i)
        shadow.stocks = {**house.stocks, delay: self.block.stock(delay, i)}
        shadow.books = books_of(feeds, as_of)
        shadow.papers = self.papers.papers(i)
        return shadow.scene(self.contract, self.block.at[i])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A scene, and until when all in it stands but the gauges and the papers. contents: of the books.

    by: what the house went by then (``_grounds``).
    """

    scene: Scene
    contents: tuple[int, ...]
    by: tuple[object, ...]
    until: int

    def holds(self, ground: Ground, house: House, i: int) -> bool:
        """Whether it is as good as the scene of that moment."""
        return i < self.until and self.under(house) and ground.papers.contents(i) == self.contents

    def under(self, house: House) -> bool:
        """Whether the house still goes by the very same prices, words and titles."""
        return all(mine is its for mine, its in zip(self.by, _grounds(house), strict=True))


def _grounds(house: House) -> tuple[object, ...]:
    return (house.prices, house.said, house.ledger)


def standing(ground: Ground, house: House, lo: int, hi: int, *, before: Standing | None) -> Standing | None:
    """What stands from ``lo`` on, by ``hi`` at the latest; None where that moment must be judged itself.

    before: what stood until then.
    """
    scene = ground.scene(house, lo)
    items = scene.position.items
    if any(i.holding.good not in scene.contract.goods or i.price.cny_t is None for i in items):
        return None
    if not scene.position.known:
        return None

    def same(i: int) -> bool:
        return house.prices_for(ground.contract, ground.block.at[i]) == scene.prices

    if before is not None and before.under(house) and lo < before.until:
        until = min(hi, before.until)  # only a book is another one
    else:
        until = hi if same(hi - 1) else _turn(same, lo, hi - 1)
    return Standing(scene=scene, contents=ground.papers.contents(lo), by=_grounds(house), until=until)


def piece(ground: Ground, stands: Standing, lo: int, hi: int) -> Piece | None:
    """The columns of the moments lo … hi − 1, over which the papers say the same; None where they cannot be trusted."""
    scene = replace(stands.scene, now=ground.block.at[lo], papers=ground.papers.papers(lo))
    try:
        found = _columns(ground, scene, lo, hi)
    except Unmeasurable:
        return None  # too large for the columns, not for the house
    position = stands.scene.position
    if position.at == ground.block.at[lo]:
        known = (in_fen(position.recognised), in_fen(position.last_known))
        return found if (found.value[0], found.last_known[0]) == known else None
    return found


def held_prices(position: Position) -> dict[str, GoodPrice]:
    """The prices of the goods that are in the tanks."""
    return {i.holding.good: i.price for i in position.items}


def _turn(same: Callable[[int], bool], lo: int, hi: int) -> int:
    """The first moment after ``lo`` that is not the same any more; at ``hi`` it is not. A term turns once, if at all."""
    while hi - lo > 1:
        middle = (lo + hi) // 2
        lo, hi = (middle, hi) if same(middle) else (lo, middle)
    return hi


def _columns(ground: Ground, scene: Scene, lo: int, hi: int) -> Piece:
    contract, span = ground.contract, slice(lo, hi)
    items, terms = scene.position.items, contract.staleness
    own = ground.block.believed[contract.on_delay]
    us, taken = ground.block.us[span], own.taken_at_us[span][:, ground.rows]
    part = np.array([float(i.holding.share) for i in items])
    physical = _whole(own.mass_kg[span][:, ground.rows] * part)
    eligible = _eligible(contract, scene, physical, _whole(own.heel_kg[span][:, ground.rows] * part))
    age_s = (us[:, None] - taken) / 1e6
    counted = age_s <= terms.exclude_s
    prices = [i.price.cny_t or Decimal(0) for i in items]
    usual = [contract.goods[i.holding.good].haircut for i in items]
    now = [fen_per_kg(p, i.haircut) for p, i in zip(prices, items, strict=True)]
    then = [fen_per_kg(p, h) for p, h in zip(prices, usual, strict=True)]
    value = ground.pool.capped(fen(eligible, now) * counted)
    last_known = value if now == then and counted.all() else ground.pool.capped(fen(eligible, then))
    lines = scene.position.line_values
    return Piece(
        lo=lo,
        hi=hi,
        prices=held_prices(scene.position),
        line_values=lines,
        exposure=scene.position.exposure,
        value=value,
        last_known=last_known,
        deep=depth(value, lines),
        deep_known=depth(last_known, lines),
        losses=_losses(ground, scene, lo, hi),
        silent=_silent(ground, taken, span),
        gaps=_gaps(ground, scene, physical, age_s <= terms.warn_s, span),
    )


def _whole(mass_kg: Floats) -> Ints:
    """As ``domain.money.whole_kg``."""
    return np.asarray(np.rint(mass_kg).astype(np.int64))


def _eligible(contract: Contract, scene: Scene, physical: Ints, heel: Ints) -> Ints:
    held = [i.holding for i in scene.position.items]
    mass = physical
    if contract.quantity_rule is QuantityRule.LOWER_OF_BOOK:
        most = np.array([h.book_kg if h.book_kg is not None else np.iinfo(np.int64).max for h in held])
        mass = np.minimum(physical, most)
    return np.asarray(np.maximum(mass - heel - np.array([h.frozen_kg for h in held]), 0))


def _silent(ground: Ground, taken: Ints, span: slice) -> Flags:
    since = np.where(taken == 0, ground.first_us, taken)
    return np.asarray((ground.rule_us[span][:, None] - since) / 1e6 > ground.contract.staleness.warn_s)


def _losses(ground: Ground, scene: Scene, lo: int, hi: int) -> Losses:
    best = ground.best_kg[lo:hi]
    mass = ground.block.believed[ground.contract.on_delay].mass_kg[lo:hi][:, ground.rows]
    ids = tuple(scene.stock.index.tanks[row].id for row in ground.rows)
    orders = _orders(scene)
    fresh, noticed = _spoken(ground, scene, ids, lo, hi)
    named = _named(scene)
    alone = np.array([outward_kg(orders.get(t, ()), ground.contract) for t in ids])
    beside = np.array([outward_kg(orders.get(t, ()), ground.contract, noticed=named) for t in ids])
    with np.errstate(invalid="ignore"):
        lost, limit = best - mass, limits_kg(best, ground.contract.tolerances)
        suspect = (lost > limit) & (lost - np.where(fresh, np.where(noticed, beside, alone), 0.0) > limit)
    ended = fresh & np.array([any(o.closed_at is not None for o in orders.get(t, ())) for t in ids])
    for i, k in zip(*(places.tolist() for places in np.nonzero(suspect & ended)), strict=True):
        since, among = ground.window.since(lo + i, int(ground.rows[k])), named if noticed[i, k] else None
        explained = outward_kg(orders[ids[k]], ground.contract, since=since, noticed=among)
        suspect[i, k] = lost[i, k] - explained > limit[i, k]
    oldest_us = ground.window.at_us[ground.window.first[lo:hi]]
    plain = np.stack([unordered(orders.get(t, ()), oldest_us, EPOCH) for t in ids], axis=1)
    return Losses(tanks=ids, lost_kg=lost, limit_kg=limit, suspect=suspect, plain=plain)


def _orders(scene: Scene) -> dict[str, list[WorkOrder]]:
    """Every order that was told, by tank."""
    found: dict[str, list[WorkOrder]] = {}
    for order in (o for papers in scene.papers.values() for o in papers.work_orders):
        found.setdefault(order.tank_id, []).append(order)
    return found


def _named(scene: Scene) -> frozenset[tuple[str, str]]:
    """Orders (number, tank) that name a sealed notice which the depot holds for them."""
    every = ((o, papers.releases) for papers in scene.papers.values() for o in papers.work_orders)
    return frozenset((o.no, o.tank_id) for o, releases in every if notice_for(o, releases) is not None)


def _spoken(ground: Ground, scene: Scene, ids: tuple[str, ...], lo: int, hi: int) -> tuple[Flags, Flags]:
    """By moment and tank: whether the site's work orders were told lately, and whether its release notices were."""
    us, index, span = ground.block.us[lo:hi], scene.stock.index, slice(lo, hi)
    fresh, noticed = (np.zeros((hi - lo, len(ids)), dtype=bool) for _ in range(2))
    by_site: dict[str, list[int]] = {}
    for k, tank in enumerate(ids):
        by_site.setdefault(index.tanks[index.row[tank]].site_id, []).append(k)
    for site, mine in by_site.items():
        fresh[:, mine] = _lately(us, ground.papers.told_us[site][span], ground.contract)[:, None]
        noticed[:, mine] = _lately(us, ground.papers.released_us[site][span], ground.contract)[:, None]
    return fresh, noticed


def _lately(us: Ints, told_us: Ints, contract: Contract) -> Flags:
    """Where papers were told no longer ago than the contract lets them be. told_us 0: never."""
    return np.asarray((told_us > 0) & (us - told_us <= timedelta(seconds=contract.staleness.feed_s) // MICROSECOND))


def _gaps(ground: Ground, scene: Scene, physical: Ints, fresh: Flags, span: slice) -> Gaps:
    contract, us = ground.contract, ground.block.us[span]
    as_of = ground.papers.as_of_us[span]
    timely = (as_of > 0) & ((us - as_of) / 1e6 <= contract.staleness.book_s)
    own = ground.block.believed[contract.on_delay]
    u_kg = _whole(
        own.u_mass_kg[span][:, ground.rows] * np.array([float(i.holding.share) for i in scene.position.items])
    )
    orders = _orders(scene)
    tanks = tuple(i.holding.tank_id for i in scene.position.items)
    told, _ = _spoken(ground, scene, tanks, span.start, span.stop)
    judged, booked = fresh & timely[:, None] & told, np.zeros(len(ground.rows), dtype=np.int64)
    for k, item in enumerate(scene.position.items):
        held = item.holding
        if held.book_kg is None:
            judged[:, k] = False
            continue
        booked[k] = held.book_kg
        mine = orders.get(held.tank_id)
        if mine:
            judged[:, k] &= ~worked_in(mine, us, EPOCH, contract.tolerances.window_s)
    allowed = np.maximum(contract.tolerances.book_ratio * booked.astype(np.float64), 2.0 * u_kg)
    return Gaps(tanks=tanks, gap_kg=physical - booked, allowed_kg=allowed, judged=judged)
