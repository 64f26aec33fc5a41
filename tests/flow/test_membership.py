"""Somebody unknown in a group: no figure of money there any more, alarms all the same, and those who must know are told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.tokens import token
from domain.errors import SourceAbsent, SourceUnavailable
from domain.message import Crowd
from tests.fakes.house_channel import HeldChannel
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage, texts

BANK, GROUP = "-1001", "-1002"
CONTACT: Edits = {"xiaoliuzi.toml": [("[process]", '[questions]\nsecurity_contact = "chen"\n\n[process]')]}
VALUE = "货还在不在?现在大概多少货值?"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=CONTACT)
    await stage.app.membership.step()
    assert await stage.deliver() == []
    yield stage
    stage.fall()


def joined(stage: HouseStage, chat: str = "a_group", *, more: int = 1, admins: tuple[str, ...] = ()) -> None:
    """So many people beyond the bound ones are in the group."""
    roster = stage.house.workspace.roster
    there = frozenset(str(roster.people[m].telegram_id) for m in roster.chats[chat].members)
    crowd = Crowd(members=len(there) + more, present=there, admins=frozenset(admins))
    stage.channel.crowds[stage.platform_id(chat)] = crowd


async def asked(stage: HouseStage, person: str = "zhao", chat: str = "a_group", text: str = VALUE) -> str:
    await stage.say(person, chat, text, addressed=True)
    return texts(await stage.deliver())


async def test_a_stranger_who_joins_takes_the_money_out_of_answers_until_he_has_left(stage: HouseStage) -> None:
    assert "559.35万元" in await asked(stage)
    joined(stage)
    await stage.hear(stage.inbound("joined", "777", "a_group", ""))
    (told,) = await stage.deliver()
    assert (told.chat, told.notified) == (BANK, ("chen",))
    assert "平台 9 人,登记 8 人" in told.text
    answer = await asked(stage)
    assert "万元" not in answer
    assert "暂不显示" in answer
    await stage.app.membership.step()
    assert await stage.deliver() == [], "told once"
    await stage.restart()
    await stage.paper()
    await stage.read(times=2)
    await stage.deliver()
    assert "万元" not in await asked(stage), "a restart changes nothing"
    joined(stage, more=0)
    await stage.hear(stage.inbound("left", "777", "a_group", ""))
    assert "恢复" in texts(await stage.deliver())
    assert "559.35万元" in await asked(stage)
    assert [e.kind for e in await stage.events("chat.unverified", "chat.verified")] == [
        "chat.unverified",
        "chat.verified",
    ]


async def test_alarms_still_go_there_without_their_money(stage: HouseStage) -> None:
    joined(stage)
    await stage.app.membership.step()
    await stage.deliver()
    await stage.market("0.96")
    await stage.read(times=2)
    said = await stage.deliver()
    (there,) = [m for m in said if m.chat == GROUP]
    (bank,) = [m for m in said if m.chat == BANK]
    assert there.notified == ("zhao",)
    assert "万元" not in there.text
    assert "万元" in bank.text
    await stage.press("zhao", there, "收到")
    await stage.deliver()
    edited = stage.channel.shown[there.ref].text
    assert "已回复" in edited
    assert "万元" not in edited


async def test_an_unknown_administrator_is_enough(stage: HouseStage) -> None:
    joined(stage, more=0, admins=("777",))
    await stage.app.membership.step()
    assert "含群管理员" in texts(await stage.deliver())


async def test_a_platform_that_does_not_say_is_not_trusted_and_a_lost_line_is_tried_again(stage: HouseStage) -> None:
    stage.channel.crowds[GROUP] = SourceUnavailable("no line")
    for _ in range(2):
        await stage.app.membership.step()
    assert await stage.deliver() == []
    await stage.app.membership.step()
    assert "无法核实" in texts(await stage.deliver())
    joined(stage, more=0)
    await stage.app.membership.step()
    assert "恢复" in texts(await stage.deliver())
    stage.times.passes(600)
    stage.channel.crowds[GROUP] = SourceAbsent("refused")
    await stage.app.membership.step()
    assert "无法核实" in texts(await stage.deliver())


async def test_the_lenders_own_chat_with_a_stranger_in_it_is_no_lenders_chat_any_more(stage: HouseStage) -> None:
    assert "质押率" in await asked(stage, "wang", "a_bank")
    joined(stage, "a_bank")
    await stage.app.membership.step()
    await stage.deliver()
    answer = await asked(stage, "wang", "a_bank")
    assert "质押率 " not in answer
    assert "万元" not in answer


async def test_no_money_is_proposed_or_confirmed_while_a_stranger_reads_along(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", "/controlline KZX-003 600万")
    (card,) = await stage.deliver()
    joined(stage, "a_bank")
    await stage.app.membership.step()
    await stage.deliver()
    await stage.say("wang", "a_bank", "/controlline KZX-004 700万")
    assert "成员已核实的资金方群" in texts(await stage.deliver())
    assert "没有此项操作权限" in await stage.press("chen", card, "复核确认")
    (proposal,) = (p for known in stage.house.said.proposals.values() for p in known.values())
    assert proposal.outcome is None


class SlowPlatform:
    """Says who is there, one answer after another, once ``goes_on`` is set."""

    def __init__(self, stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
        self._answers: list[Crowd | SourceUnavailable] = []
        self._stage = stage
        self.asked = 0
        self.goes_on = asyncio.Event()
        monkeypatch.setattr(HeldChannel, "crowd", self._crowd)

    def then(self, *, more: int | None) -> None:
        """The next answer: so many people beyond the bound ones, None for a lost line."""
        joined(self._stage, more=more or 0)
        crowd = self._stage.channel.crowds[GROUP]
        assert isinstance(crowd, Crowd)
        self._answers.append(SourceUnavailable("no line") if more is None else crowd)

    async def _crowd(self, *_: object) -> Crowd:
        answer = self._answers[self.asked]
        self.asked += 1
        await self.goes_on.wait()
        if isinstance(answer, SourceUnavailable):
            raise answer
        return answer


async def looked(stage: HouseStage, platform: SlowPlatform, *changed: bool) -> None:
    """Looks into the group that begin while the first still waits for the platform."""
    chat = stage.house.workspace.roster.chats["a_group"]
    found = [asyncio.create_task(stage.app.membership.look(chat, changed=c)) for c in changed]
    await asyncio.sleep(0)
    platform.goes_on.set()
    await asyncio.gather(*found)


async def changes(stage: HouseStage) -> list[str]:
    return [e.kind for e in await stage.events("chat.unverified", "chat.verified")]


async def test_an_answer_of_before_somebody_came_verifies_nothing(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(stage)
    await stage.app.membership.step()
    platform = SlowPlatform(stage, monkeypatch)
    for more in (0, 1):  # the first was asked before the next one came
        platform.then(more=more)
    await looked(stage, platform, False, True)
    assert platform.asked == 2
    assert await changes(stage) == ["chat.unverified"]


async def test_an_answer_that_finds_a_stranger_counts_even_where_a_later_look_finds_nobody_to_ask(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = SlowPlatform(stage, monkeypatch)
    platform.then(more=1)
    platform.then(more=None)
    await looked(stage, platform, True, False)
    assert await changes(stage) == ["chat.unverified"]


async def test_somebody_has_come_and_the_look_after_it_fails_so_nobody_is_trusted(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = SlowPlatform(stage, monkeypatch)
    platform.then(more=0)
    platform.then(more=None)
    await looked(stage, platform, True, False)
    assert await changes(stage) == ["chat.unverified"]


async def test_two_looks_at_once_tell_of_a_stranger_once(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = SlowPlatform(stage, monkeypatch)
    for _ in range(2):
        platform.then(more=1)
    await looked(stage, platform, False, True)
    assert await changes(stage) == ["chat.unverified"]
    assert len(await stage.deliver()) == 1


async def test_no_price_is_decided_and_no_alarm_closed_while_a_stranger_reads_along(stage: HouseStage) -> None:
    await stage.price({"DIESEL-SD": "6000"})
    price = next(m for m in await stage.deliver() if m.chat == BANK)
    joined(stage, "a_bank")
    await stage.app.membership.step()
    await stage.deliver()
    assert "没有此项操作权限" in (await stage.press("chen", price, "确认采用") or "")
    assert stage.alarm("price_outlier").open
    alarm = stage.alarm("price_outlier")
    closing = token(alarm.id, alarm.revision, "close")
    await stage.hear(stage.inbound("press", "chen", "a_bank", closing))
    assert "没有此项操作权限" in stage.channel.toasts[-1][1]
    assert [e.body["action"] for e in await stage.events("person.refused")] == ["confirm_price", "close"]


async def test_a_stranger_cannot_ask_himself(stage: HouseStage) -> None:
    joined(stage)
    await stage.app.membership.step()
    await stage.deliver()
    assert "还不认识您" in await asked(stage, "777")
