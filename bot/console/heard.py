"""What a person did on the page → what the bot hears. Pure: no log, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.message import Address, Inbound

PLATFORM = "console"

_COMMAND = re.compile(r"/[^\s/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who acts on a page: person id, and the name the group knows."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Where and when somebody did something, and to which message. event_id also answers a press."""

    event_id: str
    chat: str
    private: bool
    who: Speaker
    at: datetime
    ref: str


def text_heard(deed: Deed, text: str, *, bot_name: str, reply_to: str | None, to_bot: bool) -> Inbound:
    """A message. ``to_bot``: it answers a message of the bot. The bot's @name is taken out, as other platforms do."""
    bare, named = re.subn(rf"@{re.escape(bot_name)}[ \u3000,，:：]*", "", text)
    return _inbound(
        deed,
        "text",
        bare.strip() if named else text,
        addressed=named > 0 or to_bot or deed.private or _COMMAND.match(text) is not None,
        reply_to=reply_to,
    )


def press_heard(deed: Deed, token: str) -> Inbound:
    """A pressed button of the message ``deed.ref``."""
    return _inbound(deed, "press", token, addressed=True, callback=deed.event_id)


def _inbound(
    deed: Deed,
    kind: Literal["text", "press"],
    text: str,
    *,
    addressed: bool,
    reply_to: str | None = None,
    callback: str | None = None,
) -> Inbound:
    return Inbound(
        platform=PLATFORM,
        event_id=deed.event_id,
        kind=kind,
        chat=Address(platform=PLATFORM, id=deed.chat),
        sender=Address(platform=PLATFORM, id=deed.who.id),
        sender_name=deed.who.name,
        text=text,
        received_at=deed.at,
        private=deed.private,
        addressed=addressed,
        reply_to=reply_to,
        callback=callback,
        message_ref=deed.ref,
    )
