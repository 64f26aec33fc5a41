"""Prices from a CSV file that somebody keeps, with the columns ref, good, provider, region, basis, currency, unit,
price, published_at in any order. Read again only when the file has changed.
"""

import asyncio
import csv
import io
from datetime import datetime
from functools import partial
from pathlib import Path

from datasources.feed import MAX_BYTES, kept
from datasources.prices.rows import Prices, quote
from domain.errors import SourceMalformed, SourceUnavailable
from domain.price import PriceQuote

COLUMNS = ("ref", "good", "provider", "region", "basis", "currency", "unit", "price", "published_at")
Stamp = tuple[int, int, int]


class CsvPrices:
    """One price file."""

    def __init__(self, path: Path, *, source_id: str) -> None:
        self._path = path
        self._source_id = source_id
        self._read: Stamp | None = None

    async def fetch(self, now: datetime) -> Prices | None:
        """Every price in the file, or None if it is as it was at the last good reading; ``now`` becomes received_at.

        Raises SourceUnavailable (no such file, not readable) or SourceMalformed (no table, a column missing).
        """
        return await asyncio.to_thread(self._load, now)

    async def close(self) -> None:
        """Nothing is held open between readings."""

    def _load(self, now: datetime) -> Prices | None:
        try:
            stamp = self._stamp()
            if stamp == self._read:
                return None
            content = self._bytes()
            settled = self._stamp() == stamp
        except OSError as e:
            raise SourceUnavailable(f"{self._path.name!r}: {e.strerror}") from e
        prices = self._parsed(content, now)
        self._read = stamp if settled else None  # changed while we read: read again next time
        return prices

    def _stamp(self) -> Stamp:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _bytes(self) -> bytes:
        with self._path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise SourceMalformed(f"{self._path.name!r}: longer than the {MAX_BYTES} bytes allowed")
        return content

    def _parsed(self, content: bytes, now: datetime) -> Prices:
        name = self._path.name
        lines = list(io.StringIO(_text(name, content), newline=None))
        header = _header(name, lines[0] if lines else "")
        rows = [(f"{name} line {i}", line) for i, line in enumerate(lines[1:], start=2) if line.strip(", \t\n")]
        read = partial(_quote, header=header, received_at=now, source_id=self._source_id)
        quotes, bad = kept(rows, read)
        return Prices(quotes=tuple(quotes), bad_rows=tuple(bad))


def _text(name: str, content: bytes) -> str:
    """UTF-8, else GB 18030: what a Chinese spreadsheet writes when asked for CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceMalformed(f"{name!r}: neither UTF-8 nor GB 18030; save it as CSV UTF-8")


def _header(name: str, line: str) -> list[str]:
    header = _cells(line)
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise SourceMalformed(f"{name!r} line 1: no column {', '.join(missing)}; expected are {', '.join(COLUMNS)}")
    return header


def _quote(line: str, *, header: list[str], received_at: datetime, source_id: str) -> PriceQuote:
    """One line is one row: no cell may hold a line break, so an open quotation mark spoils its own line only."""
    cells = _cells(line)
    if len(cells) != len(header):
        raise SourceMalformed(f"{len(cells)} cells, {len(header)} are expected")
    return quote(dict(zip(header, cells, strict=True)), received_at=received_at, source_id=source_id)


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
    except csv.Error as e:
        raise SourceMalformed(f"not CSV ({e})") from e
