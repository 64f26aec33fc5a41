"""The CSV files of price sources: which references they serve, and every row that would not be read as a quote."""

import csv
from datetime import datetime

from datasources.prices.csv_file import COLUMNS
from datasources.prices.rows import quote
from datasources.workspace.folder import Folder, Naming
from datasources.workspace.part import Sheet
from datasources.workspace.problem import Problem
from datasources.workspace.settings_file import FILE, SettingsFile
from domain.errors import SourceMalformed

Refs = dict[str, frozenset[str]]


def read_quotes(folder: Folder, sheet: Sheet[SettingsFile], now: datetime) -> Refs:
    """The references in each CSV file, by its path; a file that cannot be read is told and left out."""
    refs: Refs = {}
    for source in sheet.part.prices:
        if source.kind == "csv" and source.path is not None:
            named = Naming(file=FILE, line=source.node.key_lines.get("path"), where=f"prices[{source.id}].path")
            text = folder.text(source.path, named)
            if text is not None:
                refs[source.path] = _refs(text, source.path, folder.problems, now)
    return refs


def served(sheet: Sheet[SettingsFile], refs: Refs) -> set[str] | None:
    """All references that the sources serve, or None when one of them does not say in advance."""
    if "prices" in sheet.broken:
        return None
    found: set[str] = set()
    for source in sheet.part.prices:
        if source.refs:
            found.update(source.refs)
        elif source.path in refs:
            found |= refs[source.path]
        else:
            return None
    return found


def _refs(text: str, path: str, problems: list[Problem], now: datetime) -> frozenset[str]:
    lines = text.splitlines()
    header = [cell.strip() for cell in lines[0].split(",")]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        wrong, instead = f"has no column {', '.join(missing)}", f"write the header {','.join(COLUMNS)}"
        problems.append(Problem(file=path, line=1, where="", wrong=wrong, instead=instead))
        return frozenset()
    refs: set[str] = set()
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip(", \t"):
            continue
        try:
            row = _row(line, header)
            refs.add(row["ref"])
            quote(row, received_at=now, source_id="check")
        except (SourceMalformed, csv.Error, ValueError) as e:
            instead = "correct the row; times need a zone, prices are plain decimals per t or kg"
            problems.append(Problem(file=path, line=number, where="", wrong=str(e), instead=instead))
    return frozenset(refs)


def _row(line: str, header: list[str]) -> dict[str, str]:
    cells = [cell.strip() for cell in next(csv.reader([line], strict=True))]
    return dict(zip(header, cells, strict=True))
