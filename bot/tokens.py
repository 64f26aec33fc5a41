"""What a button sends back: which alarm, as of which telling, and what the person does; or a further question.

At most 64 bytes of ASCII (Bot API callback_data). A token is a claim about what was pressed, never about who may.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

MOST_BYTES = 64
ACTIONS = frozenset({"ack", "arranged", "dispute", "close", "confirm_price", "reject_price"})
_ALARM, _OFFER = "v1", "q1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A press on an alarm's button. revision: the telling on which the button stood."""

    alarm_id: str
    revision: int
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A press on an answer's button: the skill to run next."""

    skill: str
    arguments: Mapping[str, str]


def token(alarm_id: str, revision: int, action: str) -> str:
    """v1|alarm|revision|action. Raises ValueError for an unknown action, or what does not fit into a button."""
    text = f"{_ALARM}|{alarm_id}|{revision}|{action}"
    if action not in ACTIONS or parse_token(text) is None:
        raise ValueError(f"button {text!r}: at most {MOST_BYTES} bytes of ASCII, actions {sorted(ACTIONS)}")
    return text


def parse_token(text: str) -> Pressed | None:
    """The press that this token means, or None for anything that ``token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 4 or parts[0] != _ALARM:
        return None
    _, alarm_id, revision, action = parts
    if not alarm_id or not (revision.isdigit() and len(revision) <= 9) or action not in ACTIONS:
        return None
    return Pressed(alarm_id=alarm_id, revision=int(revision), action=action)


def offer_token(skill: str, arguments: Mapping[str, str]) -> str | None:
    """q1|skill|arguments, or None where they do not fit: then there is no button, and people ask in words."""
    text = f"{_OFFER}|{skill}|{urlencode(sorted(arguments.items()))}"
    return text if _fits(text) else None


def parse_offer(text: str) -> Offer | None:
    """The question that this token offers, or None for anything that ``offer_token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 3 or parts[0] != _OFFER or not parts[1]:
        return None
    return Offer(skill=parts[1], arguments=dict(parse_qsl(parts[2])))


def _fits(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= MOST_BYTES
