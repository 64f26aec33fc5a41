"""Slots of an intent: where, when, and what its family reads besides. Only what is said; nothing is looked up.

The families know their own words; which intents tell a place and which ask about now stands here.
"""

from collections.abc import Mapping

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.rankings import KEPT, ranking
from skills.understanding.slots import alarms, cargo, depot, documents, lending, requests
from skills.understanding.slots.said import Reader, Table, first

NOW_BY_DEFAULT = frozenset({"q_value", "q_quantity", "q_tank", "q_status", "q_ltv", "q_gap"})
_UNTIMED = frozenset({"a_commit", "a_dispatch", "a_snooze", "a_inspect_accept"})
"""Their times are a deadline, or none."""
_UNPLACED = frozenset({"q_swap_check", "a_swap_request"})
"""Their goods are the two sides of the swap."""
_MISSING: Table = (
    ("receipt", "仓单|单"), ("good", "品种"), ("depot", "库"), ("time", "那天|那会"), ("party", "他们"), ("batch", "批"),
    ("tank", "罐|它|多少度"),
)  # fmt: skip


def slots_of(intent: str, frame: Frame) -> Json:
    """The slots of one intent. Only what is said; 'now' where a question about a state says no time."""
    slots: Json = {}
    if intent.startswith(("q_", "a_", "r_other", "r_release")) and intent not in _UNPLACED:
        slots |= _where(frame)
    if (time := _time(intent, frame)) is not None:
        slots["time"] = time
    if intent not in _OWN:
        return slots
    own = _OWN[intent](frame)
    return _once(slots | own | (ranking(frame) if intent in KEPT else {}))


def _once(slots: Json) -> Json:
    """What one slot says no other repeats: a time that is compared with, tanks from and to, a shift."""
    told = {key for key in ("time", "tanks") if key in slots}
    if slots.get("compare") == slots.get("time") or ("shift" in slots and str(slots.get("time")).startswith("shift.")):
        told.discard("time")
    if "tank_from" in slots:
        told.discard("tanks")
    return {k: v for k, v in slots.items() if k in told or k not in ("time", "tanks")}


def _where(frame: Frame) -> Json:
    found: Json = {}
    for kind, one, many in (("tank", "tank", "tanks"), ("good", "good", "goods"), ("site", "depot", "depots")):
        said = list(dict.fromkeys(m.said for m in frame.of(kind)))
        if said:
            found |= {one: said[0]} if len(said) == 1 else {many: said}
    if projects := frame.of("contract"):
        found["project"] = projects[0].said
    return found


def _time(intent: str, frame: Frame) -> str | None:
    if intent in _UNTIMED:
        return None
    tokens = [w.token for w in frame.whens]
    told = [t for t in tokens if t != "now"]
    if told:
        return told[0]
    return "now" if tokens or intent in NOW_BY_DEFAULT else None


def _missing(frame: Frame) -> Json:
    return {"missing": first(_MISSING, frame.plain) or "subject"}


_OWN: Mapping[str, Reader] = {
    **cargo.SLOTS,
    **alarms.SLOTS,
    **depot.SLOTS,
    **lending.SLOTS,
    **documents.SLOTS,
    **requests.SLOTS,
    "clarify": _missing,
}
