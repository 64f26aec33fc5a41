"""A lever declared once: name, label, parameters and what pulling it does.

Requests are checked here against the declaration; a wrong one names the field, what was given
and what is allowed.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from depot.station import Station
from depot.world import TankSpec, World

Kind = Literal["tank", "good", "site", "owner", "choice", "number", "flag", "text"]


class InputError(ValueError):
    """A request that does not fit: which field, why, and what would."""

    def __init__(self, field: str, why: str, allowed: object = None) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why
        self.allowed = allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter. Without `required` a missing one takes the default (None: not given)."""

    name: str
    label: str
    kind: Kind
    required: bool = False
    default: str | float | bool | None = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


class Args:
    """Checked values of a pull, by parameter name."""

    def __init__(self, values: Mapping[str, str | float | bool | None], world: World) -> None:
        self._values = values
        self._world = world

    def tank(self, name: str = "tank") -> TankSpec:
        return self._world.tanks[self.text(name)]

    def optional_tank(self, name: str) -> TankSpec | None:
        value = self._values[name]
        return None if value is None else self._world.tanks[str(value)]

    def text(self, name: str) -> str:
        value = self._values[name]
        assert isinstance(value, str), name
        return value

    def optional_text(self, name: str) -> str | None:
        value = self._values[name]
        return None if value is None else str(value)

    def number(self, name: str) -> float:
        value = self.optional_number(name)
        assert value is not None, name
        return value

    def optional_number(self, name: str) -> float | None:
        value = self._values[name]
        assert value is None or isinstance(value, int | float), name
        return None if value is None else float(value)

    def flag(self, name: str) -> bool:
        return bool(self._values[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A thing to pull. `pull` gives a few facts about what it did, for the answer."""

    name: str
    label: str
    does: str
    params: tuple[Param, ...]
    pull: Callable[[Station, Args], Awaitable[dict[str, Any]]]

    def check(self, given: object, world: World) -> Args:
        """The request body as Args. Raises InputError."""
        if not isinstance(given, dict):
            raise InputError("body", "must be a JSON object", [p.name for p in self.params])
        known = {p.name for p in self.params}
        for name in given:
            if name not in known:
                raise InputError(str(name), f"is no parameter of {self.name}", sorted(known))
        return Args({p.name: _checked(p, given.get(p.name), world) for p in self.params}, world)

    def document(self, world: World) -> dict[str, Any]:
        """The lever as GET /levers describes it."""
        return {
            "name": self.name,
            "label": self.label,
            "does": self.does,
            "params": [_param_document(p, world) for p in self.params],
        }


def _param_document(param: Param, world: World) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": param.name,
        "label": param.label,
        "kind": param.kind,
        "required": param.required,
        "default": param.default,
    }
    if param.low is not None:
        document |= {"min": param.low, "max": param.high}
    if param.kind not in ("number", "flag", "text"):
        document["allowed"] = list(_names(param, world).values())
    return document


def _names(param: Param, world: World) -> dict[str, str]:
    """Accepted spellings to the value meant: ids, and the Chinese names of sites and goods."""
    match param.kind:
        case "tank":
            return {tank: tank for tank in world.tanks}
        case "good":
            named = {g.name: g.code for g in world.goods.values()}
            return named | {code: code for code in world.goods}
        case "site":
            return {s.name: s.id for s in world.sites.values()} | {site: site for site in world.sites}
        case "owner":
            return {name: owner for owner, name in world.owners.items()} | {o: o for o in world.owners}
        case _:
            return {choice: choice for choice in param.choices}


def _checked(param: Param, given: object, world: World) -> str | float | bool | None:
    if given is None:
        if param.required:
            allowed = _allowed(param, world)
            raise InputError(param.name, "is missing", allowed)
        return param.default
    match param.kind:
        case "number":
            return _number(param, given)
        case "flag":
            if not isinstance(given, bool):
                raise InputError(param.name, f"{given!r} is not a truth value", [True, False])
            return given
        case "text":
            if not isinstance(given, str) or not 1 <= len(given) <= 40:
                raise InputError(param.name, f"{given!r} is not a text", "1 to 40 characters")
            return given
        case _:
            names = _names(param, world)
            if not isinstance(given, str) or given not in names:
                raise InputError(param.name, f"{given!r} is not known", _allowed(param, world))
            return names[given]


def _number(param: Param, given: object) -> float:
    low = -math.inf if param.low is None else param.low
    high = math.inf if param.high is None else param.high
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise InputError(param.name, f"{given!r} is not a number", {"min": low, "max": high})
    if not low <= given <= high:
        raise InputError(param.name, f"{given!r} is out of range", {"min": low, "max": high})
    return float(given)


def _allowed(param: Param, world: World) -> object:
    if param.kind == "number":
        return {"min": param.low, "max": param.high}
    return sorted(set(_names(param, world).values())) or param.kind
