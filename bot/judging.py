"""From newer data to committed events and owed messages: read → decide → commit, one judgement at a time.

Everything that a judgement decides is committed in one transaction before anything in memory changes, so that a
crash at any line leaves either all of it or nothing.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.compose import Composer
from bot.encumbering import also_changed
from bot.house import House
from bot.memory import Memory
from domain.alarm import Alarm, fold, lapse, observe, remind, unshelve
from domain.case.case import Case
from domain.contract import Contract
from domain.delivery import Debt, Timing
from domain.event import Event
from domain.finding import Standing
from domain.notice import owed
from domain.position import Position
from domain.scene import Scene
from rules.recovery import recovery
from rules.registry import REGISTRY

LOCAL = ZoneInfo("Asia/Shanghai")


Decide = Callable[[Alarm], list[Event]]


class Applied(Enum):
    """What became of a person's act."""

    DONE = "done"
    NOTHING = "nothing"  # the alarm as it stands asks for nothing more
    REPEATED = "repeated"  # this very event was handled before


@dataclass(slots=True, kw_only=True)
class Decision:
    """What one judgement will commit, and what memory becomes once that has succeeded."""

    events: list[Event] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    alarms: dict[tuple[str, str], Alarm] = field(default_factory=dict)
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    said: list[Event] = field(default_factory=list)  # of the events, those that the house hears itself
    memories: dict[str, dict[str, object]] = field(default_factory=dict)
    positions: list[Position] = field(default_factory=list)


class Follower(Protocol):
    """Decides something more at every judgement and tick, in the same commit."""

    def judged(self, scene: Scene, decision: Decision) -> None:
        """One contract was judged on this scene."""

    def ticked(self, contract: Contract, decision: Decision, now: datetime) -> None:
        """A second has passed."""


class Judging:
    """The one place where data becomes alarms."""

    def __init__(self, house: House, memory: Memory, composer: Composer, clock: Clock, wake: asyncio.Event) -> None:
        """wake: set when debts were committed, so that delivery need not wait for its tick."""
        self.house = house
        self._memory = memory
        self._composer = composer
        self._clock = clock
        self._wake = wake
        self.behind = False
        """Something is committed that memory has not taken yet: a fault now is mended by a restart alone."""
        self._lock = asyncio.Lock()
        self._followers: list[Follower] = []

    def follow(self, follower: Follower) -> None:
        """From now on this one decides too, after the rules."""
        self._followers.append(follower)

    async def judge(self, contracts: Iterable[Contract], timing: Timing) -> None:
        """Judge these contracts on what is known now, and commit. Raises StoreError when memory cannot take it."""
        async with self._lock:
            await self._judge_all(list(contracts), timing)

    async def tick(self) -> None:
        """Reminders that are due, and cure periods that have passed."""
        async with self._lock:
            now, decision = self._clock.now(), Decision()
            pauses = self.house.workspace.settings.rules.remind_s
            for contract in self.house.workspace.contracts.values():
                for alarm in self.house.open_alarms(contract.id).values():
                    passed = [*unshelve(alarm, now=now)]
                    after = fold(alarm, passed) if passed else alarm
                    passed += lapse(after, now=now)
                    self._add(passed, alarm, contract, decision, Timing())
                    after = fold(alarm, passed) if passed else alarm
                    self._add(remind(after, remind_s=pauses, now=now), after, contract, decision, Timing())
                for follower in self._followers:
                    follower.ticked(contract, decision, now)
            await self._commit(decision)

    async def apply(self, alarm: Alarm, decide: Decide, *, seen: tuple[str, str]) -> Applied:
        """Commit what a person does to an alarm. ``decide`` is asked once it is this person's turn.

        Between a press and its turn the alarm may have grown worse or been answered: ``decide`` gets it as it then is.
        """
        async with self._lock:
            alarm = self.house.alarms[alarm.tenant, alarm.id]
            events = decide(alarm)
            if not events:
                return Applied.NOTHING
            decision, contract = Decision(), self.house.workspace.contracts[alarm.contract_id]
            self._add(events, alarm, contract, decision, Timing())
            return Applied.DONE if await self._commit(decision, seen=(seen,)) else Applied.REPEATED

    async def settle(
        self, decide: Callable[[Decision, datetime], None], *, seen: tuple[str, str] | None = None
    ) -> Applied:
        """Commit what a person's act or an import decides, asked once it is its turn. What ``decide`` raises is raised on."""
        async with self._lock:
            decision = Decision()
            decide(decision, self._clock.now())
            if not decision.events and not decision.debts:
                return Applied.NOTHING
            marks = (seen,) if seen is not None else ()
            return Applied.DONE if await self._commit(decision, seen=marks) else Applied.REPEATED

    async def record(self, events: list[Event], debts: list[Debt], *, seen: tuple[str, str] | None = None) -> bool:
        """Commit events that change no alarm, and debts. False: handled before."""
        async with self._lock:
            marks = (seen,) if seen is not None else ()
            return await self._commit(Decision(events=events, debts=debts), seen=marks)

    async def _judge_all(self, contracts: list[Contract], timing: Timing) -> None:
        """These, and whoever's claims have changed with theirs: all in one commit."""
        now, decision = self._clock.now(), Decision()
        for contract in [*contracts, *also_changed(self.house, contracts, now)]:
            self._judge_one(contract, decision, timing, now)
        await self._commit(decision)

    def _judge_one(self, contract: Contract, decision: Decision, timing: Timing, now: datetime) -> None:
        scene = self.house.scene(contract, now)
        open_alarms = self.house.open_alarms(contract.id)
        memories: dict[str, object] = {}
        for rule in REGISTRY:
            found, memories[rule.name] = rule.judge(scene, self.house.projects[contract.id].memories[rule.name])
            by_key = {f.key: f for f in found}
            mine = {k: a for k, a in open_alarms.items() if a.kind in rule.kinds}
            for key in dict.fromkeys([*by_key, *mine]):
                alarm, finding = mine.get(key), by_key.get(key)
                figures = recovery(alarm, scene, memories[rule.name]) if alarm is not None and finding is None else {}
                if alarm is None and (finding is None or finding.standing is Standing.UNKNOWN):
                    continue
                events = observe(
                    alarm,
                    finding,
                    contract,
                    number=self._number(contract.lender, now, decision) if alarm is None else alarm.id,
                    recovery=figures,
                    now=now,
                )
                self._add(events, alarm, contract, decision, timing)
        decision.memories[contract.id] = memories
        decision.positions.append(scene.position)
        for follower in self._followers:
            follower.judged(scene, decision)

    def _add(
        self,
        events: list[Event],
        alarm: Alarm | None,
        contract: Contract,
        decision: Decision,
        timing: Timing,
    ) -> None:
        """Fold each event and compose what it owes."""
        told = Timing(
            taken_at=timing.taken_at,
            received_at=timing.received_at,
            judged_at=self._clock.now(),
        )
        for event in events:
            alarm = fold(alarm, [event])
            decision.events.append(event)
            decision.alarms[alarm.tenant, alarm.id] = alarm
            for notice in owed(event, alarm, contract, self.house.workspace.roster):
                decision.debts.extend(self._composer.debts(notice, alarm, contract, told, event.occurred_at))

    def _number(self, tenant: str, now: datetime, decision: Decision) -> str:
        """The next alarm number of this lender's local day, for example AL-20260312-07."""
        day = f"AL-{now.astimezone(LOCAL):%Y%m%d}-"
        used = {i for t, i in (*self.house.numbers, *decision.alarms) if t == tenant and i.startswith(day)}
        return f"{day}{len(used) + 1:02d}"

    async def _commit(self, decision: Decision, seen: tuple[tuple[str, str], ...] = ()) -> bool:
        if decision.events or decision.debts or seen:
            done = await self._memory.commit(
                events=decision.events, debts=decision.debts, seen=seen, now=self._clock.now()
            )
            if done.repeated:
                return False
            if decision.debts:
                self._wake.set()
        self.behind = True
        if decision.alarms:
            self.house.put(decision.alarms.values())
        if decision.cases:
            self.house.put_cases(decision.cases.values())
        if decision.said:
            self.house.hear(decision.said)
        for contract_id, memories in decision.memories.items():
            self.house.projects[contract_id].memories.update(memories)
        for position in decision.positions:
            self.house.remember(position.contract_id, position)
        self.house.take_receipts(decision.events)
        self.house.take_deeds(decision.events)
        pledged = self.house.pledged_by(decision.events)
        if pledged:
            await self._judge_all(pledged, Timing())
        self.behind = False
        return True


def epoch_us(us: int) -> datetime:
    """µs since 1970 as aware UTC."""
    return datetime.fromtimestamp(us / 1e6, UTC)
