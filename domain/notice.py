"""Who must be told what, where, with which @: pure decisions about what an event owes to people.

Words are not made here: a notice names a template and the finished figures that its chat may see.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from domain.alarm import NEEDS_CLOSE, Alarm, Condition
from domain.contract import AlertKind, Contract, Field
from domain.event import Event, Json
from domain.people import LENDER_ROLES, Audience, Chat, Roster


class Priority(IntEnum):
    """Order of delivery; the lower goes first when a chat's pace is the limit."""

    BREACH = 0
    ESCALATION = 1
    LIFT = 2
    TASK = 3
    ANSWER = 4
    REPORT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One owed message. ``key`` is equal for equal debts, so that owing it twice is owing it once.

    mentions: person ids that must be notified. buttons: actions offered. thread: the alarm whose first message in
    that chat this one answers. seen: the figures that everybody in the chat may see.
    """

    key: str
    tenant: str
    chat: str
    priority: Priority
    template: str
    body: Json
    mentions: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    thread: str | None = None
    revision: int = 0
    seen: frozenset[Field] = frozenset()


def disclosed(contract: Contract, chat: Chat, roster: Roster) -> frozenset[Field]:
    """The figures that *every* member of this chat may see under the contract's disclosure matrix.

    Where somebody unknown may read along, there are none.
    """
    if not roster.chats.get(chat.id, chat).verified:
        return frozenset()
    if chat.audience is Audience.BANK:
        return frozenset(Field)
    if chat.audience is Audience.OPERATORS:
        return frozenset()
    roles = {roster.people[m].role for m in chat.members} - LENDER_ROLES
    return frozenset(f for f in Field if roles <= contract.disclosure.get(f, frozenset()))


STEPS = {
    "alarm.raised": Priority.BREACH,
    "alarm.renewed": Priority.BREACH,
    "alarm.changed": Priority.BREACH,
    "alarm.reminded": Priority.ESCALATION,
    "alarm.lapsed": Priority.ESCALATION,
    "alarm.returned": Priority.LIFT,
    "alarm.closed": Priority.LIFT,
    "alarm.acknowledged": Priority.TASK,
    "alarm.shelved": Priority.TASK,
    "alarm.unshelved": Priority.TASK,
}
"""Which events of an alarm owe a message, and how urgent it is."""


BANK_ONLY = frozenset({AlertKind.DUP_PLEDGE})
"""Kinds that are told in the lender's own chats and nowhere else, whoever is obliged: others there may be suspects."""


TOLD = frozenset({"alarm.raised", "alarm.renewed", "alarm.changed", "alarm.reminded"})
"""Steps whose message carries the buttons."""


def owed(event: Event, alarm: Alarm, contract: Contract, roster: Roster) -> list[Notice]:
    """The notices that one event of an alarm owes; ``alarm`` is the alarm after the event.

    An alarm is told in every chat in which the contract obliges somebody, and always in the lender's own chats.
    A close by the system right after a return owes nothing more: the return said it. A reminder goes only where
    somebody is late or escalated to.
    """
    if event.kind == "alarm.closed" and event.actor == "system":
        return []
    chats = _chats(alarm, contract, roster)
    if event.kind == "alarm.lapsed":  # what to do now is the lender's to decide, and to say
        chats = [chat for chat in chats if chat.audience is Audience.BANK]
    notices = [_notice(event, alarm, contract, chat, roster) for chat in chats]
    return [n for n in notices if n.mentions] if event.kind == "alarm.reminded" else notices


def _chats(alarm: Alarm, contract: Contract, roster: Roster) -> list[Chat]:
    bound = [chat for chat in roster.chats.values() if contract.id in chat.contracts]
    banks = [chat for chat in bound if chat.audience is Audience.BANK]
    if alarm.kind in BANK_ONLY:
        return among_lenders(banks)
    named = {p.chat for p in alarm.parties}
    return [chat for chat in bound if chat.id in named or chat.audience is Audience.BANK]


def among_lenders(banks: Sequence[Chat]) -> list[Chat]:
    """Of a lender's own chats those where nobody unknown may read along; all of them where none is left: told is told."""
    return [chat for chat in banks if chat.verified] or list(banks)


def _notice(event: Event, alarm: Alarm, contract: Contract, chat: Chat, roster: Roster) -> Notice:
    step = event.kind.removeprefix("alarm.")
    return Notice(
        key=notice_key(alarm.tenant, alarm.id, str(alarm.revision), step, chat.id),
        tenant=alarm.tenant,
        chat=chat.id,
        priority=STEPS[event.kind],
        template=step,
        body=event.body,
        mentions=mentioned(event, alarm, chat),
        buttons=buttons(alarm, chat) if event.kind in TOLD else (),
        thread=alarm.id,
        revision=alarm.revision,
        seen=disclosed(contract, chat, roster),
    )


def mentioned(event: Event, alarm: Alarm, chat: Chat) -> tuple[str, ...]:
    """The people of this chat whom this step must notify, in the contract's order."""
    here = [p for p in alarm.parties if p.chat == chat.id]
    match event.kind:
        case "alarm.raised" | "alarm.renewed" | "alarm.changed":
            people: Sequence[str] = [p.person for p in here]
        case "alarm.reminded":
            late = [p.person for p in here if p.person in event.body["persons"]]
            people = [*late, *(q for q in event.body["escalated_to"] if q in chat.members)]
        case "alarm.returned":
            people = [p.person for p in here]
        case "alarm.lapsed":
            people = [*(p.person for p in here), *(q for q in event.body["escalated_to"] if q in chat.members)]
        case _:
            people = []
    return tuple(dict.fromkeys(people))


def buttons(alarm: Alarm, chat: Chat) -> tuple[str, ...]:
    """The actions that this alarm offers in this chat now: answers while somebody waits, the lender's decisions."""
    if not alarm.open:
        return ()
    asked = any(p.waits for p in alarm.parties if p.chat == chat.id)
    answers = ("ack", "arranged", "dispute") if asked else ()
    if chat.audience is not Audience.BANK:
        return answers
    if alarm.kind is AlertKind.PRICE_OUTLIER and alarm.condition is Condition.ACTIVE:
        return (*answers, "confirm_price", "reject_price")
    return (*answers, "close") if alarm.kind in NEEDS_CLOSE else answers


def notice_key(*parts: str) -> str:
    """A short stable name of a debt, from its parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
