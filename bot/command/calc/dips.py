"""Which tank of which workspace a dip belongs to; rows of one tank and one density are measured at once."""

from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.clock import wall
from bot.command.calc.chain import OF_CHAIN, OWN, WORDS, Case, Dips, measured
from bot.command.calc.rows import Rows, quoted
from domain.farm import Ints
from domain.tank import DensityFrom

if TYPE_CHECKING:  # takes longer to load than all of the calculator
    from datasources.workspace import Workspace


def chain(rows: Rows, dips: Dips) -> dict[str, Any]:
    """The inventory's columns, the steps between them, and words for the ticket."""
    out: dict[str, Any] = {name: np.full(rows.n, "", dtype=object) for name in WORDS}
    out |= {name: np.full(rows.n, np.nan) for name in (*OWN, *OF_CHAIN)}
    if not rows.given.get("directory"):
        rows.mark(rows.every(), "directory is missing")
        return out
    workspace, now = _workspace(rows.given["directory"]), wall()
    numbers = zip(dips.density_kg_m3.tolist(), dips.sediment_percent.tolist(), strict=True)
    states = zip((~np.isnan(dips.observed_kg_m3)).tolist(), (dips.p3_kpa > 0.0).tolist(), strict=True)
    keys = [(t, *map(repr, n), *map(repr, s)) for t, n, s in zip(rows.words("tank"), numbers, states, strict=True)]
    for (tank_id, *_), at in rows.grouped(keys).items():
        case = _case(rows, at, workspace, tank_id, dips)
        if case is not None:
            for name, column in measured(rows, at, case, dips, now).items():
                out[name][at] = column
    return out


@lru_cache(maxsize=1)
def _workspace(directory: str) -> "Workspace":
    from datasources.workspace import load

    return load(Path(directory)).sound()


def _case(rows: Rows, at: Ints, workspace: "Workspace", tank_id: str, dips: Dips) -> Case | None:
    """The tank with what its dips say of density, sediment and pressure; None, and problems, if there is none."""
    row = workspace.index.row.get(tank_id)
    if row is None:
        near = get_close_matches(tank_id, workspace.index.row) or list(workspace.index.row)[:8]
        seen = f"tank {quoted(tank_id)} is not in the workspace" if tank_id else "tank is missing"
        rows.mark(at, f"{seen}; there are {', '.join(near)} …")
        return None
    tank, first = workspace.index.tanks[row], at[0]
    good = workspace.goods[tank.good]
    if not np.isnan(dips.density_kg_m3[first]):
        good = replace(good, density_kg_m3=float(dips.density_kg_m3[first]))
        tank = replace(tank, density_from=DensityFrom.CERTIFICATE)
    if not np.isnan(dips.sediment_percent[first]):
        good = replace(good, sediment_water_percent=float(dips.sediment_percent[first]))
    if not np.isnan(dips.observed_kg_m3[first]):
        tank = replace(tank, density_from=DensityFrom.ONLINE)
    if dips.p3_kpa[first] > 0.0:
        tank = replace(tank, pressurised=True)
    return Case(tank=tank, good=good, site=workspace.sites[tank.site_id].name, procedure=workspace.settings.metering)
