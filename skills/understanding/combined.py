"""What a what-if supposes, one change after the other, each with its own goods: 甲醇跌5%、柴油跌3%, 跌5%再提走300吨甲醇, 每吨跌120.

Reads the masked words of a text, so that every name and amount in it belongs to a change; where one is left over, or
stands where nobody knows what it changes, nothing is read (``changes`` reads a single change wherever it stands).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from skills.understanding.changes import IN, TIMES, UP
from skills.understanding.frame import Frame
from skills.understanding.numerals import decimal_of

_GOODS = r"G(?:[和跟与及、, ]G)*"
_AGAIN = r"(?:再|又|都|全|均|先|还|要是|如果|假如|一起|价格?|报价|的|货)*"
_DOWN = "下跌|下降|跌掉|跌去|跌回|跌|降|掉"
_RISE = "上涨|涨回|涨|升"
_OUT = "提走|提货|提出|提掉|提|拉走|拉|出库|放掉|放"
_INTO = "补入|补进|补货|补|入库|进货|进"
_REPAY = "还款|偿还|归还|还本金?|还掉|还(?:银行|贵行|你们|他们)?"
_PER_TONNE = r"(?:每吨|一吨|/吨)"
_HUNDREDS = "[一二两三四五六七八九]?[十百千][一二三四五六七八九十百零]*"
_PRICE = rf"(?:\d+(?:\.\d+)?|{_HUNDREDS}|R)(?:元|块钱?)?"
_UNIT = r"(?:/吨|每吨|M)"
_SIZE = re.compile(rf"\d+(?:\.\d+)?|{_HUNDREDS}")
_CHANGE = re.compile(
    rf"(?P<of>{_GOODS})?{_AGAIN}(?:"
    rf"(?P<times>{'|'.join(sorted(TIMES, key=len, reverse=True))})"
    rf"|(?P<way>{_DOWN}|{_RISE})(?:价|个|了)?(?P<percent>P)"
    rf"|(?:{_DOWN}|{_RISE}|变|回)(?:价)?(?:到|至|成)(?P<to>{_PRICE}{_UNIT}?)"
    rf"|{_PER_TONNE}{_AGAIN}(?P<each_way>{_DOWN}|{_RISE})了?(?P<each>{_PRICE})"
    rf"|(?P<by_way>{_DOWN}|{_RISE})了?(?P<by>{_PRICE}{_UNIT})"
    rf"|(?P<move>{_OUT}|{_INTO})(?:掉|了)?(?P<before>G)?(?P<mass>M)(?:的?(?P<after>G))?"
    rf"|(?P<repay>{_REPAY})(?P<money>R)"
    rf")"
)
_SIGNS = re.compile("[GPMRTS]|\\d")


@dataclass(slots=True, kw_only=True)
class _Read:
    """The changes so far, each figure with its goods, as they stand in the text."""

    percents: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    levels: list[tuple[str, tuple[str, ...], Decimal]] = field(default_factory=list)
    masses: list[tuple[str | None, int]] = field(default_factory=list)
    repaid: list[Decimal] = field(default_factory=list)


class _Values:
    """Names and amounts in the order of their signs."""

    def __init__(self, frame: Frame) -> None:
        self._goods = iter([m.ids for m in frame.of("good")])
        self._of = {k: iter([a.value for a in frame.amount(k)]) for k in ("percent", "mass", "money")}

    def goods(self, signs: str | None) -> tuple[str, ...]:
        """Raises LookupError where a name does not mean one good."""
        found: list[str] = []
        for _ in range((signs or "").count("G")):
            ids = next(self._goods, ())
            if not ids:
                raise LookupError
            found += ids
        return tuple(found)

    def amount(self, kind: str) -> Decimal:
        """Raises LookupError where there are fewer amounts than signs."""
        value = next(self._of[kind], None)
        if value is None:
            raise LookupError
        return value


def combined_in(frame: Frame) -> dict[str, str] | None:
    """The arguments of the what-if; None where there is no change, or more is said than the changes tell."""
    masked = frame.masked.replace(" ", "")
    matches = [m for m in _CHANGE.finditer(masked) if _tells(m)]
    if not matches or _SIGNS.search(left_of(frame)):
        return None
    values, read = _Values(frame), _Read()
    try:
        for match in matches:
            _take(match, values, read)
    except LookupError:
        return None
    return _arguments(read)


def left_of(frame: Frame) -> str:
    """The masked words without the changes."""
    return _CHANGE.sub(lambda m: "" if _tells(m) else m[0], frame.masked.replace(" ", ""))


def _tells(match: re.Match[str]) -> bool:
    return any(match[name] for name in ("times", "percent", "to", "each", "by", "mass", "money"))


def _take(match: re.Match[str], values: _Values, read: _Read) -> None:
    goods = values.goods(match["of"])
    if match["times"]:
        read.percents.append((goods, TIMES[match["times"]]))
    elif match["percent"]:
        size = values.amount("percent") * (1 if match["way"] in UP else -1)
        read.percents.append((goods, f"{size.normalize():f}"))
    elif match["to"]:
        read.levels.append(("price_to", goods, _level(match["to"], values)))
    elif match["each"] or match["by"]:
        name = "price_rise" if (match["each_way"] or match["by_way"]) in UP else "price_fall"
        read.levels.append((name, goods, _level(match["each"] or match["by"], values)))
    elif match["mass"]:
        own = values.goods(match["before"]) or values.goods(match["after"]) or goods
        if len(own) > 1:
            raise LookupError
        kg = int(values.amount("mass") * 1000)
        read.masses.append((own[0] if own else None, kg if match["move"] in IN else -kg))
    else:
        read.repaid.append(values.amount("money"))


def _level(said: str, values: _Values) -> Decimal:
    """CNY per tonne. Raises LookupError for a price of more than one tonne."""
    written = _SIZE.match(said)
    size = decimal_of(written[0]) if written else values.amount("money")
    if size is None or ("M" in said and values.amount("mass") != 1):
        raise LookupError
    return size


def _arguments(read: _Read) -> dict[str, str] | None:
    """As the skill takes them; what moves without a good of its own is of the only good that was named before it."""
    named = list(dict.fromkeys(_named(read)))
    masses = [(good or (named[0] if len(named) == 1 else None), kg) for good, kg in read.masses]
    one_each = len(read.percents) == 1 or all(len(goods) == 1 for goods, _ in read.percents)
    kinds = bool(read.percents) + len(read.levels)
    if any(good is None for good, _ in masses) or len(read.repaid) > 1 or kinds > 1 or not one_each:
        return None
    found: dict[str, str] = {}
    priced = [g for goods, _ in read.percents for g in goods] + [g for _, goods, _ in read.levels for g in goods]
    if masses:
        found["good"] = ",".join(str(good) for good, _ in masses)
        found["mass"] = ",".join(str(kg) for _, kg in masses)
    if priced:
        found["priced" if masses else "good"] = ",".join(priced)
    if read.percents:
        found["percent"] = ",".join(p for _, p in read.percents)
    for name, _, value in read.levels:
        found[name] = f"{value:f}"
    if read.repaid:
        found["money"] = f"{read.repaid[0]:f}"
    return found


def _named(read: _Read) -> Iterator[str]:
    for goods, _ in read.percents:
        yield from goods
    for _, goods, _ in read.levels:
        yield from goods
    for good, _ in read.masses:
        if good is not None:
            yield good
