"""这个数哪来的: of when the newest figures are, by which way they came, and what they can be held against."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.account import exposure_at
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.position import Freshness, Position
from skills import alert_why, price
from skills.ports import SiteFeed, View
from skills.scope import PARTIES, among_lenders, asked, ids, not_found
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.which_alarm import Which

TARGETS = (
    ("data_time", ("几点的数", "什么时候的数", "数据时间", "是不是实时")),
    ("price_source", ("哪家的报价", "价格来源", "用的什么价")),
    ("photo", ("照片", "截图", "视频")),
    ("hash", ("哈希", "存证", "有没有改过")),
    ("raw_data", ("原始数据", "原始读数")),
    ("data_source", ("数据来源", "哪来的", "依据", "怎么量的")),
)
MOST = 5


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract. STALE where a tank's reading is; NO_DATA before the first, and for photos."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    target, numbers = arguments.get("target", ""), Which.of(arguments.get("alert", "")).ids
    named = ids(arguments, "tank")
    # A command with one number alone takes it for the alarm's, be it a tank's.
    tanks = named or tuple(t for c in contracts for t in c.tank_ids() if _same(t, numbers))
    if numbers and (named or not tanks):
        told = _of_alarm(view, contracts, arguments)
        if told.kind != "evidence_alarm" or not (named or target in ("price_source", "photo")):
            return told
    if target == "price_source":
        return price.run(view, {k: arguments[k] for k in ("good", "contract") if k in arguments})
    if tanks and not any(t in c.tank_ids() for c in contracts for t in tanks):
        return not_found("tank")
    blocks = [_block(view, c, target) for c in contracts]
    known = [b for b in blocks if b["newest_at"] is not None]
    facts: Json = {
        "contracts": blocks,
        "target": target,
        "at": stamp(view.now),
        "tanks": [_tank(view, t) for t in tanks if any(t in c.tank_ids() for c in contracts)][:MOST],
        "lender": among_lenders(view),
    }
    fresh = all(not b["blind"] for b in blocks)
    there = known and target != "photo"
    return Answer(
        status=Status.NO_DATA if not there else Status.OK if fresh else Status.STALE,
        kind="evidence",
        facts=facts,
        figures=tuple(
            Figure(name=f"{b['contract']}.oldest_reading_s", value=str(b["oldest_s"]), unit="s", as_of=b["newest_at"])
            for b in known
        ),
    )


def _same(tank_id: str, numbers: Sequence[str]) -> bool:
    return tank_id.upper() in numbers or "".join(c for c in tank_id if c.isdigit()) in numbers


def _of_alarm(view: View, contracts: Sequence[Contract], arguments: Mapping[str, str]) -> Answer:
    """The figures that a numbered alarm was told by, its rule and time, and what they can be held against."""
    why = alert_why.run(view, {k: arguments[k] for k in ("alert", "contract") if k in arguments})
    contract = next((c for c in contracts if c.id == why.facts.get("contract")), None)
    if contract is None:
        return why
    facts: Json = {**why.facts, "proof": _proof(view, contract), "lender": among_lenders(view)}
    return replace(why, kind="evidence_alarm", facts=facts)


def _block(view: View, contract: Contract, target: str) -> Json:
    feeds, position = view.site_feeds(contract.id), view.position(contract.id)
    newest = max((f.newest_at for f in feeds if f.newest_at is not None), default=None)
    oldest = min((f.oldest_at for f in feeds if f.oldest_at is not None), default=None)
    return {
        "contract": contract.id,
        "newest_at": stamp(newest) if newest is not None else None,
        "oldest_s": round((view.now - oldest).total_seconds()) if oldest is not None else None,
        "tanks": sum(f.tanks for f in feeds),
        "blind": _blind(position, feeds),
        "sites": [_site(view, f) for f in feeds[:MOST]],
        "book_stale": position.book_stale if position is not None else None,
        "balance": _balance(view, contract),
        "proof": _proof(view, contract) if target in ("", "hash", "raw_data") else None,
    }


def _blind(position: Position | None, feeds: Sequence[SiteFeed]) -> int:
    """Tanks whose newest reading is not of now, or that never had one."""
    if position is None:
        return sum(f.tanks for f in feeds)
    return sum(i.holding.freshness is not Freshness.FRESH for i in position.items)


def _site(view: View, feed: SiteFeed) -> Json:
    times = {"newest_at": feed.newest_at, "orders_at": feed.orders_at, "ledger_at": feed.ledger_at}
    return {
        "site": feed.site_id,
        "tanks": feed.tanks,
        "measured": feed.measured,
        "gateways": feed.gateways,
        "age_s": round((view.now - feed.newest_at).total_seconds()) if feed.newest_at is not None else None,
        **{k: stamp(v) if v is not None else None for k, v in times.items()},
    }


def _balance(view: View, contract: Contract) -> Json | None:
    """Who stated what is owed, and of when; only where the exposure itself is open."""
    if Field.EXPOSURE not in view.may(contract.id):
        return None
    owed = exposure_at(contract, view.now)
    stale = (view.now - owed.as_of).total_seconds() > owed.stale_after_s
    return {"source": owed.source, "as_of": stamp(owed.as_of), "stale": stale}


def _proof(view: View, contract: Contract) -> Json | None:
    """The newest batch's digest; among lenders also its number and rows, which are of all lenders' tanks, and their own
    chain's end, which nobody else has.
    """
    proof = view.proof(contract.id)
    if proof is None:
        return None
    digest = {"sha256": proof.sha256, "taken_at": stamp(proof.taken_at) if proof.taken_at is not None else None}
    if not among_lenders(view):
        return digest
    return {**digest, "batch": proof.batch, "rows": proof.rows, "seq": proof.seq, "head": proof.head}


def _tank(view: View, tank_id: str) -> Json:
    """A tank's newest reading as it was decoded; level and temperature where quantities are open."""
    reading = view.reading(tank_id)
    facts: Json = {
        "tank": tank_id,
        "taken_at": stamp(reading.taken_at) if reading.taken_at is not None else None,
        "why": list(reading.why),
    }
    mine = [c for c in view.contracts() if tank_id in c.tank_ids()]
    if any(Field.QUANTITY in view.may(c.id) for c in mine):
        facts |= {"level_mm": reading.level_mm, "temp_c": reading.temp_c, "water_mm": reading.water_mm}
    return facts


SKILL = Skill(
    name="q_evidence",
    command="evidence",
    purpose="数据哪来的、几点的、怎么核验",
    examples=("你这个数是几点的", "这个数哪来的", "你用的哪家的报价", "数据有没有被改过"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="target", kind="choice", about="哪一样", choices=TARGETS),
        Parameter(name="alert", kind="alarm", about="预警编号:该预警的数据和规则"),
        Parameter(name="tank", kind="tank", about="罐"),
        Parameter(name="good", kind="good", about="品种(问报价时)"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("证据", "数据来源", "来源"),
)
