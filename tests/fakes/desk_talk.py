"""A bot that knows three sentences, so that the console can be tried and tested without the rest of the house."""

from dataclasses import replace
from datetime import timedelta

from bot.console.channel import ConsoleChannel
from bot.console.log import Bubble
from domain.message import Address, Inbound, OutMessage, Sent
from tests.fakes.desk import FakeDesk
from tests.fakes.desk_world import ANSWER, PEOPLE, all_clear, drop_alert, silent_alert, value_alert

GROUP = Address(platform="console", id="hengyun-pool")
ADDRESSES = {p.id: Address(platform="console", id=p.id) for p in PEOPLE}


async def post(channel: ConsoleChannel, message: OutMessage, chat: Address = GROUP) -> str:
    """Post and give the reference."""
    result = await channel.send(chat, message, ADDRESSES)
    assert isinstance(result, Sent), result
    return result.ref


async def tell(channel: ConsoleChannel, desk: FakeDesk) -> None:
    """The afternoon so far, from an hour ago until now."""
    now = desk.now
    afternoon = ((55, all_clear()), (41, silent_alert()), (40, value_alert()), (2, drop_alert()))
    for minutes, message in afternoon:
        desk.now = now - timedelta(minutes=minutes)
        await post(channel, message)
    desk.now = now
    await post(channel, OutMessage(spans=("今日摘要:未结预警 3 条。",)), Address(platform="console", id="jiayin-bank"))


async def talk(channel: ConsoleChannel) -> None:
    """Answer what is addressed to the bot, and write presses into the message pressed. For ever."""
    async for inbound in channel.events():
        if inbound.kind == "press":
            await _pressed(channel, inbound)
        elif inbound.addressed:
            await post(channel, OutMessage(spans=(ANSWER,), reply_to=inbound.message_ref), inbound.chat)
        await channel.done(inbound)


async def _pressed(channel: ConsoleChannel, inbound: Inbound) -> None:
    log = channel.server.log(inbound.chat.id)
    assert log is not None
    assert inbound.message_ref is not None
    bubble = log.get(inbound.message_ref)
    assert isinstance(bubble, Bubble)
    answer = next(b.label for b in bubble.message.buttons if b.token == inbound.text)
    said = f"\n{inbound.sender_name} {inbound.received_at.astimezone():%H:%M} {answer}"
    message = replace(bubble.message, spans=(*bubble.message.spans, said), buttons=(), edits=bubble.ref)
    await channel.send(inbound.chat, message, ADDRESSES)
    await channel.answer_press(inbound, f"已记录:{answer}")
