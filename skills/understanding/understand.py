"""From a message to skills with their arguments, offline: commands, plain Chinese, ellipses, several questions at once.

Sure → ``Understood``; addressed but not sure → ``Clarify``; anything else → ``Silence``. It never guesses: a wrong figure
costs more than a question back. Decides what is asked, never who may know.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.event import Json
from skills.skill import Answer, Skill, Status
from skills.understanding.asking import Heard, Meant, hear
from skills.understanding.binding import CHANGES, PAPERS, PRESENT_DAY, Bound, bind, kinds_of, sides_asked, unpointed
from skills.understanding.carrying import (
    PLACES,
    POINTS,
    carried,
    each_time,
    holds,
    inherited,
    of_one_time,
    pointed,
    slots_after,
)
from skills.understanding.changes import repays, without_ways
from skills.understanding.excepting import excepts
from skills.understanding.frame import Frame, frame_of, frames_of, joined
from skills.understanding.model import Guess, learned
from skills.understanding.normal import normal
from skills.understanding.overheard import is_act
from skills.understanding.plainly import plainly
from skills.understanding.rankings import ranked
from skills.understanding.scope import Scope
from skills.understanding.slots.intents import slots_of
from skills.understanding.turns import Turn
from skills.understanding.units import foreign
from skills.understanding.vocabulary import Vocabulary
from skills.understanding.when import UNREADABLE

OVERHEARD = 0.70
"""Chance from which a question among people is answered."""
EITHER = 0.8
"""Chance of two readings together from which either is answered, where one skill answers both alike."""
LONGEST = 160
"""Characters of a normal text; longer ones are told, not asked."""
KEPT = 32
"""So many vocabularies are kept: one for each set of names."""

_COMMAND = re.compile(r"^\s*[/／]([A-Za-z_]+|[\u4e00-\u9fff]+)(?:@\w+)?(?:\s+|$)(.*)$", re.DOTALL)
_NUMBER = re.compile(r"(?=[A-Za-z/_-]*\d)[0-9A-Za-z][0-9A-Za-z/_-]{1,30}")
_CAPITALS = re.compile(r"[A-Z ]|现在|今天|罐|号")
_SWAPS = re.compile("换货?|[拿用把入进出顶的]|行不行|可以吗|行吗|能不能|[吗,]")
"""Words of a swap that no part of it is."""
_WITHDRAWS = re.compile(
    r"(?:撤回|撤销|撤掉|取消|作废|收回).{0,8}(?:申请|承诺|提议|N|rc-?\d)|(?<!我)(?:申请|承诺|提议).{0,4}(?:撤回|撤了|取消|作废|收回)$"
)
_OTHER_FIGURES = frozenset({"owners", "disposal", "cases", "case", "notice_check"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that was asked: the skill, its arguments, and for machines the intent with its slots. chance: 0–1."""

    skill: str
    arguments: Mapping[str, str]
    intent: str
    slots: Json = field(default_factory=dict)
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """Run these, in order."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """Addressed, but not understood. about: 'skill', 'tank', 'name', 'place' (answered for the whole only), 'time', 'amount',
    'except' (of all but what is named), 'withdraw' (a request or a promise, which is not done by words).

    options: names of skills that came near, best first. tanks: which may have been meant, among the given names.
    questions: what was meant as far as it is known, so that a bare name can answer the question back.
    """

    about: str
    options: tuple[str, ...] = ()
    tanks: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def answer(self) -> Answer:
        """The question back, for the words."""
        facts = {"about": self.about, "options": list(self.options), "tanks": list(self.tanks)}
        return Answer(status=Status.CLARIFY, kind="clarify", facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Not for us."""


Result = Understood | Clarify | Silence


def understand(
    text: str,
    registry: Sequence[Skill],
    names: Scope,
    now: datetime,
    *,
    addressed: bool,
    previous: Turn | None = None,
    told: str = "",
) -> Result:
    """What ``text`` asks. names: what may be named here. previous: the same person's last turn. told: see ``turns``."""
    vocabulary = vocabulary_of(names)
    if (command := _COMMAND.match(text)) is not None:
        return _commanded(command[1].lower(), command[2], registry, vocabulary, now, addressed=addressed)
    if read := tuple((s, found) for s in registry if s.reads is not None and (found := s.reads(text)) is not None):
        whole = _whole(text, vocabulary, now)
        return Understood(
            questions=tuple(
                Question(skill=s.name, arguments=found, intent=s.intents[0], slots=slots_of(s.intents[0], whole))
                for s, found in read
            )
        )
    filled = pointed(text, previous)
    said = normal(filled)
    addressed = addressed or said.named
    if not said.clauses or len(said.whole) > LONGEST or (not addressed and "@" in text):
        return Clarify(about="skill") if addressed and said.clauses else Silence()
    if addressed and _WITHDRAWS.search(said.whole):
        return Clarify(about="withdraw")
    frames = tuple(frames_of(said, vocabulary, now))
    heard = hear(frames, learned(), told, previous, addressed=addressed)
    heard = replace(heard, sure=ranked(heard.sure, frames))
    if not addressed and not (
        _overheard(heard.sure, previous, pointing=filled != text) or is_act(heard.sure, registry, told=told)
    ):
        return Silence()
    if foreign(joined(frames)) and all(_for_figures(m.intent) for m in heard.sure):
        return Clarify(about="unit")
    if addressed and not heard.sure and (either := _either(heard.near, joined(frames), registry)) is not None:
        return _resolved((either,), registry, vocabulary, now, text=text, previous=previous)
    if addressed and _unheard(heard) and (plain := plainly(joined(frames))) is not None:
        meant = Meant(intent=plain, frame=joined(frames), chance=1.0)
        return _resolved((meant,), registry, vocabulary, now, text=text, previous=previous)
    if not heard.sure or heard.sure[0].intent == "clarify":
        return _unsure(joined(frames), tuple(g.intent for g in heard.near), registry)
    return _resolved(heard.sure, registry, vocabulary, now, text=text, previous=previous)


def vocabulary_of(names: Scope) -> Vocabulary:
    """Made once per names object, which the entry keeps alive so that its id stays its own."""
    kept = _VOCABULARIES.get(id(names))
    if kept is None:
        kept = _VOCABULARIES[id(names)] = (names, Vocabulary.of(names))
        while len(_VOCABULARIES) > KEPT:
            _VOCABULARIES.popitem(last=False)
    return kept[1]


_VOCABULARIES: OrderedDict[int, tuple[Scope, Vocabulary]] = OrderedDict()


def skill_of(intent: str, frame: Frame, slots: Json, registry: Sequence[Skill]) -> Skill | None:
    """The first skill that answers this intent and has a place for what is named; else the first that answers it."""
    able = [s for s in registry if intent in s.intents and (s.suits is None or s.suits(intent, slots))]
    kinds = kinds_of(frame) | ({"time"} if slots.get("time", "now") not in PRESENT_DAY else set())
    fits = (s for s in able if kinds <= {p.kind for p in s.parameters})
    return next(fits, able[0] if able else None)


def _whole(text: str, vocabulary: Vocabulary, now: datetime) -> Frame:
    frames = tuple(frames_of(normal(text), vocabulary, now))
    return joined(frames) if frames else Frame(plain="", masked="")


def _commanded(
    word: str, rest: str, registry: Sequence[Skill], vocabulary: Vocabulary, now: datetime, *, addressed: bool
) -> Result:
    skill = next((s for s in registry if word == s.command or word in s.aliases), None)
    if skill is None:
        return Clarify(about="skill") if addressed else Silence()
    frame = _whole(rest, vocabulary, now)
    intent = skill.intents[0]
    slots = slots_of(intent, frame) if rest.strip() else {}
    if any(p.kind == "text" for p in skill.parameters):
        arguments = {p.name: rest for p in skill.parameters if rest and p.kind == "text"}
        bound = bind(skill, frame, vocabulary, now, text=rest, slots=slots)
        if bound.unclear & PLACES and not any(p.required for p in skill.parameters if p.kind == "text"):
            return Clarify(about="name", options=(skill.name,), tanks=bound.maybe)
        return _question(skill, intent, slots, {**bound.arguments, **arguments} if rest else {})
    bound = bind(skill, frame, vocabulary, now, text=rest, slots={})
    if not any(m.ids for m in frame.of("tank")) and (paper := _paper(skill, rest)) is not None:
        return _question(skill, intent, slots, paper)
    left = _CAPITALS.sub("", re.sub("|".join(_choice_words(skill)) or "$^", "", frame.masked))
    if bound.arguments.keys() & CHANGES or sides_asked(skill):
        left = without_ways(left)
    if sides_asked(skill):
        left = _SWAPS.sub("", left)
    if any(p.kind == "alarm" for p in skill.parameters):
        left = unpointed(left)
    if bound.unclear or left:
        about = "time" if "time" in bound.unclear else "name"
        return Clarify(about=about, options=(skill.name,), tanks=bound.maybe)
    return _question(skill, intent, slots, bound.arguments)


def _paper(skill: Skill, rest: str) -> dict[str, str] | None:
    """The number that a command about one paper is followed by, however such numbers look."""
    place = next((p.name for p in skill.parameters if p.kind in PAPERS), None)
    number = rest.strip()
    return {place: number} if place is not None and _NUMBER.fullmatch(number) else None


def _question(skill: Skill, intent: str, slots: Json, arguments: Mapping[str, str]) -> Understood:
    return Understood(questions=(Question(skill=skill.name, arguments=arguments, intent=intent, slots=slots),))


def _overheard(sure: Sequence[Meant], previous: Turn | None, *, pointing: bool) -> bool:
    """A question of the field among people, beyond doubt; what is told or ordered there is not for us.

    按品种分一下 asks nothing by itself; of somebody who has just been answered it wants that answer cut. pointing: at
    the tank of that answer, so that less is doubtful.
    """

    def asks(m: Meant) -> bool:
        return m.inherited or m.frame.asks or (m.intent == "q_breakdown" and previous is not None)

    return bool(sure) and all(_for_figures(m.intent) and (pointing or m.chance >= OVERHEARD) and asks(m) for m in sure)


def _for_figures(intent: str) -> bool:
    """What is answered with facts about cargo: a name in it that nobody knows must not be passed over."""
    return intent.startswith("q_") or intent in _OTHER_FIGURES


def _either(near: Sequence[Guess], frame: Frame, registry: Sequence[Skill]) -> Meant | None:
    """T-107存了多少吨: the tank's state or its tonnes; whichever is meant, the same skill answers it alike."""
    if len(near) < 2 or not all(_for_figures(g.intent) for g in near[:2]):
        return None
    chance = near[0].chance + near[1].chance
    answers = [
        (s, s.brings.get(g.intent)) for g in near[:2] if (s := skill_of(g.intent, frame, {}, registry)) is not None
    ]
    if chance < EITHER or len(answers) < 2 or answers[0] != answers[1]:
        return None
    return Meant(intent=near[0].intent, frame=frame, chance=chance)


def _unsure(frame: Frame, near: tuple[str, ...], registry: Sequence[Skill]) -> Clarify:
    options = [s.name for i in near if (s := skill_of(i, frame, {}, registry)) is not None]
    missing = slots_of("clarify", frame)
    question = Question(skill="", arguments={}, intent="clarify", slots=missing)
    unreadable = any(w.token.startswith(UNREADABLE) for w in frame.whens)
    about = "time" if unreadable else "tank" if POINTS.search(frame.plain) else "skill"
    return Clarify(about=about, options=tuple(dict.fromkeys(options))[:2], questions=(question,))


def _resolved(
    sure: Sequence[Meant],
    registry: Sequence[Skill],
    vocabulary: Vocabulary,
    now: datetime,
    *,
    text: str,
    previous: Turn | None,
) -> Result:
    """The skills and arguments of everything that was heard; a question back where one of them is not clear."""
    questions: list[Question] = []
    trouble: Clarify | None = None
    sure = tuple(one for m in of_one_time(sure) for one in each_time(_of_now_or_not(m)))
    for meant in sure:
        slots = slots_after(meant, questions[-1].slots if questions else None, previous)
        frame = carried(meant, sure)
        skill = skill_of(meant.intent, frame, slots, registry)
        if frame is not meant.frame and not holds(
            skill, frame
        ):  # 质押率 after T-107还有多少吨 is the pledge's all the same
            frame, slots = meant.frame, slots_of(meant.intent, meant.frame)
            skill = skill_of(meant.intent, frame, slots, registry)
        if skill is None:
            question = Question(skill="", arguments={}, intent=meant.intent, slots=slots, chance=meant.chance)
            trouble = trouble or Clarify(about="skill")
        else:
            bound = bind(skill, frame, vocabulary, now, text=text if len(sure) == 1 else meant.frame.plain, slots=slots)
            brought = {**skill.brings.get(meant.intent, {}), **bound.arguments}
            arguments = inherited(skill, brought, meant, previous)
            question = Question(
                skill=skill.name, arguments=arguments, intent=meant.intent, slots=slots, chance=meant.chance
            )
            trouble = trouble or _trouble(meant, bound, skill)
        questions.append(question)
    if trouble is not None:
        return replace(trouble, questions=tuple(questions))
    return Understood(questions=tuple(questions))


def _unheard(heard: Heard) -> bool:
    """Nothing sure; or a price, which 每吨跌120 names and does not ask for."""
    return not heard.sure or (len(heard.sure) == 1 and heard.sure[0].intent in ("clarify", "q_price"))


_STATES = frozenset({"q_ltv", "q_gap", "q_value", "q_status", "q_loan"})


_REACHED = re.compile(r"[跌降掉涨升][到至]\D{0,2}\d+(?:\.\d+)?(?:元|块)?(?:每吨|一吨|/吨)?了(?:吗|没有?)$")


def _of_now_or_not(meant: Meant) -> Meant:
    """要还500万,还完质押率是多少 asks for a state, but not that of now; 甲醇跌到2200了吗 supposes nothing."""
    if meant.intent == "q_whatif" and _REACHED.search(meant.frame.plain):
        return replace(meant, intent="q_price")
    if meant.intent not in _STATES or not repays(meant.frame.plain):
        return meant
    return replace(meant, intent="q_whatif")


def _trouble(meant: Meant, bound: Bound, skill: Skill) -> Clarify | None:
    """Names only spoil what would be answered with figures."""
    if not _for_figures(meant.intent):
        return None
    if meant.frame.of("stranger"):
        return Clarify(about="name", options=(skill.name,))
    if excepts(meant.frame) and "how" not in bound.arguments:
        return Clarify(about="except", options=(skill.name,))
    if not bound.unclear:
        return None
    order = ("tank", "time", "amount", "place", "good", "site", "contract")
    about = next(k for k in order if k in bound.unclear)
    return Clarify(
        about=about if about in ("tank", "time", "amount", "place") else "name",
        options=(skill.name,),
        tanks=bound.maybe,
    )


def _choice_words(skill: Skill) -> list[str]:
    words = (w for p in skill.parameters for _, ws in p.choices for w in ws)
    return [re.escape(w) for w in sorted(words, key=len, reverse=True)]


__all__ = ["Clarify", "Question", "Silence", "Turn", "Understood", "frame_of", "understand", "vocabulary_of"]
