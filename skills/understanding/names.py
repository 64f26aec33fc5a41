"""Names found in a clause: a sign for each, and what it means here: T-107, 107号罐, 七号罐, 3、5和7号罐, 港储一库, 赵总.

What may be meant is the vocabulary's to say. Knows how tanks are written in running text, also those that are none of ours;
patterns of people, banks and strangers stand in ``unlisted``.
"""

import re
from dataclasses import dataclass

from skills.understanding.normal import number_of
from skills.understanding.unlisted import BANK, COMMON_FIRMS, CONTRACT, HERE, OURS, PERSON, STRANGER
from skills.understanding.vocabulary import Vocabulary, compact

SIGNS = {
    "tank": "T",
    "good": "G",
    "site": "S",
    "contract": "C",
    "firm": "O",
    "person": "H",
    "bank": "B",
    "stranger": "X",
}
"""What stands for a name once it has been recognised: capitals, which no normal text holds."""

_CODE = re.compile(
    r"(?<![0-9a-z])(?=[0-9_-]*[a-z])(?:[a-z]{1,4} ?[-_]? ?\d{1,5}[a-z]?|[a-z0-9]+(?:[-_][a-z0-9]+)*)(?![0-9a-z])(?:号|#)?罐?"
)
_SPELLED = re.compile(
    r"(?<![0-9a-z])(t|tk|v|s|c|tank)-?([零〇一二三四五六七八九]{2,4}|\d*(?:\do|o\d)[\do]{0,3})(?![0-9a-z零〇一二三四五六七八九十百])"
)
"""T一零七, and T-1O7 with a letter for its nought."""
_FIGURES = str.maketrans("零〇一二三四五六七八九o", "001234567890")
_NO_TANK_OF_OURS = re.compile(
    r"(t|tk|v|tank)[-_ ]?(\d{1,4}[a-z]?)(?:号|#)?罐?|([a-z]{1,2})(?:-(?=\d{1,3}(?:号|#)?罐?$)|(?=\d{1,4}(?:号|#)?罐$))(\d{1,4})(?:号|#)?罐?"
)
"""Signs of a tank, also where it is none of ours: G-05."""
_N = r"(?:\d{1,5}|[零〇一二两三四五六七八九十百]{1,6})"
_NUMBER = re.compile(
    rf"(?<![0-9a-z.#-])(?:(?P<a>{_N})(?:(?:号|#|＃)(?!文|楼|门|机|泵|线|柴|汽|车|公|院|仓(?!罐))罐?(?:位)?|罐)"
    rf"|(?:罐|tk-?|tank ?)(?P<b>\d{{1,5}})(?![0-9.%吨万个条张天人]))"
)
_FROM_TO = re.compile(
    rf"(?<![0-9a-z])(?P<from>{_N})(?:号|#)?罐?(?:倒|转|导|移)(?:到|入|进|往|去)?(?P<to>{_N})(?:号|#)?罐?(?![0-9吨天点])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One name in a text. said: in its normal writing (tank '3', 'T-112'). ids: what it may mean here, none if nothing."""

    kind: str
    said: str
    ids: tuple[str, ...]


def found(clause: str, vocabulary: Vocabulary) -> tuple[str, tuple[Mention, ...]]:
    """The clause with a sign for each name, and the names in the order of the text."""
    figures = _SPELLED.sub(lambda m: m[1] + "-" + m[2].translate(_FIGURES), vocabulary.sounds.corrected(clause))
    return _Search(vocabulary, figures).done()


class _Search:
    """One pass over one clause. Found names are private characters until the end, so that their order is the text's."""

    _FIRST = 0xF0000

    def __init__(self, vocabulary: Vocabulary, clause: str) -> None:
        self._known = vocabulary
        self._found: list[Mention] = []
        self._text = clause

    def done(self) -> tuple[str, tuple[Mention, ...]]:
        """Banks first, then the known words, then people, strangers and numbers of tanks."""
        self._text = BANK.sub(self._bank, self._text)
        self._pointed_at()
        self._listed()
        self._text = PERSON.sub(lambda m: self._sign("person", m[0], ()), self._text)
        self._text = STRANGER.sub(self._stranger, self._text)
        self._text = _FROM_TO.sub(self._moved, self._text)
        self._text = _NUMBER.sub(self._numbered, _CODE.sub(self._coded, self._text))
        self._text = CONTRACT.sub(lambda m: self._sign("stranger", m[0], ()), self._open_list(self._text))
        order = [self._at(c) for c in self._text if ord(c) >= self._FIRST]
        masked = "".join(SIGNS[self._at(c).kind] if ord(c) >= self._FIRST else c for c in self._text)
        return masked, tuple(order)

    def _pointed_at(self) -> None:
        if self._known.ours:
            self._text = OURS.sub(lambda m: self._sign("site", m[0], self._known.ours), self._text)
        if self._known.only:
            self._text = HERE.sub(lambda m: self._sign("site", m[0], self._known.only), self._text)

    def _listed(self) -> None:
        """The known words, the longest first."""
        for written, kind, said, ids in self._known.words:
            if written in self._text and not (
                written.isascii() and len(written) < 3 and not _whole(written, self._text)
            ):
                self._text = self._text.replace(written, self._sign(kind, said, ids))

    def _at(self, c: str) -> Mention:
        return self._found[ord(c) - self._FIRST]

    def _sign(self, kind: str, said: str, ids: tuple[str, ...]) -> str:
        self._found.append(Mention(kind=kind, said=said, ids=ids))
        return chr(self._FIRST + len(self._found) - 1)

    def _bank(self, match: re.Match[str]) -> str:
        own = any(b and (b in match[0] or match[0] in b) for b in self._known.banks)
        return self._sign("bank", match[0], ("own",) if own else ())

    def _stranger(self, match: re.Match[str]) -> str:
        return match[0] if match[0] in COMMON_FIRMS else self._sign("stranger", match[0], ())

    def _coded(self, match: re.Match[str]) -> str:
        known = self._known.codes.get(compact(match[0]), ())
        if known:
            return self._sign("tank", self._known.spelled[known[0]] if len(known) == 1 else compact(match[0]), known)
        m = _NO_TANK_OF_OURS.fullmatch(match[0])
        if m is not None and (m[1] or not self._goes_on(match)):
            return self._sign("tank", f"{m[1] or m[3]}-{m[2] or m[4]}".upper(), ())
        return match[0]

    def _goes_on(self, match: re.Match[str]) -> bool:
        """M-100燃料油 is a grade and P-1泵 a pump."""
        after = match.string[match.end() :][:1]
        return after in tuple("泵阀线管栈门车船") or (
            ord(after or " ") >= self._FIRST and self._at(after).kind == "good"
        )

    def _numbered(self, match: re.Match[str]) -> str:
        return self._tank(match["a"] or match["b"])

    def _tank(self, written: str) -> str:
        n = number_of(written)
        return written if n is None else self._sign("tank", str(n), self._known.tanks(n))

    def _moved(self, match: re.Match[str]) -> str:
        between = match[0][match.end("from") - match.start() : match.start("to") - match.start()]
        word = next(c for c in between if c in "倒转导移")
        return self._tank(match["from"]) + word + self._tank(match["to"])

    def _open_list(self, text: str) -> str:
        """3、5和7号罐: the numbers before the last are tanks too."""
        tank = "[" + "".join(c for c in {c for c in text if ord(c) >= self._FIRST and self._at(c).kind == "tank"}) + "]"
        if tank == "[]":
            return text
        before = re.compile(rf"(?<![0-9a-z.#-])(?P<n>{_N})(?=(?:[、,和跟与及]{_N})*[、,和跟与及]{tank})")
        after = re.compile(rf"(?<={tank})(?P<sep>[、,和跟与及])(?P<n>\d{{1,5}})(?![0-9.%吨万个条张天人年月])")
        text = before.sub(lambda m: self._tank(m["n"]), text)
        return after.sub(lambda m: m["sep"] + self._tank(m["n"]), text)


def _whole(written: str, text: str) -> bool:
    return re.search(rf"(?<![0-9a-z]){re.escape(written)}(?![0-9a-z])", text) is not None
