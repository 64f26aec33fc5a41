"""A slow model holds up its own question and nobody else: what people do meanwhile is handled at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import apart
from bot.model.path import ModelPath
from domain.errors import StoreFull
from domain.message import Crowd, Inbound
from tests.fakes.house_channel import HeldChannel
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import HANG, say
from tests.fakes.model_stage import ModelStage, use

UNSURE = "这事说来话长," * 30 + "您看看"
"""Longer than anything that the words alone are sure of, whatever was learned."""


@dataclass(slots=True)
class Brought(HeldChannel):
    """Brings what is put into it. apart: events that take a while."""

    coming: asyncio.Queue[Inbound] = field(default_factory=asyncio.Queue)
    apart: list[str] = field(default_factory=list)

    async def events(self) -> AsyncIterator[Inbound]:
        """As they come."""
        while True:
            yield await self.coming.get()

    async def aside(self, inbound: Inbound) -> None:
        """It is seen that it was said."""
        self.apart.append(inbound.event_id)


class Listening:
    """The bot's loop over one channel, with a model that hangs until it is given up."""

    def __init__(self, stage: ModelStage, channel: Brought) -> None:
        self.stage, self.house, self.channel = stage, stage.house, channel
        stage.endpoint.plays(HANG)

    async def begin(self, *, seconds: float) -> None:
        """seconds: after which a question is given up."""
        self.model: ModelPath = await self.stage.kept(seconds=seconds)
        self.house.app.answering.model = self.model
        self.loop = asyncio.create_task(self.house.app.inbox.listen(self.channel))

    async def ends(self) -> None:
        """The process stops listening, whatever is under way."""
        self.loop.cancel()
        await asyncio.wait({self.loop})

    def brings(
        self,
        person: str,
        chat: str,
        text: str,
        *,
        kind: str = "text",
        event_id: str | None = None,
        ref: str | None = None,
    ) -> str:
        """Somebody does something; the event's id."""
        inbound = self.house.inbound(kind, person, chat, text, addressed=True, event_id=event_id, ref=ref)
        self.channel.coming.put_nowait(inbound)
        return inbound.event_id

    async def until(self, seen: Callable[[], bool]) -> None:
        """Raises TimeoutError after 2 s."""
        async with asyncio.timeout(2):
            while not seen():  # noqa: ASYNC110 - what is seen has no event of its own
                await asyncio.sleep(0.01)

    async def done(self, *events: str) -> None:
        """These are behind us."""
        await self.until(lambda: set(events) <= set(self.channel.forgotten))


@pytest.fixture
async def listening(tmp_path: Path) -> AsyncIterator[Listening]:
    channel = Brought()
    stage = await ModelStage.rise(await HouseStage.calm(tmp_path / "w", channel=channel))
    listening = Listening(stage, channel)
    yield listening
    await listening.ends()
    await stage.fall()


async def test_while_a_question_is_at_the_endpoint_presses_and_commands_are_handled(listening: Listening) -> None:
    house = listening.house
    await house.market("0.96")
    await house.read(times=2)
    alarm = next(m for m in await house.deliver() if m.chat == house.platform_id("a_group"))
    await listening.begin(seconds=30)
    slow = listening.brings("wang", "a_bank", UNSURE)
    await listening.stage.endpoint.reached.wait()
    press = listening.brings("zhao", "a_group", alarm.token("收到"), kind="press", ref=alarm.ref)
    command = listening.brings("zhao", "a_group", "/tanks T-1")
    own = listening.brings("wang", "a_bank", "/controlline KZX-003 600万")
    await listening.done(press, command, own)
    assert await house.events("alarm.acknowledged")
    assert "T-1" in "\n".join(m.text for m in await house.deliver())
    assert (listening.channel.apart, slow in listening.channel.forgotten) == ([slow], False)


async def test_questions_of_one_person_are_answered_in_their_order(listening: Listening) -> None:
    await listening.begin(seconds=0.3)
    first = listening.brings("wang", "a_bank", UNSURE, event_id="first")
    second = listening.brings("wang", "a_bank", "/tanks T-1", event_id="second")
    other = listening.brings("wang", "a_group", "/tanks T-1", event_id="elsewhere")
    await listening.done(first, second, other)
    assert listening.channel.forgotten == [other, first, second]
    shown = [m for m in await listening.house.deliver() if m.chat == listening.house.platform_id("a_bank")]
    assert ["T-1" in m.text for m in shown] == [False, True]


async def test_a_crash_while_the_endpoint_hangs_loses_no_question_and_answers_it_once(listening: Listening) -> None:
    house = listening.house
    await listening.begin(seconds=30)
    slow = listening.brings("wang", "a_bank", UNSURE, event_id="slow")
    after = listening.brings("zhao", "a_group", "/tanks T-1", event_id="after")
    await listening.done(after)
    await listening.ends()
    await house.restart()
    await house.paper()
    await house.read(times=2)
    await house.deliver()
    listening.stage.endpoint.plays(use("tanks"), say(""))
    await listening.begin(seconds=5)
    for event in (slow, after, slow):  # the platform brings all from the oldest that was not done
        who, chat, text = ("wang", "a_bank", UNSURE) if event == slow else ("zhao", "a_group", "/tanks T-1")
        listening.brings(who, chat, text, event_id=event)
    await listening.until(lambda: listening.channel.forgotten.count(slow) == 2)
    (answer,) = await house.deliver()
    assert answer.chat == house.platform_id("a_bank")
    assert "T-1" in answer.text
    kept = [e.body["by"] for e in await house.events("question.answered")]
    assert sorted(kept) == ["model", "words"]


async def test_who_joins_while_a_question_is_at_the_endpoint_reads_no_money_in_its_answer(listening: Listening) -> None:
    house, endpoint = listening.house, listening.stage.endpoint
    endpoint.plays(use("status"), HANG, use("status"), say(""))
    await listening.begin(seconds=0.5)
    slow = listening.brings("zhao", "a_group", UNSURE)
    await listening.until(lambda: len(endpoint.asked) == 2)  # the figures are read
    strangers = Crowd(members=99, present=frozenset(), admins=frozenset())
    listening.channel.crowds[house.platform_id("a_group")] = strangers
    await listening.done(listening.brings("777", "a_group", "", kind="joined"), slow)
    await house.deliver()
    (answer,) = house.at("a_group")
    assert "暂不显示" in answer.text
    assert "万元" not in answer.text


async def test_one_person_cannot_fill_the_line_and_is_answered_without_a_model(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "EACH", 2)
    await listening.begin(seconds=30)
    slow = [listening.brings("wang", "a_bank", UNSURE) for _ in range(2)]
    more = listening.brings("wang", "a_bank", UNSURE)
    await listening.done(more)
    assert listening.channel.apart == slow
    assert len(listening.stage.endpoint.asked) == 1
    other = listening.brings("zhao", "a_group", UNSURE)
    await listening.until(lambda: len(listening.stage.endpoint.asked) == 2)
    assert listening.channel.apart == [*slow, other]


async def test_where_all_places_are_taken_the_words_alone_answer(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST", 1)
    await listening.begin(seconds=30)
    slow = listening.brings("wang", "a_bank", UNSURE)
    await listening.done(listening.brings("zhao", "a_group", UNSURE))
    assert (listening.channel.apart, len(listening.stage.endpoint.asked)) == ([slow], 1)
    assert len(await listening.house.deliver()) == 1


async def test_a_full_disk_at_the_answer_ends_the_listening_and_keeps_the_question(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listening.begin(seconds=0.3)
    slow = listening.brings("wang", "a_bank", UNSURE)
    await listening.stage.endpoint.reached.wait()

    async def full(**_: object) -> None:
        raise StoreFull("no space")

    monkeypatch.setattr(listening.house.memory, "commit", full)
    with pytest.raises(StoreFull):
        await listening.loop
    assert slow not in listening.channel.forgotten
