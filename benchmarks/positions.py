"""1,000 contracts of 56 tanks and 24 goods, valued, advised and asked what-if on one core.

    python -m benchmarks.positions [--contracts 1000] [--tanks 56] [--goods 24]

Gauges, prices and books are in memory; every contract has caps of all three kinds, as the costliest ones do.
"""

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from domain.contract import Caps, Contract, EligibleGood, PriceTerms
from domain.headroom import headroom
from domain.position import Freshness, GoodPrice, Holding, Position, PriceStanding, take_position
from domain.top_up import top_up
from domain.what_if import uniform_fall
from tests.fakes.pledge import contract

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)


def main(contracts: int, tanks: int, goods: int) -> None:
    """Measure."""
    draw = random.Random(20260312)
    prices = {f"G{n}": _price(draw) for n in range(goods)}
    pools = [(_contract(n, goods), _holdings(draw, tanks, goods)) for n in range(contracts)]

    def valued(pools: list[tuple[Contract, tuple[Holding, ...]]]) -> list[Position]:
        return [take_position(c, holdings=h, prices=prices, book_stale=False, now=NOW) for c, h in pools]

    _timed(f"{contracts} contracts x {tanks} tanks revalued", lambda: valued(pools))
    few = [(c, p) for (c, _), p in zip(pools[:20], valued(pools[:20]), strict=True)]
    _timed("20 x headroom of every good", lambda: [headroom(c, p) for c, p in few])
    _timed("20 x largest fall of all prices", lambda: [uniform_fall(c, p, p.recognised / 2) for c, p in few])
    owing = [(_owing(c, p), h) for (c, p), (_, h) in zip(few, pools, strict=False)]
    short = [(c, p) for (c, _), p in zip(owing, valued(owing), strict=True)]
    _timed("20 x top-up", lambda: [top_up(c, p) for c, p in short])


def _timed(name: str, work: Callable[[], object]) -> None:
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    print(f"{name:<44} best of 3: {min(times) * 1000:8.0f} ms")


def _price(draw: random.Random) -> GoodPrice:
    cny = Decimal(draw.randrange(150_000, 900_000)) / 100
    return GoodPrice(cny_t=cny, published_at=NOW, standing=PriceStanding.FRESH, source="bench")


def _contract(n: int, goods: int) -> Contract:
    eligible = {
        f"G{g}": EligibleGood(code=f"G{g}", haircut=Decimal(g % 4) / 100, price=PriceTerms(ref=f"G{g}"))
        for g in range(goods)
    }
    caps = Caps(good=Decimal("0.40"), site=Decimal("0.50"), tank=Decimal("0.15"))
    return contract(id=f"C-{n}", goods=eligible, caps=caps)


def _owing(pledge: Contract, position: Position) -> Contract:
    """Owing three quarters of what the pool is worth: below the warning line."""
    owed = position.recognised * 3 / 4
    return replace(pledge, exposure=replace(pledge.exposure, principal=owed.quantize(Decimal("0.01"))))


def _holdings(draw: random.Random, tanks: int, goods: int) -> tuple[Holding, ...]:
    return tuple(
        Holding(
            tank_id=f"T-{n}",
            site_id=f"S{n % 3}",
            good=f"G{n % goods}",
            physical_kg=draw.randrange(100_000, 9_000_000),
            heel_kg=draw.randrange(0, 90_000),
            book_kg=draw.randrange(100_000, 9_000_000),
            frozen_kg=0,
            share=Decimal(1),
            u_kg=500,
            taken_at=NOW,
            freshness=Freshness.FRESH,
        )
        for n in range(tanks)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name, default in (("contracts", 1000), ("tanks", 56), ("goods", 24)):
        parser.add_argument(f"--{name}", type=int, default=default)
    main(**vars(parser.parse_args()))
