"""An alarm's life through the whole house: readings and prices in, messages with their mentions out, answers back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.alarm import Condition
from domain.contract import Severity
from tests.fakes.house_channel import Shown
from tests.fakes.house_ground import rewrite
from tests.fakes.house_stage import HouseStage, texts

BREACHED, WORSE, WORST = "0.95", "0.90", "0.84"
"""Of the first prices: below A's warning line, below its control line, and further down still."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def breached(stage: HouseStage) -> Shown:
    """A is below its warning line; the telling in the project's group."""
    await stage.market(BREACHED)
    return next(m for m in await stage.deliver() if m.chat == stage.platform_id("a_group"))


async def kinds(stage: HouseStage) -> list[str]:
    return [e.kind.removeprefix("alarm.") for e in await stage.events() if e.kind.startswith("alarm.")]


async def test_a_breach_is_told_once_per_chat_to_exactly_those_obliged(stage: HouseStage) -> None:
    await stage.market(BREACHED)
    told = await stage.deliver()
    assert {(m.chat, m.notified) for m in told} == {("-1001", ("chen",)), ("-1002", ("zhao",))}
    assert all("补货线" in m.text for m in told)


async def test_the_same_breach_again_is_not_news(stage: HouseStage) -> None:
    await breached(stage)
    await stage.read(times=5)
    await stage.market(BREACHED)
    await stage.paper()
    await stage.pass_time(60)
    assert await stage.deliver() == []
    assert await kinds(stage) == ["raised"]


async def test_a_worse_breach_is_told_in_the_thread_to_whom_the_worse_line_obliges(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.press("zhao", first, "收到")
    await stage.market(WORSE)
    told = {m.chat: m for m in await stage.deliver()}
    again = told["-1002"]
    assert again.reply_to == first.ref
    assert again.notified == ("zhao", "li"), "who answered the milder alarm has not answered this one"
    assert told["-1001"].notified == ("chen",)
    assert stage.alarm("value_below_line").severity is Severity.ORANGE


async def test_an_answer_by_press_shows_in_the_alarm_in_every_chat(stage: HouseStage) -> None:
    first = await breached(stage)
    assert "已记录" in (await stage.press("zhao", first, "收到") or "")
    assert await stage.deliver() == [], "an answer edits, it does not post"
    for chat in ("a_group", "a_bank"):
        (shown,) = stage.at(chat)
        assert shown.edits == 1
        assert "已回复:恒运赵总" in shown.text
    assert stage.at("a_group")[0].buttons == ()


@pytest.mark.parametrize(("said", "answer"), [("收到", "ack"), ("已安排。", "arranged"), ("有异议", "dispute")])
async def test_an_answer_by_reply_counts_like_a_press(stage: HouseStage, said: str, answer: str) -> None:
    first = await breached(stage)
    await stage.say("zhao", "a_group", said, reply_to=first)
    assert await stage.deliver() == []
    assert [p.answer for p in stage.alarm("value_below_line").parties if p.person == "zhao"] == [answer]
    assert stage.at("a_group")[0].edits == 1


async def test_a_bare_received_answers_the_only_alarm_that_waits(stage: HouseStage) -> None:
    await breached(stage)
    await stage.say("zhao", "a_group", "收到")
    assert stage.alarm("value_below_line").waiting() == ()


async def test_a_bare_received_answers_nothing_where_two_alarms_wait(stage: HouseStage) -> None:
    await breached(stage)
    await stage.market(WORSE)
    await stage.read(times=2, T_1=2300.0)
    await stage.deliver()
    assert len([a for a in stage.house.open_alarms("A-1").values() if a.waiting()]) == 2
    await stage.say("li", "a_group", "收到")
    assert await stage.deliver() == [], "among people: silence"
    await stage.say("li", "a_group", "收到", addressed=True)
    (asked,) = await stage.deliver()
    assert "请直接回复" in asked.text
    assert "acknowledged" not in await kinds(stage)


async def test_a_deputy_answers_for_whom_they_stand_in(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.press("sun", first, "已安排")
    (zhao, _) = stage.alarm("value_below_line").parties
    assert (zhao.person, zhao.answered_by) == ("zhao", "sun")
    await stage.deliver()
    assert "孙经理" in stage.at("a_group")[0].text


@pytest.mark.parametrize("person", ["wang", "li", "chen"])
async def test_whoever_is_not_obliged_is_refused_and_that_is_recorded(stage: HouseStage, person: str) -> None:
    first = await breached(stage)
    assert "不是" in (await stage.press(person, first, "收到") or "")
    (refused,) = await stage.events("person.refused")
    assert (refused.tenant, refused.actor, refused.body["alarm"]) == (
        "bank_a",
        person,
        stage.alarm("value_below_line").id,
    )
    assert len(stage.alarm("value_below_line").waiting()) == 1


async def test_a_second_press_says_who_answered_and_when(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.press("zhao", first, "收到")
    said = await stage.press("sun", first, "收到") or ""
    assert "赵总" in said
    assert "14:32" in said
    assert (await kinds(stage)).count("acknowledged") == 1


async def test_a_press_under_an_outdated_telling_answers_nothing(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.market(WORSE)
    await stage.deliver()
    assert "已有更新" in (await stage.press("zhao", first, "收到") or "")
    assert len(stage.alarm("value_below_line").waiting()) == 2


async def test_a_reply_to_an_outdated_telling_answers_nothing_and_says_where_to(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.market(WORSE)
    newest = next(m for m in await stage.deliver() if m.chat == "-1002")
    await stage.say("zhao", "a_group", "收到", reply_to=first)
    (line,) = await stage.deliver()
    assert "已有更新" in line.text
    assert len(stage.alarm("value_below_line").waiting()) == 2
    await stage.say("zhao", "a_group", "收到", reply_to=newest)
    assert [p.person for p in stage.alarm("value_below_line").waiting()] == ["li"]


async def recovered(stage: HouseStage, factor: str = "1.01") -> list[Shown]:
    """The price has come back and has proven it."""
    await stage.market(factor)
    await stage.read(times=3, every_s=40)
    return await stage.deliver()


async def test_a_press_on_a_closed_alarm_says_so(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.press("zhao", first, "收到")
    await recovered(stage)
    assert not stage.alarm("value_below_line").open
    assert "已结束" in (await stage.press("zhao", first, "收到") or "")


async def test_reminders_go_out_when_due_with_escalation_until_somebody_answers(stage: HouseStage) -> None:
    first = await breached(stage)
    await stage.pass_time(29 * 60)
    assert await stage.deliver() == []
    await stage.pass_time(2 * 60)
    reminded = {m.chat: m for m in await stage.deliver()}
    assert reminded["-1002"].notified == ("zhao", "sun", "wang")
    assert reminded["-1002"].reply_to == first.ref
    await stage.pass_time(60)
    assert await stage.deliver() == [], "not again so soon"
    await stage.pass_time(4 * 3600)
    assert len(await stage.deliver()) == 2
    await stage.press("sun", reminded["-1002"], "收到")
    await stage.deliver()
    await stage.pass_time(8 * 3600)
    assert await stage.deliver() == []


async def test_a_return_that_nobody_answered_stays_open_and_ends_with_the_last_answer(stage: HouseStage) -> None:
    first = await breached(stage)
    lifted = await recovered(stage)
    assert {m.chat for m in lifted} == {"-1001", "-1002"}
    assert all(m.text.startswith("【解除】") for m in lifted)
    alarm = stage.alarm("value_below_line")
    assert (alarm.condition, alarm.open) == (Condition.RETURNED, True)
    await stage.press("zhao", first, "收到")
    assert not stage.alarm("value_below_line").open
    assert await kinds(stage) == ["raised", "returned", "acknowledged", "closed"]


async def test_an_all_clear_names_the_price_as_its_cause(stage: HouseStage) -> None:
    await breached(stage)
    assert "恢复原因:价格" in texts(await recovered(stage))


async def test_an_all_clear_names_new_goods_as_its_cause(stage: HouseStage) -> None:
    await breached(stage)
    await stage.read(times=3, T_2=10900.0)
    await stage.read(times=3, every_s=40)
    assert "恢复原因:补货" in texts(await stage.deliver())


async def test_an_all_clear_names_the_repayment_as_its_cause(stage: HouseStage) -> None:
    await breached(stage)
    await stage.app.keeping.step()
    stage.fall()
    rewrite(stage.directory, {"contracts/a.yaml": [("principal: 3796000.00", "principal: 3000000.00")]})
    await stage.rise()
    await stage.read(times=3, every_s=40)
    lifted = texts(await stage.deliver())
    assert "【解除】" in lifted
    assert "恢复原因:还款" in lifted


async def test_a_breach_that_comes_back_before_it_is_answered_is_told_again_in_the_thread(stage: HouseStage) -> None:
    first = await breached(stage)
    await recovered(stage)
    await stage.market(BREACHED)
    told = [m for m in await stage.deliver() if m.chat == "-1002"]
    assert [(m.reply_to, m.notified) for m in told] == [(first.ref, ("zhao",))]
    assert "renewed" in await kinds(stage)
