"""Changes that people put into figures: 再跌5%, 涨百分之三, 跌一成, 提走500吨, 补入1.2万吨. Knows no skill.

Only a figure with its direction is one: a bare 300吨 stays a number that nobody has understood.
"""

import re
from decimal import Decimal

from skills.naming import KINDS
from skills.normal import number_of

_CHINESE = "零一二两三四五六七八九十百"
_PERCENT = re.compile(
    rf"(?:全部)?(?:货价|价格)?(?:再|又|继续)?(?P<way>下跌|下降|跌掉|跌|降|上涨|涨|升|-|\+)?(?:价)? ?"
    rf"(?:(?P<digits>\d{{1,3}}(?:\.\d{{1,4}})?) ?(?:%|个点|个百分点)|百分之(?P<words>[{_CHINESE}]+)|(?P<tenths>[{_CHINESE}])成)"
)
_MASS = re.compile(
    r"(?:再|又)?(?P<way>提走|提货|提出|提|拉走|拉|出库|放|补入|补进|补货|补|入库|进货|进) ?"
    r"(?P<digits>\d{1,7}(?:\.\d{1,3})?)(?P<wan>万)?吨"
)
_SUPPOSED = re.compile("会|如果|假如|要是|假设|破线|质押率|货值|够不够|呢")
_UP = frozenset({"上涨", "涨", "升", "+"})
_IN = frozenset({"补入", "补进", "补货", "补", "入库", "进货", "进"})


def found(clause: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A normal clause with a sign for each change, and the changes: signed percent and signed kg, as decimals."""
    percents: list[str] = []
    masses: list[str] = []

    def percent(match: re.Match[str]) -> str:
        size = _size(match)
        if size is None:
            return match[0]
        percents.append(str(size if match["way"] in _UP else -size))
        return KINDS["percent"]

    def mass(match: re.Match[str]) -> str:
        kg = int(Decimal(match["digits"]) * (10_000_000 if match["wan"] else 1000))
        masses.append(str(kg if match["way"] in _IN else -kg))
        return KINDS["mass"]

    masked = _MASS.sub(mass, _PERCENT.sub(percent, clause))
    both = {"percent": tuple(percents), "mass": tuple(masses)}
    return masked, {kind: values for kind, values in both.items() if values}


def supposed(text: str) -> bool:
    """Whether a change is asked about: 放500吨甲醇 is an order, and none of ours to answer."""
    return _SUPPOSED.search(text) is not None


def _size(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        return Decimal(match["digits"])
    whole = number_of(match["words"] or match["tenths"])
    if whole is None:
        return None
    return Decimal(whole * 10 if match["tenths"] else whole)
