"""Which contracts a question is about, and the answers for those who may see none. Knows no figure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.contract import Contract, Field
from domain.people import LENDER_ROLES, Audience, Role
from skills.ports import Stand
from skills.skill import Answer, Status

PARTIES = LENDER_ROLES | {Role.BORROWER, Role.DEPOT, Role.SUPERVISOR}
"""Who may ask about a pledge as a whole; an inspector asks of tanks and alarms only."""
WITH_INSPECTORS = PARTIES | {Role.INSPECTOR}
"""Who may ask about tanks, gauges and alarms."""


def asked(view: Stand, arguments: Mapping[str, str]) -> tuple[Contract, ...] | Answer:
    """The visible contracts that the arguments name (all if none is named), or why there are none."""
    if view.denied:
        return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})
    wanted = ids(arguments, "contract")
    chosen = tuple(c for c in view.contracts() if not wanted or c.id in wanted)
    return chosen or not_found("contract")


def ids(arguments: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The ids of one argument, which are written with commas."""
    return tuple(part for part in arguments.get(name, "").split(",") if part)


def not_found(what: str) -> Answer:
    """Nothing of this name within the view; says neither whether it exists elsewhere nor what it is called there."""
    return Answer(status=Status.NO_DATA, kind="not_found", facts={"what": what})


def withheld(view: Stand, contracts: tuple[Contract, ...], fields: tuple[Field, ...]) -> list[str]:
    """Those of ``fields`` that this chat may not see of every one of the contracts."""
    return [f.value for f in fields if any(f not in view.may(c.id) for c in contracts)]


def partial(view: Stand) -> bool:
    """Somebody unknown may read along: what is told here is not all there is, and no count of it is."""
    return view.chat is not None and not view.chat.verified


def not_here(view: Stand, fields: Iterable[str]) -> list[str]:
    """Those withheld fields that are no secret of the lender's: others may read them, or strangers read along here."""
    return [f for f in fields if partial(view) or any(_open_to_others(view, c, Field(f)) for c in view.contracts())]


def _open_to_others(view: Stand, contract: Contract, field: Field) -> bool:
    return field not in view.may(contract.id) and bool(contract.disclosure.get(field, frozenset()) - LENDER_ROLES)


def reasoned(view: Stand, answer: Answer) -> Answer:
    """The answer with why it withholds what it does: ``not_here``, else it is the lender's alone."""
    hidden = answer.facts.get("fields" if answer.kind == "withheld" else "withheld")
    if not isinstance(hidden, list) or not set(hidden) <= set(Field):
        return answer
    return replace(answer, facts={**answer.facts, "not_here": not_here(view, hidden)})


def among_lenders(view: Stand) -> bool:
    """Everybody who reads along works for the lender: names of whom its own chats wait for may be said."""
    chat, actor = view.chat, view.actor
    if chat is None or actor is None:
        return False
    alone = chat.audience is Audience.PRIVATE and actor.role in LENDER_ROLES
    return chat.audience is Audience.BANK or alone
