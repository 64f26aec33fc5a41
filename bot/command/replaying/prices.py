"""The publications of a replay in the order in which they arrived: from a given file, or from the series."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from datasources.prices.csv_file import CsvPrices
from domain.contract import Contract
from domain.errors import SourceMalformed
from domain.price import PriceQuote
from store.moments import FOREVER
from store.series import Series

BEFORE = timedelta(days=31)
"""How far back the price that stood at the beginning is looked for."""


def refs_of(contract: Contract) -> list[str]:
    """The price references of the contract's goods."""
    return sorted({ref for good in contract.goods.values() for ref in good.price.refs})


async def given_prices(path: Path, refs: Iterable[str], start: datetime, end: datetime) -> list[PriceQuote]:
    """A price file's rows for these references, each arriving when it was published (docs/replay.md).

    Raises SourceUnavailable or SourceMalformed: no such file, a bad row, or no row for the time.
    """
    found = await CsvPrices(path, source_id=path.name).fetch(end)
    assert found is not None, "a file that was never read before is read"
    for row in found.bad_rows:
        raise SourceMalformed(f"{row.place}: {row.wrong}")
    wanted = set(refs)
    mine = [replace(q, received_at=q.published_at) for q in found.quotes if q.ref in wanted]
    chosen = _from(mine, start, end)
    if not chosen:
        said = f"{len(found.quotes)} rows, {len(mine)} for {', '.join(sorted(wanted))}"
        raise SourceMalformed(f"{path.name!r}: {said}; none between {start:%Y-%m-%d} and {end:%Y-%m-%d}")
    return chosen


def recorded_prices(
    series: Series, refs: Iterable[str], start: datetime, end: datetime, *, known_then: bool
) -> list[PriceQuote]:
    """The series' publications. known_then: each when it reached us, else when it was published."""
    quotes = [q for ref in refs for q in series.prices(ref, start - BEFORE, end, known=end if known_then else FOREVER)]
    if not known_then:
        quotes = [replace(q, received_at=q.published_at) for q in quotes]
    return _from(quotes, start, end)


def _from(quotes: Iterable[PriceQuote], start: datetime, end: datetime) -> list[PriceQuote]:
    """What arrived from ``start`` on; of what came before the newest of each reference, arriving at ``start``."""
    ordered = sorted((q for q in quotes if q.received_at <= end), key=lambda q: (q.received_at, q.published_at))
    standing = {q.ref: q for q in ordered if start - BEFORE <= q.received_at < start}
    before = [replace(q, received_at=start) for q in standing.values()]
    return [*before, *(q for q in ordered if q.received_at >= start)]
