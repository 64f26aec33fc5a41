"""Rows of a receipt register: one tank of one receipt each; the rows of one number and contract are one receipt."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from datasources.feed import kilograms, optional_text, text
from datasources.imports.claims import Cells
from datasources.imports.sheet import Columns
from domain.contract import Contract
from domain.errors import SourceMalformed
from domain.receipt.receipt import Receipt
from domain.receipt.register import Registered
from domain.tank import Site, Tank

RECEIPTS = Columns(
    required=("contract", "no", "tank", "good", "kg", "pledged_kg", "issued_on"),
    optional=("expires_on", "split_from", "cancelled_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One tank's part of a receipt: issued for ``kg``, of which ``pledged_kg`` are in pledge today.

    split_from: the number before, where it is a part of a split (分割). cancelled_on: None where it is not cancelled (注销).
    """

    contract_id: str
    no: str
    tank_id: str
    good: str
    kg: int
    pledged_kg: int
    issued_on: date
    expires_on: date | None
    split_from: str | None
    cancelled_on: date | None


def row_of(cells: Cells, contracts: Mapping[str, Contract], tanks: Mapping[str, Tank], today: date) -> RegisterRow:
    """One row. today: in China. Raises SourceMalformed."""
    contract, tank, good = text(cells, "contract"), text(cells, "tank"), text(cells, "good")
    if contract not in contracts or contracts[contract].receipts is None:
        raise SourceMalformed(f"'contract' is {contract!r}, a contract with receipts is expected")
    if tank not in contracts[contract].tank_ids():
        raise SourceMalformed(f"'tank' is {tank!r}, a tank pledged under {contract!r} is expected")
    if tanks[tank].good != good:
        raise SourceMalformed(f"'good' is {good!r}, {tanks[tank].good!r} is expected: tank {tank!r} holds it")
    kg, pledged = kilograms(cells, "kg"), kilograms(cells, "pledged_kg")
    if not 0 < kg >= pledged:
        raise SourceMalformed(f"'pledged_kg' is {pledged}, from 0 to the {kg} kg of the receipt is expected")
    no, before, void = text(cells, "no"), optional_text(cells, "split_from"), _optional_day(cells, "cancelled_on")
    if before == no:
        raise SourceMalformed(f"'split_from' is {before!r}, the number before the split is expected, or blank")
    if void is not None and void > today:
        raise SourceMalformed(f"'cancelled_on' is '{void}', a day up to today is expected")
    if void is not None and pledged:
        raise SourceMalformed(
            f"'pledged_kg' is {pledged}, 0 is expected: what is cancelled is not in pledge, the lender releases it first"
        )
    return RegisterRow(
        contract_id=contract,
        no=no,
        tank_id=tank,
        good=good,
        kg=kg,
        pledged_kg=pledged,
        issued_on=_day(cells, "issued_on"),
        expires_on=_optional_day(cells, "expires_on"),
        split_from=before,
        cancelled_on=void,
    )


def part(row: RegisterRow) -> Hashable:
    """What two rows must not say two things of."""
    return row.contract_id, row.no, row.tank_id


def registered(
    rows: Iterable[RegisterRow], contracts: Mapping[str, Contract], tanks: Mapping[str, Tank], sites: Mapping[str, Site]
) -> Registered:
    """The receipt that rows of one number and contract make. Raises SourceMalformed where they do not agree with one another."""
    mine = list(rows)
    first = mine[0]
    if len({(r.good, r.issued_on, r.expires_on, r.split_from, r.cancelled_on) for r in mine}) > 1:
        raise SourceMalformed(
            f"the rows of receipt {first.no!r} differ in good, issued_on, expires_on, split_from or cancelled_on"
        )
    owner_of = {p.tank_id: p.owner for p in contracts[first.contract_id].pledged}
    owners = {owner_of[r.tank_id] for r in mine}
    if len(owners) > 1:
        raise SourceMalformed(f"the tanks of receipt {first.no!r} are pledged for different owners")
    receipt = Receipt(
        no=first.no,
        issuer=sites[tanks[first.tank_id].site_id].depot,
        owner=owner_of[first.tank_id],
        good=first.good,
        parts={r.tank_id: r.kg for r in mine},
        issued_on=first.issued_on,
        expires_on=first.expires_on,
        split_from=first.split_from,
    )
    in_pledge = {r.tank_id: r.pledged_kg for r in mine if r.pledged_kg}
    return Registered(
        contract_id=first.contract_id, receipt=receipt, in_pledge=in_pledge, cancelled_on=first.cancelled_on
    )


def _optional_day(cells: Cells, name: str) -> date | None:
    return _day(cells, name) if cells.get(name) is not None else None


def _day(cells: Cells, name: str) -> date:
    written = text(cells, name)
    try:
        return date.fromisoformat(written)
    except ValueError as e:
        raise SourceMalformed(f"'{name}' is {written!r}, a day such as 2026-03-15 is expected") from e
