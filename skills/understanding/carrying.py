"""What a text takes over from the part or the turn before it: its tank, its good, its time, the beginning of a number.

Only where it names nothing itself, and where the next question can be asked of it. Knows no text but its own frame.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from domain.event import Json
from skills.skill import Skill
from skills.understanding.asking import Meant
from skills.understanding.binding import NAMES, PRESENT_DAY, kinds_of
from skills.understanding.frame import Frame
from skills.understanding.slots.intents import slots_of
from skills.understanding.turns import Turn
from skills.understanding.when import PRESENT, SIGN

POINTS = re.compile(r"[那这该]个?罐(?!区)|[那这]只罐|(?<![其吉])它")
_ENDS = re.compile(r"(.*[A-Za-z-])(\d{3,})")
_SHORT = 12
"""Characters of a text in which the end of a number stands for the number."""
PLACES = frozenset({"tank", "good", "site"})
"""A new name of one of these takes the place of the others of the turn before."""
_FEW = 8
"""Characters of a text that goes on about what was named before."""
_ALL = re.compile("全部|所有|一共|总|整|合计|都|各|每|哪|池|几个罐|罐区")
_CARRIED = ("tank", "good", "site", "tanks", "goods", "depot", "depots", "project")


def slots_after(meant: Meant, before: Json | None, previous: Turn | None) -> Json:
    """The slots of one part; of an ellipsis those of the last turn that it does not change."""
    own = slots_of(meant.intent, meant.frame)
    if previous is not None and (meant.inherited or (before is None and _same(meant, previous))):
        kept = {k: v for k, v in previous.slots.items() if k not in own and not (_moves(own) and k in _CARRIED)}
        if (
            "time" in previous.slots
            and own.get("time") == "now"
            and not any(w.token == PRESENT for w in meant.frame.whens)
        ):
            own = {k: v for k, v in own.items() if k != "time"}
            kept["time"] = previous.slots["time"]
        return {**kept, **own}
    if before is None and previous is not None and _goes_on(meant, previous):
        return {**{k: v for k, v in previous.slots.items() if k in _CARRIED}, **own}
    if before is None and previous is not None and _asks_on(meant, previous.intent) and "time" in previous.slots:
        own = {**own, "time": previous.slots["time"]}
    if before is not None and meant.intent.startswith("q_") and not _moves(own):
        return {**{k: v for k, v in before.items() if k in _CARRIED}, **own}
    return own


_OF_A_TIME = frozenset(
    {"q_value", "q_ltv", "q_status", "q_gap", "q_quantity", "q_tank", "q_movement", "q_price", "q_alerts"}
)
_AND_THEN = re.compile(f"{SIGN}(?:的?[和跟与及,]|以及| )(?={SIGN})|(?<= )(?:那么?)?{SIGN}的?(?:[呢嘞咧]|又?是?多少)?$")
"""昨天和今天的货值; 昨天货值多少,今天呢."""


def each_time(meant: Meant) -> tuple[Meant, ...]:
    """One question for each time, where the same is asked of several: 昨天货值多少,今天呢."""
    frame = meant.frame
    tokens = {w.token for w in frame.whens}
    if meant.intent not in _OF_A_TIME or len(tokens) < 2 or tokens == PRESENT_DAY:
        return (meant,)
    if len(tokens) != len(frame.whens) or len(_AND_THEN.findall(frame.masked)) != len(tokens) - 1:
        return (meant,)
    return tuple(replace(meant, frame=replace(frame, whens=(w,))) for w in frame.whens)


def of_one_time(sure: Iterable[Meant]) -> tuple[Meant, ...]:
    """Each part with the time of the part before it, where it only asks on: 昨天货值多少,质押率呢."""
    found: list[Meant] = []
    for meant in sure:
        on = bool(found) and _asks_on(meant, found[-1].intent)
        found.append(replace(meant, frame=replace(meant.frame, whens=found[-1].frame.whens)) if on else meant)
    return tuple(found)


_STATES = frozenset({"q_value", "q_ltv", "q_status", "q_gap", "q_quantity", "q_tank"})
"""Of these one may be asked on after another."""


def carried(meant: Meant, sure: Sequence[Meant]) -> Frame:
    """The part with the names of the part before it, where it names nothing itself."""
    frame = meant.frame
    if meant is sure[0] or any(m.kind in PLACES for m in frame.mentions) or not meant.intent.startswith("q_"):
        return frame
    earlier = next(
        (m.frame for m in reversed(sure[: sure.index(meant)]) if any(x.kind in PLACES for x in m.frame.mentions)), None
    )
    if earlier is None:
        return frame
    return replace(frame, mentions=(*(x for x in earlier.mentions if x.kind in NAMES), *frame.mentions))


def holds(skill: Skill | None, frame: Frame) -> bool:
    """The skill has a place for every name and time of the frame."""
    return skill is not None and kinds_of(frame) <= {p.kind for p in skill.parameters}


def inherited(skill: Skill, arguments: Mapping[str, str], meant: Meant, previous: Turn | None) -> dict[str, str]:
    """What the last turn said still holds where an ellipsis does not change it; its contract always."""
    if previous is None:
        return dict(arguments)
    places = {p.name for p in skill.parameters}
    if not (meant.inherited or _same(meant, previous)):
        held = {"contract", "time"} if _asks_on(meant, previous.intent) else {"contract"}
        held |= PLACES if _goes_on(meant, previous) else set()
        kept = {k: v for k, v in previous.arguments.items() if k in held and k in places}
        return {**kept, **arguments}
    moved = bool(PLACES & arguments.keys())
    kept = {k: v for k, v in previous.arguments.items() if k in places and not (moved and k in PLACES)}
    return {**kept, **arguments}


def pointed(text: str, previous: Turn | None) -> str:
    """那个罐 is the tank of the last turn; 那0103呢 is a receipt whose number begins as that of the last turn."""
    if previous is None:
        return text
    if (receipt := _ENDS.fullmatch(str(previous.slots.get("receipt_id", "")))) is not None and len(text) <= _SHORT:
        digits = re.compile(rf"(?<![0-9A-Za-z-])\d{{{len(receipt[2])}}}(?![0-9.%])")
        return digits.sub(lambda m: receipt[1] + m[0], text, count=1)
    if "," in (tank := previous.arguments.get("tank", ",")):
        return text
    return POINTS.sub(f"{tank} ", text, count=1)


def _goes_on(meant: Meant, previous: Turn) -> bool:
    """温度呢, 进了多少 after T-107还有多少吨: a few words that name no place ask on about the one of the turn before."""
    frame, intent = meant.frame, meant.intent
    if len(frame.plain) > _FEW or kinds_of(frame) & PLACES or _ALL.search(frame.plain) or not _moves(previous.slots):
        return False
    if intent in ("q_tank", "q_quality"):
        return True
    return (intent == "q_movement" and (_leads(frame) or not frame.whens)) or (intent == "q_whatif" and _leads(frame))


def _same(meant: Meant, previous: Turn) -> bool:
    """进的呢 after 昨天出了多少, 再提90吨能提不 after 异丙醇还能提多少: the same once more, but for what is said anew."""
    frame = meant.frame
    few = len(frame.plain) <= _FEW and _leads(frame) and not _ALL.search(frame.plain)
    return few and meant.intent == previous.intent and meant.intent.startswith("q_")


def _asks_on(meant: Meant, before: str) -> bool:
    """质押率呢: of the time that was asked about before."""
    frame = meant.frame
    states = meant.intent in _STATES and before in _STATES and meant.intent != before
    return states and not frame.whens and len(frame.plain) <= _FEW and _leads(frame)


def _leads(frame: Frame) -> bool:
    return frame.plain.startswith(("那", "再")) or frame.plain.endswith(("呢", "嘞", "咧"))


def _moves(slots: Json) -> bool:
    return any(k in slots for k in _CARRIED if k != "project")
