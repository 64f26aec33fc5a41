"""Levers on the liquid itself: theft, undeclared transfers, jumps, water."""

from __future__ import annotations

import math
from typing import Any

from depot.density import water_density_kg_m3
from depot.flows import Flow
from depot.levers.lever import Args, InputError, Lever, Param
from depot.office import MAIN_OWNER
from depot.station import Station
from depot.tank import WATER_MAX_C, liquid_density_kg_m3, set_level

THEFT_RAMP_S = 20.0
"""A thief opens a valve faster than a terminal starts a pump."""

TANK = Param(name="tank", label="储罐", kind="tank", required=True)


async def _drain(station: Station, args: Args) -> dict[str, Any]:
    tank, target = args.tank(), args.optional_tank("to_tank")
    if target is not None and (target.good.code != tank.good.code or target.id == tank.id):
        raise InputError("to_tank", f"{target.id!r} must be another tank of {tank.good.code}")
    mass_t = args.optional_number("mass_t")
    air_factor = tank.good.air_factor
    flow = Flow(
        source=tank.id,
        target=None if target is None else target.id,
        rate_kg_s=args.number("rate_t_h") / 3.6 / air_factor,
        ramp_s=THEFT_RAMP_S,
        planned_kg=math.inf if mass_t is None else mass_t * 1000.0 / air_factor,
    )
    station.farm.cargo.flows.append(flow)
    return {"tank": tank.id, "to_tank": flow.target, "rate_t_h": args.number("rate_t_h"), "mass_t": mass_t}


async def _stop_drain(station: Station, args: Args) -> dict[str, Any]:
    tank = args.optional_tank("tank")
    stopped = []
    for flow in station.farm.cargo.flows:
        if flow.order_no is None and (tank is None or flow.source == tank.id):
            flow.stop()
            stopped.append({"tank": flow.source, "moved_kg": round(flow.moved_kg)})
    return {"stopped": stopped}


async def _set_level(station: Station, args: Args) -> dict[str, Any]:
    tank, cargo = args.tank(), station.farm.cargo
    level_mm, delta_mm = args.optional_number("level_mm"), args.optional_number("delta_mm")
    if (level_mm is None) == (delta_mm is None):
        raise InputError("level_mm", "give either level_mm or delta_mm", ["level_mm", "delta_mm"])
    before_mm, before_kg = cargo.level_mm(tank.id), cargo.air_kg(tank.id)
    wanted_mm = before_mm + (delta_mm or 0.0) if level_mm is None else level_mm
    highest_mm = tank.shape.full_mm
    if not 0.0 <= wanted_mm <= highest_mm:
        field = "delta_mm" if level_mm is None else "level_mm"
        raise InputError(field, f"level would be {wanted_mm:.1f} mm", {"min": 0, "max": highest_mm})
    set_level(tank, cargo.states[tank.id], wanted_mm=wanted_mm, ambient_c=cargo.ambient_c(tank.site))
    return {
        "tank": tank.id,
        "level_before_mm": round(before_mm, 2),
        "level_mm": round(cargo.level_mm(tank.id), 2),
        "change_kg": round(cargo.air_kg(tank.id) - before_kg),
    }


async def _adulterate(station: Station, args: Args) -> dict[str, Any]:
    """Take a share of the product's volume out and put as much water in its place."""
    tank, cargo = args.tank(), station.farm.cargo
    state = cargo.states[tank.id]
    if state.temp_c > WATER_MAX_C:
        raise InputError("tank", f"{tank.id!r} is at {state.temp_c:.0f} °C", f"tanks below {WATER_MAX_C:.0f} °C")
    share = args.number("water_pct") / 100.0
    volume_m3 = state.liquid_kg / liquid_density_kg_m3(tank, state) * share
    water_kg = volume_m3 * water_density_kg_m3(state.temp_c)
    stolen_kg = state.product_kg * share
    state.product_kg -= stolen_kg
    state.dissolved_water_kg *= 1.0 - share
    if tank.good.miscible_with_water:
        state.dissolved_water_kg += water_kg
    else:
        state.free_water_kg += water_kg
    return {"tank": tank.id, "stolen_kg": round(stolen_kg), "water_kg": round(water_kg)}


async def _adjust_book(station: Station, args: Args) -> dict[str, Any]:
    tank, owner = args.tank(), args.text("owner")
    change_kg = round(args.number("delta_t") * 1000)
    book = station.farm.book
    if book.mass_kg(tank.id, owner) + change_kg < 0:
        raise InputError("delta_t", "the book would fall below zero", {"min": -book.mass_kg(tank.id, owner) / 1000})
    book.post(site=tank.site, tank=tank.id, good=tank.good.code, owner=owner, change_kg=change_kg)
    return {"tank": tank.id, "owner": owner, "mass_kg": book.mass_kg(tank.id, owner)}


CARGO_LEVERS = (
    Lever(
        name="drain",
        label="偷放货",
        does="Unauthorised outflow from a tank (or into another, undeclared), without any paper.",
        params=(
            TANK,
            Param(name="rate_t_h", label="速率 吨/时", kind="number", default=120.0, low=0.1, high=1500.0),
            Param(name="mass_t", label="放多少吨后停(空=不停)", kind="number", low=0.001, high=100000.0),
            Param(name="to_tank", label="倒入罐(空=出库)", kind="tank"),
        ),
        pull=_drain,
    ),
    Lever(
        name="stop_drain",
        label="停止偷放",
        does="Stops unauthorised outflows: one tank's, or all.",
        params=(Param(name="tank", label="储罐(空=全部)", kind="tank"),),
        pull=_stop_drain,
    ),
    Lever(
        name="set_level",
        label="液位突变",
        does="The tank's level jumps at once (its cargo with it); for tests and benchmarks.",
        params=(
            TANK,
            Param(name="level_mm", label="新液位 毫米", kind="number", low=0.0, high=30000.0),
            Param(name="delta_mm", label="变化 毫米", kind="number", low=-30000.0, high=30000.0),
        ),
        pull=_set_level,
    ),
    Lever(
        name="adulterate",
        label="掺水",
        does="Replaces a share of the product by water: dissolved where it mixes, a water bottom where not.",
        params=(
            TANK,
            Param(name="water_pct", label="掺水比例 %(体积)", kind="number", default=5.0, low=0.1, high=90.0),
        ),
        pull=_adulterate,
    ),
    Lever(
        name="adjust_book",
        label="改账存",
        does="Changes an owner's book quantity without any movement.",
        params=(
            TANK,
            Param(name="owner", label="货主", kind="owner", default=MAIN_OWNER),
            Param(name="delta_t", label="增减 吨", kind="number", default=100.0, low=-100000.0, high=100000.0),
        ),
        pull=_adjust_book,
    ),
)
