"""Receipts in the whole house: signed by the file, changed by events, counted, doubled, near their end, asked for."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from domain.event import Event
from domain.receipt.life import extended, released
from domain.receipt.receipt import Receipt, State
from tests.fakes.house_stage import HouseStage, texts
from tests.fakes.receipt_ground import by_receipts, pledge_of


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=by_receipts())
    yield stage
    stage.fall()


def more(no: str, kg: int, *, owner: str = "haichuan") -> Receipt:
    return Receipt(
        no=no, issuer="north", owner=owner, good="DIESEL0", parts={"T-2": kg}, issued_on=date(2026, 3, 1)
    )  # fmt: skip


def eligible(stage: HouseStage, contract: str = "A-1") -> dict[str, int]:
    scene = stage.house.scene(stage.house.workspace.contracts[contract], stage.clock.now())
    return {i.holding.tank_id: i.eligible_kg for i in scene.position.items}


async def commit(stage: HouseStage, events: list[Event]) -> None:
    assert await stage.app.judging.record(events, [])


async def test_the_files_receipts_enter_each_lenders_chain_once(stage: HouseStage) -> None:
    assert eligible(stage) == {"T-1": 278_000, "T-2": 650_000, "S-1": 17_000}
    events = await stage.events("receipt.opened", "receipt.pledged")
    assert [(e.tenant, e.kind, e.body["no"]) for e in events if e.tenant == "bank_b"] == [
        ("bank_b", "receipt.opened", "HC-0601"),
        ("bank_b", "receipt.pledged", "HC-0601"),
    ]
    await stage.restart()
    await stage.read(times=2)
    assert len(await stage.events("receipt.opened", "receipt.pledged")) == len(events) == 8
    assert eligible(stage) == {"T-1": 278_000, "T-2": 650_000, "S-1": 17_000}


async def test_a_release_is_known_again_after_a_restart(stage: HouseStage) -> None:
    book = stage.house.receipts.books["bank_a"]
    await commit(stage, released(book, "CD-0001", {"T-2": 50_000}, "RC-1", "chen", stage.clock.now()))
    assert eligible(stage)["T-2"] == 600_000
    await stage.restart()
    await stage.read(times=2)
    assert stage.house.receipts.books["bank_a"]["CD-0001"].state is State.PARTLY_RELEASED
    assert eligible(stage)["T-2"] == 600_000


async def test_a_file_that_contradicts_the_chain_is_told_and_not_followed(
    stage: HouseStage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.fall()
    path = stage.directory / "contracts/a.yaml"
    path.write_text(path.read_text("utf-8").replace("kg: 278000", "kg: 200000"), encoding="utf-8")
    await stage.rise()
    await stage.read(times=2)
    assert eligible(stage)["T-1"] == 278_000
    assert "receipts.file_contradicts_chain contract=A-1 receipt=CD-0002" in caplog.text


async def test_a_later_end_in_the_file_is_an_extension(stage: HouseStage) -> None:
    stage.fall()
    path = stage.directory / "contracts/a.yaml"
    text = path.read_text("utf-8").replace("issued_on: 2026-01-10, expires_on: 2026-06-30", "issued_on: 2026-01-10, expires_on: 2026-12-31", 1)  # fmt: skip
    path.write_text(text, encoding="utf-8")
    await stage.rise()
    [event] = await stage.events("receipt.extended")
    assert (event.actor, event.body) == ("system", {"no": "CD-0001", "expires_on": "2026-12-31"})
    await stage.restart()
    assert len(await stage.events("receipt.extended")) == 1


async def test_more_pledged_than_the_tank_holds_is_told_to_both_banks_at_once(stage: HouseStage) -> None:
    await commit(stage, pledge_of(stage, "B-1", more("HC-0602", 70_000)))
    both = [e for e in await stage.events("alarm.raised") if e.body["kind"] == "dup_pledge"]
    assert {(e.tenant, e.body["facts"]["check"]) for e in both} == {("bank_b", "over_own"), ("bank_a", "over_tank")}
    assert len({e.occurred_at for e in both}) == 1
    shown = await stage.deliver()
    assert {m.chat for m in shown} == {stage.platform_id("a_bank"), stage.platform_id("b_bank")}
    told = texts(stage.at("a_bank"))
    assert "该罐在押合计疑似超过可交付货量" in told
    assert "已重复质押" not in told


async def test_when_the_excess_is_released_both_are_lifted(stage: HouseStage) -> None:
    await commit(stage, pledge_of(stage, "B-1", more("HC-0602", 70_000)))
    book = stage.house.receipts.books["bank_b"]
    await commit(stage, released(book, "HC-0602", {"T-2": 70_000}, None, "ma", stage.clock.now()))
    back = await stage.events("alarm.returned")
    assert {e.tenant for e in back} == {"bank_a", "bank_b"}
    assert len({e.occurred_at for e in back}) == 1


async def test_one_number_in_two_hands_is_told_to_both_without_any_gauge(stage: HouseStage) -> None:
    stage.silent = {"T-2"}
    await stage.read(times=7, every_s=60)
    await commit(stage, pledge_of(stage, "B-1", more("CD-0001", 1_000)))
    both = [e for e in await stage.events("alarm.raised") if e.body["kind"] == "dup_pledge"]
    assert {(e.tenant, e.body["facts"]["check"]) for e in both} == {
        ("bank_a", "same_number"),
        ("bank_b", "same_number"),
    }
    assert len({e.occurred_at for e in both}) == 1


async def test_while_the_gauge_is_silent_nothing_is_lifted(stage: HouseStage) -> None:
    await commit(stage, pledge_of(stage, "B-1", more("HC-0602", 70_000)))
    stage.silent = {"T-2"}
    await stage.read(times=7, every_s=60)
    book = stage.house.receipts.books["bank_b"]
    await commit(stage, released(book, "HC-0602", {"T-2": 70_000}, None, "ma", stage.clock.now()))
    await stage.read()
    assert [e for e in await stage.events("alarm.returned") if e.tenant == "bank_a"] == []
    stage.silent = set()
    await stage.read(times=3)
    assert [e.tenant for e in await stage.events("alarm.returned") if e.body["alarm"] == stage.alarm("dup_pledge").id]


async def test_a_receipt_near_its_end_is_told_until_it_is_extended(tmp_path: Path) -> None:
    soon = [("kg: 278000, issued_on: 2026-01-10, expires_on: 2026-06-30", "kg: 278000, issued_on: 2026-01-10, expires_on: 2026-03-15")]  # fmt: skip
    stage = await HouseStage.start(tmp_path / "w", edits=by_receipts(a=soon))
    await stage.market("1")
    await stage.paper()
    await stage.read(times=2)
    await stage.deliver()
    told = texts(stage.at("a_group"))
    assert "7 日内到期 1 张:CD-0002(甲醇 278.0吨,3月15日)" in told
    assert "质押率" not in told
    book = stage.house.receipts.books["bank_a"]
    await commit(stage, extended(book, "CD-0002", date(2026, 9, 15), "chen", stage.clock.now()))
    assert stage.alarm("receipt_expiring").condition != "active"
    stage.fall()


async def test_who_may_know_of_which_receipt(stage: HouseStage) -> None:
    """The bank and the borrower: all of the contract's; a depot's person: what lies with that depot."""
    said = {}
    for person, chat in (("chen", "a_bank"), ("zhao", "zhao_alone"), ("li", "a_group"), ("gao", "a_group")):
        await stage.say(person, chat, "/receipts", addressed=True)
        (shown,) = await stage.deliver()
        said[person] = {no for no in ("CD-0001", "CD-0002", "CD-0003", "HC-0601") if no in shown.text}
    assert said == {
        "chen": {"CD-0001", "CD-0002", "CD-0003"},
        "zhao": {"CD-0001", "CD-0002", "CD-0003"},
        "li": {"CD-0001", "CD-0002"},
        "gao": {"CD-0003"},
    }
