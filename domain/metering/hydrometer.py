"""What a glass hydrometer's own expansion does to its reading. Digital densitometers and pressures have none of it."""

from typing import Any

from domain.metering.table import Base


def glass_factor(temp_c: Any, base: Base) -> Any:
    """HYC: what a reading on glass at temp_c is multiplied with, for a hydrometer made for the base. Dimensionless.

    1 - 2.3e-5·(t - base) - 2e-8·(t - base)² in °C; at 60 °F 1 - 1.278e-5·(t - 60) - 6.2e-9·(t - 60)² in °F. Printed
    tables 5, 23, 53 and 59 of 1980 contain it; the edition of 2004 does not. Source: API 2540:1980, GB/T 1885-1998.
    """
    if base is Base.F60:
        dt = (temp_c - base.value) * 1.8
        return 1.0 - dt * (1.278e-5 + dt * 6.2e-9)
    dt = temp_c - base.value
    return 1.0 - dt * (2.3e-5 + dt * 2e-8)
