"""Checks of a contract's duties against people and chats: whoever is obliged can be told, and is told in the right place."""

from collections.abc import Mapping
from dataclasses import dataclass

from datasources.workspace.contracts import ContractFile, DutyPart, DutyRulePart
from datasources.workspace.part import Sheet
from datasources.workspace.people import ChatPart
from datasources.workspace.problem import suggestion
from domain.contract import AlertKind, Severity
from domain.notice import BANK_ONLY
from domain.people import Audience

PER_SITE = frozenset({AlertKind.QTY_DROP, AlertKind.SENSOR_OFFLINE, AlertKind.BOOK_GAP, AlertKind.LIFT})
"""Kinds whose alerts name a tank, so that the duties may differ by site."""
NEEDS_TERMS: Mapping[str, str] = {
    "dup_pledge": "receipts",
    "receipt_expiring": "receipts",
    "yield_gap": "process",
    "lift": "release",
}
"""Kinds that only a contract with these terms can raise, so that nobody else need be told who is obliged for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who is there: declared people and chats (None: people.yaml could not be read), and the sound chats."""

    people: set[str] | None
    chat_ids: set[str] | None
    chats: Mapping[str, ChatPart]


def check_duties(
    sheet: Sheet[ContractFile], company: Company, sites: set[str] | None, site_of: Mapping[str, str]
) -> None:
    """Every rule of one contract, and that no alert finds nobody. ``sites``: declared; ``site_of``: of sound tanks."""
    contract = sheet.part
    seen: dict[tuple[object, ...], int] = {}
    for rule in contract.duties:
        key = (rule.kind, rule.severity, rule.site)
        if key in seen:
            wrong = f"there is a rule for the same alert already, in line {seen[key]}"
            sheet.error(rule, "kind", wrong=wrong, instead="put all its people under one rule")
        seen.setdefault(key, rule.node.line)
        _check_site(sheet, rule, sites)
        _check_rule(sheet, rule, company)
    if "duties" in sheet.broken:
        return
    if not contract.duties:
        if "duties" in contract.node.entries:
            sheet.error(contract, "duties", wrong="obliges nobody", instead="write who must be told of which alert")
        return
    _check_coverage(sheet, {site_of[t] for t in contract.tank_ids if t in site_of})


def _check_site(sheet: Sheet[ContractFile], rule: DutyRulePart, sites: set[str] | None) -> None:
    if rule.site is None:
        return
    if sites is not None and rule.site not in sites:
        remedy = suggestion(rule.site, sites, add="delete the line for all sites")
        sheet.error(rule, "site", wrong=f"site {rule.site!r} is unknown", instead=remedy)
    if rule.kind not in PER_SITE:
        wrong = f"{rule.kind} is about the whole contract, not about a site"
        sheet.error(rule, "site", wrong=wrong, instead="delete the line")


def _check_rule(sheet: Sheet[ContractFile], rule: DutyRulePart, company: Company) -> None:
    told = {d.chat for d in rule.tell}
    told |= {c.id for c in company.chats.values() if c.audience is Audience.BANK and sheet.part.id in c.contracts}
    known = told <= company.chats.keys()
    hearing = {m for chat in told for m in company.chats[chat].members} if known else None
    persons: set[str] = set()
    for duty in rule.tell:
        if duty.person in persons:
            wrong = f"{duty.person!r} is told twice of one alert"
            sheet.error(duty, "person", wrong=wrong, instead="name each person once per rule, in one chat")
        persons.add(duty.person)
        _check_place(sheet, rule.kind, duty, company)
        _check_escalation(sheet, duty, company, hearing)
    if not rule.tell and "duties" not in sheet.broken:
        sheet.error(rule, "tell", wrong="names nobody", instead="write at least one person, or delete the rule")


def _check_place(sheet: Sheet[ContractFile], kind: AlertKind, duty: DutyPart, company: Company) -> None:
    if company.people is not None and duty.person not in company.people:
        remedy = suggestion(duty.person, company.people, add="add that person to people.yaml")
        sheet.error(duty, "person", wrong=f"person {duty.person!r} is unknown", instead=remedy)
    if company.chat_ids is not None and duty.chat not in company.chat_ids:
        remedy = suggestion(duty.chat, company.chat_ids, add="add that chat to people.yaml")
        sheet.error(duty, "chat", wrong=f"chat {duty.chat!r} is unknown", instead=remedy)
    chat = company.chats.get(duty.chat)
    if chat is None:
        return
    if kind in BANK_ONLY and chat.audience is not Audience.BANK:
        wrong = f"{kind} would be told in chat {chat.id!r}, which is not the lender's own"
        sheet.error(duty, "chat", wrong=wrong, instead="name a chat with audience: bank")
    if sheet.part.id is not None and sheet.part.id not in chat.contracts:
        wrong = f"chat {chat.id!r} is not bound to contract {sheet.part.id!r}"
        sheet.error(
            duty, "chat", wrong=wrong, instead="add the contract to that chat in people.yaml, or choose another chat"
        )
    if duty.person not in chat.members:
        wrong = f"{duty.person!r} is not a member of chat {chat.id!r}"
        sheet.error(
            duty, "person", wrong=wrong, instead="add the person to that chat in people.yaml, or choose another"
        )


def _check_escalation(sheet: Sheet[ContractFile], duty: DutyPart, company: Company, hearing: set[str] | None) -> None:
    for i, person in enumerate(duty.escalate_to):
        if company.people is not None and person not in company.people:
            remedy = suggestion(person, company.people, add="add that person to people.yaml")
            sheet.error(duty, "escalate_to", i, wrong=f"person {person!r} is unknown", instead=remedy)
        elif person == duty.person or person in duty.escalate_to[:i]:
            wrong = f"{person!r} is in this step twice"
            sheet.error(duty, "escalate_to", i, wrong=wrong, instead="escalate to somebody else, each once")
        elif hearing is not None and person not in hearing:
            wrong = f"{person!r} is in no chat that hears of this alert"
            sheet.error(
                duty, "escalate_to", i, wrong=wrong, instead="add the person to one of those chats, or name another"
            )
    if duty.escalate_to and duty.ack_minutes is None:
        wrong = "nothing is escalated for somebody who is only informed"
        sheet.error(duty, "escalate_to", wrong=wrong, instead="write ack_minutes: …, or delete escalate_to")


def _check_coverage(sheet: Sheet[ContractFile], sites: set[str]) -> None:
    for kind in AlertKind:
        if NEEDS_TERMS.get(kind, "duties") not in sheet.part.node.entries:
            continue
        rules = [r for r in sheet.part.duties if r.kind is kind]
        if not rules:
            wrong = f"nobody is obliged for {kind}: only the lender's own chat hears of it"
            sheet.warn(sheet.part, "duties", wrong=wrong, instead=f"write a rule with kind: {kind}")
        elif kind is AlertKind.VALUE_BELOW_LINE:
            for severity in Severity:
                if not any(r.severity in (None, severity) for r in rules):
                    wrong = f"nobody is obliged when {kind} is {severity.name.lower()}"
                    sheet.error(sheet.part, "duties", wrong=wrong, instead=f"write a rule with that severity: {kind}")
        elif kind in PER_SITE:
            for site in sorted(s for s in sites if not any(r.site in (None, s) for r in rules)):
                wrong = f"nobody is obliged for {kind} at site {site!r}"
                sheet.error(
                    sheet.part, "duties", wrong=wrong, instead=f"write a rule with kind: {kind} and site: {site}"
                )
