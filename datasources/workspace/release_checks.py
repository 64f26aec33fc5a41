"""Checks of ``release:``: every step has somebody who may take it, in a chat where it can be taken; two who sign."""

from collections.abc import Iterable, Mapping

from datasources.workspace.contracts import ContractFile
from datasources.workspace.duties import Company
from datasources.workspace.part import Sheet
from datasources.workspace.people import PersonPart
from datasources.workspace.pledge import Ground
from datasources.workspace.problem import suggestion
from datasources.workspace.release import StepDutyPart, StepRulePart
from domain.case.terms import Step
from domain.people import LENDER_ROLES, Audience, Role

LENDER_STEPS = frozenset({Step.PAYMENT, Step.SIGN, Step.COUNTERSIGN, Step.ACCEPT})
TAKES: Mapping[Step, frozenset[Role]] = {
    **dict.fromkeys(LENDER_STEPS, LENDER_ROLES),
    Step.VERIFY: frozenset({Role.DEPOT}),
    Step.LIFT: frozenset({Role.BORROWER, Role.DEPOT}),
    Step.BRING: frozenset({Role.BORROWER, Role.DEPOT}),
}
WHOLE = LENDER_STEPS - {Step.ACCEPT}
"""Steps of the whole case; the others are taken where the goods lie."""
NEEDED = (Step.PAYMENT, Step.SIGN, Step.COUNTERSIGN, Step.VERIFY)
"""Without somebody at these no request ever gets on; the others are worth a warning."""


def check_release(
    sheet: Sheet[ContractFile], company: Company, persons: Mapping[str, PersonPart], ground: Ground
) -> None:
    """One contract. persons: the sound ones by id."""
    part = sheet.part.release
    if part is None:
        return
    seen: dict[tuple[Step, str | None], int] = {}
    for rule in part.steps:
        key = (rule.step, rule.site)
        if key in seen:
            wrong = f"there is a rule for the same step already, in line {seen[key]}"
            sheet.error(rule, "step", wrong=wrong, instead="put all its people under one rule")
        seen.setdefault(key, rule.node.line)
        _check_site(sheet, rule, ground)
        _check_rule(sheet, rule, company, persons, ground)
    if "release" not in sheet.broken:
        _check_somebody(
            sheet, part.steps, {ground.site_of[t] for t in sheet.part.tank_ids if t in ground.site_of}, ground
        )
        _check_two(sheet, part.steps)


def _check_site(sheet: Sheet[ContractFile], rule: StepRulePart, ground: Ground) -> None:
    if rule.site is None:
        return
    if rule.step in WHOLE:
        wrong = f"{rule.step} is about the whole case, not about a site"
        sheet.error(rule, "site", wrong=wrong, instead="delete the line")
    elif rule.site not in ground.depot_of:
        remedy = suggestion(rule.site, ground.depot_of, add="delete the line for all sites")
        sheet.error(rule, "site", wrong=f"site {rule.site!r} is unknown", instead=remedy)


def _check_rule(
    sheet: Sheet[ContractFile],
    rule: StepRulePart,
    company: Company,
    persons: Mapping[str, PersonPart],
    ground: Ground,
) -> None:
    if not rule.tell:
        sheet.error(rule, "tell", wrong="names nobody", instead="write at least one person, or delete the rule")
    named: set[str] = set()
    for duty in rule.tell:
        if duty.person in named:
            wrong = f"{duty.person!r} is named twice for one step"
            sheet.error(duty, "person", wrong=wrong, instead="name each person once per step, in one chat")
        named.add(duty.person)
        _check_place(sheet, rule, duty, company)
        _check_role(sheet, rule, duty, persons, ground)
        _check_escalation(sheet, duty, company)


def _check_place(sheet: Sheet[ContractFile], rule: StepRulePart, duty: StepDutyPart, company: Company) -> None:
    if company.people is not None and duty.person not in company.people:
        remedy = suggestion(duty.person, company.people, add="add that person to people.yaml")
        sheet.error(duty, "person", wrong=f"person {duty.person!r} is unknown", instead=remedy)
        return
    if company.chat_ids is not None and duty.chat not in company.chat_ids:
        remedy = suggestion(duty.chat, company.chat_ids, add="add that chat to people.yaml")
        sheet.error(duty, "chat", wrong=f"chat {duty.chat!r} is unknown", instead=remedy)
    chat = company.chats.get(duty.chat)
    if chat is None:
        return
    if sheet.part.id is not None and sheet.part.id not in chat.contracts:
        wrong = f"chat {chat.id!r} is not bound to contract {sheet.part.id!r}"
        sheet.error(duty, "chat", wrong=wrong, instead="add the contract to that chat, or choose another chat")
    if rule.step in LENDER_STEPS and chat.audience is not Audience.BANK:
        wrong = f"{rule.step} is decided in the lender's own chat, {chat.id!r} is none"
        sheet.error(duty, "chat", wrong=wrong, instead="name a chat with audience: bank")
    if duty.person not in chat.members:
        wrong = f"{duty.person!r} is not a member of chat {chat.id!r}"
        sheet.error(duty, "person", wrong=wrong, instead="add the person to that chat, or choose another")


def _check_role(
    sheet: Sheet[ContractFile],
    rule: StepRulePart,
    duty: StepDutyPart,
    persons: Mapping[str, PersonPart],
    ground: Ground,
) -> None:
    person = persons.get(duty.person)
    if person is None:
        return
    if person.role not in TAKES[rule.step]:
        wrong = f"{duty.person!r} is {person.role}, who does not take the step {rule.step}"
        roles = ", ".join(sorted(TAKES[rule.step]))
        sheet.error(duty, "person", wrong=wrong, instead=f"name somebody with one of the roles {roles}")
        return
    contract = sheet.part
    if person.role is Role.DEPOT:
        depot = ground.depot_of.get(rule.site) if rule.site is not None else None
        orgs = set(contract.depots) if depot is None else {depot}
    else:
        orgs = {o for o in (contract.lender if person.role in LENDER_ROLES else contract.borrower,) if o is not None}
    if orgs and person.org not in orgs:
        wrong = f"{duty.person!r} is of {person.org!r}"
        sheet.error(duty, "person", wrong=wrong, instead=f"name somebody of {' or '.join(sorted(orgs))}")


def _check_escalation(sheet: Sheet[ContractFile], duty: StepDutyPart, company: Company) -> None:
    chat = company.chats.get(duty.chat)
    for i, person in enumerate(duty.escalate_to):
        if company.people is not None and person not in company.people:
            remedy = suggestion(person, company.people, add="add that person to people.yaml")
            sheet.error(duty, "escalate_to", i, wrong=f"person {person!r} is unknown", instead=remedy)
        elif person == duty.person or person in duty.escalate_to[:i]:
            wrong = f"{person!r} is in this step twice"
            sheet.error(duty, "escalate_to", i, wrong=wrong, instead="escalate to somebody else, each once")
        elif chat is not None and not _hears(person, sheet.part.id, chat.id, company):
            wrong = f"{person!r} is in no chat that hears of this case"
            sheet.error(duty, "escalate_to", i, wrong=wrong, instead=f"add the person to {chat.id!r}, or name another")
    if duty.escalate_to and duty.ack_minutes is None:
        wrong = "nothing is escalated for somebody who is only told"
        sheet.error(duty, "escalate_to", wrong=wrong, instead="write ack_minutes: …, or delete escalate_to")


def _hears(person: str, contract: str | None, chat_id: str, company: Company) -> bool:
    """A reminder goes to the chat of who is late and to the lender's own."""
    hearing = [c for c in company.chats.values() if c.id == chat_id or c.audience is Audience.BANK]
    return any(person in c.members and contract in c.contracts for c in hearing)


def _check_somebody(sheet: Sheet[ContractFile], rules: Iterable[StepRulePart], sites: set[str], ground: Ground) -> None:
    part = sheet.part.release
    assert part is not None
    rules = list(rules)
    for step in Step:
        mine = [r for r in rules if r.step is step]
        bare = sorted(s for s in sites if not any(r.site in (None, s) for r in mine)) if step not in WHOLE else []
        misspelled = any(r.site is not None and r.site not in ground.depot_of for r in mine)
        if mine and (not bare or misspelled):
            continue
        where = f" at site {bare[0]!r}" if mine else ""
        wrong = f"nobody is told when a case waits for {step}{where}"
        instead = f"write a rule with step: {step}" + (f" and site: {bare[0]}" if mine else "")
        (sheet.error if step in NEEDED else sheet.warn)(part, "steps", wrong=wrong, instead=instead)


def _check_two(sheet: Sheet[ContractFile], rules: Iterable[StepRulePart]) -> None:
    part = sheet.part.release
    assert part is not None
    signing = {d.person for r in rules if r.step in (Step.SIGN, Step.COUNTERSIGN) for d in r.tell}
    if len(signing) == 1:
        wrong = f"only {signing.pop()!r} could register a notice and confirm it: two people must"
        sheet.error(part, "steps", wrong=wrong, instead="name a second person of the lender under step: countersign")
