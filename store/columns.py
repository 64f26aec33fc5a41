"""Readings as the columns of the series and back. In SQL unknown is NULL, in arrays NaN; tanks go by number."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.farm import Readings

Columns = dict[str, NDArray[Any]]

DTYPES: Mapping[str, str] = {
    "tank_no": "<i4",
    "taken_at": "<i8",
    "received_at": "<i8",
    "level_mm": "<f8",
    "water_mm": "<f8",
    "temp_c": "<f8",
    "density_kg_m3": "<f8",
    "status": "<i8",
    "quality": "<u4",
    "air_c": "<f8",
    "p1_kpa": "<f8",
    "p3_kpa": "<f8",
}
"""Every column of a reading with its type; times in µs since 1970. A new one goes to the end, and into OPTIONAL."""
OPTIONAL = frozenset({"air_c", "p1_kpa", "p3_kpa"})
"""Columns that came with a later schema: a batch in which nobody knows one is sealed as if there were none."""
TIMES = ("taken_at", "received_at")


def joined(batch: Sequence[Readings], tank_nos: NDArray[np.int32]) -> Columns:
    """The rows of all these polls as one set of columns. Raises ValueError for no poll at all.

    tank_nos: number of the tank at each place of the index.
    """
    if not batch:
        raise ValueError("no readings: a batch needs at least one row")
    parts: dict[str, list[NDArray[Any]]] = {
        "tank_no": [tank_nos[r.rows] for r in batch],
        "taken_at": [r.taken_at_us for r in batch],
        "received_at": [r.received_at_us for r in batch],
        "level_mm": [r.level_mm for r in batch],
        "water_mm": [r.water_mm for r in batch],
        "temp_c": [r.temp_c for r in batch],
        "density_kg_m3": [r.density_kg_m3 for r in batch],
        "status": [r.status for r in batch],
        "quality": [r.quality for r in batch],
        "air_c": [r.air_c for r in batch],
        "p1_kpa": [r.p1_kpa for r in batch],
        "p3_kpa": [r.p3_kpa for r in batch],
    }
    return plain({name: np.concatenate(arrays) for name, arrays in parts.items()})


def plain(found: Mapping[str, NDArray[Any]]) -> Columns:
    """Columns in their types, with one kind of NaN and of zero: what was written is what is read, bit for bit."""
    return {name: _plain(found[name], np.dtype(dtype)) for name, dtype in DTYPES.items()}


def registrable(columns: Columns) -> Columns:
    """The same columns as DuckDB takes them: times as datetime64."""
    return {name: column.view("M8[us]") if name in TIMES else column for name, column in columns.items()}


def picked(columns: Columns, rows: NDArray[Any]) -> Columns:
    """Some rows of the columns: a mask, or places in order."""
    return {name: column[rows] for name, column in columns.items()}


def readings_of(columns: Columns, places: Mapping[int, int]) -> Readings:
    """Readings ordered by place in the index, then by time; tanks without a place are left out."""
    size = max(places, default=0) + 1
    place_of = np.full(size, -1, dtype=np.int64)
    for tank_no, place in places.items():
        place_of[tank_no] = place
    known = columns["tank_no"] < size
    rows = np.where(known, place_of[np.where(known, columns["tank_no"], 0)], -1)
    order = np.lexsort((columns["received_at"], columns["taken_at"], rows))
    order = order[rows[order] >= 0]
    chosen = picked(columns, order)
    return Readings(
        rows=rows[order],
        level_mm=chosen["level_mm"],
        water_mm=chosen["water_mm"],
        temp_c=chosen["temp_c"],
        density_kg_m3=chosen["density_kg_m3"],
        air_c=chosen["air_c"],
        p1_kpa=chosen["p1_kpa"],
        p3_kpa=chosen["p3_kpa"],
        taken_at_us=chosen["taken_at"],
        received_at_us=chosen["received_at"],
        status=chosen["status"],
        quality=chosen["quality"],
    )


def last_words(columns: Columns) -> Columns:
    """Of rows of the same tank and time, the one received last: a correction replaces what it corrects."""
    order = np.lexsort((columns["received_at"], columns["taken_at"], columns["tank_no"]))
    tank_no, taken_at = columns["tank_no"][order], columns["taken_at"][order]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (tank_no[1:] != tank_no[:-1]) | (taken_at[1:] != taken_at[:-1])
    return picked(columns, order[last])


def _plain(column: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if dtype.kind == "f":
        numbers = np.asarray(np.ma.filled(column, np.nan), dtype=dtype)
        return np.where(np.isnan(numbers), np.nan, numbers + 0.0)
    if column.dtype.kind == "M":
        return column.astype("M8[us]").view(np.int64).astype(dtype)
    return np.asarray(column, dtype=dtype)
