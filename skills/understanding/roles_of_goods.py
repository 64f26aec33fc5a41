"""Which good comes in and which goes out: 进A出B, 用A换出B, A换B, B顶A. A swap told the wrong way round is a wrong answer."""

import re

from domain.event import Json
from skills.understanding.frame import Frame

_IN_BEFORE = re.compile(r"(?:进|入|补|拿|用|以|把新|新到的?)[^GM出换]{0,6}M?[^GM出换]{0,3}$")
_OUT_BEFORE = re.compile(r"(?:出|换出|换走|提走|把|置换|顶|换)[^GM进入]{0,6}M?[^GM进入]{0,3}$")
_IN_AFTER = re.compile(r"^M?[^G]{0,3}?(?:进来|进池|入库|补进|进(?!行)|顶上|顶(?!出)|来换|入)")
_OUT_AFTER = re.compile(r"^M?[^G]{0,3}?(?:换出|出来|出去|换走|顶出|拉走|出(?!库单)|换掉)")


def swapped(frame: Frame) -> Json:
    """good_in, good_out, qty_in_t, qty_out_t, receipt_in and receipt_out as far as the text decides them."""
    goods, masses = list(frame.of("good")), [a for a in frame.amounts if a.kind == "mass"]
    found: Json = {}
    text = frame.masked
    places = [m.start() for m in re.finditer("G", text)]
    sides = [_side(text[:at], text[at + 1 :]) for at in places]
    _complete(sides)
    for good, side, at in zip(goods, sides, places, strict=False):
        if side is None or f"good_{side}" in found:
            continue
        found[f"good_{side}"] = good.said
        amount = _mass_at(text, at)
        if amount is not None and amount < len(masses):
            value = masses[amount].value
            found[f"qty_{side}_t"] = int(value) if value == value.to_integral_value() else float(value)
    receipts = frame.paper("receipt")
    if len(receipts) == 2:
        found |= {"receipt_in": receipts[0], "receipt_out": receipts[1]}
    if re.search("等值|同值|同等|等价|等额", frame.plain):
        found["rule"] = "equal_value"
    return found


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


def _mass_at(text: str, good: int) -> int | None:
    """The number, among the text's masses, of the one that stands beside this good."""
    order = [m.start() for m in re.finditer("M", text)]
    near = [(abs(at - good), n) for n, at in enumerate(order) if abs(at - good) <= 3]
    return min(near)[1] if near else None
