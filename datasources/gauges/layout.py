"""A gauge map made ready for arrays: where each point's registers lie and where its value goes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasources.gauges.mapping import DataType, Gateway, Point, Quantity
from datasources.gauges.plan import Block, home
from datasources.gauges.points import Flags, Points, Words
from domain.errors import WorkspaceInvalid
from domain.farm import Bits, Ints, Quality
from domain.tank import TankIndex

QUANTITIES: tuple[Quantity, ...] = ("level", "water", "temp", "density", "air", "p1", "p3", "status")
LEVEL, WATER, TEMP, DENSITY, AIR, P1, P3, STATUS = range(len(QUANTITIES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of one block: its registers, or none and the reason. Times in µs since 1970 UTC."""

    registers: tuple[int, ...] = ()
    quality: Quality
    asked_us: int
    answered_us: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Points of one data type and where they go, arrays of shape (k,); ``at`` of shape (k, words) into the image."""

    points: Points
    quantity: Ints
    place: Ints
    block: Ints
    at: Ints
    max_age_us: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatusRules:
    """All status rules as columns of shape (r,); equals −1 means any bit of the mask."""

    place: Ints
    mask: Ints
    equals: Ints
    bit: Bits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """A mapping made ready: ``rows`` of shape (n,) in the TankIndex, ``present`` of shape (8, n) by QUANTITIES.

    The image is the blocks' registers laid end to end; ``mapped`` marks those of its registers by which a gauge shows
    that it lives: a tank's points, not the air, which goes on moving over a dead field bus.
    """

    blocks: tuple[Block, ...]
    starts: Ints
    mapped: Flags
    rows: Ints
    present: Flags
    groups: tuple[Group, ...]
    rules: StatusRules

    def image(self, replies: Sequence[Reply]) -> tuple[Words, Flags]:
        """All registers end to end, 0 where unread, and which of the mapped ones were read."""
        image = np.zeros(len(self.mapped), dtype=np.uint16)
        read = np.zeros(len(self.mapped), dtype=np.bool_)
        for start, reply in zip(self.starts.tolist(), replies, strict=True):
            image[start : start + len(reply.registers)] = reply.registers
            read[start : start + len(reply.registers)] = True
        return image, read & self.mapped


def layout(gateway: Gateway, index: TankIndex, blocks: tuple[Block, ...]) -> Layout:
    """Lay the gateway's points out as columns over these blocks.

    Raises WorkspaceInvalid for an unknown tank, a quantity mapped twice, or a status that is no bit field.
    """
    points = [(place, point) for place, tank in enumerate(gateway.points) for point in gateway.points[tank]]
    rows = np.array([_row(index, tank) for tank in gateway.points], dtype=np.int64)
    _check(gateway.points)
    starts = np.cumsum([0, *(block.count for block in blocks)])
    present = np.zeros((len(QUANTITIES), len(rows)), dtype=np.bool_)
    for place, point in points:
        present[QUANTITIES.index(point.quantity), place] = True
    groups = tuple(
        _group([(place, p) for place, p in points if p.type == data_type], gateway, blocks, starts)
        for data_type in _types(points)
    )
    return Layout(
        blocks=blocks,
        starts=starts[:-1],
        mapped=_mapped(groups, int(starts[-1])),
        rows=rows,
        present=present,
        groups=groups,
        rules=_rules(points),
    )


def _mapped(groups: Sequence[Group], size: int) -> Flags:
    mapped = np.zeros(size, dtype=np.bool_)
    for group in groups:
        mapped[group.at[group.quantity != AIR]] = True
    return mapped


def _types(points: Sequence[tuple[int, Point]]) -> list[DataType]:
    return sorted({point.type for _, point in points})


def _group(
    points: Sequence[tuple[int, Point]], gateway: Gateway, blocks: Sequence[Block], starts: NDArray[np.int64]
) -> Group:
    homes = [home(blocks, point) for _, point in points]
    first = [int(starts[b]) + point.address - blocks[b].start for b, (_, point) in zip(homes, points, strict=True)]
    ages = [gateway.max_age_s if point.max_age_s is None else point.max_age_s for _, point in points]
    return Group(
        points=Points.of([point for _, point in points]),
        quantity=np.array([QUANTITIES.index(point.quantity) for _, point in points]),
        place=np.array([place for place, _ in points]),
        block=np.array(homes),
        at=np.array(first)[:, None] + np.arange(points[0][1].words),
        max_age_us=np.array([round(age * 1e6) for age in ages], dtype=np.int64),
    )


def _rules(points: Sequence[tuple[int, Point]]) -> StatusRules:
    bit = {"busy": Quality.BUSY, "device": Quality.DEVICE}
    rules = [(place, rule) for place, point in points for rule in point.status]
    return StatusRules(
        place=np.array([place for place, _ in rules], dtype=np.int64),
        mask=np.array([rule.mask for _, rule in rules], dtype=np.int64),
        equals=np.array([-1 if rule.equals is None else rule.equals for _, rule in rules], dtype=np.int64),
        bit=np.array([bit[rule.means] for _, rule in rules], dtype=np.uint32),
    )


def _row(index: TankIndex, tank_id: str) -> int:
    if tank_id not in index.row:
        raise WorkspaceInvalid(f"gauge map names tank {tank_id!r}, which no site has")
    return index.row[tank_id]


def _check(points: Mapping[str, tuple[Point, ...]]) -> None:
    for tank_id, tank_points in points.items():
        quantities = [point.quantity for point in tank_points]
        twice = {quantity for quantity in quantities if quantities.count(quantity) > 1}
        if twice:
            raise WorkspaceInvalid(
                f"tank {tank_id!r}: {sorted(twice)} mapped more than once, one point each is allowed"
            )
        for point in tank_points:
            if point.quantity == "status" and point.type.startswith("float"):
                raise WorkspaceInvalid(f"tank {tank_id!r}: status of type {point.type!r}, an integer type is allowed")
            if point.status and point.quantity != "status":
                raise WorkspaceInvalid(
                    f"tank {tank_id!r}: status rules on {point.quantity!r}, only 'status' may have them"
                )
