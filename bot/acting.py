"""A press on the card of a deed: whether this person may, what it becomes, who is told. A sentence alone does nothing.

Everything goes through the judging lock in one commit with what it owes; the card then says what became of it.
"""

from datetime import datetime

from bot.clock import Clock
from bot.deeds import debts_of, event_of
from bot.judging import LOCAL, Applied, Decision, Judging
from bot.pending import Pending, Waiting, closed
from bot.tokens import RequestPressed
from bot.words import Words
from domain.alarm import Alarm, Answer, acknowledge, escalate, shelve
from domain.contract import Contract
from domain.deed.deed import Deed, Wanted
from domain.deed.promise import same_promise
from domain.deed.rights import may_do
from domain.errors import AlarmError
from domain.event import Event, parse_stamp
from domain.message import Inbound
from domain.people import Chat, Person

ON_ALARMS = frozenset({Deed.DISPUTE, Deed.SNOOZE, Deed.ESCALATE})
"""Deeds that are events of an alarm; the others are events of their own."""
WITNESSED = frozenset({"checkin"})
"""What nobody can press for somebody else: that they have arrived."""


class Acting:
    """Hears presses on cards of deeds."""

    def __init__(self, *, judging: Judging, pending: Pending, words: Words, clock: Clock) -> None:
        self._judging = judging
        self._house = judging.house
        self._roster = judging.house.workspace.roster
        self._pending = pending
        self._words = words
        self._clock = clock

    async def pressed(self, inbound: Inbound, press: RequestPressed, person: Person, chat: Chat) -> str | None:
        """The line for whoever pressed; None where the card is that of a case. Raises StoreError."""
        waiting = self._pending.find(press.request, chat.id, self._clock.now())
        if waiting is None or not isinstance(waiting.request, Wanted):
            return None
        wanted = waiting.request
        contract = self._house.workspace.contracts[wanted.contract_id]
        asker, witnessed = self._roster.people[waiting.by], wanted.body.get("what") in WITNESSED
        if not may_do(wanted.deed, person, asker, chat, contract, witnessed=witnessed):
            await self._judging.record([self._refusal(inbound, person, contract, wanted)], [], seen=_mark(inbound))
            return self._words.line("not_permitted")
        if not press.file:
            line = self._words.line("act_dropped")
        else:
            done = await self._done(inbound, waiting, wanted, person, chat, contract)
            if done is None:
                return self._words.line("request_handled")
            line = done
        self._pending.forget(press.request)
        await self._closed(inbound, waiting, contract, line)
        return line

    async def _done(
        self, inbound: Inbound, waiting: Waiting, wanted: Wanted, person: Person, chat: Chat, contract: Contract
    ) -> str | None:
        """Do it; the line that tells of it, None where this very press was handled before."""
        if wanted.deed in ON_ALARMS:
            return await self._on_alarm(inbound, wanted, person, contract)
        made: list[Event] = []
        standing: list[str] = []

        def decide(decision: Decision, now: datetime) -> None:
            standing.extend(self._standing(wanted, person))
            if standing:
                return
            deeds, day = self._house.deeds, _day(now)
            event = event_of(wanted, person, chat, contract, deeds, day, now, said_by=waiting.by)
            made.append(event)
            decision.events.append(event)
            decision.debts += debts_of(event, wanted, person, chat, contract, self._house.workspace.roster, self._words)

        applied = await self._judging.settle(decide, seen=_mark(inbound))
        if standing:
            return self._words.line("act_stands", promise=standing[0])
        if applied is Applied.REPEATED:
            return None
        return self._words.line("act_done", deed=wanted.deed.value, no=_number(made[0]))

    def _standing(self, wanted: Wanted, person: Person) -> list[str]:
        """The very same promise of the same organisation, pressed on another card meanwhile."""
        if wanted.deed is not Deed.COMMIT:
            return []
        people, known = self._roster.people, self._house.deeds.promises.values()
        return [p.id for p in known if same_promise(p, wanted) and people[p.by].org == person.org]

    async def _on_alarm(self, inbound: Inbound, wanted: Wanted, person: Person, contract: Contract) -> str | None:
        alarm = self._house.alarms.get((contract.lender, wanted.alarm_id or ""))
        if alarm is None or not alarm.open:
            return self._words.line("old_alarm", alarm=wanted.alarm_id or "")
        try:
            applied = await self._judging.apply(alarm, lambda a: self._events(a, wanted, person), seen=_mark(inbound))
        except AlarmError:
            return self._words.line("act_not_now", alarm=alarm.id)
        match applied:
            case Applied.DONE:
                return self._words.line("act_done", deed=wanted.deed.value, no=alarm.id)
            case Applied.NOTHING:
                return self._words.line("act_not_now", alarm=alarm.id)
            case Applied.REPEATED:
                return None

    def _events(self, alarm: Alarm, wanted: Wanted, person: Person) -> list[Event]:
        """What the deed makes of the alarm as it is now. Raises AlarmError."""
        now, said = self._clock.now(), str(wanted.body["said"])
        match wanted.deed:
            case Deed.DISPUTE:
                return acknowledge(alarm, person.id, Answer.DISPUTE, self._roster, via="words", now=now, reason=said)
            case Deed.SNOOZE:
                return shelve(alarm, person.id, until=parse_stamp(wanted.body["until"]), why=said, now=now)
            case _:
                return escalate(alarm, person.id, now=now)

    async def _closed(self, inbound: Inbound, waiting: Waiting, contract: Contract, line: str) -> None:
        platform, ident = _mark(inbound)
        await self._judging.record([], [closed(waiting, contract.lender, line)], seen=(platform, f"{ident}/card"))

    def _refusal(self, inbound: Inbound, person: Person, contract: Contract, wanted: Wanted) -> Event:
        """Somebody pressed what is not theirs: recorded, in the lender's chain."""
        body = {
            "alarm": wanted.alarm_id,
            "person": person.id,
            "action": wanted.deed.value,
            "platform": inbound.platform,
        }
        now = self._clock.now()
        return Event(tenant=contract.lender, kind="person.refused", v=1, occurred_at=now, actor=person.id, body=body)


def _day(now: datetime) -> str:
    return f"{now.astimezone(LOCAL):%Y%m%d}"


def _number(event: Event) -> str:
    return next((str(event.body[k]) for k in ("promise", "claim", "work") if k in event.body), "")


def _mark(inbound: Inbound) -> tuple[str, str]:
    return inbound.platform, inbound.event_id
