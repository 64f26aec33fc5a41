"""A tank's newest reading as people are told of it, in the house of today or in the house of a past moment."""

from dataclasses import fields
from datetime import UTC, datetime
from math import isfinite

from bot.house import House
from domain.farm import Quality
from domain.metering.inventory import Inventory
from domain.metering.quality import Remark
from skills.ports import Chain, Reading


def reading_of(house: House, tank_id: str) -> Reading:
    """The newest reading that this house knows. Raises KeyError for a tank that it does not have."""
    row = house.workspace.index.row[tank_id]
    taken = int(house.farm.taken_at_us[row])
    return Reading(
        tank_id=tank_id,
        level_mm=_number(house.farm.level_mm[row]),
        water_mm=_number(house.farm.water_mm[row]),
        temp_c=_number(house.farm.temp_c[row]),
        mass_kg=_whole(house.inventory.mass_air_kg[row]),
        u_mass_kg=_whole(house.inventory.u_mass_kg[row]),
        taken_at=datetime.fromtimestamp(taken / 1e6, UTC) if taken else None,
        why=tuple(q.name for q in Quality(int(house.inventory.quality[row])) if q.name is not None),
        chain=_chain(house.inventory, row),
    )


def _chain(inventory: Inventory, row: int) -> Chain | None:
    """The steps of one tank's newest measurement."""
    if inventory.quality[row]:
        return None
    steps = {f.name: _number(getattr(inventory, f.name)[row]) for f in fields(Chain) if f.name != "remarks"}
    remarks = tuple(r.name for r in Remark(int(inventory.remarks[row])) if r.name is not None)
    return Chain(**steps, remarks=remarks)  # type: ignore[arg-type]  # a good row has every step but the gaps


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _whole(value: float) -> int | None:
    return round(float(value)) if isfinite(value) else None
