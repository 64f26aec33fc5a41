"""From a liquid's height to its volume, for a whole index of tanks at once.

Knows certificates and geometry only: no good and no reading. Volumes are those of a shell at the certificate's
temperature; CTSh carries them to another. A certificate's parts (dm + cm + mm, hydrostatic term at the good's
density) are summed into the rows of ``CapacityTable`` before they come here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.metering.body import full, lying_cylinder, sphere
from domain.metering.row_index import RowIndex
from domain.tank import CapacityTable, Shape, Tank


class Capacities(NamedTuple):
    """What tables say at some heights, arrays of one shape; NaN where the height is none of the table's.

    hydrostatic_m3: what the shell widens there under a liquid of relative density 1; 0 where the table has none.
    """

    volume_m3: Floats
    slope_m3_mm: Floats
    hydrostatic_m3: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Capacity tables of n tanks, joined end to end; an upright cylinder is a table of two rows.

    start_mm, end_mm: first and last level of each tank, shape (n,). volume_m3, slope_m3_mm: at each row of ``rows``,
    and from it to the next. hydrostatic_m3, hydrostatic_slope_m3_mm: likewise, empty when no table has the correction.
    horizontal, sphere: tanks that follow their closed formula instead, because no certificate table replaces it.
    """

    start_mm: Floats
    end_mm: Floats
    rows: RowIndex
    volume_m3: Floats
    slope_m3_mm: Floats
    hydrostatic_m3: Floats
    hydrostatic_slope_m3_mm: Floats
    horizontal: Ints
    length_m: Floats
    sphere: Ints

    @classmethod
    def of(cls, tanks: Sequence[Tank]) -> Self:
        """The capacities of these tanks, in their order. Raises Unmeasurable for a tank that cannot be read."""
        tables = [_table(tank) for tank in tanks]
        rows = RowIndex.of([levels for levels, _, _ in tables])
        volume_m3 = _joined([volumes for _, volumes, _ in tables])
        hydrostatic_m3 = _joined([widening for _, _, widening in tables] if any(w.any() for _, _, w in tables) else [])
        horizontal = _following(tanks, Shape.HORIZONTAL)
        return cls(
            start_mm=rows.level_mm[rows.first],
            end_mm=rows.level_mm[rows.last],
            rows=rows,
            volume_m3=volume_m3,
            slope_m3_mm=_slopes(rows, volume_m3),
            hydrostatic_m3=hydrostatic_m3,
            hydrostatic_slope_m3_mm=_slopes(rows, hydrostatic_m3),
            horizontal=horizontal,
            length_m=np.array([g.length_m for i in horizontal if (g := tanks[i].geometry)], dtype=np.float64),
            sphere=_following(tanks, Shape.SPHERE),
        )

    def look_up(self, height_mm: Floats) -> Capacities:
        """Volume in m³ below height_mm, its slope in m³/mm and the hydrostatic term, of height_mm's shape (..., n).

        NaN where the height is NaN, below the table's start or above its end: nothing is ever extrapolated.
        Linear between rows (GB/T 13235, JJG 168), so that the volume never falls as the height rises; at a table's
        last row the slope is that of the stretch below. Horizontal cylinders and spheres follow ``body``'s formulas.
        """
        height = np.fmin(np.fmax(height_mm, self.start_mm), self.end_mm)
        row = self.rows.row(height)
        over_mm = height - self.rows.level_mm.take(row)
        slope = self.slope_m3_mm.take(row)
        volume = slope * over_mm
        volume += self.volume_m3.take(row)
        hydrostatic = np.zeros_like(volume)
        if self.hydrostatic_m3.size:
            np.multiply(self.hydrostatic_slope_m3_mm.take(row), over_mm, out=hydrostatic)
            hydrostatic += self.hydrostatic_m3.take(row)
        self._follow_formulas(height, volume, slope)
        outside = height != height_mm
        if outside.any():
            for column in (volume, slope, hydrostatic):
                np.copyto(column, np.nan, where=outside)
        return Capacities(volume, slope, hydrostatic)

    def volume(self, height_mm: Floats) -> Floats:
        """Volume in m³ below height_mm alone, as ``look_up`` gives it: for free water."""
        return self.look_up(height_mm).volume_m3

    def _follow_formulas(self, height_mm: Floats, volume_m3: Floats, slope_m3_mm: Floats) -> None:
        """Overwrite the columns of horizontal cylinders and spheres by their closed formulas."""
        if self.horizontal.size:
            height, radius = height_mm[..., self.horizontal], self.end_mm[self.horizontal] / 2.0
            volume, slope = lying_cylinder(height, radius, self.length_m)
            volume_m3[..., self.horizontal], slope_m3_mm[..., self.horizontal] = volume, slope
        if self.sphere.size:
            height, radius = height_mm[..., self.sphere], self.end_mm[self.sphere] / 2.0
            volume, slope = sphere(height, radius)
            volume_m3[..., self.sphere], slope_m3_mm[..., self.sphere] = volume, slope


def upright(tank: Tank) -> bool:
    """Whether the tank is a vertical cylinder, which a table without a geometry is taken to be."""
    return tank.geometry is None or tank.geometry.shape is Shape.VERTICAL


def _following(tanks: Sequence[Tank], shape: Shape) -> Ints:
    rows = [i for i, t in enumerate(tanks) if t.table is None and t.geometry is not None and t.geometry.shape is shape]
    return np.array(rows, dtype=np.int64)


def _table(tank: Tank) -> tuple[Floats, Floats, Floats]:
    """Rows of the certificate, or empty and full of an analytic body: levels in mm, volumes and widening in m³."""
    if tank.table is not None:
        table = tank.table
    elif tank.geometry is not None:
        height_mm, volume_m3 = full(tank.geometry)
        table = CapacityTable(level_mm=(0.0, height_mm), volume_m3=(0.0, volume_m3))
    else:
        raise Unmeasurable(f"tank {tank.id!r}: has neither a capacity table nor a geometry")
    levels, volumes = np.array(table.level_mm, dtype=np.float64), np.array(table.volume_m3, dtype=np.float64)
    if levels.size != volumes.size or levels.size < 2 or not (_rises(levels) and _rises(volumes)):
        raise Unmeasurable(
            f"tank {tank.id!r}: capacity of {levels.size} levels and {volumes.size} volumes, "
            "must be at least two pairs of finite, strictly rising numbers"
        )
    widening = np.array(table.hydrostatic_m3 or np.zeros(levels.size), dtype=np.float64)
    if (
        widening.size != levels.size
        or not np.all(np.isfinite(widening))
        or np.any(np.diff(widening, prepend=0.0) < 0.0)
    ):
        raise Unmeasurable(
            f"tank {tank.id!r}: hydrostatic correction of {widening.size} volumes at {levels.size} levels, "
            "must be one for each, finite, from 0 up and never falling"
        )
    return levels, volumes, widening


def _rises(numbers: Floats) -> bool:
    return bool(np.all(np.isfinite(numbers)) and np.all(np.diff(numbers) > 0.0))


def _joined(columns: Sequence[Floats]) -> Floats:
    """All tables' volumes, each closed by a row that repeats its last, as RowIndex closes its levels."""
    return np.concatenate([np.append(column, column[-1]) for column in columns]) if columns else np.empty(0)


def _slopes(rows: RowIndex, volume_m3: Floats) -> Floats:
    """Slope in m³/mm from each row to the next; a table's last stretch goes on at its last row.

    Rounded down where the straight line would end above the next row: volume never falls from one stretch to another.
    """
    if not volume_m3.size:
        return np.empty(0)
    width_mm, rise_m3 = np.diff(rows.level_mm), np.diff(volume_m3)
    inner = np.isfinite(width_mm)
    slope = np.zeros(volume_m3.size)
    np.divide(rise_m3, width_mm, out=slope[:-1], where=inner)
    while np.any(over := inner & (volume_m3[:-1] + slope[:-1] * np.where(inner, width_mm, 0.0) > volume_m3[1:])):
        slope[:-1] = np.where(over, np.nextafter(slope[:-1], 0.0), slope[:-1])
    slope[rows.last] = slope[rows.last - 1]
    return slope
