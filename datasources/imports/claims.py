"""Rows of price, book, work order and ownership history as the values that the live feeds make of the same fields.

They are claims: a row is checked as the feed checks it, and the first word on a thing stands where a file says two.
"""

import re
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Generic, TypeVar

from datasources.feed import kilograms, moment, optional_moment, optional_text, text
from datasources.imports.cells import EPOCH, micros
from datasources.imports.problem import RowProblem, Wrong
from datasources.imports.sheet import Block, Columns
from datasources.loans.rows import AMOUNTS, statement
from datasources.ownership_rows import entry_of
from datasources.prices import csv_file
from datasources.prices.rows import quote
from domain.errors import SourceMalformed
from domain.movement import BookRow, Direction, WorkOrder
from domain.ownership.entry import Entry
from domain.price import PriceQuote
from domain.statement import Statement
from domain.tank import Tank

PRICES = Columns(required=csv_file.COLUMNS)
BOOK = Columns(required=("as_of", "site", "tank", "good", "owner", "mass_kg"), optional=("heel_kg",))
WORK_ORDERS = Columns(
    required=("no", "site", "tank", "direction", "good", "planned_kg", "done_kg", "opened_at"),
    optional=("closed_at", "release_no", "owner"),
)
OWNERSHIP = Columns(
    required=("no", "site", "tank", "kind", "at", "good", "kg"),
    optional=("line", "owner", "batch", "to_tank", "to_owner", "paper"),
)
EXPOSURE = Columns(required=("contract", "as_of", *AMOUNTS, "source"))
TIMES = ("published_at", "as_of", "opened_at", "closed_at", "at")
MASSES = ("mass_kg", "heel_kg", "planned_kg", "done_kg", "kg", "pledged_kg", "line")
MOST_ROWS = 5_000_000
"""Every row's key is remembered while the file is read, some 500 bytes each."""
FIELD = re.compile(r"'(\w+)' is (missing|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+), (.+)", re.DOTALL)
WHOLE = re.compile(r"[0-9]{1,13}(\.0*)?", re.ASCII)
THOUSANDS = re.compile(r"[0-9]{1,3}([,，' ][0-9]{3})+", re.ASCII)
IN_FUTURE = Wrong(wrong="lies in the future", instead="correct the time, or its offset")
Cells = Mapping[str, str | int | None]
T = TypeVar("T")


class _OddCell(Exception):
    """A cell that the row's reader must not see."""

    def __init__(self, column: str, why: Wrong) -> None:
        super().__init__(why.wrong)
        self.column, self.why = column, why


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRows(Generic[T]):
    """The good rows of a block, and every problem. Each bad row has exactly one."""

    claims: tuple[T, ...]
    problems: tuple[RowProblem, ...]


class ClaimReader(Generic[T]):
    """Reads the blocks of one file of claims of one kind."""

    def __init__(
        self,
        read: Callable[[Cells], T],
        key: Callable[[T], Hashable],
        *,
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        """read: raises SourceMalformed. key: of what two rows must not say two things. zone: of times without offset."""
        self._read = read
        self._key = key
        self._now = now
        self._zone = zone
        self._first: dict[Hashable, tuple[T, int]] = {}

    def read(self, block: Block) -> ClaimRows[T]:
        """The claims of a block. Raises SourceMalformed when the file is longer than MOST_ROWS rows."""
        good: list[T] = []
        problems = list(block.problems)
        for i, line in enumerate(block.lines):
            try:
                good.append(self._row({name: column[i] for name, column in block.cells.items()}, line))
            except _OddCell as e:
                problems.append(e.why.at(line, e.column))
            except SourceMalformed as e:
                problems.append(_told(line, str(e)))
        if len(self._first) > MOST_ROWS:
            raise SourceMalformed(f"more than {MOST_ROWS} rows: split the file by year")
        return ClaimRows(claims=tuple(good), problems=tuple(sorted(problems, key=lambda p: p.line)))

    def line_of(self, claim: T) -> int:
        """The line on which this claim was read first."""
        return self._first[self._key(claim)][1]

    def _row(self, written: Mapping[str, str], line: int) -> T:
        claim = self._read({name: self._cell(name, cell.strip()) for name, cell in written.items()})
        first, before = self._first.setdefault(self._key(claim), (claim, line))
        if before != line:
            what = "says the same as" if first == claim else "contradicts"
            raise _OddCell("", Wrong(wrong=f"{what} line {before}", instead="keep one of the two; the first is taken"))
        return claim

    def _cell(self, name: str, cell: str) -> str | int | None:
        """A cell as the feed's document would have it."""
        if not cell:
            return None
        if name in MASSES:
            return _whole(name, cell)
        if name in TIMES:
            return self._time(name, cell)
        return cell

    def _time(self, name: str, cell: str) -> str:
        (us,), odd = micros([cell], self._zone)
        if odd:
            raise _OddCell(name, odd[0])
        when = EPOCH + timedelta(microseconds=int(us))
        if when > self._now:
            raise _OddCell(name, IN_FUTURE)
        return when.isoformat()


def price_of(cells: Cells, *, received_at: datetime, source_id: str) -> PriceQuote:
    """A quote as ``datasources.prices`` reads it. Raises SourceMalformed."""
    return quote(cells, received_at=received_at, source_id=source_id)


def publication(claim: PriceQuote) -> Hashable:
    """What a quote is the price of."""
    return claim.ref, claim.provider, claim.good, claim.region, claim.basis, claim.currency, claim.published_at


def book_row_of(cells: Cells, tanks: Mapping[str, Tank]) -> BookRow:
    """One line of a depot's book. Raises SourceMalformed, also for a tank that stands elsewhere."""
    site, tank = _place(cells, tanks)
    return BookRow(
        site_id=site,
        tank_id=tank,
        good=text(cells, "good"),
        owner=text(cells, "owner"),
        mass_kg=kilograms(cells, "mass_kg"),
        heel_kg=kilograms(cells, "heel_kg") if cells.get("heel_kg") is not None else 0,
        as_of=moment(cells, "as_of"),
    )


def holding(claim: BookRow) -> Hashable:
    """What a book row is the mass of."""
    return claim.site_id, claim.as_of, claim.tank_id, claim.good, claim.owner


def work_order_of(cells: Cells, tanks: Mapping[str, Tank]) -> WorkOrder:
    """One tank's line of a work order. Raises SourceMalformed."""
    site, tank = _place(cells, tanks)
    written = text(cells, "direction")
    if written not in set(Direction):
        raise SourceMalformed(f"'direction' is {written!r}, one of {', '.join(Direction)} is expected")
    return WorkOrder(
        no=text(cells, "no"),
        site_id=site,
        tank_id=tank,
        direction=Direction(written),
        good=text(cells, "good"),
        planned_kg=kilograms(cells, "planned_kg"),
        done_kg=kilograms(cells, "done_kg"),
        opened_at=moment(cells, "opened_at"),
        closed_at=optional_moment(cells, "closed_at"),
        release_no=optional_text(cells, "release_no"),
        owner=optional_text(cells, "owner"),
    )


def statement_of(cells: Cells, *, contracts: Collection[str], known_at: datetime) -> Statement:
    """A balance as the feed of balances reads it; its source is named. Raises SourceMalformed."""
    return statement(cells, contracts=contracts, source=None, known_at=known_at)


def balance(claim: Statement) -> Hashable:
    """What a statement is the balance of."""
    return claim.contract_id, claim.as_of


def order_line(claim: WorkOrder) -> Hashable:
    """A transfer is two lines, one per tank, with one number."""
    return claim.site_id, claim.no, claim.tank_id


def ownership_of(cells: Cells, tanks: Mapping[str, Tank]) -> Entry:
    """One line of an ownership ledger. Raises SourceMalformed, also for a tank that stands elsewhere."""
    site, _ = _place(cells, tanks)
    other = cells.get("to_tank")
    if other is not None and (other not in tanks or tanks[str(other)].site_id != site):
        raise SourceMalformed(f"'to_tank' is {other!r}, a tank id of site {site!r} is expected")
    return entry_of(cells, site)


def entry_line(claim: Entry) -> Hashable:
    """What an entry is the last word on."""
    return claim.key


def _place(cells: Cells, tanks: Mapping[str, Tank]) -> tuple[str, str]:
    """Site and tank. Raises SourceMalformed for a tank that the workspace does not have there."""
    site, tank = text(cells, "site"), text(cells, "tank")
    if tank not in tanks:
        raise SourceMalformed(f"'tank' is {tank!r}, a tank id of the workspace is expected")
    if tanks[tank].site_id != site:
        raise SourceMalformed(f"'site' is {site!r}, {tanks[tank].site_id!r} is expected: tank {tank!r} stands there")
    return site, tank


def _whole(name: str, cell: str) -> int:
    if WHOLE.fullmatch(cell):
        return int(cell.partition(".")[0])
    if THOUSANDS.fullmatch(cell):
        plain = re.sub(r"[,，' ]", "", cell)
        raise _OddCell(name, Wrong(wrong=f"{cell[:40]!r} has a thousands separator", instead=f"write {plain}"))
    raise _OddCell(
        name, Wrong(wrong=f"{cell[:40]!r} is no whole number of kg", instead="write kg without fraction, from 0")
    )


def _told(line: int, message: str) -> RowProblem:
    """A feed's own complaint, taken apart into column, what is wrong and what is expected."""
    if named := FIELD.fullmatch(message):
        wrong = "blank" if named[2] == "missing" else f"is {named[2]}"
        return RowProblem(line=line, column=named[1], wrong=wrong, instead=named[3])
    return RowProblem(line=line, column="", wrong=message, instead="correct the row")
