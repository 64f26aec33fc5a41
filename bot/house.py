"""What the process knows now: the newest farm, stocks, prices, papers, positions, alarms. Mutated by the loops only.

Everything here can be rebuilt from the workspace, the series and the ledger; nothing here is written to disk.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import numpy as np

from bot.claimants import Claimants
from bot.encumbering import encumbrances
from bot.receipts import Receipts
from datasources.workspace import Workspace
from domain.alarm import Alarm
from domain.case.case import Case
from domain.contract import Contract
from domain.deed.fold import Deeds
from domain.event import Event
from domain.farm import COLUMNS, Farm, Floats, Readings
from domain.holding import NO_BOOKS, Books, holdings
from domain.manual_price import counted
from domain.metering.inventory import Inventory, measure
from domain.metering.plant import Plant
from domain.movement import BookRow, Feed
from domain.ownership.journal import Journal
from domain.ownership.ledger import EMPTY, joined
from domain.position import GoodPrice, Position, take_position
from domain.price import PriceBook
from domain.price_method import good_price
from domain.receipt.pool import covered_kg, under_receipts
from domain.said import Said, contract_at
from domain.scene import DepotPapers, Scene
from domain.stock import Stock
from rules.registry import REGISTRY

NOISE_MM = 6.0
"""Two honest readings of a still tank lie no farther apart: ±3 mm, the inventory grade of API MPMS 3.1B."""
HISTORY = timedelta(hours=12)
HISTORY_EVERY = timedelta(seconds=5)
CASES_KEPT = timedelta(days=7)
"""A case that has ended is judged so much longer: its notice may still be lifted under."""


@dataclass(slots=True, kw_only=True)
class Project:
    """What is kept per contract between two judgements: its newest position, the rules' memories, its curve."""

    contract: Contract
    memories: dict[str, Any]
    position: Position | None = None
    history: deque[tuple[datetime, Decimal]] = field(default_factory=deque)


class House:
    """The newest state of the whole workspace.

    Worker threads read it while the loop writes: mappings are replaced whole, never changed in place.
    """

    def __init__(
        self,
        workspace: Workspace,
        alarms: Iterable[Alarm] = (),
        numbers: Iterable[tuple[str, str]] = (),
        *,
        plant: Plant | None = None,
    ) -> None:
        """alarms: folded from the ledger, open and closed. numbers: (tenant, alarm id) ever given, also to others.

        plant: of this workspace, where another house has it already.
        """
        self.workspace = workspace
        self.version = 0
        self.plant = plant or Plant.of(workspace.index, workspace.goods, workspace.settings.metering)
        self.farm = Farm.unread(workspace.index)
        self.inventory = measure(self.farm, self.plant)
        delays = {c.on_delay for c in workspace.contracts.values()}
        self.stocks = {d: Stock.empty(workspace.index, d) for d in delays}
        self.prices: dict[str, PriceBook] = {c.lender: PriceBook() for c in workspace.contracts.values()}
        self.said = Said()
        self.receipts = Receipts.of(workspace)
        self.deeds = Deeds()
        self.claimants = Claimants.of(workspace.contracts.values())
        self.papers: Mapping[str, DepotPapers] = {}
        self._books_by_site: dict[str, Feed[BookRow]] = {}
        self.books = NO_BOOKS
        self.journals: Mapping[str, Journal] = {s.id: Journal(method=s.share_method) for s in workspace.sites.values()}
        self.ledger = EMPTY
        self.ledgers_as_of: Mapping[str, datetime] = {}
        self.alarms: Mapping[tuple[str, str], Alarm] = {}
        self.numbers = frozenset(numbers)
        self._open: Mapping[str, Mapping[str, Alarm]] = {c: {} for c in workspace.contracts}
        self.cases: Mapping[tuple[str, str], Case] = {}
        self._cases_of: Mapping[str, tuple[Case, ...]] = {}
        self.case_numbers: frozenset[tuple[str, str]] = frozenset()
        self.put(alarms)
        self.polled_at: Mapping[str, datetime] = {}
        self.projects = {
            c.id: Project(contract=c, memories={r.name: r.recall(self.alarms_of(c.id)) for r in REGISTRY})
            for c in workspace.contracts.values()
        }

    def take(self, readings: Readings) -> None:
        """A poll's readings: farm, inventory and stocks become newer."""
        farm = self.farm.updated(readings)
        self._stand(farm, measure(farm, self.plant))

    def taking(self, course: Iterable[Readings]) -> Iterator[None]:
        """Many polls one after another, measured together: after each step the house stands there."""
        farms = list(accumulate(course, Farm.updated, initial=self.farm))[1:]
        if not farms:
            return
        columns = {name: np.stack([getattr(f, name) for f in farms]) for name in COLUMNS}
        found = measure(Farm(index=self.farm.index, **columns), self.plant)
        for n, farm in enumerate(farms):
            self._stand(farm, Inventory(**{f.name: getattr(found, f.name)[n] for f in fields(Inventory)}))
            yield

    def _stand(self, farm: Farm, inventory: Inventory) -> None:
        self.farm, self.inventory = farm, inventory
        noise = self._noise_kg(self.inventory)
        for delay, stock in self.stocks.items():
            self.stocks[delay] = stock.settled(
                mass_kg=self.inventory.mass_air_kg,
                heel_kg=self.inventory.heel_kg,
                u_mass_kg=self.inventory.u_mass_kg,
                taken_at_us=self.farm.taken_at_us,
                quality=self.inventory.quality,
                noise_kg=noise,
            )
        self.version += 1

    def _noise_kg(self, inventory: Inventory) -> Floats:
        """What NOISE_MM of level weighs in each tank."""
        level = np.where(self.farm.level_mm > 0, self.farm.level_mm, np.nan)
        per_mm = inventory.mass_air_kg / level
        return np.nan_to_num(per_mm, nan=0.0) * NOISE_MM * 2

    def take_book(self, site_id: str, feed: Feed[BookRow]) -> None:
        """A site's book: its newest answer replaces what it said before."""
        self._books_by_site[site_id] = feed
        rows = [row for f in self._books_by_site.values() for row in f.rows]
        kg: dict[tuple[str, str], int] = {}
        tank_kg: dict[str, int] = {}
        for row in rows:
            kg[row.tank_id, row.owner] = kg.get((row.tank_id, row.owner), 0) + row.mass_kg + row.heel_kg
            tank_kg[row.tank_id] = tank_kg.get(row.tank_id, 0) + row.mass_kg + row.heel_kg
        self.books = Books(kg=kg, tank_kg=tank_kg, as_of=min(f.as_of for f in self._books_by_site.values()))
        self.version += 1

    def book_as_of(self, sites: Iterable[str]) -> datetime | None:
        """The oldest time of which these sites' books speak; None where one never spoke."""
        spoken = [feed.as_of if (feed := self._books_by_site.get(s)) is not None else None for s in sites]
        known = [t for t in spoken if t is not None]
        return min(known) if known and len(known) == len(spoken) else None

    def take_journal(self, site_id: str, journal: Journal, as_of: datetime | None) -> None:
        """A site's ownership ledger as it has become. as_of: until when the depot speaks; None: to its last entry,

        or later where it has spoken since.
        """
        last, heard = journal.ledger.last, self.ledgers_as_of.get(site_id)
        spoken = as_of or max((t for t in (last[0] if last is not None else None, heard) if t), default=None)
        if spoken is not None:
            self.ledgers_as_of = {**self.ledgers_as_of, site_id: spoken}
        if journal is not self.journals[site_id]:
            self.journals = {**self.journals, site_id: journal}
            self.ledger = joined(j.ledger for j in self.journals.values())
            self.version += 1

    def prices_for(self, contract: Contract, now: datetime) -> dict[str, GoodPrice]:
        """The price of every eligible good, by good code."""
        return {code: self._price(contract, code, now) for code in contract.goods}

    def _price(self, contract: Contract, code: str, now: datetime) -> GoodPrice:
        terms = contract.goods[code].price
        published = good_price(self.prices[contract.lender], terms, now)
        return counted(published, self.said.prices.get((contract.lender, code), ()), terms, now)

    def hear(self, events: Iterable[Event]) -> None:
        """What was said outside the files, once it is committed: balances, money, notices, prices, proposals."""
        self.said = self.said.after(events)
        self.version += 1

    def take_receipts(self, events: Iterable[Event]) -> None:
        """What happened to receipts, once it is committed; other events are left out."""
        after = self.receipts.after(events)
        if after is not self.receipts:
            self.receipts = after
            self.version += 1

    def take_deeds(self, events: Iterable[Event]) -> None:
        """What people have said and been refused, once it is committed; other events are left out."""
        after = self.deeds.after(events)
        if after is self.deeds:
            return
        if after.unverified != self.deeds.unverified:
            roster = self.workspace.roster
            chats = {i: replace(c, verified=i not in after.unverified) for i, c in roster.chats.items()}
            self.workspace = replace(self.workspace, roster=replace(roster, chats=chats))
        self.deeds = after
        self.version += 1

    def pledged_by(self, events: Iterable[Event]) -> list[Contract]:
        """The contracts whose receipts these events have changed."""
        ids = self.receipts.contracts_of(events)
        return [c for c in self.workspace.contracts.values() if c.id in ids]

    def contract_now(self, contract_id: str, now: datetime) -> Contract:
        """The contract as it stands: its file, and what has been said since. The only source of exposure and lines."""
        return contract_at(self.workspace.contracts[contract_id], self.said, now)

    def scene(self, contract: Contract, now: datetime) -> Scene:
        """One contract's world at ``now``, its position freshly taken."""
        contract = self.contract_now(contract.id, now)
        stock = self.stocks[contract.on_delay]
        book = self.receipts.books[contract.lender]
        prices = self.prices_for(contract, now)
        as_of = self.books.as_of
        stale = as_of is None or (now - as_of).total_seconds() > contract.staleness.book_s
        position = take_position(
            contract,
            holdings=under_receipts(
                holdings(contract, stock, self.books, now, self.ledger), covered_kg(book, contract, now)
            ),
            prices=prices,
            book_stale=stale,
            now=now,
        )
        return Scene(
            now=now,
            contract=contract,
            farm=self.farm,
            stock=stock,
            position=position,
            prices=prices,
            papers=self.papers,
            goods=self.workspace.goods,
            sites=self.workspace.sites,
            cases=self._live_cases(contract.id, now),
            receipts=book.of(contract.id) if contract.receipts is not None else (),
            encumbered=encumbrances(self, contract, now),
        )

    def remember(self, contract_id: str, position: Position) -> None:
        """Keep the newest position, and a thinned curve of the recognised value."""
        project = self.projects[contract_id]
        project.position = position
        if not position.known:
            return
        curve = project.history
        if not curve or position.at - curve[-1][0] >= HISTORY_EVERY:
            curve.append((position.at, position.recognised))
        while curve and position.at - curve[0][0] > HISTORY:
            curve.popleft()

    def alarms_of(self, contract_id: str) -> list[Alarm]:
        """All alarms of a contract, open and closed, oldest first."""
        return [a for a in self.alarms.values() if a.contract_id == contract_id]

    def put(self, alarms: Iterable[Alarm]) -> None:
        """Alarms as they have become; a closed one leaves the open ones."""
        changed = list(alarms)
        self.alarms = {**self.alarms, **{(a.tenant, a.id): a for a in changed}}
        self.numbers |= {(a.tenant, a.id) for a in changed}
        for alarm in changed:
            kept = {k: a for k, a in self._open[alarm.contract_id].items() if k != alarm.key or a.id != alarm.id}
            mine = {**kept, alarm.key: alarm} if alarm.open else kept
            self._open = {**self._open, alarm.contract_id: mine}
        self.version += 1

    def put_cases(self, cases: Iterable[Case], numbers: Iterable[tuple[str, str]] = ()) -> None:
        """Cases as they have become. numbers: (tenant, case id) ever given, also to contracts that are gone."""
        changed = {(c.tenant, c.id): c for c in cases}
        self.cases = {**self.cases, **changed}
        touched = {c.contract_id: {k.id: k for k in self.cases_of(c.contract_id)} for c in changed.values()}
        for case in changed.values():
            touched[case.contract_id][case.id] = case
        mine = {c: tuple(sorted(by.values(), key=lambda k: (k.filed_at, k.id))) for c, by in touched.items()}
        self._cases_of = {**self._cases_of, **mine}
        self.case_numbers |= {*changed, *numbers}
        self.version += 1

    def cases_of(self, contract_id: str) -> list[Case]:
        """All cases of a contract, open and ended, oldest first."""
        return list(self._cases_of.get(contract_id, ()))

    def _live_cases(self, contract_id: str, now: datetime) -> tuple[Case, ...]:
        """Those that a judgement looks at: open, or ended lately."""
        mine = self.cases_of(contract_id)
        return tuple(c for c in mine if c.ended_at is None or now - c.ended_at <= CASES_KEPT)

    def open_alarms(self, contract_id: str) -> Mapping[str, Alarm]:
        """The open alarms of a contract by key."""
        return self._open[contract_id]

    def contracts_at(self, site_id: str) -> list[Contract]:
        """Contracts with pledged tanks at this site."""
        tanks = set(self.workspace.sites[site_id].tank_ids)
        return [c for c in self.workspace.contracts.values() if tanks & set(c.tank_ids())]
