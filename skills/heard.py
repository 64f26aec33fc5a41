"""What a sentence of somebody who acts says beside names: amounts, and times that lie ahead. Knows no skill."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from skills.ahead import Term, ahead, terms_in
from skills.understanding import amounts, papers
from skills.understanding.normal import normal
from skills.understanding.numerals import CHINESE
from skills.understanding.when import UNREADABLE, When, times_in

LONGEST_SAID = 120
"""Characters of somebody's own words that are kept with what they do."""
_PRESENT = frozenset({"now"})
_TIME = "D"
"""What stands for a time in a clause whose times have been read."""
_UNTIL = re.compile(f"[到至]{_TIME}")
_WORDLESS = re.compile(r"[A-Z0-9\W_]|[到至前]")
"""What is no word once numbers, times and amounts are signs: these, figures, and what ties a time."""
_SIGNED = {"M": "mass", "R": "money", "P": "percent", "吨": "mass", "元": "money", "万": "money", "亿": "money"}
_NUMERAL = r"(?:(?<![0-9a-z.#-])[0-9][0-9.]*|[二两三四五六七八九十百千半])"
_PARTLY = re.compile(
    rf"{_NUMERAL}[到至或和-]?([MRP])"
    rf"|([MRP])[0-9{CHINESE}万亿]+(?=$|[ ,元块吨整钱A-Z]|公斤|kg)|[0-9{CHINESE}]([吨元万亿])"
)
"""A numeral beside an amount, or one whose unit was not read with it: 400到500吨, 50-80吨."""
_RANGE = re.compile(rf"{_NUMERAL}$")
"""The last words of a clause whose next begins with an amount: 400~500吨, 三百、五百吨."""
_UNREAD = re.compile(r"-?[0-9.一二两三四五六七八九十百半几]+ ?(?:个?多?(?:小时|钟头|分钟?|天|日|周|月)|刻钟|秒)")
"""A length of time that stands in no form that is read: 30秒, -1小时, 几小时."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """qty_kg, amount_cny, percent: the first that is said. span: of time. by: the last time ahead, by its end.

    past: times are said, and all are over. over: until such a time, 到昨天18点. working_days: within so many.
    unread: a time is said and not read: 30秒, 明天25点. worded: something is said beside numbers of papers, times and amounts.
    doubtful: several amounts of one kind, or one that is not read whole: 400到500吨. None of that kind is told then.
    """

    qty_kg: int | None = None
    amount_cny: Decimal | None = None
    percent: Decimal | None = None
    span: timedelta | None = None
    starts: datetime | None = None
    by: datetime | None = None
    working_days: int | None = None
    past: bool = False
    over: bool = False
    unread: bool = False
    worded: bool = False
    doubtful: bool = False


def heard(text: str, now: datetime) -> Heard:
    """The amounts and times of a text, at ``now`` (aware)."""
    times: list[When] = []
    terms: list[Term] = []
    found: dict[str, Decimal] = {}
    doubtful: set[str] = set()
    over = worded = unread = False
    before = ""
    for clause in normal(text).clauses:
        left, _ = papers.found(clause)
        left, within = terms_in(left, now)
        terms += within
        left, whens = times_in(left, now)
        mine = [w for w in whens if w.token not in _PRESENT and not w.token.startswith(UNREADABLE)]
        times += mine
        over = over or (_UNTIL.search(left) is not None and not any(ahead(w, now) for w in mine))
        left, said_ = amounts.found(left)
        worded = worded or _WORDLESS.sub("", left) != ""
        unread = unread or _UNREAD.search(left) is not None or any(w.token.startswith(UNREADABLE) for w in whens)
        if _RANGE.search(before) and left[:1] in _SIGNED:
            doubtful.add(_SIGNED[left[0]])
        before = left
        doubtful |= {_SIGNED[m[m.lastindex or 0]] for m in _PARTLY.finditer(left)}
        for amount in said_:
            if amount.kind in found and amount.kind in _SIGNED.values():
                doubtful.add(amount.kind)
            found.setdefault(amount.kind, amount.value)
    found = {kind: value for kind, value in found.items() if kind not in doubtful}
    coming = [s for w in times if (s := ahead(w, now)) is not None]
    coming += [(now, t.end) for t in terms if t.end is not None]
    return Heard(
        qty_kg=int((found["mass"] * 1000).to_integral_value()) if "mass" in found else None,
        amount_cny=found["money"].quantize(Decimal("0.01")) if "money" in found else None,
        percent=found.get("percent"),
        span=timedelta(minutes=float(found["span"])) if "span" in found else None,
        starts=coming[0][0] if coming else None,
        by=coming[-1][1] if coming else None,
        working_days=next((t.working_days for t in terms if t.working_days is not None), None),
        past=bool(times) and not coming,
        over=over,
        unread=unread,
        worded=worded,
        doubtful=bool(doubtful),
    )


def said(text: str) -> str:
    """Somebody's own words on one line, as they are kept."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SAID else line[: LONGEST_SAID - 1] + "…"
