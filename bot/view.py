"""What one person may see in one chat: the only window from a question to the house."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from math import isfinite

from bot.case_figures import figures
from bot.house import House
from bot.owned import origins, owned
from bot.past import Stood
from domain.alarm import Alarm
from domain.case.case import Case
from domain.case.check import Ask
from domain.contract import Contract, Field, Severity
from domain.event import Json
from domain.farm import Quality
from domain.good import Good
from domain.metering.inventory import Inventory
from domain.metering.quality import Remark
from domain.notice import BANK_ONLY, disclosed
from domain.people import LENDER_ROLES, Audience, Chat, Person, Role
from domain.position import Position
from domain.receipt.receipt import Standing
from domain.scene import DepotPapers
from domain.tank import Site, Tank
from skills.ports import Chain, Movements, Origin, Owned, Reading, Then

Look = Callable[[datetime], Stood | None]


class ChatView:
    """Bounds of a question: the chat's contracts, the actor's own contracts, and what *every* member may read."""

    def __init__(
        self, house: House, actor: Person | None, chat: Chat | None, now: datetime, look: Look | None = None
    ) -> None:
        """actor and chat come from the platform's ids; None is a stranger or an unbound chat. look: into the past."""
        self._house = house
        self._look = look
        self._actor, self._chat, self._now = actor, chat, now
        self._contracts = self._visible()

    @property
    def now(self) -> datetime:
        """The moment of the question."""
        return self._now

    @property
    def actor(self) -> Person | None:
        """Who asks."""
        return self._actor

    @property
    def chat(self) -> Chat | None:
        """Where it is asked."""
        return self._chat

    @property
    def denied(self) -> bool:
        """Nothing may be shown."""
        return not self._contracts

    def contracts(self) -> tuple[Contract, ...]:
        """Contracts bound to the chat that the actor takes part in."""
        return self._contracts

    def may(self, contract_id: str) -> frozenset[Field]:
        """What everybody in the chat may see of it."""
        contract = self._one(contract_id)
        assert self._chat is not None
        return disclosed(contract, self._chat, self._house.workspace.roster)

    def position(self, contract_id: str) -> Position | None:
        """The position of this very moment, on the newest readings."""
        contract = self._one(contract_id)
        if self._house.projects[contract_id].position is None:
            return None
        return self._house.scene(contract, self._now).position

    def then(self, at: datetime) -> Then | None:
        """How the visible contracts stood at a past moment; None before anything was recorded, or without a memory."""
        found = self._look(at) if self._look is not None else None
        if found is None:
            return None
        mine = {c.id for c in self._contracts} & found.positions.keys()
        return Then(
            terms=found.terms,
            of_then=found.of_then,
            contracts={i: found.contracts[i] for i in mine},
            positions={i: found.positions[i] for i in mine},
            owned={i: found.owned[i] for i in mine},
        )

    def alarms(self, contract_id: str) -> tuple[Alarm, ...]:
        """Open alarms told in this chat, most severe first."""
        contract = self._one(contract_id)
        chat = self._chat
        assert chat is not None
        mine = [a for a in self._house.open_alarms(contract.id).values() if self._told_here(a, chat)]
        return tuple(sorted(mine, key=lambda a: (-a.severity, a.raised_at)))

    def movements(self, contract_id: str, since: datetime) -> Movements:
        """What the depots' papers say about this contract's tanks."""
        contract = self._one(contract_id)
        tanks, papers = set(contract.tank_ids()), self._papers(contract)
        spoken = [p.work_orders_as_of for p in papers]
        as_of = None if None in spoken or not spoken else min(t for t in spoken if t is not None)
        orders = [
            o
            for p in papers
            for o in p.work_orders
            if o.tank_id in tanks and self._since(o.opened_at, o.closed_at, since)
        ]
        sealed = {n.no for p in papers for n in p.releases if n.sealed}
        out = [o for o in orders if o.direction == "out"]
        limit = contract.staleness.feed_s
        return Movements(
            since=since,
            in_kg=sum(o.done_kg for o in orders if o.direction == "in"),
            out_kg=sum(o.done_kg for o in out),
            out_noticed_kg=sum(o.done_kg for o in out if o.release_no in sealed),
            as_of=as_of,
            stale=as_of is None or (self._now - as_of).total_seconds() > limit,
        )

    def receipts(self, contract_id: str) -> tuple[Standing, ...]:
        """The contract's receipts; for a depot's person those that lie, in part at least, with that depot."""
        contract, actor = self._one(contract_id), self._actor
        book = self._house.receipts.books[contract.lender]
        if contract.receipts is None or actor is None:
            return ()
        if actor.role is not Role.DEPOT:
            return book.of(contract.id)
        workspace = self._house.workspace
        mine = {t for s in workspace.sites.values() if s.depot == actor.org for t in s.tank_ids}
        return tuple(s for s in book.of(contract.id) if mine & s.receipt.parts.keys())

    def arrived(self, contract_id: str, since: datetime) -> Mapping[str, int]:
        """What work orders brought in, by good; an order opened earlier counts if it was still open then."""
        contract = self._one(contract_id)
        index, tanks = self._house.workspace.index, set(contract.tank_ids())
        came: dict[str, int] = {}
        for o in (o for p in self._papers(contract) for o in p.work_orders):
            if o.direction == "in" and o.tank_id in tanks and self._since(o.opened_at, o.closed_at, since):
                good = index.tanks[index.row[o.tank_id]].good
                came[good] = came.get(good, 0) + o.done_kg
        return came

    def red(self, contract_id: str) -> bool:
        """Of all open alarms, told here or not: what a release would meet is the same in every chat.

        But for those that only the lender may know of: outside its own chats nothing shows that they are there.
        """
        chat = self._chat
        lender = chat is not None and (chat.audience is Audience.BANK or self._is_lender(chat))
        found = self._house.open_alarms(self._one(contract_id).id).values()
        return any(a.severity is Severity.RED and (lender or a.kind not in BANK_ONLY) for a in found)

    def cases(self, contract_id: str) -> tuple[Case, ...]:
        """Every case of the contract, wherever it was filed: the same parties read its card."""
        return tuple(self._house.cases_of(self._one(contract_id).id))

    def checked(self, contract_id: str, ask: Ask) -> Json | None:
        """The figures of a request, on the newest readings."""
        contract = self._one(contract_id)
        if self._house.projects[contract_id].position is None:
            return None
        open_alarms = self._house.open_alarms(contract.id).values()
        return figures(self._house.scene(contract, self._now), ask, open_alarms)

    def owned(self, contract_id: str) -> tuple[Owned, ...]:
        """The contract's tanks that a depot's ownership ledger knows."""
        return owned(self._house, self._one(contract_id), self._now)

    def origins(self, contract_id: str, tank_id: str) -> tuple[Origin, ...]:
        """Where the pledge owner's batches in one of its tanks came from."""
        return origins(self._house, self._one(contract_id), tank_id, self._now)

    def reading(self, tank_id: str) -> Reading:
        """The newest reading of a visible tank."""
        tank = self.tank(tank_id)
        house, row = self._house, self._house.workspace.index.row[tank.id]
        taken = int(house.farm.taken_at_us[row])
        return Reading(
            tank_id=tank.id,
            level_mm=_number(house.farm.level_mm[row]),
            water_mm=_number(house.farm.water_mm[row]),
            temp_c=_number(house.farm.temp_c[row]),
            mass_kg=_whole(house.inventory.mass_air_kg[row]),
            u_mass_kg=_whole(house.inventory.u_mass_kg[row]),
            taken_at=datetime.fromtimestamp(taken / 1e6, UTC) if taken else None,
            why=tuple(q.name for q in Quality(int(house.inventory.quality[row])) if q.name is not None),
            chain=_chain(house.inventory, row),
        )

    def tank(self, tank_id: str) -> Tank:
        """A tank pledged under a visible contract. Raises KeyError for any other."""
        if not any(tank_id in c.tank_ids() for c in self._contracts):
            raise KeyError(tank_id)
        index = self._house.workspace.index
        return index.tanks[index.row[tank_id]]

    @property
    def goods(self) -> Mapping[str, Good]:
        """Goods by code."""
        return self._house.workspace.goods

    @property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""
        return self._house.workspace.sites

    def _visible(self) -> tuple[Contract, ...]:
        actor, chat = self._actor, self._chat
        if actor is None or chat is None or actor.id not in chat.members or chat.audience is Audience.OPERATORS:
            return ()
        bound = [self._house.contract_now(c, self._now) for c in chat.contracts]
        return tuple(c for c in bound if takes_part(actor, c))

    def _told_here(self, alarm: Alarm, chat: Chat) -> bool:
        if alarm.kind in BANK_ONLY:
            return chat.audience is Audience.BANK or self._is_lender(chat)
        return chat.audience is Audience.BANK or any(p.chat == chat.id for p in alarm.parties) or self._is_lender(chat)

    def _is_lender(self, chat: Chat) -> bool:
        roles = {self._house.workspace.roster.people[m].role for m in chat.members}
        return chat.audience is Audience.PRIVATE and roles <= LENDER_ROLES

    def _papers(self, contract: Contract) -> list[DepotPapers]:
        """What the depots of the contract's tanks have sent, site by site."""
        index = self._house.workspace.index
        sites = {index.tanks[index.row[t]].site_id for t in contract.tank_ids()}
        return [self._house.papers.get(s, DepotPapers()) for s in sorted(sites)]

    def _one(self, contract_id: str) -> Contract:
        return next(c for c in self._contracts if c.id == contract_id)

    @staticmethod
    def _since(opened_at: datetime, closed_at: datetime | None, since: datetime) -> bool:
        return opened_at >= since or closed_at is None or closed_at >= since


def takes_part(person: Person, contract: Contract) -> bool:
    """The person's organisation is a party of this contract, in a role that fits."""
    if person.role in LENDER_ROLES:
        return person.org == contract.lender
    if person.role is Role.BORROWER:
        return person.org == contract.borrower
    if person.role is Role.DEPOT:
        return person.org in contract.depots
    return person.role in (Role.SUPERVISOR, Role.INSPECTOR) and person.org == contract.supervisor


def _chain(inventory: Inventory, row: int) -> Chain | None:
    """The steps of one tank's newest measurement."""
    if inventory.quality[row]:
        return None
    steps = {f.name: _number(getattr(inventory, f.name)[row]) for f in fields(Chain) if f.name != "remarks"}
    remarks = tuple(r.name for r in Remark(int(inventory.remarks[row])) if r.name is not None)
    return Chain(**steps, remarks=remarks)  # type: ignore[arg-type]  # a good row has every step but the gaps


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _whole(value: float) -> int | None:
    return round(float(value)) if isfinite(value) else None
