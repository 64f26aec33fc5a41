"""What people do in chats: press, reply, ask. Identity is the platform's user id; every action is an event.

Each inbound event is handled in one commit together with its mark, so that a repeat after a crash changes nothing.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.acting import Acting
from bot.addresses import Addresses, unbound
from bot.answering import Answering
from bot.apart import Apart
from bot.caseroom import CaseRoom
from bot.clock import Clock
from bot.closing import accept
from bot.judging import Applied, Judging
from bot.membership import Membership
from bot.memory import Memory
from bot.ports import Channel
from bot.pricing import Pricing
from bot.proposals import Proposals
from bot.tenancy import tenant_of
from bot.tokens import Pressed, parse_case, parse_decision, parse_request, parse_token
from bot.view import ChatView, as_it_is
from bot.wording.telling import TELLINGS
from bot.words import Words
from domain.alarm import NEEDS_CLOSE, Alarm, Answer, acknowledge, close
from domain.contract import AlertKind
from domain.delivery import Debt
from domain.errors import AlarmError, StoreError
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.notice import BANK_ONLY, Priority, notice_key
from domain.people import LENDER_ROLES, Audience, Chat, Person
from skills.acting import waiting

log = logging.getLogger(__name__)

STRANGER_EVERY = timedelta(hours=1)
"""An unbound person or group gets its one line at most so often."""
STRANGERS_KEPT = 1000
REPLIES = {"收到": Answer.ACK, "已收到": Answer.ACK, "已安排": Answer.ARRANGED, "有异议": Answer.DISPUTE}
LONGEST = 2000
"""Characters of a question; longer texts are answered with one line."""


class Inbox:
    """Handles one inbound event after another."""

    def __init__(
        self,
        *,
        judging: Judging,
        answering: Answering,
        pricing: Pricing,
        proposals: Proposals,
        caseroom: CaseRoom,
        acting: Acting,
        membership: Membership,
        memory: Memory,
        addresses: Addresses,
        channels: Mapping[str, Channel],
        words: Words,
        clock: Clock,
    ) -> None:
        self._judging = judging
        self._roster = judging.house.workspace.roster
        self._answering = answering
        self._pricing = pricing
        self._proposals = proposals
        self._caseroom = caseroom
        self._acting = acting
        self._membership = membership
        self._memory = memory
        self._addresses = addresses
        self._channels = channels
        self._words = words
        self._clock = clock
        self._strangers: OrderedDict[str, datetime] = OrderedDict()
        self._apart = Apart()

    async def listen(self, channel: Channel) -> None:
        """Handle everything that a channel brings, for ever; a question that waits for a model holds up nothing else.

        Raises StoreError as ``handle`` does: what was under way is not done, and comes again.
        """
        failed: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                async for inbound in channel.events():
                    if not await self._apart.begin(group, partial(self._to_the_end, channel, inbound)):
                        await channel.aside(inbound)
        except ExceptionGroup as several:
            failed = several.exceptions[0]
        if failed is not None:
            raise failed

    async def _to_the_end(self, channel: Channel, inbound: Inbound) -> None:
        await self.handle(inbound)
        await channel.done(inbound)

    async def handle(self, inbound: Inbound) -> None:
        """Handle one event; a fault in that ends this event alone, unless memory is behind what is committed.

        Raises StoreError when memory cannot take it: the platform then keeps the event.
        """
        inbound = replace(inbound, text=_sound(inbound.text), sender_name=_sound(inbound.sender_name))
        try:
            await self._handled(inbound)
        except StoreError:
            raise
        except Exception:  # the platform would bring the event again, and each time end the process
            if self._judging.behind:
                raise
            log.exception("inbox.failed platform=%s event=%s kind=%s", *self._mark(inbound), inbound.kind)
            await self._failed(inbound)

    async def _failed(self, inbound: Inbound) -> None:
        """The event is behind us; whoever waits for an answer to it is told."""
        await self._judging.record([], [], seen=self._mark(inbound))
        chat = self._addresses.chat(inbound)
        if inbound.kind == "press":
            await self._toast(inbound, "event_failed")
        elif chat is not None and (inbound.addressed or inbound.private or inbound.reply_to is not None):
            await self._say(inbound, chat, self._words.line("event_failed"), first=False)

    async def _handled(self, inbound: Inbound) -> None:
        if inbound.kind == "migrated":
            await self._moved(inbound)
            return
        if inbound.kind in ("joined", "left"):
            await self._membership.heard(inbound)
            return
        person, chat = self._addresses.person(inbound), as_it_is(self._judging.house, self._addresses.chat(inbound))
        if person is None or chat is None or person.id not in chat.members:
            await self._stranger(inbound, person, chat)
        elif inbound.kind == "press":
            await self._pressed(inbound, person, chat)
        elif inbound.kind == "text":
            await self._said(inbound, person, chat)

    async def _pressed(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        decision = parse_decision(inbound.text)
        if decision is not None:
            line = await self._proposals.pressed(inbound, decision, person, chat)
            await self._channels[inbound.platform].answer_press(inbound, line)
            return
        if (case_press := parse_case(inbound.text)) is not None:
            line = await self._caseroom.pressed(inbound, case_press, person, chat)
            await self._channels[inbound.platform].answer_press(inbound, line)
            return
        if (request_press := parse_request(inbound.text)) is not None:
            done = await self._acting.pressed(inbound, request_press, person, chat)
            line = done if done is not None else await self._caseroom.requested(inbound, request_press, person, chat)
            await self._channels[inbound.platform].answer_press(inbound, line)
            return
        pressed = parse_token(inbound.text)
        if pressed is None:
            line = await self._answering.press(inbound, person, chat)
            await self._channels[inbound.platform].answer_press(inbound, line)
            return
        alarm = self._alarm(pressed.alarm_id, chat)
        if alarm is None:
            await self._toast(inbound, "old_alarm", alarm=pressed.alarm_id)
            return
        line = await self._act(inbound, person, chat, alarm, pressed)
        await self._channels[inbound.platform].answer_press(inbound, line)

    async def _act(self, inbound: Inbound, person: Person, chat: Chat, alarm: Alarm, pressed: Pressed) -> str:
        """Do what the button says, if this person may; the line that tells them."""
        if not alarm.open:
            return self._words.line("old_alarm", alarm=alarm.id)
        if pressed.action in ("confirm_price", "reject_price", "close"):
            return await self._decided(inbound, person, chat, alarm, pressed.action)
        return await self._answered(inbound, person, alarm, Answer(pressed.action), told=pressed.revision)

    async def _answered(
        self, inbound: Inbound, person: Person, alarm: Alarm, answer: Answer, *, told: int | None = None
    ) -> str:
        """Take an answer to the telling ``told`` (None: to the newest); the line that says what became of it."""

        def decide(now: Alarm) -> list[Event]:
            if told is not None and told < now.told:
                return []
            return acknowledge(now, person.id, answer, self._roster, via=inbound.kind, now=self._clock.now())

        try:
            applied = await self._judging.apply(alarm, decide, seen=self._mark(inbound))
        except AlarmError:
            await self._refused(inbound, person, alarm, answer.value)
            return self._words.line("not_obliged", alarm=alarm.id)
        match applied:
            case Applied.DONE:
                return self._words.line("acknowledged", alarm=alarm.id, answer=answer.value)
            case Applied.REPEATED:
                return self._words.line("handled", alarm=alarm.id)
            case Applied.NOTHING:
                return self._why_nothing(alarm, person, told)

    def _why_nothing(self, alarm: Alarm, person: Person, told: int | None) -> str:
        """The alarm, as it is now, has no place for this answer."""
        now = self._judging.house.alarms[alarm.tenant, alarm.id]
        if not now.open:
            return self._words.line("old_alarm", alarm=now.id)
        if told is not None and told < now.told:
            return self._words.line("alarm_changed", alarm=now.id)
        mine = (p for p in now.parties if person.id in (p.person, self._roster.deputy_of(p.person)))
        given = next((p for p in mine if p.answer is not None), None)
        assert given is not None, f"{now.id}: an open alarm takes an answer or has it"
        return self._words.line(
            "already", alarm=now.id, person=self._roster.named(given.answered_by or given.person), at=given.answered_at
        )

    async def _decided(self, inbound: Inbound, person: Person, chat: Chat, alarm: Alarm, action: str) -> str:
        """A decision of the lender: close a movement case, take or refuse a strange price."""
        allowed = person.role in LENDER_ROLES and chat.audience is Audience.BANK
        if not allowed:
            await self._refused(inbound, person, alarm, action)
            return self._words.line("not_permitted")
        if action == "close":
            if alarm.kind not in NEEDS_CLOSE:
                return self._words.line("closes_itself", alarm=alarm.id)
            return await self._closed(inbound, person, alarm)
        if alarm.kind is not AlertKind.PRICE_OUTLIER:
            return self._words.line("old_alarm", alarm=alarm.id)
        line = await self._pricing.decide(alarm, person, taken=action == "confirm_price", seen=self._mark(inbound))
        await self._answered_by_deciding(inbound, person, alarm)
        return line

    async def _closed(self, inbound: Inbound, person: Person, alarm: Alarm) -> str:
        def decide(now: Alarm) -> list[Event]:
            return close(now, person.id, "closed_by_lender", now=self._clock.now())

        if await self._judging.apply(alarm, decide, seen=self._mark(inbound)) is Applied.NOTHING:
            return self._words.line("old_alarm", alarm=alarm.id)
        accept(self._judging.house, alarm.contract_id, alarm.kind, alarm.subject, self._clock.now())
        return self._words.line("closed", alarm=alarm.id)

    async def _answered_by_deciding(self, inbound: Inbound, person: Person, alarm: Alarm) -> None:
        """Who was asked to look at a price and has decided on it is not reminded to answer."""

        def decide(now: Alarm) -> list[Event]:
            return acknowledge(now, person.id, Answer.ACK, self._roster, via="decision", now=self._clock.now())

        platform, ident = self._mark(inbound)
        with suppress(AlarmError):  # a person of the lender who may decide, but was not asked
            await self._judging.apply(alarm, decide, seen=(platform, f"{ident}/ack"))

    async def _said(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        word = inbound.text.strip().rstrip("。.!！ ").removeprefix("/")
        if word in REPLIES:
            await self._replied(inbound, person, chat, REPLIES[word])
            return
        if len(inbound.text) > LONGEST:
            if inbound.addressed or inbound.private:
                await self._say(inbound, chat, self._words.line("too_long", most=str(LONGEST)), first=True)
            return
        if await self._caseroom.said(inbound, person, chat):
            return
        if not await self._proposals.said(inbound, person, chat):
            await self._asked(inbound, person, chat)

    async def _asked(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        async with self._apart.turn(chat.id, person.id):
            await self._answering.ask(inbound, person, chat)

    async def _replied(self, inbound: Inbound, person: Person, chat: Chat, answer: Answer) -> None:
        """收到 as a reply to an alarm, or bare where exactly one alarm waits for this person.

        Alone with the bot there may be no message to reply to: there the words are asked about as any others are.
        """
        alarm = await self._meant(inbound, person, chat)
        if alarm is None and inbound.private and inbound.reply_to is None and answer is not Answer.ARRANGED:
            await self._asked(inbound, person, chat)
            return
        if alarm is None:
            if inbound.addressed or inbound.private or inbound.reply_to is not None:
                view = ChatView(self._judging.house, person, chat, self._clock.now())
                which = inbound.reply_to is not None or bool(waiting(view))
                await self._say(inbound, chat, self._words.line("which_alarm" if which else "none_waits"), first=True)
            return
        if not alarm.open:
            await self._say(inbound, chat, self._words.line("old_alarm", alarm=alarm.id), first=True)
            return
        told = await self._outdated(alarm, chat, inbound.reply_to) if inbound.reply_to is not None else None
        line = await self._answered(inbound, person, alarm, answer, told=told)
        if not self._knows_answer(alarm, person, chat):
            await self._say(inbound, chat, line, first=False)

    async def _outdated(self, alarm: Alarm, chat: Chat, ref: str) -> int | None:
        """The earlier telling of this alarm that the message ``ref`` is; None for the newest and for any other."""
        keys = {
            notice_key(alarm.tenant, alarm.id, str(n), step, chat.id): n
            for n in range(1, alarm.told)
            for step in TELLINGS
        }
        found = await self._memory.ledger(lambda book: [key for key in keys if book.ref_of(key) == ref])
        return keys[found[0]] if found else None

    def _knows_answer(self, alarm: Alarm, person: Person, chat: Chat) -> bool:
        """The answer was taken: the edited alarm shows it, and no line is needed where that was told."""
        now = self._judging.house.alarms[alarm.tenant, alarm.id]
        here = chat.audience is Audience.BANK or any(p.chat == chat.id for p in now.parties)
        return here and any(p.answered_by == person.id for p in now.parties)

    async def _meant(self, inbound: Inbound, person: Person, chat: Chat) -> Alarm | None:
        if inbound.reply_to is not None:
            ref, chat_id = inbound.reply_to, chat.id
            found = await self._memory.ledger(lambda book: book.thread_of(chat_id, ref))
            return self._alarm(found, chat) if found is not None else None
        mine = waiting(ChatView(self._judging.house, person, chat, self._clock.now()))
        return mine[0][1] if len(mine) == 1 else None

    def _alarm(self, alarm_id: str, chat: Chat) -> Alarm | None:
        """The alarm of this id among the contracts of this chat; other lenders' alarms do not exist here.

        Nor do those that only the lender's own chats may know of, in any other.
        """
        house, people = self._judging.house, self._roster.people
        alone = chat.audience is Audience.PRIVATE and all(people[m].role in LENDER_ROLES for m in chat.members)
        bank = chat.audience is Audience.BANK or alone
        found = (a for c in chat.contracts for a in house.alarms_of(c) if a.id == alarm_id)
        return next((a for a in found if bank or a.kind not in BANK_ONLY), None)

    async def _refused(self, inbound: Inbound, person: Person, alarm: Alarm, action: str) -> None:
        """Somebody tried what is not theirs: recorded, in the lender's chain."""
        body = {"alarm": alarm.id, "person": person.id, "action": action, "platform": inbound.platform}
        event = Event(
            tenant=alarm.tenant, kind="person.refused", v=1, occurred_at=self._clock.now(), actor=person.id, body=body
        )
        await self._judging.record([event], [], seen=self._mark(inbound))

    async def _stranger(self, inbound: Inbound, person: Person | None, chat: Chat | None) -> None:
        """One line with the id and whom to ask, no data; at most once an hour for each."""
        if inbound.kind == "press":
            await self._toast(inbound, "stranger_press")
            return
        if inbound.kind != "text" or not (inbound.addressed or inbound.private):
            return
        who = inbound.sender.id if chat is not None else inbound.chat.id
        now = self._clock.now()
        if now - self._strangers.get(who, now - 2 * STRANGER_EVERY) < STRANGER_EVERY:
            return
        self._strangers[who] = now
        while len(self._strangers) > STRANGERS_KEPT:
            self._strangers.popitem(last=False)
        key = "unbound_person" if person is None else ("unbound_chat" if chat is None else "not_member")
        line = self._words.line(key, chat=inbound.chat.id, person=inbound.sender.id)
        await self._owe(inbound, unbound(inbound.chat), "@", line, first=True)

    async def _moved(self, inbound: Inbound) -> None:
        chat = self._addresses.chat(inbound)
        if chat is None:
            return
        house = self._judging.house
        tenant = house.workspace.contracts[chat.contracts[0]].lender if chat.contracts else "@"
        body = {"chat": chat.id, "from": inbound.chat.id, "to": inbound.text}
        event = Event(tenant=tenant, kind="chat.moved", v=1, occurred_at=self._clock.now(), actor="system", body=body)
        if await self._judging.record([event], [], seen=self._mark(inbound)):
            self._addresses.move(chat.id, inbound.text)

    async def _say(self, inbound: Inbound, chat: Chat, line: str, *, first: bool) -> None:
        await self._owe(inbound, chat.id, self._tenant(chat), line, first=first)

    async def _owe(self, inbound: Inbound, chat_id: str, tenant: str, line: str, *, first: bool) -> None:
        """first: all that this event does. Not first: it has committed something before, under the event's own mark.

        The first is dropped when the event comes again, whatever it would say by then.
        """
        debt = Debt(
            key=notice_key("line", inbound.platform, inbound.event_id),
            tenant=tenant,
            chat=chat_id,
            priority=Priority.ANSWER,
            message=OutMessage(spans=(line,), reply_to=inbound.message_ref),
            template="line",
        )
        platform, ident = self._mark(inbound)
        await self._judging.record([], [debt], seen=(platform, ident if first else f"{ident}/line"))

    def _tenant(self, chat: Chat) -> str:
        return tenant_of(chat, self._judging.house.workspace.contracts)

    async def _toast(self, inbound: Inbound, key: str, **values: str) -> None:
        await self._channels[inbound.platform].answer_press(inbound, self._words.line(key, **values))

    @staticmethod
    def _mark(inbound: Inbound) -> tuple[str, str]:
        return inbound.platform, inbound.event_id


def _sound(text: str) -> str:
    """Without half characters (lone surrogates), which no store and no hash can take."""
    return text.encode("utf-8", "replace").decode("utf-8")
