"""A whole file through the whole course: every good row in the store exactly once, every bad one told by its line."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import Clock
from bot.command.importing.course import imported, wanted_of
from bot.command.verifying import verified
from bot.memory import Memory
from store.ledger import Ledger
from store.series import Series
from tests.fakes.house_ground import ground, write_ground

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
COLUMNS = ["tank", "taken_at", "level_mm", "water_mm", "temp_c"]
SPOILT = {
    "tank": ["T-9", "", "1E+05"],
    "taken_at": ["", "yesterday", "2027-01-01T00:00:00Z", "2026-03-01T00:00:00", "46093.5"],
    "level_mm": ["1,234", "x", "12 mm", "#N/A"],
    "water_mm": ["1_0", "０"],
    "temp_c": ["20 °C", "warm", '"'],
}
"""What spoils a cell of a column, as it is written."""


@st.composite
def files(draw):
    """(text of each line after the header, good rows by line: (tank, µs, level), bad lines)."""
    keys = draw(
        st.lists(st.tuples(st.sampled_from(["T-1", "T-2", "S-1"]), st.integers(0, 50)), max_size=30, unique=True)
    )
    lines, good, bad = [], {}, set()
    for tank, minute in keys:
        if draw(st.integers(0, 9)) == 0:
            lines.append(draw(st.sampled_from(["", ",,,,", "  "])))
        line, level = len(lines) + 2, draw(st.integers(100, 900))
        taken = NOW - timedelta(days=1, minutes=minute)
        cells = dict(zip(COLUMNS, [tank, taken.isoformat(), str(level), "0", "20.5"], strict=True))
        if draw(st.integers(0, 3)) == 0:
            for column in draw(st.sets(st.sampled_from(COLUMNS), min_size=1, max_size=2)):
                cells[column] = draw(st.sampled_from(SPOILT[column]))
            bad.add(line)
        else:
            good[line] = (tank, taken, float(level))
        lines.append(",".join(f'"{c}"' if "," in c else c for c in cells.values()))
        if line in good and draw(st.integers(0, 9)) == 0:
            bad.add(line + 1)
            lines.append(lines[-1])
    return lines, good, bad


async def course(path, workspace, memory, clock, block):
    """The last tally, and the lines of all problems."""
    lines = []
    wanted = wanted_of("readings", str(path), None)
    async for told in imported(wanted, workspace, memory, clock, readings_at_once=block):
        lines += [p.line for p in told.problems]
    return told.tally, lines


def held(series, index):
    window = series.window(index, list(index.row), datetime(2026, 1, 1, tzinfo=UTC), NOW)
    ids = [index.tanks[r].id for r in window.rows]
    return sorted(zip(ids, window.taken_at_us.tolist(), window.level_mm.tolist(), strict=True))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "w"
    write_ground(folder, NOW)
    return ground(folder, NOW)[0]


@settings(max_examples=40, deadline=None)
@given(made=files(), block=st.integers(1, 12))
def test_every_good_row_is_kept_once_and_every_bad_one_told_by_its_line(workspace, made, block):
    lines, good, bad = made

    async def live() -> None:
        with tempfile.TemporaryDirectory() as folder:
            memory = Memory(Ledger.open(":memory:"), Series.open(":memory:"))
            path = Path(folder) / "file.csv"
            path.write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")
            tally, told = await course(path, workspace, memory, Clock(lambda: NOW), block)
            assert sorted(set(told)) == sorted(bad)
            assert (tally.rows, tally.added, tally.already, tally.bad) == (len(good) + len(bad), len(good), 0, len(bad))
            expected = sorted((tank, int(at.timestamp() * 1e6), level) for tank, at, level in good.values())
            assert await memory.series(lambda s: held(s, workspace.index)) == expected
            again, told = await course(path, workspace, memory, Clock(lambda: NOW + timedelta(hours=1)), 13 - block)
            assert (again.added, again.already, sorted(set(told))) == (0, len(good), sorted(bad))
            assert (await verified(memory))["series"]["broken_at"] is None
            memory.close()

    asyncio.run(live())
