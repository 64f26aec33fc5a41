"""A tank's capacity table (罐容表) as a CSV file: ``level_mm,volume_m3``, strictly rising, at least two rows."""

import re

from datasources.workspace.folder import Folder, Naming
from datasources.workspace.problem import Problem
from datasources.workspace.secret import shown
from domain.tank import CapacityTable

HEADER = ["level_mm", "volume_m3"]
_NUMBER = re.compile(r"\d{1,7}(\.\d{1,6})?", re.ASCII)


def read_table(folder: Folder, path: str, named: Naming) -> CapacityTable | None:
    """The table, or None after telling every bad line."""
    text = folder.text(path, named)
    if text is None:
        return None
    before = len(folder.problems)
    rows = _rows(text, path, folder.problems)
    if len(folder.problems) > before:
        return None
    return CapacityTable(level_mm=tuple(level for level, _ in rows), volume_m3=tuple(volume for _, volume in rows))


def _rows(text: str, path: str, problems: list[Problem]) -> list[tuple[float, float]]:
    def say(line: int, wrong: str, instead: str) -> None:
        problems.append(Problem(file=path, line=line, where="", wrong=wrong, instead=instead))

    lines = text.splitlines()
    if [cell.strip() for cell in lines[0].split(",")] != HEADER:
        say(1, f"begins with {shown(lines[0])}", f"write the header {','.join(HEADER)}")
        return []
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(lines[1:], start=2):
        row = _row(line)
        if not line.strip():
            continue
        if row is None:
            say(number, f"{shown(line)} is not level,volume", "write two plain numbers, e.g. 1200,210.345")
        elif rows and (row[0] <= rows[-1][0] or row[1] <= rows[-1][1]):
            last = f"{rows[-1][0]:g},{rows[-1][1]:g}"
            say(number, f"{row[0]:g},{row[1]:g} does not rise above {last}", "level and volume must both rise")
        else:
            rows.append(row)
    if len(rows) < 2:
        say(len(lines), f"has {len(rows)} usable row(s)", "write at least two rows of level and volume")
    return rows


def _row(line: str) -> tuple[float, float] | None:
    words = [cell.strip() for cell in line.split(",")]
    if len(words) != 2 or not all(_NUMBER.fullmatch(word) for word in words):
        return None
    return float(words[0]), float(words[1])
