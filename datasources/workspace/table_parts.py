"""A certificate in parts as a CSV file: one printed number a line, typed from the paper or exported by a program.

``part,level_mm,volume_l,from_mm,to_mm`` (or ``volume_m3``). part: bottom, main, hydrostatic with the level above the
datum plate; cm and mm with the height above the main row and the cm, and the shell course in from_mm and to_mm.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from datasources.workspace.problem import Problem, suggestion
from datasources.workspace.secret import shown
from domain.metering.certificate import Certificate, Course, Fault, Row

HEADERS = [["part", "level_mm", volume, "from_mm", "to_mm"] for volume in ("volume_m3", "volume_l")]
LEVELLED = ("bottom", "main", "hydrostatic")
DECIMALS = {"cm": [10.0 * n for n in range(1, 10)], "mm": [1.0 * n for n in range(1, 10)]}
_NUMBER = re.compile(r"\d{1,8}(\.\d{1,6})?", re.ASCII)


class Line(NamedTuple):
    """One printed number: which line of the file, and what it says; volume in m³."""

    number: int
    part: str
    level_mm: float
    volume_m3: float
    course: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A certificate's parts, and the line of each, so that what they contradict can be told in its place."""

    certificate: Certificate
    lines: Sequence[Line]

    def line(self, fault: Fault) -> int:
        """Where to look: the fault's own line, or the line below whose level it lies."""
        if fault.part == "course":
            return next(x.number for x in self.lines if x.course is not None and x.course[0] == fault.level_mm)
        own = [x for x in self.lines if x.part == fault.part]
        return own[bisect_right([x.level_mm for x in own], fault.level_mm) - 1].number


def cells(line: str) -> list[str]:
    """A line's cells, without the empty ones that spreadsheets write at the end."""
    return [cell.strip() for cell in line.rstrip(" ,\t").split(",")]


def tell(problems: list[Problem], path: str, line: int, wrong: str, instead: str) -> None:
    """A mistake in a table's file."""
    problems.append(Problem(file=path, line=line, where="", wrong=wrong, instead=instead))


def read_parts(text: Sequence[str], path: str, problems: list[Problem]) -> Parts:
    """The parts of a file whose first line is one of HEADERS, as far as they are sound; tells of every bad line."""
    in_litres = cells(text[0])[2] == "volume_l"
    lines: list[Line] = []
    digits: dict[str, int] = defaultdict(int)
    for number, written in enumerate(text[1:], start=2):
        if not written.strip(" ,\t"):
            continue
        line = _line(number, cells(written), in_litres=in_litres)
        if not isinstance(line, Line):
            tell(problems, path, number, *line)
        elif fault := _unlike(line, lines):
            tell(problems, path, number, *fault)
        else:
            lines.append(line)
            digits[line.part] = max(digits[line.part], len(cells(written)[2].partition(".")[2]))
    for wrong, instead in _lacking(lines):
        tell(problems, path, len(text), wrong, instead)
    summed = [digits[part] for part in ("main", *DECIMALS) if part in digits]
    rounding_m3 = 10.0 ** -min(summed, default=0) * (0.001 if in_litres else 1.0)
    return Parts(certificate=_certificate(lines, rounding_m3), lines=lines)


def _line(number: int, words: list[str], *, in_litres: bool) -> Line | tuple[str, str]:
    """The line, or what is wrong with it and what to write."""
    part, figures = words[0], words[1:]
    if part not in (*LEVELLED, *DECIMALS):
        return f"{shown(part)} is no part", suggestion(part, (*LEVELLED, *DECIMALS), add="delete the line")
    wanted = 2 if part in LEVELLED else 4
    if len(figures) != wanted or not all(_NUMBER.fullmatch(word) for word in figures):
        example = f"{part},1200,210345" if part in LEVELLED else f"{part},{DECIMALS[part][2]:g},541,0,1500"
        return f"{shown(','.join(words))} is not {wanted} plain numbers after the part", f"write e.g. {example}"
    level_mm, volume, *course = (float(word) for word in figures)
    if course and course[0] >= course[1]:
        return f"the course {course[0]:g}–{course[1]:g} mm does not rise", "write from_mm below to_mm"
    if part in DECIMALS and level_mm not in DECIMALS[part]:
        allowed = ", ".join(f"{mm:g}" for mm in DECIMALS[part])
        return f"{level_mm:g} mm is no height of part {part}", f"write one of {allowed}"
    volume_m3 = volume / 1000.0 if in_litres else volume
    return Line(number, part, level_mm, volume_m3, (course[0], course[1]) if course else None)


def _unlike(line: Line, before: Sequence[Line]) -> tuple[str, str] | None:
    """What is wrong where a line does not rise above the last one of its part and course."""
    last = next((x for x in reversed(before) if (x.part, x.course) == (line.part, line.course)), None)
    if last is None:
        return None
    stands = line.volume_m3 == last.volume_m3 and line.part in ("main", "bottom")  # the others are small: litres repeat
    if line.level_mm <= last.level_mm or line.volume_m3 < last.volume_m3 or stands:
        wrong = f"{line.level_mm:g} mm, {line.volume_m3:g} m³ does not rise above line {last.number}"
        return wrong, "write each part and course from low to high"
    return None


def _lacking(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Parts that are there in part only."""
    found = []
    if sum(line.part == "main" for line in lines) < 2:
        found.append(("has fewer than two rows of part main", "write the main table (分米 or 厘米容量表)"))
    heights: dict[tuple[str, tuple[float, float]], list[float]] = defaultdict(list)
    for line in lines:
        if line.course is not None:
            heights[line.part, line.course].append(line.level_mm)
    for (part, course), given in heights.items():
        missing = ", ".join(f"{mm:g}" for mm in DECIMALS[part] if mm not in given)
        if missing:
            wrong = f"part {part} of the course {course[0]:g}–{course[1]:g} mm lacks {missing} mm"
            found.append((wrong, "write all nine"))
    return found


def _certificate(lines: Sequence[Line], rounding_m3: float) -> Certificate:
    rows: dict[str, list[Row]] = {part: [] for part in LEVELLED}
    decimals: dict[tuple[float, float], dict[str, list[float]]] = defaultdict(lambda: {"cm": [], "mm": []})
    for line in lines:
        if line.course is None:
            rows[line.part].append(Row(line.level_mm, line.volume_m3))
        else:
            decimals[line.course][line.part].append(line.volume_m3)
    return Certificate(
        main=tuple(rows["main"]),
        bottom=tuple(rows["bottom"]),
        hydrostatic=tuple(rows["hydrostatic"]),
        courses=tuple(
            Course(from_mm=course[0], to_mm=course[1], cm_m3=tuple(values["cm"]), mm_m3=tuple(values["mm"]))
            for course, values in sorted(decimals.items())
        ),
        rounding_m3=rounding_m3,
    )
