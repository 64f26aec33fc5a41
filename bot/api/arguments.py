"""What a machine sends for a skill → the skill's own arguments: ids and strings. Every mistake with its place and remedy.

Names are looked up among what the token's person may know of in its chat: another lender's tank is as unknown as one
that does not exist.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.api.parameters import ends, meant, model_of, several
from bot.api.problem import Fault, Problem
from domain.event import stamp
from domain.people import Roster
from skills.ports import View
from skills.skill import Parameter, Skill

LOOKED_UP = frozenset({"contract", "tank", "good", "site", "person"})
MOST_NAMES = 20
"""Names that a remedy lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names of a view. ids: kind → name in normal form → the ids that it fits; listed: kind → ids."""

    ids: Mapping[str, Mapping[str, frozenset[str]]]
    listed: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, view: View, roster: Roster) -> Self:
        """Everything that may be named here."""
        contracts = view.contracts()
        tanks = [view.tank(t) for t in dict.fromkeys(t for c in contracts for t in c.tank_ids())]
        goods = dict.fromkeys([*(t.good for t in tanks), *(g for c in contracts for g in c.goods)])
        sites = [view.sites[s] for s in dict.fromkeys(t.site_id for t in tanks)]
        members = [roster.people[m] for m in view.chat.members] if view.chat is not None else []
        written: dict[str, list[tuple[str, tuple[str, ...]]]] = {
            "contract": [(c.id, (c.name,)) for c in contracts],
            "tank": [(t.id, (t.name, *t.aliases)) for t in tanks],
            "good": [(g, (view.goods[g].name, *view.goods[g].aliases)) for g in goods if g in view.goods],
            "site": [(s.id, (s.name,)) for s in sites],
            "person": [(p.id, (p.name, roster.named(p.id))) for p in members],
        }
        return cls(
            ids={kind: _by_name(rows) for kind, rows in written.items()},
            listed={kind: tuple(ident for ident, _ in rows) for kind, rows in written.items()},
        )


def checked(skill: Skill, body: bytes) -> BaseModel | Problem:
    """The typed arguments in a JSON body."""
    return parsed(model_of(skill), body, {p.name: meant(p) for p in skill.parameters})


def parsed(model: type[BaseModel], body: bytes, remedies: Mapping[str, str]) -> BaseModel | Problem:
    """A JSON body as this model. remedies: by field, what to write."""
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as e:
        found = e.errors(include_url=False, include_context=False, include_input=False)
        faults = dict.fromkeys(_fault(error, model, remedies) for error in found)
        return Problem(status=HTTPStatus.UNPROCESSABLE_ENTITY, code="arguments", faults=tuple(faults)[:10])


def arguments(skill: Skill, values: BaseModel, known: Known) -> dict[str, str] | Problem:
    """The skill's arguments, names turned into ids; what was not given is not there.

    A name that is unknown here is 404, one that fits several 409, and so is a time that runs backwards.
    """
    found: dict[str, str] = {}
    wrong: list[_Wrong] = []
    for parameter in skill.parameters:
        value = getattr(values, parameter.name)
        if value is None:
            continue
        written = _written(parameter, value, known)
        if isinstance(written, _Wrong):
            wrong.append(written)
        else:
            found[parameter.name] = written
    if wrong:
        first = wrong[0]
        return Problem(status=first.status, code=first.code, faults=tuple(w.fault for w in wrong))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    """A value that no skill can take, and how the request fails for it."""

    status: HTTPStatus
    code: str
    fault: Fault


def _written(parameter: Parameter, value: Any, known: Known) -> str | _Wrong:
    place = f"/{parameter.name}"
    if parameter.kind == "time":
        return _time(value, place)
    if parameter.kind not in LOOKED_UP:
        return ",".join(several(value))
    ids: list[str] = []
    for n, name in enumerate(several(value)):
        fits = known.ids[parameter.kind].get(_normal(name), frozenset())
        if len(fits) != 1:
            return _not_one(parameter.kind, f"{place}/{n}" if isinstance(value, list) else place, fits, known)
        ids += fits
    return ",".join(dict.fromkeys(ids))


def _time(value: Any, place: str) -> str | _Wrong:
    try:
        start, end = (stamp(t) for t in ends(value))
    except OverflowError:
        return _clash(place, "lies outside the years 1…9999 of UTC", "write a time of this century")
    if ends(value)[0] > ends(value)[1]:
        return _clash(place, "ends before it begins", "exchange from and to")
    return f"{start}/{end}"


def _clash(place: str, detail: str, remedy: str) -> _Wrong:
    fault = Fault(place=place, detail=detail, remedy=remedy)
    return _Wrong(status=HTTPStatus.CONFLICT, code="conflict", fault=fault)


def _not_one(kind: str, place: str, fits: frozenset[str], known: Known) -> _Wrong:
    if fits:
        one = f"write one id: {', '.join(sorted(fits))}"
        fault = Fault(place=place, detail=f"fits {len(fits)} of them", remedy=one)
        return _Wrong(status=HTTPStatus.CONFLICT, code="ambiguous", fault=fault)
    all_ = known.listed[kind]
    more = f" and {len(all_) - MOST_NAMES} more" if len(all_) > MOST_NAMES else ""
    here = f"{', '.join(all_[:MOST_NAMES])}{more}" if all_ else "none"
    fault = Fault(place=place, detail=f"no {kind} of this name may be seen with this token", remedy=f"here are: {here}")
    return _Wrong(status=HTTPStatus.NOT_FOUND, code="unknown_name", fault=fault)


def _fault(error: ErrorDetails, model: type[BaseModel], remedies: Mapping[str, str]) -> Fault:
    """One of pydantic's errors; the names of a union's branches are no places."""
    path = error["loc"]
    name = str(path[0]) if path else ""
    steps = [name, *(str(p) for p in path[1:] if isinstance(p, int) or p in ("from", "to"))] if path else []
    place = "".join(f"/{step[:100].replace('~', '~0').replace('/', '~1')}" for step in steps)
    if error["type"] == "extra_forbidden" and len(path) == 1:
        there = ", ".join(model.model_fields) or "none"
        return Fault(place=place, detail="no such field", remedy=f"leave it out; fields are: {there}")
    if not path:
        return Fault(place="", detail=error["msg"], remedy="send one JSON object, in UTF-8")
    return Fault(place=place, detail=error["msg"], remedy=f"write {remedies.get(name) or 'what the document says'}")


def _by_name(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, frozenset[str]]:
    """An id is always its own; a name may fit several."""
    found: dict[str, set[str]] = {}
    ids = {ident for ident, _ in rows}
    for ident, names in rows:
        for name in (ident, *(n for n in names if n not in ids)):
            found.setdefault(_normal(name), set()).add(ident)
    return {name: frozenset(fits) for name, fits in found.items()}


def _normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()
