"""Amounts as people say them: 300吨, 0.5万吨, 三百万, 3500w, 1.2亿, 一成, 5个点, 两百来吨, 9.31米, 40分钟. Knows no skill.

Numbers are those of ``numerals``; ¥1234500, 还款2500000 and 一百二十三万四千五百 are money. Signs and directions are not read here: whether 300吨 comes or goes is for the words around it to say.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from skills.understanding.numerals import CHINESE, COMPOUND, COUNTED, PLAIN, decimal_of

_ABOUT = r"(?:多|来|几|大几|把)?"
TENTH = rf"(?:(?P<tenth>[二三四五六七八九半])(?!{COUNTED}))?"
TENTHS = rf"成(?!立|本|交|员|品)(?:(?P<hundredth>[一二三四五六七八九半\d])(?![.\d吨元块]|{COUNTED}))?"
"""成, with what is said behind it: 一成半 is 15 %, 两成三 is 23 %."""
_AMOUNT = re.compile(
    rf"(?<![0-9a-z.#-])(?P<metres>\d{{1,2}}|[{CHINESE}]{{1,3}})(?P<of>米|度)(?P<cm>\d{{1,3}}|[零一二三四五六七八九]{{1,3}})(?![0-9吨万])"
    rf"|(?<![\d十百千万亿][到至~])(?!(?<=[一二三四五六七八九两])[{CHINESE}])(?:(?<![0-9a-z.#十百千万亿-])|(?<=(?<![0-9a-z.#])-)(?=[\d.]+ ?%))(?P<sign>(?:¥|rmb|人民币|(?<=[还打偿归][款还])(?=\d{{6}})) ?)?(?:(?P<big>{COMPOUND})|(?P<n>{PLAIN})){_ABOUT} ?(?:"
    rf"(?P<mass>(?:w|万)?(?:吨{TENTH}|t(?![a-z0-9-])|dun(?![a-z]))|(?:公斤|千克|kg(?![a-z])|斤))"
    r"|(?P<money>(?:个)?亿(?:元|块|人民币)?|千万(?:元|块)?|百万(?:元|块)?|(?:万|w(?![a-z0-9]))(?:元|块|块钱|人民币)?|元|块钱?|人民币|rmb)"
    rf"|(?P<percent>%|个点|个百分点|{TENTHS}|折(?!算|扣|合))"
    r"|(?P<level>米|m(?![a-z0-9])|公分|厘米|毫米|cm(?![a-z])|mm(?![a-z]))"
    r"|(?P<temp>度(?!数)|℃|°c)"
    r"|(?P<span>分钟|min(?![a-z])|个?半?小时|个半钟头?|个?钟头?|h(?![a-z])|天(?!前|内|之)|个?工作日)"
    r"|(?P<density>kg/m3|公斤/?方)"
    r"|(?P<volume>方(?!案|便|面)|立方米?)"
    r"|(?P<trucks>车(?!间|牌)|台车|条船|船)"
    r"|(?(big)(?![0-9])|(?(sign)(?![0-9.])|(?!)))"
    r")"
)
_HUNDRED = re.compile(rf"百分之(?P<n>{PLAIN})")
_FRACTION = {"一半": Decimal(50), "三分之一": Decimal(33), "一小半": Decimal(40), "四分之一": Decimal(25)}
SIGNS = {
    "mass": "M", "money": "R", "percent": "P", "level": "E", "temp": "F", "span": "U", "density": "X", "volume": "M",
    "trucks": "Q",
}  # fmt: skip
"""What stands for an amount of a kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One amount: mass in t, money in CNY, percent, level in m, temp in °C, span in minutes, density in kg/m³.

    volume in m³; trucks by number. text: as it stood.
    """

    kind: str
    value: Decimal
    text: str
    unit: str = ""


def found(clause: str) -> tuple[str, tuple[Amount, ...]]:
    """The clause with a sign for each amount, and the amounts in the order of the text."""
    said: list[tuple[int, Amount]] = []

    def hundred(match: re.Match[str]) -> str:
        value = decimal_of(match["n"])
        if value is None:
            return match[0]
        said.append((match.start(), Amount(kind="percent", value=value, text=match[0])))
        return "P"

    def one(match: re.Match[str]) -> str:
        amount = _amount(match)
        if amount is None:
            return match[0]
        said.append((match.start(), amount))
        return SIGNS[amount.kind]

    for words, value in _FRACTION.items():
        if words in clause:
            said.append((clause.find(words), Amount(kind="percent", value=value, text=words)))
            clause = clause.replace(words, "P")
    clause = _AMOUNT.sub(one, _HUNDRED.sub(hundred, clause))
    return clause, tuple(a for _, a in sorted(said, key=lambda x: x[0]))


def _amount(match: re.Match[str]) -> Amount | None:
    if match["of"]:
        return _parted(match)
    number = match["big"] or match["n"]
    value = decimal_of(number)
    if value is None:
        return None
    kind = next((k for k in SIGNS if match.groupdict().get(k)), "money")
    unit, tenth = match[kind] or "", match["tenth"]
    if tenth and (unit[0] != "吨" or value != value.to_integral_value()):
        return None
    scale = _SCALES[kind](unit, number)
    if scale is None:
        return None
    value += tenth_of(match["hundredth"] or tenth) if match["hundredth"] or tenth else 0
    return Amount(kind=kind, value=(value * scale).normalize() if value else value, text=match[0], unit=unit)


def _parted(match: re.Match[str]) -> Amount | None:
    """八米六四 is 8.64 m, 三十一度五 is 31.5 °C."""
    whole = decimal_of(match["metres"])
    digits = decimal_of(match["cm"])
    if whole is None or digits is None:
        return None
    kind = "level" if match["of"] == "米" else "temp"
    return Amount(kind=kind, value=whole + digits.scaleb(-len(match["cm"])), text=match[0], unit=match["of"])


def tenth_of(text: str) -> Decimal:
    """What is said behind 吨 or 成: 三百吨六 is 300.6 t, 三百吨半 is 300.5 t, 一成半 is 1.5 tenths."""
    value = decimal_of(text)
    return Decimal(0) if value is None else value if text == "半" else value / 10


def _mass(unit: str, number: str) -> Decimal | None:
    del number
    if unit[0] in "w万":
        return Decimal(10_000)
    return {"公斤": Decimal("0.001"), "千克": Decimal("0.001"), "kg": Decimal("0.001"), "斤": Decimal("0.0005")}.get(
        unit, Decimal(1)
    )


def _money(unit: str, number: str) -> Decimal | None:
    if unit.startswith(("万", "w")):
        return Decimal(10_000)
    if "亿" in unit:
        return Decimal(100_000_000)
    if unit.startswith("千万"):
        return Decimal(10_000_000)
    if unit.startswith("百万"):
        return Decimal(1_000_000)
    counted = any(c.isdigit() or c in "万亿" for c in number)
    return None if unit == "块" and not counted else Decimal(1)


def _percent(unit: str, number: str) -> Decimal | None:
    """八折 and 八五折 are 80 and 85 %."""
    whole = unit[0] not in "成折" or (unit == "折" and (decimal_of(number) or 0) >= 10)
    return Decimal(1) if whole else Decimal(10)


def _level(unit: str, number: str) -> Decimal | None:
    del number
    return {"公分": Decimal("0.01"), "厘米": Decimal("0.01"), "cm": Decimal("0.01"), "毫米": Decimal("0.001"),
            "mm": Decimal("0.001")}.get(unit, Decimal(1))  # fmt: skip


def _span(unit: str, number: str) -> Decimal | None:
    if "半" in unit:
        return Decimal(90) if number in ("一", "1") else None
    if "天" in unit or "日" in unit:
        return Decimal(1440)
    hours = "小时" in unit or unit == "h" or ("钟" in unit and "分" not in unit)
    return Decimal(60) if hours else Decimal(1)


def _one(unit: str, number: str) -> Decimal | None:
    del unit, number
    return Decimal(1)


_SCALES = {
    "mass": _mass, "money": _money, "percent": _percent, "level": _level, "temp": _one, "span": _span,
    "density": _one, "volume": _one, "trucks": _one,
}  # fmt: skip
