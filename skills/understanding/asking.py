"""What one text asks: one intent, several in order, or nothing sure. Decides what is meant, never who may know.

The learned model judges the whole and each part of it. Several questions are taken apart only where every part is sure by
itself and they differ; an ellipsis takes the last turn's intent. Below ``SURE`` nobody is answered: a wrong figure costs
more than a question back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from skills.understanding.concepts import concepts_of
from skills.understanding.features import features_of
from skills.understanding.frame import Frame, joined
from skills.understanding.joints import Guesses, Segment, chance_of_new
from skills.understanding.joints import features_of as joint_features
from skills.understanding.model import Guess, Model
from skills.understanding.purposes import wishes
from skills.understanding.strangers import estranged
from skills.understanding.turns import Turn, is_ellipsis
from skills.understanding.warnings import refused_outright

SURE = 0.66
"""Chance from which a text is taken to ask for this."""
CLEAR, AHEAD = 0.5, 1.8
"""Below ``SURE``: chance from which it is taken all the same where the next one is so many times less likely."""
REFUSE = 0.36
"""Chance of all refusals together from which a text is refused: to refuse costs less than to obey."""
LIKELIEST = 0.25
"""Chance that the likeliest of them needs: a little of every refusal is a text that nobody has seen, and is asked about."""
PART = 0.66
"""Chance that each of several questions needs by itself."""
NEAR = 0.15
"""Chance from which an intent is offered where nothing is sure."""
NEW, OLD = 0.8, 0.2
"""Chances that another question begins: from which it does, and below which the same one goes on. Between them it is asked."""
BOTH = 0.97
"""Chance of both by themselves from which they are two all the same."""
DOUBT = 0.75
"""Chance of both by themselves below which they are one all the same."""
WHOLE = 0.95
"""Chance of the whole from which it is one, though it seems to begin anew where nothing is sure by itself."""
MOST_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """One thing that a text asks. frame: the part of the text that asks it; inherited: only the last turn says so."""

    intent: str
    frame: Frame
    chance: float
    inherited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """sure: what is asked, in order; none where nothing is. near: what it may have been, best first."""

    sure: tuple[Meant, ...]
    near: tuple[Guess, ...]


def hear(frames: Sequence[Frame], model: Model, told: str, previous: Turn | None, *, addressed: bool = True) -> Heard:
    """What these clauses ask. told: kind of message that went before (``turns.told_by``).

    addressed: they are for the bot, whatever they are.
    """
    if addressed:
        model = spoken_to(model)
    frames = tuple(estranged(f, model.weights) for f in wishes(frames))
    whole = joined(frames)
    if outright := _outright(frames, model, told):
        return Heard(sure=outright, near=())
    if previous is not None and is_ellipsis(whole) and _asks_data(previous.intent):
        return Heard(sure=(Meant(intent=previous.intent, frame=whole, chance=0.9, inherited=True),), near=())
    guesses = _guesses(whole, model, told)
    several, unsure = _several(frames, model, told, guesses[0])
    if several or unsure:
        return Heard(sure=several, near=unsure)
    guesses = list(_not_of_others(whole, guesses))
    refusal = _refusal(guesses)
    best = refusal or guesses[0]
    if (whole.of("stranger") or _somebodys(whole)) and _asks_data(best.intent):
        return Heard(sure=(), near=())
    near = tuple(g for g in guesses[:3] if g.chance >= NEAR)
    if not told and previous is None and _asks_data(best.intent) and _points_nowhere(whole):
        return Heard(sure=(), near=near)
    if refusal is None and not _sure(guesses):
        return Heard(sure=(), near=near)
    return Heard(sure=(Meant(intent=best.intent, frame=whole, chance=best.chance),), near=near)


def _sure(guesses: Sequence[Guess]) -> bool:
    best, second = guesses[0].chance, guesses[1].chance
    return best >= SURE or (best >= CLEAR and best >= AHEAD * second)


def _asks_data(intent: str) -> bool:
    """A question about the cargo or the loan: nothing that is proposed, refused or said in passing."""
    return not intent.startswith(("a_", "r_")) and intent not in _WEAK and intent != "help"


_POINTED = re.compile(
    r"[那这该]个(?:库区|仓库|油库|罐区|库|站)(?![存房管位容])|(?:^|(?<= ))[那这]个(?=[能还咋怎多够行有DUQE])"
)


_OF_A_PERSON = re.compile(
    r"H(?:[那这的个]|那边|那儿)*(?:笔|池|批|货|贷款|借款|本金|利息|项目|账|敞口|保证金|监管线|补货线|控货线|质押|抵押|仓单|保险|库存|[日周月]报|还有|还剩|欠|最多|"
    r"[进出]了|预警|逾期|[GT])"
)


def _somebodys(frame: Frame) -> bool:
    """钱总那笔贷款, of somebody whom nobody here knows."""
    people = frame.of("person")
    return bool(people) and not any(m.ids for m in people) and _OF_A_PERSON.search(frame.masked) is not None


def _points_nowhere(frame: Frame) -> bool:
    """那个库还剩多少吨, of a place that nothing before it has named."""
    return _POINTED.search(frame.masked) is not None and not any(
        m.kind in ("tank", "good", "site", "contract") for m in frame.mentions
    )


@lru_cache(maxsize=4)
def spoken_to(model: Model) -> Model:
    """The model where silence is no answer."""
    return model.without("silence")


def _outright(frames: Sequence[Frame], model: Model, told: str) -> tuple[Meant, ...]:
    """What must be refused whatever else is said, and what else in the text would be refused too."""
    whole = joined(tuple(frames))
    found = {kind: Meant(intent=kind, frame=whole, chance=1.0) for kind in refused_outright(whole)}
    if not found:
        return ()
    for frame in (f for f in frames if not refused_outright(f)):
        best = _guesses(frame, model, told)[0]
        if best.intent.startswith("r_") and best.chance >= PART and best.intent not in found:
            found[best.intent] = Meant(intent=best.intent, frame=frame, chance=best.chance)
    return tuple(found.values())


def _guesses(frame: Frame, model: Model, told: str) -> list[Guess]:
    guesses = model.guesses(features_of(frame, told))
    if guesses[0].intent in _OF_A_LENDER and any(not m.ids for m in frame.of("bank")):
        guesses[0] = replace(guesses[0], intent="r_other_tenant")
    return guesses


_OF_A_LENDER = frozenset(
    [
        "q_status",
        "q_value",
        "q_quantity",
        "q_tank",
        "q_breakdown",
        "q_gap",
        "q_ltv",
        "q_movement",
        "q_trend",
        "q_alerts",
        "q_alert_why",
        "q_loan",
        "q_term",
        "q_max_release",
        "q_whatif",
        "q_receipt",
        "q_report",
        "q_insurance",
        "q_inspection",
        "q_duty",
        "q_reconcile",
        "q_swap_check",
    ]
)
"""Asked of another bank they are asked of its clients."""


def _refusal(guesses: Sequence[Guess]) -> Guess | None:
    """The likeliest refusal, where refusals together are likely enough."""
    bad = [g for g in guesses if g.intent.startswith("r_")]
    if not bad or bad[0].chance < LIKELIEST:
        return None
    return bad[0] if sum(g.chance for g in bad) >= REFUSE else None


def _not_of_others(frame: Frame, guesses: Sequence[Guess]) -> Sequence[Guess]:
    """Nobody's cargo but ours is asked about where no other is named or meant."""
    others = (
        frame.of("stranger")
        or [m for m in frame.of("bank") if not m.ids]
        or frame.of("person")
        or "otherparty" in concepts_of(frame.masked)
    )
    return guesses if others else [g for g in guesses if g.intent != "r_other_tenant"]


def _several(
    frames: Sequence[Frame], model: Model, told: str, whole: Guess
) -> tuple[tuple[Meant, ...], tuple[Guess, ...]]:
    """The parts, where at least two differ and each is sure by itself; or what it may be, where that is unclear."""
    parts, doubtful = segments(frames, lambda f: _guesses(f, model, told if f is frames[0] else ""), model)
    kept = [p for p in parts if p.best.intent not in _WEAK]
    if doubtful and not any(p.best.intent.startswith("r_") for p in kept):
        return (), doubtful
    if len({p.best.intent for p in kept}) < 2 or len(kept) > MOST_PARTS:
        return (), ()
    if any(p.best.chance < PART for p in kept):
        one = whole.chance >= WHOLE or any(p.best.intent.startswith("r_") for p in kept)
        return (), () if one else tuple(p.best for p in kept)
    found = {p.best.intent: Meant(intent=p.best.intent, frame=p.frame, chance=p.best.chance) for p in reversed(kept)}
    return tuple(reversed(found.values())), ()


def segments(frames: Sequence[Frame], guesses: Guesses, model: Model) -> tuple[list[Segment], tuple[Guess, ...]]:
    """The clauses put together as far as one asks on where the one before it stopped.

    Second: the two things that are meant, or else one of them, at a boundary that may be either.
    """
    parts: list[Segment] = []
    doubtful: tuple[Guess, ...] = ()
    for frame in frames:
        here = Segment(frame=frame, best=guesses(frame)[0])
        if parts:
            both = guesses(joined((parts[-1].frame, frame)))
            chance = chance_of_new(joint_features(parts[-1], here, both), model.joints, model.joints_bias)
            least = _least(parts[-1].best, here.best)
            if OLD <= chance < NEW and DOUBT <= least < BOTH:
                doubtful = (parts[-1].best, here.best)
            if chance < (OLD if least >= BOTH else (OLD + NEW) / 2):
                parts[-1] = Segment(frame=joined((parts[-1].frame, frame)), best=both[0])
                continue
        parts.append(here)
    return parts, doubtful


def _least(left: Guess, right: Guess) -> float:
    """The chance with which both are answered by themselves, and differently."""
    if left.intent == right.intent or {left.intent, right.intent} & _WEAK:
        return 0.0
    return min(left.chance, right.chance)


_WEAK = frozenset({"clarify", "silence", "smalltalk"})
