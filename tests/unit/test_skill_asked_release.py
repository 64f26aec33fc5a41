"""能不能放300吨甲醇: within or over and by how much, which limit binds, and that an answer releases nothing."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Caps, Field
from domain.headroom import headroom
from skills.headroom import SKILL
from skills.skill import Answer, Status
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import CONTRACT, HY, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
RICH = scene(tonnes={"T-112": 9380.2})
MOST = {g.good: g.kg for g in headroom(CONTRACT, RICH.position).goods}


def rich(**what: object) -> Window:
    """The pool above every line."""
    return Window(scenes={HY: RICH}, **what)  # type: ignore[arg-type]


def told(window: Window, **arguments: str) -> Answer:
    return SKILL.run(window, arguments)


def text(window: Window, **arguments: str) -> str:
    return WORDS.answer(told(window, **arguments)).text


@pytest.mark.parametrize(
    ("case", "arguments"),
    [
        ("within", {"good": "MEOH", "mass": "300000"}),
        ("over", {"good": "D0", "mass": "5000000"}),
        ("value", {"money": "5000000"}),
        ("value_over", {"money": "500000000"}),
        ("any_good", {"mass": "1500000"}),
    ],
)
@pytest.mark.parametrize(("who", "chat"), [("chen", "bank"), ("zhao", "group")])
def test_an_amount_reads_so(case: str, arguments: Mapping[str, str], who: str, chat: str) -> None:
    message = WORDS.answer(told(rich(who=who, where=chat), **arguments))
    assert message.text.count("\n") < 12
    assert "这是测算,不是放货许可" in message.text
    assert_snapshot(f"asked_release.{case}.{chat}", message)


@pytest.mark.parametrize("good", sorted(MOST))
def test_exactly_the_headroom_is_within_and_one_kg_more_is_over(good: str) -> None:
    most = MOST[good]
    within = told(rich(), good=good, mass=str(most)).facts["contracts"][0]["ask"]
    over = told(rich(), good=good, mass=str(most + 1)).facts["contracts"][0]["ask"]
    assert (within["within"], within["left_kg"]) == (True, 0)
    assert (over["within"], over["over_kg"]) == (False, 1)
    assert Decimal(within["after_cny"]) >= Decimal(within["floor_cny"])


def test_the_first_line_says_yes_or_no() -> None:
    assert text(rich(), good="MEOH", mass="300000").startswith("可以:甲醇 300吨")
    assert text(rich(), good="MEOH", mass="9000000").startswith("不可以:甲醇最多可提")
    assert text(rich(), money="1000000").startswith("可以:100.00万元")


def test_it_does_not_matter_which_sign_the_amount_has() -> None:
    assert text(rich(), good="MEOH", mass="-300000") == text(rich(), good="MEOH", mass="300000")


def test_a_red_alarm_and_a_low_pool_allow_nothing_and_say_why() -> None:
    stopped = text(rich(stopped=True), good="MEOH", mass="1000")
    assert stopped.startswith("不可以:")
    assert "有处理中的红色预警" in stopped
    low = text(Window(), good="MEOH", mass="1000")
    assert low.startswith("不可以:甲醇最多可提 0.0吨")
    assert "不得低于补货线" in low


def test_what_binds_is_the_line_a_cap_or_what_is_there() -> None:
    free = replace(CONTRACT, caps=Caps())
    huge = Window(scenes={HY: scene(tonnes={"T-112": 60000.0}, contract=free)}, contract_list=(free,))
    found = {
        "held": told(huge, good="MTBE", mass="9000000"),
        "cap": told(rich(), good="D0", mass="9000000"),
        "line": told(rich(), good="MEOH", mass="9000000"),
        "blocked": told(rich(stopped=True), good="MEOH", mass="9000000"),
    }
    assert {binds: a.facts["contracts"][0]["ask"]["binds"] for binds, a in found.items()} == {b: b for b in found}


def test_yes_or_no_to_tonnes_is_no_way_to_learn_how_many_there_are() -> None:
    closed = rich(who="li", where="group", fields=frozenset({Field.VALUE, Field.LINE}))
    assert told(closed, good="MEOH", mass="300000").status is Status.NOT_PERMITTED
    assert told(closed, good="MEOH", money="3000000").status is Status.NOT_PERMITTED
    assert "吨" not in text(closed, money="3000000")
    assert (
        told(rich(who="li", where="group", fields=frozenset({Field.QUANTITY})), mass="1").status is Status.NOT_PERMITTED
    )


def test_a_good_that_is_not_pledged_here_is_not_answered() -> None:
    assert told(rich(), good="GOLD", mass="1000").kind == "not_found"


def test_old_data_is_said_with_the_answer() -> None:
    old = Window(scenes={HY: scene(tonnes={"T-112": 9380.2}, ages_s={"V203": 720.0})})
    answer = told(old, good="MEOH", mass="300000")
    assert answer.status is Status.STALE
    assert "部分数据不是最新" in WORDS.answer(answer).text


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("能不能放300吨甲醇", {"good": "MEOH", "mass": "300000"}),
        ("甲醇提300吨可以吗", {"good": "MEOH", "mass": "300000"}),
        ("300吨甲醇能不能提", {"good": "MEOH", "mass": "300000"}),
        ("赵总说要提300吨柴油,能提吗", {"good": "D0", "mass": "300000"}),
        ("能放0.5万吨甲醇吗", {"good": "MEOH", "mass": "5000000"}),
        ("能放500万的货吗", {"money": "5000000"}),
        ("现在最多还能提多少甲醇", {"good": "MEOH"}),
        ("/headroom 甲醇 300吨", {"good": "MEOH", "mass": "300000"}),
    ],
)
def test_the_amount_is_heard(said: str, arguments: Mapping[str, str]) -> None:
    found = one(hear(said))
    assert (found.skill, found.arguments) == ("headroom", arguments)


@pytest.mark.parametrize(
    "said", ["没有提货通知能不能出货", "没有通知可以放货吗", "没有通知能放300吨甲醇吗", "没有提货单能不能提货"]
)
def test_without_the_lenders_paper_nothing_leaves_and_no_tonnes_are_told(said: str) -> None:
    found = one(hear(said))
    message = WORDS.answer(SKILL.run(rich(who="li", where="group"), found.arguments))
    assert message.text.startswith("不可以:没有质权人的书面提货通知,不得出库")
    assert "300" not in message.text
    assert_snapshot("no_notice.group", message)


def test_a_pool_that_lets_nothing_out_says_of_when_it_is() -> None:
    assert "1.2912亿元(3月12日 14:31)" in text(Window())
    assert text(rich(stopped=True)).startswith("当前不可提货:有处理中的红色预警(3月12日 14:31)")
