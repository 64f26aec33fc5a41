"""The normal form of what people type: width, case, emoji, traditional characters, slips of the input method; clauses.

Knows no names and no skills.
"""

import re
import unicodedata
from typing import NamedTuple

from skills.understanding.dialects import standard
from skills.understanding.slips import corrected

_DROPPED = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Emoji, modifiers, joiners, private use: never part of a question."""

_NAMED = re.compile(r"^\s*@?小六子?(?=$|[^0-9a-z])[\s,.:;!?。、~]*|[\s,、]*@?小六子?\s*[.!?。~]*$")
_BOT = re.compile(r"(?<![0-9a-z_])@[0-9a-z_]*bot(?![0-9a-z_])")
_BREAKS = re.compile(
    r"(?:(?<!\d),|,(?!\d{3}(?!\d)))|[?!;。、~…\n\"'“”‘’()\[\]{}《》【】|]+|:(?!\d)|(?<!\d):|\.(?!\d)|(?<![0-9a-z]) +(?=[\u4e00-\u9fff])|(?<=[了吗呢吧啊呀啦嘞]) +|(?<=^收到) +"
)
_LISTED = re.compile(r"(?<=[0-9号罐#])、(?=[0-9a-z零一二两三四五六七八九十])")
_FROM_TO = re.compile(r"(?<=[0-9号罐#]) ?[~〜] ?(?=[a-z0-9])")
"""T-101~T-105 is one range, and no pause."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LOOSE = re.compile(r"(?<![0-9a-z#]) +| +(?![0-9a-z#])")
_TRADITIONAL = str.maketrans(
    "貨還現價值質監線庫罐噸補報預計當請幫給誰負責嗎麼樣這個個們總夠錢號進換領導關閉銷權證據記錄刪動數據斷檢測單應該間題處裡裏來時從後點級別強達過對帳賬實際險買資產電話發問題說車輛運輸離開億萬兩",
    "货还现价值质监线库罐吨补报预计当请帮给谁负责吗么样这个个们总够钱号进换领导关闭销权证据记录删动数据断检测单应该间题处里里来时从后点级别强达过对账账实际险买资产电话发问题说车辆运输离开亿万两",
)
"""The field's words in traditional characters, as an input method of Hong Kong or Taiwan writes them."""


_FORMAL = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[壹贰叁肆伍陆柒捌玖](?=[万亿成])")
_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")


class Text(NamedTuple):
    """A text in normal form, clause by clause; whether it calls the bot by its name, and whether it asks with a mark."""

    clauses: tuple[str, ...]
    named: bool
    marked: bool

    @property
    def whole(self) -> str:
        """All clauses in one line."""
        return " ".join(self.clauses)


def normal(text: str) -> Text:
    """Half width, lower case, no emoji, no @bot, slips of the pinyin input mended; split at punctuation."""
    wide = unicodedata.normalize("NFKC", text).lower().translate(_DASHES).translate(_TRADITIONAL)
    wide = _FORMAL.sub(lambda m: m[0].translate(_NUMERALS), wide)
    plain = "".join(c for c in wide if c == "\n" or unicodedata.category(c) not in _DROPPED)
    plain, bots = _BOT.subn(" ", plain)
    plain, names = _NAMED.subn("", plain.strip())
    marked = "?" in plain
    plain = _LISTED.sub("和", plain)  # 3、5和7号罐 are three tanks, and one question
    plain = _FROM_TO.sub("到", plain)
    clauses = (_LOOSE.sub("", re.sub(r"\s+", " ", part)).strip() for part in _BREAKS.split(plain))
    return Text(clauses=tuple(corrected(standard(c)) for c in clauses if c), named=bots + names > 0, marked=marked)


_CALL = re.compile(r"(?:[\s@,.:;!?。、~…]|小六子?)*")


def called(text: str, *, addressed: bool) -> bool:
    """Nothing is said but the bot's name, or a mark to it: somebody wants to know what may be asked. An emoji is not."""
    wide = _BOT.sub("", unicodedata.normalize("NFKC", text).lower())
    return (addressed or normal(text).named) and _CALL.fullmatch(wide) is not None


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(text: str) -> int | None:
    """The whole number below 10,000 that these digits or Chinese numerals write, or None: 十二 → 12, 一百零七 → 107."""
    if text.isascii() and text.isdigit():
        return int(text)
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if text else None
    total, digit, unit = 0, 0, 1
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
            if c in "零〇":
                unit = 10
        elif c in _UNITS:
            unit = _UNITS[c]
            total, digit = total + (digit or 1) * unit, 0
        else:
            return None
    return total + digit * (unit // 10 if digit and unit > 10 else 1)
