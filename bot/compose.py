"""From an owed notice to messages that a platform will take: words, mentions within its limit, threads, edits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.words import Words
from domain.alarm import Alarm
from domain.case.notice import CaseNotice
from domain.contract import Contract
from domain.delivery import Debt, Timing
from domain.message import Caps, Mention, OutMessage, Span
from domain.notice import Notice, Priority, buttons, notice_key
from domain.people import Roster


class Composer:
    """Makes debts of notices. ``caps_of`` tells what the platform of a chat can do."""

    def __init__(self, words: Words, roster: Callable[[], Roster], caps_of: Callable[[str], Caps]) -> None:
        """roster: as it is now, for who reads along changes. caps_of: workspace chat id → caps of the channel that serves it."""
        self._words = words
        self._roster = roster
        self._caps_of = caps_of

    def debts(self, notice: Notice, alarm: Alarm, contract: Contract, timing: Timing, now: datetime) -> list[Debt]:
        """The messages of one notice. An answer does not post: it edits the message that it answers."""
        if notice.template == "acknowledged":
            return [self._answered(notice, alarm, contract, now)]
        message = self._words.notice(notice, alarm, contract, self._roster(), now=now)
        return self._posted(notice, message, timing)

    def case_debts(self, owed: CaseNotice, now: datetime) -> list[Debt]:
        """The messages of one notice of a case: a card, a newer face of it, or a reply in its thread."""
        notice = owed.notice
        message = self._words.case(notice, self._roster(), now=now)
        if owed.edits is None:
            return self._posted(notice, message, Timing())
        return [
            Debt(
                key=notice.key,
                tenant=notice.tenant,
                chat=notice.chat,
                priority=notice.priority,
                message=message,
                template=notice.template,
                thread=notice.thread,
                revision=notice.revision,
                edit_of=owed.edits,
            )
        ]

    def _posted(self, notice: Notice, message: OutMessage, timing: Timing) -> list[Debt]:
        return [
            Debt(
                key=notice.key if n == 0 else notice_key(notice.key, str(n)),
                tenant=notice.tenant,
                chat=notice.chat,
                priority=notice.priority,
                message=part,
                template=notice.template,
                thread=notice.thread,
                revision=notice.revision,
                timing=timing,
            )
            for n, part in enumerate(self._parts(message, notice))
        ]

    def _parts(self, message: OutMessage, notice: Notice) -> list[OutMessage]:
        """Only so many mentions notify per message; whoever is beyond them is notified by a short second one."""
        most = self._caps_of(notice.chat).mentions_notified
        people = message.mentions
        if len(people) <= most:
            return [message]
        later = {m.person_id for m in people[most:]}
        first = replace(message, spans=tuple(_plain(s) if _is(s, later) else s for s in message.spans))
        rest: list[OutMessage] = []
        for start in range(most, len(people), most):
            group = people[start : start + most]
            spans: list[Span] = [self._words.line("also_obliged", alarm=notice.thread)]
            for mention in group:
                spans += [" ", mention]
            rest.append(OutMessage(spans=tuple(spans), buttons=message.buttons))
        return [first, *rest]

    def _answered(self, notice: Notice, alarm: Alarm, contract: Contract, now: datetime) -> Debt:
        """The alarm's newest telling in this chat, edited to show who has answered and what still waits."""
        chat = self._roster().chats[notice.chat]
        step = alarm.told_as
        told_key = notice_key(alarm.tenant, alarm.id, str(alarm.told), step, chat.id)
        told = Notice(
            key=told_key,
            tenant=alarm.tenant,
            chat=chat.id,
            priority=Priority.TASK,
            template=step,
            body={"alarm": alarm.id, "revision": alarm.told, "facts": alarm.facts, "severity": int(alarm.severity)},
            mentions=tuple(p.person for p in alarm.parties if p.chat == chat.id),
            buttons=buttons(alarm, chat),
            thread=alarm.id,
            revision=alarm.told,
            seen=notice.seen,
        )
        message = self._words.notice(told, alarm, contract, self._roster(), now=alarm.data_at)
        echo = self._words.notice(notice, alarm, contract, self._roster(), now=now)
        text = "".join(s if isinstance(s, str) else f"@{s.label}" for s in message.spans)
        return Debt(
            key=notice.key,
            tenant=notice.tenant,
            chat=notice.chat,
            priority=Priority.TASK,
            message=OutMessage(spans=(f"{text}\n{echo.text}",), buttons=message.buttons),
            template="acknowledged",
            thread=alarm.id,
            revision=notice.revision,
            edit_of=told_key,
        )


def _is(span: Span, people: set[str]) -> bool:
    return isinstance(span, Mention) and span.person_id in people


def _plain(span: Span) -> str:
    return span if isinstance(span, str) else f"@{span.label}"
