"""The price board: what the quotation house says now, and when it said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from depot.clock import US_PER_S
from depot.world import Quote

ROUND_US = 300 * US_PER_S
"""Quotes come out afresh on every fifth minute, changed or not; a change comes out at once."""

FEN = Decimal("0.01")


class PriceBoard:
    """Quotes by good. Prices are CNY per tonne, to the fen."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self._opening = {q.good: q for q in quotes}
        self._now = dict(self._opening)
        self._changed_us = dict.fromkeys(self._opening, 0)

    def quotes(self) -> list[Quote]:
        return list(self._now.values())

    def price(self, good: str) -> Decimal:
        return self._now[good].price

    def opening_price(self, good: str) -> Decimal:
        return self._opening[good].price

    def set(self, good: str, price: Decimal, now_us: int) -> None:
        self._now[good] = replace(self._now[good], price=price.quantize(FEN))
        self._changed_us[good] = now_us

    def reopen(self, now_us: int) -> None:
        """Every price that was ever changed back to its opening, published now: news, not an older quote again."""
        for good, changed_us in self._changed_us.items():
            if changed_us:
                self.set(good, self.opening_price(good), now_us)

    def published_us(self, good: str, now_us: int) -> int:
        """When the good's quote came out: the last round, or the later change."""
        return max(now_us - now_us % ROUND_US, self._changed_us[good])
