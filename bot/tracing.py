"""Keeps every contract's course: one point a quarter of an hour, so that a trend over months is one query."""

from datetime import timedelta

from bot.clock import Clock
from bot.house import House
from bot.memory import Memory
from domain.course import parts_of, point_of, slot_of

STEP_S = 30.0
THIN_AFTER = timedelta(days=35)
"""Older points are kept once an hour: a year of a pool with 56 tanks is half a million rows of parts."""
PICTURES_FOR = timedelta(days=90)
"""Sent pictures are kept so long; they can be drawn again from what stays."""


class Tracing:
    """Writes the courses, and thins them."""

    def __init__(self, house: House, memory: Memory, clock: Clock) -> None:
        self._house = house
        self._memory = memory
        self._clock = clock
        self._written: dict[str, int] = {}

    async def step(self) -> None:
        """The point of this quarter of an hour, for every contract that has none yet and is known by now."""
        now = self._clock.now()
        slot = slot_of(now)
        for contract in self._house.workspace.contracts.values():
            if self._written.get(contract.id) == slot or self._house.projects[contract.id].position is None:
                continue
            position = self._house.scene(contract, now).position
            if not position.known or not position.items:
                continue
            of, point, parts = contract.id, point_of(position), parts_of(position.items)
            await self._memory.series(lambda s, of=of, p=point, x=parts: s.append_course(of, p, x))  # type: ignore[misc]
            self._written[contract.id] = slot

    async def thin(self) -> None:
        """Thin older points, and let go of older pictures."""
        now = self._clock.now()
        await self._memory.series(lambda series: series.thin_courses(now - THIN_AFTER))
        await self._memory.ledger(lambda book: book.drop_pictures(now - PICTURES_FOR))
