"""What people do in the fake Telegram: write, press, come, go, send a place or a file. Each returns the update id."""

import itertools
import time
from typing import Any

from tests.fakes.bot_api_world import World, bot_json, message_json


class People:
    """Hands and mouths of everybody but the bot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names: dict[int, str] = {}
        self._queries = itertools.count(1)

    def named(self, user_id: int, name: str) -> None:
        """From now on this user goes by that name."""
        self._names[user_id] = name

    async def say(self, chat_id: int, user_id: int, text: str, *, reply_to: int | None = None) -> int:
        """Write a message; ``reply_to`` is a message of the bot."""
        return await self.post(chat_id, user_id, text=text, **self._answering(chat_id, reply_to))

    async def post(self, chat_id: int, user_id: int, **content: Any) -> int:
        """Any message: ``location=…``, ``document=…``, ``caption=…`` as in the Bot API."""
        return await self._world.queue("message", self._message(chat_id, user_id) | content)

    async def edit(self, chat_id: int, user_id: int, text: str) -> int:
        """Change an earlier message."""
        return await self._world.queue("edited_message", self._message(chat_id, user_id) | {"text": text})

    async def press(self, chat_id: int, user_id: int, message_id: int, token: str) -> int:
        """Press a button under a message of the bot."""
        shown = self._world.find(chat_id, message_id)
        assert shown is not None, f"no message {message_id} in chat {chat_id}"
        assert token in {t for _, t in shown.buttons}, f"no button {token!r} under message {message_id}"
        query = f"q{next(self._queries)}"
        self._world.open_presses.add(query)
        body = {"id": query, "from": self._user(user_id), "chat_instance": "1", "data": token}
        return await self._world.queue("callback_query", body | {"message": message_json(self._world, shown)})

    async def join(self, chat_id: int, *user_ids: int) -> int:
        """Come into a group."""
        self._world.members[chat_id].update(user_ids)
        users = [self._user(u) for u in user_ids]
        return await self.post(chat_id, user_ids[0], new_chat_members=users)

    async def leave(self, chat_id: int, user_id: int) -> int:
        """Go out of a group."""
        self._world.members[chat_id].discard(user_id)
        return await self.post(chat_id, user_id, left_chat_member=self._user(user_id))

    async def change(self, chat_id: int, by: int, user_id: int, *, old: str, new: str) -> int:
        """A member's status changes; for the bot itself as my_chat_member."""
        mine = user_id == bot_json()["id"]
        user = bot_json() if mine else self._user(user_id)
        body = {
            "chat": self._world.chats[chat_id],
            "from": self._user(by),
            "date": int(time.time()),
            "old_chat_member": _member(user, old),
            "new_chat_member": _member(user, new),
        }
        return await self._world.queue("my_chat_member" if mine else "chat_member", body)

    async def upgrade(self, chat_id: int, by: int, new_chat_id: int) -> int:
        """The group becomes a supergroup under a new id."""
        return await self.post(chat_id, by, migrate_to_chat_id=new_chat_id)

    def _message(self, chat_id: int, user_id: int) -> dict[str, Any]:
        user = self._user(user_id)
        self._world.meet(user)
        return {
            "message_id": self._world.next_message_id(chat_id),
            "date": int(time.time()),
            "chat": self._world.chats[chat_id],
            "from": user,
        }

    def _answering(self, chat_id: int, reply_to: int | None) -> dict[str, Any]:
        shown = self._world.find(chat_id, reply_to) if reply_to is not None else None
        return {} if shown is None else {"reply_to_message": message_json(self._world, shown)}

    def _user(self, user_id: int) -> dict[str, Any]:
        return {"id": user_id, "is_bot": False, "first_name": self._names.get(user_id, f"person {user_id}")}


def _member(user: dict[str, Any], status: str) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if status == "kicked":
        more = {"until_date": 0}
    if status == "administrator":
        rights = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats")
        rights += ("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users")
        more = dict.fromkeys((*rights, "can_post_stories", "can_edit_stories", "can_delete_stories"), False)
    return {"status": status, "user": user} | more
