"""Sums a certificate's parts into one capacity table: V(level) = main row at or below + cm + mm, and its widening.

Source: 容积表 after JJG 168 and GB/T 13235.1; the worked sums of a depot's training text are in the tests. What the
parts contradict is told as faults; nothing is extrapolated and nothing smoothed.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from math import ceil

import numpy as np

from domain.metering.certificate import CM_MM, Certificate, Fault, HydrostaticRow, Row
from domain.tank import CapacityTable


def compose(certificate: Certificate) -> tuple[CapacityTable | None, tuple[Fault, ...]]:
    """Rows for every mm (or cm) that the certificate prints a volume for; None if there are faults.

    Below the main table the bottom alone counts. A row that the paper's rounding puts level with the next one, or
    above it, gives way; where rounding cannot explain the fall, that is a fault.
    """
    faults = [*_course_faults(certificate), *_bottom_faults(certificate), *_hydrostatic_faults(certificate)]
    if faults:
        return None, tuple(faults)
    main, faults = _rising(list(_printed(certificate)), certificate)
    if faults:
        return None, tuple(faults)
    bottom = [row for row in certificate.bottom if row.level_mm < main[0].level_mm]
    rows = _with_switches([*bottom, *main], certificate)
    table = CapacityTable(
        level_mm=tuple(row.level_mm for row in rows),
        volume_m3=tuple(row.volume_m3 for row in rows),
        hydrostatic_m3=_widening(certificate, rows) if certificate.hydrostatic else (),
        includes_relative_density=certificate.includes_relative_density,
    )
    return table, ()


def _course_faults(certificate: Certificate) -> Iterator[Fault]:
    """Main rows too far apart for the decimals, and levels that lie in no course or in two."""
    main, courses = certificate.main, certificate.courses
    if not courses:
        return
    for below, above in pairwise(main):
        if above.level_mm - below.level_mm > certificate.step_mm:
            wrong = f"no main row between {below.level_mm:g} and {above.level_mm:g} mm"
            remedy = f"add one every {certificate.step_mm} mm, as far as the cm and mm reach"
            yield Fault(part="main", level_mm=above.level_mm, wrong=wrong, instead=remedy)
    ended = main[0].level_mm
    for n, course in enumerate(courses):
        if course.from_mm > ended or (n and course.from_mm < ended):
            wrong = f"the course from {course.from_mm:g} mm does not begin where the table or the last course was: {ended:g}"
            remedy = "let each course begin where the one below ends"
            yield Fault(part="course", level_mm=course.from_mm, wrong=wrong, instead=remedy)
        if (bool(course.cm_m3), bool(course.mm_m3)) != (bool(courses[0].cm_m3), bool(courses[0].mm_m3)):
            wrong = f"the course from {course.from_mm:g} mm and the first one do not both have cm, or both mm"
            yield Fault(part="course", level_mm=course.from_mm, wrong=wrong, instead="add the missing decimals")
        ended = course.to_mm
    if ended < main[-1].level_mm:
        wrong = f"the courses end at {ended:g} mm, below the main table's {main[-1].level_mm:g}"
        yield Fault(part="course", level_mm=courses[-1].from_mm, wrong=wrong, instead="add the uppermost course")


def _bottom_faults(certificate: Certificate) -> Iterator[Fault]:
    """Bottom rows that the main table overrules or contradicts."""
    start = certificate.main[0]
    for row in certificate.bottom:
        if row.level_mm > start.level_mm:
            wrong = f"{row.level_mm:g} mm lies above the main table's start at {start.level_mm:g} mm"
            yield Fault(part="bottom", level_mm=row.level_mm, wrong=wrong, instead="delete it; main counts there")
        elif row != start and (row.level_mm == start.level_mm or row.volume_m3 >= start.volume_m3):
            wrong = f"{row.volume_m3:g} m³ at {row.level_mm:g} mm does not fit main's {start.volume_m3:g} m³ at "
            wrong += f"{start.level_mm:g} mm"
            yield Fault(part="bottom", level_mm=row.level_mm, wrong=wrong, instead="compare both with the certificate")


def _hydrostatic_faults(certificate: Certificate) -> Iterator[Fault]:
    """A correction that ends more than one of its own steps below the table."""
    rows, end_mm = certificate.hydrostatic, certificate.main[-1].level_mm
    widest = max((above.level_mm - below.level_mm for below, above in pairwise(rows)), default=0.0)
    if rows and rows[-1].level_mm + widest < end_mm:
        wrong = f"ends at {rows[-1].level_mm:g} mm, the main table at {end_mm:g}"
        yield Fault(part="hydrostatic", level_mm=rows[-1].level_mm, wrong=wrong, instead="add the rows that follow")


def _printed(certificate: Certificate) -> Iterator[Row]:
    """Every level from the main table's start that the certificate prints a volume for, as it is printed.

    Above the last main row the decimals go on to the end of their course, if it ends within their reach.
    """
    main, courses, step = certificate.main, certificate.courses, certificate.step_mm
    ends = [row.level_mm for row in main[1:]]
    ends.append(min(main[-1].level_mm + step, courses[-1].to_mm + 1.0) if courses else main[-1].level_mm)
    n = 0
    for row, end_mm in zip(main, ends, strict=True):
        yield row
        for above_mm in range(1, ceil(end_mm - row.level_mm) if step else 0):
            level_mm = row.level_mm + above_mm
            while courses[n].to_mm < level_mm:
                n += 1
            if courses[n].mm_m3 or above_mm % CM_MM == 0:
                yield Row(level_mm, row.volume_m3 + courses[n].at(above_mm))


def _rising(rows: list[Row], certificate: Certificate) -> tuple[list[Row], list[Fault]]:
    """The rows without those that rounding keeps from rising; main rows always stay."""
    explained_m3 = 2.0 * certificate.rounding_m3 * (1.0 + 1e-9)  # half a digit each: main, cm, mm, and the row above
    main = {row.level_mm for row in certificate.main}
    kept, faults = [rows[-1]], []
    for row in reversed(rows[:-1]):
        while row.level_mm in main and kept[-1].level_mm not in main and _levels_out(row, kept[-1], explained_m3):
            kept.pop()
        above = kept[-1]
        if row.volume_m3 < above.volume_m3:
            kept.append(row)
        elif row.level_mm in main or not _levels_out(row, above, explained_m3):
            wrong = f"{row.volume_m3:g} m³ at {row.level_mm:g} mm, but {above.volume_m3:g} at {above.level_mm:g} mm"
            remedy = "compare main, cm and mm with the paper"
            faults.append(Fault(part="main", level_mm=row.level_mm, wrong=wrong, instead=remedy))
    return kept[::-1], faults[::-1]


def _levels_out(row: Row, above: Row, explained_m3: float) -> bool:
    """Whether a row that does not lie below the next one does so by rounding alone."""
    return 0.0 <= row.volume_m3 - above.volume_m3 <= explained_m3


def _with_switches(rows: list[Row], certificate: Certificate) -> list[Row]:
    """Rows added where the correction changes its line, so that it does so within one mm and nowhere else."""
    levels, volumes = zip(*rows, strict=True)
    switches = {mm for switch in _switches(certificate) for mm in (switch - 1.0, switch)}
    added = sorted(mm for mm in switches - set(levels) if levels[0] < mm < levels[-1])
    between = np.interp(added, levels, volumes).tolist()
    return sorted([*rows, *(Row(mm, m3) for mm, m3 in zip(added, between, strict=True))])


def _switches(certificate: Certificate) -> list[float]:
    """Levels in mm from which the next line of the correction counts."""
    levels = [row.level_mm for row in certificate.hydrostatic]
    if certificate.hydrostatic_row is HydrostaticRow.NEAREST:
        return levels[:1] + [float(ceil((below + above) / 2.0)) for below, above in pairwise(levels)]
    return levels


def _widening(certificate: Certificate, rows: list[Row]) -> tuple[float, ...]:
    """The correction at each row in m³ at relative density 1: none below its first line, its last line's above it."""
    levels, volumes = zip(*certificate.hydrostatic, strict=True)
    if certificate.hydrostatic_row is HydrostaticRow.LINEAR:
        return tuple(np.interp([row.level_mm for row in rows], levels, volumes, left=0.0).tolist())
    switches, steps = _switches(certificate), (0.0, *volumes)
    return tuple(steps[bisect_right(switches, row.level_mm)] for row in rows)
