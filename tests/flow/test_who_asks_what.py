"""What is understood of, and open to, whoever asks: a depot's own site, an inspector, a deputy, operators, a bare call."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.contract import AlertKind
from skills.understanding.understand import Understood
from tests.fakes.house_stage import HouseStage, texts

WATCH = {
    "people.yaml": [
        (
            "\npeople:",
            "  - {id: watch, name: 港联监管, short: 港联监管}\n  - {id: yunwei, name: 运维, short: 运维}\n\npeople:",
        ),
        (
            "\nchats:",
            """  - {id: shi, name: 老石, org: watch, role: inspector, telegram_id: 702}
  - {id: fang, name: 方工, org: yunwei, role: operator, telegram_id: 801}

chats:
  - {id: a_watch, name: 巡检群, audience: project, contracts: [A-1], members: [wang, shi, li], telegram_chat_id: -1015}""",
        ),
        ("members: [ma]", "members: [ma, fang]"),
    ],
    "contracts/a.yaml": [
        ("borrower: trader", "borrower: trader\nsupervisor: watch"),
        (
            "value: [borrower, depot], quantity: [borrower, depot]",
            "value: [borrower, depot, inspector], quantity: [borrower, depot, inspector]",
        ),
        ("tell: [{person: li, chat: a_group, act: explain", "tell: [{person: li, chat: a_watch, act: explain"),
    ],
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=WATCH)
    yield stage
    stage.fall()


async def told(stage: HouseStage, person: str, chat: str, text: str) -> str:
    """What that chat is answered."""
    await stage.say(person, chat, text, addressed=True)
    return texts([m for m in await stage.deliver() if m.chat == stage.platform_id(chat)])


async def sites(stage: HouseStage, person: str, text: str) -> set[str | None]:
    """The sites that the question of this person in the group is about."""
    roster = stage.house.workspace.roster
    reply = await stage.app.answering.answer(
        text, roster.people[person], roster.chats["a_group"], addressed=True, after=""
    )
    assert reply is not None
    assert isinstance(reply.heard, Understood), text
    return {q.arguments.get("site") for q in reply.heard.questions}


@pytest.mark.parametrize(
    "text",
    [
        "我们库现在多少吨货",
        "本库还有多少吨",
        "咱库有多少吨货",
        "咱们库有多少吨",
        "我这边库还有多少吨",
        "我们库有没有出过库",
    ],
)
async def test_our_depot_is_the_site_of_the_depots_person_who_says_it(stage: HouseStage, text: str) -> None:
    assert await sites(stage, "li", text) == {"north"}
    assert await sites(stage, "gao", text) == {"south"}


async def test_our_stock_is_no_depot_and_our_depot_of_a_borrower_names_none(stage: HouseStage) -> None:
    assert await sites(stage, "li", "我们库存还有多少吨") == {None}
    assert await sites(stage, "zhao", "甲醇还有多少吨") == {None}
    assert "民储库" not in await told(stage, "li", "a_group", "我们库现在多少吨货")


async def test_an_inspector_may_ask_of_tanks_and_alarms_and_reads_no_money(stage: HouseStage) -> None:
    tank = await told(stage, "shi", "a_watch", "T-1液位多少")
    assert "2500" in tank or "2.5" in tank
    assert "元" not in tank
    assert "元" in await told(stage, "wang", "a_watch", "T-1值多少钱"), "the group itself may read the value"
    await stage.read(times=3, T_1=1000.0)
    await stage.deliver()
    alarm = stage.alarm(AlertKind.QTY_DROP).id
    assert alarm in await told(stage, "shi", "a_watch", "预警有哪些")
    assert alarm in await told(stage, "shi", "a_watch", "谁还没回")
    for money in ("/status", "/exposure", "/topup", "/headroom"):
        assert "不对您的角色开放" in await told(stage, "shi", "a_watch", money)


async def below(stage: HouseStage) -> None:
    await stage.market("0.96")
    await stage.read(times=2)
    await stage.deliver()


async def test_a_deputy_may_press_their_principals_objection_and_is_recorded_as_such(stage: HouseStage) -> None:
    await below(stage)
    await stage.say("zhao", "a_group", "/dispute 价格不对,昨天已更正", addressed=True)
    (card,) = await stage.deliver()
    assert "已记录异议" in (await stage.press("sun", card, "确认") or "")
    (event,) = await stage.events("alarm.acknowledged")
    assert (event.actor, event.body["persons"], event.body["answer"]) == ("sun", ["zhao"], "dispute")
    assert await stage.events("person.refused") == []


async def test_a_principal_may_press_what_their_deputy_has_said(stage: HouseStage) -> None:
    await below(stage)
    await stage.say("sun", "a_group", "/dispute 价格不对", addressed=True)
    (card,) = await stage.deliver()
    assert "已记录异议" in (await stage.press("zhao", card, "确认") or "")


async def test_nobody_else_presses_an_objection_and_a_mark_stays_ones_own(stage: HouseStage) -> None:
    await below(stage)
    await stage.say("zhao", "a_group", "/dispute 价格不对", addressed=True)
    (card,) = await stage.deliver()
    assert "没有此项操作权限" in (await stage.press("li", card, "确认") or "")
    await stage.say("zhao", "a_group", "/notifyme 货值低于500万的时候单独@我", addressed=True)
    (card,) = await stage.deliver()
    assert "没有此项操作权限" in (await stage.press("sun", card, "确认") or "")
    assert [e.body["action"] for e in await stage.events("person.refused")] == ["dispute", "subscribe"]


async def test_operators_are_told_what_their_chat_is_for(stage: HouseStage) -> None:
    for asked in ("/help", "你能干啥", "@小六子"):
        said = await told(stage, "fang", "health", asked)
        assert "运行告警" in said, asked
        assert "没有可查看的项目" not in said
        assert "恒运" not in said
    assert "没有可查看的项目" in await told(stage, "fang", "health", "/status")


@pytest.mark.parametrize("call", ["@小六子", "@小六子 ?", "小六子?", "?"])
async def test_a_bare_call_is_answered_with_three_questions_that_may_be_asked_here(
    stage: HouseStage, call: str
) -> None:
    said = await told(stage, "gao", "a_group", call)
    assert said.count(" / ") == 2
    assert "S-1" in said, "a tank of the asker's own depot"
    assert "T-107" not in said
    inspector = await told(stage, "shi", "a_watch", call)
    assert inspector.count(" / ") == 2
    assert "多少货值" not in inspector


async def test_a_bare_sign_to_nobody_stays_unanswered(stage: HouseStage) -> None:
    await stage.say("gao", "a_group", "?")
    await stage.say("gao", "a_group", "👍", addressed=True)
    assert await stage.deliver() == []


async def test_every_question_of_a_bare_call_is_answered(stage: HouseStage) -> None:
    said = (await told(stage, "gao", "a_group", "@小六子")).splitlines()[0]
    for question in said.partition(":")[2].rstrip("。").split(" / "):
        answer = await told(stage, "gao", "a_group", question)
        assert "没听懂" not in answer
        assert "开放" not in answer.splitlines()[0]
