"""From a liquid's height to its volume, for a whole index of tanks at once, and how a shell widens with warmth.

Knows certificates and geometry only: no good and no reading. Volumes are those of a shell at the certificate's
temperature; CTSh carries them to another. A certificate's parts (dm + cm + mm, hydrostatic term at the good's
density) are summed into the rows of ``CapacityTable`` before they come here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Self

import numpy as np
from numpy.typing import NDArray

from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.tank import Geometry, Shape, Tank


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Capacity tables of n tanks, joined end to end; an upright cylinder is a table of two rows.

    start_mm, end_mm: first and last level of each tank, shape (n,). level_mm, volume_m3: all rows of all tanks.
    first, last: where a tank's rows lie in them, shape (n,). horizontal, sphere: tanks that follow their closed
    formula instead, because no certificate table replaces it.
    """

    start_mm: Floats
    end_mm: Floats
    level_mm: Floats
    volume_m3: Floats
    first: Ints
    last: Ints
    horizontal: Ints
    length_m: Floats
    sphere: Ints

    @classmethod
    def of(cls, tanks: Sequence[Tank]) -> Self:
        """The capacities of these tanks, in their order. Raises Unmeasurable for a tank that cannot be read."""
        knots = [_knots(tank) for tank in tanks]
        last = np.cumsum([levels.size for levels, _ in knots], dtype=np.int64) - 1
        first = np.concatenate(([0], last[:-1] + 1)).astype(np.int64)[: len(tanks)]
        level_mm = np.concatenate([levels for levels, _ in knots]) if knots else np.empty(0)
        volume_m3 = np.concatenate([volumes for _, volumes in knots]) if knots else np.empty(0)
        horizontal = _following(tanks, Shape.HORIZONTAL)
        return cls(
            start_mm=level_mm[first],
            end_mm=level_mm[last],
            level_mm=level_mm,
            volume_m3=volume_m3,
            first=first,
            last=last,
            horizontal=horizontal,
            length_m=np.array([g.length_m for i in horizontal if (g := tanks[i].geometry)], dtype=np.float64),
            sphere=_following(tanks, Shape.SPHERE),
        )

    def read(self, height_mm: Floats) -> tuple[Floats, Floats]:
        """Volume in m³ below height_mm and its slope in m³/mm, both of height_mm's shape (..., n).

        NaN where the height is NaN, below the table's start or above its end: nothing is ever extrapolated.
        Linear between rows (GB/T 13235, JJG 168); horizontal cylinder A·L with A = r²·acos(1 - h/r)
        - (r - h)·√(h·(2r - h)); sphere π·h²·(3r - h)/3. The volume never falls as the height rises.
        """
        inside = (height_mm >= self.start_mm) & (height_mm <= self.end_mm)
        height = np.where(inside, height_mm, self.start_mm)
        row = self._row_below(height)
        below, above = self.volume_m3[row], self.volume_m3[row + 1]
        slope = (above - below) / (self.level_mm[row + 1] - self.level_mm[row])
        volume = np.minimum(below + slope * (height - self.level_mm[row]), above)
        self._follow_formulas(height, volume, slope)
        return np.where(inside, volume, np.nan), np.where(inside, slope, np.nan)

    def _row_below(self, height_mm: Floats) -> Ints:
        """The row at or below each height, never a tank's last: bisection in every tank's own rows at once.

        Levels are compared as they are, so that one tank alone and the same tank among others agree to the bit.
        """
        low = np.broadcast_to(self.first, height_mm.shape)
        high = np.broadcast_to(self.last, height_mm.shape)
        longest = int(np.max(self.last - self.first, initial=1))
        for _ in range((longest - 1).bit_length()):
            middle = (low + high) >> 1
            reached = self.level_mm[middle] <= height_mm
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
        return low

    def _follow_formulas(self, height_mm: Floats, volume_m3: Floats, slope_m3_mm: Floats) -> None:
        """Overwrite the columns of horizontal cylinders and spheres by their closed formulas."""
        if self.horizontal.size:
            h, r = height_mm[..., self.horizontal], self.end_mm[self.horizontal] / 2.0
            chord = np.sqrt(h * (2.0 * r - h))
            half_angle = 2.0 * np.arcsin(np.sqrt(h / (2.0 * r)))  # acos(1 - h/r) loses a thin film's digits
            area_mm2 = np.maximum(r**2 * half_angle - (r - h) * chord, 0.0)
            volume_m3[..., self.horizontal] = area_mm2 * self.length_m * 1e-6
            slope_m3_mm[..., self.horizontal] = 2.0 * chord * self.length_m * 1e-6
        if self.sphere.size:
            h, r = height_mm[..., self.sphere], self.end_mm[self.sphere] / 2.0
            volume_m3[..., self.sphere] = pi * h**2 * (3.0 * r - h) / 3.0 * 1e-9
            slope_m3_mm[..., self.sphere] = pi * h * (2.0 * r - h) * 1e-9


def upright(tank: Tank) -> bool:
    """Whether the tank is a vertical cylinder, which a table without a geometry is taken to be."""
    return tank.geometry is None or tank.geometry.shape is Shape.VERTICAL


def shell_temp_c(liquid_c: Floats, air_c: Floats, *, insulated: NDArray[np.bool_]) -> Floats:
    """Temperature of the shell: the liquid's when insulated, else (7·TL + TA)/8. Source: API MPMS 12.1.1."""
    return np.where(insulated, liquid_c, (7.0 * liquid_c + air_c) / 8.0)


def shell_factor(strain: Floats, power: Floats, *, upright: NDArray[np.bool_]) -> Floats:
    """CTSh, dimensionless, from the strain α·(TSh - TShref): 1 + 2·strain + strain² upright, else 1 + power·strain.

    Source: API MPMS 12.1.1 for upright cylinders; first order in the strain, as in IP PMP 11, for the others.
    """
    return np.where(upright, 1.0 + strain * (2.0 + strain), 1.0 + strain * power)


def shell_power(height_mm: Floats, slope_m3_mm: Floats, volume_m3: Floats) -> Floats:
    """How much faster than its size a body's partial volume grows at a fixed level: 1 (a film) to 3 (full).

    Bodies of one form obey V(size, h) = size³·v(h/size), whence d ln V/d ln size = 3 - h·V'(h)/V; for a sphere that
    is 3r/(3r - h).
    """
    filling = np.divide(height_mm * slope_m3_mm, volume_m3, out=np.full_like(volume_m3, 2.0), where=volume_m3 > 0.0)
    return np.clip(3.0 - filling, 1.0, 3.0)


def _following(tanks: Sequence[Tank], shape: Shape) -> Ints:
    rows = [i for i, t in enumerate(tanks) if t.table is None and t.geometry is not None and t.geometry.shape is shape]
    return np.array(rows, dtype=np.int64)


def _knots(tank: Tank) -> tuple[Floats, Floats]:
    """Rows of the certificate, or empty and full of an analytic body: levels in mm and volumes in m³."""
    if tank.table is not None:
        levels, volumes = tank.table.level_mm, tank.table.volume_m3
    elif tank.geometry is not None:
        height_mm, volume_m3 = _full(tank.geometry)
        levels, volumes = (0.0, height_mm), (0.0, volume_m3)
    else:
        raise Unmeasurable(f"tank {tank.id!r}: has neither a capacity table nor a geometry")
    knots = np.array([levels, volumes], dtype=np.float64) if len(levels) == len(volumes) else np.empty((2, 0))
    if knots.shape[1] < 2 or not np.all(np.isfinite(knots)) or np.any(np.diff(knots) <= 0.0):
        raise Unmeasurable(
            f"tank {tank.id!r}: capacity of {len(levels)} levels and {len(volumes)} volumes, "
            "must be at least two pairs of finite, strictly rising numbers"
        )
    return knots[0], knots[1]


def _full(geometry: Geometry) -> tuple[float, float]:
    """Greatest height in mm and volume in m³ there."""
    d = geometry.diameter_m
    match geometry.shape:
        case Shape.VERTICAL:
            return geometry.height_m * 1000.0, pi / 4.0 * d**2 * geometry.height_m
        case Shape.HORIZONTAL:
            return d * 1000.0, pi / 4.0 * d**2 * geometry.length_m
        case Shape.SPHERE:
            return d * 1000.0, pi / 6.0 * d**3
