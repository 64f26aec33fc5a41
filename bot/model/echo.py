"""Whether an argument only echoes the asker: the same tank, amount and time, in the asker's own words. Pure."""

from collections.abc import Iterable, Mapping

from bot.model.binding import AMOUNTS, NAMED, Binder, Said
from skills.skill import Parameter, Skill


class Echo:
    """The asker's words of one question, held against what a model passes on."""

    def __init__(self, binder: Binder, question: str) -> None:
        """question: the asker's own words."""
        self._binder = binder
        self.question = binder.said(question)

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

    def covered(self, calls: Iterable[tuple[Skill, Mapping[str, str]]]) -> bool:
        """Every tank and every time of the question was given to a skill, as far as any of them takes a tank."""
        passed: dict[str, list[str]] = {}
        for skill, arguments in calls:
            for p in (p for p in skill.parameters if p.name in arguments or not p.narrows):
                passed.setdefault(p.kind, []).extend([arguments[p.name]] if p.name in arguments else [])
        tanks = {t for value in passed.get("tank", ()) for t in value.split(",")}
        if "tank" in passed and not self.question.ids("tank") <= tanks:
            return False
        told = (self._binder.said(text).times for text in passed.get("text", ()))
        given = frozenset(self.question.whole.get(t, t) for t in passed.get("time", ()))
        return self.question.times <= given.union(*told)

    def _named(self, kind: str, ids: frozenset[str], shown: Iterable[str]) -> bool:
        """Named in the question, every reading of a name together; elsewhere only where the question names none."""
        mentions = [m for k, m in self.question.names if k == kind]
        if mentions:
            return ids <= self.question.ids(kind) and all(not m & ids or m <= ids for m in mentions)
        others: list[Said] = [self._binder.said(text) for text in shown]
        return ids <= frozenset[str]().union(*(s.ids(kind) for s in others))


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
