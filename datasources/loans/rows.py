"""One stated balance, from a feed or a file, as a Statement: CNY to the fen, none below 0, of a contract that we know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from datasources.feed import BadRow, decimal, fields, moment, text
from domain.errors import SourceMalformed
from domain.money import fen
from domain.statement import Statement

AMOUNTS = ("principal", "accrued_interest", "fees_due", "cash_margin")
MOST = Decimal(10**13)
"""CNY; more than any loan against cargo, less than a slip of the comma makes of one."""
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What one reading of a feed brought: the good rows, and the others as BadRows."""

    statements: tuple[Statement, ...]
    bad_rows: tuple[BadRow, ...]


def statement(stated: object, *, contracts: Collection[str], source: str | None, known_at: datetime) -> Statement:
    """A statement from contract, as_of, principal, accrued_interest, fees_due, cash_margin and source.

    contracts: ids of the workspace. source: where a row names none; None where each must. Raises SourceMalformed
    naming the field, also for a time further ahead than clocks run.
    """
    row = fields(stated)
    contract = text(row, "contract")
    if contract not in contracts:
        raise SourceMalformed(f"'contract' is {contract!r}, a contract id of the workspace is expected")
    as_of = moment(row, "as_of")
    if as_of > known_at + CLOCK_SKEW:
        raise SourceMalformed(f"'as_of' is {as_of.isoformat()!r}, a time that is not in the future is expected")
    amounts = {name: _money(row, name) for name in AMOUNTS}
    named = text(row, "source") if source is None or row.get("source") is not None else source
    return Statement(contract_id=contract, as_of=as_of, source=named, known_at=known_at, **amounts)


def _money(row: Mapping[str, Any], name: str) -> Decimal:
    amount = decimal(row, name)
    if not 0 <= amount <= MOST or amount != fen(amount):
        raise SourceMalformed(f"{name!r} is {str(amount)!r}, CNY from 0 with at most two decimals is expected")
    return fen(amount)
