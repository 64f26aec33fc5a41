"""Questions through the whole house: answered where they may be, honest about age and gaps, silent for chatter."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from skills.registry import SKILLS
from skills.skill import Answer, Status
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage, texts

CANONICAL = "货还在不在?现在大概多少货值?"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def asked(stage: HouseStage, text: str, *, person: str = "wang", chat: str = "a_bank") -> list[Shown]:
    await stage.say(person, chat, text, addressed=True)
    return await stage.deliver()


async def rows(stage: HouseStage) -> list[int]:
    """How much the ledger holds, in every table that a message could leave something in."""
    names = ("events", "outbox", "seen")

    def count(book) -> list[int]:  # type: ignore[no-untyped-def]
        with book._db.reading() as cursor:
            return [cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names]

    return await stage.memory.ledger(count)


@pytest.mark.parametrize(
    ("person", "chat", "ratio"), [("wang", "a_bank", True), ("zhao", "a_group", False), ("zhao", "zhao_alone", False)]
)
async def test_the_first_question_is_answered_with_what_everybody_here_may_see(
    stage: HouseStage, person: str, chat: str, ratio: bool
) -> None:
    (answer,) = await asked(stage, CANONICAL, person=person, chat=chat)
    assert answer.text.startswith("在")
    assert "认可货值 559.35万元" in answer.text
    assert "状态正常" in answer.text
    assert ("质押率 67.86%" in answer.text) is ratio
    assert answer.reply_to is not None


async def test_an_overheard_question_is_answered_too(stage: HouseStage) -> None:
    await stage.say("zhao", "a_group", CANONICAL)
    assert len(await stage.deliver()) == 1


@pytest.mark.parametrize(
    "chatter",
    ["早上好", "中午吃什么", "赵总下午三点开会", "收到", "👍", "今天天气不错吧?", "@李主管 车到了吗", "哈哈哈" * 500],
)
async def test_chatter_is_met_with_silence_and_leaves_no_row(stage: HouseStage, chatter: str) -> None:
    before = await rows(stage)
    await stage.say("zhao", "a_group", chatter)
    assert await stage.deliver() == []
    assert await rows(stage) == before


@pytest.mark.parametrize("minutes", [6, 31, 600])
async def test_old_readings_are_never_called_normal_and_their_age_is_said(stage: HouseStage, minutes: int) -> None:
    stage.times.passes(minutes * 60)
    await stage.paper()
    await stage.deliver()
    (answer,) = await asked(stage, CANONICAL)
    assert "正常" not in answer.text
    assert not answer.text.startswith("在。")
    assert {6: "6分", 31: "31分", 600: "10小时"}[minutes] in answer.text.replace(" ", "")


async def test_before_the_first_reading_nothing_is_claimed(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w")
    for text in (CANONICAL, "/status", "/tanks", "/alarms"):
        (answer,) = await asked(stage, text)
        assert "正常" not in answer.text
        assert "0.00" not in answer.text, "unknown is not zero"
        assert not answer.text.startswith("在。")
    await stage.market("1")
    await stage.say("wang", "a_bank", CANONICAL, addressed=True)
    assert "正常" not in texts(await stage.deliver())
    stage.fall()


async def test_after_a_restart_the_last_known_is_answered_with_its_age(stage: HouseStage) -> None:
    await stage.app.keeping.step()
    stage.times.passes(20 * 60)
    await stage.restart()
    await stage.paper()
    await stage.deliver()
    (answer,) = await asked(stage, CANONICAL)
    assert "559.35万元" in answer.text
    assert "正常" not in answer.text
    assert "20分" in answer.text.replace(" ", "")


@pytest.mark.parametrize("addressed", [True, False])
async def test_ten_kilobytes_are_too_long(stage: HouseStage, addressed: bool) -> None:
    await stage.say("zhao", "a_group", CANONICAL * 700, addressed=addressed)
    said = await stage.deliver()
    assert [("过长" in m.text) for m in said] == [True] * addressed


@pytest.mark.parametrize(
    "text",
    [
        "🛢️🛢️🛢️???",
        "<b>货值</b><script>alert(1)</script>多少",
        "\u202e值货少多\u202c",
        "货值{{ 7*7 }}{% raw %}多少?",
        "货\x00值\x1b[31m多少\x07?",
        "T-1\ud83d 现在",
        "/status <b>{{ config }}</b>",
        "/" * 300,
        "　",
        "",
        "0" * 500,
    ],
)
async def test_strange_texts_get_an_answer_or_a_question_back_and_never_themselves(
    stage: HouseStage, text: str
) -> None:
    said = await asked(stage, text, person="zhao", chat="a_group")
    assert len(said) <= 1
    assert not [m for m in said if any(s in m.text for s in ("<b>", "{{", "{%", "49", "\x1b", "\x00", "\u202e"))]
    assert len(await asked(stage, CANONICAL)) == 1, "and the next question is answered as ever"


NASTY = "{{ 7*7 }}<b>@all"
"""Template syntax, markup, a mention. (Invisible signs are refused with the files.)"""


async def test_names_in_files_are_only_names(tmp_path: Path) -> None:
    edits = {
        "goods.yaml": [("name: 甲醇", f'name: "甲醇{NASTY}"')],
        "people.yaml": [("name: 赵总, org", f'name: "赵{NASTY}", org'), ("short: 恒运", f'short: "恒{NASTY}"')],
        "sites/north.yaml": [("name: 港储一库", f'name: "库{NASTY}"'), ("{id: T-1,", f'{{id: T-1, name: "罐{NASTY}",')],
    }
    stage = await HouseStage.calm(tmp_path / "w", edits=edits)
    await stage.market("0.95")
    await stage.paper()
    await stage.read(times=3, T_1=2300.0)
    told = next(m for m in await stage.deliver() if m.chat == "-1002" and "货值" in m.text)
    await stage.press("zhao", told, "收到")
    await stage.press("sun", told, "收到")
    for question in (CANONICAL, "/tanks", "/alarms"):
        await stage.say("wang", "a_bank", question, addressed=True)
    await stage.pass_time(3600)
    await stage.deliver()
    said = [m.text for m in stage.channel.shown.values()] + [text for _, text in stage.channel.toasts]
    for name in ("甲醇", "赵", "恒", "库", "罐"):
        assert any(name + "{{ 7*7 }}<b>" in t for t in said), "shown as it was written"
    assert [t for t in said if "@all" in t] == [], "no mention but the contract's"
    stage.fall()


async def test_a_skill_that_hangs_is_answered_with_busy_and_holds_up_nothing(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, free = threading.Event(), threading.Event()

    def hang(*_: object) -> Answer:
        begun.set()
        free.wait(20)
        return Answer(status=Status.OK, kind="help", facts={})

    slow = tuple(replace(s, run=hang) if s.name == "status" else s for s in SKILLS)
    monkeypatch.setattr("bot.running.SKILLS", slow)
    asking = asyncio.create_task(stage.say("wang", "a_bank", "/status", addressed=True))
    await asyncio.to_thread(begun.wait, 10)
    await stage.market("0.95")
    assert {m.chat for m in await stage.deliver()} == {"-1001", "-1002"}, "alerts do not wait for it"
    stage.times.passes(11)
    await asking
    free.set()
    (answer,) = await stage.deliver()
    assert "正忙" in answer.text


async def test_an_offered_button_runs_its_question(stage: HouseStage) -> None:
    (answer,) = await asked(stage, CANONICAL)
    await stage.press("wang", answer, answer.buttons[0][0])
    (details,) = await stage.deliver()
    assert "T-1" in details.text


async def test_an_offered_button_shows_a_stranger_nothing(stage: HouseStage) -> None:
    (answer,) = await asked(stage, CANONICAL)
    await stage.press("99", answer, answer.buttons[0][0])
    assert await stage.deliver() == []
    forged = stage.inbound("press", "qian", "b_group", "q1|tanks|contract=A-1")
    await stage.hear(forged)
    assert [w for w in ("T-1现", "S-1", "恒运") if w in texts(await stage.deliver())] == []
