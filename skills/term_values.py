"""The contract's terms about goods, prices and data, as facts: haircuts, caps, tolerances, price method, ages."""

from collections.abc import Mapping
from decimal import Decimal

from domain.contract import Contract, EligibleGood
from domain.event import Json
from skills.ports import View


def haircuts(view: View, contract: Contract) -> Json:
    """Goods by haircut, and what a stale price adds, where all goods agree on that."""
    del view
    by: dict[Decimal, list[str]] = {}
    for good in contract.goods.values():
        by.setdefault(good.haircut, []).append(good.code)
    more = {g.price.stale_haircut for g in contract.goods.values()}
    return {
        "rows": [{"ratio": str(ratio), "goods": goods} for ratio, goods in sorted(by.items())],
        "stale": str(more.pop()) if len(more) == 1 else None,
    }


def caps(view: View, contract: Contract) -> Json:
    """Largest shares of the pool, and those of single goods. Nothing capped is an answer too."""
    del view
    whole = {
        key: str(cap) for key in ("good", "site", "tank", "owner") if (cap := getattr(contract.caps, key)) is not None
    }
    own = [{"good": g.code, "ratio": str(g.max_share)} for g in contract.goods.values() if g.max_share is not None]
    return {"caps": whole, "own": own} if whole or own else {"recorded": False}


def tolerances(view: View, contract: Contract) -> Json:
    """When a loss counts, and when book and gauges disagree."""
    del view
    terms = contract.tolerances
    return {
        "static_ratio": str(terms.static_ratio),
        "static_t": terms.static_t,
        "window_s": terms.window_s,
        "book_ratio": str(terms.book_ratio),
        "loss": [{"good": good, "ratio": str(ratio)} for good, ratio in terms.natural_loss.items()],
    }


def prices(view: View, contract: Contract) -> Json:
    """How goods are priced; those alike in one row."""
    del view
    rows: list[Json] = []
    for good in contract.goods.values():
        way = _way(good)
        alike = next((r for r in rows if {**r, "goods": 0} == {**way, "goods": 0}), None)
        if alike is None:
            rows.append({**way, "goods": [good.code]})
        else:
            alike["goods"].append(good.code)
    return {"rows": rows}


def _way(good: EligibleGood) -> Json:
    terms = good.price
    return {
        "method": terms.method.value,
        "days": terms.days,
        "fallbacks": len(terms.fallbacks),
        "stale_s": terms.stale_after_s if terms.stale_trading_days is None else None,
        "stale_days": terms.stale_trading_days,
        "outlier": str(terms.outlier),
        "crash": str(terms.crash_day),
    }


def staleness(view: View, contract: Contract) -> Json:
    """Ages beyond which figures are said to be old, or do not count."""
    del view
    ages: Mapping[str, float] = {
        key: getattr(contract.staleness, key) for key in ("warn_s", "exclude_s", "feed_s", "book_s")
    }
    return {**ages, "balance_s": contract.exposure.stale_after_s}


OF_GOODS = ("haircut", "good_cap", "price_source")
"""Terms that a contract has for each good."""


def of_goods(block: Json, goods: tuple[str, ...]) -> Json:
    """A contract's rows with these goods alone; what it has for every good stays."""
    return block if not goods else {**block, "rows": [_only(row, goods) for row in block["rows"]]}


def _only(row: Json, goods: tuple[str, ...]) -> Json:
    if row["term"] not in OF_GOODS or not row["recorded"]:
        return row
    if row["term"] == "good_cap":
        return {**row, "own": [x for x in row["own"] if x["good"] in goods]}
    mine = [{**x, "goods": [g for g in x["goods"] if g in goods]} for x in row["rows"]]
    return {**row, "rows": [x for x in mine if x["goods"]]}
