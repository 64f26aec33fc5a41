"""Prices, evidence and duties through the real view of a running house: bounded by chat, contract and disclosure."""

import pytest

from bot.archive import Archive
from bot.view import ChatView
from skills import duty, evidence, price
from skills.skill import Status
from tests.fakes.house_stage import HouseStage

DAY_S = 86400.0


@pytest.fixture
async def stage(tmp_path):
    stage = await HouseStage.calm(tmp_path / "workspace")
    yield stage
    stage.fall()


def view(stage: HouseStage, who: str, where: str) -> ChatView:
    roster = stage.house.workspace.roster
    archive = Archive(stage.house, stage.memory)
    return ChatView(stage.house, roster.people[who], roster.chats[where], stage.clock.now(), archive=archive)


def text(stage: HouseStage, answer) -> str:
    return stage.app.answering._words.answer(answer).text


async def test_a_price_of_today_is_told_against_what_counted_yesterday(stage):
    await stage.pass_time(DAY_S)
    await stage.price({"METHANOL-SD": "2304", "DIESEL-SD": "7000"})
    answer = price.SKILL.run(view(stage, "chen", "a_bank"), {"good": "METHANOL"})
    assert answer.status is Status.OK
    assert "2,304元/吨" in text(stage, answer)
    assert "跌 96元(-4.00%)" in text(stage, answer)


async def test_a_step_in_quarantine_leaves_the_price_and_is_said(stage):
    await stage.price({"METHANOL-SD": "1900"})
    bank = price.SKILL.run(view(stage, "chen", "a_bank"), {"good": "METHANOL"})
    assert bank.status is Status.STALE
    assert "2,400元/吨" in text(stage, bank)
    assert "未采用:1,900元/吨" in text(stage, bank)
    assert "1,900" not in text(stage, price.SKILL.run(view(stage, "zhao", "a_group"), {"good": "METHANOL"}))


async def test_another_banks_contract_is_not_priced_here(stage):
    answer = price.SKILL.run(view(stage, "ma", "b_bank"), {})
    assert [r["good"] for r in answer.facts["rows"]] == ["DIESEL0"]
    assert all(f.name.startswith("B-1.") for f in answer.figures)
    assert price.SKILL.run(view(stage, "ma", "a_bank"), {}).status is Status.NOT_PERMITTED


async def test_evidence_names_the_batch_and_the_lenders_own_chain(stage):
    await stage.app.keeping.step()
    answer = evidence.SKILL.run(view(stage, "chen", "a_bank"), {"target": "hash"})
    block = answer.facts["contracts"][0]
    assert (block["proof"]["seq"], block["proof"]["head"]) == stage.memory.head("bank_a")
    newest = stage.memory.look(lambda series: series.newest())
    assert (block["proof"]["batch"], block["proof"]["sha256"]) == (newest.batch, newest.sha256)
    assert newest.batch > 0
    group = evidence.SKILL.run(view(stage, "zhao", "a_group"), {"target": "hash"})
    assert "head" not in group.facts["contracts"][0]["proof"]


async def test_evidence_tells_the_sites_of_the_contract_and_how_old_they_are(stage):
    (block,) = evidence.SKILL.run(view(stage, "chen", "a_bank"), {}).facts["contracts"]
    assert [(s["site"], s["tanks"], s["measured"]) for s in block["sites"]] == [("north", 2, 2), ("south", 1, 1)]
    assert block["blind"] == 0
    (other,) = evidence.SKILL.run(view(stage, "ma", "b_bank"), {}).facts["contracts"]
    assert [(s["site"], s["tanks"]) for s in other["sites"]] == [("north", 1)]


async def test_who_has_not_answered_is_told_until_they_have(stage):
    await stage.market("0.93")
    await stage.read(times=2)
    told = next(m for m in await stage.deliver() if m.chat == stage.platform_id("a_group"))
    assert "恒运赵总" in text(stage, duty.SKILL.run(view(stage, "zhao", "a_group"), {"want": "unacked"}))
    for who in ("zhao", "li"):
        await stage.press(who, told, "收到")
    answer = duty.SKILL.run(view(stage, "zhao", "a_group"), {"want": "unacked"})
    assert text(stage, answer).startswith("都已回复")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/price 甲醇", "甲醇 2,400元/吨"),
        ("/terms 监管线", "监管线:质押率 75.00%"),
        ("/insurance", "合同文件没有记录保险信息"),
        ("/registration", "合同文件没有记录中登网登记信息"),
        ("/evidence", "数量:最新读数"),
        ("/duty", "没有未结预警"),
        ("/inspection", "没有与现场有关的未结预警"),
    ],
)
async def test_a_slash_command_answers_in_the_banks_chat(stage, said, answer):
    await stage.say("chen", "a_bank", said)
    (message,) = await stage.deliver()
    assert message.text.startswith(answer)
