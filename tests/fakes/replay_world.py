"""Small worlds for a replay, nasty on purpose: values on the lines, losses on tolerances, gauges that lie or fall silent.

The same seed makes the same world. Everything is in a series of its own, in memory.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np

from bot.command.replaying.facts import Fact, Facts
from bot.command.replaying.prices import recorded_prices, refs_of
from bot.command.replaying.records import Records
from bot.command.replaying.stage import Stage
from bot.command.replaying.titles import Titles
from datasources.workspace import Workspace, load
from domain.contract import Caps, Contract, ControlLineNotice, PledgedTank, QuantityRule, Staleness, Tolerances
from domain.event import Event, stamp
from domain.farm import Farm, Quality, Readings
from domain.interest import DayCount
from domain.loan import Drawing, Loan, MarginMove, Repayment
from domain.metering.inventory import measure
from domain.metering.plant import Plant
from domain.movement import BookRow, Direction, Feed, ReleaseNotice, WorkOrder
from domain.ownership.entry import Entry, EntryKind
from domain.price import PriceQuote
from store.series import Series
from tests.fakes.house_ground import write_ground

START = datetime(2026, 3, 12, 15, 20, tzinfo=UTC)  # a Chinese midnight is near: interest grows, alarms count anew
MINUTE = timedelta(minutes=1)
FULL = {"T-1": 2500.0, "T-2": 10000.0, "S-1": 1400.0}
CNY_T = {"METHANOL": Decimal(2400), "DIESEL0": Decimal(7000)}
REF = {"METHANOL": "METHANOL-SD", "DIESEL0": "DIESEL-SD"}


@dataclass(frozen=True, kw_only=True)
class World:
    """What a replay is asked, and the series behind it."""

    workspace: Workspace
    contract: Contract
    series: Series
    quotes: list[PriceQuote]
    start: datetime
    end: datetime
    step: timedelta
    known_then: bool
    confirm_after: timedelta | None
    facts: Facts = field(default_factory=Facts)

    def records(self, stage: Stage) -> Records:
        """What the ledgers knew, for one more replay."""
        sites = ("north", "south")
        titles = Titles.of(self.series, sites, self.start, self.end, known_then=self.known_then)
        return Records(stage, self.contract, self.facts, titles)


def ground(directory: Path) -> Workspace:
    """The files that every world starts from."""
    write_ground(directory / "w", START)
    return load(directory / "w", now=START).sound()


def world(workspace: Workspace, seed: int, *, minutes: int = 240) -> World:
    """One world. Its contract takes the place of the workspace's own, with another of the same lender beside it."""
    rng = Random(seed)
    end = START + minutes * MINUTE
    contract = _contract(workspace.contracts["A-1"], rng, workspace, end)
    other = replace(
        workspace.contracts["B-1"],
        lender=contract.lender,
        pledged=tuple(replace(p, share=None) for p in workspace.contracts["B-1"].pledged),
    )
    mine = {contract.id: contract, **({other.id: other} if rng.random() < 0.5 and _floats(contract) else {})}
    workspace = replace(workspace, contracts=mine)
    series = Series.open(":memory:", memory_limit="256MB")
    _readings(series, workspace, rng, minutes)
    _papers(series, workspace, contract, rng, minutes)
    series.append_prices(_prices(contract, rng, minutes))
    known_then = rng.random() < 0.7
    return World(
        workspace=workspace,
        contract=contract,
        series=series,
        quotes=recorded_prices(series, refs_of(contract), START, end, known_then=known_then),
        start=START,
        end=end,
        step=rng.choice([MINUTE, MINUTE, MINUTE, timedelta(seconds=30), 2 * MINUTE]),
        known_then=known_then,
        confirm_after=rng.choice([None, timedelta(minutes=20)]),
        facts=_facts(series, workspace, contract, Random(seed + 10_000), minutes),
    )


def _facts(series: Series, workspace: Workspace, contract: Contract, rng: Random, minutes: int) -> Facts:
    """Balances, money, notices and prices by hand at any time; an ownership ledger that is late, ahead and corrected."""
    day, found = minutes * MINUTE, []

    def said(kind: str, known: datetime, /, **body: object) -> None:
        event = Event(
            tenant=contract.lender,
            kind=kind,
            v=1,
            occurred_at=known,
            actor="chen",
            body={"contract": contract.id, **body},
        )
        found.append(Fact(at=known, event=event))

    owed = contract.exposure.principal
    for _ in range(rng.choice([0, 1, 3])):
        at = START + day * rng.uniform(-0.2, 1)
        principal = str((owed * Decimal(rng.choice(["1", "1.001", "0.97", "1.04"]))).quantize(Decimal("0.01")))
        parts = {"accrued_interest": "0", "fees_due": "0", "cash_margin": "0", "source": "s", "via": "feed:s"}
        of = at + timedelta(minutes=rng.choice([0, -30, 7]))
        said("exposure.stated", at, as_of=stamp(of), principal=principal, **parts)
    for kind in rng.sample(["repayment", "margin"], k=rng.choice([0, 1])):
        at = START + day * rng.random()
        said("payment.confirmed", at, amount="20000.00", at=stamp(at - MINUTE), kind=kind, case=None, by="chen")
    if rng.random() < 0.3:
        at = START + day * rng.random()
        amount = str((_worth(contract, workspace) * Decimal("0.99")).quantize(Decimal("0.01")))
        said(
            "line.noticed",
            at,
            no="N-9",
            amount=amount,
            effective_from=stamp(at + timedelta(minutes=rng.choice([-9, 9]))),
        )
    if rng.random() < 0.5:
        at = START + day * rng.random()
        said(
            "price.set",
            at,
            good="DIESEL0",
            price=rng.choice(["6500", "7400"]),
            until=stamp(at + 11 * MINUTE),
            proposed_by="wang",
        )
    _titles(series, rng, minutes)
    facts = sorted(found, key=lambda f: f.at)
    return Facts(
        before=tuple(f for f in facts if f.at <= START), coming=tuple(f for f in facts if f.at > START), kept=True
    )


def _titles(series: Series, rng: Random, minutes: int) -> None:
    for n in range(rng.choice([0, 0, 2, 5])):
        at = START + rng.randint(-20, minutes) * MINUTE
        entry = Entry(
            no=f"E-{rng.choice([1, 2, n])}", site_id="north", kind=EntryKind.OPENING, at=at, tank_id="T-2", good="DIESEL0",
            kg=rng.choice([500_000, 900_000]), owner=rng.choice(["hengyun", "haichuan"]), line=rng.choice([1, 2]),
        )  # fmt: skip
        series.append_ownership(
            [entry], received_at=max(START - MINUTE, at + timedelta(minutes=rng.choice([-5, 0, 8])))
        )


def calm_world(workspace: Workspace, *, minutes: int, near: Decimal, outflow_from: int | None = None) -> World:
    """Two still tanks and one publication a good. near: the value as a multiple of the warning line.

    outflow_from: from this minute on T-2 is emptied under a work order, 5 mm a minute.
    """
    end = START + minutes * MINUTE
    base = workspace.contracts["A-1"]
    contract = replace(
        base, pledged=tuple(PledgedTank(tank_id=t, owner="hengyun", share=Decimal(1)) for t in ("T-1", "T-2"))
    )
    owed = (_worth(contract, workspace) * contract.lines.ltv_warn / near).quantize(Decimal("0.01"))
    contract = replace(contract, exposure=replace(contract.exposure, principal=owed))
    workspace = replace(workspace, contracts={contract.id: contract})
    series = Series.open(":memory:", memory_limit="256MB")
    for minute in range(-1, minutes + 1):
        gone = 5.0 * max(0, minute - outflow_from) if outflow_from is not None else 0.0
        at = START + minute * MINUTE + timedelta(seconds=7)
        polls = [reading(workspace, t, at, mm - (gone if t == "T-2" else 0.0)) for t, mm in FULL.items()]
        series.append(polls, workspace.index)
    if outflow_from is not None:
        opened = START + outflow_from * MINUTE
        order = WorkOrder(
            no="W-1", site_id="north", tank_id="T-2", direction=Direction.OUT, good="DIESEL0", planned_kg=10**6, done_kg=0,
            opened_at=opened,
        )  # fmt: skip
        series.append_workorders([order], received_at=opened)
    quotes = [_quote(code, CNY_T[code], START - MINUTE, START - MINUTE, "海岱资讯") for code in contract.goods]
    series.append_prices(quotes)
    return World(
        workspace=workspace,
        contract=contract,
        series=series,
        quotes=recorded_prices(series, refs_of(contract), START, end, known_then=True),
        start=START,
        end=end,
        step=MINUTE,
        known_then=True,
        confirm_after=None,
    )


def reading(workspace: Workspace, tank_id: str, at: datetime, level_mm: float) -> Readings:
    """One good reading, received a moment later."""
    us = int(at.timestamp() * 1e6)
    return Readings(
        rows=np.array([workspace.index.row[tank_id]]),
        level_mm=np.array([level_mm]),
        water_mm=np.zeros(1),
        temp_c=np.full(1, 20.0),
        density_kg_m3=np.full(1, np.nan),
        taken_at_us=np.array([us]),
        received_at_us=np.array([us + 50_000]),
        status=np.zeros(1, dtype=np.int64),
        quality=np.zeros(1, dtype=np.uint32),
    )


def _floats(contract: Contract) -> bool:
    return all(p.share is None for p in contract.pledged)


def _contract(base: Contract, rng: Random, workspace: Workspace, end: datetime) -> Contract:
    share = rng.choice([None, None, Decimal(1), Decimal("0.5")])
    tanks = rng.sample(sorted(FULL), k=rng.choice([1, 2, 3, 3, 3]))
    pledged = tuple(
        PledgedTank(tank_id=t, owner="hengyun", share=share, frozen_kg=rng.choice([0, 0, 7001])) for t in tanks
    )
    goods = {
        code: replace(
            good,
            haircut=rng.choice([Decimal(0), Decimal("0.07")]),
            max_share=rng.choice([None, None, Decimal("0.55")]),
            price=replace(
                good.price,
                stale_after_s=rng.choice([1800.0, 5400.0, 86400.0]),
                stale_haircut=rng.choice([Decimal(0), Decimal("0.05")]),
                crash_day=rng.choice([Decimal("0.03"), Decimal("0.50")]),
            ),
        )
        for code, good in base.goods.items()
    }
    contract = replace(
        base,
        pledged=pledged,
        goods=goods,
        caps=rng.choice([Caps(), Caps(good=Decimal("0.6"), site=Decimal("0.7")), Caps(tank=Decimal("0.5"))]),
        quantity_rule=rng.choice(list(QuantityRule)),
        on_delay=rng.choice([1, 2, 2, 3]),
        tolerances=Tolerances(
            static_t=rng.choice([0.5, 3.0]),
            window_s=rng.choice([600.0, 1800.0]),
            book_confirm_s=rng.choice([300.0, 1200.0]),
        ),
        staleness=Staleness(
            warn_s=rng.choice([150.0, 300.0]),
            exclude_s=rng.choice([600.0, 1800.0]),
            restore_s=300.0,
            book_s=rng.choice([3600.0, 86400.0]),
            feed_s=rng.choice([300.0, 1800.0]),
        ),
    )
    lines = replace(
        contract.lines,
        confirm_k=rng.choice([2, 3]),
        confirm_s=rng.choice([60.0, 600.0]),
        hysteresis=rng.choice([Decimal(0), Decimal("0.005")]),
        notices=_notices(contract, rng, workspace, end),
    )
    return replace(contract, lines=lines, exposure=_owed(contract, rng, workspace, end))


def _notices(contract: Contract, rng: Random, workspace: Workspace, end: datetime) -> tuple[ControlLineNotice, ...]:
    if rng.random() < 0.8:
        return ()
    when = START + (end - START) * rng.random()
    return (ControlLineNotice(no="N-1", amount=_worth(contract, workspace) * Decimal("0.999"), effective_from=when),)


def _owed(contract: Contract, rng: Random, workspace: Workspace, end: datetime) -> object:
    """An amount for which the value begins near a line, often within a few yuan of it."""
    near = rng.choice(["1.30", "1.02", "1.001", "1.00001", "0.9999", "0.95", "0.90"])
    principal = (_worth(contract, workspace) * contract.lines.ltv_warn / Decimal(near)).quantize(Decimal("0.01"))
    stated = replace(contract.exposure, principal=max(principal, Decimal(1)))
    if rng.random() < 0.8:
        return stated
    day = START.date()
    loan = Loan(
        drawings=(
            Drawing(
                id="D-1", principal=principal, drawn_on=day.replace(month=1), matures_on=day.replace(year=2027),
                rate=Decimal("0.05"), day_count=DayCount.ACT_360, interest_from=day,
            ),
        ),
        repayments=(Repayment(at=START + (end - START) * 0.4, amount=principal / 50),),
        margin=(MarginMove(at=START + (end - START) * 0.7, amount=principal / 70),),
    )  # fmt: skip
    return replace(stated, loan=loan)


def _worth(contract: Contract, workspace: Workspace) -> Decimal:
    """What the pool is worth at the beginning, by gauges alone."""
    mass = _mass_kg(workspace, FULL, above_heel=True)
    total = Decimal(0)
    for p in contract.pledged:
        good = workspace.index.tanks[workspace.index.row[p.tank_id]].good
        part = p.share if p.share is not None else Decimal("0.6")
        kg = Decimal(round(mass[p.tank_id] * float(part))) - p.frozen_kg
        total += kg / 1000 * CNY_T[good] * (1 - contract.goods[good].haircut)
    return total.quantize(Decimal("0.01"))


def _mass_kg(workspace: Workspace, levels: dict[str, float], *, above_heel: bool = False) -> dict[str, float]:
    index = workspace.index
    farm = Farm.unread(index)
    n = len(index)
    farm = replace(
        farm,
        level_mm=np.array([levels[t.id] for t in index.tanks]),
        water_mm=np.zeros(n),
        temp_c=np.full(n, 20.0),
        quality=np.zeros(n, dtype=np.uint32),
    )
    found = measure(farm, Plant.of(index, workspace.goods, workspace.settings.metering))
    mass = found.mass_air_kg - (found.heel_kg if above_heel else 0.0)
    return {t.id: float(m) for t, m in zip(index.tanks, mass, strict=True)}


def _readings(series: Series, workspace: Workspace, rng: Random, minutes: int) -> None:
    """Polls of every tank: still, flowing, jumping, unreadable, silent; some late, some corrected later."""
    rows: list[tuple[int, int, int, float, int]] = []
    for tank in workspace.index.tanks:
        rows += _course(workspace.index.row[tank.id], FULL[tank.id], rng, minutes)
    order = np.array(sorted(rows, key=lambda r: r[2]), dtype=object)
    k = len(order)
    columns = [np.array([r[c] for r in order], dtype=t) for c, t in enumerate((np.int64, np.int64, np.int64, float, np.uint32))]  # fmt: skip
    series.append(
        [
            Readings(
                rows=columns[0],
                level_mm=columns[3],
                water_mm=np.zeros(k),
                temp_c=np.full(k, 20.0),
                density_kg_m3=np.full(k, np.nan),
                taken_at_us=columns[1],
                received_at_us=columns[2],
                status=np.zeros(k, dtype=np.int64),
                quality=columns[4],
            )
        ],
        workspace.index,
    )


def _course(row: int, full: float, rng: Random, minutes: int) -> list[tuple[int, int, int, float, int]]:
    """One tank's words: row, taken, received (µs), level, quality."""
    out = []
    us = int(START.timestamp()) * 1_000_000
    level, flow, until, silent = full, 0.0, 0, 0
    wild = rng.choice([0.0, 0.0, 0.01, 0.05])
    noise = rng.choice([0.0, 0.3, 1.0])
    for minute in range(-3 if rng.random() < 0.8 else 5, minutes):
        if minute >= until:
            flow = rng.choice([0.0, 0.0, 0.0, -full / 4000, full / 4000, -full / 500, full / 700])
            until = minute + rng.randint(5, 60)
        if rng.random() < 0.006:
            silent = minute + rng.choice([2, 4, 8, 20, 45])
        level = min(max(level + flow, full * 0.3), full * 1.08)
        if minute < silent:
            continue
        taken = us + minute * 60_000_000 + rng.choice([0, 3_000_000, 59_999_999]) + rng.randint(0, 200_000)
        received = taken + rng.randint(10_000, 90_000)
        shown, quality = round(level + rng.gauss(0, noise), 1), 0
        if rng.random() < wild:
            shown = round(level * rng.choice([0.5, 0.9, 0.97, 1.03]), 1)
        if rng.random() < 0.02:
            shown, quality = (float("nan"), int(Quality.MISSING)) if rng.random() < 0.5 else (shown, int(Quality.BUSY))
        if rng.random() < 0.02:
            received += rng.choice([90, 600, 3600]) * 1_000_000
        out.append((row, taken, received, shown, quality))
        if rng.random() < 0.01:
            out.append((row, taken, received + rng.randint(1, 3000) * 1_000_000, round(shown * 0.99, 1), 0))
    return out


def _papers(series: Series, workspace: Workspace, contract: Contract, rng: Random, minutes: int) -> None:
    mass = _mass_kg(workspace, FULL)
    for site in ("north", "south"):
        tanks = [t for t in workspace.index.tanks if t.site_id == site]
        off = {t.id: rng.choice([1.0, 1.0, 1.0049, 1.006, 0.994, 1.02]) for t in tanks}
        for minute in sorted({-1, *(rng.randint(0, minutes) for _ in range(rng.choice([0, 3, 12])))}):
            said = START + minute * MINUTE
            if rng.random() < 0.3:
                off[rng.choice(tanks).id] = rng.choice([1.0, 1.0051, 0.99])
            rows = tuple(
                BookRow(site_id=site, tank_id=t.id, good=t.good, owner=owner, mass_kg=round(mass[t.id] * off[t.id] * part), as_of=said)
                for t in tanks
                for owner, part in (("hengyun", 0.6), ("haichuan", 0.4))
            )  # fmt: skip
            late = timedelta(seconds=rng.choice([0, 1, 30, 900]))
            series.append_book(site, Feed(rows=rows, as_of=said, received_at=said + late))
        orders = [
            _order(series, site, f"{site}-{n}", rng.choice(tanks).id, rng, minutes)
            for n in range(rng.choice([0, 1, 2, 4]))
        ]
        _told(series, site, orders, rng, minutes)


def _told(series: Series, site: str, orders: list[WorkOrder], rng: Random, minutes: int) -> None:
    """When the orders were told, and lists of notices for some of them: never, always, or for a time only."""
    last = rng.choice([-9, minutes // 3, minutes])
    for minute in range(-5, last, rng.choice([1, 3])):
        at = START + minute * MINUTE + timedelta(seconds=rng.choice([0, 20]))
        series.hear_workorders(site, as_of=at, received_at=at + timedelta(seconds=rng.choice([0, 0, 400])))
    last = rng.choice([-9, minutes // 2, minutes])
    for minute in range(-5, last, rng.choice([2, 7])):
        at = START + minute * MINUTE
        notices = tuple(
            ReleaseNotice(
                no=f"R-{o.no}", owner="hengyun", site_id=site, tank_id=o.tank_id, good=o.good, mass_kg=o.planned_kg,
                issued_at=o.opened_at - MINUTE, valid_until=o.opened_at + 60 * MINUTE, sealed=rng.random() < 0.8,
            )
            for o in orders
            if rng.random() < 0.8
        )  # fmt: skip
        series.append_releases(
            site, Feed(rows=notices, as_of=at, received_at=at + timedelta(seconds=rng.choice([0, 90])))
        )


def _order(series: Series, site: str, no: str, tank_id: str, rng: Random, minutes: int) -> WorkOrder:
    opened = START + rng.randint(-60, minutes) * MINUTE
    order = WorkOrder(
        no=no, site_id=site, tank_id=tank_id, direction=rng.choice([Direction.OUT, Direction.IN, Direction.TRANSFER_OUT]),
        good="METHANOL", planned_kg=rng.choice([500, 5000, 60_000]), done_kg=0, opened_at=opened,
        release_no=rng.choice([None, f"R-{no}"]),
    )  # fmt: skip
    known = opened + timedelta(seconds=rng.choice([0, 45, 600]))
    series.append_workorders([order], received_at=known)
    if rng.random() < 0.7:
        closed = opened + rng.randint(5, 90) * MINUTE
        series.append_workorders([replace(order, closed_at=closed, done_kg=400)], received_at=max(closed, known))
    return order


def _prices(contract: Contract, rng: Random, minutes: int) -> list[PriceQuote]:
    out = []
    for code in contract.goods:
        price, at = CNY_T[code], START - timedelta(minutes=rng.choice([5, 700]))
        while at < START + minutes * MINUTE:
            received = at + timedelta(seconds=rng.choice([0, 0.5, 20]))
            out.append(_quote(code, price, at, received, rng.choice(["海岱资讯", "海岱资讯", "别处"])))
            price = (price * Decimal(rng.choice(["1", "0.999", "1.001", "0.96", "1.04", "0.9", "1.1"]))).quantize(
                Decimal("0.01")
            )
            at += timedelta(minutes=rng.choice([7, 30, 60, 200]))
    return out


def _quote(code: str, price: Decimal, at: datetime, received: datetime, provider: str) -> PriceQuote:
    return PriceQuote(
        ref=REF[code], good=code, provider=provider, region="山东", basis="出罐含税", currency="CNY", price=price,
        published_at=at, received_at=received, source_id="s",
    )  # fmt: skip
