"""能不能放300吨甲醇: so many tonnes, or so much value, held against the headroom. An answer; only the lender releases."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from domain.contract import Contract, Line
from domain.event import Json
from domain.headroom import GoodHeadroom, Headroom, headroom_of_tank
from domain.money import ZERO
from domain.position import Position
from domain.what_if import Change, revalued, spread

TOP = 6
"""So many goods are named where none was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody would take out: kg of one good (of ``goods``, if they are named), or value in CNY; both > 0."""

    kg: int | None
    cny: Decimal | None
    goods: tuple[str, ...]

    @classmethod
    def of(cls, mass: str | None, money: str | None, goods: tuple[str, ...]) -> Self | None:
        """None where nothing is asked, or both at once; what comes in or goes out is the same amount."""
        kg = abs(int(mass)) if mass is not None and "," not in mass else None
        cny = abs(Decimal(money)) if money is not None else None
        return cls(kg=kg or None, cny=cny or None, goods=goods) if bool(kg) != bool(cny) else None


def held_against(contract: Contract, position: Position, room: Headroom, asked: Asked) -> Json | None:
    """Within or over, by how much, and what binds; None where the contract has none of the named goods.

    position: less what notices in force let out already. kg in facts are whole, CNY decimals as strings.
    """
    mine = [g for g in room.goods if not asked.goods or g.good in asked.goods]
    if not mine:
        return None
    line = max(Line, key=lambda x: position.line_values[x]).value
    facts: Json = {"line": line, "floor_cny": str(room.floor_cny), "goods": list(asked.goods)}
    if asked.cny is not None:
        return facts | _value(position, room, mine, asked.cny, one=len(asked.goods) == 1)
    assert asked.kg is not None
    if len(mine) > 1:
        fits = [g.good for g in mine if asked.kg <= g.kg]
        rest = [g.good for g in mine if g.good not in fits]
        return facts | {"of": "goods", "kg": asked.kg, "fits": fits[:TOP], "over": rest[:TOP], "all": len(mine)}
    return facts | _mass(contract, position, room, mine[0], asked.kg)


def of_tanks(
    contract: Contract, position: Position, room: Headroom, tanks: tuple[str, ...], asked: Asked | None
) -> list[Json]:
    """Of each named tank of the contract by itself how much may leave; kg None where it does not count now.

    ask_kg, within: of the amount that was asked for.
    """
    mine = [t for t in tanks if any(i.holding.tank_id == t for i in position.items)]
    return [_of_tank(contract, position, room, t, asked.kg if asked is not None else None) for t in mine]


def _of_tank(contract: Contract, position: Position, room: Headroom, tank_id: str, ask_kg: int | None) -> Json:
    found = headroom_of_tank(contract, position, tank_id, blocked=room.blocked)
    facts: Json = {"tank": tank_id, "kg": found.kg if found is not None else None, "ask_kg": ask_kg}
    if found is None:
        return facts
    held = next(i.eligible_kg for i in position.items if i.holding.tank_id == tank_id)
    binds = "held" if found.kg == held else _binds(room, capped=found.capped)
    return facts | {"good": found.good, "binds": binds, "within": ask_kg is None or ask_kg <= found.kg}


def _mass(contract: Contract, position: Position, room: Headroom, good: GoodHeadroom, kg: int) -> Json:
    held = sum(i.eligible_kg for i in position.items if i.counted and i.holding.good == good.good)
    within = kg <= good.kg
    facts: Json = {"of": "mass", "good": good.good, "kg": kg, "most_kg": good.kg, "within": within}
    facts |= {"left_kg": max(0, good.kg - kg), "over_kg": max(0, kg - good.kg)}
    facts["binds"] = "held" if kg > held and good.kg == held else _binds(room, capped=good.capped)
    if within:
        after = revalued(contract, position, Change(moved_kg=spread(position, good.good, kg, out=True)))
        facts["after_cny"] = str(after.recognised)
    return facts


def _value(position: Position, room: Headroom, goods: list[GoodHeadroom], cny: Decimal, *, one: bool) -> Json:
    """Of one good no more value may leave than its own tonnes have."""
    own = position.recognised - goods[0].after_cny
    most = min(room.value_cny, own) if one else room.value_cny
    binds = _binds(room, capped=goods[0].capped) if one and own < room.value_cny else _binds(room, capped=False)
    over = str(max(cny - most, ZERO))
    return {
        "of": "value",
        "cny": str(cny),
        "most_cny": str(most),
        "over_cny": over,
        "within": cny <= most,
        "binds": binds,
    }


def _binds(room: Headroom, *, capped: bool) -> str:
    """What stops more from leaving: 'blocked', 'cap' or 'line'."""
    return "blocked" if room.blocked else "cap" if capped else "line"
