"""A small pledge for tests: three tanks at one site, two goods, one lender, its chats and its duties."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

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
from domain.farm import Farm, Readings
from domain.good import Correction, Good
from domain.holding import NO_BOOKS, Books, holdings
from domain.people import Audience, Chat, Organisation, Person, Role, Roster
from domain.position import GoodPrice, PriceStanding, take_position
from domain.scene import DepotPapers, Scene
from domain.stock import Stock
from domain.tank import Geometry, Shape, Site, Tank, TankIndex

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)


def tank(name: str, good: str) -> Tank:
    return Tank(
        id=name,
        site_id="gangchu",
        name=name,
        good=good,
        geometry=Geometry(shape=Shape.VERTICAL, diameter_m=16.0, height_m=14.0),
        heel_mm=0.0,
        max_level_mm=13000.0,
    )


INDEX = TankIndex((tank("T-1", "METHANOL"), tank("T-2", "METHANOL"), tank("T-3", "DIESEL0")))
GOODS = {
    "METHANOL": Good(
        code="METHANOL", name="甲醇", correction=Correction.LINEAR, density_kg_m3=791.3, slope_kg_m3_c=0.946
    ),
    "DIESEL0": Good(code="DIESEL0", name="0#柴油", correction=Correction.T60B, density_kg_m3=832.0),
}
SITES = {"gangchu": Site(id="gangchu", name="港储一库", depot="gangchu", tank_ids=("T-1", "T-2", "T-3"))}

ROSTER = Roster(
    organisations={
        o.id: o
        for o in (
            Organisation(id="jia", name="甲银行青岛分行", short="甲银行"),
            Organisation(id="hengyun", name="恒运化工", short="恒运"),
            Organisation(id="gangchu", name="港储一库", short="港储一库"),
        )
    },
    people={
        p.id: p
        for p in (
            Person(id="wang", name="王经理", org="jia", role=Role.RELATIONSHIP_MANAGER, telegram_id=11),
            Person(id="chen", name="陈工", org="jia", role=Role.RISK_OFFICER, telegram_id=12, deputy="wang"),
            Person(id="zhao", name="赵总", org="hengyun", role=Role.BORROWER, telegram_id=13),
            Person(id="li", name="李主管", org="gangchu", role=Role.DEPOT, telegram_id=14, deputy="qian"),
            Person(id="qian", name="钱班长", org="gangchu", role=Role.DEPOT, telegram_id=15),
        )
    },
    chats={
        c.id: c
        for c in (
            Chat(
                id="jia-bank", name="甲银行贷后", audience=Audience.BANK, contracts=("C-1",), members=("wang", "chen")
            ),
            Chat(
                id="pool",
                name="恒运池项目群",
                audience=Audience.PROJECT,
                contracts=("C-1",),
                members=("wang", "chen", "zhao", "li", "qian"),
            ),
        )
    },
)


def duty(
    person: str, *, minutes: float | None = 30, chat: str = "pool", act: str = "know", up: Sequence[str] = ()
) -> Duty:
    return Duty(
        person=person,
        chat=chat,
        ack_s=None if minutes is None else minutes * 60,
        act=act,
        escalate_to=tuple(up),
    )


def contract(**changes: object) -> Contract:
    """E = 700,000.00: warn 1,000,000.00, control 933,333.33, disposal 823,529.41 CNY."""
    base = Contract(
        id="C-1",
        name="恒运池",
        lender="jia",
        borrower="hengyun",
        depots=("gangchu",),
        supervisor=None,
        effective_from=date(2026, 1, 1),
        matures_on=date(2026, 12, 31),
        exposure=Exposure(
            principal=Decimal(700000),
            accrued_interest=Decimal(0),
            fees_due=Decimal(0),
            cash_margin=Decimal(0),
            basis=ExposureBasis.PRINCIPAL,
            as_of=NOW - timedelta(hours=1),
            source="core bank",
            stale_after_s=86400.0,
        ),
        lines=Lines(
            ltv_initial=Decimal("0.65"),
            ltv_warn=Decimal("0.70"),
            ltv_control=Decimal("0.75"),
            ltv_disposal=Decimal("0.85"),
            confirm_s=60.0,
        ),
        goods={
            code: EligibleGood(code=code, haircut=Decimal(0), price=PriceTerms(ref=f"{code}-SD"))
            for code in ("METHANOL", "DIESEL0")
        },
        caps=Caps(),
        quantity_rule=QuantityRule.PHYSICAL,
        pledged=tuple(PledgedTank(tank_id=t.id, owner="hengyun", share=Decimal(1)) for t in INDEX.tanks),
        duties=(
            DutyRule(
                kind=AlertKind.VALUE_BELOW_LINE,
                severity=None,
                duties=(
                    duty("zhao", act="top_up", up=("wang",)),
                    duty("li", act="stop_outflow", minutes=10),
                    duty("chen", chat="jia-bank", minutes=None),
                ),
            ),
            DutyRule(
                kind=AlertKind.QTY_DROP,
                severity=None,
                duties=(duty("li", minutes=10, act="explain_movement", up=("chen",)),),
            ),
        ),
        disclosure={
            Field.VALUE: frozenset({Role.BORROWER, Role.DEPOT}),
            Field.QUANTITY: frozenset({Role.BORROWER, Role.DEPOT}),
            Field.LINE: frozenset({Role.BORROWER, Role.DEPOT}),
            Field.LTV: frozenset({Role.BORROWER}),
        },
        clauses={"value_below_line": "8.2"},
        tolerances=Tolerances(),
        staleness=Staleness(),
        on_delay=2,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def us(when: datetime) -> int:
    return int(when.timestamp() * 1e6)


def settled(stock: Stock, tonnes: Sequence[float], when: datetime, *, bad: Sequence[int] = ()) -> Stock:
    """One more reading of all three tanks, in tonnes; rows in ``bad`` are unreadable."""
    mass = np.array(tonnes, dtype=np.float64) * 1000
    quality = np.zeros(3, dtype=np.uint32)
    for row in bad:
        mass[row], quality[row] = np.nan, 1
    return stock.settled(
        mass_kg=mass,
        heel_kg=np.zeros(3),
        u_mass_kg=np.full(3, 100.0),
        taken_at_us=np.full(3, us(when), dtype=np.int64),
        quality=quality,
        noise_kg=np.full(3, 1500.0),
    )


def stock_of(tonnes: Sequence[float], when: datetime = NOW, on_delay: int = 2) -> Stock:
    return settled(Stock.empty(INDEX, on_delay), tonnes, when)


def prices(methanol: str = "2000", diesel: str = "7000", when: datetime = NOW) -> dict[str, GoodPrice]:
    return {
        code: GoodPrice(
            cny_t=Decimal(price),
            published_at=when - timedelta(hours=1),
            standing=PriceStanding.FRESH,
            source="约定报价机构",
        )
        for code, price in (("METHANOL", methanol), ("DIESEL0", diesel))
    }


def farm_at(when: datetime, levels: Sequence[float] = (9000.0, 9000.0, 9000.0)) -> Farm:
    n = len(levels)
    return Farm.unread(INDEX).updated(
        Readings(
            rows=np.arange(n),
            level_mm=np.array(levels, dtype=np.float64),
            water_mm=np.zeros(n),
            temp_c=np.full(n, 20.0),
            density_kg_m3=np.full(n, np.nan),
            taken_at_us=np.full(n, us(when), dtype=np.int64),
            received_at_us=np.full(n, us(when), dtype=np.int64),
            status=np.zeros(n, dtype=np.int64),
            quality=np.zeros(n, dtype=np.uint32),
        )
    )


def scene(
    stock: Stock,
    *,
    of: Contract | None = None,
    now: datetime = NOW,
    price: dict[str, GoodPrice] | None = None,
    papers: DepotPapers | None = None,
    books: Books = NO_BOOKS,
    farm: Farm | None = None,
) -> Scene:
    pledge = of or contract()
    quotes = price or prices(when=now)
    return Scene(
        now=now,
        contract=pledge,
        farm=farm or farm_at(now),
        stock=stock,
        position=take_position(
            pledge, holdings=holdings(pledge, stock, books, now), prices=quotes, book_stale=False, now=now
        ),
        prices=quotes,
        papers={"gangchu": papers} if papers is not None else {},
        goods=GOODS,
        sites=SITES,
    )
