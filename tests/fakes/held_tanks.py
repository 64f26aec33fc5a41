"""The recorded past of single tanks, held in memory: masses over time, work orders, and how far levels went."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from domain.change import Weighed
from skills.ports import LevelRange, PaperMove, PaperMoves
from tests.data.words.hengyun import NOW, SITE_OF, TONNES
from tests.fakes.held_history import HeldHistory


class HeldTanks(HeldHistory):
    """kg: masses of tanks that moved, as (minutes before NOW, tonnes); the others stood still at what they hold.

    silent: tanks of which nothing is recorded. late: sites whose papers are too old. told: of when the papers are.
    """

    def __init__(
        self,
        *,
        tonnes: Mapping[str, Sequence[tuple[int, float]]] | None = None,
        moves: Sequence[PaperMove] = (),
        silent: Collection[str] = (),
        late: tuple[str, ...] = (),
        told: datetime | None = NOW - timedelta(minutes=2),
        ranges: Mapping[str, LevelRange] | None = None,
    ) -> None:
        super().__init__([])
        self._tonnes = {t: [(1440, kg), (0, kg)] for t, kg in TONNES.items()} | dict(tonnes or {})
        self._moves, self._silent, self._late, self._told = tuple(moves), frozenset(silent), late, told
        self._ranges = dict(ranges or {})

    def orders(self, start: datetime, end: datetime) -> PaperMoves:
        return PaperMoves(moves=self._moves, as_of=self._told, stale=bool(self._late), stale_sites=self._late)

    def weighed(self, start: datetime, end: datetime, tanks: Collection[str]) -> dict[str, list[Weighed]]:
        found = {}
        for tank in (t for t in tanks if t not in self._silent):
            points = [(NOW - timedelta(minutes=ago), round(t * 1000)) for ago, t in self._tonnes[tank]]
            before = [p for p in points if p[0] <= start]
            found[tank] = [(start, kg) for _, kg in before[-1:]] + [p for p in points if start < p[0] <= end]
        return found

    def level_ranges(self, start: datetime, end: datetime) -> dict[str, LevelRange]:
        return self._ranges


def order(
    no: str, tank: str, direction: str, tonnes: float, *, noticed: bool = True, hours_ago: float = 4.0
) -> PaperMove:
    """A work order that was closed an hour after it was opened."""
    assert SITE_OF[tank[0]]
    opened = NOW - timedelta(hours=hours_ago)
    return PaperMove(
        no=no, tank_id=tank, direction=direction, leaves=direction.endswith("out"), kg=round(tonnes * 1000),
        opened_at=opened, closed_at=opened + timedelta(hours=1), noticed=noticed,
    )  # fmt: skip


def level_range(low: float, high: float, *, warm_c: float = 0.0, days: float = 3.0, samples: int = 432) -> LevelRange:
    """A level that stayed within low and high in mm for so many days, while the tank warmed by so much."""
    return LevelRange(
        low_mm=low, high_mm=high, low_c=24.5 - warm_c, high_c=24.5, first_at=NOW - timedelta(days=days), last_at=NOW,
        samples=samples,
    )  # fmt: skip
