"""Which alarms are of one tank, one depot or one good: those about the pool as a whole are of none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from domain.alarm import Alarm
from domain.contract import AlertKind, Contract
from domain.event import Json
from skills.ports import View
from skills.scope import ids, not_found
from skills.skill import Answer

POOLED = frozenset({AlertKind.VALUE_BELOW_LINE, AlertKind.BLIND_BREACH})
"""Told of the pool; the goods in their facts are what it is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What somebody asks of: ids of tanks, depots and goods; an alarm must be of one of each kind that is named."""

    tanks: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()

    @classmethod
    def of(cls, view: View, contracts: tuple[Contract, ...], arguments: Mapping[str, str]) -> Self | Answer:
        """The named place, or that nothing of it is pledged here."""
        here = [view.tank(t) for c in contracts for t in c.tank_ids()]
        found = cls(tanks=ids(arguments, "tank"), sites=ids(arguments, "site"), goods=ids(arguments, "good"))
        known = {
            "tank": (found.tanks, {t.id for t in here}),
            "site": (found.sites, {t.site_id for t in here}),
            "good": (found.goods, {t.good for t in here} | {g for c in contracts for g in c.goods}),
        }
        strange = next((kind for kind, (named, all_) in known.items() if not all_.issuperset(named)), None)
        return found if strange is None else not_found(strange)

    def __bool__(self) -> bool:
        return bool(self.tanks or self.sites or self.goods)

    def holds(self, view: View, contract: Contract, alarm: Alarm) -> bool:
        """Whether the alarm is of this place."""
        if not self:
            return True
        pledged = contract.tank_ids()
        tanks = tanks_of(alarm)
        there = [view.tank(t) for t in tanks if t in pledged]
        sites = {t.site_id for t in there} | ({alarm.facts["site"]} if "site" in alarm.facts else set())
        goods = {t.good for t in there} | _goods(alarm)
        pairs = ((self.tanks, tanks), (self.sites, sites), (self.goods, goods))
        return all(not named or not found.isdisjoint(named) for named, found in pairs)

    def json(self) -> Json:
        """Ids for the words."""
        return {"tanks": list(self.tanks), "sites": list(self.sites), "goods": list(self.goods)}


def tanks_of(alarm: Alarm) -> set[str]:
    """The tanks that an alarm is about."""
    facts = alarm.facts
    several = {t["tank"] for t in facts["tanks"]} if alarm.kind is AlertKind.SENSOR_OFFLINE else set()
    made = {*facts.get("input_tanks", ()), *facts.get("output_tanks", ())}
    return several | made | ({facts["tank"]} if "tank" in facts else set())


def _goods(alarm: Alarm) -> set[str]:
    facts = alarm.facts
    if alarm.kind in POOLED:
        return set()
    rows = [*facts.get("goods", ()), *facts.get("receipts", ())]
    return {facts[k] for k in ("good", "input", "output") if k in facts} | {r["good"] for r in rows if "good" in r}
