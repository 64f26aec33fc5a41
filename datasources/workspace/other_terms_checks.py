"""Checks of ``storage_fee:`` and ``cure_methods:``: every way once, and a fee that is paid no longer is said."""

from datetime import datetime

from datasources.workspace.contracts import ContractFile
from datasources.workspace.part import Sheet
from domain.calendar import CHINA


def check_other_terms(sheet: Sheet[ContractFile], now: datetime) -> None:
    """Both terms of one contract."""
    ways = sheet.part.cure_methods
    twice = next((w for n, w in enumerate(ways) if w in ways[:n]), None)
    if twice is not None and "cure_methods" not in sheet.broken:
        sheet.error(sheet.part, "cure_methods", wrong=f"{twice.value!r} is there twice", instead="write every way once")
    fee, today = sheet.part.storage_fee, now.astimezone(CHINA).date()
    if fee is not None and fee.paid_until is not None and fee.paid_until < today:
        wrong = f"the storage fee is paid until {fee.paid_until}: who stores the goods may keep them for it"
        sheet.warn(
            fee,
            "paid_until",
            wrong=wrong,
            instead="write the day until which it is paid now, or mark the tanks ineligible: lien",
        )
