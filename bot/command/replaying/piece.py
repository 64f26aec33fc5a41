"""A stretch of moments over which only the gauges move: everything that the rules look at, in columns.

What does not move (shares, prices, lines, what is owed) is taken from a real scene; where the columns do not come to
the very value of that scene they are not trusted, and the moments are judged one by one.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from bot.command.replaying.block import EPOCH, Block
from bot.command.replaying.paperwork import Paperwork, books_of
from bot.house import House
from domain.contract import Contract, Line, QuantityRule
from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.money import in_fen
from domain.movement import WorkOrder
from domain.position import GoodPrice, Position
from domain.scene import DepotPapers, Scene
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
    """A scene, and until when all in it stands but the gauges and the papers. contents: of the books; priced: the book."""

    scene: Scene
    contents: tuple[int, ...]
    priced: object
    until: int

    def holds(self, ground: Ground, house: House, i: int) -> bool:
        """Whether it is as good as the scene of that moment."""
        return i < self.until and house.prices is self.priced and ground.papers.contents(i) == self.contents


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

    if before is not None and before.priced is house.prices and lo < before.until:
        until = min(hi, before.until)  # only a book is another one
    else:
        until = hi if same(hi - 1) else _turn(same, lo, hi - 1)
    return Standing(scene=scene, contents=ground.papers.contents(lo), priced=house.prices, until=until)


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
    heard = {t for t in ids if _heard(scene, t)}
    standing = np.array([outward_kg(orders.get(t, ()), ground.contract) if t in heard else 0.0 for t in ids])
    with np.errstate(invalid="ignore"):
        lost, limit = best - mass, limits_kg(best, ground.contract.tolerances)
        suspect = (lost > limit) & (lost - standing > limit)
    ended = np.array([t in heard and any(o.closed_at is not None for o in orders.get(t, ())) for t in ids])
    for i, k in zip(*(places.tolist() for places in np.nonzero(suspect & ended)), strict=True):
        since = ground.window.since(lo + i, int(ground.rows[k]))
        suspect[i, k] = lost[i, k] - outward_kg(orders[ids[k]], ground.contract, since=since) > limit[i, k]
    oldest_us = ground.window.at_us[ground.window.first[lo:hi]]
    plain = np.stack([unordered(orders.get(t, ()), oldest_us, EPOCH) for t in ids], axis=1)
    return Losses(tanks=ids, lost_kg=lost, limit_kg=limit, suspect=suspect, plain=plain)


def _orders(scene: Scene) -> dict[str, list[WorkOrder]]:
    """Every order that was told, by tank."""
    found: dict[str, list[WorkOrder]] = {}
    for order in (o for papers in scene.papers.values() for o in papers.work_orders):
        found.setdefault(order.tank_id, []).append(order)
    return found


def _heard(scene: Scene, tank_id: str) -> bool:
    """Whether the site's work orders were told now, and nothing at all is heard of releases."""
    index = scene.stock.index
    papers = scene.papers.get(index.tanks[index.row[tank_id]].site_id, DepotPapers())
    return papers.work_orders_as_of is not None and papers.releases_as_of is None


def _gaps(ground: Ground, scene: Scene, physical: Ints, fresh: Flags, span: slice) -> Gaps:
    contract, us = ground.contract, ground.block.us[span]
    as_of = ground.papers.as_of_us[span]
    timely = (as_of > 0) & ((us - as_of) / 1e6 <= contract.staleness.book_s)
    own = ground.block.believed[contract.on_delay]
    u_kg = _whole(
        own.u_mass_kg[span][:, ground.rows] * np.array([float(i.holding.share) for i in scene.position.items])
    )
    orders = _orders(scene)
    judged, booked = fresh & timely[:, None], np.zeros(len(ground.rows), dtype=np.int64)
    for k, item in enumerate(scene.position.items):
        held, papers = item.holding, scene.papers.get(item.holding.site_id)
        if held.book_kg is None or papers is None or papers.work_orders_as_of is None:
            judged[:, k] = False
            continue
        booked[k] = held.book_kg
        mine = orders.get(held.tank_id)
        if mine:
            judged[:, k] &= ~worked_in(mine, us, EPOCH, contract.tolerances.window_s)
    allowed = np.maximum(contract.tolerances.book_ratio * booked.astype(np.float64), 2.0 * u_kg)
    tanks = tuple(i.holding.tank_id for i in scene.position.items)
    return Gaps(tanks=tanks, gap_kg=physical - booked, allowed_kg=allowed, judged=judged)
