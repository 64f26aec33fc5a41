"""Words in Latin letters that are in no list of words: Zhang Wei, Sinopec, 王jl, 周sir, HY化工.

A word is one that the learned sentences, the field or this project's documents hold (``latin.txt``), or a form of one. Pinyin is
none: it may be a name's.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.model.listed import words
from bot.model.ordinary import is_entry
from bot.model.people import CLEAR, WARY
from skills.understanding.goods import SHORT, TRADED

_WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]{2,}(?:['’]([A-Za-z]+))?(?![A-Za-z])")
_NAMED = re.compile(r" [A-Z][a-z]+(?![A-Za-z0-9])")
"""What goes on as the name began: Price of Zhang Price."""
_LETTERS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[ ._*-]{1,3}[A-Za-z](?![A-Za-z0-9])){2,}")
"""Letters one by one: Q D - D C Z Y."""
_SURNAMES = "".join(sorted(CLEAR | WARY))
_TITLES = r"sir|manager|boss|zong|gong|jie|ge|director|miss|lady"
_CALLED = re.compile(
    rf"[{_SURNAMES}](?:(?:{_TITLES})(?![A-Za-z])|(?:[a-z]{{2,3}}|(?<![鲁云苏甘宁吉])[a-z])(?![A-Za-z0-9_零幺-]))"
    r"|(?<![A-Za-z0-9])[A-Za-z]{1,12}(?:总(?![货值量吨共额价体的是计数部行结算览])|[姐哥]|工(?![作人程业厂艺具单期])|经理|主任|老板|行长)",
    re.IGNORECASE,
)
_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("er", ""), ("ly", ""))  # fmt: skip
_RUN = re.compile(r"[A-Za-z]+")


def unlisted(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of everything in Latin letters that may name somebody, in order of its kind."""
    for called in _CALLED.finditer(text):
        latin = _RUN.search(called[0])
        assert latin is not None
        if latin.start() and is_entry(text[max(0, called.start() - 1) : called.start() + 1]):
            continue
        if not is_word(latin[0]) or (latin.start() and re.fullmatch(_TITLES, latin[0], re.IGNORECASE)):
            yield called.start(), called.end(), "person"
    yield from ((m.start(), m.end(), "code") for m in _LETTERS.finditer(text))
    for found in _WORD.finditer(text):
        if is_word(found[0].partition("'")[0].partition("’")[0]):
            continue
        yield found.start(), found.end(), "code"
        further = _NAMED.match(text, found.end())
        if further and found[0][0].isupper():
            yield further.start() + 1, further.end(), "code"


@lru_cache(maxsize=4096)
def is_word(written: str) -> bool:
    """Whether it is a word, or a form of one, or a good that is traded."""
    word = written.lower()
    forms = (word[: -len(e)] + put for e, put in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3)
    return word in _known() or any(f in _known() for f in forms)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    goods = " ".join((*SHORT, *TRADED))
    return words("latin") | frozenset(_RUN.findall(goods.lower()))
