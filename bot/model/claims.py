"""What a text states, piece by piece: which figure of what about whom. The same reading for a result and for a model's words.

Pure. A figure is its exact value in its unit: 559.35万元 is 5593500 元, 约3亿 is not 2.5亿. Numerals in words are no figures
here: they stay words, and words of a model must stand in a result.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

FILLERS = re.compile(r"大约|目前|现在|当前|仅剩|已经|[是为约有达共还到至仍即的了只已计::=\s]+")
_TOTALS = re.compile(r"合计|共计|总计|总共|全部|全池|其余|以上")
_UNITS = "元/吨|元每吨|吨/时|吨|公斤|千克|kg/m³|kg/m3|kg|元|%|℃|°C|毫米|厘米|米|mm|cm|m³|m|立方米|小时|分钟|秒|天|条|个|只|罐|座|张|笔|种|车|次|人|倍"
_FIGURE = re.compile(
    r"(?P<when>\d{4}[-年]\d{1,2}[-月]\d{1,2}日?|\d{1,2}月\d{1,2}日|\d{1,2}日|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}点)"
    rf"|(?P<number>[+-]?\d[\d,]*(?:\.\d+)?)\s?(?P<scale>[百千万亿]*)\s?(?P<unit>{_UNITS})?"
)
_SCALES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_BREAK = re.compile(r"[;。!?|、()\[\]【】「」“”\"…]|,(?!\d{3}(?!\d))|(?<!\d),")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.#/]?[A-Za-z0-9]+)*")
_MARK = 0xE000
"""Private use: what stands for a name or a figure while the words around it are read."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in its unit; unit 'when' for a date or a time of day, whose value is its text."""

    value: Decimal | str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure, the words just before it, and whom it is about."""

    figure: Figure
    label: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece between two breaks. names: whom it is about, those carried from before included. own: those in it.

    words: what is neither name nor figure, piece by piece. labels: those of them that stand before a figure.
    """

    text: str
    names: frozenset[str]
    own: frozenset[str]
    claims: tuple[Claim, ...]
    words: tuple[str, ...]
    labels: frozenset[str]


def half(text: str) -> str:
    """Half width, and without the characters that stand for something while reading."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(c for c in wide if unicodedata.category(c) not in ("Co", "Cf", "Cn", "Cs"))


def segments(text: str, names: Mapping[str, str], pattern: re.Pattern[str]) -> list[Segment]:
    """The pieces of a text. names: kind by name in lower case; pattern finds them as its group 'name'.

    A contract counts for the lines after it; any other name for its own line, until the next name, but not for a sum.
    """
    found: list[Segment] = []
    contract: frozenset[str] = frozenset()
    for line in half(text).splitlines():
        carried: frozenset[str] = frozenset()
        heading = True  # T-1(甲醇):368吨 is of both; what follows its figures is another
        for part in filter(str.strip, _BREAK.split(line)):
            segment = _segment(part, pattern, contract, carried, heading=heading)
            found.append(segment)
            contract = frozenset(n for n in segment.own if names.get(n) == "contract") or contract
            carried = segment.own | (carried if heading or not segment.own else frozenset())
            heading = not segment.claims and (heading or bool(segment.own))
    return found


def _segment(
    part: str, pattern: re.Pattern[str], contract: frozenset[str], carried: frozenset[str], *, heading: bool
) -> Segment:
    marks: list[str | Figure] = []

    def name(match: re.Match[str]) -> str:
        if match.lastgroup != "name":
            return match[0]
        marks.append(match["name"].lower())
        return chr(_MARK + len(marks) - 1)

    def figure(match: re.Match[str]) -> str:
        marks.append(_figure(match))
        return chr(_MARK + len(marks) - 1)

    # A code that is no name stays a word: it is in a result, or it is invented.
    masked = pattern.sub(name, part)
    masked = "".join(
        bit if _CODE.fullmatch(bit) else _FIGURE.sub(figure, bit) for bit in re.split(f"({_CODE.pattern})", masked)
    )
    own = frozenset(m for m in marks if isinstance(m, str))
    if _TOTALS.search(part):
        carried = frozenset()
    about = own | contract | (carried if heading or not own else frozenset())
    return _read(part, masked, marks, own, about)


def _read(part: str, masked: str, marks: Sequence[str | Figure], own: frozenset[str], names: frozenset[str]) -> Segment:
    claims: list[Claim] = []
    words: list[str] = []
    labels: set[str] = set()
    before = ""
    for bit in re.split(f"([{chr(_MARK)}-{chr(_MARK + len(marks))}])", masked):
        mark = marks[ord(bit) - _MARK] if len(bit) == 1 and 0 <= ord(bit) - _MARK < len(marks) else None
        if mark is None:
            before = FILLERS.sub("", bit)
            words += [w for w in FILLERS.split(bit) if w]
        elif isinstance(mark, Figure):
            claims.append(Claim(figure=mark, label=before, names=names))
            labels.add(before)
            before = ""
        else:
            before = ""
    return Segment(
        text=re.sub(r"\s", "", part),
        names=names,
        own=own,
        claims=tuple(claims),
        words=tuple(words),
        labels=frozenset(labels),
    )


def _figure(match: re.Match[str]) -> Figure:
    if match["when"]:
        return Figure(match["when"], "when")
    value = Decimal(match["number"].replace(",", ""))
    for scale in match["scale"]:
        value *= _SCALES[scale]
    unit = match["unit"] or ""
    if unit in ("公斤", "千克", "kg"):
        value, unit = value / 1000, "吨"
    elif unit in ("毫米", "mm", "厘米", "cm"):
        value, unit = value / (1000 if unit in ("毫米", "mm") else 100), "米"
    unit = {"m": "米", "立方米": "m³", "°C": "℃", "元每吨": "元/吨"}.get(unit, unit)
    return Figure(value.normalize(), unit)
