"""A price too strange to be believed: the lender is told both values, nobody else anything, and nothing is revalued."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from domain.contract import Severity
from domain.position import Position
from tests.fakes.house_channel import Shown
from tests.fakes.house_ground import rewrite
from tests.fakes.house_stage import HouseStage, texts

BANK = "-1001"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


def position(stage: HouseStage, contract: str = "A-1") -> Position:
    return stage.house.scene(stage.house.workspace.contracts[contract], stage.clock.now()).position


def value(stage: HouseStage, contract: str = "A-1") -> Decimal:
    """The recognised value of now."""
    return position(stage, contract).recognised


async def strange(stage: HouseStage, price: str = "6000") -> Shown:
    """Diesel is quoted far off; the telling in A's own chat."""
    await stage.price({"DIESEL-SD": price})
    return next(m for m in await stage.deliver() if m.chat == BANK)


async def test_a_strange_price_is_told_to_the_lenders_only_with_both_values(stage: HouseStage) -> None:
    before = value(stage)
    told = await strange(stage)
    assert value(stage) == before
    assert stage.at("a_group") == stage.at("b_group") == []
    assert len(stage.at("b_bank")) == 1
    assert f"{before / 10000:.2f}万元" in told.text
    kg = sum(i.eligible_kg for i in position(stage).items if i.holding.good == "DIESEL0")
    assert f"若采用:认可货值 {(before - kg) / 10000:.2f}万元" in told.text, "1 CNY/kg less"
    assert {token.split("|")[-1] for _, token in told.buttons} >= {"confirm_price", "reject_price"}
    assert told.notified == ("chen",)


def label(shown: Shown, action: str) -> str:
    return next(name for name, token in shown.buttons if token.endswith(action))


async def test_a_second_provider_lets_it_in(stage: HouseStage) -> None:
    await strange(stage)
    await stage.price({"DIESEL-SD": "6010"}, provider="东海资讯")
    said = await stage.deliver()
    assert any("跌破" in m.text for m in said if m.chat == "-1002")
    assert "异常报价已处理" in texts(m for m in said if m.chat == BANK)


async def test_a_person_of_the_lender_lets_it_in_for_their_bank_only(stage: HouseStage) -> None:
    of_b = value(stage, "B-1")
    told = await strange(stage)
    assert "已确认采用" in (await stage.press("chen", told, label(told, "confirm_price")) or "")
    assert value(stage) < 5_000_000
    assert value(stage, "B-1") == of_b
    assert [e.actor for e in await stage.events("price.judged") if e.body["verdict"] == "taken"] == ["chen"]
    assert "已结束" in (await stage.press("wang", told, label(told, "confirm_price")) or "")


async def test_who_has_decided_is_not_reminded_to_answer(stage: HouseStage) -> None:
    told = await strange(stage)
    await stage.press("chen", told, label(told, "confirm_price"))
    await stage.deliver()
    await stage.pass_time(31 * 60)
    assert [m for m in await stage.deliver() if m.chat == BANK and "提醒" in m.text and "报价" in m.text] == []
    assert not stage.alarm("price_outlier").open


async def test_a_refused_price_is_gone_and_does_not_come_back(stage: HouseStage) -> None:
    before = value(stage)
    published = stage.clock.now()
    await stage.price({"DIESEL-SD": "6000"}, at=published)
    told = next(m for m in await stage.deliver() if m.chat == BANK)
    assert "已不采用" in (await stage.press("wang", told, label(told, "reject_price")) or "")
    await stage.deliver()
    await stage.price({"DIESEL-SD": "6000"}, at=published)
    await stage.restart()
    await stage.read(times=2)
    await stage.price({"DIESEL-SD": "6000"}, at=published)
    assert [m for m in await stage.deliver() if m.chat == BANK] == []
    assert value(stage) == before


async def test_a_refused_price_stays_refused_where_the_contract_has_become_looser(stage: HouseStage) -> None:
    told = await strange(stage)
    await stage.press("wang", told, label(told, "reject_price"))
    stage.fall()
    rewrite(stage.directory, {"contracts/a.yaml": [("outlier: 0.08", "outlier: 0.20")]})
    await stage.rise()
    prices = stage.house.prices_for(stage.house.workspace.contracts["A-1"], stage.clock.now())
    assert prices["DIESEL0"].cny_t == 7000


@pytest.mark.parametrize(("person", "chat"), [("zhao", "a_group"), ("wang", "a_group"), ("li", "a_group")])
async def test_nobody_decides_a_price_outside_the_lenders_own_chat(stage: HouseStage, person: str, chat: str) -> None:
    told = await strange(stage)
    await stage.hear(stage.inbound("press", person, chat, told.token(label(told, "confirm_price"))))
    assert "没有此项操作权限" in stage.channel.toasts[-1][1]
    assert len(await stage.events("person.refused")) == 1
    assert value(stage) > 5_400_000


async def test_quarantine_and_decisions_survive_a_restart(stage: HouseStage) -> None:
    told = await strange(stage)
    before = value(stage)
    await stage.app.keeping.step()
    await stage.restart()
    assert value(stage) == before
    await stage.read(times=2)
    assert await stage.deliver() == []
    await stage.press("chen", told, label(told, "confirm_price"))
    taken = value(stage)
    assert taken < 5_000_000
    await stage.app.keeping.step()
    await stage.restart()
    assert value(stage) == taken


@pytest.mark.parametrize("price", ["0", "-36.98"])
async def test_a_price_at_or_below_zero_once_confirmed_is_worth_nothing_and_red(stage: HouseStage, price: str) -> None:
    told = await strange(stage, price)
    assert value(stage) > 5_400_000, "not believed yet"
    await stage.press("chen", told, label(told, "confirm_price"))
    said = {m.chat: m for m in await stage.deliver() if "货值" in m.text.split("】")[0]}
    assert stage.alarm("value_below_line").severity is Severity.RED
    assert "红色预警" in said["-1002"].text
    assert 700_000 < value(stage) < 720_000, "the methanol alone"
    await stage.say("wang", "a_bank", "/status", addressed=True)
    await stage.say("wang", "a_bank", "/tanks", addressed=True)
    assert len(await stage.deliver()) == 2


async def test_prices_all_at_zero_leave_no_value_and_no_ratio(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w")
    await stage.price({"DIESEL-SD": "0", "METHANOL-SD": "-1"})
    await stage.paper()
    await stage.read(times=3)
    await stage.say("wang", "a_bank", "/status", addressed=True)
    said = await stage.deliver()
    assert stage.alarm("value_below_line").severity is Severity.RED
    assert value(stage) == 0
    assert len([m for m in said if m.chat == BANK]) == 2
    stage.fall()


async def test_a_price_that_grows_old_is_told_to_the_lender_and_never_normal(stage: HouseStage) -> None:
    for _ in range(25):
        await stage.paper()
        await stage.read(every_s=3600)
    await stage.deliver()
    assert "price_stale" in {a.kind for a in stage.house.open_alarms("A-1").values()}
    assert [m for m in stage.at("a_group") if "报价" in m.text] == []
    assert await answer(stage) is False
    await stage.market("1")
    await stage.read(times=2)
    assert stage.alarm("price_stale").condition == "returned"


async def answer(stage: HouseStage) -> bool:
    """Whether the bank is told 正常."""
    await stage.say("wang", "a_bank", "/status", addressed=True)
    return "状态正常" in texts(m for m in await stage.deliver() if m.chat == BANK)


async def test_without_any_price_nothing_is_claimed(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w")
    await stage.paper()
    await stage.read(times=3)
    assert await answer(stage) is False
    assert stage.alarms("value_below_line") == []
    assert stage.house.open_alarms("A-1") == {}
    await stage.pass_time(60)
    await stage.read()
    assert "price_stale" in {a.kind for a in stage.house.open_alarms("A-1").values()}
    stage.fall()
