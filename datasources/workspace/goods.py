"""``goods.yaml``: the goods that tanks may hold, and how each one's density follows temperature."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

import numpy as np
from pydantic import BeforeValidator, Field

from datasources.workspace.number import band, number_within, real
from datasources.workspace.part import Part, Sheet
from datasources.workspace.word import Day, Label, Text, names_of, one_of
from domain.good import Correction, Edition, Good
from domain.metering import ethanol
from domain.metering.table import Base

F60_C: Final = Base.F60.value
"""60 °F, written 60F, 15.56 or 15.5556."""

_celsius = number_within(low=-50, high=100, unit="°C")


def _ref_temp_c(value: Any) -> float:
    if value == "60F":
        return F60_C
    temp_c = _celsius(value)
    return F60_C if abs(temp_c - F60_C) < 0.005 else temp_c


Density = Annotated[float, real(low=300, high=3000, unit="kg/m³")]


class GoodPart(Part):
    """One good."""

    code: Label = Field(description="the good's short code, e.g. METHANOL")
    name: Text = Field(description="its name in chat, e.g. 甲醇")
    aliases: tuple[Text, ...] = ()
    correction: Annotated[Correction, one_of(names_of(Correction))] = Field(
        description="how volume is corrected: 60A crude, 60B products, 60D lubricants (54… at 15 °C, 6… and 24… at "
        "60 °F), D4311 bitumen, R22 spirits, linear, or bulk for grain"
    )
    edition: Annotated[Edition, one_of(names_of(Edition))] = Edition.Y1980
    density_kg_m3: Density | None = None
    density_u_kg_m3: Annotated[float, real(low=0, high=100, unit="kg/m³")] = 0.5
    ref_temp_c: Annotated[float, BeforeValidator(_ref_temp_c)] = 20.0
    slope_kg_m3_c: Annotated[float, real(low=0, high=5, unit="kg/m³ per °C")] = 0.0
    alpha_per_c: Annotated[float, real(low=0, high=0.01, unit="1/°C")] = 0.0
    abv_percent: Annotated[float, real(low=0, high=100, unit="%vol")] = 0.0
    packing_factor: Annotated[float, real(low=0.9, high=1.2)] = 1.0
    sediment_water_percent: Annotated[float, real(low=0, high=100, unit="%")] = 0.0
    sediment_water_u_percent: Annotated[float, real(low=0, high=10, unit="%")] = 0.0
    density_band_kg_m3: Annotated[tuple[float, float], band(300, 3000, "kg/m³")] = (600.0, 1900.0)
    temp_band_c: Annotated[tuple[float, float], band(-60, 260, "°C")] = (-30.0, 220.0)
    storage_temp_c: Annotated[tuple[float, float], band(-60, 260, "°C")] | None = None
    certificate_no: Text | None = None
    certified_on: Day | None = None
    purity_percent: Annotated[float, real(low=0, above=0, high=100, unit="%")] | None = None


class GoodsFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {"goods": "a list with at least one good"}
    goods: tuple[GoodPart, ...] = ()


def stated_density(good: GoodPart) -> float | None:
    """Density in kg/m³ at ref_temp_c: as written, else what OIML R22 gives for the strength; None for neither."""
    if good.density_kg_m3 is None and good.correction is Correction.ETHANOL and good.abv_percent > 0.0:
        return r22_density(good.abv_percent)
    return good.density_kg_m3


def r22_density(abv_percent: float) -> float:
    """Density in kg/m³ at 20 °C of ethanol and water of this strength in %vol. Source: OIML R22."""
    strength = ethanol.of_abv(np.array(abv_percent))
    return float(ethanol.density(strength.mass_fraction, np.array(20.0)))


def build_goods(sheet: Sheet[GoodsFile]) -> dict[str, Good]:
    """The goods by code, in file order."""
    return {good.code: build_good(good) for good in sheet.part.goods}


def build_good(part: GoodPart) -> Good:
    """The good as columns and answers use it. The file must be free of errors: a density is stated or follows."""
    density = stated_density(part)
    assert density is not None, "check has asked for the density before"
    return Good(
        code=part.code,
        name=part.name,
        aliases=tuple(part.aliases),
        correction=part.correction,
        edition=part.edition,
        density_kg_m3=density,
        ref_temp_c=part.ref_temp_c,
        density_u_kg_m3=part.density_u_kg_m3,
        slope_kg_m3_c=part.slope_kg_m3_c,
        alpha_per_c=part.alpha_per_c,
        abv_percent=part.abv_percent,
        packing_factor=part.packing_factor,
        sediment_water_percent=part.sediment_water_percent,
        sediment_water_u_percent=part.sediment_water_u_percent,
        density_band_kg_m3=part.density_band_kg_m3,
        temp_band_c=part.temp_band_c,
        storage_temp_c=part.storage_temp_c,
        certificate_no=part.certificate_no,
        certified_on=part.certified_on,
        purity_percent=part.purity_percent,
    )
