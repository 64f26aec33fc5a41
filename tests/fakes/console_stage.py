"""The stage of the console: its chat server outlives the channels, as Telegram's servers outlive the bot."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from bot.console.channel import ConsoleChannel
from bot.console.ear import Ear
from bot.console.heard import Speaker
from bot.console.server import ChatServer
from domain.message import Address, Inbound, OutMessage
from domain.people import Audience, Chat
from tests.fakes.channel_stage import CUT_MARK, NOW, PEOPLE, Seen

CROWD = tuple(f"p{n}" for n in range(60))  # more than one message may notify
POOL = Chat(id="pool", name="恒运池", audience=Audience.PROJECT, contracts=(), members=PEOPLE)


class ConsoleStage:
    """One group, kept in this process."""

    group = Address(platform="console", id=POOL.id)
    addresses: Mapping[str, Address] = {p: Address(platform="console", id=p) for p in (*PEOPLE, *CROWD)}
    failures: frozenset[str] = frozenset()  # nothing lies between the bot and the chat

    def __init__(self) -> None:
        self.server = ChatServer((POOL,), bot_name="小六子", now=lambda: NOW)
        self._ears = {person: Ear(person=person) for person in PEOPLE}
        self._channels: list[ConsoleChannel] = []

    async def __aenter__(self) -> Self:
        for ear in self._ears.values():
            self.server.ears.add(ear)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for channel in self._channels:
            await channel.close()

    async def channel(self) -> ConsoleChannel:
        """A new end of the same server."""
        channel = ConsoleChannel((POOL,), name="小六子", now=lambda: NOW, cut_mark=CUT_MARK, server=self.server)
        self._channels.append(channel)
        await channel.start()
        return channel

    def seen(self) -> list[Seen]:
        """The bot's bubbles."""
        log = self.server.log(POOL.id)
        assert log is not None
        return [_seen(b.ref, b.message) for b in log.since(0) if b.author is None]

    async def say(self, person: str, text: str, *, reply_to: str | None = None) -> None:
        """Write in the group."""
        said = self.server.say(Speaker(id=person, name=person), chat=POOL.id, text=text, reply_to=reply_to)
        assert isinstance(said, Inbound), said

    async def press(self, person: str, ref: str, token: str) -> None:
        """Press under a bubble."""
        pressed = self.server.press(Speaker(id=person, name=person), chat=POOL.id, ref=ref, token=token)
        assert isinstance(pressed, Inbound), pressed

    def press_answers(self) -> list[str]:
        """The short lines on everybody's page."""
        return [text for ear in self._ears.values() for text in ear.toasts]

    async def fail_next(self, failure: str) -> None:
        """Nothing can fail here."""
        raise AssertionError(f"the console cannot fail with {failure!r}")


def _seen(ref: str, message: OutMessage) -> Seen:
    return Seen(
        ref=ref,
        text=message.text,
        notified=tuple(dict.fromkeys(m.person_id for m in message.mentions)),
        buttons=tuple((b.label, b.token) for b in message.buttons),
        reply_to=message.reply_to,
        picture=None if message.picture is None else message.picture.sha256,
    )
