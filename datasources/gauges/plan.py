"""Which registers to ask for: all points of a gateway in as few contiguous reads as its map allows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from datasources.gauges.mapping import Gateway, Point
from domain.errors import WorkspaceInvalid

PROTOCOL_LIMIT = 125  # registers per read, Modbus application protocol V1.1b3, 6.3 and 6.4
ADDRESSES = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One read request: ``count`` registers from ``start`` by function 3 (holding) or 4 (input)."""

    function: Literal[3, 4]
    start: int
    count: int

    @property
    def end(self) -> int:
        """The first address behind the block."""
        return self.start + self.count

    def covers(self, point: Point) -> bool:
        """The block brings every register of this point."""
        return self.function == point.function and self.start <= point.address <= self.end - point.words


def plan(gateway: Gateway) -> tuple[Block, ...]:
    """The fewest reads that bring every point whole, by function and address.

    A value is never split over two reads: its halves could be of different moments. Unmapped registers are read
    along only between two points and up to ``gap_registers``. Raises WorkspaceInvalid for a point that lies beyond
    the last address or is longer than the longest read.
    """
    limit = min(gateway.max_registers, PROTOCOL_LIMIT)
    points = [point for tank_points in gateway.points.values() for point in tank_points]
    for point in points:
        _check(point, limit)
    return tuple(
        block
        for function in (3, 4)
        for block in _merged([p for p in points if p.function == function], limit, gateway.gap_registers)
    )


def alone(point: Point) -> Block:
    """The read that brings this point and nothing else."""
    return Block(function=point.function, start=point.address, count=point.words)


def home(blocks: Sequence[Block], point: Point) -> int:
    """Place in ``blocks`` of the first that brings this point; ``plan`` made one for every point."""
    return next(i for i, block in enumerate(blocks) if block.covers(point))


def _merged(points: Iterable[Point], limit: int, gap: int) -> list[Block]:
    """Greedy from the lowest address, which is optimal for intervals on a line."""
    blocks: list[Block] = []
    for point in sorted(points, key=lambda p: (p.address, p.words)):
        last = blocks[-1] if blocks else None
        if last is not None and point.address - last.end <= gap:
            end = max(last.end, point.address + point.words)
            if end - last.start <= limit:
                blocks[-1] = Block(function=last.function, start=last.start, count=end - last.start)
                continue
        blocks.append(alone(point))
    return blocks


def _check(point: Point, limit: int) -> None:
    if point.address < 0 or point.address + point.words > ADDRESSES:
        raise WorkspaceInvalid(f"{point.quantity!r} at register {point.address}: 0…{ADDRESSES - 1} is allowed")
    if point.words > limit:
        raise WorkspaceInvalid(f"{point.quantity!r} needs {point.words} registers, one read may bring {limit}")
