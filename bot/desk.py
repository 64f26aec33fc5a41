"""What the console shows: rows made of the house's newest state, within what the viewer may see."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from bot.board import AlarmRow, Board, GatewayRow, Lever, ProjectRow, TankRow
from bot.clock import Clock
from bot.house import House
from bot.levers import DepotLevers
from bot.words import Words
from domain.contract import Contract, Field
from domain.deed.rights import takes_part
from domain.farm import Quality
from domain.people import LENDER_ROLES, Audience, Chat, Person, Role
from domain.position import Position


class HouseDesk:
    """The console's desk over a house. ``levers`` only in the demo."""

    def __init__(self, house: House, words: Words, clock: Clock, *, levers: DepotLevers | None = None) -> None:
        self._house = house
        self._words = words
        self._clock = clock
        self._levers = levers

    @property
    def demo(self) -> bool:
        """Acting as any person, and the levers, are allowed."""
        return self._levers is not None

    def people(self) -> tuple[Person, ...]:
        """Everybody who sits in a chat, in the workspace's order."""
        members = {m for chat in self._house.workspace.roster.chats.values() for m in chat.members}
        return tuple(p for p in self._house.workspace.roster.people.values() if p.id in members)

    def label(self, person_id: str) -> str:
        """How the group calls this person."""
        return self._house.workspace.roster.named(person_id)

    def role_name(self, person_id: str) -> str:
        """The person's role in Chinese."""
        return self._words.label("roles", self._house.workspace.roster.people[person_id].role.value)

    def chats(self, person_id: str | None) -> tuple[Chat, ...]:
        """The chats of a person; all of them for None."""
        chats = self._house.workspace.roster.chats.values()
        return tuple(c for c in chats if person_id is None or person_id in c.members)

    def board(self, person_id: str | None) -> Board:
        """Everything beside the chat, for this person."""
        now = self._clock.now()
        person = self._house.workspace.roster.people.get(person_id) if person_id is not None else None
        contracts = [c for c in self._house.workspace.contracts.values() if person is None or takes_part(person, c)]
        if person is not None and person.role is Role.OPERATOR:
            contracts = []
        tanks = {t for c in contracts for t in c.tank_ids()}
        weighed = {t for c in contracts if Field.QUANTITY in self._fields(c, person) for t in c.tank_ids()}
        sites = {self._tank(t).site_id for t in tanks}
        return Board(
            at=now,
            version=self._house.version,
            tanks=tuple(
                self._tank_row(i, now, weighed=t.id in weighed)
                for i, t in enumerate(self._house.workspace.index.tanks)
                if t.id in tanks
            ),
            projects=tuple(row for c in contracts if (row := self._project_row(c, person)) is not None),
            alarms=tuple(row for c in contracts for row in self._alarm_rows(c, person)),
            gateways=tuple(self._gateway_row(s) for s in self._house.workspace.sites if s in sites),
        )

    def levers(self) -> tuple[Lever, ...]:
        """The depot's levers."""
        return self._levers.known if self._levers is not None else ()

    async def pull(self, name: str, parameters: Mapping[str, Any]) -> str:
        """Pull one. Raises SourceError; ValueError outside the demo."""
        if self._levers is None:
            raise ValueError("levers exist only in the demo")
        return await self._levers.pull(name, parameters)

    def _tank(self, tank_id: str) -> Any:
        index = self._house.workspace.index
        return index.tanks[index.row[tank_id]]

    def _tank_row(self, row: int, now: datetime, *, weighed: bool) -> TankRow:
        """weighed: its level and tonnes may be shown."""
        house = self._house
        tank = house.workspace.index.tanks[row]
        stock = next(iter(house.stocks.values()))
        taken = int(stock.taken_at_us[row])
        age = (now.timestamp() - taken / 1e6) if taken else None
        level = _number(house.farm.level_mm[row]) if weighed else None
        mass = _number(stock.mass_kg[row]) if weighed else None
        return TankRow(
            site_id=tank.site_id,
            site_name=house.workspace.sites[tank.site_id].name,
            tank_id=tank.name,
            good_name=house.workspace.goods[tank.good].name,
            filling=min(1.0, max(0.0, level / tank.max_level_mm)) if level is not None else None,
            level_mm=level,
            temp_c=_number(house.farm.temp_c[row]),
            tonnes=mass / 1000 if mass is not None else None,
            age_s=age,
            state=self._state(age, bad=bool(stock.quality[row])),
            why=tuple(q.name for q in Quality(int(stock.quality[row])) if q.name is not None),
        )

    def _state(self, age_s: float | None, *, bad: bool) -> str:
        """By the strictest limits of any contract."""
        limits = [c.staleness for c in self._house.workspace.contracts.values()]
        if age_s is None:
            return "never"
        if age_s > min(s.exclude_s for s in limits):
            return "silent"
        return "stale" if bad or age_s > min(s.warn_s for s in limits) else "fresh"

    def _fields(self, contract: Contract, person: Person | None) -> frozenset[Field]:
        if person is None or person.role in LENDER_ROLES:
            return frozenset(Field)
        return frozenset(f for f in Field if person.role in contract.disclosure.get(f, frozenset()))

    def _project_row(self, contract: Contract, person: Person | None) -> ProjectRow | None:
        project, fields = self._house.projects[contract.id], self._fields(contract, person)
        position: Position | None = project.position
        if position is None or not {Field.VALUE, Field.LINE} <= fields:
            return None
        covered = Field.LTV in fields and contract.lines.coverage is not None
        return ProjectRow(
            contract_id=contract.id,
            name=contract.name,
            lender=self._house.workspace.roster.organisations[contract.lender].short,
            recognised=position.recognised,
            last_known=position.last_known,
            lines=position.line_values,
            ltv=position.ltv if Field.LTV in fields and not covered else None,
            exposure=position.exposure if Field.EXPOSURE in fields else None,
            fresh_ratio=position.fresh_ratio,
            known=position.known,
            history=tuple(project.history),
            coverage=position.coverage if covered else None,
        )

    def _alarm_rows(self, contract: Contract, person: Person | None) -> list[AlarmRow]:
        roster = self._house.workspace.roster
        mine = {c.id for c in roster.chats.values() if person is None or person.id in c.members}
        bank = {c.id for c in roster.chats.values() if c.id in mine and c.audience is Audience.BANK}
        fields = self._fields(contract, person)
        rows = []
        for alarm in self._house.open_alarms(contract.id).values():
            if not bank and not any(p.chat in mine for p in alarm.parties):
                continue
            rows.append(
                AlarmRow(
                    alarm_id=alarm.id,
                    contract_id=contract.id,
                    severity=alarm.severity,
                    title=self._words.title(alarm, fields),
                    condition=alarm.condition.value,
                    raised_at=alarm.raised_at,
                    waiting=tuple(roster.named(p.person) for p in alarm.waiting() if bank or p.chat in mine),
                )
            )
        return sorted(rows, key=lambda r: (-r.severity, r.raised_at))

    def _gateway_row(self, site_id: str) -> GatewayRow:
        house = self._house
        rows = house.workspace.index.rows(house.workspace.sites[site_id].tank_ids)
        good = sum(1 for r in rows if house.farm.quality[r] == 0)
        return GatewayRow(
            site_id=site_id,
            site_name=house.workspace.sites[site_id].name,
            good=good,
            tanks=len(rows),
            last_poll_at=house.polled_at.get(site_id),
        )


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
