"""Tanks told from the first to the last (T-110到T-116, 1到5号罐) or by bare numbers (107和108两个罐), written out one by one.

Only tanks that may be named here; what is poured from one tank to another is left as it stands.
"""

import re

from skills.understanding.normal import number_of
from skills.understanding.vocabulary import Vocabulary, compact

_N = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_TO = "(?:到|至|-)"
_NO_UNIT = r"(?![0-9.%吨万亿元块米度个条张天点时分秒月日年车船方家公厘毫cm])"
_CODES = re.compile(
    rf"(?<![0-9a-z])(?P<series>[a-z]{{1,4}}) ?[-_]? ?(?P<first>\d{{1,4}})(?:号|#)?罐?{_TO}"
    rf"(?P<again>[a-z]{{1,4}})? ?[-_]? ?(?P<last>\d{{1,4}})(?:号|#)?罐?{_NO_UNIT}"
)
_NUMBERS = re.compile(rf"(?<![0-9a-z.#月-])(?P<first>{_N})(?:号|#)?罐?{_TO}(?P<last>{_N})(?:(?:号|#)罐|罐)(?![区号])")
_POURED = re.compile("倒|转|导|移|调|换|输")
_TOGETHER = re.compile("多少|几|一共|合计|总共|加起来|各|都|分别")
_LIST = re.compile(
    r"(?<![0-9a-z.#-])\d{1,4}(?:[和跟与及、,]\d{1,4})+(?P<behind>(?:这|那)?[两俩二三仨四五六]?[个只]?罐)?"
)
_AMOUNT_BEHIND = re.compile(r"[0-9.%吨万亿元块米度条张天点时分秒月日年车船方号#]")
_FULL = 100
"""From this number on a bare number is a tank's whole number, and no amount."""


def written_out(clause: str, vocabulary: Vocabulary) -> str:
    """The normal clause with every tank of a range, or of a list of bare numbers, by itself."""
    if not _POURED.search(clause):
        clause = _CODES.sub(lambda m: _of_series(m, vocabulary), clause)
        clause = _NUMBERS.sub(lambda m: _of_numbers(m, vocabulary), clause)
    return _LIST.sub(lambda m: _listed(m, vocabulary), clause)


def _of_series(match: re.Match[str], vocabulary: Vocabulary) -> str:
    """All tanks of the series between both, ends included as far as they are there."""
    if (match["again"] or match["series"]) != match["series"]:
        return match[0]
    first, last = int(match["first"]), int(match["last"])
    if last <= first + 1 or _moved(match):  # 从T-107到T-108 has nothing between, and may be a way
        return match[0]
    between = (n for n in sorted(vocabulary.numbers) if first <= n <= last)
    codes = [c for n in between for c in _codes(n, match["series"], vocabulary)]
    return "和".join(codes) or match[0]


def _moved(match: re.Match[str]) -> bool:
    """从T-101到T-105 is a way, but where it is asked how much there is."""
    return match.string[: match.start()].endswith("从") and _TOGETHER.search(match.string) is None


def _codes(number: int, series: str, vocabulary: Vocabulary) -> list[str]:
    names = (compact(vocabulary.spelled[i].lower()) for i in vocabulary.numbers[number])
    return [name for name in names if re.fullmatch(rf"{series}0*{number}", name)]


def _of_numbers(match: re.Match[str], vocabulary: Vocabulary) -> str:
    first, last = number_of(match["first"]), number_of(match["last"])
    if first is None or last is None or last <= first + 1 or _moved(match):
        return match[0]
    sites = {i for word, kind, _, ids in vocabulary.words if kind == "site" and word in match.string for i in ids}
    between = [
        n
        for n in range(first, min(last, first + _FULL) + 1)
        if any(not sites or vocabulary.site_of[t] in sites for t in vocabulary.tanks(n))
    ]
    return "和".join(f"{n}号罐" for n in between) or match[0]


def _listed(match: re.Match[str], vocabulary: Vocabulary) -> str:
    """Numbers before 两个罐 are tanks; without it only where each is the whole number of one."""
    numbers = [int(n) for n in re.findall(r"\d+", match[0])]
    behind = match["behind"] or ""
    if not behind and (
        _AMOUNT_BEHIND.match(match.string, match.end())
        or not all(n >= _FULL and len(vocabulary.numbers.get(n, ())) == 1 for n in numbers)
    ):
        return match[0]
    return "和".join(f"{n}号罐" for n in numbers) + behind.removesuffix("罐") * (behind == "罐")
