"""Prices from an HTTP address that answers with JSON: {as_of, prices: [{ref, good, provider, …, published_at}]}.

``rows`` may stand for ``prices``. Prices are best sent as strings. Fields: see ``rows.quote``.
"""

from datetime import datetime
from functools import partial

from datasources.feed import client, fetch_document, kept, moment, rows_of
from datasources.prices.rows import Prices, quote


class HttpPrices:
    """One price feed over HTTP."""

    def __init__(self, url: str, *, source_id: str, timeout_s: float = 5.0) -> None:
        self._url = url
        self._source_id = source_id
        self._timeout_s = timeout_s
        self._http = client(url, timeout_s)

    async def fetch(self, now: datetime) -> Prices:
        """Every price that it publishes now; ``now`` becomes received_at.

        Raises SourceUnavailable (it may pass) or SourceMalformed (the document as a whole cannot be used).
        """
        document = await fetch_document(self._http, self._url, timeout_s=self._timeout_s)
        moment(document, "as_of")
        rows = [(f"prices[{i}]", row) for i, row in enumerate(rows_of(document, "prices", "rows"))]
        quotes, bad = kept(rows, partial(quote, received_at=now, source_id=self._source_id))
        return Prices(quotes=tuple(quotes), bad_rows=tuple(bad))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
