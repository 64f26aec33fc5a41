"""A trend in the chat: the text at once, the picture after it through the outbox, and nothing lost where it fails."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answering import Answering
from bot.command.asking import answer_as
from domain.event import stamp
from reports.charts.chart import Course
from skills import trend
from skills.skill import Answer, Status
from tests.fakes.held_painter import PNG
from tests.fakes.house_stage import HouseStage

A, B = "A-1", "B-1"
SHA = hashlib.sha256(PNG).hexdigest()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.start(tmp_path / "w")
    await stage.app.remember_workspace()
    await stage.market("1")
    await stage.paper()
    await stage.read(times=2)
    stage.painter.png = PNG
    for n in range(4):
        await stage.app.tracing.step()
        stage.times.passes(900)
        await stage.market(str(1 - (n + 1) * 0.002))
        await stage.read(times=1)
        await stage.app.keeping.step()
    await stage.app.tracing.step()
    await stage.deliver()
    yield stage
    stage.fall()


async def asked(stage: HouseStage, who: str, chat: str, text: str = "货值走势") -> list[tuple[str, str | None]]:
    """Texts that appear, each with the digest of its picture."""
    before = len(stage.channel.attempts)
    await stage.say(who, chat, text, addressed=True)
    await stage.app.pictures.settled()
    await stage.deliver()
    shown = [m for _, m in stage.channel.attempts[before:]]
    assert all(m.picture is None or hashlib.sha256(m.picture.png or b"").hexdigest() == m.picture.sha256 for m in shown)
    return [(m.text, m.picture.sha256 if m.picture is not None else None) for m in shown]


async def run(stage: HouseStage, arguments: dict[str, str], who: str, chat: str) -> Answer:
    roster, answering = stage.house.workspace.roster, stage.app.answering
    assert isinstance(answering, Answering)
    return await answering.running.run(trend.SKILL, arguments, roster.people[who], roster.chats[chat])


async def test_the_text_comes_first_and_the_picture_after_it(stage: HouseStage) -> None:
    (text, none), (title, digest) = await asked(stage, "chen", "a_bank")
    assert (none, digest) == (None, SHA)
    assert text.startswith("恒运池 认可货值 -")
    assert title.startswith("恒运池 认可货值走势")
    (chart,) = stage.painter.charts
    assert isinstance(chart, Course)
    assert len(chart.panels[0].curves[0].points) == 5  # a point a quarter of an hour, the last of now
    assert await stage.memory.ledger(lambda book: book.picture(SHA)) == PNG


async def test_what_cannot_be_drawn_holds_back_nothing(stage: HouseStage) -> None:
    stage.painter.png = None
    ((text, picture),) = await asked(stage, "chen", "a_bank")
    assert (text.startswith("恒运池 认可货值"), picture) == (True, None)


async def test_a_picture_that_is_kept_no_more_is_settled_and_said(stage: HouseStage) -> None:
    await stage.say("chen", "a_bank", "货值走势", addressed=True)
    await stage.app.pictures.settled()
    later = stage.clock.now() + timedelta(days=1)
    await stage.memory.ledger(lambda book: book.drop_pictures(later))
    shown = await stage.deliver()
    assert not any("走势" in m.text for m in shown if m.chat == "-1001" and "→" not in m.text)
    failed = [e for e in await stage.events() if e.kind == "delivery.failed"]
    assert "is kept no more" in failed[-1].body["why"]


async def test_a_repeated_question_gets_no_second_picture(stage: HouseStage) -> None:
    for _ in range(2):
        await stage.say("chen", "a_bank", "货值走势", addressed=True, event_id="same")
        await stage.app.pictures.settled()
    assert len(await stage.deliver()) == 2


async def test_a_picture_owed_before_a_restart_is_sent_after_it(stage: HouseStage) -> None:
    await stage.say("chen", "a_bank", "货值走势", addressed=True)
    await stage.app.pictures.settled()
    await stage.restart()
    assert not any(m.picture for _, m in stage.channel.attempts)
    await stage.deliver()
    assert [m.picture.png for _, m in stage.channel.attempts if m.picture is not None] == [PNG]
    await stage.read(times=2)
    answer = await run(stage, {}, "chen", "a_bank")
    assert [m["metric"] for m in answer.facts["measures"]] == ["value", "qty"]


async def test_the_value_then_and_its_causes_are_those_of_the_past(stage: HouseStage) -> None:
    then = stage.clock.now() - timedelta(minutes=46)
    answer = await run(stage, {"compare": stamp(then)}, "chen", "a_bank")
    told = answer.facts["measures"][0]
    assert told["first"]["at"] == stamp(then)
    assert answer.facts["causes"]["parts"].keys() == {"price_cny"}
    assert answer.facts["causes"]["change_cny"] == told["change"]


async def test_before_the_record_there_is_no_comparison(stage: HouseStage) -> None:
    answer = await run(stage, {"compare": stamp(stage.clock.now() - timedelta(days=40))}, "chen", "a_bank")
    assert (answer.status, answer.facts["about"]) == (Status.NO_DATA, "before")
    assert answer.picture is None


async def test_no_answer_or_picture_holds_another_lenders_pledge(stage: HouseStage) -> None:
    for who, chat in (("chen", "a_bank"), ("zhao", "a_group"), ("li", "a_group")):
        for metric in ("value", "ltv", "level"):
            for more in ({}, {"tank": "T-1"}, {"contract": B}):
                answer = await run(stage, {"metric": metric, **more}, who, chat)
                shown = answer.picture.facts if answer.picture else None
                assert B not in json.dumps([answer.facts, shown], ensure_ascii=False)
                if "contract" in more:
                    assert answer.status is Status.NO_DATA
                elif metric == "ltv" and chat != "a_bank":
                    assert (answer.status, answer.picture) == (Status.NOT_PERMITTED, None)


async def test_the_command_line_gets_the_picture_as_bytes_only_when_it_asks(stage: HouseStage) -> None:
    asked_for = {"question": "货值走势", "as": "chen", "chat": "a_bank"}
    assert "picture" not in await answer_as(stage.app, asked_for)
    told = await answer_as(stage.app, {**asked_for, "picture": True})
    assert base64.b64decode(told["picture"]) == PNG
    plain = await answer_as(stage.app, {**asked_for, "question": "货还在吗", "picture": True})
    assert plain["picture"] is None


async def test_old_points_are_thinned_and_old_pictures_go(stage: HouseStage) -> None:
    await asked(stage, "chen", "a_bank")
    stage.times.passes(timedelta(days=91).total_seconds())
    await stage.app.tracing.thin()
    points = await stage.memory.series(
        lambda s: s.course(A, stage.clock.now() - timedelta(days=400), stage.clock.now())
    )
    assert 1 <= len(points) <= 2
    assert await stage.memory.ledger(lambda book: book.picture(SHA)) is None
