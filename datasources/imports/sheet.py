"""A table of texts as it comes out of a file: its header checked once, its rows block by block, columns by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasources.imports.problem import RowProblem, Wrong
from domain.errors import SourceMalformed

LINE_BREAK = Wrong(
    wrong="a quotation mark is open, or a cell holds a line break",
    instead="close the mark, and keep every row on one line",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns that one kind of file must have, and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some rows: their line numbers, and the cells of every column that is read, '' for a blank one.

    problems: lines that are no rows; they are not in ``lines``.
    """

    lines: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    problems: tuple[RowProblem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the file has here, good and bad."""
        return len(self.lines) + len(self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where each column stands. width: how many cells a row has; ignored: columns that nobody reads."""

    places: Mapping[str, int]
    width: int
    ignored: tuple[str, ...]


def header_of(file: str, names: Sequence[str], columns: Columns) -> Header:
    """Raises SourceMalformed where a needed column is missing or one is there twice, naming all that are expected."""
    written = [name.strip() for name in names]
    while written and not written[-1]:
        written.pop()
    known = (*columns.required, *columns.optional)
    missing = [name for name in columns.required if name not in written]
    expected = f"needed are {', '.join(columns.required)}"
    expected += f"; allowed are also {', '.join(columns.optional)}" if columns.optional else ""
    if missing:
        raise SourceMalformed(f"{file!r} line 1: no column {', '.join(missing)}; {expected}")
    twice = sorted({name for name in written if name in known and written.count(name) > 1})
    if twice:
        raise SourceMalformed(f"{file!r} line 1: column {', '.join(twice)} is there twice; {expected}")
    places = {name: written.index(name) for name in known if name in written}
    ignored = tuple(name for name in written if name and name not in known)
    return Header(places=places, width=len(written), ignored=ignored)


def block_of(header: Header, lines: Sequence[int], rows: Sequence[Sequence[str]], broken: list[RowProblem]) -> Block:
    """Rows as columns. Blank rows are no rows; blank cells beyond the header are Excel's and are left away."""
    if set(map(len, rows)) - {header.width} or any(row[0] == "" for row in rows):
        lines, rows, odd = _straightened(header, lines, rows)
        broken = sorted([*broken, *odd], key=lambda problem: problem.line)
    columns = list(zip(*rows, strict=True)) if rows else [()] * header.width
    cells = {name: columns[place] for name, place in header.places.items()}
    return Block(lines=lines, cells=cells, problems=tuple(broken))


def _straightened(
    header: Header, lines: Sequence[int], rows: Sequence[Sequence[str]]
) -> tuple[list[int], list[Sequence[str]], list[RowProblem]]:
    good_lines: list[int] = []
    good: list[Sequence[str]] = []
    odd: list[RowProblem] = []
    for line, row in zip(lines, rows, strict=True):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < header.width or any(cell.strip() for cell in row[header.width :]):
            wrong = f"{len(row)} cells, the header has {header.width}"
            instead = "write one cell per column, and quote a text that holds a comma"
            odd.append(RowProblem(line=line, column="", wrong=wrong, instead=instead))
            continue
        good_lines.append(line)
        good.append(row[: header.width])
    return good_lines, good, odd
