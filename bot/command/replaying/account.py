"""What a replay took from the records, and what it did not: so that nothing is left out in silence."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from bot.command.replaying.facts import JUDGED, Facts
from bot.command.replaying.records import Records
from bot.command.replaying.sources import RecordedSource
from domain.case.fold import CASE_EVENTS
from domain.proposal import NOTICED, PRICED
from domain.receipt.fold import RECEIPT_EVENTS
from domain.statement import PAID, STATED
from store.moments import FOREVER

CALLED = {
    STATED: "statements of balances",
    PAID: "payments",
    NOTICED: "control-line notices",
    PRICED: "manual prices",
    JUDGED: "words on prices",
    "alarm.acknowledged": "answers to alarms",
    "alarm.closed": "alarms closed",
}
OF_THE_LEDGER = (
    "statements of balances, payments, control-line notices, manual prices, receipts after the file's own, cases, words on "
    "prices and answers to alarms"
)


def taken(facts: Facts, entries: int) -> dict[str, int]:
    """How much of what was taken as recorded. entries: of ownership ledgers."""
    found: Counter[str] = Counter()
    for fact in facts.every():
        kind = fact.event.kind
        if kind in RECEIPT_EVENTS:
            found["events of receipts"] += 1
        elif kind in CASE_EVENTS:
            found["cases"] += kind == "case.filed"
        else:
            found[CALLED[kind]] += 1
    found["ownership entries"] = entries
    return {what: n for what, n in found.items() if n}


def missing(records: Records, source: RecordedSource, end: datetime) -> Iterator[str]:
    """What was not considered although it was there, or could not be because it was never kept. end: of the replay."""
    if not records.facts.kept:
        yield f"{OF_THE_LEDGER}: there is no ledger"
    if records.facts.open:
        yield f"{records.facts.open} alarms that were open at the beginning: what still holds is raised anew"
    if records.lost():
        yield f"{records.lost()} answers of people to alarms that were not raised here, or whom they do not oblige today"
    known = end if source.known_then else FOREVER
    for site in source.sites:
        if source.series.workorders_heard(site, valid=end, known=known) is None:
            yield f"when the work orders of {site} were told: never kept; those that there are count as told just now"
        if source.series.releases_as_of(site, valid=end, known=known) is None:
            yield f"release notices of {site}: never kept; an outflow under an order is one that cannot be checked"


def with_tonnes() -> str:
    """What is not considered where masses are given in place of readings."""
    return f"{OF_THE_LEDGER}, ownership entries and depots' papers: given masses stand in their place"
