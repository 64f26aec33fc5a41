"""A Telegram update → what a person did. Pure: no network, no clock.

The sender is the platform's verified user. For 'joined' and 'left' it is the one who came or went, whoever did it;
when the bot itself was added or removed the sender is the bot, and when a person blocked it in private, that person.
The text of a 'location' is "latitude,longitude" in degrees (WGS 84), that of a 'file' its caption. Edited messages
and commands to other bots are nobody's wish to us.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from telegram import CallbackQuery, Chat, ChatMemberRestricted, ChatMemberUpdated, Message, Update, User

from bot.channels.telegram.compose import sound
from domain.message import Address, Inbound

Kind = Literal["text", "press", "location", "file", "joined", "left", "migrated"]

_COMMAND = re.compile(r"/[^\s/@]+(@(?P<bot>[A-Za-z0-9_]+))?(?=\s|$)")
_PRESENT = {"creator", "administrator", "member"}
_FILES = ("document", "photo", "video", "animation", "audio", "voice", "video_note")


def inbound_of(update: Update, *, me: User, now: datetime) -> list[Inbound]:
    """What ``update`` says, in order; empty when it concerns us in nothing."""
    event_id = str(update.update_id)
    if update.message is not None:
        return list(_message(event_id, update.message, me, now))
    if update.callback_query is not None:
        return list(_press(event_id, update.callback_query, now))
    moved = update.chat_member or update.my_chat_member
    return list(_moved(event_id, moved, me, now)) if moved is not None else []


def _message(event_id: str, message: Message, me: User, now: datetime) -> Iterator[Inbound]:
    if message.migrate_to_chat_id is not None:
        yield _inbound(event_id, "migrated", message.chat, me, now, text=str(message.migrate_to_chat_id))
        return
    yield from _service(event_id, message, me, now)
    kind, raw = _content(message)
    heard = _heard(raw, me.username or "")
    if kind is None or heard is None or message.from_user is None:
        return
    text, named = heard
    answered = message.reply_to_message
    to_us = answered is not None and answered.from_user is not None and answered.from_user.id == me.id
    yield _inbound(
        event_id,
        kind,
        message.chat,
        message.from_user,
        now,
        text=text,
        addressed=named or to_us or message.chat.type == Chat.PRIVATE,
        reply_to=str(answered.message_id) if answered is not None else None,
        message_ref=str(message.message_id),
    )


def _service(event_id: str, message: Message, me: User, now: datetime) -> Iterator[Inbound]:
    gone = (message.left_chat_member,) if message.left_chat_member is not None else ()
    moves: tuple[tuple[Kind, Iterable[User]], ...] = (("joined", message.new_chat_members), ("left", gone))
    for kind, people in moves:
        for user in people:
            if user.id != me.id:  # our own coming and going arrives as my_chat_member
                yield _inbound(f"{event_id}/{user.id}", kind, message.chat, user, now)


def _content(message: Message) -> tuple[Kind | None, str]:
    if message.text is not None:
        return "text", message.text
    if message.location is not None:
        return "location", f"{message.location.latitude:.6f},{message.location.longitude:.6f}"
    if any(getattr(message, name) for name in _FILES):
        return "file", message.caption or ""
    return None, ""


def _heard(text: str, username: str) -> tuple[str, bool] | None:
    """The text without our name and whether it was addressed to us; None for another bot's command."""
    if command := _COMMAND.match(text):
        if command["bot"] is None:
            return text, True
        if command["bot"].lower() != username.lower():
            return None
        return text[: command.start("bot") - 1] + text[command.end() :], True
    ours = re.compile(rf"(?<![A-Za-z0-9_])@{re.escape(username)}(?![A-Za-z0-9_])[ \u3000]*", re.IGNORECASE)
    bare, named = ours.subn("", text) if username else (text, 0)
    return (bare.strip() if named else text), named > 0


def _press(event_id: str, query: CallbackQuery, now: datetime) -> Iterator[Inbound]:
    if query.data is None or query.message is None:
        return
    yield _inbound(
        event_id,
        "press",
        query.message.chat,
        query.from_user,
        now,
        text=query.data,
        addressed=True,
        callback=query.id,
        message_ref=str(query.message.message_id),
    )


def _moved(event_id: str, change: ChatMemberUpdated, me: User, now: datetime) -> Iterator[Inbound]:
    was, is_now = _present(change, new=False), _present(change, new=True)
    if was == is_now:  # a promotion, a restriction
        return
    who = change.new_chat_member.user
    if who.id == me.id and change.chat.type == Chat.PRIVATE:
        who = change.from_user
    yield _inbound(event_id, "joined" if is_now else "left", change.chat, who, now)


def _present(change: ChatMemberUpdated, *, new: bool) -> bool:
    member = change.new_chat_member if new else change.old_chat_member
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _PRESENT


def _inbound(
    event_id: str,
    kind: Kind,
    chat: Chat,
    sender: User,
    now: datetime,
    *,
    text: str = "",
    addressed: bool = False,
    reply_to: str | None = None,
    callback: str | None = None,
    message_ref: str | None = None,
) -> Inbound:
    return Inbound(
        platform="telegram",
        event_id=event_id,
        kind=kind,
        chat=Address(platform="telegram", id=str(chat.id)),
        sender=Address(platform="telegram", id=str(sender.id)),
        sender_name=sound(sender.full_name),
        text=sound(text),
        received_at=now,
        private=chat.type == Chat.PRIVATE,
        addressed=addressed,
        reply_to=reply_to,
        callback=callback,
        message_ref=message_ref,
    )
