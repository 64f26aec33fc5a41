"""From the outbox to a platform that throttles, refuses, moves, hangs and loses its answers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.message import Moved, NotSent, Rejected, Throttled
from tests.fakes.house_channel import CAPS, HeldChannel, Lost, Shown
from tests.fakes.house_ground import rewrite
from tests.fakes.house_stage import HouseStage, texts

GROUP, BANK, HEALTH = "-1002", "-1001", "-1005"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


def tried(stage: HouseStage, chat: str) -> int:
    return sum(to == chat for to, _ in stage.channel.attempts)


async def test_a_throttled_chat_waits_as_long_as_it_was_told_and_no_other_does(stage: HouseStage) -> None:
    stage.channel.then(GROUP, Throttled(after_s=30))
    await stage.market("0.95")
    assert [m.chat for m in await stage.deliver()] == [BANK]
    await stage.say("zhao", "a_group", "/help", addressed=True)
    await stage.pass_time(29)
    assert await stage.deliver() == []
    assert tried(stage, GROUP) == 1, "not even an answer goes to a throttled chat"
    await stage.pass_time(2)
    first, _ = await stage.deliver()
    assert first.notified == ("zhao",)
    assert "补发" not in first.text


async def test_what_did_not_leave_is_tried_again_at_growing_pauses(stage: HouseStage) -> None:
    stage.channel.then(GROUP, *[NotSent(why="no route")] * 7)
    await stage.market("0.95")
    await stage.deliver()
    pauses = []
    for _ in range(7):
        before, waited = tried(stage, GROUP), 0
        while tried(stage, GROUP) == before:
            await stage.pass_time(1)
            waited += 1
            await stage.deliver()
        pauses.append(waited)
    assert pauses == sorted(pauses)
    assert pauses[0] <= 2
    assert pauses[-1] == 30
    (told,) = stage.at("a_group")
    assert "补发" not in told.text


@pytest.mark.parametrize("arrived", [True, False])
async def test_an_alert_of_unknown_fate_goes_out_once_more_and_says_so(stage: HouseStage, arrived: bool) -> None:
    stage.channel.then(GROUP, Lost(arrived=arrived))
    await stage.market("0.95")
    await stage.deliver()
    shown = stage.at("a_group")
    assert len(shown) == 1 + arrived
    assert shown[-1].text.startswith("〔补发")
    assert shown[-1].notified == ("zhao",)
    (event,) = await stage.events("delivery.failed")
    assert (event.body["outcome"], event.tenant) == ("unknown", "bank_a")
    assert "送达不明" in texts(stage.at("health"))


async def test_an_alert_of_unknown_fate_twice_is_not_sent_a_third_time(stage: HouseStage) -> None:
    stage.channel.then(GROUP, Lost(arrived=False), Lost(arrived=False))
    await stage.market("0.95")
    await stage.deliver()
    await stage.pass_time(600)
    await stage.deliver()
    assert tried(stage, GROUP) == 2
    assert len(await stage.events("delivery.failed")) == 2


async def test_an_answer_of_unknown_fate_is_not_repeated(stage: HouseStage) -> None:
    stage.channel.then(GROUP, Lost(arrived=True))
    await stage.say("zhao", "a_group", "/help", addressed=True)
    await stage.deliver()
    await stage.pass_time(60)
    await stage.deliver()
    assert tried(stage, GROUP) == 1


async def test_a_refused_message_is_told_to_the_operators_without_its_text(stage: HouseStage) -> None:
    stage.channel.then(GROUP, Rejected(why="bot was kicked"))
    await stage.market("0.95")
    await stage.deliver()
    (event,) = await stage.events("delivery.failed")
    assert (event.body["outcome"], event.body["chat"]) == ("rejected", "a_group")
    (line,) = stage.at("health")
    assert "bot was kicked" in line.text
    assert "恒运" not in line.text
    assert await stage.owed() == []


async def test_operators_who_cannot_be_told_do_not_make_a_circle(stage: HouseStage) -> None:
    stage.channel.then(GROUP, Rejected(why="kicked"))
    stage.channel.then(HEALTH, Rejected(why="kicked"))
    await stage.market("0.95")
    await stage.deliver()
    assert tried(stage, HEALTH) == 1
    assert await stage.owed() == []


async def test_a_moved_chat_keeps_its_place_in_the_workspace_also_after_a_restart(stage: HouseStage) -> None:
    stage.channel.then(GROUP, Moved(address="-100777"))
    await stage.market("0.95")
    told = await stage.deliver()
    assert {m.chat for m in told} == {BANK, "-100777"}
    assert "补发" not in texts(told)
    (event,) = await stage.events("chat.moved")
    assert (event.body["chat"], event.body["to"]) == ("a_group", "-100777")
    await stage.restart()
    await stage.say("zhao", "-100777", "/help", addressed=True)
    assert [m.chat for m in await stage.deliver()] == ["-100777"]


async def test_a_move_that_the_platform_announces_is_followed(stage: HouseStage) -> None:
    await stage.hear(stage.inbound("migrated", "zhao", "a_group", "-100777"))
    await stage.market("0.95")
    assert {m.chat for m in await stage.deliver()} == {BANK, "-100777"}
    assert len(await stage.events("chat.moved")) == 1


async def test_an_unbound_chat_that_moved_is_let_go(stage: HouseStage) -> None:
    stage.channel.then("-4242", *[Moved(address="-4343")] * 300)
    await stage.say("99", "-4242", "在吗", addressed=True)
    await stage.deliver()
    assert await stage.owed() == []
    assert tried(stage, "-4242") == 1


async def test_a_breach_overtakes_queued_answers(tmp_path: Path) -> None:
    paced = HeldChannel(caps=replace(CAPS, per_chat_seconds=1.0, per_chat_per_minute=8))
    stage = await HouseStage.calm(tmp_path / "w", channel=paced)
    for _ in range(5):
        await stage.say("zhao", "a_group", "/help", addressed=True)
    assert len(await stage.deliver()) == 1
    await stage.market("0.95")
    for _ in range(3):
        await stage.pass_time(1)
        await stage.deliver()
    second = stage.at("a_group")[1]
    assert second.notified == ("zhao",)
    assert len(stage.at("a_group")) == 3, "one a second"
    stage.fall()


async def test_a_hanging_chat_delays_no_other(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.LOOK", 8)
    free = stage.channel.hang(GROUP)
    for _ in range(20):
        await stage.say("zhao", "a_group", "/help", addressed=True)
    await stage.market("0.95")
    await stage.say("wang", "a_bank", "/help", addressed=True)
    async with asyncio.timeout(10):
        while len(stage.at("a_bank")) < 2:
            await stage.app.postman.step()
            await asyncio.sleep(0)
    assert stage.at("a_group") == []
    free.set()
    stage.channel.hanging.clear()
    await stage.deliver()
    assert len(stage.at("a_group")) == 21


async def test_an_answer_to_an_alarm_that_has_not_arrived_yet_shows_in_it_once_it_has(stage: HouseStage) -> None:
    stage.channel.then(GROUP, NotSent(why="no route"))
    await stage.market("0.95")
    (bank,) = await stage.deliver()
    alarm = stage.alarm("value_below_line")
    await stage.hear(stage.inbound("press", "zhao", "a_group", f"v1|{alarm.id}|1|ack"))
    await stage.deliver()
    for _ in range(5):
        await stage.pass_time(2)
        await stage.deliver()
    (told,) = stage.at("a_group")
    assert told.notified == ("zhao",), "the alarm itself still notifies"
    assert "已回复" in told.text
    assert stage.at("a_bank")[0].edits == 1
    assert bank.ref == stage.at("a_bank")[0].ref


async def test_an_all_clear_does_not_overtake_its_alarm(stage: HouseStage) -> None:
    stage.channel.then(GROUP, *[NotSent(why="no route")] * 6)
    await stage.market("0.95")
    await stage.deliver()
    await stage.market("1.01")
    for _ in range(100):
        await stage.read(every_s=1)
        await stage.deliver()
    told: list[Shown] = stage.at("a_group")
    assert [m.text.startswith("【解除】") for m in told] == [False, True]
    assert told[1].reply_to == told[0].ref


async def test_the_last_of_two_edits_is_what_stays(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.market("0.90")
    told = [m for m in await stage.deliver() if m.chat == GROUP][-1]
    stage.channel.then(GROUP, NotSent(why="no route"))
    await stage.press("zhao", told, "收到")
    await stage.deliver()
    await stage.press("li", told, "收到")
    for _ in range(5):
        await stage.deliver()
        await stage.pass_time(1)
    shown = stage.channel.shown[told.ref]
    assert "应回复的均已回复" in shown.text


async def test_a_chat_that_left_the_workspace_does_not_stop_the_others(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.say("zhao", "zhao_alone", "/help")
    stage.fall()
    alone = "  - {id: zhao_alone, name: 赵总, audience: private, contracts: [A-1], members: [zhao], telegram_chat_id: 301}\n"
    rewrite(stage.directory, {"people.yaml": [(alone, "")]})
    await stage.rise()
    told = await stage.deliver()
    assert {m.chat for m in told} >= {BANK, GROUP}
    assert await stage.owed() == []
    (event,) = await stage.events("delivery.failed")
    assert event.body["chat"] == "zhao_alone"


async def test_more_obliged_people_than_a_message_notifies_get_a_second_one(tmp_path: Path) -> None:
    one = HeldChannel(caps=replace(CAPS, mentions_notified=1))
    stage = await HouseStage.calm(tmp_path / "w", channel=one)
    await stage.market("0.95")
    await stage.market("0.90")
    told = [m for m in await stage.deliver() if m.chat == GROUP and m.reply_to is not None]
    assert [m.notified for m in told] == [("zhao",), ("li",)]
    assert told[0].buttons == told[1].buttons
    stage.fall()
