"""Loan balances over HTTP: good rows always arrive, bad ones are told by place and field, every failure has its name."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from datasources.loans.http_json import HttpLoans
from domain.errors import SourceMalformed, SourceUnavailable
from tests.fakes.http_source import answer, document, http_source

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
AS_OF = "2026-03-12T08:59:00Z"
ROW = {
    "contract": "A-1",
    "as_of": "2026-03-12T09:00:00+08:00",
    "principal": "96000000.00",
    "accrued_interest": "386400.00",
    "fees_due": "0.00",
    "cash_margin": "6000000.00",
}


async def read(response):
    async with http_source(response) as source:
        feed = HttpLoans(source.url + "/balances", source_id="core", contracts={"A-1", "A-2"}, timeout_s=30.0)
        try:
            return await feed.fetch(NOW)
        finally:
            await feed.close()


async def test_rows_become_statements_in_utc_and_decimal():
    found = await read(document({"as_of": AS_OF, "rows": [ROW, ROW | {"contract": "A-2", "source": "核心系统"}]}))
    first, second = found.statements
    assert (first.contract_id, first.as_of, first.known_at) == ("A-1", datetime(2026, 3, 12, 1, tzinfo=UTC), NOW)
    assert (first.principal, first.cash_margin) == (Decimal("96000000.00"), Decimal("6000000.00"))
    assert [s.source for s in found.statements] == ["core", "核心系统"]
    assert found.bad_rows == ()
    assert second.contract_id == "A-2"


async def test_an_amount_sent_as_a_number_keeps_its_written_digits():
    body = json.dumps({"as_of": AS_OF, "rows": [ROW]}).replace('"386400.00"', "386400.07").encode()
    assert [s.accrued_interest for s in (await read(answer(body))).statements] == [Decimal("386400.07")]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"contract": "B-1"}, "'contract' is 'B-1', a contract id of the workspace"),
        ({"principal": "-1"}, "'principal' is '-1', CNY from 0"),
        ({"principal": "1.005"}, "'principal' is '1.005'"),
        ({"principal": None}, "'principal' is missing"),
        ({"cash_margin": "1e9"}, "'cash_margin'"),
        ({"as_of": "2026-03-12T09:00:00"}, "'as_of'"),
        ({"as_of": "2026-03-13T09:00:00+08:00"}, "a time that is not in the future"),
    ],
)
async def test_a_bad_row_is_told_by_place_and_field_and_hides_no_other(wrong, says):
    found = await read(document({"as_of": AS_OF, "rows": [ROW, ROW | wrong]}))
    assert len(found.statements) == 1
    (bad,) = found.bad_rows
    assert bad.place == "rows[1]"
    assert says in bad.wrong


async def test_a_clock_that_runs_a_little_ahead_is_no_mistake():
    """As stated, so that the next look finds the same statement."""
    ahead = NOW + timedelta(minutes=2)
    found = await read(document({"as_of": AS_OF, "rows": [ROW | {"as_of": ahead.isoformat()}]}))
    assert [s.as_of for s in found.statements] == [ahead]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (answer(b"no", "503 Service Unavailable"), SourceUnavailable),
        (answer(b"[]"), SourceMalformed),
        (document({"as_of": AS_OF}), SourceMalformed),
        (document({"rows": []}), SourceMalformed),
    ],
)
async def test_a_document_that_cannot_be_used_has_its_name(response, error):
    with pytest.raises(error):
        await read(response)
