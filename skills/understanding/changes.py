"""Changes that people put into figures: 再跌5%, 涨百分之三, 跌一成, 提走500吨, 补入1.2万吨, 还款三百万.

Only a figure with its direction is one: whether a bare 300吨 comes or goes, nobody knows.
"""

import re

from domain.money import fen
from skills.understanding.amounts import TENTH, TENTHS, tenth_of
from skills.understanding.numerals import CHINESE, COMPOUND, PLAIN, decimal_of

_DIGITS = rf"(?:{COMPOUND}|{PLAIN})"
_PERCENT = re.compile(
    rf"(?P<way>下跌|下降|跌掉|跌回|跌|降|掉|上涨|涨回|涨|升|-|\+)(?:价|个|了|去)? ?"
    rf"(?:(?P<digits>{_DIGITS}) ?(?:%|个点|个百分点)|百分之(?P<words>{_DIGITS})|(?P<tenths>[{CHINESE}]|\d){TENTHS})"
)
_MASS = re.compile(
    r"(?P<way>提走|提货|提出|提掉|提|拉走|拉|出库|放掉|放|换出|换入|换进|补入|补进|补货|补|入库|进货|进) ?"
    rf"(?P<of>(?:\d{{1,3}}#)?[^\d\s差有剩的少多几了到{CHINESE}]{{1,8}})? ?"
    rf"(?P<digits>{_DIGITS})(?P<wan>万)? ?(?:吨{TENTH}|t(?![a-z]))"
)
_MONEY = re.compile(
    rf"(?:还款|偿还|归还|还本金?|还掉|还了|还上|还(?:银行|贵行|你们|他们)|还|打款|打) ?"
    rf"(?P<digits>{_DIGITS}) ?(?P<unit>万|亿|w)?(?P<yuan>元|块|人民币|本金)?(?![\d.,]|的?(?:保证金|货|吨))"
)
_SUPPOSED = re.compile("会|如果|假如|要是|假设|破线|质押率|货值|够不够|呢")
UP = frozenset({"上涨", "涨回", "涨", "升", "+"})
IN = frozenset({"换入", "换进", "补入", "补进", "补货", "补", "入库", "进货", "进"})
_SURELY = 100_000
"""From here on a bare figure that is repaid is of yuan: 还款2500000."""
_UNITS = {"万": 10_000, "w": 10_000, "亿": 100_000_000}


TIMES = {"腰斩": "-50", "减半": "-50", "打对折": "-50", "对半砍": "-50", "翻倍": "100", "翻番": "100", "翻一番": "100",
         "翻一倍": "100", "涨一倍": "100", "加倍": "100"}  # fmt: skip
"""Changes of a price that are said without a figure, in percent."""


def changes_in(clause: str) -> dict[str, tuple[str, ...]]:
    """The changes that a normal clause tells: signed percent and kg, and CNY repaid, as decimals; by kind."""
    percents = [_percent(m) for m in _PERCENT.finditer(clause)]
    masses = [_mass(m) for m in _MASS.finditer(clause)]
    moneys = [_money(m) for m in _MONEY.finditer(clause)]
    found = {"percent": percents, "mass": masses, "money": moneys}
    return {kind: tuple(v for v in values if v is not None) for kind, values in found.items() if any(values)}


_WAYS = re.compile(
    "下跌|下降|跌掉|跌回|上涨|涨回|[跌降掉涨升价]|提走|提货|提出|提掉|拉走|放掉|换出|换入|换进|补入|补进|补货|出库|入库|进货|"
    "还款|偿还|归还|还本|还掉|还了|打款|[提拉放补进还+-]"
)


def without_ways(masked: str) -> str:
    """The masked words of a clause of which all changes were read, less the words that told where they go."""
    return _WAYS.sub("", masked)


_OVER = re.compile("还了|已|刚|到账|到位|收到")
_TOLD = re.compile("了|过|已|为什么|为啥|怎么会|是不是|有没有")
_AFTER = re.compile("以后|之后|后|的话|如果|要是|假如|假设|若|会")


def repays(clause: str) -> bool:
    """A clause that supposes a repayment, be it only by telling it before it asks: 要还500万,还完质押率多少.

    货值腰斩 is supposed too, unless it asks whether it has happened.
    """
    if any(word in clause for word in TIMES):
        return _TOLD.search(clause) is None
    return changes_in(clause).keys() == {"money"} and supposes_repaying(clause)


def supposes_repaying(clause: str) -> bool:
    """Whether a repayment that a clause tells of is still to come, or is reckoned with as if it had."""
    return _AFTER.search(clause) is not None or _OVER.search(clause) is None


def supposed(text: str) -> bool:
    """Whether a change is asked about: 放500吨甲醇 is an order, and none of ours to answer."""
    return _SUPPOSED.search(text) is not None


def _percent(match: re.Match[str]) -> str | None:
    size = decimal_of(match["digits"] or match["words"] or match["tenths"])
    if size is None:
        return None
    if match["tenths"]:
        size = 10 * (size + (tenth_of(match["hundredth"]) if match["hundredth"] else 0))
    signed = size * (1 if match["way"] in UP else -1)
    return f"{signed.normalize():f}"


def _mass(match: re.Match[str]) -> str | None:
    tonnes = decimal_of(match["digits"])
    if tonnes is None or (match["tenth"] and (match["wan"] or tonnes != tonnes.to_integral_value())):
        return None
    tonnes += tenth_of(match["tenth"]) if match["tenth"] else 0
    kg = int(tonnes * (10_000_000 if match["wan"] else 1000))
    return str(kg if match["way"] in IN else -kg)


def _money(match: re.Match[str]) -> str | None:
    """None for a small bare figure without 万, 亿 or 元, which may be of anything."""
    amount, digits = decimal_of(match["digits"]), match["digits"]
    named = match["unit"] or match["yuan"] or "万" in digits or "亿" in digits
    if amount is None or not (named or (amount >= _SURELY and "还" in match[0])):
        return None
    return f"{fen(amount * _UNITS.get(match['unit'] or '', 1)).normalize():f}"
