"""What each tank can hold at most, from its certificate: an upper bound for what papers may say."""

from collections.abc import Iterable, Mapping

import numpy as np

from datasources.workspace.goods import GoodsFile
from datasources.workspace.part import Sheet
from datasources.workspace.sites import SiteFile
from datasources.workspace.tanks import Tables, TankPart, build_tank
from domain.errors import Unmeasurable
from domain.metering.capacity import Capacity

COLD = 1.05
"""A good is denser when cold: methanol at −20 °C by 5 % of what it is at 20 °C."""


def rooms_kg(sheets: Iterable[Sheet[SiteFile]], tables: Tables, goods: Sheet[GoodsFile] | None) -> dict[str, float]:
    """Kg at the safe filling height by tank id; a tank or good that cannot be read is left out."""
    parts = goods.part.goods if goods is not None else ()
    densities = {g.code: g.density_kg_m3 * g.packing_factor for g in parts if g.density_kg_m3 is not None}
    rooms = ((t.id, _room_kg(t, tables, densities)) for sheet in sheets for t in sheet.part.tanks)
    return {tank: kg for tank, kg in rooms if kg is not None}


def _room_kg(part: TankPart, tables: Tables, densities: Mapping[str, float]) -> float | None:
    density = densities.get(part.good)
    if density is None or (part.roof is not None and part.roof.kg is None):
        return None
    try:
        capacity = Capacity.of([build_tank(part, "", tables)])
    except Unmeasurable:
        return None
    volume_m3 = float(capacity.volume(np.array([part.max_level_mm]))[0])
    return volume_m3 * density * COLD if np.isfinite(volume_m3) else None
