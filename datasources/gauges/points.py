"""Registers as numbers: points of one data type, decoded together. Pure; knows no tank and no device.

Why not a library's helpers: they decode one value at a time, and some exchange byte orders silently. Here the words
are put in order first and then reinterpreted, which the tests hold against bytes packed by ``struct``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from datasources.gauges.mapping import DataType, Point, Quantity
from domain.errors import WorkspaceInvalid
from domain.farm import Bits, Floats, Quality

Words = NDArray[np.uint16]
Raw = NDArray[np.uint64]
Flags = NDArray[np.bool_]

CODES: dict[DataType, str] = {
    "int16": "i2",
    "uint16": "u2",
    "int32": "i4",
    "uint32": "u4",
    "float32": "f4",
    "float64": "f8",
}
# unit → (gain, shift): value in mm, °C, kg/m³ or kPa = value in unit · gain + shift
LENGTH = {"mm": (1.0, 0.0), "cm": (10.0, 0.0), "m": (1000.0, 0.0)}
TEMPERATURE = {"C": (1.0, 0.0), "F": (5 / 9, -160 / 9), "K": (1.0, -273.15)}
DENSITY = {"kg/m3": (1.0, 0.0), "g/cm3": (1000.0, 0.0)}
PRESSURE = {"kPa": (1.0, 0.0), "bar": (100.0, 0.0), "mbar": (0.1, 0.0), "Pa": (0.001, 0.0)}
UNITS = {
    "level": LENGTH,
    "water": LENGTH,
    "temp": TEMPERATURE,
    "density": DENSITY,
    "air": TEMPERATURE,
    "p1": PRESSURE,
    "p3": PRESSURE,
}
# What a sensor beside the level can honestly show, in °C or kPa, gauge pressure. P1 over an empty tank is its P3.
BELIEVABLE: dict[Quantity, tuple[float, float]] = {"air": (-60.0, 60.0), "p1": (-10.0, 500.0), "p3": (-10.0, 100.0)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """Decoded points, arrays of shape (k,): value in mm, °C, kg/m³ or kPa (NaN where a bit says why), raw unsigned."""

    value: Floats
    raw: Raw
    quality: Bits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """k points of one data type as columns of shape (k,); fails and has_fail of shape (k, most fail values)."""

    type: DataType
    swap_bytes: Flags
    swap_words: Flags
    scale: Floats
    offset: Floats
    resolution: Floats
    low: Floats
    high: Floats
    gain: Floats
    shift: Floats
    fails: Raw
    has_fail: Flags

    @classmethod
    def of(cls, points: Sequence[Point]) -> Self:
        """Columns of these points, in their order. Raises WorkspaceInvalid for a unit that the quantity cannot have."""
        (data_type,) = {point.type for point in points}
        units = np.array([_unit(point) for point in points])
        fails, has_fail = _padded([point.fail_values for point in points])
        return cls(
            type=data_type,
            swap_bytes=np.array([p.byte_order == "little" for p in points]),
            swap_words=np.array([p.word_order == "little" for p in points]),
            scale=np.array([p.scale for p in points], dtype=float),
            offset=np.array([p.offset for p in points], dtype=float),
            resolution=np.array([p.resolution for p in points], dtype=float),
            low=np.array([-np.inf if p.low is None else p.low for p in points], dtype=float),
            high=np.array([np.inf if p.high is None else p.high for p in points], dtype=float),
            gain=units[:, 0],
            shift=units[:, 1],
            fails=fails,
            has_fail=has_fail,
        )

    def read(self, words: Words) -> Numbers:
        """Decode words of shape (k, words per value), native uint16 as Modbus delivers them."""
        ordered = np.where(self.swap_words[:, None], words[:, ::-1], words)
        ordered = np.where(self.swap_bytes[:, None], ordered.byteswap(), ordered)
        big = np.ascontiguousarray(ordered, dtype=">u2")
        code = CODES[self.type]
        raw = big.view(f">u{code[1]}")[:, 0].astype(np.uint64)
        with np.errstate(all="ignore"):  # a NaN or an overflow is a quality bit, not a warning
            number = big.view(f">{code}")[:, 0].astype(np.float64)
            value, in_unit = self._scaled(number)
            quality = self._quality(raw, value, in_unit)
        return Numbers(value=np.where(quality == 0, value, np.nan), raw=raw, quality=quality)

    def _scaled(self, number: Floats) -> tuple[Floats, Floats]:
        """The value in our unit and in the point's own, on the gauge's grid where it has one.

        The outer roundings only take off what binary fractions add: 1e-9 of a unit means nothing to a gauge. A float
        without a grid is left as it came.
        """
        scaled = number * self.scale + self.offset
        gridded = self.resolution > 0
        grid = np.where(gridded, self.resolution, 1.0)
        on_grid = np.where(gridded, np.rint(scaled / grid) * grid, scaled)
        dusty = gridded | (self.type not in {"float32", "float64"})
        in_unit = np.where(dusty, np.round(on_grid, 9), on_grid)
        value = in_unit * self.gain + self.shift
        return np.where(dusty, np.round(value, 6), value), in_unit

    def _quality(self, raw: Raw, value: Floats, in_unit: Floats) -> Bits:
        """One bit per point at most: the device's own word first, then what cannot be a number, then the band."""
        failed = ((raw[:, None] == self.fails) & self.has_fail).any(axis=1)
        outside = (in_unit < self.low) | (in_unit > self.high)
        bits = np.select(
            [failed, ~np.isfinite(value), outside],
            [Quality.FAIL_VALUE.value, Quality.NOT_FINITE.value, Quality.OUT_OF_RANGE.value],
            default=Quality.GOOD.value,
        )
        return bits.astype(np.uint32)


def _unit(point: Point) -> tuple[float, float]:
    if point.quantity == "status":
        return 1.0, 0.0
    allowed = UNITS[point.quantity]
    if point.unit not in allowed:
        raise WorkspaceInvalid(f"{point.quantity!r} in {point.unit!r}: {', '.join(allowed)} are allowed")
    return allowed[point.unit]


def _padded(fail_values: Sequence[tuple[int, ...]]) -> tuple[Raw, Flags]:
    """Fail values as a rectangle, and which of its cells are meant."""
    width = max((len(values) for values in fail_values), default=0)
    fails = np.zeros((len(fail_values), width), dtype=np.uint64)
    has_fail = np.zeros((len(fail_values), width), dtype=np.bool_)
    for i, values in enumerate(fail_values):
        fails[i, : len(values)] = values
        has_fail[i, : len(values)] = True
    return fails, has_fail
