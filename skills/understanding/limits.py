"""How many and beyond which threshold: 前三, 最少的5个罐, 超过9米, 1000吨以上, 快满了. Knows nothing of what is ranked."""

import re
from dataclasses import dataclass
from decimal import Decimal

from skills.understanding.amounts import Amount
from skills.understanding.amounts import found as amounts_in
from skills.understanding.normal import normal, number_of

COUNT = r"(?:\d{1,2}|[一二两三四五六七八九十])"
SIGN = "[MREPF]"
ABOVE = r"超过|超出|高于|大于|多于|不低于|不少于|不止|超|过|在"
BELOW = r"低于|小于|少于|不到|不足|不超过|不高于|没到|未到"
EMPTY_OR_FULL = r"(?:快|要|接近|都|已经|装)满|满(?=了|的|罐|着)|(?:快|都|已经|见)空|空(?=了|的|罐|着)|见底"
WET = r"(?:底|里|里面)?有(?:底|明|积)?水"
_LIMIT = re.compile(rf"(?P<before>{BELOW}|{ABOVE})?(?P<of>{SIGN})(?P<behind>以上|以下|以内|开外)?")
_TOP = re.compile(rf"前(?P<a>{COUNT})|最.{{1,3}}的?(?P<b>{COUNT})(?:个|种|样|只|家|座|大)")
_NEARLY_FULL, _NEARLY_EMPTY = Decimal(90), Decimal(10)
"""Percent of the safe filling height from which a tank is 快满, and to which it is 空."""
_OF_AMOUNT = {"money": "value", "level": "level", "mass": "qty", "temp": "temp", "percent": "fill"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A threshold: value in CNY, t, m, °C or percent by ``metric``; above: what is wanted lies above it. inclusive: or at it."""

    metric: str
    value: Decimal
    above: bool
    inclusive: bool


def top_in(text: str) -> int | None:
    """前五, 最少的5个罐."""
    found = _TOP.search(text)
    return number_of(found["a"] or found["b"]) if found else None


def limit_in(text: str) -> Limit | None:
    """The threshold of a normal text; 快满了 and 空着 are those of the fill. None: there is none, or of no unit of ours."""
    masked, amounts = amounts_in(text)
    known = [a for a in amounts if a.kind in _OF_AMOUNT]
    found = [m for m in _LIMIT.finditer(masked.replace(" ", "")) if m["before"] or m["behind"]]
    if found and known:
        return _limited(found[0], known[0], text)
    wet = re.search(WET, text)
    if wet:
        return Limit(metric="water", value=Decimal(0), above=True, inclusive=False)
    full = re.search(EMPTY_OR_FULL, text)
    if full is None or "最" in text:
        return None
    empty = "满" not in full[0]
    return Limit(metric="fill", value=_NEARLY_EMPTY if empty else _NEARLY_FULL, above=not empty, inclusive=True)


def _limited(match: re.Match[str], amount: Amount, text: str) -> Limit:
    before, behind = match["before"] or "", match["behind"] or ""
    not_above = before in ("不超过", "不高于")
    not_below = before in ("不低于", "不少于")
    below = not_below is False and (behind in ("以下", "以内") or re.fullmatch(BELOW, before) is not None)
    metric = _OF_AMOUNT[amount.kind]
    if metric == "level" and "水" in text:
        metric = "water"
    return Limit(
        metric=metric,
        value=amount.value,
        above=not below,
        inclusive=not_above or not_below or (bool(behind) and before in ("", "在")),
    )


def read(said: str) -> tuple[int | None, Limit | None, bool]:
    """How many, the threshold, and whether it holds an amount that is no threshold of ours, of a text in any form."""
    text = normal(said).whole
    limit = limit_in(text)
    _, amounts = amounts_in(text)
    return top_in(text), limit, bool(amounts) and limit is None
