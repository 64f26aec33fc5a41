"""Promises whose time has come, and people's own marks that a figure has crossed; decided with every tick and judgement."""

from datetime import datetime
from decimal import Decimal

from bot.house import House
from bot.judging import Decision, Judging
from bot.refusing import banks_of
from bot.words import Words
from domain.contract import Contract, Field
from domain.deed.deed import Ended, Promise, Threshold
from domain.deed.fold import CROSSED
from domain.deed.promise import came_kg, ended, paid_cny
from domain.delivery import Debt
from domain.event import Event, Json, stamp
from domain.notice import Priority, disclosed, notice_key
from domain.own_orders import Owners
from domain.people import Audience, Chat
from domain.position import Position
from domain.scene import Scene
from domain.statement import Told

BACK = Decimal("0.005")
"""A mark is crossed anew only after the figure was so far on the other side: a value that trembles tells once."""
FIELDS = {"value": Field.VALUE, "ltv": Field.LTV}


class WordKept:
    """Follows the judging (``bot.judging.Follower``)."""

    def __init__(self, judging: Judging, words: Words) -> None:
        self._house: House = judging.house
        self._words = words
        judging.follow(self)

    def judged(self, scene: Scene, decision: Decision) -> None:
        """Personal marks on this contract's figures."""
        for mark in [t for t in self._house.deeds.thresholds.values() if t.contract_id == scene.contract.id]:
            figure = _figure(mark, scene.position)
            beyond = mark.beyond if figure is None else _beyond(mark, figure)
            if figure is None or beyond is mark.beyond:
                continue
            decision.events.append(_crossed(mark, figure, beyond=bool(beyond), now=scene.now))
            if beyond:
                decision.debts += self._told(mark, figure, scene)

    def ticked(self, contract: Contract, decision: Decision, now: datetime) -> None:
        """Promises that were kept, or whose time has passed."""
        mine = (p for p in self._house.deeds.promises.values() if p.contract_id == contract.id and p.ended is None)
        for promise in mine:
            events = self._ended(promise, contract, now)
            decision.events += events
            if events and events[0].body["how"] == Ended.LAPSED:
                decision.debts += self._lapsed(promise, contract, events[0].body)

    def _ended(self, promise: Promise, contract: Contract, now: datetime) -> list[Event]:
        index, house = self._house.workspace.index, self._house
        owners = Owners.of(contract)
        orders = [o for papers in house.papers.values() for o in papers.work_orders if owners.may_be(o)]
        goods = {t: index.tanks[index.row[t]].good for t in contract.tank_ids()}
        return ended(
            promise,
            came_kg=came_kg(promise, orders, goods, frozenset(goods)),
            paid_cny=paid_cny(promise, house.said.told.get(contract.id, Told()).payments),
            alarm=house.alarms.get((contract.lender, promise.alarm_id)) if promise.alarm_id is not None else None,
            now=now,
        )

    def _lapsed(self, promise: Promise, contract: Contract, body: Json) -> list[Debt]:
        """Whoever promised is reminded where they did; the lender is told in its own chats."""
        chats = self._house.workspace.roster.chats
        where = [chats[promise.chat]] if promise.chat in chats else []
        banks = [b for b in banks_of(contract.id, chats.values()) if b.id != promise.chat]
        return [self._reminder(promise, contract, body, chat) for chat in [*where, *banks]]

    def _reminder(self, promise: Promise, contract: Contract, body: Json, chat: Chat) -> Debt:
        theirs = (p for p in (promise.by, promise.pressed_by) if p in chat.members and chat.id == promise.chat)
        people = tuple(p for p in theirs if p is not None)
        money = chat.audience is Audience.BANK and chat.verified
        facts = {
            "promise": promise.id,
            "contract": contract.id,
            "by": promise.by,
            "good": promise.good,
            "qty_kg": promise.qty_kg if chat.verified else None,  # no figure where somebody unknown reads along
            "amount_cny": str(promise.amount_cny) if promise.amount_cny is not None and chat.verified else None,
            "due": stamp(promise.due),
            "alarm": promise.alarm_id,
            "came_kg": body["came_kg"],
            "paid_cny": body["paid_cny"] if money else None,
        }
        return Debt(
            key=notice_key("promise.ended", promise.tenant, promise.id, chat.id),
            tenant=promise.tenant,
            chat=chat.id,
            priority=Priority.ESCALATION,
            message=self._words.told("lapsed", facts, people),
            template="told_lapsed",
        )

    def _told(self, mark: Threshold, figure: Decimal, scene: Scene) -> list[Debt]:
        """That person only: in their private chat, else by name where they asked for it, if that chat may read it."""
        roster = self._house.workspace.roster
        alone = (c for c in roster.chats.values() if c.audience is Audience.PRIVATE and c.members == (mark.person,))
        mine = next((c for c in alone if scene.contract.id in c.contracts), roster.chats.get(mark.chat))
        if mine is None or mark.person not in mine.members:
            return []
        if FIELDS[mark.metric] not in disclosed(scene.contract, mine, roster):
            return []
        facts = {
            "contract": scene.contract.id,
            "metric": mark.metric,
            "value": str(mark.value),
            "figure": str(figure),
            "at": stamp(scene.now),
            "fresh": scene.position.fresh_ratio == 1,
        }
        debt = Debt(
            key=notice_key("threshold", mark.contract_id, mark.person, mark.metric, stamp(scene.now)),
            tenant=mark.tenant,
            chat=mine.id,
            priority=Priority.TASK,
            message=self._words.told("threshold", facts, (mark.person,)),
            template="told_threshold",
        )
        return [debt]


def _figure(mark: Threshold, position: Position) -> Decimal | None:
    """What the mark is held against: with gauges that are silent, what was last known; None where nothing is known."""
    if not position.known:
        return None
    if mark.metric == "ltv":
        return position.ltv
    return position.recognised if position.fresh_ratio == 1 else position.last_known


def _beyond(mark: Threshold, figure: Decimal) -> bool | None:
    """On the far side of the mark; what it was before while the figure only trembles about it."""
    far = figure < mark.value if mark.metric == "value" else figure > mark.value
    if far:
        return True
    back = mark.value * (1 + BACK) <= figure if mark.metric == "value" else figure <= mark.value * (1 - BACK)
    return False if back or mark.beyond is None else mark.beyond


def _crossed(mark: Threshold, figure: Decimal, *, beyond: bool, now: datetime) -> Event:
    body = {
        "contract": mark.contract_id,
        "person": mark.person,
        "metric": mark.metric,
        "value": str(mark.value),
        "figure": str(figure),
        "beyond": beyond,
    }
    return Event(tenant=mark.tenant, kind=CROSSED, v=1, occurred_at=now, actor="system", body=body)
