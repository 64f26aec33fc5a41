"""``goods.yaml``: the goods that tanks may hold, and how each one's density follows temperature."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from datasources.workspace.number import band, real
from datasources.workspace.part import Part, Sheet
from datasources.workspace.word import Label, Text, names_of, one_of
from domain.good import Correction, Good

BASE_TEMP_C = {Correction.T60A: 20.0, Correction.T60B: 20.0, Correction.T60D: 20.0, Correction.BITUMEN: 15.0}
"""The temperature at which each table's density is stated: GB/T 1885-1998 20 °C, ASTM D4311 15 °C."""

Density = Annotated[float, real(low=300, high=3000, unit="kg/m³")]


class GoodPart(Part):
    """One good."""

    code: Label = Field(description="the good's short code, e.g. METHANOL")
    name: Text = Field(description="its name in chat, e.g. 甲醇")
    aliases: tuple[Text, ...] = ()
    correction: Annotated[Correction, one_of(names_of(Correction))] = Field(
        description="how volume is corrected: 60A crude, 60B products, 60D lubricants, D4311 bitumen, or linear"
    )
    density_kg_m3: Density = Field(description="certificate density in vacuum at ref_temp_c, kg/m³")
    ref_temp_c: Annotated[float, real(low=-50, high=100, unit="°C")] = 20.0
    slope_kg_m3_c: Annotated[float, real(low=0, high=5, unit="kg/m³ per °C")] = 0.0
    density_band_kg_m3: Annotated[tuple[float, float], band(300, 3000, "kg/m³")] = (600.0, 1900.0)
    temp_band_c: Annotated[tuple[float, float], band(-60, 260, "°C")] = (-30.0, 220.0)


class GoodsFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {"goods": "a list with at least one good"}
    goods: tuple[GoodPart, ...] = ()


def check_goods(sheet: Sheet[GoodsFile]) -> None:
    """Codes and names that are used twice, and densities that do not fit their correction."""
    seen: dict[str, GoodPart] = {}
    named: dict[str, list[str]] = defaultdict(list)
    for good in sheet.part.goods:
        if good.code in seen:
            sheet.error(good, "code", wrong=f"good {good.code!r} is there twice", instead="give each good its own code")
        seen.setdefault(good.code, good)
        for name in {good.name, *good.aliases}:
            if named[name] and good.code not in named[name]:
                wrong = f"{name!r} also names good {named[name][0]!r}"
                sheet.warn(good, "name", wrong=wrong, instead="keep the name for one of them; questions use it")
            named[name].append(good.code)
        _check_density(sheet, good)


def _check_density(sheet: Sheet[GoodsFile], good: GoodPart) -> None:
    base = BASE_TEMP_C.get(good.correction)
    if base is not None and good.ref_temp_c != base:
        wrong = f"ref_temp_c {good.ref_temp_c:g} °C does not fit table {good.correction}"
        sheet.error(good, "ref_temp_c", wrong=wrong, instead=f"write ref_temp_c: {base:g} and the density at it")
    if good.correction is Correction.LINEAR and good.slope_kg_m3_c == 0:
        wrong = "a linear correction without slope leaves the density unchanged"
        sheet.error(
            good, "slope_kg_m3_c", wrong=wrong, instead="write the fall of density per °C, e.g. 0.946 for methanol"
        )
    if good.correction is not Correction.LINEAR and good.slope_kg_m3_c != 0:
        wrong = f"table {good.correction} has its own slope"
        sheet.error(good, "slope_kg_m3_c", wrong=wrong, instead="delete it, or write correction: linear")
    low, high = good.density_band_kg_m3
    if not low <= good.density_kg_m3 <= high:
        wrong = f"density {good.density_kg_m3:g} lies outside the band {low:g}–{high:g}"
        sheet.error(good, "density_band_kg_m3", wrong=wrong, instead="widen the band around the certificate's density")


def build_goods(sheet: Sheet[GoodsFile]) -> dict[str, Good]:
    """The goods by code, in file order."""
    return {
        g.code: Good(
            code=g.code,
            name=g.name,
            aliases=tuple(g.aliases),
            correction=g.correction,
            density_kg_m3=g.density_kg_m3,
            ref_temp_c=g.ref_temp_c,
            slope_kg_m3_c=g.slope_kg_m3_c,
            density_band_kg_m3=g.density_band_kg_m3,
            temp_band_c=g.temp_band_c,
        )
        for g in sheet.part.goods
    }
