"""The inside of a tank: level to volume and back, cold or warm.

A level is mm above the datum plate, a volume m³. `strain` is the linear growth of the
steel, 1 + alpha × dT: it widens a vertical tank, and swells the others all over.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

ALPHA_STEEL_PER_C = 1.2e-5
"""Mild steel as in Chinese calibration certificates (JJG 168), 1/K; reference 20 °C."""

SHELL_REFERENCE_C = 20.0


class Shape(Protocol):
    """What physics asks of a tank's inside."""

    @property
    def full_mm(self) -> float: ...

    def volume_m3(self, level_mm: float, *, strain: float) -> float: ...

    def level_mm(self, volume_m3: float, *, strain: float) -> float: ...

    def area_m2(self, level_mm: float) -> float: ...

    def surface_m2(self, level_mm: float) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertical:
    """An upright cylinder: V = area × strain² × level (API 12.1.1 CTSh = strain²)."""

    diameter_m: float
    full_mm: float

    def volume_m3(self, level_mm: float, *, strain: float) -> float:
        return self.area_m2(level_mm) * strain**2 * level_mm / 1000.0

    def level_mm(self, volume_m3: float, *, strain: float) -> float:
        return volume_m3 * 1000.0 / (self.area_m2(0.0) * strain**2)

    def area_m2(self, level_mm: float) -> float:  # noqa: ARG002  upright: the same at every height
        return math.pi * self.diameter_m**2 / 4.0

    def surface_m2(self, level_mm: float) -> float:
        return math.pi * self.diameter_m * level_mm / 1000.0 + 2.0 * self.area_m2(level_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabled:
    """An upright tank known by its capacity table (罐容表), read between rows by straight line."""

    levels_mm: tuple[float, ...]
    volumes_m3: tuple[float, ...]

    @property
    def full_mm(self) -> float:
        return self.levels_mm[-1]

    def volume_m3(self, level_mm: float, *, strain: float) -> float:
        return _interpolate(level_mm, self.levels_mm, self.volumes_m3) * strain**2

    def level_mm(self, volume_m3: float, *, strain: float) -> float:
        return _interpolate(volume_m3 / strain**2, self.volumes_m3, self.levels_mm)

    def area_m2(self, level_mm: float) -> float:
        low = min(level_mm, self.full_mm - 100.0)
        rise = self.volume_m3(low + 100.0, strain=1.0) - self.volume_m3(low, strain=1.0)
        return rise / 0.1

    def surface_m2(self, level_mm: float) -> float:
        area = self.area_m2(level_mm)
        return 2.0 * math.sqrt(math.pi * area) * level_mm / 1000.0 + 2.0 * area


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizontal:
    """A lying cylinder with flat ends. V = circular segment × length."""

    diameter_m: float
    length_m: float

    @property
    def full_mm(self) -> float:
        return self.diameter_m * 1000.0

    def volume_m3(self, level_mm: float, *, strain: float) -> float:
        r, h = self.diameter_m / 2.0, level_mm / 1000.0 / strain
        h = min(max(h, 0.0), 2.0 * r)
        segment = r**2 * math.acos((r - h) / r) - (r - h) * math.sqrt(2.0 * r * h - h * h)
        return segment * self.length_m * strain**3

    def level_mm(self, volume_m3: float, *, strain: float) -> float:
        return _invert(lambda mm: self.volume_m3(mm, strain=strain), volume_m3, self.full_mm * strain)

    def area_m2(self, level_mm: float) -> float:
        h = level_mm / 1000.0
        return 2.0 * math.sqrt(max(h * (self.diameter_m - h), 0.0)) * self.length_m

    def surface_m2(self, level_mm: float) -> float:  # noqa: ARG002  all of the shell
        return math.pi * self.diameter_m * (self.length_m + self.diameter_m / 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sphere:
    """A ball: V = π h² (3r − h) / 3."""

    diameter_m: float

    @property
    def full_mm(self) -> float:
        return self.diameter_m * 1000.0

    def volume_m3(self, level_mm: float, *, strain: float) -> float:
        r, h = self.diameter_m / 2.0, level_mm / 1000.0 / strain
        h = min(max(h, 0.0), 2.0 * r)
        return math.pi * h**2 * (3.0 * r - h) / 3.0 * strain**3

    def level_mm(self, volume_m3: float, *, strain: float) -> float:
        return _invert(lambda mm: self.volume_m3(mm, strain=strain), volume_m3, self.full_mm * strain)

    def area_m2(self, level_mm: float) -> float:
        h = level_mm / 1000.0
        return math.pi * max(h * (self.diameter_m - h), 0.0)

    def surface_m2(self, level_mm: float) -> float:  # noqa: ARG002  all of the shell
        return math.pi * self.diameter_m**2


def _interpolate(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    """Straight line between neighbours; the end segments run on, so an overfill stays visible."""
    i = min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)
    return ys[i] + (ys[i + 1] - ys[i]) * (x - xs[i]) / (xs[i + 1] - xs[i])


def _invert(rising: Callable[[float], float], target: float, high: float) -> float:
    """The x in 0…high at which a rising function meets target, by bisection to 1e-9 mm."""
    low = 0.0
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2.0
