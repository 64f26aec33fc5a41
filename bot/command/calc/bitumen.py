"""``calc bitumen``: the factor of ASTM D4311 to 15 °C or 60 °F."""

from typing import Any, Final

import numpy as np

from bot.command.calc.air import WATER_EDITION, editions
from bot.command.calc.flag import API, RD, Command, Flag, Line
from bot.command.calc.gravity import KG_M3, stated
from bot.command.calc.rounding import to
from bot.command.calc.rows import Rows, shown
from domain.metering import bitumen
from domain.metering.scale import WATER_KG_M3, fahrenheit

_HEAVIEST_KG_M3: Final = 1200.0  # the table has no upper end; what is above it is no bitumen
_PER_RD: Final = 1000.0


def compute(rows: Rows) -> dict[str, Any]:
    """The factor for every row: to 15 °C for a density in kg/m³, to 60 °F for a relative one."""
    gravity, temp = stated(rows), rows.numbers("temp")
    if rows.rounded:
        gravity, temp = gravity.rounded(), np.where(gravity.unit == KG_M3, to(temp, 20.0), to(temp, 10.0))
    in_c = gravity.unit == KG_M3
    relative = np.full(rows.n, np.nan)
    for edition, at in editions(rows):
        relative[at] = gravity.at(at).kg_m3(edition) / WATER_KG_M3[edition]
    seen = np.where(in_c, gravity.value, relative * _PER_RD)
    low, high = bitumen.LIGHTEST_KG_M3, _HEAVIEST_KG_M3
    rows.reject(
        rows.every(),
        (seen < low) | (seen > high),
        lambda k: (
            f"density {gravity.told(k)}, allowed {shown(low)}…{shown(high)} kg/m³ at 15 °C"
            if in_c[k]
            else f"density {gravity.told(k)}, allowed {low / _PER_RD:g}…{high / _PER_RD:g} (60/60)"
        ),
    )
    _check_temp(rows, temp, in_c)
    vcf = np.where(in_c, bitumen.vcf_15c(gravity.value, temp), bitumen.vcf_60f(relative, temp))
    return {
        "density": gravity.value,
        "unit": np.where(in_c, "kg/m³ at 15 °C", np.where(gravity.unit == 1, "°API", "(60/60)")),
        "temp": temp,
        "temp_unit": np.where(in_c, "°C", "°F"),
        "base": np.where(in_c, "15 °C", "60 °F"),
        "vcf": to(vcf, 1e4) if rows.rounded else vcf,
    }


def _check_temp(rows: Rows, temp: Any, in_c: Any) -> None:
    low_c, high_c = bitumen.LIMITS_C
    low, high = np.where(in_c, low_c, fahrenheit(low_c)), np.where(in_c, high_c, fahrenheit(high_c))

    def why(k: int) -> str:
        degree = "°C" if in_c[k] else "°F"
        allowed = f"{shown(float(low[k]))}…{shown(float(high[k]))} {degree}"
        return f"temp {shown(float(temp[k]))} {degree}, allowed {allowed} (ASTM D4311)"

    rows.reject(rows.every(), (temp < low) | (temp > high), why)


COMMAND: Final = Command(
    name="bitumen",
    purpose="factor of bitumen (ASTM D4311)",
    notes="A density in kg/m³ is at 15 °C, and --temp in °C; a relative density or °API makes it 60 °F, and --temp in °F.",
    flags=(
        Flag(name="density", help="at 15 °C in kg/m³, from 850; or as --api, --rd say"),
        API,
        RD,
        WATER_EDITION,
        Flag(name="temp", aliases=("temperature",), help="temperature, °C; °F with --rd or --api"),
    ),
    compute=compute,
    appended=lambda _, __: ("vcf",),
    needs=("vcf",),
    lines=(
        Line(key="density", symbol="ρ", unit="{unit}"),
        Line(key="temp", symbol="t", unit="{temp_unit}"),
        Line(key="vcf", symbol="VCF", unit="to {base}", source="ASTM D4311"),
    ),
)
