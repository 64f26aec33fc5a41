"""What was refused is recorded; what could be a fraud is told to the lender, quietly, and not where it was said."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.house import House
from bot.words import Words
from domain.deed.fold import REFUSED
from domain.delivery import Debt
from domain.event import Event
from domain.message import OutMessage
from domain.notice import Priority, among_lenders, notice_key
from domain.people import Audience, Chat, Person
from skills.refusals import TOLD_TO_LENDER
from skills.skill import Answer, Status

TOLD_EVERY = timedelta(hours=1)
"""A lender is told of the same person and kind at most so often."""
NO_TENANT = "@"


def refused(
    answer: Answer, text: str, person: Person, chat: Chat, house: House, words: Words, now: datetime, *,
    quiet: bool = False,
) -> tuple[list[Event], list[Debt]]:  # fmt: skip
    """An event for each lender of this chat with the digest of what was said, never its words; and the lines owed.

    Nothing for an answer that is no refusal. quiet: no lines; a model chose the refusal, and no model accuses anybody.
    """
    if answer.status is not Status.REFUSED:
        return [], []
    kind = answer.facts["kind"]
    contracts = {house.workspace.contracts[c].lender: c for c in reversed(chat.contracts)}
    events, debts = [], list[Debt]()
    for lender in contracts or {NO_TENANT: ""}:
        told = not quiet and _due(kind, lender, person, chat, house, now)
        if told:
            debts += _lines(kind, lender, contracts[lender], person, chat, house, words, now)
        events.append(_event(kind, lender, text, person, chat, now, told=told))
    return events, debts


def _due(kind: str, lender: str, person: Person, chat: Chat, house: House, now: datetime) -> bool:
    if kind not in TOLD_TO_LENDER or chat.audience is Audience.BANK or lender == NO_TENANT:
        return False
    last = house.deeds.refused.get((lender, person.id, kind))
    return last is None or now - last >= TOLD_EVERY


def _event(kind: str, lender: str, text: str, person: Person, chat: Chat, now: datetime, *, told: bool) -> Event:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    body = {"kind": kind, "person": person.id, "chat": chat.id, "digest": digest, "told": told}
    return Event(tenant=lender, kind=REFUSED, v=1, occurred_at=now, actor=person.id, body=body)


def _lines(
    kind: str, lender: str, contract: str, person: Person, chat: Chat, house: House, words: Words, now: datetime
) -> list[Debt]:
    line = words.line("refused_told", person=house.workspace.roster.named(person.id), chat=chat.name, kind=kind, at=now)
    return [
        Debt(
            key=notice_key("refused", lender, bank.id, kind, person.id, now.isoformat()),
            tenant=lender,
            chat=bank.id,
            priority=Priority.TASK,
            message=OutMessage(spans=(line,)),
            template="refused_told",
        )
        for bank in banks_of(contract, house.workspace.roster.chats.values())
    ]


def banks_of(contract: str, chats: Iterable[Chat]) -> list[Chat]:
    """The lender's own chats in which this contract is bound; not those where somebody unknown may read along."""
    return among_lenders([c for c in chats if c.audience is Audience.BANK and contract in c.contracts])
