"""The line, the sum, the tank and the way that were asked about are the ones that are answered about."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from bot.words import Words
from domain.contract import Caps, Field, Line
from domain.headroom import headroom, within_caps
from domain.top_up import brought
from domain.what_if import Change, priced, revalued
from skills.registry import SKILLS
from skills.skill import Answer, Status
from skills.understanding.understand import Clarify
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, prices, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
BY_NAME = {s.name: s for s in SKILLS}
RICH = scene(tonnes={"T-112": 9380.2})
LOW = scene(tonnes={"T-107": 4631.8}, quotes=prices(NOW, MEOH="2318"))
TIGHT = replace(CONTRACT, caps=Caps(good=Decimal("0.45")))
LAID = scene(contract=TIGHT, tonnes={"T-112": 9380.2})


def answered(text: str, pool: Any = RICH, **what: Any) -> Answer:
    found = one(hear(text))
    return BY_NAME[found.skill].run(Window(scenes={HY: pool}, **what), found.arguments)


def told(text: str, pool: Any = RICH, **what: Any) -> str:
    return WORDS.answer(answered(text, pool, **what)).text


@pytest.mark.parametrize("text", ["还款1000万能放多少甲醇", "还1000万后还能提多少吨甲醇"])
def test_what_may_leave_after_a_repayment_is_reckoned_without_what_is_repaid(text: str) -> None:
    room = headroom(CONTRACT, revalued(CONTRACT, RICH.position, Change(repaid=Decimal(10_000_000))))
    (block,) = answered(text).facts["contracts"]
    assert block["goods"] == [{"good": "MEOH", "kg": g.kg, "capped": g.capped} for g in room.goods if g.good == "MEOH"]
    assert block["value_cny"] == str(room.value_cny)
    assert told(text).startswith("还款 1,000.00万元到账后:")


def test_money_for_goods_and_money_paid_back_are_told_apart() -> None:
    assert one(hear("还500万能提800万的货吗")).arguments == {"repaid": "5000000", "money": "8000000"}
    assert one(hear("能提800万的货吗")).arguments == {"money": "8000000"}


def test_whether_a_repayment_that_is_over_is_in_the_balance_is_asked() -> None:
    found = hear("还了1000万能提多少")
    assert isinstance(found, Clarify)
    assert found.about == "amount"


@pytest.mark.parametrize(
    ("text", "pool", "says"),
    [
        ("补到监管线要多少货", LOW, "恢复至监管线 1.2052亿元"),
        ("补到监管线要多少货", RICH, "无需补足:认可货值不低于监管线 1.2052亿元,高出 1,235.63万元"),
        ("离处置线还差多少钱", LOW, "无需补足:认可货值不低于处置线 1.0634亿元,高出 1,353.76万元"),
        ("还多少款能回到补货线", LOW, "恢复至补货线 1.2912亿元"),
    ],
)
def test_the_line_that_was_asked_about_is_the_one_that_is_answered_about(text: str, pool: Any, says: str) -> None:
    assert told(text, pool).startswith(says)


def test_what_the_contract_wants_is_said_beside_a_laxer_line() -> None:
    need = LOW.position.line_values[Line.WARN] - LOW.position.recognised
    (block,) = answered("跌破监管线了要补多少", LOW).facts["contracts"]
    assert block["due"] == {
        "target": "warn",
        "target_cny": str(LOW.position.line_values[Line.WARN]),
        "goods_cny": str(need),
    }
    assert "但合同约定补至补货线 1.2912亿元,须补货 924.89万元" in told("跌破监管线了要补多少", LOW)
    assert "合同约定补至" not in told("补到补货线要多少货", LOW)


def test_every_line_that_was_named_is_told() -> None:
    assert [x[:3] for x in told("监管线和处置线分别是多少钱").splitlines()] == ["监管线", "处置线"]
    assert [x[:3] for x in told("合同里补货线和监管线定的是多少").splitlines()] == ["补货线", "监管线"]
    assert told("合同里监管线定的是多少").count("\n") == 0


@pytest.mark.parametrize(
    ("text", "pool", "says"),
    [
        ("是不是已经破了补货线", LOW, "低于补货线 924.88万元"),
        ("是不是已经破了补货线", RICH, "高于补货线 374.81万元"),
    ],
)
def test_whether_a_line_is_broken_is_answered_with_the_distance_to_it(text: str, pool: Any, says: str) -> None:
    assert told(text, pool).startswith(says)


def test_whether_the_value_is_below_a_sum_is_answered_with_the_value() -> None:
    assert "认可货值 1.3287亿元" in told("货值是不是低于1.25亿")


def test_goods_of_so_much_value_are_held_against_the_goods_that_are_missing() -> None:
    missing = LOW.position.line_values[Line.WARN] - LOW.position.recognised
    short = missing - 10_000
    for worth, says in ((missing + 10_000, "够:"), (short, "不够:所缺货值 924.89万元")):
        arguments = {"good": "B70", "worth": str(worth)}
        said = WORDS.answer(BY_NAME["top_up"].run(Window(scenes={HY: LOW}), arguments)).text
        assert said.splitlines()[1].startswith(says)


def test_goods_of_so_much_value_are_told_in_tonnes_after_the_haircut() -> None:
    assert one(hear("补421万货是多少吨沥青")).arguments == {"good": "B70", "worth": "4210000"}
    (row,) = answered("补421万货是多少吨沥青", LOW).facts["contracts"][0]["worth"]["goods"]
    by_value = Decimal(4_210_000) / priced(LOW.position)["B70"]
    assert by_value <= row["kg"] < by_value + 10
    after = revalued(CONTRACT, LOW.position, brought(LOW.position, {"B70": row["kg"]})).recognised
    assert after >= LOW.position.recognised + 4_210_000


@pytest.mark.parametrize("text", ["覆盖率是多少", "覆盖倍数"])
def test_the_coverage_is_told_where_it_is_asked_for(text: str) -> None:
    coverage = RICH.position.recognised / RICH.position.exposure
    answer = answered(text)
    assert told(text).startswith(f"覆盖率 {coverage:.2%}")
    assert [f.value for f in answer.figures if f.name.endswith(".coverage")] == [str(coverage)]
    assert told("质押率多少").startswith("质押率 68.03%")


def test_how_much_may_come_in_below_its_cap_is_not_how_much_may_leave() -> None:
    found = one(hear("还能再进多少甲醇不超上限"))
    assert (found.skill, found.arguments) == ("headroom", {"good": "MEOH", "way": "in"})
    answer = BY_NAME["headroom"].run(Window(contract_list=(TIGHT,), scenes={HY: LAID}), found.arguments)
    (row,) = answer.facts["contracts"][0]["rows"]
    for kg, counts in ((row["kg"], True), (row["kg"] + 10, False)):
        then = revalued(TIGHT, LAID.position, brought(LAID.position, {"MEOH": kg}))
        assert within_caps(LAID.position, then) is counts
    assert WORDS.answer(answer).text.startswith("甲醇还能再进 ")


def test_a_good_without_a_cap_may_come_in_without_end() -> None:
    free = replace(CONTRACT, caps=Caps())
    window = Window(contract_list=(free,), scenes={HY: scene(contract=free)})
    said = WORDS.answer(BY_NAME["headroom"].run(window, {"good": "MEOH", "way": "in"})).text
    assert said.startswith("甲醇没有占比上限")


def test_what_may_leave_one_tank_is_no_more_than_it_holds_and_breaks_no_line() -> None:
    (tank,) = answered("T-112还能提多少").facts["contracts"][0]["tanks"]
    floor = max(RICH.position.line_values.values())
    for kg, holds in ((tank["kg"], True), (tank["kg"] + 10, False)):
        after = revalued(CONTRACT, RICH.position, Change(moved_kg={"T-112": -kg})).recognised
        assert (after >= floor) is holds
    assert told("T-112还能提多少").startswith("只提T-112(甲醇)时,最多 1,555.2吨")
    assert told("T-112能提300吨吗").startswith("可以:T-112甲醇 300吨")
    assert told("T-112能提3000吨吗").startswith("不可以:T-112甲醇最多可提 1,555.2吨")


def test_of_a_silent_tank_nobody_says_what_may_leave() -> None:
    silent = scene(tonnes={"T-112": 9380.2}, ages_s={"T-113": 7200.0})
    assert told("T-113还能提多少", silent).startswith("T-113现在不计货值")


def test_tonnes_of_a_good_are_worth_their_price() -> None:
    found = one(hear("1500吨甲醇值多少钱"))
    assert (found.skill, found.arguments) == ("goods_worth", {"good": "MEOH", "mass": "1500000"})
    assert told("1500吨甲醇值多少钱").startswith("甲醇 1,500吨按现用价 2,410元/吨 值 361.50万元")
    assert one(hear("甲醇值多少钱")).skill == "tanks"
    assert answered("1500吨甲醇值多少钱", fields=frozenset({Field.QUANTITY})).status is Status.NOT_PERMITTED


@pytest.mark.parametrize(("who", "chat"), [("chen", "bank"), ("zhao", "group")])
@pytest.mark.parametrize(
    ("case", "skill", "arguments"),
    [
        ("headroom.repaid", "headroom", {"good": "MEOH", "repaid": "10000000"}),
        ("headroom.tank", "headroom", {"tank": "T-112,T-107"}),
        ("intake.goods", "headroom", {"way": "in"}),
        ("top_up.low_line", "top_up", {"line": "control"}),
        ("top_up.low_worth", "top_up", {"good": "B70", "worth": "4210000"}),
        ("standing.coverage", "status", {"want": "coverage"}),
        ("goods_worth.one", "goods_worth", {"good": "MEOH", "mass": "1500000"}),
        (
            "what_if.several",
            "what_if",
            {"good": "MEOH", "mass": "-300000", "priced": "D0", "percent": "-5", "money": "5000000"},
        ),
        ("what_if.to", "what_if", {"good": "MEOH", "price_to": "2200"}),
    ],
)
def test_an_answer_reads_so(case: str, skill: str, arguments: dict[str, str], who: str, chat: str) -> None:
    window = Window(who=who, where=chat, scenes={HY: LOW if "low" in case else RICH})
    message = WORDS.answer(BY_NAME[skill].run(window, arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"{case}.{chat}", message)


ASKED: list[tuple[str, dict[str, str], frozenset[Field]]] = [
    ("headroom", {"good": "MEOH", "repaid": "10000000"}, frozenset({Field.VALUE, Field.LINE, Field.EXPOSURE})),
    ("headroom", {"tank": "T-112"}, frozenset({Field.VALUE, Field.LINE, Field.QUANTITY})),
    ("headroom", {"good": "MEOH", "way": "in"}, frozenset({Field.VALUE, Field.QUANTITY})),
    ("top_up", {"good": "B70", "worth": "4210000"}, frozenset({Field.VALUE, Field.LINE})),
    ("status", {"want": "coverage"}, frozenset({Field.LTV})),
    ("goods_worth", {"good": "MEOH", "mass": "1500000"}, frozenset({Field.VALUE})),
]


@pytest.mark.parametrize("fields", [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)])
def test_nobody_is_told_who_may_not_see_all_that_an_answer_tells(fields: frozenset[Field]) -> None:
    window = Window(scenes={HY: RICH}, who="li", where="group", fields=fields)
    for skill, arguments, needs in ASKED:
        answer = BY_NAME[skill].run(window, arguments)
        assert (answer.status is Status.NOT_PERMITTED) == (not fields >= needs), (skill, arguments)
    gap = WORDS.answer(BY_NAME["top_up"].run(window, {"line": "control"})).text
    assert ("高出" in gap) == (fields >= {Field.VALUE, Field.LINE})
