"""Prices over HTTP: good rows always arrive, and every failure has its name."""

import asyncio
import gzip
import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from datasources.prices.http_json import HttpPrices
from domain.errors import SourceMalformed, SourceUnavailable
from tests.fakes.http_source import answer, document, http_source

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
AS_OF = "2026-11-16T08:59:00Z"
METHANOL = {
    "ref": "SD-MEOH",
    "good": "METHANOL",
    "provider": "海岱资讯",
    "region": "山东",
    "basis": "出罐含税",
    "unit": "CNY/t",
    "currency": "CNY",
    "price": "2410.00",
    "published_at": "2026-11-16T08:30:00.000Z",
}


async def read(response, *, path="/prices", timeout_s=30.0):
    async with http_source(response) as source:
        feed = HttpPrices(source.url + path, source_id="http", timeout_s=timeout_s)
        try:
            return await feed.fetch(NOW)
        finally:
            await feed.close()


@pytest.mark.parametrize("name", ["prices", "rows"])
async def test_rows_become_quotes_in_utc_and_decimal(name):
    prices = await read(document({"as_of": AS_OF, name: [METHANOL, METHANOL | {"ref": "B", "price": "-36.98"}]}))

    assert [(q.ref, q.price) for q in prices.quotes] == [("SD-MEOH", Decimal("2410.00")), ("B", Decimal("-36.98"))]
    assert prices.quotes[0].published_at == datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
    assert (prices.quotes[0].received_at, prices.quotes[0].source_id) == (NOW, "http")
    assert prices.bad_rows == ()


async def test_a_price_sent_as_a_number_keeps_its_written_digits():
    """2410.07 is no binary fraction: through a float it would come out as 2410.0700000000001637…"""
    body = json.dumps({"as_of": AS_OF, "prices": [METHANOL]}).replace('"2410.00"', "2410.07").encode()

    assert [q.price for q in (await read(answer(body))).quotes] == [Decimal("2410.07")]


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"price": "NaN"}, "'price'"),
        ({"price": True}, "'price'"),
        ({"price": None}, "'price' is missing"),
        ({"price": ["2410"]}, "'price'"),
        ({"price": "9" * 400}, "'price'"),
        ({"unit": "gal"}, "'unit' is 'gal'"),
        ({"currency": "cny"}, "'currency'"),
        ({"published_at": "2026-11-16T08:30:00"}, "'published_at'"),
        ({"published_at": 1763281800}, "'published_at'"),
        ({"provider": {"name": "x"}}, "'provider'"),
        ({"ref": "x" * 201}, "'ref'"),
    ],
)
async def test_a_bad_row_is_told_by_place_and_field_and_hides_no_other(wrong, names):
    prices = await read(document({"as_of": AS_OF, "prices": [METHANOL, METHANOL | wrong, METHANOL]}))
    (bad,) = prices.bad_rows

    assert len(prices.quotes) == 2
    assert bad.place == "prices[1]"
    assert re.search(names, bad.wrong), bad.wrong


@pytest.mark.parametrize("row", [None, 7, "x", []])
async def test_a_row_that_is_no_object_is_told_by_place(row):
    prices = await read(document({"as_of": AS_OF, "prices": [row, METHANOL]}))

    assert [bad.place for bad in prices.bad_rows] == ["prices[0]"]
    assert len(prices.quotes) == 1


@pytest.mark.parametrize(
    ("response", "names"),
    [
        (answer(b"<html>"), "not JSON"),
        (answer(b"\xff\xfe"), "not JSON"),
        (answer(b"[" * 100_000), "not JSON"),
        (answer(b'{"as_of": NaN}'), "NaN is no JSON number"),
        (document([]), "a JSON list"),
        (document({"as_of": AS_OF}), "'prices' or 'rows'"),
        (document({"as_of": AS_OF, "prices": {}}), "'prices' or 'rows'"),
        (document({"prices": []}), "'as_of' is missing"),
        (document({"as_of": "2026-11-16T08:59:00", "prices": []}), "'as_of'"),
        (answer(b" " * 4_000_001), "4000000 bytes"),
        (answer(b"no gzip", "200 OK", "Content-Encoding: gzip"), "DecodingError"),
        (answer(gzip.compress(b" " * 50_000_000), "200 OK", "Content-Encoding: gzip"), "4000000 bytes"),
    ],
    ids=[
        "HTML",
        "not UTF-8",
        "nested without end",
        "NaN",
        "a list",
        "no prices",
        "prices no list",
        "no as_of",
        "naive as_of",
        "too long",
        "broken gzip",
        "a gzip bomb",
    ],
)
async def test_a_document_that_cannot_be_used_is_malformed_and_says_where(response, names):
    with pytest.raises(SourceMalformed, match=names):
        await read(response)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error", "302 Found", "204 No Content"])
async def test_any_status_but_200_is_unavailable(status):
    with pytest.raises(SourceUnavailable, match=status[:3]):
        await read(answer(b"", status, "Location: http://127.0.0.1:1/"))


async def test_no_listener_is_unavailable():
    async with http_source(b"") as source:
        url = source.url
    feed = HttpPrices(url, source_id="http")
    with pytest.raises(SourceUnavailable, match="ConnectError"):
        await feed.fetch(NOW)
    await feed.close()


@pytest.mark.parametrize("cut", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", b"garbage\r\n\r\n"])
async def test_a_connection_that_breaks_off_is_unavailable(cut):
    with pytest.raises(SourceUnavailable, match="RemoteProtocolError"):
        await read(cut)


async def test_an_answer_that_drips_for_ever_ends_at_the_time_out():
    async def drip(target, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    with pytest.raises(SourceUnavailable, match=r"0\.2 s"):
        await read(drip, timeout_s=0.2)


async def test_what_may_be_secret_in_an_address_stays_out_of_the_message():
    async with http_source(answer(b"", "403 Forbidden")) as source:
        feed = HttpPrices(source.url.replace("//", "//user:hunter2@") + "/p?key=hunter3", source_id="http")
        with pytest.raises(SourceUnavailable) as raised:
            await feed.fetch(NOW)
        await feed.close()

    assert "/p" in str(raised.value)
    assert "hunter" not in str(raised.value)
