"""What is proposed about a warehouse receipt, as typed: /splitreceipt NO PART KG PART KG…, /cancelreceipt NO [why].

Reads text and decides nothing. A part is a new number and its kg, tank by tank where the receipt lies in several:
CD-0091A T-104 500吨 CD-0091B T-105 300吨. 其余 is all that the other parts leave, so that the last one need not be reckoned.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.event import Json
from domain.receipt.receipt import Standing

REST = frozenset({"其余", "rest"})
LONGEST_WHY = 100
_MASS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,8})?(万)?(吨|t|公斤|千克|kg)", re.ASCII | re.IGNORECASE)
_UNITS = {"吨": 1000, "t": 1000, "公斤": 1, "千克": 1, "kg": 1}
_APART = re.compile(r"(?<=\d) (?=万?(?:吨|t|公斤|千克|kg)(?: |$))", re.IGNORECASE)
"""500 吨 is 500吨."""
_NUMBER = re.compile(r"(?=.*\d)[\w./-]{1,40}")
Parts = dict[str, int]


def split(words: Sequence[str], mine: Sequence[Standing]) -> Json | str:
    """The body of a split of one of these receipts; else 'usage' or 'receipt_unknown'."""
    if len(words) < 2:
        return "usage"
    was = _found(words[0], mine)
    if was is None:
        return "receipt_unknown"
    held = dict(was.pledged if was.state.live else was.receipt.parts)
    into = parts_of(_APART.sub("", " ".join(words[1:])).split(), held)
    if into is None:
        return "usage"
    rows = [{"no": no, "parts": parts} for no, parts in into.items()]
    return {**_about(was, held), "in_pledge": was.state.live, "into": rows}


def cancel(words: Sequence[str], mine: Sequence[Standing]) -> Json | str:
    """The body of a cancellation of one of these receipts; else 'usage' or 'receipt_unknown'."""
    why = " ".join(words[1:])
    if not words or len(why) > LONGEST_WHY:
        return "usage"
    was = _found(words[0], mine)
    return {**_about(was, dict(was.receipt.parts)), "why": why} if was is not None else "receipt_unknown"


def parts_of(words: Sequence[str], held: Mapping[str, int]) -> dict[str, Parts] | None:
    """New number → kg by tank, of a receipt that holds so much; None for what cannot be read whole.

    Numbers are written in capitals, as they are found again however they are typed. Whether it adds up is not looked at.
    """
    into: dict[str, Parts] = {}
    tanks = {_plain(t): t for t in held}
    of: Parts | None = None
    tank: str | None = None
    for n, word in enumerate(words):
        mass = _MASS.fullmatch(word)
        if word.lower() in REST and of is not None and not of and tank is None and n == len(words) - 1:
            of.update(_left(held, into))
        elif mass is not None:
            kg, where = _kg(mass), tank or (next(iter(held)) if len(held) == 1 else None)
            if of is None or where is None or where in of or kg is None:
                return None
            of[where], tank = kg, None
        elif _plain(word) in tanks and of is not None and tank is None:
            tank = tanks[_plain(word)]
        elif _NUMBER.fullmatch(word) and (of is None or of) and tank is None and word.upper() not in into:
            of = into[word.upper()] = {}
        else:
            return None
    return into if of and tank is None else None


def same_number(typed: str, no: str) -> bool:
    """A number is found however it is typed: cd0087 is CD-0087."""
    return _plain(typed) == _plain(no)


def _found(typed: str, mine: Sequence[Standing]) -> Standing | None:
    """The receipt of exactly this number, or the only one that could be meant."""
    exact = [s for s in mine if s.receipt.no == typed]
    near = exact or [s for s in mine if same_number(typed, s.receipt.no)]
    return near[0] if len(near) == 1 else None


def _about(was: Standing, held: Parts) -> Json:
    return {"no": was.receipt.no, "good": was.receipt.good, "parts": held}


def _left(held: Mapping[str, int], into: Mapping[str, Parts]) -> Parts:
    left = {tank: kg - sum(parts.get(tank, 0) for parts in into.values()) for tank, kg in held.items()}
    return {tank: kg for tank, kg in left.items() if kg > 0}


def _kg(mass: re.Match[str]) -> int | None:
    """Whole kg above 0."""
    kg = Decimal(mass[1].replace(",", "") + (mass[2] or "")) * _UNITS[mass[4].lower()] * (10_000 if mass[3] else 1)
    return int(kg) if kg > 0 and kg == int(kg) else None


def _plain(number: str) -> str:
    return re.sub(r"[-_\s]", "", unicodedata.normalize("NFKC", number)).upper()
