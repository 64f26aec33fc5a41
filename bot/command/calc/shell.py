"""``calc shell``: the temperature of a tank's shell, and how much wider that makes the tank."""

from typing import Any, Final

import numpy as np

from bot.command.calc.flag import Command, Flag, Kind, Line
from bot.command.calc.rounding import to
from bot.command.calc.rows import Rows
from domain.farm import Floats
from domain.metering.shell import shell_factor, shell_temp_c

_ALPHA: Final = 1.2e-5
_REF: Final = 20.0
_ALPHAS: Final = (0.0, 1e-4)  # steel 1.1e-5 per °C, aluminium 2.4e-5; above it the 1e-6 was forgotten
_COEFFICIENTS: Final = (0.0, 3e-4)
_TEMPS: Final = (-330.0, 1000.0)  # °F as well as °C


def compute(rows: Rows) -> dict[str, Any]:
    """TSh and CTSh for every row; degrees as they come."""
    tsh = _shell_temp(rows)
    ref, alpha = rows.numbers("ref", _REF), rows.numbers("alpha", _ALPHA)
    coefficient, power = rows.numbers("coefficient", np.nan), rows.numbers("power", np.nan)
    rows.within("ref", ref, "°", *_TEMPS)
    rows.within("alpha", alpha, "per °", *_ALPHAS)
    rows.within("coefficient", coefficient, "per °", *_COEFFICIENTS)
    rows.within("power", power, "", 1.0, 3.0)
    upright = np.isnan(power)
    by_alpha = shell_factor(alpha * (tsh - ref), np.where(upright, 2.0, power), second=np.where(upright, 1.0, 0.0))
    ctsh = np.where(
        np.isnan(coefficient), by_alpha, shell_factor(coefficient * (tsh - ref), np.ones(rows.n), second=0.0)
    )
    return {"ref": ref, "tsh": tsh, "ctsh": to(ctsh, 1e5) if rows.rounded else ctsh}


def _shell_temp(rows: Rows) -> Floats:
    """--tsh where it stands, else from the liquid and the air."""
    direct = rows.numbers("tsh", np.nan)
    liquid = rows.numbers("liquid", np.nan)
    rows.refuse(np.isnan(direct) & np.isnan(liquid), "liquid is missing: give it, or tsh")
    air = rows.numbers("air", np.nan)
    for name, column in (("liquid", liquid), ("air", air), ("tsh", direct)):
        rows.within(name, column, "°", *_TEMPS)
    air = np.where(np.isnan(air), liquid, air)
    followed = shell_temp_c(liquid, air, insulated=rows.truths("insulated"))
    return np.where(np.isnan(direct), followed, direct)


COMMAND: Final = Command(
    name="shell",
    purpose="shell temperature and its correction: TSh and CTSh",
    notes="All temperatures in the same degrees, °C or °F; --alpha and --coefficient per the same degree.",
    flags=(
        Flag(name="liquid", aliases=("temp",), help="temperature of the liquid, °"),
        Flag(name="air", aliases=("ambient",), help="temperature of the air, ° [the liquid's]"),
        Flag(name="insulated", kind=Kind.SWITCH, help="the shell follows the liquid alone"),
        Flag(name="tsh", help="the shell's temperature itself, °"),
        Flag(name="ref", help="certified temperature of the shell, ° [20]"),
        Flag(name="alpha", help="linear expansion of the shell, per ° [1.2e-5]"),
        Flag(
            name="coefficient", help="of volume, per °, from the certificate: CTSh = 1 + c·(TSh - ref) instead of alpha"
        ),
        Flag(
            name="power", help="for bodies that are not upright: 1 (a film) to 3 (full): CTSh = 1 + power·α·(TSh - ref)"
        ),
    ),
    compute=compute,
    appended=lambda _, __: ("tsh", "ctsh"),
    needs=("tsh", "ctsh"),
    lines=(
        Line(key="tsh", symbol="TSh", unit="°", source="insulated: TL; else (7·TL + TA)/8, API MPMS 12.1.1"),
        Line(key="ref", symbol="TSh ref", unit="°"),
        Line(key="ctsh", symbol="CTSh", source="1 + 2·α·Δt + (α·Δt)², or by the certificate's coefficient"),
    ),
)
