"""How tanks moved in a span: what work orders say of each, what its gauge shows, and whether the two agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.change import Change, changed
from domain.contract import Contract
from domain.position import Freshness, Item
from skills.chosen import Row
from skills.ports import History, PaperMove, PaperMoves, View
from skills.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TankMove:
    """One tank in the span. change None: its gauge does not speak at the end; part: of as much as it spoke, to whenever.

    blind: the span reaches to now and its newest reading is not fresh, so that the end is not known.
    since: from when it speaks, where that is well after the start. tolerance_kg: what is noise. shared: others own cargo in it.
    moves: of the pledge's own cargo; unowned: so many orders of a shared tank that name no owner, and are not among them.
    """

    tank_id: str
    site_id: str
    good: str
    change: Change | None
    part: Change | None
    since: datetime | None
    moves: tuple[PaperMove, ...]
    tolerance_kg: float
    shared: bool = False
    blind: bool = False
    unowned: int = 0

    @property
    def papers_kg(self) -> int:
        """Net, by work orders."""
        return sum(-m.kg if m.leaves else m.kg for m in self.moves)

    @property
    def by_paper(self) -> bool:
        """An order moved something."""
        return any(m.kg for m in self.moves)

    def unexplained(self, *, out: bool) -> int:
        """Kg by which the gauge fell (or rose) more than the work orders say; 0 within tolerance or unknown."""
        if self.change is None:
            return 0
        seen = self.change.fell_kg if out else self.change.rose_kg
        told = sum(m.kg for m in self.moves if m.leaves is out)
        return seen - told if seen - told > self.tolerance_kg else 0

    def went(self, direction: str) -> bool:
        """Something left it ('out') or came into it ('in'), by an order or by the gauge."""
        seen = self.change is not None and (self.change.fell_kg if direction == "out" else self.change.rose_kg)
        return bool(seen) or any(m.kg and m.leaves is (direction == "out") for m in self.moves)

    def kg(self, *directions: str) -> int:
        """What orders of these directions moved."""
        return sum(m.kg for m in self.moves if m.direction in directions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Of when the work orders are. as_of None: a depot never told any."""

    as_of: datetime | None
    stale: bool
    sites: tuple[str, ...]


def tank_moves(view: View, rows: Iterable[Row], span: Span) -> tuple[list[TankMove], Papers] | None:
    """Every chosen tank; None where nothing is recorded."""
    by_contract: dict[str, list[Row]] = {}
    for row in rows:
        by_contract.setdefault(row[0].id, []).append(row)
    found: list[TankMove] = []
    papers: list[PaperMoves] = []
    for mine in by_contract.values():
        history = view.history(mine[0][0].id)
        if history is None:
            return None
        told = history.orders(span.start, span.end)
        found += _of_contract(view, history, mine, told, span)
        papers.append(told)
    spoken = [p.as_of for p in papers]
    as_of = None if None in spoken else min(t for t in spoken if t is not None)
    sites = dict.fromkeys(s for p in papers for s in p.stale_sites)
    mine_sites = {m.site_id for m in found}
    late = tuple(s for s in sites if s in mine_sites)
    return found, Papers(as_of=as_of, stale=bool(late), sites=late)


def _of_contract(view: View, history: History, rows: list[Row], told: PaperMoves, span: Span) -> list[TankMove]:
    masses = history.weighed(span.start, span.end, {i.holding.tank_id for _, i in rows})
    found = []
    for contract, item in rows:
        held = item.holding
        points = [*masses.get(held.tank_id, ()), *_now(view, item, span)]
        tolerance = _tolerance(contract, points[0][1] if points else held.physical_kg or 0)
        change = changed(points, tolerance)
        late = timedelta(seconds=contract.staleness.exclude_s) + (span.end - span.start) / 100
        found.append(
            TankMove(
                tank_id=held.tank_id,
                site_id=held.site_id,
                good=held.good,
                part=change,
                change=change if change is not None and span.end - change.end[0] <= late else None,
                since=change.start[0] if change is not None and change.start[0] - span.start > late else None,
                moves=tuple(m for m in told.moves if m.tank_id == held.tank_id),
                tolerance_kg=tolerance,
                shared=held.share != 1,
                blind=span.end >= view.now and held.freshness is not Freshness.FRESH,
                unowned=told.unowned.get(held.tank_id, 0),
            )
        )
    return found


def _now(view: View, item: Item, span: Span) -> list[tuple[datetime, int]]:
    """The figure of this moment, where the span reaches to it."""
    held = item.holding
    current = span.end >= view.now and held.freshness is Freshness.FRESH
    if not current or held.physical_kg is None or held.taken_at is None:
        return []
    return [(held.taken_at, held.physical_kg)]


def _tolerance(contract: Contract, kg: int) -> float:
    """What the contract takes for no loss."""
    return max(contract.tolerances.static_t * 1000, contract.tolerances.static_ratio * kg)
