"""Checks of ``goods.yaml``: names, and that each good states what its correction needs, within its limits."""

from collections import defaultdict

from datasources.workspace.goods import GoodPart, GoodsFile, build_good, r22_density, stated_density
from datasources.workspace.part import Sheet
from domain.errors import Unmeasurable
from domain.good import Correction, Edition
from domain.metering.curve import Curve
from domain.metering.table import FACTOR_TABLES, Base, Table

ALPHAS_PER_C = (230e-6 * 1.8, 930e-6 * 1.8)
"""Where tables C hold, API MPMS 11.1: 230…930e-6 per °F."""
R22_AGREES_KG_M3 = 1.0  # a strength in % by mass would move it by 20
DENSER_THAN_POURED = (1.0, 1.05)  # 国粮执法规〔2022〕248号: 1.01-1.03, maize to 1.05, wider over 10 m depth

NUMBERED = frozenset(c for c in Correction if c.value in FACTOR_TABLES)
"""The published oil tables, which have an edition and a base."""
BASES = {c: Table.named(c.value, Edition.Y1980).base.value for c in NUMBERED} | {
    Correction.BITUMEN: 15.0,
    Correction.ETHANOL: 20.0,
}
"""The temperature in °C at which each table's density is stated."""
OWN_KEYS = {
    "slope_kg_m3_c": ({Correction.LINEAR}, "0.946 for methanol, the fall of density per °C"),
    "alpha_per_c": ({Correction.T54C, Correction.T6C, Correction.T24C}, "0.00124, the expansion at the base per °C"),
    "abv_percent": ({Correction.ETHANOL}, "65 for a spirit of 65 度, the strength by volume at 20 °C"),
}
"""What only one kind of correction has, and cannot do without."""


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
        before = len(sheet.clerk.problems)
        _check_keys(sheet, good)
        _check_bulk(sheet, good)
        _check_density(sheet, good)
        _check_storage(sheet, good)
        if not any(p.severity == "error" for p in sheet.clerk.problems[before:]):
            _check_limits(sheet, good)


def _check_keys(sheet: Sheet[GoodsFile], good: GoodPart) -> None:
    """Keys that belong to another correction, and those that this one needs."""
    for key, (owners, example) in OWN_KEYS.items():
        value = getattr(good, key)
        if good.correction in owners and value == 0:
            wrong = f"a {good.correction} correction without {key.partition('_')[0]} has no density to follow"
            sheet.error(good, key, wrong=wrong, instead=f"write {key}: e.g. {example}")
        elif good.correction not in owners and value != 0:
            wrong = f"table {good.correction} has its own" if key == "slope_kg_m3_c" else f"{good.correction} has none"
            remedy = f"delete it, or write correction: one of {', '.join(sorted(owners))}"
            sheet.error(good, key, wrong=wrong, instead=remedy)
    if "edition" in good.node.entries and good.correction not in NUMBERED:
        sheet.error(good, "edition", wrong=f"{good.correction} has no editions", instead="delete it")
    low, high = ALPHAS_PER_C
    if good.alpha_per_c != 0 and not low <= good.alpha_per_c <= high:
        wrong = f"{good.alpha_per_c:g} lies outside {low:g}–{high:g}"
        sheet.error(good, "alpha_per_c", wrong=wrong, instead="write it per °C; a value per °F times 1.8")


def _check_bulk(sheet: Sheet[GoodsFile], good: GoodPart) -> None:
    if good.packing_factor != 1.0 and good.correction is not Correction.BULK:
        wrong = f"{good.correction} is for liquids, which are not packed"
        sheet.error(good, "packing_factor", wrong=wrong, instead="delete it, or write correction: bulk")
    low, high = DENSER_THAN_POURED
    if not low <= good.packing_factor <= high:
        wrong = f"{good.packing_factor:g} lies outside the usual {low:g}–{high:g}"
        sheet.warn(
            good, "packing_factor", wrong=wrong, instead="keep the paper that says why (国粮执法规〔2022〕248号)"
        )


def _check_density(sheet: Sheet[GoodsFile], good: GoodPart) -> None:
    """The density is there, at the temperature that its table wants, and inside its own band."""
    base = BASES.get(good.correction)
    if base is not None and good.ref_temp_c != base:
        written = "60F" if base == Base.F60.value else f"{base:g}"
        wrong = f"ref_temp_c {good.ref_temp_c:g} °C does not fit table {good.correction}"
        sheet.error(good, "ref_temp_c", wrong=wrong, instead=f"write ref_temp_c: {written} and the density at it")
    density = stated_density(good)
    if density is None and good.correction is not Correction.ETHANOL:
        remedy = "write 'density_kg_m3: …', certificate density in vacuum at ref_temp_c"
        sheet.error(good, "density_kg_m3", wrong="is missing or empty", instead=remedy)
    if density is None:
        return
    if good.correction is Correction.ETHANOL and good.abv_percent > 0:
        follows = r22_density(good.abv_percent)
        if abs(density - follows) > R22_AGREES_KG_M3:
            wrong = f"{density:g} kg/m³ is not {good.abv_percent:g} %vol, which is {follows:.2f} at 20 °C (OIML R22)"
            sheet.error(good, "density_kg_m3", wrong=wrong, instead="correct one of the two, or leave the density out")
    low, high = good.density_band_kg_m3
    if not low <= density <= high:
        wrong = f"density {density:g} lies outside the band {low:g}–{high:g}"
        sheet.error(good, "density_band_kg_m3", wrong=wrong, instead="widen the band around the certificate's density")


def _check_storage(sheet: Sheet[GoodsFile], good: GoodPart) -> None:
    """A temperature at which a good is kept must be one that is believed of it."""
    if good.storage_temp_c is None:
        return
    (coldest, hottest), (low, high) = good.storage_temp_c, good.temp_band_c
    if coldest < low or hottest > high:
        wrong = f"{coldest:g}–{hottest:g} °C reaches beyond temp_band_c {low:g}–{high:g}"
        remedy = "widen temp_band_c: a reading outside it is refused before anybody is told that the good is too cold"
        sheet.error(good, "storage_temp_c", wrong=wrong, instead=remedy)


def _check_limits(sheet: Sheet[GoodsFile], good: GoodPart) -> None:
    """What else keeps the curve from being drawn: a density beyond the published table's limits."""
    try:
        Curve.of([build_good(good)])
    except Unmeasurable as e:
        wrong = str(e).partition(": ")[2]
        sheet.error(good, "density_kg_m3", wrong=wrong, instead="check the density, its unit and the correction")
