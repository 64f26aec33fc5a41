"""A private chat outside the lender knows what its person was told in any chat, and takes their answers to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.contract import AlertKind
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage, texts

ALONE = """\
  - {id: li_alone, name: 李主管, audience: private, contracts: [A-1], members: [li], telegram_chat_id: 501}
  - {id: lin_alone, name: 林师傅, audience: private, contracts: [A-1], members: [lin], telegram_chat_id: 602}
  - {id: chen_alone, name: 陈工, audience: private, contracts: [A-1], members: [chen], telegram_chat_id: 102}
  - {id: health,"""
PRIVATE = ("  - {id: health,", ALONE)
LIN_OUT = ("[wang, chen, zhao, sun, li, zhou, gao, lin]", "[wang, chen, zhao, sun, li, zhou, gao]")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits={"people.yaml": [PRIVATE, LIN_OUT]})
    yield stage
    stage.fall()


async def told(stage: HouseStage, person: str, chat: str, text: str) -> str:
    """What that chat is answered."""
    await stage.say(person, chat, text)
    return texts([m for m in await stage.deliver() if m.chat == stage.platform_id(chat)])


async def below(stage: HouseStage) -> str:
    """A breach of a line that obliges 赵总 in the group; its number."""
    await stage.market("0.96")
    await stage.read(times=2)
    await stage.deliver()
    return stage.alarm(AlertKind.VALUE_BELOW_LINE).id


async def test_what_the_group_was_told_is_open_in_private_too(stage: HouseStage) -> None:
    alarm = await below(stage)
    assert alarm in await told(stage, "zhao", "zhao_alone", "未结预警")
    waited = await told(stage, "zhao", "zhao_alone", "谁还没回")
    assert alarm in waited
    assert "恒运赵总" in waited
    assert "恒运孙经理" in waited, "who comes next was told in the group"
    assert "状态正常" not in await told(stage, "zhao", "zhao_alone", "/status")


async def test_a_depots_person_reads_in_private_what_they_are_late_with(stage: HouseStage) -> None:
    await stage.read(times=3, T_1=1000.0)
    await stage.deliver()
    alarm = stage.alarm(AlertKind.QTY_DROP).id
    await stage.pass_time(900)
    said = await told(stage, "li", "li_alone", "未结预警")
    assert alarm in said
    assert "李主管" in said


async def test_who_is_in_no_chat_that_was_told_is_told_nothing(stage: HouseStage) -> None:
    alarm = await below(stage)
    assert alarm not in await told(stage, "lin", "lin_alone", "未结预警")
    assert alarm not in await told(stage, "lin", "lin_alone", "谁还没回")


async def test_a_word_of_receipt_in_private_answers_the_alarm_and_is_confirmed(stage: HouseStage) -> None:
    alarm = await below(stage)
    said = await told(stage, "zhao", "zhao_alone", "收到")
    assert alarm in said
    assert "已记录" in said
    assert not stage.alarm(AlertKind.VALUE_BELOW_LINE).waiting()
    (event,) = await stage.events("alarm.acknowledged")
    assert (event.actor, event.body["persons"]) == ("zhao", ["zhao"])


async def test_a_word_of_receipt_in_private_with_nothing_open_is_answered(stage: HouseStage) -> None:
    assert "没有" in await told(stage, "zhao", "zhao_alone", "收到")
    assert "预警" in await told(stage, "zhao", "zhao_alone", "已安排")


async def test_a_lenders_person_answers_in_private_what_their_own_chat_was_told(tmp_path: Path) -> None:
    duty = ("{person: chen, chat: a_bank, act: check_price, ack_minutes: 30}",) * 2
    stage = await HouseStage.calm(tmp_path / "w", edits={"people.yaml": [PRIVATE], "contracts/a.yaml": [duty]})
    await stage.price({"METHANOL-SD": "2900"})
    await stage.deliver()
    alarm = stage.alarm(AlertKind.PRICE_OUTLIER)
    assert alarm.id in await told(stage, "chen", "chen_alone", "收到")
    assert not stage.alarm(AlertKind.PRICE_OUTLIER).waiting()
    stage.fall()


async def test_a_promise_made_in_private_is_about_the_alarm_and_one_from_the_group_is_shown(stage: HouseStage) -> None:
    alarm = await below(stage)
    await stage.say("zhao", "zhao_alone", "/commit 我们两小时内补40吨甲醇到库")
    (card,) = await stage.deliver()
    assert alarm in card.text
    await stage.say("sun", "a_group", "/commit 我们三小时内补60吨甲醇到库", addressed=True)
    (card,) = await stage.deliver()
    await stage.press("sun", card, "确认")
    assert "60吨" in await told(stage, "zhao", "zhao_alone", "/alarms")


async def test_progress_of_a_top_up_is_told_in_private(stage: HouseStage) -> None:
    await below(stage)
    group = texts([m for m in await _asked(stage, "a_group", "/topup") if m.chat == stage.platform_id("a_group")])
    alone = texts(await _asked(stage, "zhao_alone", "/topup"))
    assert "已补" in group
    assert "已补" in alone


async def _asked(stage: HouseStage, chat: str, text: str) -> list[Shown]:
    await stage.say("zhao", chat, text, addressed=True)
    return await stage.deliver()
