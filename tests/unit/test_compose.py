"""Messages of a notice within a platform's limits: at most five people notified per message, nobody left out."""

from dataclasses import replace

import pytest

from bot.channels.telegram.channel import CAPS
from bot.compose import Composer
from domain.alarm import fold, observe
from domain.contract import LINE_SEVERITY, AlertKind, Line
from domain.delivery import Timing
from domain.finding import Finding, Standing
from domain.message import Button, Mention, OutMessage
from domain.notice import owed
from tests.fakes.pledge import NOW, ROSTER, contract


class Wording:
    """Says who is mentioned, and nothing else."""

    def __init__(self, people: int) -> None:
        self.people = [f"p{n}" for n in range(people)]

    def notice(self, notice, alarm, pledge, roster, *, now) -> OutMessage:
        spans = [x for p in self.people for x in (Mention(person_id=p, label=p), " ")]
        return OutMessage(spans=("预警 ", *spans), buttons=(Button(label="收到", token="v1|A|1|ack"),))

    def line(self, key: str, **values: object) -> str:
        return f"{key} {values['alarm']}"


def told(people: int):
    finding = Finding(
        rule="value_line/1",
        contract_id="C-1",
        kind=AlertKind.VALUE_BELOW_LINE,
        subject="pool",
        severity=LINE_SEVERITY[Line.CONTROL],
        standing=Standing.BREACH,
        data_at=NOW,
        facts={},
    )
    [event] = observe(None, finding, contract(), number="AL-20260312-01", recovery={}, now=NOW)
    alarm = fold(None, [event])
    notice = next(n for n in owed(event, alarm, contract(), ROSTER) if n.chat == "pool")
    composer = Composer(Wording(people), lambda: ROSTER, lambda _: CAPS)
    return composer.debts(notice, alarm, contract(), Timing(), NOW)


@pytest.mark.parametrize(("people", "messages"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3)])
def test_everybody_is_notified_once_and_no_message_notifies_more_than_five(people: int, messages: int) -> None:
    debts = told(people)
    notified = [m.person_id for d in debts for m in d.message.mentions]
    assert notified == [f"p{n}" for n in range(people)]
    assert all(len(d.message.mentions) <= CAPS.mentions_notified for d in debts)
    assert len(debts) == messages
    assert len({d.key for d in debts}) == messages


def test_whoever_is_notified_by_the_second_message_is_still_named_in_the_first() -> None:
    first, second = told(6)
    assert "@p5" in first.message.text
    assert "AL-20260312-01" in second.message.text
    assert second.message.buttons == first.message.buttons


def test_the_same_notice_owes_the_same_messages() -> None:
    assert [d.key for d in told(7)] == [d.key for d in told(7)]
    assert replace(told(1)[0]) == told(1)[0]
