"""Which messages an event of a case owes: the card where it is talked about, and short replies that @-mention.

One card per chat stands for the case: it is posted once and then edited. Who must act next is @-mentioned by a reply
in its thread, since an edit notifies nobody. Words are not made here; figures are those that all readers may see.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.case.acts import due
from domain.case.card import MONEY, card_body
from domain.case.case import IN_FORCE, Case, Stage
from domain.case.rights import DEPOT_ACTS, LENDER_ACTS, CaseAct
from domain.case.terms import Step
from domain.contract import Contract, Field
from domain.event import Event, Json, stamp
from domain.notice import Notice, Priority, disclosed, notice_key
from domain.people import Audience, Chat, Role, Roster
from domain.proposal import Proposal, Standing

CARD = "case_card"
"""Template of the card; those of the replies are case_paid, case_accepted, case_signed, case_sealed, case_verified,
case_declined, case_moved, case_reminded and case_ended."""
__all__ = ["CARD", "CaseNotice", "buttons", "card_body", "card_key", "owed", "restated"]
TO_ALL = frozenset({"case.ended", "case.declined"})
"""Steps that every chat with the card is told by a reply of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNotice:
    """One owed message of a case. edits: the key of the card that it replaces; None: a message of its own."""

    notice: Notice
    edits: str | None = None


def owed(
    event: Event, case: Case, contract: Contract, roster: Roster, *, confirming: Proposal | None = None
) -> list[CaseNotice]:
    """What one event owes; ``case`` is the case after it. Cards first, so that replies find their thread.

    confirming: money for it that waits for a second person of the lender; its own cards say so.
    """
    chats = _chats(case, contract, roster)
    told = chats if event.kind != "case.reminded" else []
    cards = [_card(event, case, contract, chat, roster, confirming) for chat in told]
    replies = [_reply(event, case, contract, chat, roster) for chat in chats if event.kind != "case.filed"]
    return [*cards, *(r for r in replies if r is not None)]


def card_key(case: Case, chat: str) -> str:
    """The key of the message that is the case's card in this chat."""
    return notice_key(case.tenant, case.id, "card", chat)


def _chats(case: Case, contract: Contract, roster: Roster) -> list[Chat]:
    """Where the case was filed, the lender's own chats, and wherever it has ever waited for somebody."""
    return [
        chat
        for chat in roster.chats.values()
        if contract.id in chat.contracts
        and (chat.id == case.chat or chat.audience is Audience.BANK or chat.id in case.asked)
    ]


def restated(proposal: Proposal, case: Case, contract: Contract, roster: Roster, *, now: datetime) -> list[CaseNotice]:
    """The case's cards in the lender's own chats anew, where money for it was proposed, taken back or left too long."""
    standing = proposal.standing(now)
    confirming = proposal if standing is Standing.OPEN else None
    bank = (chat for chat in _chats(case, contract, roster) if chat.audience is Audience.BANK)
    marks = (str(case.revision), proposal.id, standing.value)
    return [_face(marks, case, contract, chat, roster, confirming, first=False) for chat in bank]


def _card(
    event: Event, case: Case, contract: Contract, chat: Chat, roster: Roster, confirming: Proposal | None
) -> CaseNotice:
    first = event.kind == "case.filed" or (
        case.asked.get(chat.id) == case.revision and chat.id != case.chat and chat.audience is not Audience.BANK
    )
    return _face((str(case.revision),), case, contract, chat, roster, confirming, first=first)


def _face(
    marks: tuple[str, ...],
    case: Case,
    contract: Contract,
    chat: Chat,
    roster: Roster,
    confirming: Proposal | None,
    *,
    first: bool,
) -> CaseNotice:
    """The card as it now stands. marks: what tells this face from the others."""
    key = card_key(case, chat.id)
    seen = disclosed(contract, chat, roster)
    notice = Notice(
        key=key if first else notice_key(key, *marks),
        tenant=case.tenant,
        chat=chat.id,
        priority=Priority.TASK,
        template=CARD,
        body=_body(case, contract, chat, roster) | _confirming(confirming, case, chat, seen),
        mentions=_asked(case, chat) if first else (),
        buttons=tuple(a.value for a in buttons(case, contract, chat, roster)),
        thread=case.id,
        revision=case.revision,
        seen=seen,
    )
    return CaseNotice(notice=notice, edits=None if first else key)


def _confirming(proposal: Proposal | None, case: Case, chat: Chat, seen: frozenset[Field]) -> Json:
    if proposal is None or not case.open or chat.audience is not Audience.BANK:
        return {}
    said: Json = {"proposal": proposal.id, "by": proposal.by, "until": stamp(proposal.expires_at)}
    return {"confirming": said | ({"amount_cny": proposal.body["amount"]} if seen >= MONEY else {})}


def _reply(event: Event, case: Case, contract: Contract, chat: Chat, roster: Roster) -> CaseNotice | None:
    """The short message of a step, where somebody is to act or the request came from; none where only figures moved."""
    people = _mentioned(event, case, chat)
    new_stage = "stage" not in event.body or case.stage_at == event.occurred_at
    told = event.kind in TO_ALL or (bool(people) if event.kind == "case.reminded" else _heard(case, chat, people))
    if not told or not new_stage:
        return None
    step = event.kind.removeprefix("case.")
    seen = disclosed(contract, chat, roster)
    notice = Notice(
        key=notice_key(case.tenant, case.id, str(case.revision), step, chat.id),
        tenant=case.tenant,
        chat=chat.id,
        priority=Priority.ESCALATION if step == "reminded" else Priority.TASK,
        template=f"case_{step}",
        body={**_body(case, contract, chat, roster), "event": _said(event, seen)},
        mentions=people,
        buttons=tuple(a.value for a in buttons(case, contract, chat, roster)) if people else (),
        thread=case.id,
        revision=case.revision,
        seen=seen,
    )
    return CaseNotice(notice=notice)


def _body(case: Case, contract: Contract, chat: Chat, roster: Roster) -> Json:
    known = roster.chats.get(chat.id, chat).verified
    return card_body(case, contract, disclosed(contract, chat, roster), _only(chat), strangers=not known)


def _heard(case: Case, chat: Chat, people: tuple[str, ...]) -> bool:
    return bool(people) or chat.id == case.chat


def _mentioned(event: Event, case: Case, chat: Chat) -> tuple[str, ...]:
    if event.kind == "case.reminded":
        late = [a.person for a in case.waits if a.chat == chat.id and a.person in event.body["persons"]]
        heard = bool(late) or chat.audience is Audience.BANK
        up = [p for p in event.body["escalated_to"] if heard and p in chat.members]
        return tuple(dict.fromkeys([*late, *up]))
    if event.kind == "case.declined":
        return ()
    if event.kind == "case.ended" and case.stage in (Stage.REVOKED, Stage.EXPIRED):
        return tuple(dict.fromkeys(a.person for a in case.verifiers if a.chat == chat.id))
    return _asked(case, chat)


def _asked(case: Case, chat: Chat) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a.person for a in case.waits if a.chat == chat.id))


def buttons(case: Case, contract: Contract, chat: Chat, roster: Roster) -> tuple[CaseAct, ...]:
    """The acts that a press can do in this chat now. Registering a notice needs its number, so it has no button."""
    steps = due(case, contract)
    here: list[CaseAct] = []
    if chat.audience is Audience.BANK:
        asked = {Step.PAYMENT: CaseAct.PAID, Step.ACCEPT: CaseAct.ACCEPT, Step.COUNTERSIGN: CaseAct.COUNTERSIGN}
        here += [asked[s] for s in steps if s in asked]
        if case.open:
            here.append(CaseAct.REVOKE if case.stage in IN_FORCE else CaseAct.REFUSE)
    if any(roster.people[m].role is Role.DEPOT for m in chat.members):
        here += _depots(case)
    if chat.id == case.chat and case.open and case.stage not in IN_FORCE:
        here.append(CaseAct.WITHDRAW)
    assert set(here) <= LENDER_ACTS | DEPOT_ACTS | {CaseAct.WITHDRAW}
    return tuple(here)


def _depots(case: Case) -> list[CaseAct]:
    if case.stage not in IN_FORCE:
        return []
    verify = [CaseAct.VERIFY] if case.verified_by is None or case.declined is not None else []
    return verify if case.declined is not None else [*verify, CaseAct.DECLINE]


def _said(event: Event, seen: frozenset[Field]) -> Json:
    """The event's own words: who and when, and what only it says."""
    body = event.body
    said: Json = {"kind": event.kind, "by": event.actor, "at": stamp(event.occurred_at)}
    if "amount_cny" in body and seen >= MONEY:
        said["amount_cny"] = str(Decimal(body["amount_cny"]))
    return said | {k: body[k] for k in ("reason", "why", "n", "persons", "escalated_to") if k in body}


def _only(chat: Chat) -> str | None:
    """The lender's chats hear whom a case waits for anywhere, the others of their own people."""
    return None if chat.audience is Audience.BANK else chat.id
