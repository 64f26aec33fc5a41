"""Who and what there is besides the board, as JSON: people to act as, chats, messages, levers. Pure but for the Desk."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.board import Desk, Lever
from bot.console.log import Bubble
from bot.console.server import ChatServer
from domain.message import Button, Mention
from domain.people import Person

Json = dict[str, Any]


def people_of(desk: Desk) -> list[Json]:
    """Everybody to act as, grouped by organisation in the workspace's order; nobody outside the demo."""
    groups: dict[str, list[Json]] = {}
    for person in desk.people() if desk.demo else ():
        groups.setdefault(_organisation(desk, person), []).append(
            {
                "id": person.id,
                "name": person.name,
                "label": desk.label(person.id),
                "role": desk.role_name(person.id),
            }
        )
    return [{"org": org, "members": members} for org, members in groups.items()]


def chats_of(desk: Desk, server: ChatServer, person: str | None) -> list[Json]:
    """The chats of a person (None: all), with what is unread there."""
    rows = []
    for chat in desk.chats(person):
        log = server.log(chat.id)
        unread, mentions = log.unread(person) if log is not None and person is not None else (0, 0)
        rows.append(
            {
                "id": chat.id,
                "name": chat.name,
                "audience": chat.audience.value,
                "unread": unread,
                "mentions": mentions,
            }
        )
    return rows


def bubble_of(bubble: Bubble, person: str | None, server: ChatServer) -> Json:
    """One message as this person sees it; spans are texts or mentions, never markup."""
    message, shown = bubble.message, bubble.message.picture
    return {
        "ref": bubble.ref,
        "at": bubble.at.timestamp(),
        "author": bubble.author,
        "name": bubble.name,
        "spans": [{"at": s.person_id, "label": s.label} if isinstance(s, Mention) else s for s in message.spans],
        "buttons": [_button(b) for b in message.buttons],
        "spent": [_button(b) for b in bubble.spent],
        "picture": None
        if shown is None
        else {"src": picture_path(shown.sha256, server.picture_key(shown.sha256)), "about": shown.about},
        "reply": message.reply_to,
        "edited": bubble.edited_at.timestamp() if bubble.edited_at is not None else None,
        "pressed": bubble.pressed.get(person) if person is not None else None,
    }


def picture_path(sha256: str, key: str) -> str:
    """Where a page gets a picture, with the key that shows that it was told of it."""
    return f"/console/picture/{sha256}?key={key}"


def lever_of(lever: Lever) -> Json:
    """A lever; a parameter is a plain default, or the depot's own description with kind, label, bounds, choices."""
    return {
        "name": lever.name,
        "label": lever.label,
        "parameters": [_parameter(name, given) for name, given in lever.parameters.items()],
    }


def _parameter(name: str, given: Any) -> Json:
    if isinstance(given, Mapping):
        described = {key: _plain(value) for key, value in given.items()}
        return {"kind": "text", "default": None, "label": None} | described | {"name": name}
    return {"name": name, "label": None, "default": _plain(given), "kind": _kind(name, given), "required": False}


def _kind(name: str, default: Any) -> str:
    if isinstance(default, bool):
        return "flag"
    if isinstance(default, int | float | Decimal):
        return "number"
    stem = name.removesuffix("_id").removeprefix("to_")
    return stem if stem in ("tank", "site", "good") else "text"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _button(button: Button) -> Json:
    return {"label": button.label, "token": button.token}


def _organisation(desk: Desk, person: Person) -> str:
    """How the group calls the organisation: the label without the person's own name."""
    return desk.label(person.id).removesuffix(person.name) or person.org
