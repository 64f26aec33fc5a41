"""What a message asks, offline: slash commands, plain Chinese, ellipsis from the same person's last turn.

Sure → ``Understood``; addressed but not sure → ``Clarify``; anything else → ``Silence``. It never guesses: a wrong
figure costs more than a question back. Decides what is asked, never who may know.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from skills import amounts
from skills.naming import KINDS, Found, Names, Vocabulary
from skills.normal import Normal, bare, normal
from skills.routing import Match, Routes, arguments_of
from skills.skill import Answer, Skill, Status

SURE = 0.72
"""Confidence from which an addressed question is answered."""
OVERHEARD = 0.80
"""Confidence from which a question among people is answered."""
EXPLAINED = 0.84
"""Part of the whole question, and three quarters of that of each clause, that the examples must explain."""
MARGIN = 0.03
LONGEST = 80
"""Characters of a normal question; longer texts are told, not asked."""
KEPT = 32
"""So many vocabularies are kept: one for each set of names."""

_COMMAND = re.compile(r"^\s*[/／]([A-Za-z_]+|[\u4e00-\u9fff]+)(?:@\w+)?(?:\s+|$)(.*)$", re.DOTALL)
_TIME = re.compile(
    r"昨[天日晚夜]|前[天晚]|大前天|明[天早晚]|后天|上个?(?:周|月|星期|季度?|年)|下个?(?:周|月|星期)|[本这]个?[周月]|"
    r"近[一二三两\d]*(?:天|周|个?月)|最近|过去|去年|月[底初]|年[底初]|早上|上午|中午|下午|傍晚|晚上|今[早晚]|夜里|半夜|"
    r"凌晨|周[一二三四五六日末]|星期[一二三四五六日]|\d+月\d*[日号]?|\d{1,2}[点:]\d*|[零一二三四五六七八九十]+点|"
    r"\d{4}-\d{1,2}-\d{1,2}|以前|之前|刚才|当时"
)
_THANKS = re.compile(r"^(?:多?谢+|感谢|好的?|收到|嗯+|ok|知道|明白|辛苦|早|晚安|[您你了啦哈呀啊 ])+$")
_ASKS = re.compile(r"[?？]|吗|呢|吧|嘛|多少|几|什么|啥|怎么|咋|哪|有没有|是不是|还在不在|情况|明细|列表|没$|不$")
_POINTS = re.compile(r"[那这该]个?罐|[那这]只罐")
_ELLIPSIS = re.compile(r"^(?:换成|改成|再看|只看|那|和)*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The same person's last understood question in this chat, at most ten minutes ago."""

    skill: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """Run this skill with these arguments. confidence 0–1; 1 for a command."""

    skill: str
    arguments: Mapping[str, str]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """Addressed, but not understood. about: 'skill', 'tank', 'name', or 'time' (a time that no skill can answer).

    options: names of skills that came near, best first. tanks: which may have been meant, among the given names.
    """

    about: str
    options: tuple[str, ...] = ()
    tanks: tuple[str, ...] = ()

    def answer(self) -> Answer:
        """The question back, for the words."""
        facts = {"about": self.about, "options": list(self.options), "tanks": list(self.tanks)}
        return Answer(status=Status.CLARIFY, kind="clarify", facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Not for us."""


Result = Understood | Clarify | Silence


def understand(
    text: str, registry: Sequence[Skill], names: Names, *, addressed: bool, previous: Turn | None = None
) -> Result:
    """What ``text`` asks. names: what may be named here (``skills.naming.within``). previous: see ``Turn``."""
    vocabulary = _vocabulary(names)
    if (command := _COMMAND.match(text)) is not None:
        return _commanded(command[1].lower(), command[2], registry, vocabulary, addressed=addressed)
    for skill in registry:
        if skill.reads is not None and (arguments := skill.reads(text)) is not None:
            return Understood(skill=skill.name, arguments=arguments, confidence=1.0)
    said = normal(text)
    addressed = addressed or said.named
    if not addressed and ("@" in text or not (previous is not None or _ASKS.search(text))):
        return Silence()
    if _THANKS.match(said.text):
        return Silence()
    result = _asked(said, registry, vocabulary, previous)
    if isinstance(result, Understood) and (addressed or result.confidence >= OVERHEARD):
        return result
    if not addressed:
        return Silence()
    return Clarify(about="skill") if isinstance(result, Understood) else result


def _commanded(word: str, rest: str, registry: Sequence[Skill], vocabulary: Vocabulary, *, addressed: bool) -> Result:
    skill = next((s for s in registry if word == s.command or word in s.aliases), None)
    if skill is None:
        return Clarify(about="skill") if addressed else Silence()
    if skill.reads is not None:
        return Understood(skill=skill.name, arguments={p.name: rest for p in skill.parameters if rest}, confidence=1.0)
    clauses = [_find(vocabulary, c) for c in normal(rest).clauses]
    ids, unclear = _gathered(clauses)
    words = "".join(bare(c.masked) for c in clauses)
    arguments = arguments_of(skill, ids, words)
    left = re.sub("|".join([*KINDS.values(), *_choice_words(skill)]), "", words)
    if unclear or left or len(arguments) < len(ids):
        return Clarify(about="time" if "time" in ids else "name", options=(skill.name,))
    return Understood(skill=skill.name, arguments=arguments, confidence=1.0)


def _asked(said: Normal, registry: Sequence[Skill], vocabulary: Vocabulary, previous: Turn | None) -> Result:
    if not said.clauses or len(said.text) > LONGEST:
        return Clarify(about="skill")
    found = [_find(vocabulary, _pointed(c, previous)) for c in said.clauses]
    ids, unclear = _gathered(found)
    if unclear:
        return Clarify(about="tank" if "tank" in unclear else "name", tanks=tuple(t for f in found for t in f.maybe))
    clauses = [b for f in found if (b := bare(f.masked))]
    followed = _followed(clauses, ids, registry, previous)
    if followed is not None:
        return followed
    matches = _routes(tuple(registry)).match(clauses, frozenset(ids) - {"time"})
    best = next((m for m in matches if _takes(m, clauses)), None)
    ordered = {"percent", "mass", "money"} & set(ids) and not amounts.supposed(said.text)
    if best is None or "time" in ids or ordered:
        return _unsure(said, ids, matches)
    if any(
        m.confidence > best.confidence - MARGIN and m.skill is not best.skill for m in matches if _takes(m, clauses)
    ):
        return Clarify(about="skill", options=tuple(m.skill.name for m in matches[:2]))
    return Understood(
        skill=best.skill.name,
        arguments=_inherited(best.skill, arguments_of(best.skill, ids, "".join(clauses)), previous),
        confidence=round(best.confidence, 3),
    )


def _takes(match: Match, clauses: Sequence[str]) -> bool:
    """Sure enough, every clause explained, and no number left that nobody has understood."""
    explained = match.coverage >= EXPLAINED and match.worst >= EXPLAINED * 0.75
    return match.confidence >= SURE and explained and not any(c.isdigit() for part in clauses for c in part)


def _unsure(said: Normal, ids: Mapping[str, Sequence[str]], matches: Sequence[Match]) -> Clarify:
    near = tuple(m.skill.name for m in matches[:2] if m.confidence >= SURE / 2)
    if "time" in ids:
        return Clarify(about="time", options=near)
    return Clarify(about="tank" if _POINTS.search(said.text) else "skill", options=near)


def _followed(
    clauses: Sequence[str], ids: Mapping[str, Sequence[str]], registry: Sequence[Skill], previous: Turn | None
) -> Result | None:
    """An ellipsis, only names and nothing asked: the last turn's skill where it has a place for them."""
    left = re.sub("|".join(KINDS.values()), "", "".join(clauses))
    if not ids or not (_ELLIPSIS.match(left) or left in ("罐", "库")):
        return None
    kinds = frozenset(ids)
    if "time" in kinds:
        return Clarify(about="time", options=(previous.skill,) if previous else ())
    order = [s for s in registry if previous is not None and s.name == previous.skill]
    if not kinds & {
        "percent",
        "mass",
        "money",
    }:  # a figure alone goes on with what was asked, and asks nothing by itself
        order += [s for s in registry if (previous is not None or kinds == {"tank"}) and s not in order]
    skill = next((s for s in order if kinds <= {p.kind for p in s.parameters}), None)
    if skill is None:
        return None
    arguments = _inherited(skill, arguments_of(skill, ids, ""), previous)
    return Understood(skill=skill.name, arguments=arguments, confidence=0.9 if previous is not None else 0.75)


def _inherited(skill: Skill, arguments: dict[str, str], previous: Turn | None) -> dict[str, str]:
    """The last turn's contract still holds where none is named."""
    if previous is None or "contract" not in previous.arguments or "contract" not in {p.name for p in skill.parameters}:
        return arguments
    return {"contract": previous.arguments["contract"], **arguments}


def _pointed(clause: str, previous: Turn | None) -> str:
    """那个罐 is the tank of the last turn."""
    if previous is None or "," in (tank := previous.arguments.get("tank", ",")):
        return clause
    return _POINTS.sub(tank.lower(), clause)


def _find(vocabulary: Vocabulary, clause: str) -> Found:
    """Changes in figures and times first: 3月12号 is no tank."""
    changed, changes = amounts.found(clause)
    timed, times = _TIME.subn(KINDS["time"], changed)
    found = vocabulary.find(timed)
    return replace(found, ids={**found.ids, **changes, **({"time": (clause,)} if times else {})})


def _gathered(found: Sequence[Found]) -> tuple[dict[str, list[str]], frozenset[str]]:
    ids: dict[str, list[str]] = {}
    for f in found:
        for kind, idents in f.ids.items():
            ids[kind] = list(dict.fromkeys([*ids.get(kind, []), *idents]))
    return ids, frozenset[str]().union(*(f.unclear for f in found))


def _choice_words(skill: Skill) -> list[str]:
    return [re.escape(w) for p in skill.parameters for _, words in p.choices for w in words]


_VOCABULARIES: OrderedDict[int, tuple[Names, Vocabulary]] = OrderedDict()


def _vocabulary(names: Names) -> Vocabulary:
    """Made once per names object, which the entry keeps alive so that its id stays its own."""
    kept = _VOCABULARIES.get(id(names))
    if kept is None:
        kept = _VOCABULARIES[id(names)] = (names, Vocabulary.of(names))
        while len(_VOCABULARIES) > KEPT:
            _VOCABULARIES.popitem(last=False)
    return kept[1]


@lru_cache(maxsize=KEPT)
def _routes(registry: tuple[Skill, ...]) -> Routes:
    return Routes.of([s for s in registry if s.reads is None])
