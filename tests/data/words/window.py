"""A View over the world of ``hengyun``: a person in a chat, with a scene and open alarms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from bot.wording.telling import lifted, readable
from domain.alarm import Alarm
from domain.case.case import Case
from domain.case.check import Ask, checked
from domain.contract import Contract, Field, Severity
from domain.deed.deed import Promise, Work
from domain.event import Json
from domain.farm import Quality
from domain.good import Good
from domain.movement import ReleaseNotice
from domain.notice import disclosed
from domain.people import Chat, Person, Role
from domain.position import GoodPrice, Position
from domain.receipt.receipt import Standing
from domain.scene import Scene
from domain.tank import Site, Tank
from skills.ports import Chain, History, Movements, Origin, Owned, Proof, Reading, SiteFeed, Then
from tests.data.words.hengyun import CONTRACT, GOODS, INDEX, NOW, ROSTER, SITES, scene

QUIET = Movements(since=NOW, in_kg=0, out_kg=0, out_noticed_kg=0, as_of=NOW, stale=False)


@dataclass(frozen=True, kw_only=True)
class Window:
    """What one person sees in one chat. fields: granted instead of what the contract discloses there."""

    who: str | None = "chen"
    where: str | None = "bank"
    scenes: Mapping[str, Scene | None] = field(default_factory=lambda: {CONTRACT.id: scene()})
    contract_list: tuple[Contract, ...] = (CONTRACT,)
    open_alarms: tuple[Alarm, ...] = ()
    moved: Movements = QUIET
    fields: frozenset[Field] | None = None
    now: datetime = NOW
    chain: Chain | None = None
    came_kg: Mapping[str, int] = field(default_factory=dict)
    stopped: bool = False
    began: datetime = NOW - timedelta(days=30)
    kept: bool = True
    case_list: tuple[Case, ...] = ()
    stakes: tuple[Owned, ...] = ()
    steps: tuple[Origin, ...] = ()
    past: History | None = None
    promised: tuple[Promise, ...] = ()
    announced: tuple[Work, ...] = ()
    lately: tuple[Alarm, ...] = ()
    first: Position | None = None
    yesterday: Mapping[str, GoodPrice] = field(default_factory=dict)
    feeds: tuple[SiteFeed, ...] = ()
    proved: Proof | None = None
    papers: tuple[ReleaseNotice, ...] = ()
    booked_at: datetime | None = NOW - timedelta(hours=7)

    @property
    def actor(self) -> Person | None:
        return ROSTER.people[self.who] if self.who is not None else None

    @property
    def chat(self) -> Chat | None:
        return ROSTER.chats[self.where] if self.where is not None else None

    @property
    def denied(self) -> bool:
        return self.actor is None or self.chat is None

    def contracts(self) -> tuple[Contract, ...]:
        return () if self.denied else self.contract_list

    def may(self, contract_id: str) -> frozenset[Field]:
        contract = next(c for c in self.contract_list if c.id == contract_id)
        assert self.chat is not None
        return self.fields if self.fields is not None else disclosed(contract, self.chat, ROSTER)

    def position(self, contract_id: str) -> Position | None:
        found = self.scenes[contract_id]
        return found.position if found is not None else None

    def then(self, at: datetime) -> Then | None:
        """The scenes as they are stood so; ``began`` is when recording began."""
        if at < self.began:
            return None
        mine = {c.id: c for c in self.contract_list}
        positions = {i: self.first or s.position for i, s in self.scenes.items() if s is not None}
        readings = {t: self.reading(t) for c in mine.values() for t in c.tank_ids()}
        return Then(terms="f" * 64, of_then=self.kept, contracts=mine, positions=positions, readings=readings)

    def alarms(self, contract_id: str) -> tuple[Alarm, ...]:
        return tuple(a for a in self.open_alarms if a.contract_id == contract_id)

    def alarms_since(self, contract_id: str, since: datetime) -> tuple[Alarm, ...]:
        mine = (a for a in self.lately if a.contract_id == contract_id)
        return tuple(a for a in mine if a.raised_at >= since or (a.closed_at is not None and a.closed_at >= since))

    def history(self, contract_id: str) -> History | None:
        return self.past

    def movements(self, contract_id: str, since: datetime) -> Movements:
        return self.moved

    def papered(self, contract_id: str, no: str) -> ReleaseNotice | None:
        return next((n for n in self.papers if n.no == no), None)

    def arrived(self, contract_id: str, since: datetime) -> Mapping[str, int]:
        return self.came_kg

    def told_facts(self, alarm: Alarm) -> Json:
        contract = next(c for c in self.contract_list if c.id == alarm.contract_id)
        return readable(alarm, contract, self.may(contract.id))

    def lifted_facts(self, alarm: Alarm) -> Json:
        return lifted(alarm, self.may(alarm.contract_id))

    def book_as_of(self, contract_id: str) -> datetime | None:
        return self.booked_at

    def gateway(self, tank_id: str) -> str | None:
        return f"{INDEX.tanks[INDEX.row[tank_id]].site_id}/1"

    def red(self, contract_id: str) -> bool:
        return self.stopped or any(a.severity is Severity.RED for a in self.alarms(contract_id))

    def receipts(self, contract_id: str) -> tuple[Standing, ...]:
        found = self.scenes[contract_id]
        return found.receipts if found is not None else ()

    def owned(self, contract_id: str) -> tuple[Owned, ...]:
        return tuple(s for s in self.stakes if s.contract_id == contract_id)

    def origins(self, contract_id: str, tank_id: str) -> tuple[Origin, ...]:
        return self.steps

    def cases(self, contract_id: str) -> tuple[Case, ...]:
        return tuple(c for c in self.case_list if c.contract_id == contract_id)

    def checked(self, contract_id: str, ask: Ask) -> Json | None:
        found = self.scenes[contract_id]
        if found is None:
            return None
        contract = next(c for c in self.contract_list if c.id == contract_id)
        blocked, mine = self.red(contract_id), self.cases(contract_id)
        return checked(contract, found.position, ask, cases=mine, prices=found.prices, blocked=blocked)

    def prices(self, contract_id: str, at: datetime) -> Mapping[str, GoodPrice]:
        """Those of the scene for this moment; ``yesterday`` for any earlier one."""
        found = self.scenes[contract_id]
        today = found.prices if found is not None else {}
        return today if at >= self.now else self.yesterday

    def site_feeds(self, contract_id: str) -> tuple[SiteFeed, ...]:
        return self.feeds

    def proof(self, contract_id: str) -> Proof | None:
        return self.proved

    def heard_in(self) -> frozenset[str]:
        return frozenset({self.chat.id} if self.chat is not None else ())

    def members(self) -> tuple[Person, ...]:
        return () if self.denied or self.chat is None else tuple(ROSTER.people[m] for m in self.chat.members)

    def people(self) -> tuple[Person, ...]:
        return tuple(ROSTER.people.values()) if self.where == "bank" and not self.denied else self.members()

    def reading(self, tank_id: str) -> Reading:
        found = next(s for s in self.scenes.values() if s is not None)
        row = INDEX.row[tank_id]
        level, temp = float(found.farm.level_mm[row]), float(found.farm.temp_c[row])
        return Reading(
            tank_id=tank_id,
            level_mm=level if isfinite(level) else None,
            water_mm=0.0 if isfinite(level) else None,
            temp_c=temp if isfinite(temp) else None,
            mass_kg=None,
            u_mass_kg=None,
            taken_at=None,
            why=tuple(q.name for q in Quality(int(found.farm.quality[row])) if q.name is not None),
            chain=self.chain,
        )

    def tank(self, tank_id: str) -> Tank:
        if tank_id not in INDEX.row:
            raise KeyError(tank_id)
        return INDEX.tanks[INDEX.row[tank_id]]

    def answers_for(self) -> frozenset[str]:
        return frozenset({self.who or "", *(p.id for p in ROSTER.people.values() if p.deputy == self.who)})

    def supervisors(self) -> tuple[str, ...]:
        members = self.chat.members if self.chat is not None else ()
        return tuple(m for m in members if ROSTER.people[m].role is Role.SUPERVISOR)

    def runs(self, tank_id: str) -> bool:
        actor = self.actor
        assert actor is not None
        return actor.role is not Role.DEPOT or SITES[self.tank(tank_id).site_id].depot == actor.org

    def promises(self, contract_id: str) -> tuple[Promise, ...]:
        return tuple(p for p in self.promised if p.contract_id == contract_id)

    def works(self, contract_id: str) -> tuple[Work, ...]:
        return self.announced

    @property
    def goods(self) -> Mapping[str, Good]:
        return GOODS

    @property
    def sites(self) -> Mapping[str, Site]:
        return SITES
