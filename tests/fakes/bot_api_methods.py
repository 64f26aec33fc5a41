"""The Bot API's methods, as far as a chat-ops bot uses them, with the true server's refusals in its own words."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.bot_api_text import check_entities, check_length, parse_html, units
from tests.fakes.bot_api_world import BOT_ID, Shown, bot_json, buttons_of, message_json

if TYPE_CHECKING:
    from tests.fakes.bot_api import FakeBotApi

Params = dict[str, str]
Method = Callable[["FakeBotApi", Params], Awaitable[Any]]

CALLBACK_BYTES = 64
CAPTION_LIMIT = 1024


class RefusalError(Exception):
    """The server says no; the text is its description."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


async def get_me(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """Who the bot is and what it may."""
    return bot_json() | {"can_join_groups": api.joinable, "can_read_all_group_messages": not api.privacy}


async def get_updates(api: "FakeBotApi", params: Params) -> list[Any]:
    """Long polling: waits until there is something; the offset forgets; the newer of two callers wins."""
    if api.webhook is not None:
        raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active")
    api.polls += 1
    mine, offset = api.polls, int(params.get("offset", "0"))
    api.world.forget_below(offset)
    if "allowed_updates" in params:
        api.world.allowed = set(json.loads(params["allowed_updates"])) or None

    async with api.world.arrived:
        api.world.arrived.notify_all()  # an older caller wakes up and finds itself replaced
        try:
            await asyncio.wait_for(
                api.world.arrived.wait_for(lambda: api.world.updates or api.polls != mine or api.closing.is_set()),
                float(params.get("timeout", "0")) or 0.001,
            )
        except TimeoutError:
            return []
    if api.polls != mine:
        raise RefusalError(409, "Conflict: terminated by other getUpdates request; only one bot instance may run")
    return api.world.updates[: int(params.get("limit", "100"))]


async def send_message(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """A new message of the bot."""
    chat_id = _chat(api, params)
    text, entities = _text(params)
    reply_to = _reply(api, chat_id, params)
    buttons = _buttons(params)
    known = api.world.heard(chat_id, entities)
    shown = await api.world.post(chat_id, text, known, buttons=buttons, reply_to=reply_to)
    return message_json(api.world, shown)


async def send_photo(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """A picture of the bot, with a caption or without."""
    chat_id = _chat(api, params)
    photo = _uploaded(params)
    text, entities = _caption(params)
    known = api.world.heard(chat_id, entities)
    reply_to, buttons = _reply(api, chat_id, params), _buttons(params)
    shown = await api.world.post(chat_id, text, known, buttons=buttons, reply_to=reply_to, photo=photo)
    return message_json(api.world, shown)


async def edit_message_caption(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """The text below a picture reads differently from now on."""
    shown = _to_edit(api, params)
    text, entities = _caption(params)
    shown.text, shown.entities, shown.buttons = text, api.world.heard(shown.chat_id, entities), _buttons(params)
    shown.versions.append(text)
    return message_json(api.world, shown)


async def edit_message_text(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """The message reads differently from now on; nobody is notified."""
    shown = _to_edit(api, params)
    if shown.photo is not None:
        raise RefusalError(400, "Bad Request: there is no text in the message to edit")
    text, entities = _text(params)
    entities, buttons = api.world.heard(shown.chat_id, entities), _buttons(params)
    if (shown.text, shown.entities, shown.buttons) == (text, entities, buttons):
        raise RefusalError(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
            "same as a current content and reply markup of the message",
        )
    shown.text, shown.entities, shown.buttons = text, entities, buttons
    shown.versions.append(text)
    return message_json(api.world, shown)


async def edit_message_reply_markup(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """Only the buttons change."""
    shown, buttons = _to_edit(api, params), _buttons(params)
    if shown.buttons == buttons:
        raise RefusalError(400, "Bad Request: message is not modified")
    shown.buttons = buttons
    return message_json(api.world, shown)


async def answer_callback_query(api: "FakeBotApi", params: Params) -> bool:
    """The button's spinner stops; a press can be answered once."""
    query, text = params["callback_query_id"], params.get("text", "")
    if query not in api.world.open_presses:
        raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    if len(text) > 200:
        raise RefusalError(400, "Bad Request: MESSAGE_TOO_LONG")
    api.world.open_presses.discard(query)
    api.press_answers.append((query, text))
    return True


async def get_chat(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """The chat's own object."""
    return api.world.chats[_chat(api, params)] | {"accent_color_id": 0, "max_reaction_count": 11}


async def get_chat_member(api: "FakeBotApi", params: Params) -> dict[str, Any]:
    """Whether somebody is in the chat."""
    user = int(params["user_id"])
    if user in api.world.unheard_of:
        raise RefusalError(400, "Bad Request: user not found")
    inside = user in api.world.members.get(_chat(api, params), set())
    return {"status": "member" if inside else "left", "user": {"id": user, "is_bot": False, "first_name": "?"}}


async def get_chat_member_count(api: "FakeBotApi", params: Params) -> int:
    """Everybody in the chat, the bot included."""
    return len(api.world.members.get(_chat(api, params), set())) + 1


async def get_chat_administrators(api: "FakeBotApi", params: Params) -> list[dict[str, Any]]:
    """Who runs the chat; the bot itself is one of them there where it was made one."""
    owners = sorted(api.world.owners.get(_chat(api, params), set()))
    people = [{"id": u, "is_bot": False, "first_name": "?"} if u != BOT_ID else bot_json() for u in owners]
    return [{"status": "creator", "is_anonymous": False, "user": user} for user in people]


async def set_my_commands(api: "FakeBotApi", params: Params) -> bool:
    """The command menu."""
    api.commands = json.loads(params["commands"])
    return True


async def delete_webhook(api: "FakeBotApi", params: Params) -> bool:
    """Updates come by getUpdates again."""
    api.webhook = None
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "sendphoto": send_photo,
    "editmessagereplymarkup": edit_message_reply_markup,
    "answercallbackquery": answer_callback_query,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatmembercount": get_chat_member_count,
    "getchatadministrators": get_chat_administrators,
    "setmycommands": set_my_commands,
    "deletewebhook": delete_webhook,
}


def _chat(api: "FakeBotApi", params: Params) -> int:
    chat_id = int(params["chat_id"])
    if chat_id not in api.world.chats:
        raise RefusalError(400, "Bad Request: chat not found")
    return chat_id


def _text(params: Params) -> tuple[str, list[dict[str, Any]]]:
    text, entities = params.get("text", ""), json.loads(params.get("entities", "[]"))
    if params.get("parse_mode", "").upper() == "HTML":
        text, entities = parse_html(text)
    check_length(text)
    return text, check_entities(text, entities)


def _caption(params: Params) -> tuple[str, list[dict[str, Any]]]:
    text, entities = params.get("caption", ""), json.loads(params.get("caption_entities", "[]"))
    if units(text) > CAPTION_LIMIT:
        raise RefusalError(400, "Bad Request: message caption is too long")
    return text, check_entities(text, entities)


def _uploaded(params: Params) -> bytes:
    """The file sent along; the true server refuses what it cannot decode."""
    photo = params["photo"].encode("latin-1")
    if not photo.startswith(b"\x89PNG\r\n\x1a\n"):
        raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    return photo


def _buttons(params: Params) -> list[tuple[str, str]]:
    buttons = buttons_of(params.get("reply_markup"))
    if any(not 1 <= len(token.encode()) <= CALLBACK_BYTES for _, token in buttons):
        raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    return buttons


def _reply(api: "FakeBotApi", chat_id: int, params: Params) -> int | None:
    if "reply_parameters" not in params:
        return None
    asked = json.loads(params["reply_parameters"])
    if api.world.exists(chat_id, asked["message_id"]):
        return int(asked["message_id"])
    if not asked.get("allow_sending_without_reply"):
        raise RefusalError(400, "Bad Request: message to be replied not found")
    return None


def _to_edit(api: "FakeBotApi", params: Params) -> Shown:
    shown = api.world.find(_chat(api, params), int(params["message_id"]))
    if shown is None:
        raise RefusalError(400, "Bad Request: message to edit not found")
    return shown
