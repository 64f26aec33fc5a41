"""Numbers as people write them: 1,200, 三百五, 2千5, 120万5千, 一亿两千万. A number is read whole or not at all."""

import re
from decimal import Decimal

CHINESE = "零〇一二两三四五六七八九十百千半"
COUNTED = (
    rf"[0-9{CHINESE}万亿点.天日号#月周星礼时分秒个钟小工年次条船车罐库米度方%成折辆家笔人位级起共直样旦下些般批并切定]"
)
"""What follows a numeral that is of something else: 三百万 五天内, 400吨 2号罐, 300万 一次."""
_STEPPED = rf"\d{{1,4}}(?:\.\d{{1,4}})?[千百](?:[0-9{CHINESE}]{{1,6}}(?!{COUNTED}))?"
PLAIN = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|{_STEPPED}|\d{{1,12}}(?:\.\d{{1,4}})?|[{CHINESE}]{{1,9}}(?:点[{CHINESE}]{{1,4}})?)"
"""A number without 万 and 亿."""
_REST = (
    rf"(?:零?(?:{_STEPPED}|\d{{2,4}}|[{CHINESE}]{{2,8}}|(?<=零)[1-9一二三四五六七八九])(?!{COUNTED})"
    r"|[1-9二三四五六七八九](?=$|[ ,吨元块的以之左到时后前吗呢A-Z]|t(?![a-z0-9-])|公斤|千克|人民币))"
)
COMPOUND = rf"(?:{PLAIN}亿{PLAIN}万(?:{_REST})?|{PLAIN}[亿万]{_REST})"
"""A number that goes on after its 万 or 亿; of itself it is a number of yuan, as 三百万 is."""
_VALUES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_WAN, _YI = 10_000, 100_000_000


def decimal_of(text: str) -> Decimal | None:
    """The number that digits or Chinese numerals write: 1,200 → 1200, 三百五 → 350, 一点二 → 1.2, 半 → 0.5, 120万5千.

    None for what is no number, or may be two: 一亿两千 is 1.2亿 to some and 1.00002亿 to others.
    """
    if "亿" in text or "万" in text:
        return _compound(text)
    if text[0].isascii():
        return _arabic(text)
    whole, _, part = text.partition("点")
    if whole == "半":
        return Decimal("0.5")
    half = whole.endswith("半")
    value = _whole(whole.removesuffix("半"))
    if value is None:
        return None
    if part:
        if any(c not in _VALUES for c in part):
            return None
        return value + Decimal("0." + "".join(str(_VALUES[c]) for c in part))
    return value + Decimal("0.5") if half else value


def _compound(text: str) -> Decimal | None:
    total = Decimal(0)
    for sign, step in (("亿", _YI), ("万", _WAN)):
        head, found, rest = text.partition(sign)
        if not found:
            continue
        value = decimal_of(head.removeprefix("零") or "零")
        if value is None or (total and value >= _WAN) or (rest and value != value.to_integral_value()):
            return None
        total, text = total + value * step, rest
        if "万" not in rest:
            low = _rest(rest, step)
            return None if low is None else total + low
    return None


def _rest(text: str, step: int) -> Decimal | None:
    """What follows 万 or 亿: a numeral by itself is of the next step (两万五 is 25,000), 零 counts from below."""
    if not text:
        return Decimal(0)
    if len(text) == 1 and (digit := _digit(text)):
        return Decimal(digit * step // 10)
    bare = text.lstrip("零〇")
    stepped = any(c in bare for c in _STEPS)
    literal = bare != text or (step == _WAN and (stepped or (text.isdigit() and len(text) == 4)))
    value = decimal_of(bare) if literal and bare else None
    return value if value is not None and value < step else None


def _digit(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else _VALUES.get(text, 0)


def _arabic(text: str) -> Decimal | None:
    if "千" in text or "百" in text:
        return _stepped(text)
    return Decimal(text.replace(",", "")) if re.fullmatch(r"[0-9][0-9,]*(?:\.[0-9]+)?", text) else None


def _stepped(text: str) -> Decimal | None:
    """2千5 → 2500, 2千5百 → 2500, 2千500 → 2500, 1.5千 → 1500."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([千百])(.*)", text)
    if match is None:
        return None
    head, step, rest = Decimal(match[1]), _STEPS[match[2]], match[3]
    if not rest:
        return head * step
    low = Decimal(_digit(rest) * step // 10) if len(rest) == 1 else decimal_of(rest)
    whole = head == head.to_integral_value()
    return head * step + low if whole and low is not None and 0 < low < step else None


def _whole(text: str) -> Decimal | None:
    if text and all(c in _VALUES for c in text):
        return Decimal("".join(str(_VALUES[c]) for c in text))
    total, digit, step, gap = 0, 0, 1, False
    for c in text:
        if c in _VALUES:
            digit, gap = _VALUES[c], gap or c in "零〇"
        elif c in _STEPS:
            step = _STEPS[c]
            total, digit, gap = total + (digit or 1) * step, 0, False
        else:
            return None
    if not text:
        return None
    return Decimal(total + digit * (1 if gap or step < 100 else step // 10))
