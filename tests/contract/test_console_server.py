"""What the built-in chat platform does beyond the channel contract: who may speak, what is kept, what a restart keeps."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.console.channel import ConsoleChannel
from bot.console.heard import Speaker
from bot.console.log import KEPT
from bot.console.server import TEXT_LIMIT, Past, Refusal
from domain.message import Address, Button, Inbound, Mention, OutMessage, Rejected, Sent
from domain.people import Audience, Chat

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
GROUP = Chat(id="pool", name="恒运池", audience=Audience.PROJECT, contracts=(), members=("li", "zhao"))
PRIVATE = Chat(id="li-private", name="李主管", audience=Audience.PRIVATE, contracts=(), members=("li",))
LI = Speaker(id="li", name="港储一库李主管")
ZHAO = Speaker(id="zhao", name="恒运赵总")
ACK = Button(label="收到", token="v1:AL-1:ack:1")
HERE = {person: Address(platform="console", id=person) for person in ("li", "zhao")}


@pytest.fixture
def channel() -> ConsoleChannel:
    return ConsoleChannel((GROUP, PRIVATE), name="小六子", now=lambda: NOW)


async def sent(channel: ConsoleChannel, message: OutMessage) -> str:
    result = await channel.send(Address(platform="console", id="pool"), message, HERE)
    assert isinstance(result, Sent), result
    return result.ref


def test_one_who_is_not_in_the_chat_cannot_speak_there(channel: ConsoleChannel) -> None:
    assert channel.server.say(ZHAO, chat="li-private", text="货在不在?") is Refusal.NOT_MEMBER
    assert channel.server.say(ZHAO, chat="elsewhere", text="货在不在?") is Refusal.NOT_MEMBER
    assert channel.server.waiting == []


@pytest.mark.parametrize(
    ("text", "refusal"), [("", Refusal.EMPTY), (" \n\t", Refusal.EMPTY), ("长" * (TEXT_LIMIT + 1), Refusal.TOO_LONG)]
)
def test_nothing_and_too_much_are_refused(channel: ConsoleChannel, text: str, refusal: Refusal) -> None:
    assert channel.server.say(LI, chat="pool", text=text) is refusal


def test_people_wait_when_the_bot_does_not_keep_up(channel: ConsoleChannel) -> None:
    said = [channel.server.say(LI, chat="pool", text=str(n)) for n in range(501)]
    assert all(isinstance(s, Inbound) for s in said[:500])
    assert said[500] is Refusal.BUSY


@pytest.mark.parametrize(
    ("chat", "text", "heard", "addressed"),
    [
        ("pool", "今天天气不错", "今天天气不错", False),
        ("pool", "@小六子 货在不在?", "货在不在?", True),
        ("pool", "货在不在? @小六子", "货在不在?", True),
        ("pool", "小六子说了什么", "小六子说了什么", False),
        ("pool", "/status T-107", "/status T-107", True),
        ("li-private", "货在不在?", "货在不在?", True),
    ],
)
def test_the_bot_knows_when_it_is_meant(
    channel: ConsoleChannel, chat: str, text: str, heard: str, addressed: bool
) -> None:
    inbound = channel.server.say(LI, chat=chat, text=text)
    assert isinstance(inbound, Inbound)
    assert (inbound.text, inbound.addressed, inbound.private) == (heard, addressed, chat == "li-private")


async def test_a_reply_to_somebody_else_is_not_meant_for_the_bot(channel: ConsoleChannel) -> None:
    first = channel.server.say(ZHAO, chat="pool", text="车到了吗")
    assert isinstance(first, Inbound)
    answer = channel.server.say(LI, chat="pool", text="到了", reply_to=first.message_ref)
    assert isinstance(answer, Inbound)
    assert (answer.reply_to, answer.addressed) == (first.message_ref, False)


async def test_a_button_that_an_edit_took_away_cannot_be_pressed(channel: ConsoleChannel) -> None:
    ref = await sent(channel, OutMessage(spans=("跌破监管线",), buttons=(ACK,)))
    await sent(channel, OutMessage(spans=("赵总已确认",), edits=ref))
    assert channel.server.press(LI, chat="pool", ref=ref, token=ACK.token) is Refusal.GONE
    assert channel.server.press(LI, chat="pool", ref="other", token=ACK.token) is Refusal.GONE
    log = channel.server.log("pool")
    assert log is not None
    bubble = log.get(ref)
    assert bubble is not None
    assert bubble.spent == (ACK,)


async def test_old_messages_leave_the_log(channel: ConsoleChannel) -> None:
    refs = [await sent(channel, OutMessage(spans=(str(n),))) for n in range(KEPT + 1)]
    log = channel.server.log("pool")
    assert log is not None
    assert [b.ref for b in log.since(0)] == refs[1:]
    late = await channel.send(Address(platform="console", id="pool"), OutMessage(spans=("更新",), edits=refs[0]), HERE)
    assert isinstance(late, Rejected)


async def test_unread_counts_what_others_said_and_who_was_called(channel: ConsoleChannel) -> None:
    await sent(channel, OutMessage(spans=("一",)))
    await sent(channel, OutMessage(spans=(Mention(person_id="li", label="李主管"), " 请说明")))
    channel.server.say(LI, chat="pool", text="马上")
    log = channel.server.log("pool")
    assert log is not None
    assert log.unread("li") == (2, 1)
    assert log.unread("zhao") == (3, 0)
    log.read("li")
    assert log.unread("li") == (0, 0)


async def test_a_restart_refills_the_log_and_edits_find_their_message(channel: ConsoleChannel) -> None:
    def past(ref: str, text: str, **more: object) -> Past:
        message = OutMessage(spans=(text,), **more)
        return Past(chat="pool", ref=ref, at=NOW - timedelta(hours=1), author=None, name="小六子", message=message)

    gone = Past(chat="closed", ref="x-3", at=NOW, author=None, name="小六子", message=OutMessage(spans=("旧群",)))
    channel.restore([past("x-1", "未确认", buttons=(ACK,)), past("x-2", "已确认", edits="x-1"), gone])
    assert await sent(channel, OutMessage(spans=("解除",), edits="x-1")) == "x-1"
    log = channel.server.log("pool")
    assert log is not None
    assert [b.message.text for b in log.since(0)] == ["解除"]
    assert log.unread("li") == (0, 0)


async def test_a_chat_that_the_workspace_does_not_have_is_refused(channel: ConsoleChannel) -> None:
    elsewhere = Address(platform="console", id="elsewhere")
    assert isinstance(await channel.send(elsewhere, OutMessage(spans=("x",)), HERE), Rejected)
