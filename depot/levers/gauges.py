"""Levers on instruments and wires: freezing, replaying, searching, failing, cutting off."""

from __future__ import annotations

from typing import Any

from depot.clock import US_PER_S
from depot.levers.cargo import TANK
from depot.levers.lever import Args, InputError, Lever, Param
from depot.station import Station


async def _freeze(station: Station, args: Args) -> dict[str, Any]:
    farm, tank = station.farm, args.tank()
    farm.gauges[tank.id].frozen = farm.readings[tank.id]
    return {"tank": tank.id, "level_mm": farm.readings[tank.id].level_mm}


async def _thaw(station: Station, args: Args) -> dict[str, Any]:
    tank = args.optional_tank("tank")
    healed = [tank.id] if tank is not None else list(station.farm.gauges)
    for name in healed:
        station.farm.gauges[name].heal()
    return {"tanks": healed}


async def _busy(station: Station, args: Args) -> dict[str, Any]:
    farm, tank, seconds = station.farm, args.tank(), args.number("seconds")
    gauge = farm.gauges[tank.id]
    gauge.busy_from_us = farm.now_us
    gauge.busy_until_us = farm.now_us + round(seconds * US_PER_S)
    return {"tank": tank.id, "seconds": seconds}


async def _fault(station: Station, args: Args) -> dict[str, Any]:
    tank = args.tank()
    station.farm.gauges[tank.id].faulty = True
    return {"tank": tank.id}


async def _replay(station: Station, args: Args) -> dict[str, Any]:
    farm, tank = station.farm, args.tank()
    wanted_s = round(args.number("minutes") * 60)
    replay = farm.history.replay(tank.id, seconds=wanted_s, with_temp=args.flag("with_temp"))
    if replay is None:
        raise InputError("minutes", f"hardly anything of {tank.id!r} is recorded yet", "wait half a minute")
    farm.gauges[tank.id].replay = replay
    return {"tank": tank.id, "replayed_s": replay.window_us // US_PER_S, "with_temp": replay.with_temp}


async def _cut_site(station: Station, args: Args) -> dict[str, Any]:
    site = args.text("site")
    await station.listeners[site].close()
    return {"site": site, "listening": False}


async def _open_site(station: Station, args: Args) -> dict[str, Any]:
    site = args.text("site")
    await station.listeners[site].open()
    return {"site": site, "listening": True, "port": station.listeners[site].port}


SITE = Param(name="site", label="库区", kind="site", required=True)

GAUGE_LEVERS = (
    Lever(
        name="freeze",
        label="液位计冻结",
        does="The gauge keeps showing its present values, without any status bit.",
        params=(TANK,),
        pull=_freeze,
    ),
    Lever(
        name="replay",
        label="回放旧数据",
        does="The gauge shows its own last minutes again and again, temperature alive unless asked.",
        params=(
            TANK,
            Param(name="minutes", label="回放最近几分钟", kind="number", default=10.0, low=0.2, high=120.0),
            Param(name="with_temp", label="温度也回放", kind="flag", default=False),
        ),
        pull=_replay,
    ),
    Lever(
        name="busy",
        label="伺服测水",
        does="The servo goes down to search for water: its level is not product level meanwhile.",
        params=(TANK, Param(name="seconds", label="持续 秒", kind="number", default=120.0, low=1.0, high=3600.0)),
        pull=_busy,
    ),
    Lever(
        name="fault",
        label="液位计故障",
        does="The gauge fails: fail values and status bits in place of values.",
        params=(TANK,),
        pull=_fault,
    ),
    Lever(
        name="thaw",
        label="液位计恢复",
        does="Undoes freeze, replay, busy and fault: one tank's, or all.",
        params=(Param(name="tank", label="储罐(空=全部)", kind="tank"),),
        pull=_thaw,
    ),
    Lever(
        name="cut_site",
        label="断开库区",
        does="The site's Modbus port closes: connections drop, new ones are refused.",
        params=(SITE,),
        pull=_cut_site,
    ),
    Lever(
        name="open_site",
        label="接通库区",
        does="The site's Modbus port listens again, on the same number.",
        params=(SITE,),
        pull=_open_site,
    ),
)
