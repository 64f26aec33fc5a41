"""老周, 周师傅, 李主管, 王总: the person who is meant in this chat, by name, part of a name, or surname and title."""

import re
from collections.abc import Collection, Mapping, Sequence

from domain.people import LENDER_ROLES, Person, Role
from skills.ports import View
from skills.skill import Answer, Status

_TITLES = "总|经理|主管|工|师傅|行长|科长|主任|科|处|库管|站长|班长|老板|队"
_CALLED = re.compile(rf"(?:[老小](?P<after>.)|(?P<before>.)(?P<title>{_TITLES}))$")
_FIELD = frozenset({Role.DEPOT, Role.SUPERVISOR, Role.INSPECTOR})
ONLY: Mapping[str, frozenset[Role]] = {
    "师傅": _FIELD,
    "库管": frozenset({Role.DEPOT}),
    "站长": frozenset({Role.DEPOT}),
    "班长": frozenset({Role.DEPOT}),
    "行长": LENDER_ROLES,
}
"""Titles that people of these roles alone are called by; 总 is anybody."""


def persons(view: View, said: Sequence[str], *, firms: Collection[str] = frozenset()) -> tuple[str, ...] | Answer:
    """Ids of whom the words mean; a name that nobody here has stays as it was said. CLARIFY where one fits several.

    firms: only their people are meant, where any are named so.
    """
    found: list[str] = []
    members, others = (
        tuple(p for p in people if not firms or p.org in firms) for people in (view.members(), view.people())
    )
    for word in said:
        fits = meant(word, members, others)
        if len(fits) > 1:
            return Answer(status=Status.CLARIFY, kind="person_which", facts={"people": [p.id for p in fits]})
        found.append(fits[0].id if fits else word)
    return tuple(found)


def meant(word: str, members: Sequence[Person], others: Sequence[Person]) -> tuple[Person, ...]:
    """Whom a word fits: the members of the chat before anybody else, the closest way of naming before a wider one."""
    for fits in (_named, _part, _surname):
        for people in (members, others):
            if found := tuple(dict.fromkeys(p for p in people if fits(word, p))):
                return found
    return ()


def _named(word: str, person: Person) -> bool:
    return word in (person.id, person.name)


def _part(word: str, person: Person) -> bool:
    return len(word) > 1 and word in person.name


def _surname(word: str, person: Person) -> bool:
    """周师傅 is 老周: one surname, and a title that people of this role are called by."""
    called = _CALLED.match(word)
    if called is None:
        return False
    roles = ONLY.get(called["title"] or "")
    same = (called["after"] or called["before"]) == surname_of(person.name)
    return same and (roles is None or person.role in roles)


def surname_of(name: str) -> str:
    """周 of 老周, 陈 of 风控陈工, 赵 of 赵建国."""
    called = _CALLED.search(name)
    return (called["after"] or called["before"]) if called is not None else name[:1]
