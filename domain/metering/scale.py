"""Temperature scales and ways to state a density. Every function takes and gives arrays or scalars alike."""

from typing import Any, Final

from domain.good import Edition

WATER_KG_M3: Final = {Edition.Y1980: 999.012, Edition.Y2004: 999.016}
"""Density of water at 60 °F to which relative density 60/60 refers. Source: API 2540:1980; MPMS 11.1-2004 §11.1.5.1."""

_SCALE_DIFFERENCE = (-0.148759, -0.267408, 1.080760, 1.269056, -4.089591, -1.871251, 7.438081, -3.536296)
"""ITS-90 minus IPTS-68 in °C as a polynomial of t/630, from its first power. Source: MPMS 11.1-2004 §11.1.5.3."""


def celsius(temp_f: Any) -> Any:
    """°C of a temperature in °F."""
    return (temp_f - 32.0) / 1.8


def fahrenheit(temp_c: Any) -> Any:
    """°F of a temperature in °C."""
    return temp_c * 1.8 + 32.0


def ipts68_c(its90_c: Any) -> Any:
    """°C on the scale of 1968, on which the correlations were fitted, of a temperature as measured today."""
    tau = its90_c / 630.0
    difference = _SCALE_DIFFERENCE[-1] * tau
    for coefficient in reversed(_SCALE_DIFFERENCE[:-1]):
        difference = (difference + coefficient) * tau
    return its90_c - difference


def density_of_api(api: Any, edition: Edition) -> Any:
    """Density in kg/m³ at 60 °F of a gravity in °API."""
    return 141.5 / (api + 131.5) * WATER_KG_M3[edition]


def api_of_density(density_kg_m3: Any, edition: Edition) -> Any:
    """Gravity in °API of a density at 60 °F."""
    return 141.5 * WATER_KG_M3[edition] / density_kg_m3 - 131.5
