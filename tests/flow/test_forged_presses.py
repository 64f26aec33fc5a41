"""What a button sends back is whatever its client wrote: no press ends the process, and none is asked that no button offers."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.offer_taken import taken
from bot.tokens import Offer
from domain.errors import StoreFull
from skills.registry import SKILLS
from skills.skill import Answer, Skill, Status
from tests.fakes.house_stage import HouseStage, texts

OLD = "这个按钮已失效,请用文字再问一次。"
BAD = (
    "", " ", "x", "-1", "1e999", "-1e999", "NaN", "sNaN", "Infinity", "0x10", "1_0", "9" * 20, "a,b", "T-2", "B-1", "../x",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z/9999-12-31T23:59:59Z", "2026-03-12/2026-03-13", "2026/2026", "%00", "{{7*7}}",
)  # fmt: skip
NAMES = ("x", "a,b", "%00", "{{7*7}}")
"""Of what may be an id or a text, so many are really asked."""
TYPED = frozenset({"choice", "time", "mass", "money", "percent"})
TANKS = "q1|tanks|contract=A-1"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


def forged(*kinds: str) -> Iterator[tuple[Skill, str, str]]:
    """Every skill, with every bad value in every place of these kinds."""
    yield from ((s, p.name, v) for s in SKILLS for p in s.parameters if p.kind in kinds for v in BAD)


SIGNED = {(s.name, p.name) for s in SKILLS for p in s.parameters if p.kind in ("mass", "money", "percent")}


async def pressed(stage: HouseStage, token: str, person: str = "zhao", chat: str = "a_group") -> str:
    """The line that whoever pressed is shown."""
    await stage.hear(stage.inbound("press", person, chat, token))
    return stage.channel.toasts[-1][1]


def test_no_bad_choice_amount_or_time_is_taken_from_any_button() -> None:
    tried = [(s.name, name, v) for s, name, v in forged(*TYPED) if v != "-1" or (s.name, name) not in SIGNED]
    assert len(tried) > 1000
    assert [t for t in tried if taken(Offer(skill=t[0], arguments={t[1]: t[2]})) is not None] == []


async def test_whatever_else_a_button_names_every_skill_has_words_for_it(stage: HouseStage) -> None:
    """Names, texts, and the small amounts that may be meant: those reach the skills."""
    roster, running = stage.house.workspace.roster, stage.app.answering.running
    kinds = {p.kind for s in SKILLS for p in s.parameters} - TYPED
    asked = [(s, {name: v}) for s, name, v in forged(*kinds) if v in NAMES]
    asked += [(s, {p.name: "-1"}) for s in SKILLS for p in s.parameters if (s.name, p.name) in SIGNED]
    for skill, arguments in [*asked, *((s, {}) for s in SKILLS)]:
        if taken(Offer(skill=skill.name, arguments=arguments)) is not None:
            spoken = await running.spoken(skill, arguments, roster.people["zhao"], roster.chats["a_group"])
            assert spoken.answer.kind not in ("failed", "busy"), (skill.name, arguments)


@pytest.mark.parametrize(
    "token",
    ["q1|alarms|severity=x", "q1|headroom|money=1e999", "q1|what_if|percent=1e999", "q1|q_sensor|device=x",
     "q1|what_if|percent=-101", "q1|then|time=2026-03-12", "q1|then|", "q1|tanks|colour=red", "q1|no_such_skill|", "?"],
)  # fmt: skip
async def test_what_no_button_offers_is_an_old_button_and_leaves_no_row(stage: HouseStage, token: str) -> None:
    before = len(await stage.events())
    assert await pressed(stage, token) == OLD
    assert await stage.deliver() == []
    assert len(await stage.events()) == before


@pytest.mark.parametrize(
    ("skill", "arguments"),
    [
        ("what_if", {"good": "METHANOL", "percent": "-5"}),
        ("headroom", {"money": "5000000.00"}),
        ("headroom", {"mass": "-500000"}),
        ("receipts", {"which": "live,soon"}),
        ("tanks", {"contract": "A-1", "by": "site"}),
        ("tanks", {"time": "2026-03-11T09:00:00Z/2026-03-11T10:00:00Z"}),
        ("q_price", {"time": "2026-03-11T09:00:00Z"}),
    ],
)
def test_what_a_skill_takes_is_taken_from_a_button_too(skill: str, arguments: Mapping[str, str]) -> None:
    found = taken(Offer(skill=skill, arguments=arguments))
    assert found is not None
    assert found.name == skill


def unspeakable(*_: object) -> Answer:
    return Answer(status=Status.OK, kind="alarms", facts={"rows": None})


def broken(*_: object) -> Answer:
    raise ZeroDivisionError


@pytest.mark.parametrize("run", [unspeakable, broken])
async def test_an_answer_that_cannot_be_said_is_a_failure_in_words_and_in_the_record(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch, run: Any
) -> None:
    monkeypatch.setattr("bot.running.SKILLS", tuple(replace(s, run=run) if s.name == "tanks" else s for s in SKILLS))
    await stage.hear(stage.inbound("press", "wang", "a_bank", TANKS))
    await stage.say("wang", "a_bank", "/tanks T-1", addressed=True)
    said = await stage.deliver()
    assert ["没能算出来" in m.text for m in said] == [True, True]
    kept = [e.body["skills"] for e in await stage.events("question.answered")]
    assert [(s["skill"], s["status"]) for (s,) in kept] == [("tanks", "no_data")] * 2


async def falls(*_: object, **__: object) -> None:
    raise ZeroDivisionError


async def test_an_event_that_cannot_be_handled_is_said_to_have_failed_once_and_is_over(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.Answering.ask", falls)
    for _ in range(2):
        await stage.say("zhao", "a_group", "/status", addressed=True, event_id="e-x")
    assert "没能处理" in texts(await stage.deliver())
    monkeypatch.undo()
    await stage.restart()
    await stage.say("zhao", "a_group", "/status", addressed=True, event_id="e-x")
    assert await stage.deliver() == [], "it was handled before"
    await stage.say("zhao", "a_group", "/status", addressed=True)
    assert len(await stage.deliver()) == 1


async def test_a_press_that_cannot_be_handled_is_told_to_whoever_pressed(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.Answering.press", falls)
    assert "没能处理" in await pressed(stage, TANKS)
    assert await stage.deliver() == []


async def test_what_is_committed_and_not_yet_in_memory_is_mended_by_a_restart_alone(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ZeroDivisionError

    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == stage.platform_id("a_group"))
    monkeypatch.setattr("bot.house.House.put", full)
    with pytest.raises(ZeroDivisionError):
        await stage.press("zhao", told, "收到", event_id="e-x")
    monkeypatch.undo()
    await stage.restart()
    assert "无需重复" in (await stage.press("zhao", told, "收到", event_id="e-x") or "")
    (alarm,) = stage.house.open_alarms("A-1").values()
    assert [p.person for p in alarm.parties if p.answered_by == "zhao"] == ["zhao"]


async def test_overheard_chatter_that_cannot_be_handled_is_met_with_silence(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.Answering.ask", falls)
    await stage.say("zhao", "a_group", "中午吃什么")
    assert await stage.deliver() == []


async def test_what_memory_cannot_take_stays_with_the_platform(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr("bot.answering.Answering.ask", full)
    with pytest.raises(StoreFull):
        await stage.say("zhao", "a_group", "/status", addressed=True)
    assert stage.channel.forgotten == []
