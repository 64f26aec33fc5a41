"""``calc tank``: the whole chain for a tank of a workspace and a hand dip."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from bot.command.calc.chain import COLUMNS, Dips
from bot.command.calc.dips import chain
from bot.command.calc.flag import Command, Flag, Kind
from bot.command.calc.rows import Rows

_SEDIMENT: Final = (0.0, 99.9)


def compute(rows: Rows) -> dict[str, Any]:
    """Every column of the chain for every row."""
    level, ullage = rows.numbers("level", np.nan), rows.numbers("ullage", np.nan)
    rows.refuse(np.isnan(level) & np.isnan(ullage), "level is missing: give level or ullage")
    both = ~np.isnan(level) & ~np.isnan(ullage)
    rows.refuse(both, "level and ullage are both given: one says it")
    density, observed = rows.numbers("density", np.nan), rows.numbers("observed_density", np.nan)
    both = ~np.isnan(density) & ~np.isnan(observed)
    rows.refuse(both, "density and observed_density are both given: one says it")
    water, sediment = rows.numbers("water", 0.0), rows.numbers("sw", np.nan)
    rows.within("water", water, "mm", 0.0, np.inf)
    rows.within("sw", sediment, "%", *_SEDIMENT)
    dips = Dips(
        level_mm=level,
        ullage_mm=ullage,
        water_mm=water,
        temp_c=rows.numbers("temp"),
        air_c=rows.numbers("air", np.nan),
        density_kg_m3=density,
        observed_kg_m3=observed,
        glass=rows.truths("hydrometer"),
        sediment_percent=sediment,
        p3_kpa=rows.numbers("pressure", np.nan),
    )
    return chain(rows, dips)


def _ticket(found: Mapping[str, Any]) -> str:
    from bot.command.calc.ticket import ticket

    return ticket(found)


COMMAND: Final = Command(
    name="tank",
    purpose="a tank of a workspace and a hand dip: level to tonnes, as a ticket (计量单)",
    notes=(
        "The tank's certificate, its good and the order of the chain come from the workspace; a density or S&W given here\n"
        "stand in for the good's. The certificate's validity is judged by today."
    ),
    flags=(
        Flag(name="directory", kind=Kind.PLACE, column=False, help="the workspace's directory"),
        Flag(name="tank", kind=Kind.PLACE, help="the tank's id; in a batch a column"),
        Flag(name="level", help="of the liquid above the datum plate, mm"),
        Flag(name="ullage", help="from the reference point down to the liquid, mm, instead of level"),
        Flag(name="temp", aliases=("temperature",), help="of the liquid, °C"),
        Flag(name="water", help="height of free water, mm [0]"),
        Flag(name="density", help="at the good's base temperature, in vacuum, kg/m³ [the good's]"),
        Flag(
            name="observed_density", aliases=("observed",), help="at the tank's temperature, kg/m³, instead of density"
        ),
        Flag(
            name="hydrometer",
            kind=Kind.SWITCH,
            aliases=("glass", "hyc"),
            help="--observed-density was read on a glass hydrometer",
        ),
        Flag(name="air", aliases=("ambient",), help="temperature of the air, °C [the liquid's]"),
        Flag(name="sw", help="sediment and water by volume, % [the good's]"),
        Flag(name="pressure", help="of the vapour space, kPa gauge: CPL is applied"),
    ),
    compute=compute,
    appended=lambda _, __: (*COLUMNS, "remarks"),
    needs=("mass_air_kg", "mass_vacuum_kg", "u_mass_kg"),
    written=_ticket,
)
