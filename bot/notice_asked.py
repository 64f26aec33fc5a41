"""Somebody outside the bank holds a release notice whose number nobody knows: the lender is told, and it is recorded."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.house import House
from bot.refusing import banks_of
from bot.words import Words
from domain.delivery import Debt
from domain.event import Event
from domain.message import OutMessage
from domain.notice import Priority, notice_key
from domain.people import Audience, Chat, Person
from skills.skill import Answer

LOCAL = ZoneInfo("Asia/Shanghai")
ASKED = "notice.asked"


def unknown_notice(
    answer: Answer, person: Person, chat: Chat, house: House, words: Words, now: datetime
) -> tuple[list[Event], list[Debt]]:
    """An event for each lender of this chat, and a line in its own chats, once a day for the same person and number."""
    unknown = answer.kind == "notice_check" and answer.facts.get("state") == "unknown"
    if not unknown or chat.audience is Audience.BANK:
        return [], []
    no = answer.facts["no"]
    contracts = {house.workspace.contracts[c].lender: c for c in reversed(chat.contracts)}
    events = [
        Event(
            tenant=lender,
            kind=ASKED,
            v=1,
            occurred_at=now,
            actor=person.id,
            body={"no": no, "chat": chat.id, "contract": contract},
        )
        for lender, contract in contracts.items()
    ]
    line = words.line("notice_unknown", no=no, person=house.workspace.roster.named(person.id), chat=chat.name)
    day = f"{now.astimezone(LOCAL):%Y%m%d}"
    debts = [
        Debt(
            key=notice_key("notice_unknown", lender, bank.id, no, person.id, day),
            tenant=lender,
            chat=bank.id,
            priority=Priority.TASK,
            message=OutMessage(spans=(line,)),
            template="notice_unknown",
        )
        for lender, contract in contracts.items()
        for bank in banks_of(contract, house.workspace.roster.chats.values())
    ]
    return events, debts
