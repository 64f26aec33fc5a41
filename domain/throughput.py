"""What a plant's gauges say of its feed and product: running sums with bounds, from one moment to the next.

Both are changes of mass in tanks, less what work orders brought and took otherwise. The depot's own word on feed and
product (process orders) counts for nothing here, so that a loss cannot be told as production. An order that takes
cargo away counts only with its sealed release notice, and for no more than that notice; where the contract wants
notices registered, the registered one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from domain.case.cover import covered
from domain.case.terms import NoticeSource
from domain.farm import Floats
from domain.movement import Direction, WorkOrder, notice_for
from domain.process import AT, Process
from domain.scene import DepotPapers, Scene

EVERY_US = 60_000_000
"""Points of a track are kept so far apart; the newest is always there."""
AN_OPERATION = timedelta(hours=48)
"""An order may still be moving cargo for so long after it was opened, and not for ever."""
PLANT = frozenset({Direction.PROCESS_IN, Direction.PROCESS_OUT})

Counted = Mapping[tuple[str, str], int]
"""By order number and tank: signed kg that the order has brought (above 0) or taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One plant's running sums: ``points`` as in ``domain.process``, and what orders had moved by the last of them.

    net_kg: by orders since the first point, into the input tanks and into the output tanks.
    """

    points: Floats = field(default_factory=lambda: np.zeros((5, 0)))
    counted: Counted = field(default_factory=dict)
    net_kg: tuple[int, int] = (0, 0)


def watched(scene: Scene, process: Process) -> bool:
    """Every gauge of the plant's tanks is fresh, and so are the work orders and release notices of their sites."""
    index, stock = scene.stock.index, scene.stock
    rows = index.rows((*process.input_tanks, *process.output_tanks))
    oldest_us = (scene.now - timedelta(seconds=scene.contract.staleness.warn_s)).timestamp() * 1e6
    if not all(np.isfinite(stock.mass_kg[r]) and stock.taken_at_us[r] >= oldest_us for r in rows):
        return False
    papers = [scene.papers.get(index.tanks[r].site_id, DepotPapers()) for r in rows]
    limit = scene.now - timedelta(seconds=scene.contract.staleness.feed_s)
    return all(t is not None and t >= limit for p in papers for t in (p.work_orders_as_of, p.releases_as_of))


def advanced(scene: Scene, process: Process, track: Track) -> Track:
    """The track with the point of now, thinned; one point older than the window needs stays."""
    tanks = {*process.input_tanks, *process.output_tanks}
    orders = [o for p in scene.papers.values() for o in p.work_orders if o.tank_id in tanks]
    orders = [o for o in orders if o.direction not in PLANT]
    counted = {**track.counted, **_counted(scene, orders, track)}
    began = track.points.shape[1] > 0
    moved = {k: kg - (track.counted.get(k, 0) if began else kg) for k, kg in counted.items()}
    net, bounds = list(track.net_kg), []
    for side, mine in enumerate((process.input_tanks, process.output_tanks)):
        net[side] += sum(kg for (_, tank), kg in moved.items() if tank in mine)
        held = sum(float(scene.stock.mass_kg[r]) for r in scene.stock.index.rows(mine)) - net[side]
        coming, going = _under_way(scene, orders, mine)
        bounds.append((held - coming, held + going))
    (raw_low, raw_high), (made_low, made_high) = bounds
    point = np.array([[scene.now.timestamp() * 1e6], [-raw_high], [-raw_low], [made_low], [made_high]])
    points = _kept(np.hstack([_spaced(track.points), point]), process)
    return Track(points=points, counted=counted, net_kg=(net[0], net[1]))


def _counted(scene: Scene, orders: Sequence[WorkOrder], track: Track) -> dict[tuple[str, str], int]:
    """What each order has moved so far. One without its notice takes nothing; what once counted goes on to count."""
    found: dict[tuple[str, str], int] = {}
    for order in orders:
        key, limit = (order.no, order.tank_id), _limit_kg(scene, order)
        if limit is not None:
            kg = min(order.done_kg, limit)
            found[key] = -kg if order.direction.leaves else kg
        elif key not in track.counted:
            found[key] = 0
    return found


def _under_way(scene: Scene, orders: Sequence[WorkOrder], tanks: Sequence[str]) -> tuple[float, float]:
    """Kg that open orders may have brought to these tanks, and taken, beyond what they have said by now."""
    coming = going = 0.0
    for order in orders:
        limit = _limit_kg(scene, order)
        running = order.closed_at is None and scene.now - order.opened_at < AN_OPERATION
        if order.tank_id in tanks and running and limit is not None:
            rest = max(0, min(order.planned_kg, limit) - order.done_kg)
            going, coming = (going + rest, coming) if order.direction.leaves else (going, coming + rest)
    return coming, going


def _limit_kg(scene: Scene, order: WorkOrder) -> int | None:
    """The most that an order may account for; None: nothing at all, for want of a release notice."""
    if order.direction is not Direction.OUT:
        return max(order.planned_kg, order.done_kg)
    papers, terms = scene.papers.get(order.site_id, DepotPapers()), scene.contract.release
    notice = notice_for(order, papers.releases)
    if terms is None or terms.notice is NoticeSource.DEPOT_PAPER:
        return notice.mass_kg if notice is not None else None
    cover = covered(scene.cases, [order], order.tank_id, terms.lift_ratio)
    ours = {p.owner for p in scene.contract.pledged if p.tank_id == order.tank_id}
    others_kg = notice.mass_kg if notice is not None and notice.owner not in ours else None
    return int(cover.kg) if cover.orders else others_kg


def _spaced(points: Floats) -> Floats:
    """Without the newest point where it lies too near to the one before it."""
    near = points.shape[1] >= 2 and points[AT, -1] - points[AT, -2] < EVERY_US
    return points[:, :-1] if near else points


def _kept(points: Floats, process: Process) -> Floats:
    begin = points[AT, -1] - (process.window_s + process.lag_s) * 1e6
    return points[:, max(0, int(np.searchsorted(points[AT], begin)) - 1) :]
