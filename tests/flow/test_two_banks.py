"""Two lenders share a tank and a process, and learn nothing of each other; strangers learn nothing at all."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.message import Crowd
from domain.movement import Direction, WorkOrder
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage, texts

FALLING = ("0.95", "0.89", "0.83", "0.77")
OF_A = ("恒运", "甲银行", "A-1", "王经理", "陈工", "赵总", "孙经理", "3,796,000", "379.6", "T-1现", "T-1 ", "S-1")
OF_B = ("海川", "乙银行", "B-1", "刘经理", "马工", "钱总", "何经理", "3,100,000", "310.0")
BANK_ONLY = re.compile(r"(?:质押率|LTV|敞口|本金|保证金|现金)[^。\n]{0,8}\d|379\.6|3,?796,?000|310\.0", re.IGNORECASE)
AMOUNT = re.compile(r"[\d.,]+ ?(?:亿|万)?元(?!/吨)")
QUESTIONS = ("@小六子 货还在不在?现在大概多少货值?", "/status", "/tanks", "/alarms", "/help")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def everything(stage: HouseStage) -> None:
    """Both contracts breach, lose goods and a gauge, are answered, are asked about, and recover."""
    for factor in FALLING:
        await stage.market(factor)
        await stage.deliver()
    await stage.price({"DIESEL-SD": "9000"})
    await stage.paper()
    await stage.read(times=3, T_1=2300.0, T_2=9800.0)
    await stage.deliver()
    for person, chat in (("zhao", "a_group"), ("wang", "a_bank"), ("qian", "b_group"), ("ma", "b_bank")):
        for question in QUESTIONS:
            await stage.say(person, chat, question, addressed=True)
    await stage.say("zhao", "zhao_alone", "/status")
    stage.silent = {"T-2"}
    await stage.read(times=8, every_s=60)
    await stage.pass_time(3600)
    await stage.deliver()
    for chat, person in (("a_group", "zhao"), ("b_group", "qian")):
        told = [m for m in stage.at(chat) if m.buttons]
        await stage.press(person, told[0], "收到")
    stage.silent = set()
    await stage.read(times=20, every_s=60)
    await stage.market("1.02")
    await stage.read(times=3, every_s=60)
    await stage.deliver()


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What ``everything`` has left behind."""

    said: Mapping[str, list[Shown]]  # by chat of the workspace
    numbers: Mapping[str, list[str]]  # alarm ids by contract
    tried: set[str]  # where anything was sent, by the platform's id

    def of(self, *chats: str) -> list[Shown]:
        return [m for chat in chats for m in self.said[chat]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    async def live() -> Lived:
        stage = await HouseStage.calm(tmp_path_factory.mktemp("lived") / "w")
        await everything(stage)
        workspace = stage.house.workspace
        found = Lived(
            said={chat: stage.at(chat) for chat in workspace.roster.chats},
            numbers={c: [a.id for a in stage.house.alarms_of(c)] for c in workspace.contracts},
            tried={chat for chat, _ in stage.channel.attempts},
        )
        stage.fall()
        return found

    return asyncio.run(live())


def test_nothing_of_one_bank_ever_stands_in_the_other_banks_chats(lived: Lived) -> None:
    in_a, in_b = lived.of("a_bank", "a_group", "zhao_alone"), lived.of("b_bank", "b_group")
    assert len(in_a) > 20
    assert len(in_b) > 12
    assert [(w, m.text) for w in OF_B for m in in_a if w in m.text] == []
    assert [(w, m.text) for w in OF_A for m in in_b if w in m.text] == []
    assert lived.tried <= {"-1001", "-1002", "-1003", "-1004", "-1005", "301"}


def test_alarm_numbers_count_per_lender(lived: Lived) -> None:
    for numbers in lived.numbers.values():
        assert numbers == [f"AL-20260312-{n:02d}" for n in range(1, len(numbers) + 1)]
    assert len(lived.numbers["A-1"]) != len(lived.numbers["B-1"])


def test_the_projects_group_never_sees_ratio_exposure_or_cash(lived: Lived) -> None:
    assert BANK_ONLY.findall(texts(lived.of("a_group", "b_group", "zhao_alone"))) == []
    assert BANK_ONLY.search(texts(lived.of("a_bank"))), "the scan knows what it looks for"


def test_a_group_to_which_no_value_is_disclosed_sees_no_amount(lived: Lived) -> None:
    assert AMOUNT.findall(texts(lived.of("b_group"))) == []
    assert AMOUNT.search(texts(lived.of("b_bank"))), "the scan knows what it looks for"


async def test_a_number_means_each_lenders_own_alarm(stage: HouseStage) -> None:
    for factor in FALLING[:2]:
        await stage.market(factor)
    await stage.deliver()
    mine = next(m for m in stage.at("b_group") if m.buttons)
    theirs = next(m for m in stage.at("a_group") if m.buttons)
    assert mine.token("收到").split("|")[1] == theirs.token("收到").split("|")[1], "both banks' first alarm"
    await stage.press("qian", mine, "收到")
    assert stage.alarm("value_below_line", "B-1").waiting() == ()
    assert stage.alarm("value_below_line", "A-1").waiting() != ()


async def moved(stage: HouseStage) -> None:
    """In the tank of both banks: 11.3 t out and 21.7 t in of A's owner, 42.9 t in of B's, 33.1 t of nobody knows whose."""
    now = stage.clock.now()
    for no, way, kg, owner in (
        ("WA-1", Direction.OUT, 11_300, "hengyun"), ("WA-2", Direction.IN, 21_700, "hengyun"),
        ("WB-1", Direction.IN, 42_900, "haichuan"), ("WX-1", Direction.OUT, 33_100, None),
    ):  # fmt: skip
        stage.papers.orders.append(
            WorkOrder(no=no, site_id="north", tank_id="T-2", direction=way, good="DIESEL0", planned_kg=kg, done_kg=kg,
                      opened_at=now, closed_at=now, owner=owner)
        )  # fmt: skip
    await stage.paper()
    await stage.read(times=2)
    await stage.deliver()


async def answer(stage: HouseStage, person: str, chat: str, text: str) -> str:
    await stage.say(person, chat, text, addressed=True)
    return "\n".join(m.text for m in await stage.deliver())


@pytest.mark.parametrize(
    ("person", "chat", "own", "sums", "theirs"),
    [
        ("zhao", "a_group", "WA-1", ("21.7吨", "11.3吨"), ("WB-1", "WX-1", "42.9", "64.6", "33.1", "44.4")),
        ("chen", "a_bank", "WA-1", ("21.7吨", "11.3吨"), ("WB-1", "WX-1", "42.9", "64.6", "33.1", "44.4")),
        ("ma", "b_bank", "WB-1", ("42.9吨",), ("WA-1", "WA-2", "WX-1", "11.3", "21.7", "64.6", "33.1")),
    ],
)
async def test_another_owners_orders_in_the_shared_tank_are_neither_told_nor_counted(
    stage: HouseStage, person: str, chat: str, own: str, sums: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    await moved(stage)
    said = {q: await answer(stage, person, chat, q) for q in ("/status", "/movement T-2", "/report")}
    assert [(q, w) for q, text in said.items() for w in theirs if w in text] == []
    assert own in said["/movement T-2"]
    assert [(q, w) for q, text in said.items() for w in sums if w not in text] == []
    assert [q for q, text in said.items() if "1 笔作业单未报货主,未计入" not in text] == []


async def test_what_lacks_a_notice_is_told_to_the_lender_alone(stage: HouseStage) -> None:
    await moved(stage)
    assert "(其中 11.3吨 未见提货通知)" in await answer(stage, "chen", "a_bank", "/status")
    for person, chat in (("zhao", "a_group"), ("li", "a_group"), ("zhao", "zhao_alone")):
        said = await answer(stage, person, chat, "/status")
        assert "出 11.3吨。" in said or "出 11.3吨(混存罐" in said
        assert "提货通知" not in said


async def test_the_number_and_rows_of_the_readings_of_all_lenders_are_told_to_lenders_alone(stage: HouseStage) -> None:
    await stage.read(times=2)
    await stage.app.keeping.step()
    assert re.search(r"最新读数批次 #\d+\(\d+ 行", await answer(stage, "chen", "a_bank", "/evidence"))
    said = await answer(stage, "zhao", "a_group", "/evidence")
    assert "最新读数批次(至 " in said
    assert re.search(r"#\d|\d 行", said) is None


@pytest.mark.parametrize(("person", "chat"), [("chen", "a_bank"), ("zhao", "a_group")])
async def test_where_a_stranger_reads_along_places_and_acts_are_told_and_no_figures(
    stage: HouseStage, person: str, chat: str
) -> None:
    roster, platform = stage.house.workspace.roster, stage.platform_id(chat)
    there = frozenset(str(roster.people[m].telegram_id) for m in roster.chats[chat].members)
    stage.channel.crowds[platform] = Crowd(members=len(there) + 1, present=there, admins=frozenset())
    await stage.app.membership.step()
    await stage.deliver()
    await stage.paper()
    await stage.read(times=3, T_1=2300.0)
    told = [m.text for m in await stage.deliver() if m.chat == platform]
    assert any("T-1" in text for text in told)
    told += [
        await answer(stage, person, chat, q) for q in ("/status", "/tanks", "/alarms", "/movement", "/duty", "/report")
    ]
    assert [t for t in told if re.search(r"\d ?(?:吨|元|米|%)|都已回复|未结预警 \d", t)] == []
    assert "本群有未核实成员,仅部分显示" in told[-1]
    assert "T-1" in told[-4]


async def test_a_person_of_one_project_gets_nothing_in_the_others_chat(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.deliver()
    await stage.say("zhao", "b_group", "/status", addressed=True)
    (line,) = await stage.deliver()
    assert line.chat == "-1004"
    assert "不在本群的登记名单内" in line.text
    assert [w for w in OF_A + OF_B if w in line.text] == []


async def test_who_sits_in_two_projects_is_answered_of_this_chats_only(stage: HouseStage) -> None:
    await stage.say("li", "b_group", "/status", addressed=True)
    await stage.say("li", "a_group", "/status", addressed=True)
    b, a = sorted(await stage.deliver(), key=lambda m: m.chat, reverse=True)
    assert [token for _, token in b.buttons if "B-1" not in token] == []
    assert [token for _, token in a.buttons if "A-1" not in token] == []
    assert "1 罐" in b.text
    assert "3 罐" in a.text


@pytest.mark.parametrize(
    ("person", "chat", "shown"), [("99", "a_group", "99"), ("99", "-4242", "99"), ("wang", "-4242", "-4242")]
)
async def test_the_unbound_get_one_line_with_the_id_an_hour_and_no_data(
    stage: HouseStage, person: str, chat: str, shown: str
) -> None:
    await stage.say(person, chat, "货还在不在?", addressed=True)
    (line,) = await stage.deliver()
    assert shown in line.text
    assert "登记" in line.text
    assert [w for w in OF_A + OF_B if w in line.text] == []
    await stage.say(person, chat, "/status", addressed=True)
    await stage.pass_time(3500)
    await stage.say(person, chat, "/tanks", addressed=True)
    assert await stage.deliver() == []
    await stage.pass_time(200)
    await stage.say(person, chat, "/tanks", addressed=True)
    assert len(await stage.deliver()) == 1


async def test_a_strangers_press_and_chatter_leave_no_trace(stage: HouseStage) -> None:
    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == "-1002")
    before = len(await stage.events())
    assert "未登记" in (await stage.press("99", told, "收到") or "")
    await stage.say("99", "a_group", "收到")
    assert await stage.deliver() == []
    assert len(await stage.events()) == before
    assert stage.alarm("value_below_line").waiting() != ()


async def test_a_token_of_the_other_banks_alarm_is_no_key(stage: HouseStage) -> None:
    await stage.price({"DIESEL-SD": "6600"})
    await stage.price({"METHANOL-SD": "2300"})
    await stage.deliver()
    a = stage.alarm("value_below_line")
    assert stage.alarms("value_below_line", "B-1") == []
    await stage.hear(stage.inbound("press", "qian", "b_group", f"v1|{a.id}|1|ack"))
    assert "不在本群" in stage.channel.toasts[-1][1]
    assert stage.alarm("value_below_line").waiting() != ()
