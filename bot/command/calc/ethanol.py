"""``calc ethanol``: strength, temperature and density of ethanol and water by OIML R22."""

from typing import Any, Final

import numpy as np

from bot.command.calc.flag import Command, Flag, Line, Names
from bot.command.calc.rounding import to
from bot.command.calc.rows import Bools, Rows
from domain.farm import Floats
from domain.metering import ethanol

_GIVEN: Final = ("abv", "mass_fraction", "density")


def compute(rows: Rows) -> dict[str, Any]:
    """Both densities, both strengths and the factor to 20 °C for every row; volumes where one is given."""
    temp = rows.numbers("temp")
    rows.within("temp", temp, "°C", *ethanol.LIMITS_C)
    temp = to(temp, 20.0) if rows.rounded else temp
    strength = _strength(rows, temp)
    at_temp, at20 = ethanol.density(strength.mass_fraction, temp), ethanol.density(strength.mass_fraction, _20)
    vcf = at_temp / at20
    found: dict[str, Any] = {
        "temp": temp,
        "density": to(at_temp, 10.0) if rows.rounded else at_temp,
        "density20": to(at20, 10.0) if rows.rounded else at20,
        "abv": to(strength.abv_percent, 10.0) if rows.rounded else strength.abv_percent,
        "mass_fraction": to(strength.mass_fraction, 1e4) if rows.rounded else strength.mass_fraction,
        "vcf": to(vcf, 1e5) if rows.rounded else vcf,
    }
    if rows.asked("volume"):
        volume = rows.numbers("volume", np.nan)
        rows.within("volume", volume, "m³", 0.0, np.inf)
        found["volume20_m3"] = volume * vcf
        found["pure_alcohol_l"] = volume * vcf * strength.abv_percent * 10.0
    return found


_20: Final = np.asarray(20.0)


def _strength(rows: Rows, temp: Floats) -> ethanol.Strength:
    """From whichever of the three each row gives."""
    abv, share, density = (rows.numbers(name, np.nan) for name in _GIVEN)
    known = np.stack([~np.isnan(column) for column in (abv, share, density)])
    count = known.sum(axis=0)
    rows.refuse(count == 0, "strength is missing: give abv, mass_fraction or density")
    rows.reject(rows.every(), count > 1, lambda k: f"{' and '.join(_names(known[:, k]))} are given: one says it")
    rows.within("abv", abv, "%vol", 0.0, 100.0)
    rows.within("mass_fraction", share, "kg/kg", 0.0, 1.0)
    pure, water = ethanol.density(np.asarray(1.0), temp), ethanol.density(np.asarray(0.0), temp)
    rows.within("density", density, "kg/m³", pure, water)
    ways = (ethanol.of_abv(abv), ethanol.of_mass_fraction(share), ethanol.of_density(density, temp))
    return ethanol.Strength(
        np.select(list(known), [w.mass_fraction for w in ways], np.nan),
        np.select(list(known), [w.abv_percent for w in ways], np.nan),
    )


def _names(known: Bools) -> list[str]:
    return [name for name, is_known in zip(_GIVEN, known, strict=True) if is_known]


def _appended(columns: Names, given: Names) -> tuple[str, ...]:
    """All but the one that the file states itself."""
    found = ("density", "density20", "abv", "mass_fraction", "vcf")
    stated = [name for name in _GIVEN if name in columns]
    volumes = ("volume20_m3", "pure_alcohol_l") if "volume" in (*columns, *given) else ()
    return (*(name for name in found if len(stated) != 1 or name != stated[0]), *volumes)


COMMAND: Final = Command(
    name="ethanol",
    purpose="density and strength of ethanol and water at -20…40 °C (OIML R22)",
    notes="One of --abv, --mass-fraction and --density. vcf is from --temp to 20 °C.",
    flags=(
        Flag(name="abv", help="percent by volume at 20 °C, %vol, 0…100"),
        Flag(name="mass_fraction", help="share of ethanol by mass, kg/kg, 0…1"),
        Flag(name="density", aliases=("observed",), help="as observed at --temp, in vacuum, kg/m³"),
        Flag(name="temp", aliases=("temperature",), help="temperature, °C, -20…40"),
        Flag(name="volume", help="volume at --temp, m³: gives the volume at 20 °C and litres of pure alcohol"),
    ),
    compute=compute,
    appended=_appended,
    needs=("density", "density20", "abv", "mass_fraction", "vcf"),
    lines=(
        Line(key="abv", symbol="strength", unit="%vol at 20 °C"),
        Line(key="mass_fraction", symbol="mass fraction", unit="kg/kg"),
        Line(key="density", symbol="ρ", unit="kg/m³ at {temp} °C", source="OIML R22:1975, general formula"),
        Line(key="density20", symbol="ρ20", unit="kg/m³ at 20 °C"),
        Line(key="vcf", symbol="VCF", source="ρ/ρ20"),
        Line(key="volume20_m3", symbol="V20", unit="m³ at 20 °C"),
        Line(key="pure_alcohol_l", symbol="pure alcohol", unit="l at 20 °C"),
    ),
)
