"""Changes that people put into figures: 再跌5%, 涨百分之三, 跌一成, 提走500吨, 补入1.2万吨, 还款三百万. Knows no skill.

Only a figure with its direction is one: a bare 300吨 stays a number that nobody has understood.
"""

import re
from decimal import Decimal

from domain.money import fen
from skills.naming import KINDS
from skills.normal import number_of

_CHINESE = "零一二两三四五六七八九十百"
_PERCENT = re.compile(
    rf"(?:全部)?(?:货价|价格)?(?:再|又|继续)?(?P<way>下跌|下降|跌掉|跌|降|上涨|涨|升|-|\+)?(?:价)? ?"
    rf"(?:(?P<digits>\d{{1,3}}(?:\.\d{{1,4}})?) ?(?:%|个点|个百分点)|百分之(?P<words>[{_CHINESE}]+)|(?P<tenths>[{_CHINESE}])成)"
)
_MASS = re.compile(
    r"(?:再|又)?(?P<way>提走|提货|提出|提|拉走|拉|出库|放|换出|换入|换进|补入|补进|补货|补|入库|进货|进) ?"
    r"(?P<of>(?:\d{1,3}#)?[^\d\s差有剩的少多几了到]{1,8})? ?"
    r"(?P<digits>\d{1,7}(?:\.\d{1,3})?)(?P<wan>万)?吨"
)
_SUPPOSED = re.compile("会|如果|假如|要是|假设|破线|质押率|货值|够不够|呢")
_MONEY = re.compile(
    rf"(?:再|又|先)?(?:还款|偿还|归还|还本|还) ?(?:(?P<digits>\d{{1,12}}(?:\.\d{{1,4}})?)|(?P<words>[{_CHINESE}千]{{1,9}}))"
    r" ?(?P<unit>万|亿)?(?P<yuan>元|块|人民币)?"
)
_UP = frozenset({"上涨", "涨", "升", "+"})
_IN = frozenset({"换入", "换进", "补入", "补进", "补货", "补", "入库", "进货", "进"})


def found(clause: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A normal clause with a sign for each change, and the changes: signed percent and kg, and CNY, as decimals."""
    percents: list[str] = []
    masses: list[str] = []
    amounts: list[str] = []

    def percent(match: re.Match[str]) -> str:
        size = _size(match)
        if size is None:
            return match[0]
        percents.append(str(size if match["way"] in _UP else -size))
        return KINDS["percent"]

    def mass(match: re.Match[str]) -> str:
        kg = int(Decimal(match["digits"]) * (10_000_000 if match["wan"] else 1000))
        masses.append(str(kg if match["way"] in _IN else -kg))
        return KINDS["mass"] + (match["of"] or "")

    def money(match: re.Match[str]) -> str:
        paid = _paid(match)
        if paid is None:
            return match[0]
        amounts.append(f"{paid:f}")
        return KINDS["money"]

    masked = _MONEY.sub(money, _MASS.sub(mass, _PERCENT.sub(percent, clause)))
    all_ = {"percent": tuple(percents), "mass": tuple(masses), "money": tuple(amounts)}
    return masked, {kind: values for kind, values in all_.items() if values}


def supposed(text: str) -> bool:
    """Whether a change is asked about: 放500吨甲醇 is an order, and none of ours to answer."""
    return _SUPPOSED.search(text) is not None


def _paid(match: re.Match[str]) -> Decimal | None:
    """An amount in CNY; none for a bare figure without 万, 亿 or 元, which may be of anything."""
    if not (match["unit"] or match["yuan"]):
        return None
    written = Decimal(match["digits"]) if match["digits"] else _whole(match["words"])
    unit = {"万": 10_000, "亿": 100_000_000}.get(match["unit"], 1)
    return None if written is None else fen(written * unit).normalize()


def _whole(words: str) -> Decimal | None:
    n = number_of(words)
    return None if n is None else Decimal(n)


def _size(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        return Decimal(match["digits"])
    whole = number_of(match["words"] or match["tenths"])
    if whole is None:
        return None
    return Decimal(whole * 10 if match["tenths"] else whole)
