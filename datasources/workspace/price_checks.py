"""Checks of the terms by which goods are priced: every quote is served, and tax, means and ages have their other half."""

from collections.abc import Iterator

from datasources.workspace.contracts import ContractFile, EligiblePart
from datasources.workspace.part import Part, Sheet
from datasources.workspace.price_terms import PriceTermsPart, price_terms
from datasources.workspace.problem import suggestion
from domain.contract import PriceMethod

SERVE = "add it to a price source in xiaoliuzi.toml"


def check_prices(sheet: Sheet[ContractFile], refs: set[str] | None) -> None:
    """All goods of one contract. refs: what the price sources serve, None when one does not say in advance."""
    common = sheet.part.price_terms
    parts: list[PriceTermsPart] = [p for p in (common, *sheet.part.goods) if p is not None]
    for part in parts:
        _check_ages(sheet, part)
        _check_rates(sheet, part, refs)
    for good in sheet.part.goods:
        _check_fallbacks(sheet, good, refs)
    told: set[tuple[int, str]] = set()  # a mistake in the contract's own terms is told once, not for every good
    for good in sheet.part.goods:
        for part, key, wrong, instead in (*_tax(good, common), *_mean(good, common)):
            if (id(part), key) not in told:
                told.add((id(part), key))
                sheet.error(part, key, wrong=wrong, instead=instead)


def _check_ages(sheet: Sheet[ContractFile], part: PriceTermsPart) -> None:
    if part.stale_after_hours is not None and part.stale_trading_days is not None:
        wrong = "the age of a quote is limited twice, in hours and in trading days"
        sheet.error(part, "stale_trading_days", wrong=wrong, instead="delete one of the two")


def _check_rates(sheet: Sheet[ContractFile], part: PriceTermsPart, refs: set[str] | None) -> None:
    seen = {"CNY"}
    for fx in part.fx:
        if fx.currency in seen:
            wrong = f"{fx.currency} needs no rate here"
            sheet.error(fx, "currency", wrong=wrong, instead="write one rate for each foreign currency")
        seen.add(fx.currency)
        _check_served(sheet, fx, fx.ref, refs)


def _check_fallbacks(sheet: Sheet[ContractFile], good: EligiblePart, refs: set[str] | None) -> None:
    seen = {good.price_ref}
    for fallback in good.fallbacks:
        if fallback.ref in seen:
            wrong = f"{fallback.ref!r} prices {good.code!r} already"
            sheet.error(fallback, "ref", wrong=wrong, instead="write another quote, or delete it")
        seen.add(fallback.ref)
        _check_served(sheet, fallback, fallback.ref, refs)


def _check_served(sheet: Sheet[ContractFile], part: Part, ref: str, refs: set[str] | None) -> None:
    if refs is not None and ref not in refs:
        wrong = f"no price source serves {ref!r}"
        sheet.error(part, "ref", wrong=wrong, instead=suggestion(ref, refs, add=SERVE))


Slip = tuple[PriceTermsPart, str, str, str]


def _tax(good: EligiblePart, common: PriceTermsPart | None) -> Iterator[Slip]:
    """Both bases or none, and the rate of tax between two that differ."""
    terms = price_terms(good, common, None)
    bases = {s.quoted for s in terms.sources}
    if terms.valued is None and bases != {None}:
        remedy = "write valued: tax_included or tax_excluded, as the contract values its goods"
        yield _holder(good, common, "quoted"), "quoted", "the contract's own tax basis is not said", remedy
    elif terms.valued is not None and None in bases:
        remedy = "write quoted: tax_included or tax_excluded, as the quote is published"
        yield _holder(good, common, "valued"), "valued", "the quote's own tax basis is not said", remedy
    elif terms.vat is None and bases - {terms.valued}:
        wrong = f"a quote without its contract's tax basis, {terms.valued}, needs the rate of tax"
        yield _holder(good, common, "valued"), "valued", wrong, "write vat: 0.13 for 13 %, or 0.09"


def _mean(good: EligiblePart, common: PriceTermsPart | None) -> Iterator[Slip]:
    """Days without a mean: somebody expects an average and does not get it."""
    terms = price_terms(good, common, None)
    if good.days is not None and terms.method is PriceMethod.LAST:
        yield good, "days", "the newest quote counts, no mean", "write method: average or lower_of, or delete days"


def _holder(good: EligiblePart, common: PriceTermsPart | None, key: str) -> PriceTermsPart:
    """Where the key was written: with the good, else for the whole contract."""
    return common if common is not None and getattr(good, key) is None and getattr(common, key) is not None else good
