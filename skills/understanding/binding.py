"""From what was said to a skill's arguments: names become ids, times become spans; what has no place is asked back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.event import Json, stamp
from skills.skill import Parameter, Skill
from skills.understanding.amounts import Amount
from skills.understanding.changes import changes_in
from skills.understanding.combined import combined_in
from skills.understanding.frame import Frame
from skills.understanding.names import Mention
from skills.understanding.roles_of_goods import sides_of
from skills.understanding.spans import Span, span_of, span_said
from skills.understanding.sums import PURPOSES, sums_of, without
from skills.understanding.vocabulary import Vocabulary
from skills.understanding.when import PRESENT

NAMES = ("tank", "good", "site", "contract")
CHANGES = frozenset({"percent", "mass", "money"})
PAPERS = frozenset({"receipt", "alarm", "case", "notice", "task"})
PRESENT_DAY = frozenset({"now", "today"})
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
    timed = {"time"} if any(w.token not in PRESENT_DAY for w in frame.whens) else set()
    return frozenset(named | timed)


def bind(skill: Skill, frame: Frame, vocabulary: Vocabulary, now: datetime, *, text: str, slots: Json) -> Bound:
    """The arguments of one skill for one frame. text: the words as they were typed, for skills that read them."""
    arguments: dict[str, str] = {}
    unclear: set[str] = set()
    maybe: list[str] = []
    places = {p.kind for p in skill.parameters}
    sided = sides_asked(skill)
    every = {p.kind for p in skill.parameters if p.many}
    sites = frozenset(i for m in frame.of("site") for i in m.ids)
    for kind in (k for k in NAMES if frame.of(k) and k not in sided):
        ids, doubtful = _ids(frame.of(kind), vocabulary, sites if kind == "tank" else frozenset())
        if doubtful and kind in every:
            arguments[kind] = ",".join(dict.fromkeys((*ids, *doubtful)))
        elif doubtful or not ids:
            unclear.add(kind)
            maybe += doubtful
        elif kind in places:
            arguments[kind] = ",".join(ids)
        elif kind != "contract":
            unclear.add("place")
    changed = {p.kind for p in skill.parameters if not p.plain} & CHANGES
    changes = changes_in(frame.plain) if changed else {}
    sums = sums_of(skill, frame)
    combines = any(p.name == "priced" for p in skill.parameters)
    for p in skill.parameters:
        if (sided and p.name.endswith(("_in", "_out"))) or (combines and p.name in COMBINED):
            continue
        if p.name in PURPOSES:
            value = f"{sums[p.name]:f}" if p.name in sums else None
        else:
            value = _value(p, without(frame, sums), now, changes, text=text, slots=slots)
        if value is not None:
            arguments[p.name] = value
    if sided:
        of_sides, lost = _sided(frame)
        arguments |= of_sides
        unclear |= lost
    elif combines:
        unclear |= _combined(frame, changes, arguments)
    elif _unread(frame, changes) if changed else _unheld(skill, frame, arguments):
        unclear.add("amount")
    if _untold(skill, frame, arguments, now):
        unclear.add("time")
    return Bound(arguments=arguments, unclear=frozenset(unclear), maybe=tuple(dict.fromkeys(maybe)))


def sides_asked(skill: Skill) -> frozenset[str]:
    """Kinds of names of which the skill wants to know which comes in and which goes out."""
    return frozenset(p.kind for p in skill.parameters if p.name == f"{p.kind}_in")


def _sided(frame: Frame) -> tuple[dict[str, str], set[str]]:
    """Goods, tanks and amounts by their side; a good that is nobody's here as it was said. Second: what has no side."""
    found: dict[str, str] = {}
    held, unclear = 0, set()
    for kind in ("good", "tank"):
        sides = sides_of(frame, kind) or _other_side(frame, kind, found)
        if len({i for m in frame.of(kind) for i in m.ids or (m.said,)}) > len(sides):
            unclear.add("good" if kind == "good" else "tank")
        for side, (mention, amount) in sides.items():
            if kind == "tank" and len(mention.ids) != 1:
                unclear.add("tank")
            found[f"{kind}_{side}"] = ",".join(mention.ids) or mention.said
            if amount is not None and amount.kind in _SIZED and f"{amount.kind}_{side}" not in found:
                held += 1
                found[f"{amount.kind}_{side}"] = _size(amount)
    if sum(a.kind in CHANGES or a.kind == "volume" for a in frame.amounts) > held:
        unclear.add("amount")
    return found, unclear


def _other_side(frame: Frame, kind: str, found: Mapping[str, str]) -> dict[str, tuple[Mention, Amount | None]]:
    """The only one whose side no word tells: the side that is left, and a good by itself is the one that would come."""
    mentions = frame.of(kind)
    if len(mentions) != 1:
        return {}
    side = "out" if "good_in" in found else "in"
    return {} if "good_in" in found and "good_out" in found else {side: (mentions[0], None)}


COMBINED = ("priced", "price_to", "price_fall", "price_rise")
"""Parameters that only ``combined`` reads."""


_RESULT = re.compile("(?:率|货值|敞口|线) ?(?:还|就)?能[跌降]")
"""补600吨后质押率能降到多少 asks what comes of it, not how far prices may fall."""


def _combined(frame: Frame, changes: Mapping[str, tuple[str, ...]], arguments: dict[str, str]) -> set[str]:
    """Into the arguments what is supposed, each figure with its goods; several that nobody can tell apart are unclear."""
    found = combined_in(frame)
    if changes and _RESULT.search(frame.plain):
        arguments.pop("how", None)
    if found is not None:
        for name in ("good", *CHANGES):
            arguments.pop(name, None)
        arguments.update(found)
        return set()
    several = len(changes) > 1 or any(len(v) > (2 if kind == "mass" else 1) for kind, v in changes.items())
    return {"amount"} if several or _unread(frame, changes) else set()


_SIZED = ("mass", "money")


_EXPLAINED = frozenset({"q_alert_why", "q_evidence", "q_reconcile", "q_duty", "q_price"})
"""Skills that are told an amount only to say which fact is meant: 货值掉的那五百万, 多少钱一吨."""
_COMPARED = re.compile("(?:够|过|超|低于|高于|不到|达到|有没有|比|几|上|借|借出去)(?:G|T|S)?[MRP]")


def _unheld(skill: Skill, frame: Frame, arguments: Mapping[str, str]) -> bool:
    """A mass, a sum or a percentage that no argument holds, so that the answer would be of another state than is meant.

    A skill that reads the text itself has it there. 够不够三千吨 is answered by what there is.
    """
    if skill.name in _EXPLAINED or any(p.kind == "text" for p in skill.parameters):
        return False
    loose = len(_COMPARED.findall(frame.masked.replace(" ", "")))
    for kind in CHANGES:
        said = len({a.value for a in frame.amount(kind)})
        loose -= max(0, said - sum(p.name in arguments for p in skill.parameters if p.kind == kind))
    return loose < 0


def _untold(skill: Skill, frame: Frame, arguments: Mapping[str, str], now: datetime) -> bool:
    """A time that no argument holds, or one more than they hold. What is supposed of tonight is reckoned with now."""
    said = list(dict.fromkeys(w.token for w in frame.whens if w.token not in PRESENT_DAY))
    if {p.kind for p in skill.parameters if not p.plain} & CHANGES:
        said = [t for t in said if (span := span_of(t, now)) is None or not span.ahead]
    places = [p for p in skill.parameters if p.kind == "time"]
    return len(said) > len(places) or (bool(said) and not any(p.name in arguments for p in places))


_PER_TONNE = re.compile("(?:多少钱|多少元|什么价|几块钱?|多少)M")
"""跌到多少钱一吨: no tonne moves."""


def _unread(frame: Frame, changes: Mapping[str, tuple[str, ...]]) -> bool:
    """An amount, or a bare figure, of which nobody knows how it changes what: 跌到2300 is no fall by a percentage."""
    told = sum(len(v) for v in changes.values())
    said = sum(a.kind in CHANGES for a in frame.amounts) - len(_PER_TONNE.findall(frame.masked))
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
            if p.ahead:
                return _ahead(frame, now)
            return _span(frame, now) if (p.name == "compare") == ("compare" in slots) else None
        case "mass" | "money" if p.plain:
            return _amount(p.kind, frame)
        case "percent" | "mass" | "money":
            return ",".join(changes[p.kind]) if changes.get(p.kind) else None
        case "choice":
            return _chosen(p, frame, slots)
        case "text":
            return str(slots.get(p.name, text))
        case "alarm":
            return ",".join(frame.paper("alarm")) or pointed_at(frame.plain)
        case kind if kind in PAPERS:
            return ",".join(frame.paper(kind)) or None
        case "person":
            return ",".join(m.said for m in frame.of("person")) or None
        case _:
            return None


_SAME = {"depot": "site"}
"""What slots and arguments call differently."""


def _chosen(p: Parameter, frame: Frame, slots: Json) -> str | None:
    """The choice that a slot of this name makes, else the first of which a word is said."""
    values = [value for value, _ in p.choices]
    told = slots.get(p.name)
    named = [v for v in (_SAME.get(str(v), v) for v in (told if isinstance(told, list) else [told])) if v in values]
    if named:
        return ",".join(named)
    plain = frame.plain.replace(" ", "")
    found = [value for value, words in p.choices if any(w in plain for w in words)]
    return ",".join(found if p.many else found[:1]) or None


def _span(frame: Frame, now: datetime) -> str | None:
    whens = [w for w in frame.whens if w.token not in PRESENT_DAY]
    span = span_said(whens[0], now) if whens else None
    return None if span is None else told(span)


def _ahead(frame: Frame, now: datetime) -> str | None:
    """All of the time, be it over or not; 月底前 begins now."""
    whens = [w for w in frame.whens if w.token != PRESENT]
    span = span_said(whens[0], now, whole=True) if whens else None
    if span is None:
        return None
    until = re.search(re.escape(whens[0].text) + "(?:之|以)?前", frame.plain) is not None
    return told(replace(span, start=now) if (until or span.moment) and span.end > now else span)


def _amount(kind: str, frame: Frame) -> str | None:
    """The only amount of this kind: kg or CNY."""
    said = frame.amount(kind)
    if len(said) != 1:
        return None
    return _size(said[0])


def _size(amount: Amount) -> str:
    size = amount.value * (1000 if amount.kind == "mass" else 1)
    return f"{size:f}" if amount.kind == "money" else str(int(size))


_ALARM = r"(?:[一那这]?条|[一那这]个(?=预警|报警|告警|警)|预警|报警|告警|警报|[红橙黄](?:色|警))"
_NEWEST = re.compile(rf"(?:刚才|刚刚|刚(?=报|那)|最近|最新|最后|(?<!晚)(?<!早)上)的?{_ALARM}")
_POINTED = re.compile(r"[这那该]一?(?:条|个?(?:预警|报警|告警|警报)|[红橙黄]色)")
_LEVELS = (("red", "红"), ("orange", "橙"), ("yellow", "黄"))


def pointed_at(plain: str) -> str | None:
    """An alarm without its number: 'last' (刚才那条) or 'this' (这条), and its severity: last/orange. None: neither."""
    text = plain.replace(" ", "")
    word = "last" if _NEWEST.search(text) else "this" if _POINTED.search(text) else None
    level = next((name for name, sign in _LEVELS if sign in text), None)
    return word if word is None or level is None else f"{word}/{level}"


_LEFT = re.compile("[红橙黄](?:色|警)|预警|报警|告警|警报|[那这]?一?条|的")


def unpointed(masked: str) -> str:
    """The masked words of a command without those that point at an alarm; as they are where none do."""
    if pointed_at(masked) is None:
        return masked
    return _LEFT.sub("", _POINTED.sub("", _NEWEST.sub("", masked)))


def told(span: Span) -> str:
    """A span as an argument: two UTC stamps, equal for a moment."""
    return f"{stamp(span.start.astimezone(UTC))}/{stamp(span.end.astimezone(UTC))}"
