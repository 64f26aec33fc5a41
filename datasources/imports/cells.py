"""Columns of text cells as arrays: numbers and times. One fast pass; cell by cell only where something is odd."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from datasources.imports.problem import Wrong
from domain.farm import Floats, Ints

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
NO_NUMBER = frozenset({"nan", "null", "none", "inf", "+inf", "-inf", "infinity", "-infinity"})
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([,，' _\u00a0][0-9]{3})+(\.[0-9]+)?", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+", re.ASCII)
WITH_UNIT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*[a-zA-Z°℃%/³米毫度公斤千克]+", re.ASCII)
EXCEL_TIME = re.compile(
    r"([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII
)
EXCEL_DAY_NUMBER = re.compile(r"[0-9]{5}(\.[0-9]+)?", re.ASCII)
OFFSET = re.compile(r"(?:Z|([+-])([0-9]{2})(?::([0-9]{2}))?)$", re.ASCII)
MINUTE = 60_000_000
WRITE_TIME = "write ISO 8601 with an offset, for example 2026-03-12T14:32:00+08:00"
Odd = Mapping[int, Wrong]
"""Place in the column → what is wrong there."""


def numbers(cells: Sequence[str]) -> tuple[Floats, NDArray[np.bool_], Odd]:
    """Values (NaN where blank, not finite, or wrong), which cells are blank, and what is wrong with the others."""
    joined = "".join(cells)
    if joined.isascii() and "_" not in joined:
        try:
            return _plain_numbers(cells)
        except ValueError:
            pass
    return _one_by_one(cells)


def micros(cells: Sequence[str], zone: tzinfo | None) -> tuple[Ints, Odd]:
    """Times in µs since 1970 UTC (0 where wrong). zone: of times without an offset; None where they are refused."""
    if (plain := _plain_micros(cells)) is not None:
        return plain, {}
    known = {cell: _moment(cell, zone) for cell in dict.fromkeys(cells)}
    wrong = {cell for cell, found in known.items() if isinstance(found, Wrong)}
    if not wrong:
        return np.fromiter(map(known.__getitem__, cells), dtype=np.int64, count=len(cells)), {}
    odd = {i: found for i, cell in enumerate(cells) if isinstance(found := known[cell], Wrong)}
    times = [0 if cell in wrong else known[cell] for cell in cells]
    return np.array(times, dtype=np.int64), odd


def looked_up(cells: Sequence[str], places: Mapping[str, int], named: Callable[[str], Wrong]) -> tuple[Ints, Odd]:
    """The place of every name (-1 where wrong). named: what to say of an unknown one."""
    found = np.fromiter((places.get(cell, -1) for cell in cells), dtype=np.int64, count=len(cells))
    odd: dict[int, Wrong] = {}
    for i in np.flatnonzero(found < 0).tolist():
        name = cells[i].strip()
        found[i] = places.get(name, -1)
        if found[i] < 0:
            odd[i] = named(name)
    return found, odd


def _plain_numbers(cells: Sequence[str]) -> tuple[Floats, NDArray[np.bool_], Odd]:
    """Raises ValueError for a cell that is neither a number nor blank."""
    count = len(cells)
    if "" not in cells:
        value, blank = np.fromiter(map(float, cells), np.float64, count), np.zeros(count, dtype=bool)
    else:
        value = np.array([float(cell or "nan") for cell in cells], dtype=np.float64)
        blank = np.array([not cell for cell in cells], dtype=bool)
    return np.where(np.isfinite(value), value, np.nan), blank, {}


def _plain_micros(cells: Sequence[str]) -> Ints | None:
    """All times at once where all are plain ISO 8601 with one and the same offset; None where any may be odd."""
    offset = OFFSET.search(cells[0]) if cells else None
    if offset is None:
        return None
    local = [cell.removesuffix(offset[0]) for cell in cells]
    joined, count = "".join(local), len(local)
    if sum(map(len, cells)) - len(joined) != count * len(offset[0]):
        return None  # not all of them have it
    joined = joined.replace(" ", "T")
    if "Z" in joined or "+" in joined or [joined.count(mark) for mark in "-T:"] != [2 * count, count, 2 * count]:
        return None
    try:
        times = np.array(local, dtype="M8[us]").view(np.int64)
    except ValueError:
        return None
    if not offset[1]:
        return times
    return times - int(offset[1] + "1") * (int(offset[2]) * 60 + int(offset[3] or 0)) * MINUTE


def _one_by_one(cells: Sequence[str]) -> tuple[Floats, NDArray[np.bool_], Odd]:
    value, blank = np.full(len(cells), np.nan), np.zeros(len(cells), dtype=bool)
    odd: dict[int, Wrong] = {}
    for i, cell in enumerate(cells):
        text = cell.strip()
        if not text:
            blank[i] = True
        elif NUMBER.fullmatch(text):
            value[i] = float(text)
        elif text.lower() not in NO_NUMBER:
            odd[i] = _no_number(text)
    return np.where(np.isfinite(value), value, np.nan), blank, odd


def _no_number(text: str) -> Wrong:
    shown = repr(text[:40])
    if THOUSANDS.fullmatch(text):
        plain = re.sub(r"[,，' _\u00a0]", "", text)
        return Wrong(wrong=f"{shown} has a thousands separator", instead=f"write {plain}")
    if DECIMAL_COMMA.fullmatch(text):
        return Wrong(wrong=f"{shown} has a decimal comma", instead=f"write {text.replace(',', '.')}")
    if unit := WITH_UNIT.fullmatch(text):
        return Wrong(
            wrong=f"{shown} has a unit in the cell", instead=f"write {unit[1]}; the unit is in the column's name"
        )
    if text.startswith("#"):
        return Wrong(wrong=f"{shown} is an error of Excel", instead="write the number, or nothing where it is unknown")
    return Wrong(
        wrong=f"{shown} is no number", instead="write a plain number such as 1234.5, or nothing where it is unknown"
    )


def _moment(cell: str, zone: tzinfo | None) -> int | Wrong:
    try:
        when = datetime.fromisoformat(cell)
        if when.tzinfo is None or len(cell) < 11:
            return _odd_moment(cell, zone)
        passed = when - EPOCH
    except (ValueError, OverflowError):
        return _odd_moment(cell, zone)
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def _odd_moment(cell: str, zone: tzinfo | None) -> int | Wrong:
    """A time that is not plain aware ISO 8601: spaces around it, no offset, or Excel's way of writing it."""
    text = cell.strip()
    shown = repr(text[:40])
    if not text:
        return Wrong(wrong="blank", instead=WRITE_TIME)
    if EXCEL_DAY_NUMBER.fullmatch(text):
        return Wrong(
            wrong=f"{shown} is Excel's number of a day", instead=f"format the column as a time, or {WRITE_TIME}"
        )
    try:
        when = _written(text)
    except (ValueError, OverflowError):
        return Wrong(wrong=f"{shown} is no time", instead=WRITE_TIME)
    if len(text) < 11:
        return Wrong(wrong=f"{shown} is a day without a time", instead=WRITE_TIME)
    if when.tzinfo is not None:
        return (when - EPOCH) // (datetime.resolution)
    if zone is None:
        return Wrong(wrong=f"{shown} has no time zone", instead=f"{WRITE_TIME}, or give --timezone Asia/Shanghai")
    early, late = when.replace(tzinfo=zone, fold=0), when.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        return Wrong(wrong=f"{shown} is there twice or never in {zone}: clocks were changed", instead=WRITE_TIME)
    return (early - EPOCH) // datetime.resolution


def _written(text: str) -> datetime:
    if excel := EXCEL_TIME.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in excel.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the caller's matter
    return datetime.fromisoformat(text)
