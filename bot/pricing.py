"""Published prices become each lender's price book: every verdict is an event, so that a restart knows it again.

A price that is too strange waits for a second source or for a person of the lender; nothing is dropped in silence.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from bot.clock import Clock
from bot.house import House
from bot.judging import Judging
from bot.memory import Memory
from bot.words import Words
from domain.alarm import Alarm
from domain.contract import PriceTerms
from domain.delivery import Timing
from domain.event import Event, Json, parse_stamp, stamp
from domain.people import Person
from domain.price import PriceBook, PriceQuote, PriceRule, Verdict, admit, confirm, reject

SILENT = frozenset({Verdict.DUPLICATE, Verdict.OLDER})


class Pricing:
    """Keeps the price books of all lenders."""

    def __init__(self, house: House, judging: Judging, memory: Memory, words: Words, clock: Clock) -> None:
        self._house = house
        self._memory = memory
        self._judging = judging
        self._words = words
        self._clock = clock
        self._rules = _rules(house)
        self._lock = asyncio.Lock()  # two sources, or a source and a person, must not each change an older book

    async def take(self, quotes: Iterable[PriceQuote]) -> None:
        """Judge newly read quotes for every lender, commit the verdicts, then judge the contracts."""
        quotes = list(quotes)
        await self._memory.series(lambda series: series.append_prices(quotes))
        async with self._lock:
            lenders = await self._admitted(quotes)
        contracts = [c for c in self._house.workspace.contracts.values() if c.lender in lenders]
        if contracts:
            await self._judging.judge(contracts, Timing(received_at=self._clock.now()))

    async def _admitted(self, quotes: Iterable[PriceQuote]) -> set[str]:
        """Put the quotes into the books and commit the verdicts; the lenders whose books have changed."""
        now = self._clock.now()
        events: list[Event] = []
        books = dict(self._house.prices)
        for quote in quotes:
            for lender, rules in self._rules.items():
                if quote.ref in rules:
                    books[lender], verdict = admit(books[lender], quote, rules[quote.ref], now)
                    if verdict not in SILENT:
                        events.append(_event(lender, verdict.value, quote, now, actor="system"))
        if events:
            await self._judging.record(events, [])
            self._house.prices = books
        return {e.tenant for e in events}

    async def decide(self, alarm: Alarm, person: Person, *, taken: bool, seen: tuple[str, str]) -> str:
        """A person of the lender takes or refuses the strange price of this alarm; the line that tells them."""
        async with self._lock:
            key = await self._decided(alarm, person, taken=taken, seen=seen)
        if key in ("price_taken", "price_refused"):
            contracts = [c for c in self._house.workspace.contracts.values() if c.lender == alarm.tenant]
            await self._judging.judge(contracts, Timing())
        return self._words.line(key, alarm=alarm.id)

    async def _decided(self, alarm: Alarm, person: Person, *, taken: bool, seen: tuple[str, str]) -> str:
        """Put the decision into the lender's book and commit it; which line tells of it."""
        now, ref = self._clock.now(), alarm.facts["ref"]
        quoted = alarm.facts.get("quoted")  # as it was published, where "to" is averaged or converted
        price = Decimal(quoted if quoted is not None else alarm.facts["to"])
        act = confirm if taken else reject
        book, decision = act(self._house.prices[alarm.tenant], ref, person.id, now, price=price)
        if decision is None:
            return "price_gone"
        verdict = "taken" if taken else "refused"
        event = _event(alarm.tenant, verdict, decision.quote, now, actor=person.id)
        if not await self._judging.record([event], [], seen=seen):
            return "handled"
        self._house.prices = {**self._house.prices, alarm.tenant: book}
        return "price_taken" if taken else "price_refused"


def replay(house: House, events: Iterable[Event]) -> None:
    """Rebuild the books from the price.judged events of all lenders."""
    rules, books = _rules(house), dict(house.prices)
    for event in events:
        if event.tenant in books:
            books[event.tenant] = _replayed(books[event.tenant], event, rules[event.tenant])
    house.prices = books


def _replayed(book: PriceBook, event: Event, rules: dict[str, PriceRule]) -> PriceBook:
    quote = _quote(event.body)
    verdict = event.body["verdict"]
    if verdict in ("taken", "refused"):
        act = confirm if verdict == "taken" else reject
        return act(book, quote.ref, event.actor, event.occurred_at, price=quote.price)[0]
    if verdict == Verdict.ACCEPTED:  # believed then: today's rule does not judge it again
        return book.having(quote.ref, book.entry(quote.ref).standing_on(quote))
    if verdict == Verdict.QUARANTINED:  # doubted then: a looser rule of today does not let it in
        return book.having(quote.ref, book.entry(quote.ref).holding(quote))
    rule = rules.get(quote.ref)
    return admit(book, quote, rule, event.occurred_at)[0] if rule is not None else book


def _rules(house: House) -> dict[str, dict[str, PriceRule]]:
    """Per lender and price reference, the strictest terms of its contracts."""
    rules: dict[str, dict[str, PriceRule]] = {lender: {} for lender in house.prices}
    for contract in house.workspace.contracts.values():
        for good in contract.goods.values():
            mine, terms = rules[contract.lender], good.price
            for ref in terms.refs:
                mine[ref] = _stricter(mine.get(ref), terms)
    return rules


def _stricter(known: PriceRule | None, terms: PriceTerms) -> PriceRule:
    """What both the rule so far and these terms let through."""
    return PriceRule(
        outlier_ratio=min(terms.outlier, known.outlier_ratio) if known else terms.outlier,
        agree_ratio=min(terms.agree, known.agree_ratio) if known else terms.agree,
    )


def _event(tenant: str, verdict: str, quote: PriceQuote, now: datetime, *, actor: str) -> Event:
    body: Json = {
        "verdict": verdict,
        "ref": quote.ref,
        "good": quote.good,
        "provider": quote.provider,
        "region": quote.region,
        "basis": quote.basis,
        "currency": quote.currency,
        "price": str(quote.price),
        "published_at": stamp(quote.published_at),
        "received_at": stamp(quote.received_at),
        "source": quote.source_id,
    }
    return Event(tenant=tenant, kind="price.judged", v=1, occurred_at=now, actor=actor, body=body)


def _quote(body: Json) -> PriceQuote:
    return PriceQuote(
        ref=body["ref"],
        good=body["good"],
        provider=body["provider"],
        region=body["region"],
        basis=body["basis"],
        currency=body["currency"],
        price=Decimal(body["price"]),
        published_at=parse_stamp(body["published_at"]),
        received_at=parse_stamp(body["received_at"]),
        source_id=body["source"],
    )
