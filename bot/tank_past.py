"""What the series tells of tanks over a span: masses, how far levels went, and what work orders moved. Reads only.

Called in a skill's own thread. Readings are sampled in the store, some hundreds a tank however long the span is, and
measured with today's tables. Where the pledge's part of a tank is what the book or the ledger says, its course is taken
instead: the part of then is not that of now.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.house import House
from bot.memory import Memory
from domain.case.cover import registered_only, under_notice
from domain.change import Weighed
from domain.contract import Contract, PledgedTank
from domain.farm import COLUMNS, Farm, Quality, Readings
from domain.holding import share_of
from domain.metering.inventory import measure
from domain.movement import Direction, ReleaseNotice, WorkOrder
from domain.own_orders import Owners
from skills.ports import LevelRange, PaperMove, PaperMoves

SAMPLES = 700
"""So many masses of a tank at most."""
FINEST = timedelta(minutes=5)
LEVELS_EVERY = timedelta(minutes=10)
BEFORE = timedelta(days=1)
"""A last good reading before the start that is older than this says nothing of the start."""
Said = Mapping[tuple[str, str, str], WorkOrder]
"""The last word on each order, by its site, number and tank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A span, and the moment up to which anything is known."""

    start: datetime
    end: datetime
    now: datetime


def weighed(
    house: House, memory: Memory, contract: Contract, tanks: Collection[str], bounds: Bounds
) -> dict[str, list[Weighed]]:
    """The pledge's kg in air in each of these tanks of the contract, oldest first; of those that nobody measured none."""
    shares = {p.tank_id: _steady(p, house) for p in contract.pledged if p.tank_id in tanks}
    found = _measured(house, memory, {t: s for t, s in shares.items() if s is not None}, bounds)
    early = bounds.start - timedelta(hours=1)
    others = [t for t, share in shares.items() if share is None]
    if others:
        told = memory.look(lambda series: series.tank_masses(contract.id, early, bounds.end, others))
        for tank, points in told.items():
            before = [p for p in points if p[0] <= bounds.start]
            found[tank] = [*before[-1:], *points[len(before) :]]
    return {tank: points for tank, points in found.items() if points}


def _steady(pledged: PledgedTank, house: House) -> float | None:
    """The pledge's part of the tank where it does not change with the book: the contract's own figure, or all of it."""
    share = share_of(pledged, house.books, house.ledger)
    return float(share) if share is not None and (pledged.share is not None or share == 1) else None


def _measured(house: House, memory: Memory, shares: Mapping[str, float], bounds: Bounds) -> dict[str, list[Weighed]]:
    """Parts of tanks' masses by their gauges."""
    index, step = house.workspace.index, max(FINEST, (bounds.end - bounds.start) / SAMPLES)
    first = memory.look(lambda s: s.latest_good(index, now=bounds.start, within=BEFORE, known=bounds.now))
    rest = memory.look(lambda s: s.samples(index, [*shares], bounds.start, bounds.end, every=step, known=bounds.now))
    found: dict[str, list[Weighed]] = {tank: [] for tank in shares}
    for readings in (first, rest):
        for row, us, kg in _masses(house, readings):
            tank = index.tanks[row].id
            if tank in found:
                found[tank].append((_moment(us), round(kg * shares[tank])))
    return found


def _masses(house: House, readings: Readings) -> Iterator[tuple[int, int, float]]:
    """Place, time in µs and kg of each reading that means any: all tanks' first readings at once, their second, …"""
    index, rows = house.workspace.index, readings.rows
    if not rows.size:
        return
    _, begins, counts = np.unique(rows, return_index=True, return_counts=True)
    line = np.arange(rows.size) - np.repeat(begins, counts)
    columns = {}
    for name in COLUMNS:
        told = getattr(readings, name)
        blank = int(Quality.MISSING) if name == "quality" else np.nan if told.dtype.kind == "f" else 0
        columns[name] = np.full((int(counts.max()), len(index)), blank, dtype=told.dtype)
        columns[name][line, rows] = told
    kg = measure(Farm(index=index, **columns), house.plant).mass_air_kg[line, rows]
    good = np.flatnonzero(np.isfinite(kg))
    yield from zip(rows[good].tolist(), readings.taken_at_us[good].tolist(), kg[good].tolist(), strict=True)


def level_ranges(house: House, memory: Memory, tanks: Sequence[str], bounds: Bounds) -> dict[str, LevelRange]:
    """How far the levels of these tanks went up and down, of one reading each ten minutes."""
    index, every = house.workspace.index, LEVELS_EVERY
    samples = memory.look(lambda s: s.samples(index, tanks, bounds.start, bounds.end, every=every, known=bounds.now))
    good = np.isfinite(samples.level_mm)
    parts = {row: np.flatnonzero(good & (samples.rows == row)) for row in np.unique(samples.rows).tolist()}
    return {index.tanks[row].id: _range(samples, part) for row, part in parts.items() if part.size}


def _range(samples: Readings, part: NDArray[np.intp]) -> LevelRange:
    level, temp = samples.level_mm[part], samples.temp_c[part]
    known = temp[np.isfinite(temp)]
    return LevelRange(
        low_mm=float(level.min()),
        high_mm=float(level.max()),
        low_c=float(known.min()) if known.size else None,
        high_c=float(known.max()) if known.size else None,
        first_at=_moment(int(samples.taken_at_us[part[0]])),
        last_at=_moment(int(samples.taken_at_us[part[-1]])),
        samples=int(part.size),
    )


def paper_moves(house: House, memory: Memory, contract: Contract, bounds: Bounds) -> PaperMoves:
    """What each work order moved in the contract's tanks. An order that was told late counts from when it says."""
    tanks = frozenset(contract.tank_ids())
    sites = sorted({t.site_id for t in house.workspace.index.tanks if t.id in tanks})
    moves: list[PaperMove] = []
    unowned: dict[str, int] = {}
    owners = Owners.of(contract, house.books, house.ledger)
    releases = _releases(memory, sites, bounds)
    heard = {s: memory.look(lambda x, of=s: x.workorders_heard(of, valid=bounds.end, known=bounds.now)) for s in sites}  # type: ignore[misc]
    began = _said(memory, sites, bounds.start, bounds.start, bounds.start)
    told = _said(memory, sites, bounds.end, bounds.now, bounds.start)
    ended = told if bounds.end == bounds.now else _said(memory, sites, bounds.end, bounds.end, bounds.start)
    for key, order in told.items():
        kg = _done(order, ended.get(key), bounds.end) - (began[key].done_kg if key in began else 0)
        if owners.mine([order]):
            noticed = _noticed(house, contract, order, releases.get(order.site_id))
            moves.append(_move(order, max(0, kg), noticed=noticed))
        elif kg > 0 and owners.unowned([order]):
            unowned[order.tank_id] = unowned.get(order.tank_id, 0) + 1
    limit = contract.staleness.feed_s
    late = [s for s, at in heard.items() if at is None or (bounds.end - at).total_seconds() > limit]
    spoken = [at for at in heard.values() if at is not None]
    return PaperMoves(
        moves=tuple(sorted(moves, key=lambda m: (m.opened_at, m.no, m.tank_id))),
        as_of=min(spoken) if spoken and len(spoken) == len(heard) else None,
        stale=bool(late) or not heard,
        stale_sites=tuple(late),
        unowned=unowned,
    )


def _done(order: WorkOrder, by_end: WorkOrder | None, end: datetime) -> int:
    """What an order had moved by the end: its last word, unless it went on after."""
    over = order.closed_at is not None and order.closed_at <= end
    return order.done_kg if over or by_end is None else by_end.done_kg


def _said(memory: Memory, sites: Sequence[str], valid: datetime, known: datetime, since: datetime) -> Said:
    orders = memory.look(lambda s: s.all_workorders_as_of(sites, valid=valid, known=known, since=since))
    return {(o.site_id, o.no, o.tank_id): o for o in orders}


def _noticed(house: House, contract: Contract, order: WorkOrder, releases: Sequence[ReleaseNotice] | None) -> bool:
    """An order out names a notice that counts; also where nobody can tell, as no list of the depot's ever came."""
    if order.direction is not Direction.OUT or (releases is None and not registered_only(contract)):
        return True
    return under_notice(contract, house.cases_of(contract.id), order, releases or ())


def _releases(memory: Memory, sites: Sequence[str], bounds: Bounds) -> dict[str, list[ReleaseNotice]]:
    """Each site's notices issued by the end, on its list of the end or on today's, which may be the first that came.

    A notice stands for its own time, whenever the list with it was heard; one that was taken off since stood then. Sites
    without any list are left out.
    """
    found: dict[str, list[ReleaseNotice]] = {}
    for at in dict.fromkeys((bounds.end, bounds.now)):
        lists = memory.look(lambda s, at=at: s.all_releases_as_of(sites, valid=at, known=bounds.now))  # type: ignore[misc]
        for site, told in lists.items():
            found.setdefault(site, []).extend(n for n in told.rows if n.issued_at <= bounds.end)
    return found


def _move(order: WorkOrder, kg: int, *, noticed: bool) -> PaperMove:
    return PaperMove(
        no=order.no,
        tank_id=order.tank_id,
        direction=order.direction.value,
        leaves=order.direction.leaves,
        kg=kg,
        opened_at=order.opened_at,
        closed_at=order.closed_at,
        noticed=noticed,
    )


def _moment(us: int) -> datetime:
    return datetime.fromtimestamp(us / 1e6, UTC)
