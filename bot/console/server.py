"""The built-in chat platform: rooms in this process's memory, where people talk. Knows no page and no contract.

It stands to ``ConsoleChannel`` as Telegram's servers stand to the Telegram channel: it keeps what people did until the
bot says that it is done. Everything is bounded; a restart refills the logs through ``restore``. That acting as
somebody is for the demo only is the page's business.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.console.ear import Ears
from bot.console.heard import Deed, Speaker, press_heard, text_heard
from bot.console.log import Log
from domain.message import Inbound, OutMessage
from domain.people import Audience, Chat

TEXT_LIMIT = 20_000  # UTF-16 units of one message
_WAITING = 500  # events that nobody has committed yet; beyond it people are asked to wait


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


class ChatServer:
    """One log per chat, under the workspace's own ids.

    bot_name: what people call the bot, as in @name, and how its messages are signed. now: aware UTC.
    """

    def __init__(self, chats: Iterable[Chat], *, bot_name: str, now: Callable[[], datetime]) -> None:
        self.ears = Ears()
        self.arrived = asyncio.Event()
        self.bot_name = bot_name
        self.now = now
        self._chats = {chat.id: chat for chat in chats}
        self._logs = {chat: Log() for chat in self._chats}
        self._waiting: dict[str, Inbound] = {}
        self._unanswered: dict[str, str] = {}
        self._boot = secrets.token_hex(4)  # a reference of an earlier process is never taken for one of this
        self._secret = secrets.token_bytes(32)
        self._count = 0

    def picture_key(self, sha256: str) -> str:
        """What a page must bring to see a picture: it is told only to pages that see the message."""
        return hmac.new(self._secret, sha256.encode(), "sha256").hexdigest()

    @property
    def waiting(self) -> list[Inbound]:
        """What people did and the bot has not yet committed, oldest first."""
        return list(self._waiting.values())

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

    def log(self, chat: str) -> Log | None:
        """The messages of a chat; None for one that the workspace does not have."""
        return self._logs.get(chat)

    def post(self, chat: str, message: OutMessage) -> str | None:
        """The bot's message, appended or in the place of ``message.edits``; its reference, None if there is no place."""
        log, ref = self._logs.get(chat), message.edits
        if log is None:
            return None
        if message.reply_to is not None and log.get(message.reply_to) is None:  # said without its thread, but said
            message = replace(message, reply_to=None)
        if ref is None:
            ref = self._next()
            log.add(ref=ref, at=self.now(), author=None, name=self.bot_name, message=message)
        elif not log.edit(ref, message, self.now()):
            return None
        self.ears.changed()
        return ref

    def forget(self, event_id: str) -> None:
        """The event is committed."""
        self._waiting.pop(event_id, None)

    def answer(self, callback: str, text: str) -> None:
        """A short line on the pages of the one who pressed; each press is answered once."""
        person = self._unanswered.pop(callback, None)
        if person is not None and text:
            self.ears.toast(person, text)

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
        return self._arrive(text_heard(deed, text, bot_name=self.bot_name, reply_to=message.reply_to, to_bot=to_bot))

    def press(self, who: Speaker, *, chat: str, ref: str, token: str) -> Inbound | Refusal:
        """A person presses a button of the message ``ref``: an event, unless refused."""
        if (refusal := self._refused(who, chat)) is not None:
            return refusal
        if not self._logs[chat].press(ref, who.id, token):
            return Refusal.GONE
        deed = self._deed(who, chat, ref=ref)
        self._unanswered[deed.event_id] = who.id
        if len(self._unanswered) > _WAITING:
            del self._unanswered[next(iter(self._unanswered))]
        return self._arrive(press_heard(deed, token))

    def _refused(self, who: Speaker, chat: str) -> Refusal | None:
        if chat not in self._chats or who.id not in self._chats[chat].members:
            return Refusal.NOT_MEMBER
        return Refusal.BUSY if len(self._waiting) >= _WAITING else None

    def _deed(self, who: Speaker, chat: str, *, ref: str) -> Deed:
        private = self._chats[chat].audience is Audience.PRIVATE
        return Deed(event_id=self._next(), chat=chat, private=private, who=who, at=self.now(), ref=ref)

    def _arrive(self, inbound: Inbound) -> Inbound:
        self._waiting[inbound.event_id] = inbound
        self.arrived.set()
        self.ears.changed()
        return inbound

    def _next(self) -> str:
        self._count += 1
        return f"{self._boot}-{self._count}"


def _refused_text(text: str) -> Refusal | None:
    if not text.strip():
        return Refusal.EMPTY
    return Refusal.TOO_LONG if len(text.encode("utf-16-le", "surrogatepass")) // 2 > TEXT_LIMIT else None
