"""Whether a call only echoes the asker: the same tank, amount and time, in the asker's own words, and none passed over. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.model.binding import AMOUNTS, NAMED, Binder, Said
from bot.model.leftover import leftover
from bot.model.pairing import SIZES, Pairing, Size, size_of
from bot.model.tools import proposes
from skills.skill import Parameter, Skill

PLACES = ("tank", "good", "site", "contract")
"""Kinds of names that an answer must be of."""
_WHOLE = frozenset({"contract", "site"})
"""Of these the only one that is here is all that there is."""
OWN_TEXT = "text"
"""The argument of skills that read the asker's words themselves, times and names too."""
_FIGURELESS = frozenset({"help"})
"""Skills that say nothing of any cargo."""
_TOLD_AN_AMOUNT = frozenset({"q_alert_why", "q_evidence", "q_duty", "q_price"})
"""Skills to which an amount only says which fact is meant: 货值掉的那五百万, 多少钱一吨."""

Call = tuple[Skill, Mapping[str, str]]
"""A skill with its bound arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Got:
    """What one call received of the question."""

    ids: Mapping[str, frozenset[str]]
    times: frozenset[str]
    sizes: frozenset[Size]


class Echo:
    """The asker's words of one question, held against what a model passes on."""

    def __init__(self, binder: Binder, question: str) -> None:
        """question: the asker's own words."""
        self._binder = binder
        self.question = binder.said(question)
        frames = binder.frames(question)
        self._left = leftover(frames)
        self._pairing = Pairing(frames)

    def faithful(self, parameter: Parameter, words: str, value: str, shown: Iterable[str]) -> bool:
        """Whether the asker said this, in these words or in others that mean the same.

        words and value: the argument before and after binding. shown: what else could be read, for a name that the
        question leaves open.
        """
        asked, kind = self.question, parameter.kind
        if kind in NAMED:
            return self._named(kind, frozenset(value.split(",")), shown)
        if kind == "choice":
            return True
        if kind == "time":
            return asked.whole.get(value, value) in asked.times
        said = self._binder.said(words)
        if kind in AMOUNTS:
            return bool(said.amounts) and said.amounts <= asked.amounts and within(said.plain, asked.plain)
        same = said.times <= asked.times and said.amounts <= asked.amounts
        return same and within(said.plain, asked.plain)

    def paired(self, skill: Skill, bound: Mapping[str, str]) -> bool:
        """Each amount beside the name that it is of."""
        return self._pairing.keeps(skill, bound)

    def unread(self, skill: Skill) -> bool:
        """The question names what is not here, or a time that no calendar reads, and this skill would answer with figures."""
        unread = self._left.names or self._left.times or self.question.timeless
        return unread and skill.name not in _FIGURELESS and not _reads(skill)

    def left_out(self, skill: Skill, bound: Mapping[str, str]) -> tuple[str, ...]:
        """Parameters for which the question has a name, an amount or a time, where the call gives none of them."""
        named = {k for k, ids in self.question.names if ids and k in NAMED}
        takes = tuple(p.name for p in skill.parameters if p.kind in named and not p.narrows)
        if takes and not any(name in bound for name in takes):
            return takes
        sized = {k for k, _ in self.question.amounts}
        takes = tuple(p.name for p in skill.parameters if p.kind in AMOUNTS and p.kind in sized)
        if takes and not any(name in bound for name in takes):
            return takes
        takes = tuple(p.name for p in skill.parameters if p.kind == "time") if self.question.times else ()
        return takes if not any(name in bound for name in takes) else ()

    def covered(self, calls: Iterable[Call]) -> bool:
        """Every name, amount and time of the question reached a skill, and every skill with figures got the time itself."""
        known = tuple(calls)
        got = [self._got(*call) for call in known]
        return (
            all(self._reached(kind, got) for kind in PLACES)
            and self._timed(known, got)
            and self._sized({skill.name for skill, _ in known}, got)
        )

    def _reached(self, kind: str, got: Iterable[_Got]) -> bool:
        """A site also where one of its tanks did; the only contract or site here need not be named."""
        reached = frozenset[str]().union(*(g.ids[kind] for g in got))
        reached |= self._binder.alone(kind) if kind in _WHOLE else frozenset()
        if kind == "site":
            reached |= {self._binder.site_of(t) for g in got for t in g.ids["tank"]}
        return self.question.ids(kind) <= reached

    def _timed(self, calls: Iterable[Call], got: Iterable[_Got]) -> bool:
        if not self.question.times:
            return True
        each = list(zip(calls, got, strict=True))
        bare = any(not g.times and skill.name not in _FIGURELESS for (skill, _), g in each)
        return not bare and self.question.times <= frozenset[str]().union(*(g.times for _, g in each))

    def _sized(self, skills: set[str], got: Iterable[_Got]) -> bool:
        """A skill that is told of an amount by other means answers for it."""
        asked = frozenset((k, size) for k, size in self.question.amounts if k in SIZES)
        return bool(skills & _TOLD_AN_AMOUNT) or asked <= frozenset[Size]().union(*(g.sizes for g in got))

    def _got(self, skill: Skill, bound: Mapping[str, str]) -> _Got:
        """From the arguments; from a text only where the skill itself reads it."""
        given = [(p.kind, bound[p.name]) for p in skill.parameters if p.name in bound]
        texts = [self._binder.said(bound[OWN_TEXT])] if _reads(skill) and OWN_TEXT in bound else []
        ids = {k: frozenset(i for kind, v in given if kind == k for i in v.split(",")) for k in PLACES}
        return _Got(
            ids={k: some.union(*(t.ids(k) for t in texts)) for k, some in ids.items()},
            times=frozenset(self.question.whole.get(v, v) for k, v in given if k == "time").union(
                *(t.times for t in texts)
            ),
            sizes=frozenset(size_of(k, v) for k, v in given if k in SIZES).union(*(t.amounts for t in texts)),
        )

    def _named(self, kind: str, ids: frozenset[str], shown: Iterable[str]) -> bool:
        """Named in the question, every reading of a name together; elsewhere only where the question names none."""
        mentions = [m for k, m in self.question.names if k == kind]
        if mentions:
            return ids <= self.question.ids(kind) and all(not m & ids or m <= ids for m in mentions)
        others: list[Said] = [self._binder.said(text) for text in shown]
        return ids <= frozenset[str]().union(*(s.ids(kind) for s in others))


def _reads(skill: Skill) -> bool:
    """It proposes what the asker's own text says, and nothing else."""
    return proposes(skill) or any(p.name == OWN_TEXT for p in skill.parameters)


def within(words: str, text: str) -> bool:
    """Whether the words stand in the text, and not as a piece of a longer number or code."""
    at = text.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        if not (_joined(text[at - 1 : at], words[0]) or _joined(words[-1], text[end : end + 1])):
            return True
        at = text.find(words, at + 1)
    return False


def _joined(left: str, right: str) -> bool:
    parts = left + right
    return bool(left and right) and parts.isascii() and right.isalnum() and (left.isalnum() or left in "-.")
