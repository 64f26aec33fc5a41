"""What every HTTP feed shares: fetch a JSON document within limits, read its fields, keep the good rows.

Translates httpx' exceptions; the only other files that know httpx build a client. Knows no price and no work order.
"""

import asyncio
import json
import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from domain.errors import SourceAbsent, SourceMalformed, SourceUnavailable

logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO lines print whole addresses, keys included

R = TypeVar("R")
T = TypeVar("T")

MAX_BYTES = 4_000_000
MAX_TEXT = 200
MAX_KG = 10**12
DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """One row that could not be used: where it stands, what is wrong with it, and what was allowed."""

    place: str
    wrong: str


def client(url: str, timeout_s: float) -> httpx.AsyncClient:
    """An HTTP client for one source: no redirects to elsewhere, every step within timeout_s.

    Certificates are loaded only for an address that needs them: it takes a tenth of a second of the start.
    """
    return httpx.AsyncClient(
        timeout=httpx.Timeout(timeout_s),
        limits=httpx.Limits(keepalive_expiry=1.0),  # many servers drop an idle connection after 5 s, as we reuse it
        verify=not url.startswith("http://"),
        follow_redirects=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )


async def fetch_document(
    http: httpx.AsyncClient, url: str, *, timeout_s: float, params: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """The JSON object at ``url``, at most MAX_BYTES, all of it within timeout_s. Fractions come as Decimal.

    Raises SourceUnavailable (no connection, no answer in time, a status other than 200; 404: SourceAbsent) and
    SourceMalformed.
    """
    try:
        async with asyncio.timeout(timeout_s):
            body = await _body(http, url, params)
    except (TimeoutError, httpx.TransportError) as e:
        raise SourceUnavailable(f"{_place(url)!r}: no answer ({type(e).__name__}), {timeout_s} s allowed") from e
    except (httpx.HTTPError, httpx.InvalidURL) as e:
        raise SourceMalformed(f"{_place(url)!r}: {type(e).__name__}") from e
    return _object(_place(url), body)


def _place(url: str) -> str:
    """The address without what may be secret in it: user, password, query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


async def _body(http: httpx.AsyncClient, url: str, params: Mapping[str, str] | None) -> bytes:
    async with http.stream("GET", url, params=params) as response:
        if response.status_code == httpx.codes.NOT_FOUND:
            raise SourceAbsent(f"{_place(url)!r} answered 404, 200 is expected")
        if response.status_code != httpx.codes.OK:
            raise SourceUnavailable(f"{_place(url)!r} answered {response.status_code}, 200 is expected")
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                raise SourceMalformed(f"{_place(url)!r}: longer than the {MAX_BYTES} bytes allowed")
        return bytes(body)


def _object(place: str, body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as e:
        raise SourceMalformed(f"{place!r}: not JSON ({e})") from e
    if not isinstance(document, dict):
        raise SourceMalformed(f"{place!r}: a JSON {type(document).__name__}, an object is expected")
    return document


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def rows_of(document: Mapping[str, Any], *names: str) -> list[Any]:
    """The list under the first of these names. Raises SourceMalformed if none holds a list."""
    for name in names:
        if isinstance(document.get(name), list):
            found: list[Any] = document[name]
            return found
    raise SourceMalformed(f"{' or '.join(repr(n) for n in names)}: a list is expected")


def kept(rows: Iterable[tuple[str, R]], read: Callable[[R], T]) -> tuple[list[T], list[BadRow]]:
    """Read every (place, row); the rows that raise SourceMalformed become BadRows and hide none of the others."""
    good: list[T] = []
    bad: list[BadRow] = []
    for place, row in rows:
        try:
            good.append(read(row))
        except SourceMalformed as e:
            bad.append(BadRow(place=place, wrong=str(e)))
    return good, bad


def fields(row: object) -> Mapping[str, Any]:
    """The row as an object with named fields. Raises SourceMalformed if it is anything else."""
    if not isinstance(row, Mapping):
        raise SourceMalformed(f"a {type(row).__name__}, an object is expected")
    return row


def text(row: Mapping[str, Any], field: str) -> str:
    """A text that is not blank, at most MAX_TEXT characters, outer spaces taken off. Raises SourceMalformed."""
    value = row.get(field)
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT or _hidden(value):
        raise SourceMalformed(f"{field!r} is {_shown(value)}, a text of 1…{MAX_TEXT} characters is expected")
    return value.strip()


def _hidden(value: str) -> bool:
    """Control and formatting characters: they change what a person sees without being seen."""
    return any(unicodedata.category(character).startswith("C") for character in value)


def optional_text(row: Mapping[str, Any], field: str) -> str | None:
    """As ``text``, or None where the field is absent or null."""
    return None if row.get(field) is None else text(row, field)


def moment(row: Mapping[str, Any], field: str) -> datetime:
    """An aware time in UTC. Raises SourceMalformed for anything else, naive times included."""
    value = row.get(field)
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
        utc = when.astimezone(UTC) if when is not None and when.utcoffset() is not None else None
    except (ValueError, OverflowError) as e:
        raise SourceMalformed(f"{field!r} is {_shown(value)}, ISO-8601 with Z or an offset is expected") from e
    if utc is None:
        raise SourceMalformed(f"{field!r} is {_shown(value)}, ISO-8601 with Z or an offset is expected")
    return utc


def optional_moment(row: Mapping[str, Any], field: str) -> datetime | None:
    """As ``moment``, or None where the field is absent or null."""
    return None if row.get(field) is None else moment(row, field)


def kilograms(row: Mapping[str, Any], field: str) -> int:
    """A whole number of kg, 0…MAX_KG. Raises SourceMalformed."""
    value = row.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_KG:
        raise SourceMalformed(f"{field!r} is {_shown(value)}, a whole number of kg from 0 is expected")
    return value


def truth(row: Mapping[str, Any], field: str) -> bool:
    """True or false, nothing that merely looks like it. Raises SourceMalformed."""
    value = row.get(field)
    if not isinstance(value, bool):
        raise SourceMalformed(f"{field!r} is {_shown(value)}, true or false is expected")
    return value


def decimal(row: Mapping[str, Any], field: str) -> Decimal:
    """A plain decimal, best as a string: digits, a sign, a point; no thousands marks, no exponent. Raises SourceMalformed."""
    value = row.get(field)
    written = value.strip() if isinstance(value, str) else str(value)
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not (isinstance(value, str) or number) or DECIMAL.fullmatch(written) is None:
        raise SourceMalformed(f"{field!r} is {_shown(value)}, a plain decimal such as 7250.00 is expected")
    return Decimal(written)


def _shown(value: object) -> str:
    """Enough of a value to find it; not a whole document in a message."""
    return "missing" if value is None else repr(value)[:60]
