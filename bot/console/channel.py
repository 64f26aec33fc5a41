"""The built-in chat: a Channel whose platform is this process. Knows chats and messages, no page and no contract.

Address ids are the workspace's own: a chat's id and a person's id. Everything is kept in memory and bounded; a
restart refills the logs through ``restore``. That acting as somebody is for the demo only is the page's business.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.console.ear import Ears
from bot.console.heard import PLATFORM, Deed, Speaker, press_heard, text_heard
from bot.console.log import Log
from bot.ports import ChannelNotice
from domain.message import Address, Caps, Inbound, NotSent, OutMessage, Rejected, SendResult, Sent
from domain.people import Audience, Chat

CAPS = Caps(
    text_limit=20_000,
    mentions_notified=50,
    can_edit=True,
    per_chat_seconds=0.0,
    per_chat_per_minute=6_000,  # our own process: nobody to be polite to, the numbers only have to be finite
    per_second=1_000,
)
TOKEN_BYTES = 64  # as domain.message.Button promises
_WAITING = 500  # events that nobody has committed yet; beyond it people are asked to wait
_TOAST = 200  # characters, as on other platforms


class Refusal(StrEnum):
    """Why what a person tried did not become an event; the words live with the page."""

    NOT_MEMBER = "not_member"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BUSY = "busy"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One message from before the start. author: person id, None for the bot; name: as the page shows the author."""

    chat: str
    ref: str
    at: datetime
    author: str | None
    name: str
    message: OutMessage


class ConsoleChannel:
    """One log per chat. name: what people call the bot, as in @name, and how its messages are signed. now: aware."""

    platform = PLATFORM
    caps = CAPS

    def __init__(self, *, chats: Iterable[Chat], name: str, now: Callable[[], datetime]) -> None:
        self.ears = Ears()
        self._chats = {chat.id: chat for chat in chats}
        self._logs = {chat: Log() for chat in self._chats}
        self._name = name
        self._now = now
        self._waiting: dict[str, Inbound] = {}
        self._arrived = asyncio.Event()
        self._boot = secrets.token_hex(4)  # a reference of an earlier process is never taken for one of this
        self._count = 0
        self._closed = False

    async def start(self) -> list[ChannelNotice]:
        """Nothing to connect to, nothing to say."""
        return []

    def restore(self, messages: Iterable[Past]) -> None:
        """Refill the logs, oldest first, before any page is open; a message that edits another replaces it."""
        for past in messages:
            log = self._logs.get(past.chat)
            if log is None:  # a chat that left the workspace
                continue
            if past.message.edits is not None:
                log.edit(past.message.edits, past.message, past.at)
            else:
                log.add(ref=past.ref, at=past.at, author=past.author, name=past.name, message=past.message)
        for chat in self._chats.values():
            for member in chat.members:
                self._logs[chat.id].read(member)

    async def send(self, to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> SendResult:
        """Append, or edit in place. Raises ValueError for what only a bug of ours can ask."""
        _check(to, message, addresses)
        if self._closed:
            return NotSent(why="channel closed")
        log = self._logs.get(to.id)
        if log is None:
            return Rejected(why=f"no chat {to.id!r} in the workspace")
        ref = message.edits
        if ref is None:
            ref = self._next()
            log.add(ref=ref, at=self._now(), author=None, name=self._name, message=message)
        elif not log.edit(ref, message, self._now()):
            return Rejected(why=f"message {ref!r} is not kept in chat {to.id!r}")
        self.ears.changed()
        return Sent(ref=ref)

    async def events(self) -> AsyncIterator[Inbound]:
        """What people do, until ``close``; what is not ``done`` comes again from a new call. One consumer at a time."""
        given: set[str] = set()
        while not self._closed:
            self._arrived.clear()
            given &= self._waiting.keys()
            for inbound in [i for i in self._waiting.values() if i.event_id not in given]:
                given.add(inbound.event_id)
                yield inbound
            await self._arrived.wait()

    async def done(self, inbound: Inbound) -> None:
        """The event is committed: forget it."""
        self._waiting.pop(inbound.event_id, None)

    async def answer_press(self, inbound: Inbound, text: str) -> None:
        """A short line on the page of the one who pressed, and on no other."""
        if inbound.callback is None:
            raise ValueError(f"event {inbound.event_id!r} of kind {inbound.kind!r} is no press")
        self.ears.toast(inbound.sender.id, text[:_TOAST])

    async def close(self) -> None:
        """No more messages, no more events."""
        self._closed = True
        self._arrived.set()

    def log(self, chat: str) -> Log | None:
        """The messages of a chat; None for one that the workspace does not have."""
        return self._logs.get(chat)

    def say(self, who: Speaker, *, chat: str, text: str, reply_to: str | None = None) -> Inbound | Refusal:
        """A person types: it appears in the chat and becomes an event, unless refused."""
        refusal = self._refused(who, chat) or _refused_text(text)
        if refusal is not None:
            return refusal
        log = self._logs[chat]
        answered = log.get(reply_to) if reply_to is not None else None
        deed = self._deed(who, chat, ref=self._next())
        message = OutMessage(spans=(text,), reply_to=answered.ref if answered is not None else None)
        log.add(ref=deed.ref, at=deed.at, author=who.id, name=who.name, message=message)
        to_bot = answered is not None and answered.author is None
        return self._arrive(text_heard(deed, text, bot_name=self._name, reply_to=message.reply_to, to_bot=to_bot))

    def press(self, who: Speaker, *, chat: str, ref: str, token: str) -> Inbound | Refusal:
        """A person presses a button of the message ``ref``: an event, unless refused."""
        if (refusal := self._refused(who, chat)) is not None:
            return refusal
        if not self._logs[chat].press(ref, who.id, token):
            return Refusal.GONE
        return self._arrive(press_heard(self._deed(who, chat, ref=ref), token))

    def _refused(self, who: Speaker, chat: str) -> Refusal | None:
        if chat not in self._chats or who.id not in self._chats[chat].members:
            return Refusal.NOT_MEMBER
        return Refusal.BUSY if self._closed or len(self._waiting) >= _WAITING else None

    def _deed(self, who: Speaker, chat: str, *, ref: str) -> Deed:
        private = self._chats[chat].audience is Audience.PRIVATE
        return Deed(event_id=self._next(), chat=chat, private=private, who=who, at=self._now(), ref=ref)

    def _arrive(self, inbound: Inbound) -> Inbound:
        self._waiting[inbound.event_id] = inbound
        self._arrived.set()
        self.ears.changed()
        return inbound

    def _next(self) -> str:
        self._count += 1
        return f"{self._boot}-{self._count}"


def _refused_text(text: str) -> Refusal | None:
    if not text.strip():
        return Refusal.EMPTY
    return Refusal.TOO_LONG if len(text.encode("utf-16-le", "surrogatepass")) // 2 > CAPS.text_limit else None


def _check(to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> None:
    if to.platform != PLATFORM:
        raise ValueError(f"address of platform {to.platform!r}, allowed {PLATFORM!r}")
    notified = {m.person_id for m in message.mentions} & addresses.keys()
    if len(notified) > CAPS.mentions_notified:
        raise ValueError(f"{len(notified)} people to notify in one message, allowed {CAPS.mentions_notified}: split it")
    for button in message.buttons:
        if not 1 <= len(button.token.encode()) <= TOKEN_BYTES:
            raise ValueError(f"button {button.label!r}: token of {len(button.token.encode())} bytes, allowed 1 to 64")
