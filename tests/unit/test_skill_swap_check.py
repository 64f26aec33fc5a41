"""换货行不行: yes or no by the contract's rules and by how much, what is missing asked back, and no permission."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.words import Words
from domain.case.terms import SwapTerms
from domain.contract import Contract, Field
from skills.skill import Answer, Status
from skills.swap_check import SKILL
from tests.data.words.cases import PLEDGED, RICH
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import HY, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.data.words.window import Window as Seen

WORDS = Words(Labels())


def window(who: str = "chen", where: str = "bank", contract: Contract = PLEDGED, **what: object) -> Seen:
    world = scene(contract=contract, tonnes=RICH)
    return replace(Window(who=who, where=where, scenes={HY: world}, contract_list=(contract,)), **what)  # type: ignore[arg-type]


def told(text: str, seen: Seen | None = None) -> Answer:
    """What is answered to a question about a swap."""
    found = one(hear(text))
    assert (found.skill, found.intent) == ("q_swap_check", "q_swap_check")
    return SKILL.run(seen or window(), found.arguments)


def text(said: str, seen: Seen | None = None) -> str:
    return WORDS.answer(told(said, seen)).text


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("yes", "换入300吨柴油换出500吨甲醇行不行"),
        ("short", "换入100吨柴油换出500吨甲醇行不行"),
        ("least", "用乙二醇换出来800吨甲醇行不行"),
        ("most", "300吨柴油能抵出甲醇吗"),
        ("tonnes", "柴油换甲醇可以吗"),
        ("stranger", "石脑油换甲醇可以吗"),
        ("order", "先出后进行不行"),
    ],
)
@pytest.mark.parametrize(("who", "chat"), [("chen", "bank"), ("zhao", "group")])
def test_a_swap_that_is_asked_about_reads_so(case: str, said: str, who: str, chat: str) -> None:
    message = WORDS.answer(told(said, window(who, chat)))
    assert message.text.count("\n") < 12
    assert_snapshot(f"swap_check.{case}.{chat}", message)


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("换入300吨柴油换出500吨甲醇行不行", {"good_in": "D0", "mass_in": "300000", "good_out": "MEOH", "mass_out": "500000"}),
        ("用乙二醇换出来800吨甲醇行不行", {"good_in": "MEG", "good_out": "MEOH", "mass_out": "800000"}),
        ("300吨柴油能抵出甲醇吗", {"good_in": "D0", "mass_in": "300000", "good_out": "MEOH"}),
        ("换入300万柴油换出100万甲醇行不行", {"good_in": "D0", "money_in": "3000000", "good_out": "MEOH", "money_out": "1000000"}),
        ("用柴油换出1000吨甲醇可以吗", {"good_in": "D0", "good_out": "MEOH", "mass_out": "1000000"}),
        ("柴油进200吨甲醇出300吨 可以换吗", {"good_in": "D0", "mass_in": "200000", "good_out": "MEOH", "mass_out": "300000"}),
        ("沥青换成柴油够不够格", {"good_in": "D0", "good_out": "B70"}),
        ("乙二醇最近价格起不来 能不能拿乙二醇把甲醇换出来", {"good_in": "MEG", "good_out": "MEOH"}),
        ("T-107换成甲醇行不行", {"tank_out": "T-107", "good_in": "MEOH"}),
        ("T-107换T-112行不行", {"tank_in": "T-107", "tank_out": "T-112"}),
        ("T-112换出500吨甲醇,换入300吨柴油到T-107行不行", {"tank_in": "T-107", "good_in": "D0", "mass_in": "300000", "tank_out": "T-112", "good_out": "MEOH", "mass_out": "500000"}),
        ("换出500吨甲醇,换入300吨柴油行不行", {"good_in": "D0", "mass_in": "300000", "good_out": "MEOH", "mass_out": "500000"}),
        ("甲醇换出500吨,换入300吨柴油行不行", {"good_in": "D0", "mass_in": "300000", "good_out": "MEOH", "mass_out": "500000"}),
        ("柴油换入300吨,甲醇换出500吨行不行", {"good_in": "D0", "mass_in": "300000", "good_out": "MEOH", "mass_out": "500000"}),
        ("/swapcheck 换入300吨柴油 换出500吨甲醇", {"good_in": "D0", "mass_in": "300000", "good_out": "MEOH", "mass_out": "500000"}),
    ],
)  # fmt: skip
def test_each_side_is_heard_with_its_amount(said: str, arguments: Mapping[str, str]) -> None:
    assert one(hear(said)).arguments == arguments


def test_yes_comes_first_with_what_is_spare_and_says_how_it_is_requested() -> None:
    said = text("换入300吨柴油换出500吨甲醇行不行")
    # 300 t × 6,890 − 500 t × 2,410 CNY
    assert said.startswith("可以:换入0#柴油 300吨换出甲醇 500吨,换入货值多 86.20万元")
    assert "不是换货许可" in said
    assert "/swap 换入" in said


def test_no_tells_by_how_much_and_how_many_tonnes_more() -> None:
    said = text("换入100吨柴油换出500吨甲醇行不行")
    # (500 × 2,410 − 100 × 6,890) / 6,890 t
    assert said.startswith("不可以:换入货值不足,少 51.60万元(折后),还要多换入0#柴油 74.9吨")


def test_the_least_that_must_come_is_enough_and_less_is_not() -> None:
    block = told("用乙二醇换出来800吨甲醇行不行").facts["contracts"][0]
    kg = block["into"]["kg"]
    arguments = {"good_in": "MEG", "good_out": "MEOH", "mass_out": "800000"}
    assert block["verdict"] == "yes"
    assert kg == 482_001  # 800 t × 2,410 / 4,000, and a kg for the rounding
    for mass, verdict in ((kg, "yes"), (kg - 2, "no")):
        again = SKILL.run(window(), {**arguments, "mass_in": str(mass)}).facts["contracts"][0]
        assert again["verdict"] == verdict


def test_the_ratio_of_the_contract_counts() -> None:
    assert PLEDGED.release is not None
    dear = replace(PLEDGED, release=replace(PLEDGED.release, swap=SwapTerms(value_ratio=Decimal("1.8"))))
    assert text("换入300吨柴油换出500吨甲醇行不行", window(contract=dear)).startswith("不可以:换入货值不足")


def test_what_no_amount_would_change_is_said_at_once() -> None:
    assert PLEDGED.release is not None
    without = replace(PLEDGED, release=replace(PLEDGED.release, swap=None))
    swap = "换入300吨柴油换出500吨甲醇行不行"
    assert text(swap, window(contract=without)).startswith("不可以:本项目合同未约定换货")
    assert text(swap, window(stopped=True)).startswith("不可以:有处理中的红色预警")
    assert text("石脑油换甲醇可以吗").startswith("不可以:石脑油不是本合同可质押的品种")
    assert text("先出后进行不行").startswith("不可以:换货须先进后出")
    assert text("拿沥青换出甲醇19000吨可以吗").startswith("不可以:甲醇可计货的只有")


def test_a_pool_below_its_line_is_no_and_names_the_line() -> None:
    low = Window(scenes={HY: scene(contract=PLEDGED)}, contract_list=(PLEDGED,))
    said = text("换入300吨柴油换出500吨甲醇行不行", low)
    assert said.startswith("不可以:换后认可货值低于补货线")


def test_what_is_missing_is_asked_back() -> None:
    tonnes, good = told("柴油换甲醇可以吗"), told("换出500吨甲醇可行不")
    assert (tonnes.status, tonnes.facts["contracts"][0]["missing"]) == (Status.CLARIFY, ["mass"])
    assert (good.status, good.facts["contracts"][0]["missing"]) == (Status.CLARIFY, ["in"])
    assert "每 100吨须先换入至少 35.0吨" in WORDS.answer(tonnes).text
    assert WORDS.answer(good).text.startswith("用哪个品种换入?")


def test_tanks_and_goods_that_do_not_go_together_are_asked_back_and_never_refused() -> None:
    answer = told("换入300吨柴油到T-112,换出500吨甲醇从T-107,行不行")
    assert (answer.status, answer.facts["contracts"][0]["missing"]) == (Status.CLARIFY, ["tank"])
    assert WORDS.answer(answer).text.startswith("罐和品种对不上:T-112 存的是甲醇、T-107 存的是0#柴油")


def test_yes_or_no_is_no_way_round_the_disclosure() -> None:
    for fields in ({Field.QUANTITY}, {Field.VALUE, Field.LINE}, {Field.VALUE, Field.QUANTITY}):
        closed = window("li", "group", fields=frozenset(fields))
        answer = told("换入300吨柴油换出500吨甲醇行不行", closed)
        assert (answer.status, answer.kind) == (Status.NOT_PERMITTED, "withheld")
    assert told("柴油换甲醇可以吗", window(who="li", where="group", fields=frozenset())).status is Status.NOT_PERMITTED


def test_old_data_is_said_and_decides_nothing_by_itself() -> None:
    old = scene(contract=PLEDGED, tonnes=RICH, ages_s={"V203": 720.0})
    answer = told("换入300吨柴油换出500吨甲醇行不行", window(scenes={HY: old}))
    assert answer.status is Status.STALE
    assert "部分数据不是最新" in WORDS.answer(answer).text
