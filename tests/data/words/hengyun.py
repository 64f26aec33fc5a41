"""恒运池 as in docs/pledge.md, small: three sites, nine tanks, five goods, V 1.2492亿元, E 9,038.64万元. Real constructors.

Every fact in an alarm built here comes out of the real rules, so that a fact that a rule renames fails a test of the
words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from domain.alarm import Alarm, fold, observe
from domain.contract import (
    AlertKind,
    Caps,
    Contract,
    Duty,
    DutyRule,
    EligibleGood,
    Exposure,
    ExposureBasis,
    Field,
    Lines,
    PledgedTank,
    PriceTerms,
    QuantityRule,
    Staleness,
    Tolerances,
)
from domain.event import Event
from domain.farm import Farm, Quality
from domain.finding import Finding
from domain.good import Correction, Good
from domain.holding import NO_BOOKS, Books, holdings
from domain.notice import Notice, owed
from domain.people import Audience, Chat, Organisation, Person, Role, Roster
from domain.position import GoodPrice, Position, PriceStanding, take_position
from domain.scene import DepotPapers, Scene
from domain.stock import Stock
from domain.tank import Geometry, Shape, Site, Tank, TankIndex

HY = "QD-DCZY-2026-018"
NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)  # 3月12日 14:32 in China

TONNES: Mapping[str, float] = {
    "T-107": 5120.3,
    "T-112": 6080.2,
    "T-113": 6080.2,
    "T-120": 6080.2,
    "V203": 1650.2,
    "V205": 1884.972,
    "V206": 1884.972,
    "C-01": 3102.0,
    "C-02": 3102.0,
}
GOOD_OF = {
    "T-107": "D0",
    "T-112": "MEOH",
    "T-113": "MEOH",
    "T-120": "MEOH",
    "V203": "MTBE",
    "V205": "MEG",
    "V206": "MEG",
    "C-01": "B70",
    "C-02": "B70",
}
SITE_OF = {"T": "gangchu", "V": "minchu", "C": "changku"}
PRICES = {"MEOH": "2410", "D0": "6890", "B70": "3480", "MTBE": "5460", "MEG": "4000"}
NAMES = {"MEOH": "甲醇", "D0": "0#柴油", "B70": "70#沥青", "MTBE": "MTBE", "MEG": "乙二醇"}
ALIASES = {"MEOH": ("精甲醇",), "D0": ("柴油",), "B70": ("沥青",), "MTBE": ("甲基叔丁基醚",), "MEG": ("乙二醇",)}

GOODS = {
    code: Good(code=code, name=name, aliases=ALIASES[code], correction=Correction.LINEAR, density_kg_m3=800.0)
    for code, name in NAMES.items()
}
INDEX = TankIndex(
    tuple(
        Tank(
            id=t,
            site_id=SITE_OF[t[0]],
            name=t,
            good=GOOD_OF[t],
            geometry=Geometry(shape=Shape.VERTICAL, diameter_m=30.0, height_m=15.0),
            heel_mm=0.0,
            max_level_mm=14000.0,
        )
        for t in TONNES
    )
)
SITES = {
    "gangchu": Site(id="gangchu", name="港储一库", depot="gcyk", tank_ids=("T-107", "T-112", "T-113", "T-120")),
    "minchu": Site(id="minchu", name="民储库", depot="mck", tank_ids=("V203", "V205", "V206")),
    "changku": Site(id="changku", name="厂库", depot="ck", tank_ids=("C-01", "C-02")),
}

ROSTER = Roster(
    organisations={
        o.id: o
        for o in (
            Organisation(id="jia", name="甲银行青岛分行", short="甲银行"),
            Organisation(id="hy", name="恒运化工有限公司", short="恒运"),
            Organisation(id="gcyk", name="港储一库有限公司", short="港储一库"),
            Organisation(id="mck", name="民储库", short="民储库"),
            Organisation(id="gl", name="港联监管", short="港联监管"),
        )
    },
    people={
        p.id: p
        for p in (
            Person(id="wang", name="王经理", org="jia", role=Role.RELATIONSHIP_MANAGER),
            Person(id="chen", name="风控陈工", org="jia", role=Role.RISK_OFFICER),
            Person(id="lin", name="林行长", org="jia", role=Role.POST_LOAN_OFFICER),
            Person(id="zhao", name="赵总", org="hy", role=Role.BORROWER, deputy="qian"),
            Person(id="qian", name="钱经理", org="hy", role=Role.BORROWER),
            Person(id="li", name="李主管", org="gcyk", role=Role.DEPOT),
            Person(id="yibiao", name="仪表班", org="mck", role=Role.DEPOT),
            Person(id="zhou", name="老周", org="gl", role=Role.SUPERVISOR),
        )
    },
    chats={
        "bank": Chat(
            id="bank",
            name="甲银行贷后",
            audience=Audience.BANK,
            contracts=(HY,),
            members=("wang", "chen", "lin"),
        ),
        "group": Chat(
            id="group",
            name="恒运池项目群",
            audience=Audience.PROJECT,
            contracts=(HY,),
            members=("wang", "chen", "zhao", "qian", "li", "yibiao", "zhou"),
        ),
    },
)

_VALUE = (
    Duty(person="zhao", chat="group", ack_s=1800.0, act="top_up", escalate_to=("wang",)),
    Duty(person="li", chat="group", ack_s=1800.0, act="stop_outflow", escalate_to=("zhou",)),
    Duty(person="wang", chat="bank", ack_s=1800.0, act="follow_up", escalate_to=("lin",)),
    Duty(person="chen", chat="bank", ack_s=None, act="know"),
)
_BANK = (Duty(person="chen", chat="bank", ack_s=3600.0, act="check_price", escalate_to=("lin",)),)
_OFFLINE = (
    Duty(person="yibiao", chat="group", ack_s=1800.0, act="restore_gauge", escalate_to=("zhou",)),
    Duty(person="wang", chat="bank", ack_s=None, act="know"),
)
DUTIES = {
    AlertKind.VALUE_BELOW_LINE: _VALUE,
    AlertKind.BLIND_BREACH: _OFFLINE,
    AlertKind.QTY_DROP: (
        Duty(person="li", chat="group", ack_s=600.0, act="explain_movement", escalate_to=("zhou", "wang")),
        Duty(person="zhou", chat="group", ack_s=1200.0, act="verify_on_site", escalate_to=()),
        Duty(person="chen", chat="bank", ack_s=None, act="know"),
    ),
    AlertKind.SENSOR_OFFLINE: _OFFLINE,
    AlertKind.BOOK_GAP: (
        Duty(person="li", chat="group", ack_s=3600.0, act="recount", escalate_to=("zhou", "wang")),
        Duty(person="zhou", chat="group", ack_s=3600.0, act="recount", escalate_to=()),
        Duty(person="wang", chat="bank", ack_s=None, act="know"),
    ),
    AlertKind.LIFT: (
        Duty(person="li", chat="group", ack_s=600.0, act="explain_lift", escalate_to=("zhou",)),
        Duty(person="wang", chat="bank", ack_s=1800.0, act="follow_up"),
    ),
    AlertKind.YIELD_GAP: (
        Duty(person="yibiao", chat="group", ack_s=1800.0, act="explain_movement", escalate_to=("zhou", "wang")),
        Duty(person="zhou", chat="group", ack_s=7200.0, act="verify_on_site", escalate_to=()),
        Duty(person="chen", chat="bank", ack_s=None, act="know"),
    ),
    AlertKind.DUP_PLEDGE: (
        Duty(person="chen", chat="bank", ack_s=600.0, act="check_receipts", escalate_to=("lin",)),
        Duty(person="wang", chat="bank", ack_s=600.0, act="follow_up", escalate_to=("lin",)),
    ),
    AlertKind.RECEIPT_EXPIRING: (
        Duty(person="zhao", chat="group", ack_s=86400.0, act="renew_receipts", escalate_to=("wang",)),
        Duty(person="wang", chat="bank", ack_s=None, act="follow_up"),
    ),
    AlertKind.PRICE_STALE: _BANK,
    AlertKind.PRICE_CRASH: (Duty(person="zhao", chat="group", ack_s=None, act="know"), *_BANK),
    AlertKind.PRICE_OUTLIER: _BANK,
}
DEPOT_SEES = frozenset({Role.BORROWER, Role.DEPOT, Role.SUPERVISOR})

CONTRACT = Contract(
    id=HY,
    name="恒运池",
    lender="jia",
    borrower="hy",
    depots=("gcyk", "mck"),
    supervisor="gl",
    effective_from=date(2026, 1, 1),
    matures_on=date(2026, 12, 31),
    exposure=Exposure(
        principal=Decimal("96000000"),
        accrued_interest=Decimal("386400"),
        fees_due=Decimal(0),
        cash_margin=Decimal("6000000"),
        basis=ExposureBasis.PRINCIPAL_INTEREST_FEES_LESS_MARGIN,
        as_of=NOW - timedelta(hours=5),
        source="bank",
        stale_after_s=86400.0,
    ),
    lines=Lines(
        ltv_initial=Decimal("0.65"), ltv_warn=Decimal("0.70"), ltv_control=Decimal("0.75"), ltv_disposal=Decimal("0.85")
    ),
    goods={c: EligibleGood(code=c, haircut=Decimal(0), price=PriceTerms(ref=f"{c}-ref")) for c in PRICES},
    caps=Caps(good=Decimal("0.40")),
    quantity_rule=QuantityRule.PHYSICAL,
    pledged=tuple(PledgedTank(tank_id=t, owner="恒运化工", share=Decimal(1)) for t in TONNES),
    duties=tuple(DutyRule(kind=k, severity=None, duties=d) for k, d in DUTIES.items()),
    disclosure={Field.VALUE: DEPOT_SEES, Field.QUANTITY: DEPOT_SEES, Field.LINE: DEPOT_SEES},
    clauses={"value_below_line": "8.2", "qty_drop": "6.1", "sensor_offline": "7.3", "price_crash": "8.1"},
    tolerances=Tolerances(),
    staleness=Staleness(),
)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a workspace knows, for ``understand`` and, by its methods, for the words."""

    index: TankIndex = INDEX
    goods: Mapping[str, Good] = field(default_factory=lambda: GOODS)
    sites: Mapping[str, Site] = field(default_factory=lambda: SITES)
    contracts: Mapping[str, Contract] = field(default_factory=lambda: {HY: CONTRACT})
    roster: Roster = ROSTER


class Labels:
    """Names for the words."""

    def good(self, code: str) -> str:
        return GOODS[code].name

    def tank(self, tank_id: str) -> str:
        return INDEX.tanks[INDEX.row[tank_id]].name

    def site(self, site_id: str) -> str:
        return SITES[site_id].name

    def contract(self, contract_id: str) -> str:
        return {HY: CONTRACT.name}[contract_id]

    def person(self, person_id: str) -> str:
        return ROSTER.named(person_id)


def prices(now: datetime, **other: str) -> dict[str, GoodPrice]:
    """All prices fresh, some of them changed."""
    return {
        code: GoodPrice(
            cny_t=Decimal(other.get(code, cny)),
            published_at=now - timedelta(hours=4),
            standing=PriceStanding.FRESH,
            source="隆众·山东",
        )
        for code, cny in PRICES.items()
    }


def stock(
    now: datetime,
    *,
    tonnes: Mapping[str, float] | None = None,
    ages_s: Mapping[str, float] | None = None,
    age_s: float = 46.0,
) -> Stock:
    """What the gauges say, read ``age_s`` ago but for the tanks in ``ages_s`` (infinity: never)."""
    tonnes, ages_s = {**TONNES, **(tonnes or {})}, ages_s or {}
    ages = np.array([ages_s.get(t.id, age_s) for t in INDEX.tanks])
    never = np.isinf(ages)
    now_us = int(now.timestamp() * 1e6)
    mass = np.array([tonnes[t.id] * 1000.0 for t in INDEX.tanks])
    return replace(
        Stock.empty(INDEX, 2),
        mass_kg=np.where(never, np.nan, mass),
        heel_kg=np.zeros(len(INDEX)),
        u_mass_kg=np.full(len(INDEX), 500.0),
        taken_at_us=np.where(never, 0, now_us - np.where(never, 0, ages) * 1e6).astype(np.int64),
        quality=np.where(ages > 300, int(Quality.MISSING), 0).astype(np.uint32),
    )


def farm(now: datetime, of: Stock, levels_mm: Mapping[str, float] | None = None) -> Farm:
    """Levels and temperatures that go with a stock."""
    levels_mm = levels_mm or {}
    gone = of.quality != 0
    return replace(
        Farm.unread(INDEX),
        level_mm=np.where(gone, np.nan, [levels_mm.get(t.id, 9842.0) for t in INDEX.tanks]),
        water_mm=np.where(gone, np.nan, 0.0),
        temp_c=np.where(gone, np.nan, 24.5),
        taken_at_us=of.taken_at_us,
        quality=of.quality,
    )


def scene(
    now: datetime = NOW,
    *,
    contract: Contract = CONTRACT,
    tonnes: Mapping[str, float] | None = None,
    ages_s: Mapping[str, float] | None = None,
    age_s: float = 46.0,
    quotes: Mapping[str, GoodPrice] | None = None,
    papers: Mapping[str, DepotPapers] | None = None,
    levels_mm: Mapping[str, float] | None = None,
    books: Books = NO_BOOKS,
    book_stale: bool = False,
) -> Scene:
    """The contract's world at ``now``."""
    of = stock(now, tonnes=tonnes, ages_s=ages_s, age_s=age_s)
    quotes = quotes if quotes is not None else prices(now)
    spoken = {s: DepotPapers(work_orders_as_of=now, releases_as_of=now) for s in SITES}
    return Scene(
        now=now,
        contract=contract,
        farm=farm(now, of, levels_mm),
        stock=of,
        position=take_position(
            contract, holdings=holdings(contract, of, books, now), prices=quotes, book_stale=book_stale, now=now
        ),
        prices=quotes,
        papers={**spoken, **(papers or {})},
        goods=GOODS,
        sites=SITES,
    )


def position(now: datetime = NOW, **what: Any) -> Position:
    """The position of ``scene``."""
    return scene(now, **what).position


@dataclass(frozen=True, kw_only=True)
class Told:
    """An alarm after an event, and what the event owes in each chat."""

    event: Event
    alarm: Alarm
    notices: Mapping[str, Notice]


def tell(event: Event, alarm: Alarm | None, contract: Contract = CONTRACT) -> Told:
    """Fold the event and see whom it owes."""
    after = fold(alarm, [event])
    return Told(event=event, alarm=after, notices={n.chat: n for n in owed(event, after, contract, ROSTER)})


def raised(finding: Finding, contract: Contract = CONTRACT, *, now: datetime = NOW, number: str = "07") -> Told:
    """A new alarm for this finding."""
    [event] = observe(None, finding, contract, number=f"AL-20260312-{number}", recovery={}, now=now)
    return tell(event, None, contract)


def only(findings: Sequence[Finding], kind: AlertKind) -> Finding:
    """The one finding of this kind."""
    [found] = [f for f in findings if f.kind is kind]
    return found
