"""今天什么价: what each good counts for, against the end of the day before, from which source and of when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.calendar import CHINA
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import ZERO
from domain.position import GoodPrice, PriceStanding
from skills.past import reaches_now
from skills.ports import View
from skills.price_change import change, last_quote
from skills.price_note import price_note
from skills.scope import PARTIES, among_lenders, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import span_of

MOST = 7
"""So many goods are told one by one; the rest is counted."""
Prices = Mapping[str, GoodPrice]


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One row per good; goods that are priced alike in several contracts share one. STALE where a price is not of now."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    shown = tuple(c for c in contracts if Field.VALUE in view.may(c.id))
    if not shown:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.VALUE.value]})
    goods = ids(arguments, "good")
    if goods and not any(g in c.goods for c in shown for g in goods):
        return not_found("good")
    at = _past(view, arguments.get("time", ""))
    if at is not None and at > view.now:
        return Answer(status=Status.CLARIFY, kind="price_when", facts={"about": "future"})
    since = _since(view, arguments.get("time", ""))
    found = _rows_now(view, shown, goods, since) if at is None else _rows_then(view, shown, goods, at, since)
    if found is None:
        assert at is not None
        return Answer(status=Status.NO_DATA, kind="price_when", facts={"about": "before", "at": stamp(at)})
    return _answer(view, contracts, found, at, named=bool(goods))


def _past(view: View, text: str) -> datetime | None:
    """The moment asked for where it is not now: of a span its end. None: now, or a span that now lies in."""
    span = span_of(text)
    return None if span is None or (span.start <= view.now and reaches_now(span.end, view.now)) else span.end


def _since(view: View, text: str) -> datetime | None:
    """From when a change is asked for, of a span its start; None where none is named."""
    span = span_of(text)
    return span.start if span is not None and span.start < min(span.end, view.now) else None


def _rows_now(view: View, contracts: Sequence[Contract], goods: tuple[str, ...], since: datetime | None) -> list[Json]:
    midnight = view.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight if since is None or since >= midnight else since
    rows: list[Json] = []
    for contract in contracts:
        now = view.prices(contract.id, view.now)
        before = view.prices(contract.id, start - timedelta(seconds=1))
        named = {"of": "day" if start == midnight else "since", "since": stamp(start)}
        for good in _chosen(view, contract, goods):
            row = _row(view, contract, good, now, before, view.now, named)
            if goods and row["standing"] == PriceStanding.FRESH:
                row["quote"] = last_quote(view, contract, good, now[good], before[good], start)
            rows.append(row)
    return rows


def _rows_then(
    view: View, contracts: Sequence[Contract], goods: tuple[str, ...], at: datetime, since: datetime | None
) -> list[Json] | None:
    """Of the goods that lay in the tanks then, under the terms of then; None before the first record."""
    then = view.then(at)
    if then is None:
        return None
    rows: list[Json] = []
    for contract in (c for c in contracts if c.id in then.positions):
        prices = {i.holding.good: i.price for i in then.positions[contract.id].items}
        before = _priced(view, contract, since) if since is not None and goods else {}
        named = {"of": "since", "since": stamp(since or at)}
        rows.extend(_row(view, contract, g, prices, before, at, named) for g in goods or prices if g in prices)
    return rows


def _priced(view: View, contract: Contract, at: datetime) -> Prices:
    """What the goods in the tanks counted for at ``at``; nothing where there is no record."""
    then = view.then(at)
    position = then.positions.get(contract.id) if then is not None else None
    return {i.holding.good: i.price for i in position.items} if position is not None else {}


def _chosen(view: View, contract: Contract, goods: tuple[str, ...]) -> list[str]:
    """Those asked for, else those that lie in the tanks, the most valuable first."""
    if goods:
        return [g for g in goods if g in contract.goods]
    position = view.position(contract.id)
    worth = dict.fromkeys(contract.goods, ZERO) if position is None else {}
    for i in position.items if position is not None else ():
        if i.holding.good in contract.goods and i.eligible_kg:
            worth[i.holding.good] = worth.get(i.holding.good, ZERO) + i.last_known_cny
    return sorted(worth, key=lambda g: -worth[g])


def _row(view: View, contract: Contract, good: str, prices: Prices, before: Prices, at: datetime, named: Json) -> Json:
    """at: the moment that the answer is of; ages are counted to it. named: of when ``before`` is."""
    price, lenders = prices[good], among_lenders(view)
    waiting = price.origin.waiting if price.origin is not None else None
    return {
        "contracts": [contract.id],
        "good": good,
        "cny_t": str(price.cny_t) if price.cny_t is not None else None,
        "standing": price.standing.value,
        "published_at": stamp(price.published_at) if price.published_at is not None else None,
        "age_s": round((at - price.published_at).total_seconds()) if price.published_at is not None else None,
        "source": price.source,
        "note": price_note(price, names=lenders),
        "waits": waiting is not None,
        "waiting": {"price": str(waiting.price), "currency": waiting.currency}
        if waiting is not None and lenders
        else None,
        "change": change(price, before.get(good), named),
        "quote": None,
    }


def _answer(
    view: View, contracts: Sequence[Contract], found: Sequence[Json], at: datetime | None, *, named: bool
) -> Answer:
    """named: goods were; of these the change is told with its moments."""
    rows = _merged(found)
    known = [r for r in rows if r["cny_t"] is not None]
    fresh = all(r["standing"] == PriceStanding.FRESH and not r["waits"] for r in rows)
    facts: Json = {
        "rows": rows[:MOST],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "at": stamp(at or view.now),
        "past": at is not None,
        "named": named,
        "withheld": withheld(view, tuple(contracts), (Field.VALUE,)),
    }
    return Answer(
        status=Status.NO_DATA if not known else Status.OK if fresh else Status.STALE,
        kind="price",
        facts=facts,
        figures=tuple(
            Figure(name=f"{c}.price.{r['good']}", value=r["cny_t"], unit="CNY/t", as_of=r["published_at"])
            for r in known
            for c in r["contracts"]
        ),
    )


def _merged(rows: Sequence[Json]) -> list[Json]:
    """Rows that differ in nothing but their contract become one."""
    merged: list[Json] = []
    for row in rows:
        alike = next((m for m in merged if {**m, "contracts": 0} == {**row, "contracts": 0}), None)
        if alike is None:
            merged.append({**row, "contracts": list(row["contracts"])})
        else:
            alike["contracts"] += row["contracts"]
    return merged


SKILL = Skill(
    name="q_price",
    command="price",
    purpose="品种单价:今天多少、较昨日涨跌、哪家报价",
    examples=("今天甲醇多少钱一吨", "柴油什么价", "价格涨了还是跌了", "昨天甲醇报价多少"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种,默认在押全部"),
        Parameter(name="time", kind="time", about="时间,默认现在"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("价格", "单价", "报价"),
)
