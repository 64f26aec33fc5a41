"""What is for us though nobody has addressed us: a clear question of the field, and a deed that names its alarm.

What people tell each other, promise or order is not for us. An act said among people gets a card only where nobody else can
be meant: T-104那条静音8小时 says which alarm and what to do, 收到,马上处理 comes from somebody whose answer to one is awaited.
A bare 收到 is a word between people.
"""

import re
from collections.abc import Sequence

from skills.skill import Skill
from skills.understanding.asking import Meant
from skills.understanding.binding import pointed_at

BEYOND_DOUBT = 0.9
"""Chance from which an act is heard without an address."""
_OF_ALARMS = frozenset({"a_snooze", "a_escalate"})
_SETS_ABOUT = re.compile("处理|安排|核实|核查|核对|排查|去查|去看|联系")


def is_act(sure: Sequence[Meant], registry: Sequence[Skill], *, told: str) -> bool:
    """One deed about an alarm, beyond doubt. told: 'alarm' where one waits for an answer of this person here."""
    if len(sure) != 1 or sure[0].chance < BEYOND_DOUBT:
        return False
    meant = sure[0]
    if meant.intent == "a_ack":
        return told == "alarm" and _SETS_ABOUT.search(meant.frame.plain) is not None
    obliged = meant.intent == "a_dispute" and told == "alarm"
    return (obliged or meant.intent in _OF_ALARMS) and _names_one(meant, registry)


def _names_one(meant: Meant, registry: Sequence[Skill]) -> bool:
    """By its number, or by a tank or a kind beside what points at it: 跌价那条."""
    frame = meant.frame
    if frame.paper("alarm"):
        return True
    if pointed_at(frame.plain) is None:
        return False
    skill = next((s for s in registry if s.name == meant.intent), None)
    kinds = [w for p in skill.parameters if p.name == "kind" for _, ws in p.choices for w in ws] if skill else []
    plain = frame.plain.replace(" ", "")
    return bool(frame.of("tank")) or any(w in plain for w in kinds)
