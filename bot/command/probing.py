"""``xiaoliuzi probe``: raw registers beside decoded values and tonnes, so that a gauger can prove the map on site."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.clock import wall
from datasources.gauges.probe import ProbeRow, probe
from datasources.workspace import Workspace
from domain.farm import Farm, Quality, Readings
from domain.metering.inventory import measure
from domain.metering.plant import Plant


async def probed(workspace: Workspace, site_id: str) -> list[dict[str, Any]]:
    """One row per tank and quantity of a site, and the tonnes that follow from it. Raises KeyError for no such site."""
    if site_id not in workspace.sites:
        raise KeyError(site_id)
    rows: list[dict[str, Any]] = []
    for gateway in workspace.gateways:
        if gateway.site_id != site_id:
            continue
        found = await probe(gateway, workspace.index)
        tonnes = _tonnes(workspace, found)
        rows += [_row(r, tonnes.get(r.tank_id)) for r in found]
    return rows


def _row(row: ProbeRow, tonnes: float | None) -> dict[str, Any]:
    return {
        "tank": row.tank_id,
        "quantity": row.quantity,
        "function": row.function,
        "address": row.address,
        "registers": list(row.registers),
        "value": row.value,
        "unit": row.unit,
        "quality": [q.name for q in Quality(row.quality) if q.name],
        "plausible": row.plausible,
        "tonnes": tonnes if row.quantity == "level" else None,
        "other_orders": [
            {"byte_order": o.byte_order, "word_order": o.word_order, "value": o.value, "plausible": o.plausible}
            for o in row.other_orders
        ],
    }


def _tonnes(workspace: Workspace, rows: Sequence[ProbeRow]) -> dict[str, float]:
    """Tonnes in air of every tank whose level and temperature were read well."""
    values: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.value is not None and row.quality == Quality.GOOD:
            values.setdefault(row.tank_id, {})[row.quantity] = row.value
    index, now_us = workspace.index, int(wall().timestamp() * 1e6)
    known = [t for t, v in values.items() if {"level", "temp"} <= v.keys()]
    k = len(known)
    readings = Readings(
        rows=np.array(index.rows(known), dtype=np.int64),
        level_mm=np.array([values[t]["level"] for t in known], dtype=np.float64),
        water_mm=np.array([values[t].get("water", 0.0) for t in known], dtype=np.float64),
        temp_c=np.array([values[t]["temp"] for t in known], dtype=np.float64),
        density_kg_m3=np.array([values[t].get("density", np.nan) for t in known], dtype=np.float64),
        air_c=np.array([values[t].get("air", np.nan) for t in known], dtype=np.float64),
        p1_kpa=np.array([values[t].get("p1", np.nan) for t in known], dtype=np.float64),
        p3_kpa=np.array([values[t].get("p3", np.nan) for t in known], dtype=np.float64),
        taken_at_us=np.full(k, now_us, dtype=np.int64),
        received_at_us=np.full(k, now_us, dtype=np.int64),
        status=np.zeros(k, dtype=np.int64),
        quality=np.zeros(k, dtype=np.uint32),
    )
    plant = Plant.of(index, workspace.goods, workspace.settings.metering)
    mass = measure(Farm.unread(index).updated(readings), plant).mass_air_kg
    return {t: round(float(mass[index.row[t]]) / 1000, 3) for t in known if np.isfinite(mass[index.row[t]])}
