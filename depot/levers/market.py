"""Levers on prices and on the freshness of what the depot reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from depot.feeds import Feeds
from depot.levers.lever import Args, InputError, Lever, Param
from depot.station import Station

GOOD = Param(name="good", label="货品", kind="good", required=True)
ANY_GOOD = Param(name="good", label="货品(空=全部)", kind="good")
LOWEST = -100_000.0  # a price may be negative: WTI stood at -36.98 on 2020-04-20
PRICE = Param(name="price", label="新价 元/吨", kind="number", low=LOWEST, high=1_000_000.0)
FALL_PCT = 7.0


async def _price_crash(station: Station, args: Args) -> dict[str, Any]:
    price, pct = args.optional_number("price"), args.optional_number("pct")
    if price is not None and pct is not None:
        raise InputError("pct", "give either price or pct", ["price", "pct"])
    good = args.optional_text("good")
    if price is not None and good is None:
        raise InputError("good", "a given price needs its good", sorted(station.farm.world.goods))
    goods = [good] if good is not None else list(station.farm.world.goods)
    fall = Decimal(str(FALL_PCT if pct is None else abs(pct)))
    fallen = {g: station.farm.prices.price(g) * (1 - fall / 100) for g in goods}
    changed = [_put(station, g, Decimal(str(price)) if price is not None else p) for g, p in fallen.items()]
    return changed[0] if good is not None else {"changed": changed}


async def _price_set(station: Station, args: Args) -> dict[str, Any]:
    return _put(station, args.text("good"), Decimal(str(args.number("price"))))


async def _price_recover(station: Station, args: Args) -> dict[str, Any]:
    prices, good = station.farm.prices, args.optional_text("good")
    changed = [
        _put(station, code, prices.opening_price(code))
        for code in ([good] if good is not None else list(station.farm.world.goods))
        if prices.price(code) != prices.opening_price(code)
    ]
    return {"changed": changed}


def _put(station: Station, good: str, price: Decimal) -> dict[str, Any]:
    prices = station.farm.prices
    before = prices.price(good)
    prices.set(good, price, station.farm.now_us)
    return {"good": good, "price_before": str(before), "price": str(prices.price(good))}


async def _stale_feed(station: Station, args: Args) -> dict[str, Any]:
    feed = args.text("feed")
    return {"feed": feed, "as_of": station.feeds.hold(feed)}


async def _fresh_feed(station: Station, args: Args) -> dict[str, Any]:
    feed = args.optional_text("feed")
    for name in Feeds.makers if feed is None else (feed,):
        station.feeds.release(name)
    return {"feed": feed}


FEED_NAMES = tuple(Feeds.makers)

MARKET_LEVERS = (
    Lever(
        name="price_crash",
        label="价格暴跌",
        does="A good's price, or all, falls by a percentage (7 if not said) or to a given price, at once.",
        params=(ANY_GOOD, PRICE, Param(name="pct", label="跌幅 %", kind="number", low=-99.0, high=99.0)),
        pull=_price_crash,
    ),
    Lever(
        name="price_set",
        label="设定价格",
        does="Sets a good's price.",
        params=(
            GOOD,
            Param(name="price", label="新价 元/吨", kind="number", required=True, low=LOWEST, high=1_000_000.0),
        ),
        pull=_price_set,
    ),
    Lever(
        name="price_recover",
        label="价格恢复",
        does="Takes a good's price, or all, back to the opening price.",
        params=(ANY_GOOD,),
        pull=_price_recover,
    ),
    Lever(
        name="stale_feed",
        label="报送停更",
        does="A feed keeps its old content and its old as_of.",
        params=(Param(name="feed", label="哪个报送", kind="choice", required=True, choices=FEED_NAMES),),
        pull=_stale_feed,
    ),
    Lever(
        name="fresh_feed",
        label="报送恢复",
        does="A held feed, or all, is current again.",
        params=(Param(name="feed", label="哪个报送(空=全部)", kind="choice", choices=FEED_NAMES),),
        pull=_fresh_feed,
    ),
)
