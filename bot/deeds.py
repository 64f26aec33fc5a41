"""What a pressed deed becomes: one event in the lender's chain, and the messages to those who must know of it."""

from datetime import datetime

from bot.refusing import banks_of
from bot.words import Words
from domain.contract import Contract
from domain.deed.deed import Deed, Wanted
from domain.deed.fold import CLAIMED, PROMISED, SUBSCRIBED, TOLD, WORKS, Deeds, author
from domain.delivery import Debt
from domain.event import Event, Json, stamp
from domain.notice import Priority, notice_key
from domain.people import Audience, Chat, Person, Role, Roster

KINDS = {
    Deed.COMMIT: PROMISED,
    Deed.DONE: CLAIMED,
    Deed.WORKS: WORKS,
    Deed.SUBSCRIBE: SUBSCRIBED,
    Deed.TELL: TOLD,
}
MOST_NAMED = 4
"""So many people are @-mentioned: no platform refuses a message for these."""


def event_of(
    wanted: Wanted,
    person: Person,
    chat: Chat,
    contract: Contract,
    deeds: Deeds,
    day: str,
    now: datetime,
    *,
    said_by: str,
) -> Event:
    """The event of a deed that is no alarm's. person: who has pressed. day: YYYYMMDD of its number."""
    body: Json = {**wanted.body, "contract": contract.id, "chat": chat.id}
    if said_by != person.id:
        body |= {"said_by": said_by}
    match wanted.deed:
        case Deed.COMMIT:
            body |= {"promise": deeds.next_promise(contract.lender, day), "alarm": wanted.alarm_id}
        case Deed.DONE:
            body |= {"claim": deeds.next_claim(contract.lender, day), "alarm": wanted.alarm_id}
        case Deed.WORKS:
            body |= {"work": deeds.next_work(contract.lender, day)}
        case Deed.SUBSCRIBE:
            body |= {"person": person.id}
    return Event(tenant=contract.lender, kind=KINDS[wanted.deed], v=1, occurred_at=now, actor=person.id, body=body)


def debts_of(
    event: Event, wanted: Wanted, person: Person, chat: Chat, contract: Contract, roster: Roster, words: Words
) -> list[Debt]:
    """Who is told: the lender in its own chats; of a call for the supervisor, the supervisor where it was said."""
    if wanted.deed is Deed.SUBSCRIBE:
        return []
    by = author(event)
    facts = {**event.body, "by": by, "where": chat.name, "at": stamp(event.occurred_at)}
    facts |= {"pressed_by": person.id if by != person.id else None}
    if wanted.deed is Deed.TELL and wanted.body["to"] == "supervisor":
        return [_debt(event, wanted, chat, facts, words, _supervisors(chat, contract, roster))]
    banks = [b for b in banks_of(contract.id, roster.chats.values()) if b.id != chat.id]
    return [_debt(event, wanted, bank, facts, words, ()) for bank in banks]


def _supervisors(chat: Chat, contract: Contract, roster: Roster) -> tuple[str, ...]:
    people = (roster.people[m] for m in chat.members)
    mine = [p.id for p in people if p.role is Role.SUPERVISOR and p.org == contract.supervisor]
    return tuple(mine[:MOST_NAMED]) if chat.audience is not Audience.OPERATORS else ()


def _debt(event: Event, wanted: Wanted, chat: Chat, facts: Json, words: Words, people: tuple[str, ...]) -> Debt:
    return Debt(
        key=notice_key(event.kind, event.tenant, chat.id, event.actor, stamp(event.occurred_at)),
        tenant=event.tenant,
        chat=chat.id,
        priority=Priority.TASK,
        message=words.told(wanted.deed.value, facts, people),
        template=f"told_{wanted.deed.value}",
    )
