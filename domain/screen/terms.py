"""Which contracts the columns cover: a list of every term that they know. A term that is not on it is no default's."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import datetime, timedelta
from typing import Any

from domain.calendar import CHINA
from domain.contract import (
    Caps,
    Contract,
    EligibleGood,
    Exposure,
    Lines,
    PledgedTank,
    PriceTerms,
    Staleness,
    Tolerances,
)
from domain.loan import Drawing, Fee, Loan, MarginMove, Repayment

COVERED: Mapping[type, frozenset[str]] = {
    Contract: frozenset(
        [
            "id",
            "name",
            "lender",
            "borrower",
            "depots",
            "supervisor",
            "effective_from",
            "matures_on",
            "exposure",
            "lines",
            "goods",
            "caps",
            "quantity_rule",
            "pledged",
            "duties",
            "disclosure",
            "clauses",
            "tolerances",
            "staleness",
            "on_delay",
            "calendar",
            "cure",
            "release",
            "buyback",
            "receipt_notice_days",
            "insurance",
            "registration",
        ]
    ),
    Exposure: frozenset(
        [
            "principal",
            "accrued_interest",
            "fees_due",
            "cash_margin",
            "basis",
            "as_of",
            "source",
            "stale_after_s",
            "loan",
            "allocation",
            "paid_since",
        ]
    ),
    Loan: frozenset(["drawings", "fees", "repayments", "margin", "allocation", "facility_limit"]),
    Drawing: frozenset(
        [
            "id",
            "principal",
            "drawn_on",
            "matures_on",
            "rate",
            "day_count",
            "overdue_rate",
            "interest_from",
            "interest_before",
        ]
    ),
    Fee: frozenset({"due_on", "amount"}),
    Repayment: frozenset({"at", "amount", "drawing"}),
    MarginMove: frozenset({"at", "amount"}),
    Lines: frozenset(
        [
            "ltv_initial",
            "ltv_warn",
            "ltv_control",
            "ltv_disposal",
            "coverage",
            "restore_target",
            "notices",
            "hysteresis",
            "confirm_k",
            "confirm_s",
            "minimum_call",
        ]
    ),
    EligibleGood: frozenset({"code", "haircut", "price", "max_share"}),
    PriceTerms: frozenset(
        [
            "ref",
            "stale_after_s",
            "stale_haircut",
            "crash_day",
            "outlier",
            "agree",
            "method",
            "days",
            "fallbacks",
            "quoted",
            "valued",
            "vat",
            "fx",
            "bbl_per_t",
            "stale_trading_days",
            "trading",
        ]
    ),
    Caps: frozenset({"good", "site", "tank"}),
    PledgedTank: frozenset({"tank_id", "owner", "share", "frozen_kg"}),
    Tolerances: frozenset({"static_ratio", "static_t", "window_s", "book_ratio", "book_confirm_s"}),
    Staleness: frozenset({"warn_s", "exclude_s", "restore_s", "feed_s", "book_s"}),
}
"""Terms by class. What is not named here must stand at its default, or the contract is replayed moment by moment."""


def uncovered(contract: Contract) -> list[str]:
    """The terms of this contract that the columns do not know, for example ``PledgedTank.batches``; none: all known."""
    unknown = {
        f"{type(part).__name__}.{f.name}" for part in _parts(contract) for f in fields(part) if not _known(part, f)
    }
    if len({p.tank_id for p in contract.pledged}) < len(contract.pledged):
        unknown.add("Contract.pledged: one tank twice")
    if any(g.price.crash_day <= 0 for g in contract.goods.values()):
        unknown.add("PriceTerms.crash_day: not above 0")
    return sorted(unknown)


def _parts(contract: Contract) -> Iterator[Any]:
    yield contract
    yield from (contract.exposure, contract.lines, contract.caps, contract.tolerances, contract.staleness)
    yield from contract.pledged
    for good in contract.goods.values():
        yield from (good, good.price)
    loan = contract.exposure.loan
    if loan is not None:
        yield from (loan, *loan.drawings, *loan.fees, *loan.repayments, *loan.margin)


def _known(part: Any, term: Field[Any]) -> bool:
    if term.name in COVERED[type(part)]:
        return True
    if term.default is not MISSING:
        return bool(getattr(part, term.name) == term.default)
    return term.default_factory is not MISSING and bool(getattr(part, term.name) == term.default_factory())


def turns(contract: Contract, start: datetime, end: datetime) -> list[datetime]:
    """When between start and end the amount owed or the lines may change by what the contract itself says."""
    found = [n.effective_from for n in contract.lines.notices]
    loan = contract.exposure.loan
    if loan is not None:
        found += [m.at for m in loan.margin] + [r.at for r in loan.repayments]
        found += _midnights(start, end)
    return sorted(moment for moment in found if start <= moment <= end)


def _midnights(start: datetime, end: datetime) -> list[datetime]:
    """In China, where interest grows and fees fall due."""
    day = start.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    out = []
    while day <= end:
        out.append(day)
        day += timedelta(days=1)
    return out
