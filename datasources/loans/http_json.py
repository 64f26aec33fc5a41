"""Loan balances from an HTTP address that answers with JSON: {as_of, rows: [{contract, as_of, principal, …}]}.

Amounts are best sent as strings. Fields: see ``rows.statement``; a row without a source is of this feed.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from datasources.feed import client, fetch_document, kept, moment, rows_of
from datasources.loans.rows import Balances, statement


class HttpLoans:
    """One feed of balances over HTTP."""

    def __init__(self, url: str, *, source_id: str, contracts: Collection[str], timeout_s: float = 5.0) -> None:
        """contracts: ids of the workspace; rows of others are bad."""
        self._url = url
        self._source_id = source_id
        self._contracts = frozenset(contracts)
        self._timeout_s = timeout_s
        self._http = client(url, timeout_s)

    async def fetch(self, now: datetime) -> Balances:
        """Every balance that it states now; ``now`` becomes known_at.

        Raises SourceUnavailable (it may pass) or SourceMalformed (the document as a whole cannot be used).
        """
        document = await fetch_document(self._http, self._url, timeout_s=self._timeout_s)
        moment(document, "as_of")
        rows = [(f"rows[{i}]", row) for i, row in enumerate(rows_of(document, "rows"))]
        read = partial(statement, contracts=self._contracts, source=self._source_id, known_at=now)
        statements, bad = kept(rows, read)
        return Balances(statements=tuple(statements), bad_rows=tuple(bad))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
