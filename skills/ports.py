"""The only way from a skill to data: what this actor may see in this chat, already filtered. Defined by its callers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.alarm import Alarm
from domain.case.case import Case
from domain.case.check import Ask
from domain.contract import Contract, Field
from domain.event import Json
from domain.good import Good
from domain.people import Chat, Person
from domain.position import Position
from domain.receipt.receipt import Standing
from domain.tank import Site, Tank


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How a reading became tonnes, as ``domain.metering.inventory.Inventory`` names its steps: m³, kg and kg/m³.

    remarks: names of ``Remark`` bits. online_gap_kg_m3, hydrostatic_gap_kg_m3: None where nothing observes it.
    """

    tov_m3: float
    water_m3: float
    ctsh: float
    roof_m3: float
    gov_m3: float
    vcf: float
    gsv_m3: float
    nsv_m3: float
    density_kg_m3: float
    mass_air_kg: float
    deliverable_kg: float
    u_mass_kg: float
    online_gap_kg_m3: float | None
    hydrostatic_gap_kg_m3: float | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A tank's newest reading for people: mm, °C and kg in air; None where unknown. why: names of quality bits.

    chain: None where the reading means no tonnes.
    """

    tank_id: str
    level_mm: float | None
    water_mm: float | None
    temp_c: float | None
    mass_kg: int | None
    u_mass_kg: int | None
    taken_at: datetime | None
    why: tuple[str, ...]
    chain: Chain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """What work orders moved in a contract's tanks since a moment, in kg. as_of None: the papers never spoke.

    out_noticed_kg: the part of out_kg under a sealed release notice. stale: the papers are too old to rely on.
    """

    since: datetime
    in_kg: int
    out_kg: int
    out_noticed_kg: int
    as_of: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLot:
    """One batch of the pledge's owner in one tank, whole kg in air. pledged: it is among the identified goods, or all are.

    since: from when this owner has had it there. deliverable_kg: above its part of the heel.
    """

    batch: str | None
    kg: int
    deliverable_kg: int
    since: datetime
    pledged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """One pledged tank by the depot's ownership ledger; of other owners there is one sum and no more.

    share and kg: what the ledger lets count, the lower where ledger and book disagree (``agrees``). book_kg: by the
    depot's book, None where it does not say. physical_kg: the pledge's part of the measured mass, None where the gap
    of the tank is wider than ``within`` allows; within None: not measured. closed_kg: what the last opening put aside.
    refused: entries of this owner, or of the mix, that could not be booked. as_of: until when the depot has spoken.
    """

    contract_id: str
    tank_id: str
    site_id: str
    good: str
    lots: tuple[OwnLot, ...]
    others_kg: int
    share: Decimal
    kg: int
    ledger_kg: int
    book_kg: int | None
    agrees: bool
    physical_kg: int | None
    within: bool | None
    opened_at: datetime | None
    closed_kg: int
    refused: int
    as_of: datetime
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One step of a batch on its way into a tank: opening, inbound, transfer or title. Names no other owner."""

    batch: str | None
    kind: str
    at: datetime
    tank_id: str
    to_tank: str | None
    kg: int
    paper: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """Contracts and positions of a past moment, by id. of_then false: today's terms had to serve. terms: their hash."""

    terms: str
    of_then: bool
    contracts: Mapping[str, Contract]
    positions: Mapping[str, Position]
    owned: Mapping[str, tuple[Owned, ...]] = field(default_factory=dict)


class View(Protocol):
    """Data for one question. Everything outside the chat's and the actor's bounds is as if it did not exist.

    ``contracts`` are those bound to the chat *and* open to the actor. ``denied`` tells 'not permitted' from 'none':
    true when the actor or the chat is unbound, or bound to nothing that the other may see.
    """

    @property
    def now(self) -> datetime:
        """The moment of the question, UTC."""

    @property
    def actor(self) -> Person | None:
        """The verified sender, None for a stranger."""

    @property
    def chat(self) -> Chat | None:
        """The chat, None if unbound."""

    @property
    def denied(self) -> bool:
        """Nothing may be shown here, whatever there is."""

    def contracts(self) -> tuple[Contract, ...]:
        """Visible contracts, in the workspace's order."""

    def may(self, contract_id: str) -> frozenset[Field]:
        """Figures of this contract that everybody in the chat may see."""

    def position(self, contract_id: str) -> Position | None:
        """The newest position, or None before the first valuation."""

    def then(self, at: datetime) -> Then | None:
        """How the visible contracts stood at a past moment; None before anything was recorded."""

    def alarms(self, contract_id: str) -> tuple[Alarm, ...]:
        """Open alarms of this contract, most severe first."""

    def movements(self, contract_id: str, since: datetime) -> Movements:
        """What the depot's papers say was moved since then."""

    def receipts(self, contract_id: str) -> tuple[Standing, ...]:
        """Its warehouse receipts that the actor may know of, dead ones too; a depot's people see those of its own."""

    def arrived(self, contract_id: str, since: datetime) -> Mapping[str, int]:
        """What work orders brought into the contract's tanks since then, kg by good."""

    def red(self, contract_id: str) -> bool:
        """A red alarm of this contract is open, wherever it was told: nothing may leave."""

    def cases(self, contract_id: str) -> tuple[Case, ...]:
        """Releases, swaps and top-ups of this contract, open and ended."""

    def checked(self, contract_id: str, ask: Ask) -> Json | None:
        """The figures of a request of this moment (``domain.case.check``), for nobody's eyes yet; None before the
        first valuation.
        """

    def owned(self, contract_id: str) -> tuple[Owned, ...]:
        """The contract's tanks that a depot's ownership ledger knows, in the contract's order."""

    def origins(self, contract_id: str, tank_id: str) -> tuple[Origin, ...]:
        """Where the pledge owner's batches in this tank came from, batch by batch, oldest step first."""

    def reading(self, tank_id: str) -> Reading:
        """The tank's newest reading."""

    def tank(self, tank_id: str) -> Tank:
        """A tank of a visible contract. Raises KeyError outside the bounds."""

    @property
    def goods(self) -> Mapping[str, Good]:
        """Goods by code."""

    @property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""
