"""Prices from a file that people edit: good rows always arrive, bad ones are told by line."""

import os
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from datasources.prices.csv_file import CsvPrices
from domain.errors import SourceMalformed, SourceUnavailable

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
HEADER = "ref,good,provider,region,basis,currency,unit,price,published_at"
METHANOL = "SD-MEOH,METHANOL,海岱资讯,山东,出罐含税,CNY,t,2410.00,2026-11-16T16:30:00+08:00"
DIESEL = "SD-D0,DIESEL0,海岱资讯,山东,出库含税,CNY,CNY/t,6890,2026-11-16T08:30:00Z"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "prices.csv"


def write(file, *lines, encoding="utf-8", end="\n"):
    file.write_bytes(end.join(lines).encode(encoding))


async def read(file):
    return await CsvPrices(file, source_id="prices.csv").fetch(NOW)


async def test_a_row_becomes_a_quote_in_utc_and_decimal(file):
    write(file, HEADER, METHANOL)
    prices = await read(file)
    (quote,) = prices.quotes

    assert prices.bad_rows == ()
    assert (quote.ref, quote.good, quote.provider, quote.region, quote.basis) == (
        "SD-MEOH",
        "METHANOL",
        "海岱资讯",
        "山东",
        "出罐含税",
    )
    assert (quote.price, quote.currency) == (Decimal("2410.00"), "CNY")
    assert quote.published_at == datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
    assert quote.published_at.tzinfo is UTC
    assert (quote.received_at, quote.source_id) == (NOW, "prices.csv")


async def test_columns_may_stand_in_any_order_among_others(file):
    write(
        file,
        "note,published_at,price,unit,currency,basis,region,provider,good,ref",
        "x,2026-11-16T08:30:00Z,0.5,kg,CNY,含税,山东,海岱,M,R",
    )
    prices = await read(file)

    assert [(q.ref, q.price) for q in prices.quotes] == [("R", 500)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_what_a_spreadsheet_saves_is_read(file, encoding, end):
    write(file, HEADER, METHANOL, ",,,,,,,,", DIESEL, "", encoding=encoding, end=end)
    prices = await read(file)

    assert [(q.ref, q.provider) for q in prices.quotes] == [("SD-MEOH", "海岱资讯"), ("SD-D0", "海岱资讯")]
    assert prices.bad_rows == ()


@pytest.mark.parametrize(
    ("cell", "written", "names"),
    [
        ("2410.00", "2,410.00", "10 cells, 9"),
        ("2410.00", '"2,410.00"', "'price'"),
        ("2410.00", "", "'price'"),
        ("2410.00", "NaN", "'price'"),
        ("2410.00", "1e9", "'price'"),
        ("2410.00", "２４１０", "'price'"),
        ("2410.00", "2410 元", "'price'"),
        ("CNY,t", "CNY,gal", "'unit'.*gal"),
        ("CNY,t", "CNY,USD/t", "'unit'"),
        ("CNY,t", "元,t", "'currency'"),
        ("+08:00", "", "'published_at'.*Z"),
        ("2026-11-16T16:30:00+08:00", "16/11/2026", "'published_at'"),
        ("2026-11-16T16:30:00+08:00", "0001-01-01T00:00:00+08:00", "'published_at'"),
        ("SD-MEOH", "", "'ref'"),
        ("山东", "山\u202e东", "'region'"),
        ("山东", '"山东', "not CSV"),
    ],
)
async def test_a_bad_row_is_told_by_line_and_field_and_hides_no_other(file, cell, written, names):
    write(file, HEADER, DIESEL, METHANOL.replace(cell, written), DIESEL.replace("6890", "6891"))
    prices = await read(file)
    (bad,) = prices.bad_rows

    assert [q.price for q in prices.quotes] == [6890, 6891]
    assert bad.place == "prices.csv line 3"
    assert re.search(names, bad.wrong), bad.wrong


@pytest.mark.parametrize("price", ["0", "-36.98", "+1.5"])
async def test_zero_and_negative_prices_are_prices(file, price):
    write(file, HEADER, METHANOL.replace("2410.00", price))

    assert [q.price for q in (await read(file)).quotes] == [Decimal(price)]


async def test_an_unchanged_file_is_not_read_again_and_a_changed_one_is(file):
    write(file, HEADER, METHANOL)
    source = CsvPrices(file, source_id="prices.csv")
    assert await source.fetch(NOW) is not None
    assert await source.fetch(NOW) is None

    write(file, HEADER, METHANOL, DIESEL)
    assert len((await source.fetch(NOW)).quotes) == 2
    assert await source.fetch(NOW) is None

    os.utime(file, ns=(1, 1))
    assert len((await source.fetch(NOW)).quotes) == 2


async def test_a_file_replaced_by_another_of_the_same_size_and_time_is_read(file, tmp_path):
    write(file, HEADER, METHANOL)
    os.utime(file, ns=(1, 1))
    source = CsvPrices(file, source_id="prices.csv")
    await source.fetch(NOW)
    other = tmp_path / "other.csv"
    write(other, HEADER, METHANOL.replace("2410.00", "2411.00"))
    os.utime(other, ns=(1, 1))
    other.replace(file)

    assert [q.price for q in (await source.fetch(NOW)).quotes] == [2411]


async def test_a_file_that_is_not_there_is_unavailable_and_read_once_it_is(file):
    source = CsvPrices(file, source_id="prices.csv")
    with pytest.raises(SourceUnavailable, match=r"'prices\.csv'"):
        await source.fetch(NOW)
    write(file, HEADER, METHANOL)

    assert len((await source.fetch(NOW)).quotes) == 1


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"", "no column ref"),
        (HEADER.replace(",price", "").encode(), "no column price;"),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), "GB 18030"),
        (b"PK\x03\x04\xff\xff\x00", "GB 18030"),
    ],
    ids=["empty", "a column missing", "UTF-16", "a spreadsheet, not a CSV"],
)
async def test_a_file_that_is_no_price_table_is_malformed_and_stays_so(file, content, names):
    file.write_bytes(content)
    source = CsvPrices(file, source_id="prices.csv")

    for _ in range(2):
        with pytest.raises(SourceMalformed, match=names):
            await source.fetch(NOW)


async def test_a_file_without_end_is_refused(file):
    file.write_bytes(HEADER.encode() + b"\n" + b"x" * 4_000_001)

    with pytest.raises(SourceMalformed, match="4000000 bytes"):
        await read(file)


@pytest.mark.parametrize(
    ("currency", "unit", "kept"),
    [("USD", "bbl", "USD/bbl"), ("USD", "USD/bbl", "USD/bbl"), ("USD", "桶", "USD/bbl"), ("CNY", "CNY/USD", "CNY/USD")],
)
async def test_a_price_per_barrel_and_a_rate_of_exchange_keep_their_unit(file, currency, unit, kept):
    write(file, HEADER, f"R,G,海岱,山东,含税,{currency},{unit},61.18,2026-11-16T08:30:00Z")
    (quote,) = (await read(file)).quotes

    assert (quote.price, quote.currency) == (Decimal("61.18"), kept)
    assert (quote.money, quote.per) == tuple(kept.split("/"))
