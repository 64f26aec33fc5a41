"""What people ask to move, as they write it: T-104 甲醇 500吨; 2300吨甲醇到T-104. One tank, one good, one mass a line.

Nothing is guessed that would be filed: what is missing or fits twice comes back as a question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.case.case import CaseLine
from domain.tank import TankIndex
from skills.ports import View
from skills.understanding import names
from skills.understanding.names import Mention
from skills.understanding.normal import normal
from skills.understanding.numerals import CHINESE, COMPOUND, COUNTED, PLAIN, decimal_of
from skills.understanding.scope import Scope
from skills.understanding.vocabulary import Vocabulary

_SIGN = "M"
"""What stands for a mass that was read."""
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_SPACED = re.compile(r"[ \t\u3000]+(?=[\u4e00-\u9fff])")
_MASS = re.compile(
    rf"(?<![0-9.a-z{CHINESE}万亿-])(\d{{1,7}}(?:\.\d{{1,3}})?) ?(万)? ?吨(?!(?:[{CHINESE}](?!{COUNTED})))"
)
_LEFT = re.compile(rf"(?<!/)(?<!每)吨|\d ?(?:公斤|千克|kg|斤)|(?<![\da-z.#-])[\d.]+ ?[到至和或、-] ?{_SIGN}")
"""What tells that a mass was not read whole: 2千5吨, 150吨500公斤, 50到80吨."""
_RECEIPT = re.compile(r"仓单(?:号)? ?([a-z]{1,6}-?[a-z0-9-]*\d)")
_SUM = rf"(?:{COMPOUND}|{PLAIN})"
_CASH = re.compile(
    rf"(?:保证金|还款|现金) ?(?P<of>{_SUM}) ?(?P<unit>万|亿)?元?"
    rf"|(?<![0-9.a-z{CHINESE}万亿-])(?P<first>{_SUM}) ?(?P<times>万|亿)?元?的?(?:保证金|还款|现金)"
)
_FIGURE = re.compile(r"\d|[万亿元]")
"""What makes a sum of a numeral without a unit: 还款一部分 names none."""
_MORE = re.compile(rf"[0-9.{CHINESE}万亿]")
_CODE = re.compile(r"[a-z]{1,4} ?-? ?\d")
MOST = 12
"""Lines of one request: its card stays readable on a phone."""
_FEN = Decimal("0.01")
_TIMES = {"万": 10_000, "亿": 100_000_000, None: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Why a text is no request yet, and which tanks it may be about.

    about: of a line 'format', 'tank', 'which_tank', 'good'; of the whole 'many', 'projects', 'chat', 'no_terms', 'no_swap'.
    """

    about: str
    tanks: tuple[str, ...] = ()
    good: str | None = None


def clauses_of(text: str) -> list[str]:
    """The normal clauses of a request; a comma within 2,300 ends none, nor does a space: 500吨 仓单 CD-0087."""
    return list(normal(_SPACED.sub("", _THOUSANDS.sub("", text))).clauses)


def lines_of(view: View, clauses: list[str]) -> tuple[CaseLine, ...] | Unclear:
    """The lines that these clauses name, each with its pledged tank; or what is unclear."""
    vocabulary = Vocabulary.of(_scope(view))
    found: list[CaseLine] = []
    for clause in clauses:
        masses = _MASS.findall(clause)
        if len(masses) > 1 or _LEFT.search(_MASS.sub(_SIGN, clause)):
            return Unclear(about="format")
        if not masses:
            continue
        line = _line(view, vocabulary, clause)
        if isinstance(line, Unclear):
            return line
        found.append(line)
    if len(found) > MOST:
        return Unclear(about="many")
    same = len({(x.tank_id, x.receipt) for x in found}) < len(found)
    return tuple(found) if found and not same else Unclear(about="format")


def cash_of(clauses: list[str]) -> Decimal | Unclear | None:
    """Money promised beside goods: 保证金 200万, in CNY; None where there is none, unclear where it is not read whole."""
    for clause in clauses:
        said = next((m for m in _CASH.finditer(clause) if _FIGURE.search(m[0])), None)
        if said is not None:
            value = decimal_of(said["of"] or said["first"])
            if value is None or _MORE.match(clause, said.end()):
                return Unclear(about="format")
            return (value * _TIMES[said["unit"] or said["times"]]).quantize(_FEN)
    return None


def _line(view: View, vocabulary: Vocabulary, clause: str) -> CaseLine | Unclear:
    digits, wan = _MASS.findall(clause)[0]
    receipt = _RECEIPT.search(clause)
    bare = _RECEIPT.sub(" ", _CASH.sub(" ", _MASS.sub(" ", clause)))
    tank = _tank(view, *names.found(bare, vocabulary))
    kg = int(Decimal(digits) * (10_000_000 if wan else 1000))
    if isinstance(tank, Unclear):
        return tank
    if kg <= 0:
        return Unclear(about="format")
    good = view.tank(tank).good
    return CaseLine(tank_id=tank, good=good, kg=kg, receipt=receipt[1].upper() if receipt is not None else None)


def _tank(view: View, masked: str, mentions: Sequence[Mention]) -> str | Unclear:
    """The one tank that is meant: by its name, or because only one holds the good."""
    named = [m for m in mentions if m.kind == "tank"]
    tanks = tuple(dict.fromkeys(t for m in named for t in m.ids))
    goods = {g for m in mentions if m.kind == "good" for g in m.ids}
    if len(tanks) > 1 or (named and not tanks):
        return Unclear(about="tank", tanks=tanks)
    if tanks:
        held = view.tank(tanks[0]).good
        return tanks[0] if not goods or held in goods else Unclear(about="good", tanks=tanks, good=held)
    here = tuple(t for t in _pledged(view) if view.tank(t).good in goods)
    if len(here) == 1:
        return here[0]
    coded = _CODE.search(masked) is not None
    return Unclear(about="which_tank" if here else ("tank" if coded else "format"), tanks=here)


def _pledged(view: View) -> Iterator[str]:
    return iter(dict.fromkeys(t for c in view.contracts() for t in c.tank_ids()))


def _scope(view: View) -> Scope:
    tanks = tuple(view.tank(t) for t in _pledged(view))
    goods, sites = {t.good for t in tanks}, {t.site_id for t in tanks}
    return Scope(
        index=TankIndex(tanks),
        goods={k: g for k, g in view.goods.items() if k in goods},
        sites={k: s for k, s in view.sites.items() if k in sites},
        contracts={c.id: c for c in view.contracts()},
    )
