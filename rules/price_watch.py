"""The price behind the value: stale or missing, crashed within one fixing, or too strange to be believed yet."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import AlertKind, EligibleGood, Severity
from domain.event import Json, parse_stamp, stamp
from domain.finding import Finding, Standing
from domain.money import ZERO, total, worth
from domain.position import GoodPrice, Position, PriceStanding, capped, lowest_breached
from domain.scene import Scene

NAME = "price_watch/1"
CRASH_TOLD = timedelta(hours=24)
"""A fall is news for a day; then the alarm returns by itself."""
SETTLES = timedelta(minutes=1)
"""A price that never was is told so long after the first judgement: the sources are asked while the gauges already speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """Goods that fell together: good → (old, new) in CNY/t, and when it was seen."""

    at: datetime
    goods: dict[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """last: per good the newest published price. crashes and stale: groups told together. first_at: first judgement."""

    last: dict[str, tuple[datetime, Decimal]] = field(default_factory=dict)
    crashes: tuple[Crash, ...] = ()
    stale: tuple[frozenset[str], ...] = ()
    first_at: datetime | None = None


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, what was told stays told as one group."""
    memory = Memory()
    for a in alarms:
        if a.condition != "active" or not a.open:
            continue
        if a.kind is AlertKind.PRICE_CRASH:
            goods = {g["good"]: (Decimal(g["from"]), Decimal(g["to"])) for g in a.facts["goods"]}
            crash = Crash(at=parse_stamp(a.facts["seen_at"]), goods=goods)
            memory = replace(memory, crashes=(*memory.crashes, crash))
        if a.kind is AlertKind.PRICE_STALE:
            memory = replace(memory, stale=(*memory.stale, frozenset(g["good"] for g in a.facts["goods"])))
    return memory


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """Findings about the prices of the goods that the contract's tanks hold."""
    memory = replace(memory, first_at=memory.first_at or scene.now)
    held = sorted({i.holding.good for i in scene.position.items if i.holding.good in scene.contract.goods})
    crashes = _crashes(scene, memory, held)
    stale = _stale_groups(scene, memory, held)
    findings = [_crash_finding(scene, c) for c in crashes]
    findings += [_stale_finding(scene, g) for g in stale]
    findings += [_outlier_finding(scene, g) for g in held if _price(scene, g).quarantined is not None]
    last = dict(memory.last)
    for g in held:
        price = _price(scene, g)
        if price.cny_t is not None and price.published_at is not None:
            last[g] = (price.published_at, price.cny_t)
    return findings, replace(memory, last=last, crashes=crashes, stale=stale)


def _price(scene: Scene, good: str) -> GoodPrice:
    missing = GoodPrice(cny_t=None, published_at=None, standing=PriceStanding.MISSING, source="")
    return scene.prices.get(good, missing)


def _crashes(scene: Scene, memory: Memory, held: list[str]) -> tuple[Crash, ...]:
    """Falls still worth telling, and those that this fixing brought, as one group."""
    live = tuple(c for c in memory.crashes if scene.now - c.at < CRASH_TOLD and _still_low(scene, c))
    fell: dict[str, tuple[Decimal, Decimal]] = {}
    for good in held:
        before, now = memory.last.get(good), _price(scene, good)
        if before is None or now.cny_t is None or before[1] <= 0:
            continue
        if 1 - now.cny_t / before[1] >= scene.contract.goods[good].price.crash_day:
            fell[good] = (before[1], now.cny_t)
    return (*live, Crash(at=scene.now, goods=fell)) if fell else live


def _still_low(scene: Scene, crash: Crash) -> bool:
    """At least one of its goods has not come back to within the limit."""
    for good, (old, _) in crash.goods.items():
        price = _price(scene, good).cny_t
        if price is None or 1 - price / old >= scene.contract.goods[good].price.crash_day:
            return True
    return False


def _stale_groups(scene: Scene, memory: Memory, held: list[str]) -> tuple[frozenset[str], ...]:
    now = {g for g in held if _price(scene, g).standing is not PriceStanding.FRESH}
    if memory.first_at is not None and scene.now - memory.first_at < SETTLES:
        now -= {g for g in now if _price(scene, g).standing is PriceStanding.MISSING and g not in _told(memory)}
    known = tuple(g for g in memory.stale if g & now)
    fresh_ones = now - frozenset(x for g in known for x in g)
    return (*known, frozenset(fresh_ones)) if fresh_ones else known


def _told(memory: Memory) -> frozenset[str]:
    return frozenset(g for group in memory.stale for g in group)


def _subject(goods: Iterable[str]) -> str:
    names = sorted(goods)
    return "+".join(names) if len(names) <= 3 else f"{names[0]}+{len(names) - 1}"


def _crash_finding(scene: Scene, crash: Crash) -> Finding:
    rows = [
        {
            "good": good,
            "from": str(old),
            "to": str(new),
            "fall": str(1 - new / old),
            "limit": str(scene.contract.goods[good].price.crash_day),
            "effect_cny": str(_revalued(scene, good, new) - _revalued(scene, good, old)),
            "source": _price(scene, good).source,
        }
        for good, (old, new) in crash.goods.items()
    ]
    rows.sort(key=lambda r: Decimal(r["effect_cny"]))
    facts: Json = {"goods": rows, "seen_at": stamp(crash.at), **_pool(scene)}
    facts["effect_cny"] = str(total(Decimal(r["effect_cny"]) for r in rows))
    return _finding(scene, AlertKind.PRICE_CRASH, f"{_subject(crash.goods)}@{stamp(crash.at)}", facts)


def _stale_finding(scene: Scene, goods: frozenset[str]) -> Finding:
    rows: list[Json] = []
    for g in sorted(goods):
        price = _price(scene, g)
        published = stamp(price.published_at) if price.published_at is not None else None
        rows.append({"good": g, "published_at": published, "standing": price.standing.value, "source": price.source})
    terms = [scene.contract.goods[g].price for g in goods]
    facts: Json = {
        "goods": rows,
        "stale_haircut": str(max(t.stale_haircut for t in terms)),
        "value_cny": str(total(i.last_known_cny for i in scene.position.items if i.holding.good in goods)),
        **_pool(scene),
    }
    return _finding(scene, AlertKind.PRICE_STALE, _subject(goods), facts)


def _outlier_finding(scene: Scene, good: str) -> Finding:
    """The bank is told V both ways; nothing is valued at the strange price until it is confirmed."""
    price = _price(scene, good)
    strange = price.quarantined if price.quarantined is not None else ZERO
    value = value_at(scene, good, strange)
    waiting = price.origin.waiting if price.origin is not None else None
    quoted = waiting.price if waiting is not None else strange
    facts: Json = {
        "good": good,
        "ref": waiting.ref if waiting is not None else scene.contract.goods[good].price.ref,
        "from": str(price.cny_t) if price.cny_t is not None else None,
        "to": str(strange),
        "published_at": stamp(price.published_at) if price.published_at is not None else None,
        "source": price.source,
        "limit": str(scene.contract.goods[good].price.outlier),
        "value_if_cny": str(value),
        "ltv_if": str(scene.position.exposure / value) if value > 0 else None,
        "line_if": (lowest_breached(value, scene.position.line_values) or "none"),
        **_pool(scene),
    }
    if waiting is not None and quoted != strange:  # averaged or converted: decided is the quote as it was published
        facts |= {"quoted": str(quoted), "quoted_in": waiting.currency}
    return _finding(scene, AlertKind.PRICE_OUTLIER, f"{good}@{quoted}", facts)


def value_at(scene: Scene, good: str, cny_t: Decimal) -> Decimal:
    """Recognised value in CNY if this good were worth ``cny_t`` per tonne; a price below 0 counts as 0."""
    price = max(cny_t, ZERO)
    items = tuple(
        replace(i, value_cny=worth(i.eligible_kg, price, i.haircut)) if i.holding.good == good else i
        for i in scene.position.items
        if i.counted
    )
    return capped(scene.contract, items)


def _revalued(scene: Scene, good: str, cny_t: Decimal) -> Decimal:
    terms: EligibleGood = scene.contract.goods[good]
    kg = sum(i.eligible_kg for i in scene.position.items if i.holding.good == good and i.counted)
    return worth(kg, max(cny_t, ZERO), terms.haircut)


def _pool(scene: Scene) -> Json:
    position: Position = scene.position
    return {
        "pool_cny": str(position.recognised),
        "ltv": str(position.ltv) if position.ltv is not None else None,
        "lines_cny": {x.value: str(v) for x, v in position.line_values.items()},
        "breached": position.breached or "none",
    }


def _finding(scene: Scene, kind: AlertKind, subject: str, facts: Json) -> Finding:
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=kind,
        subject=subject,
        severity=Severity.YELLOW,
        standing=Standing.BREACH,
        data_at=scene.now,
        facts=facts,
    )
