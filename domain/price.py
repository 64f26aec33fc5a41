"""Which published price is believed. Pure: every quote gets a verdict, so that none is dropped in silence.

A step that is too large waits in quarantine while the last good price stands (docs/pledge.md); a second provider, or
a person, lets it in. Zero and negative prices are prices (WTI stood at −36.98).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.calendar import CHINA
from domain.errors import SourceMalformed

KEPT_FIXINGS = 400  # per ref: a trading year of daily fixings with room; the series has the rest
KEPT_DAYS = 250  # per ref: the longest mean that a contract may count, however often its source publishes in a day
CLOCK_SKEW = timedelta(minutes=5)  # how far a publisher's clock may run ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceQuote:
    """One published price. ``ref`` is the contract's price reference.

    currency: CNY is CNY per tonne; another unit is named, as in USD/bbl, or CNY/USD for a rate of exchange. region
    and basis say what the price means (山东, 出罐含税). Raises SourceMalformed for a price that is not a
    finite Decimal and for a naive time.
    """

    ref: str
    good: str
    provider: str
    region: str
    basis: str
    currency: str
    price: Decimal
    published_at: datetime
    received_at: datetime
    source_id: str

    def __post_init__(self) -> None:
        if not isinstance(self.price, Decimal) or not self.price.is_finite():
            raise SourceMalformed(f"quote {self.ref!r}: price {self.price!r} is not a finite Decimal")
        for name, when in (("published_at", self.published_at), ("received_at", self.received_at)):
            if when.utcoffset() is None:
                raise SourceMalformed(f"quote {self.ref!r}: {name} {when.isoformat()} has no time zone")

    @property
    def day(self) -> date:
        """The Beijing day on which it was published."""
        return self.published_at.astimezone(CHINA).date()

    @property
    def money(self) -> str:
        """The currency alone: USD of USD/bbl."""
        return self.currency.partition("/")[0]

    @property
    def per(self) -> str:
        """What the price is for: t, bbl, or the currency that is exchanged."""
        return self.currency.partition("/")[2] or "t"

    def repeats(self, other: "PriceQuote") -> bool:
        """The same publication again, whichever way and whenever it reached us."""
        return (
            self.published_at == other.published_at
            and self.price == other.price
            and (self.ref, self.provider) == (other.ref, other.provider)
            and self.comparable(other)
        )

    def comparable(self, other: "PriceQuote") -> bool:
        """Both are prices of the same thing: good, region, basis and currency agree."""
        mine = (self.good, self.region, self.basis, self.currency)
        return mine == (other.good, other.region, other.basis, other.currency)


class Verdict(StrEnum):
    """What became of a quote."""

    ACCEPTED = "accepted"  # it is now the price; also a correction of the same publication time
    DUPLICATE = "duplicate"  # had its verdict before
    OLDER = "older"  # published before the price that stands, or before what the same provider has waiting
    QUARANTINED = "quarantined"  # too far from the price that stands, of another thing, or dated in the future
    CONFIRMED = "confirmed"  # an independent provider agrees with the quarantined price, which now stands


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """outlier_ratio: a larger step than this is not believed at once. agree_ratio: how close a second source is.

    Both are shares of the price compared with, for example Decimal("0.08"). Raises ValueError for negative ones.
    """

    outlier_ratio: Decimal
    agree_ratio: Decimal

    def __post_init__(self) -> None:
        for name, ratio in (("outlier_ratio", self.outlier_ratio), ("agree_ratio", self.agree_ratio)):
            if not ratio.is_finite() or ratio < 0:
                raise ValueError(f"{name} {ratio}: at least 0 is allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """What is known of one ref.

    waiting: quotes in quarantine, at most one per provider. previous: earlier accepted quotes in the order in which
    they were accepted. dismissed: rejected by a person, or overtaken while they waited. closes: of each publication day
    the quote that was accepted last, the one that stands included, by day.
    """

    accepted: PriceQuote | None = None
    waiting: tuple[PriceQuote, ...] = ()
    previous: tuple[PriceQuote, ...] = ()
    dismissed: tuple[PriceQuote, ...] = ()
    closes: tuple[PriceQuote, ...] = ()

    def known(self, now: datetime) -> tuple[PriceQuote, ...]:
        """The accepted quotes that had reached us by ``now``, in the order in which they were accepted."""
        every = self.previous if self.accepted is None else (*self.previous, self.accepted)
        return tuple(quote for quote in every if quote.received_at <= now)

    @property
    def quarantined(self) -> PriceQuote | None:
        """The newest publication that waits for a second source or a person, or None."""
        return max(self.waiting, key=lambda quote: quote.published_at, default=None)

    def waiting_of(self, provider: str) -> PriceQuote | None:
        """What this provider has in quarantine."""
        return next((quote for quote in self.waiting if quote.provider == provider), None)

    def knows(self, quote: PriceQuote) -> bool:
        """Whether this very publication has had its verdict before."""
        standing_now = () if self.accepted is None else (self.accepted,)
        known = (*standing_now, *self.waiting, *self.dismissed, *self.previous)
        at = quote.published_at
        return any(other.published_at == at and quote.repeats(other) for other in known)

    def holding(self, quote: PriceQuote) -> "PriceEntry":
        """The entry with this quote in quarantine, in place of what its provider had there."""
        rest = self.without(self.waiting_of(quote.provider))
        return replace(rest, waiting=(*rest.waiting, quote))

    def standing_on(self, quote: PriceQuote) -> "PriceEntry":
        """The entry with this quote as the price; what its provider had waiting is thereby overtaken."""
        overtaken = self.waiting_of(quote.provider)
        rest = self if overtaken is None or overtaken.published_at > quote.published_at else self.without(overtaken)
        previous = self.previous if self.accepted is None else (*self.previous, self.accepted)
        return replace(rest, accepted=quote, previous=previous[-KEPT_FIXINGS:], closes=self._closing(quote))

    def _closing(self, quote: PriceQuote) -> tuple[PriceQuote, ...]:
        """The closes with this quote as that of its day."""
        day, newest = quote.day, self.closes[-1].day if self.closes else None
        if newest is None or newest <= day:  # as nearly always
            return (*(self.closes[:-1] if newest == day else self.closes), quote)[-KEPT_DAYS:]
        others = [other for other in self.closes if other.day != day]
        return tuple(sorted((*others, quote), key=lambda other: other.day)[-KEPT_DAYS:])

    def without(self, quote: PriceQuote | None) -> "PriceEntry":
        """The entry with this quote moved from quarantine to the dismissed."""
        if quote is None:
            return self
        waiting = tuple(other for other in self.waiting if other != quote)
        return replace(self, waiting=waiting, dismissed=(*self.dismissed, quote)[-KEPT_FIXINGS:])


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """All prices by ref. Immutable: each change is a new book."""

    entries: Mapping[str, PriceEntry] = field(default_factory=dict)

    def entry(self, ref: str) -> PriceEntry:
        """What is known of this ref; an empty entry for one never quoted."""
        return self.entries.get(ref, PriceEntry())

    def having(self, ref: str, entry: PriceEntry) -> "PriceBook":
        """The book with another entry for the ref."""
        return PriceBook(entries={**self.entries, ref: entry})


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDecision:
    """A person's word on a quarantined quote."""

    quote: PriceQuote
    accepted: bool
    by: str
    decided_at: datetime


def admit(book: PriceBook, quote: PriceQuote, rule: PriceRule, now: datetime) -> tuple[PriceBook, Verdict]:
    """Judge one quote. The verdict is for telling the bank; the book changes unless it is duplicate or older."""
    entry = book.entry(quote.ref)
    if entry.knows(quote):
        return book, Verdict.DUPLICATE
    witnessed = _witnessed(entry, quote, rule, now)
    if witnessed is not None:
        return book.having(quote.ref, _confirmed(entry, witnessed, quote)), Verdict.CONFIRMED
    if _older(entry, quote, now):
        return book, Verdict.OLDER
    if _future(quote, now) or _outlier(entry.accepted, quote, rule):
        return book.having(quote.ref, entry.holding(quote)), Verdict.QUARANTINED
    return book.having(quote.ref, entry.standing_on(quote)), Verdict.ACCEPTED


def confirm(
    book: PriceBook, ref: str, by: str, now: datetime, *, price: Decimal | None = None
) -> tuple[PriceBook, PriceDecision | None]:
    """A person lets a quarantined quote in, whatever stands.

    price: the one that the person saw; None takes the newest that waits. A None decision: nothing such waits (any
    more), nothing changed.
    """
    entry = book.entry(ref)
    quote = _chosen(entry, price)
    if quote is None:
        return book, None
    rest = replace(entry, waiting=tuple(other for other in entry.waiting if other != quote))
    decision = PriceDecision(quote=quote, accepted=True, by=by, decided_at=now)
    return book.having(ref, rest.standing_on(quote)), decision


def reject(
    book: PriceBook, ref: str, by: str, now: datetime, *, price: Decimal | None = None
) -> tuple[PriceBook, PriceDecision | None]:
    """A person refuses a quarantined quote: the same publication will not come back. Otherwise as ``confirm``."""
    entry = book.entry(ref)
    quote = _chosen(entry, price)
    if quote is None:
        return book, None
    return book.having(ref, entry.without(quote)), PriceDecision(quote=quote, accepted=False, by=by, decided_at=now)


def unchanged_since(book: PriceBook, ref: str) -> datetime | None:
    """Since when every accepted publication has named today's price: a feed that repeats itself is not fresh news."""
    entry = book.entry(ref)
    if entry.accepted is None:
        return None
    since = entry.accepted.published_at
    for earlier in reversed(entry.previous):
        if earlier.price != entry.accepted.price:
            break
        since = min(since, earlier.published_at)
    return since


def _future(quote: PriceQuote, now: datetime) -> bool:
    """Dated ahead of the clock: accepted, it would make every honest quote after it look older."""
    return quote.published_at > now + CLOCK_SKEW


def _older(entry: PriceEntry, quote: PriceQuote, now: datetime) -> bool:
    """Overtaken by what stands or by what its provider has waiting, unless that one is dated in the future."""
    waiting = entry.waiting_of(quote.provider)
    newer = [other for other in (entry.accepted, waiting) if other is not None and not _future(other, now)]
    return any(quote.published_at < other.published_at for other in newer)


def _outlier(accepted: PriceQuote | None, quote: PriceQuote, rule: PriceRule) -> bool:
    if accepted is None:
        return False
    if not accepted.comparable(quote):
        return True
    return abs(quote.price - accepted.price) > rule.outlier_ratio * abs(accepted.price)


def _witnessed(entry: PriceEntry, quote: PriceQuote, rule: PriceRule, now: datetime) -> PriceQuote | None:
    """The quarantined quote of another provider that this one bears out, or None."""
    if _future(quote, now):
        return None
    return next((waiting for waiting in entry.waiting if _agrees(entry, waiting, quote, rule, now)), None)


def _agrees(entry: PriceEntry, waiting: PriceQuote, quote: PriceQuote, rule: PriceRule, now: datetime) -> bool:
    if waiting.provider == quote.provider or not waiting.comparable(quote) or _future(waiting, now):
        return False
    step_began = min(waiting.published_at, entry.accepted.published_at if entry.accepted else waiting.published_at)
    if quote.published_at < step_began:
        return False  # older than both the price that stands and the one that waits: no witness of the step
    return abs(quote.price - waiting.price) <= rule.agree_ratio * abs(waiting.price)


def _confirmed(entry: PriceEntry, waiting: PriceQuote, witness: PriceQuote) -> PriceEntry:
    """Both quotes are in; the later publication of the two stands."""
    rest = replace(entry, waiting=tuple(other for other in entry.waiting if other != waiting))
    earlier, later = sorted((waiting, witness), key=lambda quote: quote.published_at)
    return rest.standing_on(earlier).standing_on(later)


def _chosen(entry: PriceEntry, price: Decimal | None) -> PriceQuote | None:
    if price is None:
        return entry.quarantined
    return next((quote for quote in entry.waiting if quote.price == price), None)
