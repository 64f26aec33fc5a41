"""What the bot says and hears, free of any chat platform. Channels translate; nothing here knows Telegram."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An @ that must notify this person: a person id, never a display name."""

    person_id: str
    label: str


Span = str | Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A press sends ``token`` back (at most 64 bytes of ASCII)."""

    label: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG kept in the ledger under its digest, and what it shows in words. png: put in by delivery, never stored here."""

    sha256: str
    about: str
    png: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutMessage:
    """One message as a chat shall see it. Text is plain: no markup survives from names or notes.

    reply_to: the platform reference of an earlier message, so that an alert and its all-clear form one thread.
    edits: the platform reference of the message that this one replaces; an edit changes the text only. picture: shown
    with the text.
    """

    spans: tuple[Span, ...]
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    edits: str | None = None
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """The message as people read it, mentions written as @label."""
        return "".join(s if isinstance(s, str) else f"@{s.label}" for s in self.spans)

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Those who are notified, in order."""
        return tuple(s for s in self.spans if isinstance(s, Mention))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What a platform can do: text limit in UTF-16 units, mentions that notify, pacing per chat and overall."""

    text_limit: int
    mentions_notified: int
    can_edit: bool
    per_chat_seconds: float  # shortest pause between two messages to one chat
    per_chat_per_minute: int
    per_second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Accepted by the platform, which calls the message ``ref``."""

    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """Not sent; this chat may be tried again after so many seconds."""

    after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Refused for good: the same message will never be accepted there. ``why`` is for the operators."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Not sent: the chat has a new address, under which to try again (Telegram: group became supergroup)."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """It certainly did not leave: safe to try again."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may or may not have arrived: the stated policy decides, never silence."""

    why: str


SendResult = Sent | Throttled | Rejected | Moved | NotSent | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a platform finds a chat or a person: ``platform`` is 'telegram' or 'console', ``id`` its own id."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who is in a group, as far as its platform tells: the number of members without us, and ids of some of them.

    present: of those who were asked for. admins: people who run the group, whoever they are.
    """

    members: int
    present: frozenset[str]
    admins: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Something a person did in a chat.

    event_id: the platform's own id of the event, for telling a repeat. person_address: the verified sender.
    kind: 'text' for a message, 'press' for a button, 'location', 'file', 'joined', 'left', 'migrated'.
    text: the message, or the pressed button's token, or for 'migrated' the chat's new id.
    reply_to: platform reference of the message replied to. addressed: the bot was named, replied to, or in private.
    callback: what the platform needs to answer a press.
    """

    platform: str
    event_id: str
    kind: Literal["text", "press", "location", "file", "joined", "left", "migrated"]
    chat: Address
    sender: Address
    sender_name: str
    text: str
    received_at: datetime
    private: bool = False
    addressed: bool = False
    reply_to: str | None = None
    callback: str | None = None
    message_ref: str | None = None
