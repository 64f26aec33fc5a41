"""What the fake Bot API remembers: chats, people, messages, and updates waiting for the bot."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.bot_api_text import user_of

BOT_ID = 99
USERNAME = "xiaoliuzi_bot"
MENTIONS_NOTIFIED = 5


@dataclass
class Shown:
    """A message of the bot as the chat sees it now. ``versions`` holds every text it has had."""

    chat_id: int
    message_id: int
    text: str
    entities: list[dict[str, Any]]
    buttons: list[tuple[str, str]]
    reply_to: int | None
    notified: list[int]
    arrived_ns: int = field(default_factory=time.time_ns)
    versions: list[str] = field(default_factory=list)
    photo: bytes | None = None


class World:
    """Chats with their members and messages, and the queue of updates. Ids are given out in order."""

    def __init__(self) -> None:
        self.chats: dict[int, dict[str, Any]] = {}
        self.members: dict[int, set[int]] = {}
        self.owners: dict[int, set[int]] = {}  # who runs a chat, the bot among them or not
        self.unheard_of: set[int] = set()  # ids that Telegram has never seen
        self.met: set[int] = set()  # people who wrote to the bot or pressed its buttons
        self.messages: list[Shown] = []
        self.updates: list[dict[str, Any]] = []
        self.arrived = asyncio.Condition()
        self.open_presses: set[str] = set()
        self.allowed: set[str] | None = None  # Telegram's default: everything but chat_member
        self._update_ids = itertools.count(1000)
        self._last_ids: dict[int, int] = {}

    def group(self, chat_id: int, members: Iterable[int] = ()) -> None:
        """A supergroup with the bot and these people in it."""
        self.chats[chat_id] = {"id": chat_id, "type": "supergroup", "title": f"group {chat_id}"}
        self.members[chat_id] = set(members)

    def meet(self, user: dict[str, Any]) -> None:
        """A person presses Start: from now on the bot may write to them in private."""
        self.met.add(user["id"])
        self.chats.setdefault(user["id"], {"id": user["id"], "type": "private", "first_name": user["first_name"]})

    def next_message_id(self, chat_id: int) -> int:
        """Message ids grow within each chat, whoever writes."""
        self._last_ids[chat_id] = self._last_ids.get(chat_id, 0) + 1
        return self._last_ids[chat_id]

    def exists(self, chat_id: int, message_id: int) -> bool:
        """Somebody, the bot or a person, has written this message."""
        return 1 <= message_id <= self._last_ids.get(chat_id, 0)

    def find(self, chat_id: int, message_id: int) -> Shown | None:
        """A message of the bot."""
        return next((m for m in self.messages if (m.chat_id, m.message_id) == (chat_id, message_id)), None)

    def heard(self, chat_id: int, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Entities without the mentions of people whom the bot never met: Telegram drops those silently."""
        known = self.met | self.members.get(chat_id, set())
        return [e for e in entities if user_of(e) is None or user_of(e) in known]

    async def post(self, chat_id: int, text: str, entities: list[dict[str, Any]], **more: Any) -> Shown:
        """The bot's message appears; only the first mentions ring a bell."""
        mentions = list(dict.fromkeys(u for e in entities if (u := user_of(e)) is not None))
        shown = Shown(
            chat_id=chat_id,
            message_id=self.next_message_id(chat_id),
            text=text,
            entities=entities,
            notified=mentions[:MENTIONS_NOTIFIED],
            versions=[text],
            **more,
        )
        self.messages.append(shown)
        async with self.arrived:
            self.arrived.notify_all()
        return shown

    async def queue(self, kind: str, body: Any) -> int:
        """An update waits for the bot, unless it asked not to hear of its kind. Returns the update id."""
        update_id = next(self._update_ids)
        if kind in self.allowed if self.allowed is not None else kind != "chat_member":
            await self.queue_raw({"update_id": update_id, kind: body})
        return update_id

    async def queue_raw(self, update: Any) -> None:
        """Whatever is given, as it is."""
        self.updates.append(update)
        async with self.arrived:
            self.arrived.notify_all()

    def forget_below(self, offset: int) -> None:
        """getUpdates with an offset confirms everything before it."""
        self.updates = [u for u in self.updates if _update_id(u, offset) >= offset]


def _update_id(update: Any, otherwise: int) -> int:
    found = update.get("update_id") if isinstance(update, dict) else None
    return found if isinstance(found, int) else otherwise


def message_json(world: World, shown: Shown) -> dict[str, Any]:
    """The Message object that sendMessage and editMessageText answer with."""
    rows = [[{"text": label, "callback_data": token} for label, token in shown.buttons]]
    return {
        "message_id": shown.message_id,
        "date": shown.arrived_ns // 1_000_000_000,
        "chat": world.chats[shown.chat_id],
        "from": bot_json(),
        **_content(shown),
        **({"reply_markup": {"inline_keyboard": rows}} if shown.buttons else {}),
    }


def _content(shown: Shown) -> dict[str, Any]:
    if shown.photo is None:
        return {"text": shown.text, "entities": shown.entities}
    size = {"file_id": "f", "file_unique_id": "u", "width": 1080, "height": 720, "file_size": len(shown.photo)}
    return {"photo": [size], "caption": shown.text, "caption_entities": shown.entities}


def bot_json() -> dict[str, Any]:
    """The bot's own User object."""
    return {"id": BOT_ID, "is_bot": True, "first_name": "小六子", "username": USERNAME}


def buttons_of(markup: str | None) -> list[tuple[str, str]]:
    """Label and token of every button in a reply_markup parameter."""
    rows = json.loads(markup)["inline_keyboard"] if markup else []
    return [(key["text"], key["callback_data"]) for row in rows for key in row]
