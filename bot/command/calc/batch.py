"""A file in, the same file with its results out: rows are computed many at a time, and in a single call one."""

import csv
import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import repeat
from typing import Any, Final, TextIO

import numpy as np

from bot.command.calc.flag import Command
from bot.command.calc.parser import Request
from bot.command.calc.rows import Rows
from bot.command.calc.sheet import Sheet, squared

_PROBLEM: Final = "problem"


def columns_of(command: Command) -> dict[str, str]:
    """Every accepted name of a column, and which parameter it is."""
    return {name: flag.name for flag in command.flags if flag.column for name in (flag.name, *flag.aliases)}


def computed(command: Command, rows: Rows) -> dict[str, Any]:
    """All results as columns, numbers NaN in every row that has a problem; a row without numbers gets one."""
    with np.errstate(all="ignore"):
        found = command.compute(rows)
    for name in command.needs:
        rows.refuse(~np.isfinite(found[name]), f"{name} cannot be computed from these values")
    bad = list(rows.problems)
    for name, column in found.items():
        if bad and column.dtype.kind == "f":
            found[name] = column.astype(np.float64)
            found[name][bad] = np.nan
    return found


def run(request: Request, sheet: Sheet, out: TextIO) -> None:
    """Write every row of the sheet with its results to out, as CSV or as a JSON array."""
    gc.disable()  # a million lists of cells, and none of them in a circle
    try:
        (_write_json if request.as_json else _write_csv)(request, sheet, out)
    finally:
        gc.enable()


def _write_csv(request: Request, sheet: Sheet, out: TextIO) -> None:
    command = request.command
    appended = command.appended(sheet.places, request.given)
    head = _csv_text([[*_header(command, sheet, appended), *appended, _PROBLEM]], sheet.delimiter)
    for cells, rows in _chunks(request, sheet):
        found = computed(command, rows)
        texts = [_texts(found[name], rows.problems) for name in appended]
        problems = [rows.problems.get(i, "") for i in range(rows.n)] if rows.problems else repeat("", rows.n)
        out.write(head + _csv_text(map(_extended, cells, zip(*texts, problems, strict=True)), sheet.delimiter))
        head = ""
    out.write(head)


def _csv_text(rows: Iterable[list[str]], delimiter: str) -> str:
    """Rows as one text: a terminal's stream takes one long text far faster than many short ones."""
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _extended(row: list[str], added: tuple[str, ...]) -> list[str]:
    row += added
    return row


def _header(command: Command, sheet: Sheet, appended: Sequence[str]) -> list[str]:
    """The input's columns; one that would share its name with a result says that it was given."""
    renamed = {sheet.places[name]: to for name, to in command.renamed.items() if name in sheet.places}
    taken = {*appended, _PROBLEM}
    return [
        renamed.get(i, f"{cell}_given" if cell.strip().lower() in taken else cell)
        for i, cell in enumerate(sheet.header)
    ]


def _chunks(request: Request, sheet: Sheet) -> Iterator[tuple[list[list[str]], Rows]]:
    for raw in sheet.chunks():
        cells, problems = squared(raw, len(sheet.header))
        columns = {name: [row[i].strip() for row in cells] for name, i in sheet.places.items()}
        rows = Rows(n=len(cells), cells=columns, given=request.given, rounded=request.rounded, problems=problems)
        yield cells, rows


def _texts(column: Any, problems: Mapping[int, str]) -> list[str]:
    """Numbers with all their digits; empty where there is none."""
    if column.dtype.kind != "f":
        texts = [str(value) for value in column]
        for i in problems:
            texts[i] = ""
        return texts
    if np.isfinite(column).all():
        return list(map(repr, column.tolist()))
    return ["" if value != value else repr(value) for value in column.tolist()]  # noqa: PLR0124


def _write_json(request: Request, sheet: Sheet, out: TextIO) -> None:
    command, separator = request.command, "[\n"
    header = _header(command, sheet, command.appended(sheet.places, request.given))
    for cells, rows in _chunks(request, sheet):
        found = computed(command, rows)
        names = list(found)
        columns = [column.tolist() for column in found.values()]
        for i, (row, *values) in enumerate(zip(cells, *columns, strict=True)):
            problem = rows.problems.get(i)
            results = {} if problem else {n: known(v) for n, v in zip(names, values, strict=True)}
            empty = dict.fromkeys(names) if problem else {}
            record = empty | dict(zip(header, row, strict=True)) | results | {_PROBLEM: problem}
            out.write(separator + json.dumps(record, ensure_ascii=False, allow_nan=False))
            separator = ",\n"
    out.write("\n]\n" if separator != "[\n" else "[]\n")


def known(value: Any) -> Any:
    """A result for JSON: None where there is no number."""
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124
