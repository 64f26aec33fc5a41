"""A kind of cargo and how its density follows temperature. Knows nothing of tanks or prices."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Correction(StrEnum):
    """How a liquid's volume follows its temperature: a published table, or the certificate's own slope.

    60… give the factor to 20 °C (GB/T 1885-1998, ISO 91), 54… to 15 °C, 6… and 24… to 60 °F; A crude oils,
    B refined products, C a good of known expansion, D lubricating oils.
    """

    T60A = "60A"
    T60B = "60B"
    T60D = "60D"
    T54A = "54A"
    T54B = "54B"
    T54C = "54C"
    T54D = "54D"
    T6A = "6A"
    T6B = "6B"
    T6C = "6C"
    T6D = "6D"
    T24A = "24A"
    T24B = "24B"
    T24C = "24C"
    T24D = "24D"
    BITUMEN = "D4311"  # ASTM D4311, base 15 °C
    ETHANOL = "R22"  # ethanol and water, OIML R22, base 20 °C: density and slope from the strength
    LINEAR = "linear"  # rho(t) = rho_ref - slope * (t - t_ref), from the certificate
    BULK = "bulk"  # grain: bulk density (容重) × packing factor, no temperature in it


class Edition(StrEnum):
    """Of the API MPMS 11.1 / ASTM D1250 tables. GB/T 1885-1998 is technically the older one."""

    Y1980 = "1980"  # API 2540:1980, ISO 91-1/91-2, GB/T 1885-1998
    Y2004 = "2004"  # API MPMS 11.1-2004 with addenda, ASTM D1250-04…-19


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One good as the bank's ``goods.yaml`` states it.

    density_kg_m3: certificate density in vacuum at ``ref_temp_c`` (20 °C in China; 15 °C for bitumen; bulk density for
    grain). density_u_kg_m3: its standard uncertainty.
    slope_kg_m3_c: fall of density per °C, only for ``Correction.LINEAR``; 0 for the table methods.
    alpha_per_c: expansion at the table's base per °C, only for tables C. abv_percent: strength by volume at 20 °C, only
    for ``Correction.ETHANOL``. packing_factor: how much denser grain lies in a silo than in the measure, only for BULK.
    sediment_water_percent: S&W by volume of the batch, with its standard uncertainty.
    density_band_kg_m3, temp_band_c: inclusive ranges in which a reading is believable for this good.
    storage_temp_c: within which it keeps (formaldehyde polymerises in the cold, bitumen sets); None: nobody has said.
    certificate_no, certified_on, purity_percent: of the batch certificate that these figures come from, as far as told.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    correction: Correction
    edition: Edition = Edition.Y1980
    density_kg_m3: float
    ref_temp_c: float = 20.0
    density_u_kg_m3: float = 0.5
    slope_kg_m3_c: float = 0.0
    alpha_per_c: float = 0.0
    abv_percent: float = 0.0
    packing_factor: float = 1.0
    sediment_water_percent: float = 0.0
    sediment_water_u_percent: float = 0.0
    density_band_kg_m3: tuple[float, float] = (600.0, 1900.0)
    temp_band_c: tuple[float, float] = (-30.0, 220.0)
    storage_temp_c: tuple[float, float] | None = None
    certificate_no: str | None = None
    certified_on: date | None = None
    purity_percent: float | None = None
