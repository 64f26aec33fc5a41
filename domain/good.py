"""A kind of cargo and how its density follows temperature. Knows nothing of tanks or prices."""

from dataclasses import dataclass
from enum import StrEnum


class Correction(StrEnum):
    """Which table corrects the liquid's volume to 20 °C."""

    CRUDE = "60A"  # GB/T 1885-1998 table 60A, crude oils
    PRODUCT = "60B"  # GB/T 1885-1998 table 60B, refined products
    LUBE = "60D"  # GB/T 1885-1998 table 60D, lubricating oils
    BITUMEN = "D4311"  # ASTM D4311, base 15 °C
    LINEAR = "linear"  # rho(t) = rho_ref - slope * (t - t_ref), from the certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One good as the bank's ``goods.yaml`` states it.

    density_kg_m3: certificate density in vacuum at ``ref_temp_c`` (20 °C in China; 15 °C for bitumen).
    slope_kg_m3_c: fall of density per °C, only for ``Correction.LINEAR``; 0 for the table methods.
    density_band_kg_m3, temp_band_c: inclusive ranges in which a reading is believable for this good.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    correction: Correction
    density_kg_m3: float
    ref_temp_c: float = 20.0
    slope_kg_m3_c: float = 0.0
    density_band_kg_m3: tuple[float, float] = (600.0, 1900.0)
    temp_band_c: tuple[float, float] = (-30.0, 220.0)
