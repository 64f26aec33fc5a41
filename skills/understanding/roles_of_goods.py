"""Which good comes in and which goes out: 进A出B, 用A换出B, A换B, B顶A. A swap told the wrong way round is a wrong answer."""

import re

from domain.event import Json
from skills.understanding.amounts import SIGNS, Amount
from skills.understanding.frame import Frame
from skills.understanding.names import Mention

_IN_BEFORE = re.compile(r"(?:进|入|补|拿|用|以|换成|换为|把新|新到的?)[^GM出换]{0,6}M?[^GM出换]{0,3}$")
_OUT_BEFORE = re.compile(r"(?:出|换出|换走|提走|把|置换|顶|换)[^GM进入]{0,6}M?[^GM进入]{0,3}$")
_IN_AFTER = re.compile(r"^M?[^G换 ]{0,3}?(?:换入|换进|进来|进池|入库|补进|进(?!行)|顶上|顶(?!出)|来换|入)")
_OUT_AFTER = re.compile(r"^M?[^G换 ]{0,3}?(?:换出|出来|出去|换走|顶出|拉走|出(?!库单)|换掉)")

_TOLD = re.compile("(?P<in>换入|换进)|(?P<out>换出)")


def swapped(frame: Frame) -> Json:
    """good_in, good_out, tank_in, tank_out, qty_in_t, qty_out_t, receipt_in and receipt_out as far as the text decides them."""
    found: Json = {}
    for kind in SIDED:
        for side, (mention, amount) in sides_of(frame, kind).items():
            found[f"{kind}_{side}"] = mention.said
            if amount is not None and amount.kind == "mass":
                value = amount.value
                found.setdefault(f"qty_{side}_t", int(value) if value == value.to_integral_value() else float(value))
    receipts = frame.paper("receipt")
    if len(receipts) == 2:
        found |= {"receipt_in": receipts[0], "receipt_out": receipts[1]}
    if re.search("等值|同值|同等|等价|等额", frame.plain):
        found["rule"] = "equal_value"
    return found


SIDED = ("good", "tank")
"""What may come in for another of its kind."""


def sides_of(frame: Frame, kind: str) -> dict[str, tuple[Mention, Amount | None]]:
    """'in' and 'out': the good, or the tank, on that side, and the amount that stands beside it."""
    text = _LETTERS.sub(lambda m: _PLAIN[kind].get(m[0], m[0]), frame.masked)
    sized = [a for a in frame.amounts if SIGNS[a.kind] in "MR"]
    found: dict[str, tuple[Mention, Amount | None]] = {}
    # of a good that is named twice the last time counts: 乙二醇压在库里,能不能拿乙二醇换甲醇
    last = {(m.ids or m.said): (m, p.start()) for m, p in zip(frame.of(kind), re.finditer("G", text), strict=False)}
    named = sorted(last.values(), key=lambda x: x[1])
    sides = _paired(text, [at for _, at in named])
    if sides is None:
        sides = [_side(text[:at], text[at + 1 :]) for _, at in named]
        _complete(sides)
    masses = _masses(text, [at for _, at in named])
    for n, ((mention, _), side) in enumerate(zip(named, sides, strict=True)):
        if side is not None and side not in found:
            amount = masses.get(n)
            found[side] = (mention, sized[amount] if amount is not None and amount < len(sized) else None)
    return found


_LETTERS = re.compile("[GTR]")
_PLAIN = {"good": {"T": "·", "R": "M"}, "tank": {"G": "·", "T": "G", "R": "M"}}
"""The sides are read from G and M: of tanks they are told in the same words, and of money as of tonnes."""


def _paired(text: str, named: list[int]) -> list[str | None] | None:
    """Where 换入 and 换出 are each said once, of two names: 换出G 换入G, G换出 换入G. None for any other text or order."""
    ways = list(_TOLD.finditer(text))
    if len(named) != 2 or {w.lastgroup for w in ways} != {"in", "out"} or len(ways) != 2:
        return None
    order = "".join(sign for _, sign in sorted([*((at, "G") for at in named), *((w.start(), "W") for w in ways)]))
    return [w.lastgroup for w in ways] if order in {"WGWG", "GWGW", "GWWG", "WGGW"} else None


def _side(before: str, after: str) -> str | None:
    if _IN_AFTER.search(after):
        return "in"
    if _OUT_AFTER.search(after):
        return "out"
    if _IN_BEFORE.search(before):
        return "in"
    return "out" if _OUT_BEFORE.search(before) else None


def _complete(sides: list[str | None]) -> None:
    """Of two goods the one whose side is not told is the other."""
    if len(sides) >= 2 and (sides[0] is None or sides[1] is None or sides[0] == sides[1]):
        known = sides[0] if sides[0] is not None and sides[0] != sides[1] else None
        if known is None and sides[1] is not None and sides[0] != sides[1]:
            known = "out" if sides[1] == "in" else "in"
        first = known or "in"
        sides[0], sides[1] = first, "out" if first == "in" else "in"


def _masses(text: str, goods: list[int]) -> dict[int, int]:
    """By good, the mass that is its: two of each in their order, else a mass belongs to the good nearest to it alone, in its own clause first."""
    order = [m.start() for m in re.finditer("M", text)]
    if len(order) == len(goods) == 2:
        return {0: 0, 1: 1}
    found: dict[int, int] = {}
    for n, at in enumerate(order):
        near = [
            (" " in text[min(at, good) : max(at, good)], abs(at - good), at > good, k)
            for k, good in enumerate(goods)
            if abs(at - good) <= _BESIDE
        ]
        if near and (k := min(near)[-1]) not in found:
            found[k] = n
    return found


_BESIDE = 3
"""A mass stands beside its good at this many characters at most."""
