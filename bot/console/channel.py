"""The Channel of the built-in chat. Address ids are the workspace's own: a chat's id and a person's id."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.console.cut import cut
from bot.console.heard import PLATFORM
from bot.console.server import TEXT_LIMIT, ChatServer, Past
from bot.ports import ChannelNotice
from domain.errors import SourceAbsent
from domain.message import Address, Caps, Crowd, Inbound, Mention, NotSent, OutMessage, Rejected, SendResult, Sent, Span
from domain.people import Chat

CAPS = Caps(
    text_limit=TEXT_LIMIT,
    mentions_notified=50,
    can_edit=True,
    per_chat_seconds=0.0,
    per_chat_per_minute=6_000,  # our own process: nobody to be polite to, the numbers only have to be finite
    per_second=1_000,
)
_TOKEN_BYTES = 64  # as domain.message.Button promises
_TOAST = 200  # characters, as on other platforms


class ConsoleChannel:
    """The bot's end of its own chat platform, ``server``.

    chats: all of the workspace. name: what people call the bot, as in @name. now: aware UTC. cut_mark: ends a text
    cut at the limit. server: a platform that outlived an earlier channel; a new one without it.
    """

    platform = PLATFORM
    caps = CAPS

    def __init__(
        self,
        chats: Iterable[Chat],
        *,
        name: str,
        now: Callable[[], datetime],
        cut_mark: str = "…",
        server: ChatServer | None = None,
    ) -> None:
        self.server = server or ChatServer(chats, bot_name=name, now=now)
        self._cut_mark = cut_mark
        self._closed = asyncio.Event()

    async def start(self) -> list[ChannelNotice]:
        """Nothing to connect to, nothing to say."""
        return []

    def restore(self, messages: Iterable[Past]) -> None:
        """Refill the logs before any page is open, oldest first."""
        self.server.restore(messages)

    async def send(self, to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> SendResult:
        """Append, or edit in place. Raises ValueError for what only a bug of ours can ask; then nothing is sent."""
        composed = _composed(to, message, addresses, self._cut_mark)
        if self._closed.is_set():
            return NotSent(why="channel closed")
        if self.server.log(to.id) is None:
            return Rejected(why=f"no chat {to.id!r} in the workspace")
        ref = self.server.post(to.id, composed)
        if ref is None:
            return Rejected(why=f"message {message.edits!r} is no longer kept in chat {to.id!r}")
        return Sent(ref=ref)

    async def events(self) -> AsyncIterator[Inbound]:
        """What people do, until ``close``; what is not ``done`` comes again from a new call. One consumer at a time."""
        given: set[str] = set()
        while not self._closed.is_set():
            self.server.arrived.clear()
            waiting = self.server.waiting
            given &= {inbound.event_id for inbound in waiting}
            for inbound in waiting:
                if inbound.event_id not in given:
                    given.add(inbound.event_id)
                    yield inbound
            await self.server.arrived.wait()

    async def done(self, inbound: Inbound) -> None:
        """The event is committed: forget it."""
        self.server.forget(inbound.event_id)

    async def aside(self, inbound: Inbound) -> None:
        """Nothing here waits for an event to be done."""

    async def crowd(self, chat: Address, people: Sequence[str]) -> Crowd:
        """The console's chats have the members of the files and no others. Raises SourceAbsent: there is no group to ask."""
        raise SourceAbsent(f"chat {chat.id!r}: the console knows no members beside {len(people)} of the workspace")

    async def answer_press(self, inbound: Inbound, text: str) -> None:
        """A short line, at most 200 characters, on the page of the one who pressed. Best effort."""
        if inbound.callback is None:
            raise ValueError(f"event {inbound.event_id!r} of kind {inbound.kind!r} is no press")
        self.server.answer(inbound.callback, text[:_TOAST])

    async def close(self) -> None:
        """No more messages, no more events."""
        self._closed.set()
        self.server.arrived.set()


def _composed(to: Address, message: OutMessage, addresses: Mapping[str, Address], cut_mark: str) -> OutMessage:
    """Checked and within the limits; who has no address here is named, not mentioned."""
    if to.platform != PLATFORM:
        raise ValueError(f"address of platform {to.platform!r}, allowed {PLATFORM!r}")
    shown = message.picture
    if shown is not None and shown.png is None:
        raise ValueError(f"picture {shown.sha256[:12]} without its bytes")
    for button in message.buttons:
        if not 1 <= len(button.token.encode()) <= _TOKEN_BYTES:
            raise ValueError(f"button {button.label!r}: token of {len(button.token.encode())} bytes, allowed 1 to 64")
    here = {person for person, address in addresses.items() if address.platform == PLATFORM}
    spans = tuple(_reachable(span, here) for span in message.spans)
    people = {span.person_id for span in spans if isinstance(span, Mention)}
    if len(people) > CAPS.mentions_notified:
        raise ValueError(f"{len(people)} people to notify in one message, allowed {CAPS.mentions_notified}: split it")
    kept = None if shown is None else replace(shown, png=None)  # the page fetches it from the ledger
    return replace(message, spans=cut(spans, limit=TEXT_LIMIT, mark=cut_mark), picture=kept)


def _reachable(span: Span, here: set[str]) -> Span:
    return f"@{span.label}" if isinstance(span, Mention) and span.person_id not in here else span
