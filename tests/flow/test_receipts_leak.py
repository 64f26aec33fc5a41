"""Two banks' receipts collide in one tank. Whatever the other bank is called, holds or does, A reads the same.

The whole of A is compared byte by byte: its chain as recorded (bodies, numbers in the chain, times), every message in
its chats with buttons and mentions, every answer to every question about receipts. Only what is measured is left out.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from domain.event import Event
from domain.receipt.life import cancelled, opened, released, split
from domain.receipt.receipt import Receipt
from tests.fakes.house_stage import HouseStage
from tests.fakes.receipt_ground import by_receipts, pledge_of

IN_A = ("a_bank", "a_group", "zhao_alone")
ASKERS = (("chen", "a_bank"), ("zhao", "a_group"), ("zhao", "zhao_alone"), ("li", "a_group"))


@dataclass(frozen=True, kw_only=True)
class Other:
    """The other bank, as A must not notice it. kg: pledged at signing, and then beyond what is there."""

    bank: str
    person: str
    owner: str
    contract: str
    at_signing: str
    then: str
    kg: tuple[int, int]
    busy: bool

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it A must never read."""
        tonnes = [f"{n / 1000:,.1f}" for n in (*self.kg, sum(self.kg))]
        return (self.bank, self.person, self.owner, self.contract, self.at_signing, self.then, "bank_b", "b_bank",
                *tonnes, *(str(n) for n in (*self.kg, sum(self.kg))))  # fmt: skip


YI = Other(bank="乙银行", person="马工", owner="海川", contract="B-1", at_signing="HC-0601", then="HC-0602", kg=(690_000, 71_000), busy=False)  # fmt: skip
DING = Other(bank="丁储行", person="冯处长", owner="北方仓储", contract="ZX-2026-9", at_signing="ND2026-31", then="ND2026-77", kg=(640_500, 333_000), busy=True)  # fmt: skip
SAME_NUMBER = Other(bank="戊银行", person="尤经理", owner="远洋", contract="WU-8", at_signing="WY-11", then="CD-0001", kg=(655_000, 40_000), busy=True)  # fmt: skip


def receipt(no: str, kg: int) -> Receipt:
    return Receipt(no=no, issuer="north", owner="haichuan", good="DIESEL0", parts={"T-2": kg}, issued_on=date(2026, 3, 1))  # fmt: skip


def edits(other: Other):
    named = [
        (old, new)
        for old, new in (("乙银行", other.bank), ("马工", other.person), ("海川", other.owner), ("B-1", other.contract))
    ]
    files = by_receipts(b_no=other.at_signing, b_kg=other.kg[0])
    in_people = [(o, n) for o, n in named if o != n]
    in_contract = [(o, n) for o, n in (("海川池", f"{other.owner}池"), ("id: B-1", f"id: {other.contract}")) if o != n]
    return {**files, "contracts/b.yaml": [*files["contracts/b.yaml"], *in_contract], "people.yaml": in_people}


async def business(stage: HouseStage, other: Other) -> None:
    """The other bank goes about its own: papers that change nothing for anybody else, questions, answers."""
    if not other.busy:
        return
    book, now = stage.house.receipts.books["bank_b"], stage.clock.now()
    contract = stage.house.workspace.contracts[other.contract]
    spare = opened(book, receipt("SPARE-1", 5_000), contract, "ma", now)
    await record(stage, spare)
    book = stage.house.receipts.books["bank_b"]
    await record(stage, cancelled(book, "SPARE-1", "mistyped", "ma", now))
    halves = {f"{other.at_signing}A": {"T-2": 300_000}, f"{other.at_signing}B": {"T-2": other.kg[0] - 300_000}}
    await record(stage, split(stage.house.receipts.books["bank_b"], other.at_signing, halves, "ma", now))
    asked = ("/receipts", "/status", f"仓单 {other.at_signing}A 什么状态", "仓单 CD-0001 什么状态")
    tried = (f"/splitreceipt {other.at_signing}A Z1 1吨 Z2 其余", "/splitreceipt CD-0001 Z3 1吨 Z4 其余")
    for question in (*asked, *tried, "/cancelreceipt CD-0002"):
        await stage.say("ma", "b_bank", question, addressed=True)


async def record(stage: HouseStage, events: list[Event]) -> None:
    assert await stage.app.judging.record(events, [])


async def asked(stage: HouseStage, questions: Sequence[str], round_: int = 0) -> None:
    """Numbered as the platform numbers A's messages: whoever else writes elsewhere."""
    for person, chat in ASKERS:
        for n, question in enumerate(questions):
            await stage.say(person, chat, question, addressed=True, event_id=f"{round_}/{person}/{chat}/{n}")
            await stage.deliver()


@dataclass(frozen=True, kw_only=True)
class OfA:
    """All that A's side of the world holds."""

    chain: tuple[str, ...]
    said: tuple[tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]], ...]
    toasts: tuple[tuple[str, str], ...]
    alarms: tuple[str, ...]


async def lived(directory: Path, other: Other, questions: Sequence[str]) -> OfA:
    """Nothing collides; then it does; A answers, asks and tries; then the other bank gives way."""
    stage = await HouseStage.calm(directory, edits=edits(other))
    await business(stage, other)
    await asked(stage, questions)
    await record(stage, pledge_of(stage, other.contract, receipt(other.then, other.kg[1])))
    await stage.deliver()
    await asked(stage, (*questions, "/alarms", "/status", "/headroom", "/tanks"), 1)
    told = next(m for m in stage.at("a_bank") if m.buttons)
    await stage.press("chen", told, "收到")
    await stage.hear(stage.inbound("press", "zhao", "a_group", told.token("收到")))
    await stage.read(times=2, every_s=60)
    book = stage.house.receipts.books["bank_b"]
    await record(stage, released(book, other.then, {"T-2": other.kg[1]}, None, "ma", stage.clock.now()))
    await stage.read(times=2, every_s=60)
    await stage.deliver()
    await asked(stage, (*questions, "/alarms"), 2)
    lines = await stage.memory.ledger(lambda b: [r.canonical for r in b.events(tenant="bank_a")])
    a_people = {"102", "101", "301", "302", "501"}
    found = OfA(
        chain=tuple(lines),
        said=tuple((c, m.text, m.notified, m.buttons) for c in IN_A for m in stage.at(c)),
        toasts=tuple(t for t in stage.channel.toasts if t[0] in a_people),
        alarms=tuple(a.id for a in stage.house.alarms_of("A-1")),
    )
    stage.fall()
    return found


QUESTIONS = ("/receipts", "有哪些仓单", "/receipt CD-0001", "/receipt CD-4711")


def unmeasured(line: str) -> str:
    """A line without ``latency_ms``, the only measured field of all events, and the hash of a line before that may hold one."""
    event = json.loads(line)
    event["body"].pop("latency_ms", None)
    return json.dumps({k: v for k, v in event.items() if k != "previous"}, ensure_ascii=False)


@pytest.fixture(scope="module")
def with_yi(tmp_path_factory: pytest.TempPathFactory) -> OfA:
    return asyncio.run(lived(tmp_path_factory.mktemp("yi") / "w", YI, QUESTIONS))


@pytest.fixture(scope="module")
def with_ding(tmp_path_factory: pytest.TempPathFactory) -> OfA:
    return asyncio.run(lived(tmp_path_factory.mktemp("ding") / "w", DING, QUESTIONS))


def test_a_lives_the_same_life_to_the_byte_whoever_the_other_is(with_yi: OfA, with_ding: OfA) -> None:
    assert len(with_yi.chain) > 10
    assert [unmeasured(line) for line in with_yi.chain] == [unmeasured(line) for line in with_ding.chain]
    assert with_yi.said == with_ding.said
    assert with_yi.toasts == with_ding.toasts


def test_what_a_is_told_is_that_something_does_not_add_up_and_when_it_does_again(with_yi: OfA) -> None:
    bank = [text for chat, text, _, _ in with_yi.said if chat == "a_bank"]
    assert any("疑似一货多押" in t and "650.0吨" in t for t in bank)
    assert any("【解除】" in t and "疑似一货多押" in t for t in bank)
    assert with_yi.alarms == ("AL-20260312-01",)


def test_its_number_means_nothing_outside_the_banks_own_chats(with_yi: OfA) -> None:
    (line,) = [line for person, line in with_yi.toasts if person == "301"]
    assert "已结束或不在本群" in line


def test_the_alarm_is_in_no_other_chat_than_the_banks_own(with_yi: OfA) -> None:
    others = [text for chat, text, _, _ in with_yi.said if chat != "a_bank"]
    assert [t for t in others if "多押" in t or "AL-20260312-01" in t or "可交付" in t] == []
    assert len(others) > 10


@pytest.mark.parametrize("other", [YI, DING], ids=lambda o: o.contract)
def test_nothing_of_the_other_stands_anywhere_in_a(other: Other, with_yi: OfA, with_ding: OfA) -> None:
    of_a = with_yi if other is YI else with_ding
    everything = "\n".join([*of_a.chain, *(str(s) for s in of_a.said), *(line for _, line in of_a.toasts)])
    assert [s for s in other.secrets if s in everything] == []


def test_another_banks_number_is_answered_as_one_that_never_was(tmp_path: Path) -> None:
    """Its live number, its dead one, its split one, and pure invention; in the same number of characters."""
    numbers = (f"{DING.at_signing}", f"{DING.at_signing}A", "SPARE-1", DING.then, "XX9999-99")

    async def ask() -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
        stage = await HouseStage.calm(tmp_path / "w", edits=edits(DING))
        await business(stage, DING)
        await record(stage, pledge_of(stage, DING.contract, receipt(DING.then, DING.kg[1])))
        await stage.deliver()
        answers = []
        for number in numbers:
            for person, chat in ASKERS:
                await stage.say(person, chat, f"/receipt {number}", addressed=True)
                (shown,) = await stage.deliver()
                answers.append((chat, shown.text, shown.buttons))
        stage.fall()
        return answers

    assert {(text, buttons) for _, text, buttons in asyncio.run(ask())} == {("查无此号。", ())}


def test_a_shared_number_tells_a_no_more_than_that_it_is_shared(tmp_path: Path) -> None:
    of_a = asyncio.run(lived(tmp_path / "w", SAME_NUMBER, QUESTIONS))
    bank = "\n".join(text for chat, text, _, _ in of_a.said if chat == "a_bank")
    assert "在押仓单号疑似重复登记" in bank
    everything = "\n".join([*of_a.chain, *(str(s) for s in of_a.said)])
    own = {SAME_NUMBER.then}
    assert [s for s in SAME_NUMBER.secrets if s in everything and s not in own] == []
