"""A file of ledger entries: each row checked as the feed checks it, told in its place, kept once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from datasources.imports.claims import ClaimReader, ClaimRows, entry_line, ownership_of
from datasources.imports.sheet import Block
from domain.ownership.entry import Entry, EntryKind
from tests.fakes.memory_stage import NOW, tanks

TANKS = {tank.id: tank for tank in tanks("T-1", "T-2").tanks}
ROW = {
    "no": "CK-1", "line": "", "site": "site", "tank": "T-1", "kind": "outbound", "at": "2026-03-11T08:00:00+08:00",
    "good": "METHANOL", "kg": "28500", "owner": "hengyun", "batch": "B-1", "to_tank": "", "to_owner": "", "paper": "",
}  # fmt: skip


def read(*changes: dict[str, str]) -> ClaimRows[Entry]:
    """The good row with each of these changes, from line 2 on."""
    reader = ClaimReader(partial(ownership_of, tanks=TANKS), entry_line, now=NOW, zone=None)
    rows = [{**ROW, **change} for change in changes]
    cells = {name: [row[name] for row in rows] for name in ROW}
    return reader.read(Block(lines=range(2, 2 + len(rows)), cells=cells))


def test_a_row_is_an_entry_with_its_time_in_utc() -> None:
    (found,) = read({"line": "4", "paper": "TH-0231"}).claims
    assert found == Entry(
        no="CK-1",
        line=4,
        site_id="site",
        kind=EntryKind.OUTBOUND,
        at=datetime(2026, 3, 11, tzinfo=UTC),
        tank_id="T-1",
        good="METHANOL",
        kg=28500,
        owner="hengyun",
        batch="B-1",
        paper="TH-0231",
    )


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"kind": "away"}, "kind", "opening, inbound"),
        ({"kg": "28,500"}, "kg", "write 28500"),
        ({"owner": ""}, "", "'owner' is missing"),
        ({"tank": "T-9"}, "tank", "tank id"),
        ({"to_tank": "T-2"}, "", "outbound has none"),
        ({"kind": "transfer", "to_tank": "T-9"}, "to_tank", "of site 'site'"),
        ({"kind": "title", "to_owner": "hengyun"}, "", "another than 'hengyun'"),
        ({"at": (NOW + timedelta(days=1)).isoformat()}, "at", "future"),
        ({"at": "2026-03-11 08:00"}, "at", "--timezone"),
    ],
)
def test_a_bad_row_is_named_and_hides_no_other(change: dict[str, str], column: str, says: str) -> None:
    found = read(change, {})
    assert len(found.claims) == 1
    (problem,) = found.problems
    assert (problem.line, problem.column) == (2, column)
    assert says in f"{problem.wrong} {problem.instead}"


def test_of_two_rows_on_one_line_the_first_stands() -> None:
    found = read({}, {"kg": "1"}, {"line": "2"})
    assert [e.kg for e in found.claims] == [28500, 28500]
    assert [(p.line, p.wrong) for p in found.problems] == [(3, "contradicts line 2")]
