"""Our message → Telegram's text, mention entities and keyboard. Pure; knows no network.

Mentions travel as entities with UTF-16 offsets rather than as HTML: the server then parses nothing, so no name, note
or ``T1 < 5 m`` can break a message or smuggle markup into it, and cutting a long text cannot leave a tag open.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, User

from domain.message import Address, Button, Caps, Mention, OutMessage

TOKEN_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Text ready to send, at most ``caps.text_limit`` UTF-16 units, with one entity per person to notify."""

    text: str
    entities: tuple[MessageEntity, ...]

    @property
    def notifies(self) -> frozenset[int]:
        """User ids that Telegram is asked to notify."""
        return mentioned(self.entities)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a mention stands in the text, in code points."""

    start: int
    end: int
    mention: Mention


def compose(message: OutMessage, addresses: Mapping[str, Address], *, caps: Caps, cut_mark: str) -> Composed:
    """Text and entities of ``message``; ``addresses`` maps person ids to their Telegram address.

    A person without one is written as plain @label. A second mention of the same person is plain as well: one
    message notifies once. Too long a text is cut at a line and ends in ``cut_mark``, followed by the mentions that
    the cut would have lost. Raises ValueError when more people would have to be notified than Telegram notifies; an
    edit notifies nobody, so there they may be any number.
    """
    text, places = _lay_out(message)
    if units(text) > caps.text_limit:
        text, places = _cut(text, places, caps.text_limit, cut_mark)
    entities = _entities(text, places, addresses)
    if message.edits is None and len(entities) > caps.mentions_notified:
        raise ValueError(f"{len(entities)} people to notify in one message, allowed {caps.mentions_notified}: split it")
    return Composed(text=text, entities=entities)


def keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Buttons in rows of four, or of two when labels are long. Raises ValueError for a token Telegram would refuse."""
    for button in buttons:
        if not 1 <= len(button.token.encode()) <= TOKEN_BYTES:
            raise ValueError(f"button {button.label!r}: token of {len(button.token.encode())} bytes, allowed 1 to 64")
    if not buttons:
        return None
    wide = 4 if all(len(b.label) <= 4 for b in buttons) else 2
    keys = [InlineKeyboardButton(b.label, callback_data=b.token) for b in buttons]
    return InlineKeyboardMarkup([keys[i : i + wide] for i in range(0, len(keys), wide)])


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def mentioned(entities: tuple[MessageEntity, ...]) -> frozenset[int]:
    """User ids of the text mentions among ``entities``."""
    return frozenset(e.user.id for e in entities if e.type == MessageEntity.TEXT_MENTION and e.user is not None)


def sound(text: str) -> str:
    """``text`` without lone surrogates (JSON can carry them), which no UTF-8 writer accepts."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _lay_out(message: OutMessage) -> tuple[str, list[_Place]]:
    text, places = "", []
    for span in message.spans:
        written = sound(f"@{span.label}" if isinstance(span, Mention) else span)
        if isinstance(span, Mention):
            places.append(_Place(start=len(text), end=len(text) + len(written), mention=span))
        text += written
    return text, places


def _cut(text: str, places: list[_Place], limit: int, cut_mark: str) -> tuple[str, list[_Place]]:
    lost: list[Mention] = []
    # the longer the tail, the shorter the head, the more mentions move to the tail: ends at the latest with all of them.
    # No name stays cut in two: the tail takes more room for it than the head had
    while True:
        tail, tail_places = _lay_out(OutMessage(spans=("\n", cut_mark, *(s for m in lost for s in (" ", m)))))
        end = _head_end(text, limit - units(tail))
        beyond = [p.mention for p in places if p.end > end]
        if beyond == lost:
            moved = [_Place(start=p.start + end, end=p.end + end, mention=p.mention) for p in tail_places]
            return text[:end] + tail, [p for p in places if p.end <= end] + moved
        lost = beyond


def _head_end(text: str, budget: int) -> int:
    if budget <= 0:
        raise ValueError("no room is left for the text: the cut mark and the mentions fill the whole message")
    end = len(text.encode("utf-16-le")[: budget * 2].decode("utf-16-le", "ignore"))
    line = text.rfind("\n", end // 2, end + 1)  # one endless line is cut where it must be
    return line if line >= 0 else end


def _entities(text: str, places: list[_Place], addresses: Mapping[str, Address]) -> tuple[MessageEntity, ...]:
    entities: dict[int, MessageEntity] = {}
    for place in places:
        address = addresses.get(place.mention.person_id)
        if address is None or address.platform != "telegram" or int(address.id) in entities:
            continue
        entities[int(address.id)] = MessageEntity(
            MessageEntity.TEXT_MENTION,
            offset=units(text[: place.start]),
            length=units(text[place.start : place.end]),
            user=User(int(address.id), place.mention.label, is_bot=False),
        )
    return tuple(entities.values())
