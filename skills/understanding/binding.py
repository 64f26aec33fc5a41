"""From what was said to a skill's arguments: names become ids, times become spans; what has no place is asked back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.event import Json, stamp
from skills.skill import Parameter, Skill
from skills.understanding.changes import changes_in
from skills.understanding.frame import Frame
from skills.understanding.names import Mention, Vocabulary
from skills.understanding.spans import Span, span_of

NAMES = ("tank", "good", "site", "contract")
CHANGES = frozenset({"percent", "mass", "money"})
PAPERS = frozenset({"receipt", "alarm", "case", "notice", "task"})
_PRESENT = frozenset({"now", "today"})
MOST_READINGS = 2
"""So many tanks that one name may mean are all shown; of more, or none, nobody is guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A skill's arguments. unclear: kinds of what was said that no argument can hold, or that names nothing here.

    maybe: the tanks that an unclear name fits.
    """

    arguments: Mapping[str, str]
    unclear: frozenset[str] = frozenset()
    maybe: tuple[str, ...] = ()


def kinds_of(frame: Frame) -> frozenset[str]:
    """What a skill must have a place for to answer this at all."""
    named = {m.kind for m in frame.mentions if m.kind in NAMES and m.kind != "contract"}
    timed = {"time"} if any(w.token not in _PRESENT for w in frame.whens) else set()
    return frozenset(named | timed)


def bind(skill: Skill, frame: Frame, vocabulary: Vocabulary, now: datetime, *, text: str, slots: Json) -> Bound:
    """The arguments of one skill for one frame. text: the words as they were typed, for skills that read them."""
    arguments: dict[str, str] = {}
    unclear: set[str] = set()
    maybe: list[str] = []
    places = {p.kind for p in skill.parameters}
    sites = frozenset(i for m in frame.of("site") for i in m.ids)
    for kind in (k for k in NAMES if frame.of(k)):
        ids, doubtful = _ids(frame.of(kind), vocabulary, sites if kind == "tank" else frozenset())
        if doubtful or not ids:
            unclear.add(kind)
            maybe += doubtful
        elif kind in places:
            arguments[kind] = ",".join(ids)
        elif kind != "contract":
            unclear.add("place")
    changes = changes_in(frame.plain) if places & CHANGES else {}
    for p in skill.parameters:
        value = _value(p, frame, now, changes, text=text, slots=slots)
        if value is not None:
            arguments[p.name] = value
    if places & CHANGES and _unread(frame, changes):
        unclear.add("amount")
    if _untold(skill, frame, arguments, now):
        unclear.add("time")
    return Bound(arguments=arguments, unclear=frozenset(unclear), maybe=tuple(dict.fromkeys(maybe)))


def _untold(skill: Skill, frame: Frame, arguments: Mapping[str, str], now: datetime) -> bool:
    """A time that no argument holds, or one more than they hold. What is supposed of tonight is reckoned with now."""
    said = list(dict.fromkeys(w.token for w in frame.whens if w.token not in _PRESENT))
    if {p.kind for p in skill.parameters} & CHANGES:
        said = [t for t in said if (span := span_of(t, now)) is None or not span.ahead]
    places = [p for p in skill.parameters if p.kind == "time"]
    return len(said) > len(places) or (bool(said) and not any(p.name in arguments for p in places))


def _unread(frame: Frame, changes: Mapping[str, tuple[str, ...]]) -> bool:
    """An amount, or a bare figure, of which nobody knows how it changes what: 跌到2300 is no fall by a percentage."""
    told = sum(len(v) for v in changes.values())
    said = sum(a.kind in CHANGES for a in frame.amounts)
    return said > told or any(c.isdigit() for c in frame.masked)


def _ids(mentions: Sequence[Mention], vocabulary: Vocabulary, sites: frozenset[str]) -> tuple[list[str], list[str]]:
    """The ids that are meant, and those that may be where a name fits several."""
    ids: list[str] = []
    doubtful: list[str] = []
    for m in mentions:
        here = [i for i in m.ids if not sites or vocabulary.site_of.get(i) in sites]
        if m.kind == "tank" and len(here) > MOST_READINGS:
            doubtful += here
        elif not here:
            return [], doubtful
        else:
            ids += here
    return list(dict.fromkeys(ids)), doubtful


def _value(
    p: Parameter, frame: Frame, now: datetime, changes: Mapping[str, tuple[str, ...]], *, text: str, slots: Json
) -> str | None:
    match p.kind:
        case "time":
            return _span(frame, now) if (p.name == "compare") == ("compare" in slots) else None
        case "percent" | "mass" | "money":
            return ",".join(changes[p.kind]) if changes.get(p.kind) else None
        case "choice":
            return _chosen(p, frame, slots)
        case "text":
            return text
        case kind if kind in PAPERS:
            return ",".join(frame.paper(kind)) or None
        case "person":
            return ",".join(m.said for m in frame.of("person")) or None
        case _:
            return None


def _chosen(p: Parameter, frame: Frame, slots: Json) -> str | None:
    """The choice that a slot of this name makes, else the first of which a word is said."""
    values = [value for value, _ in p.choices]
    told = slots.get(p.name)
    named = [v for v in (told if isinstance(told, list) else [told]) if v in values]
    if named:
        return ",".join(named)
    plain = frame.plain.replace(" ", "")
    return next((value for value, words in p.choices if any(w in plain for w in words)), None)


def _span(frame: Frame, now: datetime) -> str | None:
    tokens = [w.token for w in frame.whens if w.token not in _PRESENT]
    span = span_of(tokens[0], now) if tokens else None
    return None if span is None else told(span)


def told(span: Span) -> str:
    """A span as an argument: two UTC stamps, equal for a moment."""
    return f"{stamp(span.start.astimezone(UTC))}/{stamp(span.end.astimezone(UTC))}"
