"""What the ledger knew is taken for a replay in the order in which it counted, and what is left out is named."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.command.replaying.facts import Facts, facts_of
from bot.command.replaying.records import Records
from bot.command.replaying.stage import Stage
from bot.command.replaying.titles import Titles
from datasources.workspace import Workspace, load
from domain.event import Event, stamp
from domain.receipt.fold import fold
from domain.receipt.life import opened, pledged
from domain.receipt.receipt import Receipt, ReceiptBook
from store.ledger import Ledger
from store.series import Series
from tests.fakes.house_ground import write_ground
from tests.fakes.receipt_ground import by_receipts
from tests.fakes.recorded_day import opening

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = NOW + 6 * HOUR


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    book = Ledger.open(tmp_path / "ledger.duckdb", memory_limit="128MB")
    yield book
    book.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    directory = tmp_path_factory.mktemp("facts") / "w"
    write_ground(directory, NOW, by_receipts())
    return load(directory, now=NOW).sound()


def stated(principal: str, *, of: datetime, at: datetime, contract: str = "A-1") -> Event:
    body = {
        "contract": contract, "as_of": stamp(of), "principal": principal, "accrued_interest": "0", "fees_due": "0",
        "cash_margin": "0", "source": "s", "via": "import",
    }  # fmt: skip
    return Event(tenant="bank_a", kind="exposure.stated", v=1, occurred_at=at, actor="system", body=body)


def facts(ledger: Ledger, files: Workspace, *, known_then: bool = True, start: datetime = NOW) -> Facts:
    return facts_of(ledger, files, files.contracts["A-1"], start, END, known_then=known_then)


async def owed(files: Workspace, found: Facts, *moments: datetime) -> list[Decimal]:
    """What is owed at these moments."""
    stage = Stage(files, NOW)
    records = Records(stage, files.contracts["A-1"], found, Titles([], [], END))
    out = []
    for moment in moments:
        await records.bring(moment)
        out.append(stage.house.contract_now("A-1", moment).exposure.principal)
    return out


async def test_a_correction_counts_then_from_when_it_came_and_now_from_when_it_speaks_of(
    ledger: Ledger, files: Workspace
) -> None:
    for principal, at in (("1000000", NOW + HOUR), ("2000000", NOW + 4 * HOUR)):
        ledger.commit(events=[stated(principal, of=NOW + HOUR, at=at)], now=at)
    moments = (NOW + 2 * HOUR, NOW + 5 * HOUR)

    assert await owed(files, facts(ledger, files), *moments) == [1_000_000, 2_000_000]
    assert await owed(files, facts(ledger, files, known_then=False), *moments) == [2_000_000, 2_000_000]


async def test_what_was_recorded_before_the_beginning_holds_at_it_and_others_loans_do_not(
    ledger: Ledger, files: Workspace
) -> None:
    before = stated("1500000", of=NOW - HOUR / 2, at=NOW - HOUR / 2)
    other = stated("7", of=NOW - HOUR / 4, at=NOW - HOUR / 4, contract="A-9")
    ledger.commit(events=[before, other], now=NOW - HOUR / 4)

    found = facts(ledger, files)

    assert await owed(files, found, NOW) == [1_500_000]
    assert [f.event for f in found.every()] == [before]


async def test_a_receipt_of_the_file_that_the_chain_pledges_later_is_not_in_pledge_before(
    ledger: Ledger, files: Workspace
) -> None:
    contract = files.contracts["A-1"]
    assert contract.receipts is not None
    late = contract.receipts[1]
    made = opened(ReceiptBook(lender="bank_a"), late, contract, "chen", NOW + HOUR)
    book = fold(ReceiptBook(lender="bank_a"), made)
    ledger.commit(events=[*made, *pledged(book, late.no, contract, "chen", NOW + HOUR)], now=NOW + HOUR)
    stage = Stage(files, NOW)
    records = Records(stage, contract, facts(ledger, files), Titles([], [], END))

    before = set(stage.house.receipts.books["bank_a"].standings)
    await records.bring(NOW + HOUR)

    assert before == {"CD-0001", "CD-0003"}
    assert stage.house.receipts.books["bank_a"]["CD-0002"].state.live


async def test_receipts_of_another_lender_in_the_same_tank_count_too(ledger: Ledger, files: Workspace) -> None:
    contract = files.contracts["B-1"]
    more = Receipt(
        no="HC-9", issuer="north", owner="haichuan", good="DIESEL0", parts={"T-2": 900_000}, issued_on=date(2026, 3, 1)
    )
    made = opened(ReceiptBook(lender="bank_b"), more, contract, "ma", NOW + HOUR)
    book = fold(ReceiptBook(lender="bank_b"), made)
    ledger.commit(events=[*made, *pledged(book, "HC-9", contract, "ma", NOW + HOUR)], now=NOW + HOUR)

    assert [f.event.kind for f in facts(ledger, files).coming] == ["receipt.opened", "receipt.pledged"]


async def test_a_word_on_a_ledger_counts_from_when_it_was_heard_or_from_the_beginning_as_known_now(
    files: Workspace,
) -> None:
    series = Series.open(":memory:", memory_limit="128MB")
    series.append_ownership([opening("hengyun", 900_000, 1)], received_at=NOW - HOUR)
    series.append_ownership([opening("hengyun", 300_000, 1)], received_at=NOW + HOUR)
    seen = {}
    for known_then in (True, False):
        stage = Stage(files, NOW)
        titles = Titles.of(series, ["north"], NOW, END, known_then=known_then)
        kg = []
        for moment in (NOW, NOW + HOUR):
            titles.bring(stage, moment)
            kg.append(sum(lot.kg for lot in stage.house.ledger.lots["T-2"]))
        seen[known_then] = kg
        assert titles.entries == 1
    series.close()
    assert seen == {True: [900_000, 300_000], False: [300_000, 300_000]}
