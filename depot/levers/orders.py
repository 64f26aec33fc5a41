"""The lever for legitimate movements (and for papers that only pretend), and the one for the way back."""

from __future__ import annotations

from typing import Any, cast

from depot.levers.cargo import TANK
from depot.levers.lever import Args, InputError, Lever, Param
from depot.office import MAIN_OWNER, Job
from depot.station import Station
from depot.tank import liquid_density_kg_m3
from depot.world import Direction, TankSpec

KINDS: dict[Direction, str] = {"in": "卸船", "out": "装车", "transfer": "倒罐", "process": "投料生产"}
CLAIMED_KG_KG = 2.28
"""What the papers say that a kg of methanol makes of formaldehyde 37 %."""
USUAL_SHARE_OF_PUMP = 0.8


async def _work_order(station: Station, args: Args) -> dict[str, Any]:
    job = _job(args)
    _check_room(station, job)
    farm = station.farm
    no = farm.office.open(job, farm.now_us)
    line = next(order for order in farm.papers.orders if order.no == no)
    return {"no": no, "release_no": line.release_no, "planned_kg": job.mass_kg, "rate_t_h": job.rate_t_h}


def _job(args: Args) -> Job:
    tank, target = args.tank(), args.optional_tank("to_tank")
    direction = cast("Direction", args.text("direction"))
    if (direction in ("transfer", "process")) != (target is not None):
        raise InputError("to_tank", "goes with direction transfer or process, and only with them")
    if direction == "transfer" and target is not None and (target.good.code != tank.good.code or target.id == tank.id):
        raise InputError("to_tank", f"{target.id!r} must be another tank of {tank.good.code}")
    if direction == "process" and target is not None and target.good.code == tank.good.code:
        raise InputError("to_tank", f"{target.id!r} must hold what is made, not {tank.good.code}")
    rate_t_h = args.optional_number("rate_t_h")
    usual_t_h = USUAL_SHARE_OF_PUMP * tank.pump_max_t_h
    if rate_t_h is not None and rate_t_h > tank.pump_max_t_h:
        raise InputError(
            "rate_t_h", f"{rate_t_h} is more than the pump of {tank.id!r} gives", {"max": tank.pump_max_t_h}
        )
    return Job(
        tank=tank.id,
        direction=direction,
        to_tank=None if target is None else target.id,
        mass_kg=round(args.number("mass_t") * 1000),
        rate_t_h=usual_t_h if rate_t_h is None else rate_t_h,
        kind=args.optional_text("kind") or KINDS[direction],
        owner=args.text("owner"),
        released=args.flag("with_release"),
        notice_no=args.optional_text("notice_no"),
        moves=args.flag("moves"),
        made_per_kg=args.number("made_kg_kg"),
        claimed_per_kg=CLAIMED_KG_KG,
    )


def _check_room(station: Station, job: Job) -> None:
    """An honest dispatcher plans neither into a full tank nor out of a heel, nor more than is booked."""
    tanks, farm = station.farm.world.tanks, station.farm
    if job.direction != "in":
        booked_kg = farm.book.mass_kg(job.tank, job.owner)
        spare_kg = min(booked_kg, int(farm.cargo.air_kg(job.tank) - tanks[job.tank].heel_kg))
        if job.mass_kg > spare_kg:
            raise InputError("mass_t", f"{job.tank!r} has not that much above its heel", {"max": spare_kg / 1000})
    target = job.tank if job.direction == "in" else job.to_tank
    comes_kg = job.mass_kg * (job.made_per_kg if job.direction == "process" else 1.0)
    if target is not None and comes_kg > (room_kg := _room_kg(station, tanks[target])):
        raise InputError("mass_t", f"{target!r} has not that much room", {"max": int(room_kg) / 1000})


def _room_kg(station: Station, tank: TankSpec) -> float:
    """What still fits below the safe filling height, kg in air."""
    state = station.farm.cargo.states[tank.id]
    level_mm = station.farm.cargo.level_mm(tank.id)
    room_m3 = tank.shape.volume_m3(tank.max_fill_mm, strain=1.0) - tank.shape.volume_m3(level_mm, strain=1.0)
    return max(room_m3, 0.0) * liquid_density_kg_m3(tank, state) * tank.good.air_factor


async def _restore(station: Station, _args: Args) -> dict[str, Any]:
    station.feeds.release_all()
    for listener in station.listeners.values():
        await listener.open()
    return {"orders_written": station.farm.restore()}


ORDER_LEVERS = (
    Lever(
        name="work_order",
        label="开作业单",
        does="A legitimate receipt, withdrawal (with its release notice), transfer, or feed of a plant (投料).",
        params=(
            TANK,
            Param(
                name="direction",
                label="方向",
                kind="choice",
                default="out",
                choices=("in", "out", "transfer", "process"),
            ),
            Param(name="mass_t", label="吨", kind="number", default=50.0, low=0.1, high=20000.0),
            Param(name="rate_t_h", label="速率 吨/时(空=泵额定的八成)", kind="number", low=0.1, high=1500.0),
            Param(name="to_tank", label="倒入罐(投料: 成品罐)", kind="tank"),
            Param(
                name="made_kg_kg", label="投料: 每公斤产出", kind="number", default=CLAIMED_KG_KG, low=0.0, high=10.0
            ),
            Param(name="kind", label="作业类型", kind="text"),
            Param(name="owner", label="货主", kind="owner", default=MAIN_OWNER),
            Param(name="with_release", label="附提货通知书", kind="flag", default=True),
            Param(name="notice_no", label="通知书号(空=库方自编)", kind="text"),
            Param(name="moves", label="货真动(否=只有纸面)", kind="flag", default=True),
        ),
        pull=_work_order,
    ),
    Lever(
        name="restore",
        label="全部复原",
        does="Cargo, books, prices, gauges, feeds and listeners as at the start; papers stay on file.",
        params=(),
        pull=_restore,
    ),
)
