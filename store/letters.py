"""An outgoing message as text in a column, and back: what was owed is what is sent, also after a restart."""

import json

from domain.errors import StoreBroken
from domain.event import Json, canonical
from domain.message import Button, Mention, OutMessage, Picture, Span


def written(message: OutMessage) -> str:
    """Canonical JSON of everything in the message; of a picture its digest and its words."""
    shown = message.picture
    return canonical(
        {
            "spans": [s if isinstance(s, str) else {"person": s.person_id, "label": s.label} for s in message.spans],
            "buttons": [{"label": b.label, "token": b.token} for b in message.buttons],
            "reply_to": message.reply_to,
            "edits": message.edits,
            **({} if shown is None else {"picture": {"sha256": shown.sha256, "about": shown.about}}),
        }
    )


def read(text: str) -> OutMessage:
    """The message of ``written``. Raises StoreBroken if the text is none."""
    try:
        raw: Json = json.loads(text)
        return OutMessage(
            spans=tuple(_span(s) for s in raw["spans"]),
            buttons=tuple(Button(label=b["label"], token=b["token"]) for b in raw["buttons"]),
            reply_to=raw["reply_to"],
            edits=raw["edits"],
            picture=Picture(**raw["picture"]) if "picture" in raw else None,
        )
    except (ValueError, KeyError, TypeError) as e:
        raise StoreBroken(f"not an outgoing message: {text[:80]!r} ({e})") from e


def _span(raw: str | Json) -> Span:
    return raw if isinstance(raw, str) else Mention(person_id=raw["person"], label=raw["label"])
