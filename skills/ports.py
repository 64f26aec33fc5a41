"""The only way from a skill to data: what this actor may see in this chat, already filtered. Defined by its callers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.alarm import Alarm
from domain.case.case import Case
from domain.case.check import Ask
from domain.change import Weighed
from domain.contract import Contract, Field
from domain.course import CoursePoint, CourseSum
from domain.deed.deed import Promise, Work
from domain.event import Json
from domain.good import Good
from domain.movement import ReleaseNotice
from domain.people import Chat, Person
from domain.position import GoodPrice, Position
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

    Of the pledge's own cargo: ``domain.own_orders``. out_noticed_kg: the part of out_kg under a sealed release notice.
    stale: the papers are too old to rely on. unowned: orders in shared tanks that name no owner, and are in no sum.
    """

    since: datetime
    in_kg: int
    out_kg: int
    out_noticed_kg: int
    as_of: datetime | None
    stale: bool
    unowned: int = 0


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
    """Contracts and positions of a past moment, by id. of_then false: today's terms had to serve. terms: their hash.

    readings: of the contracts' tanks, the newest of then.
    """

    terms: str
    of_then: bool
    contracts: Mapping[str, Contract]
    positions: Mapping[str, Position]
    owned: Mapping[str, tuple[Owned, ...]] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What work orders moved in a contract's tanks in a span, whole kg. net_kg: signed, by tank, transfers among them.

    as_of: until when every depot had spoken, None if one never did. stale: that is too long before the span's end.
    unowned: as ``Movements``.
    """

    in_kg: int
    out_kg: int
    net_kg: Mapping[str, int]
    as_of: datetime | None
    stale: bool
    unowned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFeed:
    """Where the figures of a contract's tanks at one site come from, and of when they are; None: it never spoke.

    tanks, measured: the contract's tanks there, and those that ever had a good reading; newest_at, oldest_at: of these.
    gateways: Modbus devices that answer for them. The others: until when the depot has spoken in that paper.
    """

    site_id: str
    tanks: int
    measured: int
    newest_at: datetime | None
    oldest_at: datetime | None
    gateways: int
    orders_at: datetime | None
    releases_at: datetime | None
    ledger_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the newest figures can be held against: the newest batch of readings, and the end of the lender's chain.

    batch, rows, taken_at, sha256: of the batch, None before the first one. seq, head: of the chain.
    """

    batch: int | None
    rows: int
    taken_at: datetime | None
    sha256: str | None
    seq: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMove:
    """What one work order moved in one tank in a span, whole kg. direction: a value of ``domain.movement.Direction``.

    noticed: an order out stands under a release notice that counts; True for every other direction.
    """

    no: str
    tank_id: str
    direction: str
    leaves: bool
    kg: int
    opened_at: datetime
    closed_at: datetime | None
    noticed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMoves:
    """Work orders of a contract's tanks in a span, oldest first, by what is known now. as_of, stale: as ``Moved``.

    stale_sites: where the papers are too old, or never came. unowned: orders by shared tank that name no owner.
    """

    moves: tuple[PaperMove, ...]
    as_of: datetime | None
    stale: bool
    stale_sites: tuple[str, ...]
    unowned: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRange:
    """Within which a tank's good readings stayed in a span, mm and °C; of ``samples`` stretches of ten minutes."""

    low_mm: float
    high_mm: float
    low_c: float | None
    high_c: float | None
    first_at: datetime
    last_at: datetime
    samples: int


class History(Protocol):
    """The recorded past of one visible contract, points start < at ≤ end. Reads the store: in a skill's thread only."""

    def begins(self) -> datetime | None:
        """When its course begins; None: nothing was recorded yet."""

    def points(self, start: datetime, end: datetime) -> Sequence[CoursePoint]:
        """Its standing, a point a quarter of an hour, later one an hour; oldest first."""

    def sums(
        self,
        start: datetime,
        end: datetime,
        *,
        tanks: Collection[str] | None = None,
        goods: Collection[str] | None = None,
        sites: Collection[str] | None = None,
    ) -> Sequence[CourseSum]:
        """Some of its tanks in sum at each of these points; None: all."""

    def levels(self, tank_id: str, start: datetime, end: datetime) -> Sequence[tuple[datetime, float]]:
        """Good readings of a tank's level in mm, some hundreds at most."""

    def moved(self, start: datetime, end: datetime) -> Moved:
        """What work orders moved, by what is known now."""

    def orders(self, start: datetime, end: datetime) -> PaperMoves:
        """The same, order by order."""

    def weighed(self, start: datetime, end: datetime, tanks: Collection[str]) -> Mapping[str, Sequence[Weighed]]:
        """The pledge's kg in these tanks: at the start where it was known, then some hundreds up to the end."""

    def level_ranges(self, start: datetime, end: datetime) -> Mapping[str, LevelRange]:
        """How far each tank's level went up and down; tanks without a good reading are left out."""


class Stand(Protocol):
    """So much of a view as a past moment has too: what stood where, and who may read it."""

    @property
    def now(self) -> datetime:
        """The moment it is of, UTC."""

    @property
    def actor(self) -> Person | None:
        """The verified sender."""

    @property
    def chat(self) -> Chat | None:
        """The chat."""

    @property
    def denied(self) -> bool:
        """Nothing may be shown here."""

    def contracts(self) -> tuple[Contract, ...]:
        """Visible contracts."""

    def may(self, contract_id: str) -> frozenset[Field]:
        """Figures of this contract that everybody in the chat may see."""

    def position(self, contract_id: str) -> Position | None:
        """The position of that moment."""

    def reading(self, tank_id: str) -> Reading:
        """The tank's newest reading of that moment."""

    def tank(self, tank_id: str) -> Tank:
        """The tank as it is today. Raises KeyError outside the bounds."""


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

    def alarms_since(self, contract_id: str, since: datetime) -> tuple[Alarm, ...]:
        """Alarms told in this chat that were raised or closed since then, closed ones too, oldest first."""

    def history(self, contract_id: str) -> History | None:
        """The contract's recorded past; None where there is no store to read."""

    def movements(self, contract_id: str, since: datetime) -> Movements:
        """What the depot's papers say was moved since then."""

    def papered(self, contract_id: str, no: str) -> ReleaseNotice | None:
        """The release notice of this number for its own cargo in the lists of its depots. no: as ``plain_no`` makes it."""

    def receipts(self, contract_id: str) -> tuple[Standing, ...]:
        """Its warehouse receipts that the actor may know of, dead ones too; a depot's people see those of its own."""

    def arrived(self, contract_id: str, since: datetime) -> Mapping[str, int]:
        """What work orders brought into the contract's tanks since then, kg by good."""

    def told_facts(self, alarm: Alarm) -> Json:
        """The figures that a visible alarm was last told by, but for those that may not be read here."""

    def lifted_facts(self, alarm: Alarm) -> Json:
        """The figures with which a visible alarm returned, but for those that may not be read here."""

    def book_as_of(self, contract_id: str) -> datetime | None:
        """The oldest time of which the books of the contract's sites speak; None where one never spoke."""

    def gateway(self, tank_id: str) -> str | None:
        """The gateway that reads a visible tank, the same text for tanks behind the same; None where none does."""

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

    def prices(self, contract_id: str, at: datetime) -> Mapping[str, GoodPrice]:
        """What every good of the contract counts for at ``at``, now or not long ago, by its terms of today."""

    def site_feeds(self, contract_id: str) -> tuple[SiteFeed, ...]:
        """Where the contract's figures come from, by site."""

    def proof(self, contract_id: str) -> Proof | None:
        """Reads the store: in a skill's thread only. None where there is no store to read."""

    def heard_in(self) -> frozenset[str]:
        """Ids of the chats whose telling is known here: its own; in a private one, all that its person is a member of."""

    def members(self) -> tuple[Person, ...]:
        """Everybody in this chat; nobody where nothing may be shown."""

    def people(self) -> tuple[Person, ...]:
        """Whom this chat may speak of: members of all chats heard here, among lenders everybody of the parties."""

    def reading(self, tank_id: str) -> Reading:
        """The tank's newest reading."""

    def tank(self, tank_id: str) -> Tank:
        """A tank of a visible contract. Raises KeyError outside the bounds."""

    def answers_for(self) -> frozenset[str]:
        """The actor, and everybody whose deputy they are."""

    def supervisors(self) -> tuple[str, ...]:
        """Person ids of the supervisor who read along in this chat."""

    def runs(self, tank_id: str) -> bool:
        """Whether the actor may speak for this tank of a visible contract: not a depot's person for another depot's."""

    def promises(self, contract_id: str) -> tuple[Promise, ...]:
        """Promises of goods or money made in this chat, in the lender's own all of them; ended ones for a day."""

    def works(self, contract_id: str) -> tuple[Work, ...]:
        """Work at its tanks that is announced and not over, told here as promises are."""

    @property
    def goods(self) -> Mapping[str, Good]:
        """Goods by code."""

    @property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""
