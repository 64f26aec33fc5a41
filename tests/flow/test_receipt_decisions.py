"""Two people of the lender split and cancel receipts in its chat; who may not, and what has come in between."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.case.case import Case, CaseKind, CaseLine, Stage
from domain.errors import StoreFull
from domain.event import Event
from domain.receipt.life import opened, released
from domain.receipt.receipt import Receipt, State
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage, texts
from tests.fakes.receipt_ground import by_receipts, pledge_of

SPLIT = "/splitreceipt CD-0001 CD-0001A 400吨 CD-0001B 其余"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=by_receipts())
    yield stage
    stage.fall()


async def proposed(stage: HouseStage, text: str = SPLIT, *, by: str = "wang") -> Shown:
    await stage.say(by, "a_bank", text)
    (card,) = await stage.deliver()
    return card


async def asked(stage: HouseStage, text: str, *, by: str = "chen", chat: str = "a_bank") -> str:
    await stage.say(by, chat, text, addressed=True)
    return texts(await stage.deliver())


def states(stage: HouseStage, lender: str = "bank_a") -> dict[str, tuple[State, int]]:
    book = stage.house.receipts.books[lender]
    return {no: (s.state, s.left_kg) for no, s in book.items()}


def claimed(stage: HouseStage) -> dict[str, int]:
    scene = stage.house.scene(stage.house.workspace.contracts["A-1"], stage.clock.now())
    return {i.holding.tank_id: i.eligible_kg for i in scene.position.items}


def spare(stage: HouseStage, no: str = "CD-0099") -> list[Event]:
    """A receipt that the depot has written and nobody has pledged."""
    contract = stage.house.workspace.contracts["A-1"]
    receipt = Receipt(no=no, issuer="north", owner="hengyun", good="DIESEL0", parts={"T-2": 5_000}, issued_on=date(2026, 3, 1))  # fmt: skip
    return opened(stage.house.receipts.books["bank_a"], receipt, contract, "system", stage.clock.now())


async def test_a_split_that_two_people_decide_stays_pledged_with_the_same_total(stage: HouseStage) -> None:
    before = claimed(stage)
    card = await proposed(stage)
    assert "仓单 CD-0001(0#柴油 650吨,在押)拆分为 2 张:\nCD-0001A:T-2 400吨\nCD-0001B:T-2 250吨" in card.text
    assert states(stage)["CD-0001"] == (State.PLEDGED, 650_000), "nothing holds before another person confirms"
    assert await stage.press("chen", card, "复核确认") == "PR-20260312-01 已复核确认,即时生效。"
    parts = {"CD-0001A": (State.PLEDGED, 400_000), "CD-0001B": (State.PLEDGED, 250_000)}
    assert {no: states(stage)[no] for no in ("CD-0001", *parts)} == {"CD-0001": (State.SPLIT, 0)} | parts
    assert claimed(stage) == before
    (event,) = await stage.events("receipt.split")
    assert (event.tenant, event.actor, event.body["proposed_by"]) == ("bank_a", "chen", "wang")
    assert event.body["proposal"] == "PR-20260312-01"
    assert stage.alarms("dup_pledge") == []
    await stage.deliver()
    assert [m.text[:5] for m in stage.at("a_bank") if m.ref == card.ref] == ["【已确认】"]


async def test_the_new_life_is_told_where_receipts_are_asked_for(stage: HouseStage) -> None:
    await stage.press("chen", await proposed(stage), "复核确认")
    await stage.deliver()
    assert "已拆分为 CD-0001A、CD-0001B。" in await asked(stage, "/receipt CD-0001")
    assert "由 CD-0001 拆分" in await asked(stage, "/receipt CD-0001B", by="zhao", chat="a_group")
    listed = await asked(stage, "/receipts")
    assert "CD-0001A" in listed
    assert "由 CD-0001 拆分" in listed
    assert "CD-0001 " not in listed.replace("由 CD-0001 拆分", "")


async def test_a_split_is_there_after_a_restart_and_is_not_signed_anew(stage: HouseStage) -> None:
    card = await proposed(stage)
    await stage.restart()
    await stage.press("chen", card, "复核确认")
    after = states(stage)
    await stage.restart()
    assert states(stage) == after
    assert len(await stage.events("receipt.opened")) == 4, "the file's CD-0001 does not come back"


async def test_a_receipt_that_is_not_pledged_is_cancelled_by_two(stage: HouseStage) -> None:
    await stage.app.judging.record(spare(stage), [])
    card = await proposed(stage, "/cancelreceipt CD-0099 开错")
    assert "注销仓单 CD-0099(0#柴油 5吨,未质押),该号不再使用;原因:开错" in card.text
    await stage.press("chen", card, "复核确认")
    assert states(stage)["CD-0099"] == (State.CANCELLED, 0)
    (event,) = await stage.events("receipt.cancelled")
    assert (event.actor, event.body["why"], event.body["proposed_by"]) == ("chen", "开错", "wang")
    await stage.deliver()
    assert "仓单 CD-0099:已注销" in await asked(stage, "/receipt CD-0099")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/cancelreceipt CD-0001", "该仓单在押,须先解押才能注销"),
        ("/splitreceipt CD-0001 X1 400吨 X2 250.001吨", "各新仓单分罐数量之和须与原仓单现有数量一致"),
        ("/splitreceipt CD-0001 X1 其余", "至少拆成两张"),
        ("/splitreceipt CD-0001 CD-0002 400吨 X2 其余", "新仓单号已在案"),
        ("/splitreceipt CD-0001 CD-0001 400吨 X2 其余", "新仓单号已在案"),
        ("/splitreceipt CD-0001 X1 400 X2 250", "写法:/splitreceipt"),
        ("/splitreceipt", "写法:/splitreceipt"),
        ("/cancelreceipt", "写法:/cancelreceipt"),
        ("/splitreceipt HC-0601 X1 1吨 X2 其余", "本项目没有该仓单"),
        ("/splitreceipt CD-4711 X1 1吨 X2 其余", "本项目没有该仓单"),
    ],
)
async def test_what_cannot_be_is_told_at_once_and_nothing_is_proposed(stage: HouseStage, text: str, told: str) -> None:
    await stage.say("wang", "a_bank", text)
    assert told in texts(await stage.deliver())
    assert await stage.events("proposal.opened") == []


@pytest.mark.parametrize(("person", "chat"), [("zhao", "a_group"), ("li", "a_group"), ("wang", "a_group")])
async def test_nobody_else_and_nowhere_else(stage: HouseStage, person: str, chat: str) -> None:
    await stage.say(person, chat, SPLIT)
    assert "只能由资金方人员在成员已核实的资金方群内提出" in texts(await stage.deliver())
    assert [e.body["action"] for e in await stage.events("person.refused")] == ["propose_receipt_split"]
    assert await stage.events("proposal.opened", "receipt.split") == []


async def test_one_person_alone_splits_nothing(stage: HouseStage) -> None:
    card = await proposed(stage)
    assert "提议人不能自行确认" in await stage.press("wang", card, "复核确认")
    assert states(stage)["CD-0001"] == (State.PLEDGED, 650_000)
    assert await stage.events("receipt.split") == []


async def test_what_was_released_in_between_cannot_be_confirmed_and_can_be_withdrawn(stage: HouseStage) -> None:
    card = await proposed(stage)
    book = stage.house.receipts.books["bank_a"]
    await stage.app.judging.record(released(book, "CD-0001", {"T-2": 1}, None, "chen", stage.clock.now()), [])
    assert "现不能生效:各新仓单分罐数量之和" in await stage.press("chen", card, "复核确认")
    assert await stage.events("receipt.split", "proposal.confirmed") == []
    assert "已撤回" in await stage.press("chen", card, "撤回")


async def test_of_two_splits_of_one_receipt_the_second_finds_it_over(stage: HouseStage) -> None:
    one, two = await proposed(stage), await proposed(stage, "/splitreceipt CD-0001 Y1 1吨 Y2 其余")
    await stage.press("chen", one, "复核确认")
    assert "原号不再使用" in await stage.press("chen", two, "复核确认")
    assert len(await stage.events("receipt.split")) == 1


async def test_while_a_case_asks_for_goods_under_it_a_receipt_is_not_split(stage: HouseStage) -> None:
    card = await proposed(stage)
    line = CaseLine(tank_id="T-2", good="DIESEL0", kg=1_000, receipt="CD-0001")
    case = Case(id="RC-1", tenant="bank_a", contract_id="A-1", kind=CaseKind.RELEASE, stage=Stage.REQUESTED, by="zhao",
                chat="a_group", filed_at=stage.clock.now(), out=(line,), into=(), cash_cny=Decimal(0), check={}, revision=1)  # fmt: skip
    stage.house.put_cases([case])
    assert "请先办结或撤销" in await stage.press("chen", card, "复核确认")
    assert "请先办结或撤销" in (await proposed(stage, "/splitreceipt CD-0001 Z1 1吨 Z2 其余")).text
    assert await stage.events("receipt.split") == []


@pytest.mark.parametrize("between", ["same process", "restart"])
async def test_a_confirmation_that_comes_twice_counts_once(stage: HouseStage, between: str) -> None:
    card = await proposed(stage)
    await stage.press("chen", card, "复核确认", event_id="again")
    if between == "restart":
        await stage.restart()
    await stage.press("chen", card, "复核确认", event_id="again")
    assert len(await stage.events("receipt.split")) == len(await stage.events("proposal.confirmed")) == 1


async def test_what_memory_could_not_take_has_not_happened(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    card, before = await proposed(stage), states(stage)

    async def full(**_: object) -> None:
        raise StoreFull("no space")

    with monkeypatch.context() as patch:
        patch.setattr(stage.memory, "commit", full)
        with pytest.raises(StoreFull):
            await stage.press("chen", card, "复核确认")
    assert states(stage) == before
    await stage.restart()
    assert states(stage) == before
    assert await stage.press("chen", card, "复核确认") == "PR-20260312-01 已复核确认,即时生效。"


async def test_double_pledge_is_found_in_the_parts_as_it_was_in_the_whole(stage: HouseStage) -> None:
    more = Receipt(no="HC-0602", issuer="north", owner="haichuan", good="DIESEL0", parts={"T-2": 70_000}, issued_on=date(2026, 3, 1))  # fmt: skip
    await stage.app.judging.record(pledge_of(stage, "B-1", more), [])
    alarm = stage.alarm("dup_pledge")
    await stage.deliver()
    await stage.press("chen", await proposed(stage), "复核确认")
    assert (stage.alarm("dup_pledge").id, stage.alarm("dup_pledge").condition) == (alarm.id, "active")
    assert stage.alarm("dup_pledge").facts["own_kg"] == alarm.facts["own_kg"]
