"""A tank's capacity table (罐容表) as a CSV file: ``level_mm,volume_m3`` rows, or a certificate's parts as printed."""

import re
from dataclasses import replace
from typing import NamedTuple

from datasources.workspace.folder import Folder, Naming
from datasources.workspace.problem import Problem
from datasources.workspace.secret import shown
from datasources.workspace.table_parts import HEADERS, Parts, cells, read_parts, tell
from domain.metering.certificate import HydrostaticRow
from domain.metering.composition import compose
from domain.tank import CapacityTable

HEADER = ["level_mm", "volume_m3"]
_NUMBER = re.compile(r"\d{1,7}(\.\d{1,6})?", re.ASCII)


class Use(NamedTuple):
    """How a tank reads a table: which file, and what its certificate says beside the printed rows."""

    path: str
    hydrostatic_row: HydrostaticRow = HydrostaticRow.PREVIOUS
    includes_relative_density: float = 0.0


def read_table(folder: Folder, path: str, named: Naming) -> CapacityTable | Parts | None:
    """The table as it is written, or None after telling every bad line."""
    text = folder.text(path, named)
    if text is None:
        return None
    before, lines = len(folder.problems), text.splitlines()
    if cells(lines[0]) in HEADERS:
        parts = read_parts(lines, path, folder.problems)
        return parts if len(folder.problems) == before else None
    rows = _rows(lines, path, folder.problems)
    if len(folder.problems) > before:
        return None
    return CapacityTable(level_mm=tuple(level for level, _ in rows), volume_m3=tuple(volume for _, volume in rows))


def composed(table: CapacityTable | Parts, use: Use, problems: list[Problem]) -> CapacityTable | None:
    """The rows that a tank reads, or None after telling where the certificate's parts contradict each other."""
    if isinstance(table, CapacityTable):
        return table
    row, included = use.hydrostatic_row, use.includes_relative_density
    rows, faults = compose(replace(table.certificate, hydrostatic_row=row, includes_relative_density=included))
    for fault in faults:
        tell(problems, use.path, table.line(fault), fault.wrong, fault.instead)
    return rows


def _rows(lines: list[str], path: str, problems: list[Problem]) -> list[tuple[float, float]]:
    if cells(lines[0]) != HEADER:
        known = " or, for a certificate in parts, ".join(",".join(h) for h in (HEADER, HEADERS[0]))
        tell(problems, path, 1, f"begins with {shown(lines[0])}", f"write the header {known}")
        return []
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(lines[1:], start=2):
        row = _row(line)
        if not line.strip():
            continue
        if row is None:
            instead = "write two plain numbers, e.g. 1200,210.345"
            tell(problems, path, number, f"{shown(line)} is not level,volume", instead)
        elif rows and (row[0] <= rows[-1][0] or row[1] <= rows[-1][1]):
            last = f"{rows[-1][0]:g},{rows[-1][1]:g}"
            wrong = f"{row[0]:g},{row[1]:g} does not rise above {last}"
            tell(problems, path, number, wrong, "level and volume must both rise")
        else:
            rows.append(row)
    if len(rows) < 2:
        wrong = f"has {len(rows)} usable row(s)"
        tell(problems, path, len(lines), wrong, "write at least two rows of level and volume")
    return rows


def _row(line: str) -> tuple[float, float] | None:
    words = cells(line)
    if len(words) != 2 or not all(_NUMBER.fullmatch(word) for word in words):
        return None
    return float(words[0]), float(words[1])
