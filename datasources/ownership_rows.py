"""One row of a depot's ownership ledger as an entry, whether a feed or a file brings it."""

from collections.abc import Mapping
from typing import Any

from datasources.feed import kilograms, moment, optional_text, text
from domain.errors import SourceMalformed
from domain.ownership.entry import Entry, EntryKind

LAST_LINE = 2**31 - 1


def entry_of(row: Mapping[str, Any], site_id: str) -> Entry:
    """The entry of a row of this site: {no, line?, tank, kind, at, good, kg, …}. Raises SourceMalformed."""
    line = row.get("line", 1) if row.get("line") is not None else 1
    if not isinstance(line, int) or isinstance(line, bool) or not 0 <= line <= LAST_LINE:
        raise SourceMalformed(f"'line' is {str(line)[:40]!r}, a whole number from 0 is expected")
    written = text(row, "kind")
    if written not in set(EntryKind):
        raise SourceMalformed(f"'kind' is {written!r}, one of {', '.join(EntryKind)} is expected")
    return Entry(
        no=text(row, "no"),
        line=line,
        site_id=site_id,
        kind=EntryKind(written),
        at=moment(row, "at"),
        tank_id=text(row, "tank"),
        good=text(row, "good"),
        kg=kilograms(row, "kg"),
        owner=optional_text(row, "owner"),
        batch=optional_text(row, "batch"),
        to_tank=optional_text(row, "to_tank"),
        to_owner=optional_text(row, "to_owner"),
        paper=optional_text(row, "paper"),
    )
