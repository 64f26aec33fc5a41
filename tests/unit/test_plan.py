"""Reads are few, whole and inside what the device allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.gauges.mapping import Gateway, Point
from datasources.gauges.plan import Block, plan
from domain.errors import WorkspaceInvalid
from tests.fakes.modbus_device import gateway, level


def reads(gate: Gateway) -> list[tuple[int, int, int]]:
    return [(block.function, block.start, block.count) for block in plan(gate)]


def points(*given: Point) -> dict[str, tuple[Point, ...]]:
    return {f"T-{i}": (point,) for i, point in enumerate(given)}


def test_neighbours_are_read_together_whatever_their_order_in_the_map():
    gate = gateway(1, points(level(104, type="float32"), level(100, type="float64"), level(106)))

    assert reads(gate) == [(3, 100, 7)]


def test_a_hole_splits_the_read_unless_it_may_be_read_along():
    gap_of_two = points(level(10), level(13))

    assert reads(gateway(1, gap_of_two)) == [(3, 10, 1), (3, 13, 1)]
    assert reads(gateway(1, gap_of_two, gap_registers=1)) == [(3, 10, 1), (3, 13, 1)]
    assert reads(gateway(1, gap_of_two, gap_registers=2)) == [(3, 10, 4)]


def test_holding_and_input_registers_are_never_mixed():
    gate = gateway(1, points(level(10), level(11, function=4)))

    assert reads(gate) == [(3, 10, 1), (4, 11, 1)]


def test_a_value_is_never_split_over_two_reads():
    gate = gateway(1, points(level(0, type="float64"), level(4, type="float64")), max_registers=6)

    assert reads(gate) == [(3, 0, 4), (3, 4, 4)]


def test_the_protocol_limits_what_the_bank_may_write_as_max_registers():
    gate = gateway(1, points(*(level(i) for i in range(200))), max_registers=1000)

    assert reads(gate) == [(3, 0, 125), (3, 125, 75)]


def test_two_points_may_share_registers():
    gate = gateway(1, points(level(10, type="uint32"), level(11)))

    assert reads(gate) == [(3, 10, 2)]


@pytest.mark.parametrize(
    ("point", "names"),
    [(level(65535, type="float32"), "65535"), (level(0, type="float64"), "4 registers")],
    ids=["beyond the last address", "longer than a read"],
)
def test_an_impossible_point_is_refused_by_name(point, names):
    with pytest.raises(WorkspaceInvalid, match=names):
        plan(gateway(1, points(point), max_registers=3))


@given(
    addresses=st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["uint16", "uint32", "float64"])), min_size=1),
    limit=st.integers(4, 40),
    gap=st.integers(0, 8),
)
def test_every_point_is_whole_in_some_read_and_no_fewer_reads_would_do(addresses, limit, gap):
    mapped = [level(address, type=kind) for address, kind in addresses]
    blocks = plan(gateway(1, points(*mapped), max_registers=limit, gap_registers=gap))

    assert all(any(block.covers(point) for block in blocks) for point in mapped)
    assert all(block.count <= limit for block in blocks)
    assert len(blocks) == fewest(mapped, limit, gap)


def fewest(mapped: list[Point], limit: int, gap: int) -> int:
    """The least number of runs of address-sorted points that are each one legal read, by dynamic programming."""
    spans = sorted({(p.address, p.address + p.words) for p in mapped})
    best = [0]
    for end in range(1, len(spans) + 1):
        options = [best[start] for start in range(end) if legal(spans[start:end], limit, gap)]
        best.append(min(options) + 1)
    return best[-1]


def legal(spans: list[tuple[int, int]], limit: int, gap: int) -> bool:
    reach = spans[0][0]
    for start, end in spans:
        if start - reach > gap:
            return False
        reach = max(reach, end)
    return reach - spans[0][0] <= limit


def test_a_block_says_what_it_covers():
    block = Block(function=3, start=10, count=4)

    assert block.covers(level(12, type="uint32"))
    assert not block.covers(level(13, type="uint32"))
    assert not block.covers(level(12, function=4))
