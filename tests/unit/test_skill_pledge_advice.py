"""要补多少、还能提多少、如果…会怎样: what each audience reads, what it may not, and what stands against an answer."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from bot.words import Words
from domain.contract import AlertKind, Caps, ControlLineNotice, Field
from domain.other_terms import CureMethod
from rules import value_line
from skills import headroom, top_up, what_if
from skills.skill import Skill, Status
from tests.data.words import alarms
from tests.data.words.hearing import hear, one, questions
from tests.data.words.hengyun import CONTRACT, HY, NOW, ROSTER, Labels, only, prices, raised, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
SUBSETS = [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)]
LOW = scene(tonnes={"T-107": 4631.8}, quotes=prices(NOW, MEOH="2318"))
D38 = Decimal("0.38")
RICH = scene(tonnes={"T-112": 9380.2})
MEOH_5: dict[str, str] = {"good": "MEOH", "percent": "-5"}
ALL: list[tuple[Skill, dict[str, str]]] = [
    (top_up.SKILL, {}),
    (headroom.SKILL, {}),
    (what_if.SKILL, MEOH_5),
    (what_if.SKILL, {"percent": "-5"}),
    (what_if.SKILL, {"how": "limit"}),
    (what_if.SKILL, {"good": "MEOH", "mass": "-500000"}),
    (what_if.SKILL, {"tank": "T-107", "how": "gone"}),
    (what_if.SKILL, {"money": "5000000"}),
    (what_if.SKILL, {"good": "D0,MEOH", "mass": "300000,-500000"}),
]


def low(**what: Any) -> Window:
    """The pool of M1, its alarm open."""
    return Window(scenes={HY: LOW}, open_alarms=(alarms.value_below_line().alarm,), **what)


def rich(**what: Any) -> Window:
    """The pool above every line."""
    return Window(scenes={HY: RICH}, **what)


def read(skill: Skill, window: Window, arguments: dict[str, str] | None = None) -> str:
    return WORDS.answer(skill.run(window, arguments or {})).text


@pytest.mark.parametrize(("who", "chat"), [("chen", "bank"), ("zhao", "group")])
@pytest.mark.parametrize(
    ("case", "skill", "arguments"),
    [
        ("top_up.low", top_up.SKILL, {}),
        ("headroom.low", headroom.SKILL, {}),
        ("what_if.low_limits", what_if.SKILL, {}),
        ("top_up.rich", top_up.SKILL, {}),
        ("headroom.rich", headroom.SKILL, {}),
        ("headroom.rich_good", headroom.SKILL, {"good": "D0"}),
        ("what_if.price", what_if.SKILL, MEOH_5),
        ("what_if.all_prices", what_if.SKILL, {"percent": "-20"}),
        ("what_if.out", what_if.SKILL, {"good": "MEOH", "mass": "-500000"}),
        ("what_if.in", what_if.SKILL, {"good": "MEOH", "mass": "9000000"}),
        ("what_if.gone", what_if.SKILL, {"tank": "T-107", "how": "gone"}),
        ("what_if.low_repaid", what_if.SKILL, {"money": "5000000"}),
        ("what_if.swap", what_if.SKILL, {"good": "D0,MEOH", "mass": "300000,-500000"}),
        ("what_if.limits", what_if.SKILL, {}),
        ("what_if.limits_good", what_if.SKILL, {"good": "MTBE"}),
    ],
)
def test_an_answer_reads_so(case: str, skill: Skill, arguments: dict[str, str], who: str, chat: str) -> None:
    window = low(who=who, where=chat, came_kg={"MEOH": 1_000_000}) if "low" in case else rich(who=who, where=chat)
    message = WORDS.answer(skill.run(window, arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"{case}.{chat}", message)


@pytest.mark.parametrize("fields", SUBSETS, ids=lambda f: "+".join(sorted(f)) or "none")
def test_a_figure_that_not_everybody_may_see_is_in_no_answer(fields: frozenset[Field]) -> None:
    for make in (low, rich):
        window = make(who="li", where="group", fields=fields)
        for skill, arguments in ALL:
            said = read(skill, window, arguments)
            if Field.LTV not in fields:
                assert "质押率 " not in said
            if Field.CASH not in fields and "money" not in arguments:  # the asker's own sum is no secret
                assert "还款" not in said
            if Field.LINE not in fields:
                assert not any(line in said for line in ("1.2912", "1.2052", "1.0634", "不破", "将低于"))
            if Field.VALUE not in fields:
                assert not any(c in said for c in ("认可货值 1", "认可货值 8", "补货 9", "再跌 "))
            if Field.QUANTITY not in fields and skill is not top_up.SKILL:
                assert "吨" not in said


def test_an_open_red_alarm_stops_every_release_wherever_it_was_told() -> None:
    answer = headroom.SKILL.run(rich(stopped=True), {})
    assert answer.facts["contracts"][0]["value_cny"] == "0.00"
    assert "当前不可提货:有处理中的红色预警" in WORDS.answer(answer).text


def test_no_answer_grows_out_of_a_tank_that_was_never_read() -> None:
    window = Window(scenes={HY: scene(tonnes={"T-112": 9380.2}, ages_s={"V203": float("inf")})})
    assert {s.run(window, {}).status for s, _ in ALL} == {Status.NO_DATA}


def test_what_is_not_of_now_is_said_with_the_figure() -> None:
    window = Window(scenes={HY: scene(tonnes={"T-112": 9380.2}, ages_s={"V203": 720.0})})
    for skill, arguments in ALL:
        answer = skill.run(window, arguments)
        assert answer.status is Status.STALE
        assert "部分数据不是最新" in WORDS.answer(answer).text


def test_what_only_missing_data_takes_below_the_line_is_no_call_for_goods_or_money() -> None:
    """Three silent methanol tanks: recognised 86 million, by their last readings 132.9, above the 129.1 of the line."""
    silent = dict.fromkeys(("T-112", "T-113", "T-120"), 7200.0)
    blind = scene(tonnes={"T-112": 9380.2}, ages_s=silent)
    for who, chat in (("chen", "bank"), ("zhao", "group")):
        answer = top_up.SKILL.run(Window(who=who, where=chat, scenes={HY: blind}), {})
        said = WORDS.answer(answer).text
        assert answer.status is Status.STALE
        assert answer.figures == ()
        assert "请先恢复数据或人工检尺" in said
        assert not any(word in said for word in ("恢复至", "补货 ", "还款", "按已确认数据计"))


def test_below_the_line_by_the_last_readings_too_the_call_stands_though_tanks_are_silent() -> None:
    short = scene(tonnes={"T-107": 4631.8}, quotes=prices(NOW, MEOH="2318"), ages_s={"V203": 7200.0})
    assert "补货 " in read(top_up.SKILL, Window(scenes={HY: short}))


@pytest.mark.parametrize(("who", "chat"), [("chen", "bank"), ("zhao", "group")])
def test_below_the_line_goods_are_called_for_by_the_last_readings_and_the_rest_by_data(who: str, chat: str) -> None:
    """Two silent tanks of methanol: the same short of the line as if they were heard, and data for what they hold."""
    silent = scene(tonnes={"T-107": 4631.8}, ages_s={"T-112": 7200.0, "T-113": 7200.0})
    heard = Window(who=who, where=chat, scenes={HY: scene(tonnes={"T-107": 4631.8})})
    answer = top_up.SKILL.run(Window(who=who, where=chat, scenes={HY: silent}), {})
    need, want = answer.facts["contracts"][0], top_up.SKILL.run(heard, {}).facts["contracts"][0]
    for figure in ("goods_cny", "call_cny", "alone", "mix"):
        assert need[figure] == want[figure]
    assert need.get("cash_cny") == want.get("cash_cny")
    assert Decimal(need["unseen_cny"]) == silent.position.last_known - silent.position.recognised
    said = WORDS.answer(answer).text
    assert said.startswith("按最后读数和报价,恢复至补货线")
    assert "只因数据缺失或过期未获认可:请恢复数据或人工检尺,不作补足要求" in said
    assert said.count("\n") < 12


def test_no_good_is_advised_that_only_silent_tanks_could_take() -> None:
    silent = dict.fromkeys(("T-112", "T-113", "T-120"), 7200.0)
    seen = Window(scenes={HY: scene(tonnes={"T-107": 4631.8}, ages_s=silent)})
    (need,) = top_up.SKILL.run(seen, {"good": "MEOH"}).facts["contracts"]
    assert "MEOH" not in {g["good"] for g in need["alone"]}
    assert need["wanted"][0]["taken"] is False


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"good": "MEOH", "mass": "1000000"}, "没有可计货的罐:甲醇"),
        ({"good": "MEOH", "mass": "-1000000"}, "没有可计货的罐:甲醇"),
        ({"good": "D0,MEOH", "mass": "-300000,500000"}, "没有可计货的罐:甲醇"),
        ({"good": "D0", "mass": "-99000000"}, "没有这么多货可提"),
    ],
    ids=["in", "out", "swap", "more than there is"],
)
def test_a_change_of_a_good_without_a_tank_that_counts_says_so(arguments: dict[str, str], says: str) -> None:
    silent = dict.fromkeys(("T-112", "T-113", "T-120"), 7200.0)
    assert says in read(what_if.SKILL, Window(scenes={HY: scene(ages_s=silent)}), arguments)


def test_a_good_that_its_cap_shuts_out_is_not_advised() -> None:
    tight = replace(CONTRACT, caps=Caps(good=D38))
    window = replace(low(), contract_list=(tight,), scenes={HY: scene(contract=tight, tonnes={"T-107": 4631.8})})
    said = read(top_up.SKILL, window)
    assert "只补一种:甲醇" not in said
    assert "单独补会超占比上限:甲醇" in said


def test_a_control_line_notice_is_not_paid_off() -> None:
    notice = ControlLineNotice(no="KZ-1", amount=D38 * 400_000_000, effective_from=NOW - timedelta(days=1))
    noticed = replace(CONTRACT, lines=replace(CONTRACT.lines, notices=(notice,)))
    window = Window(contract_list=(noticed,), scenes={HY: scene(contract=noticed)})
    assert "还款不能降低控制线通知书所定的金额" in read(top_up.SKILL, window)


@pytest.mark.parametrize(
    ("text", "skill", "arguments"),
    [
        ("如果甲醇再跌5%会怎样", "what_if", MEOH_5),
        ("甲醇涨百分之三会怎样", "what_if", {"good": "MEOH", "percent": "3"}),
        ("价格跌一成会破线吗", "what_if", {"percent": "-10"}),
        ("再提1.2万吨甲醇会怎样", "what_if", {"good": "MEOH", "mass": "-12000000"}),
        ("如果还款500万会怎样", "what_if", {"money": "5000000"}),
        ("还一千二百万会不会破线", "what_if", {"money": "12000000"}),
        ("如果还款0.3亿元会怎样", "what_if", {"money": "30000000"}),
        ("如果换入300吨柴油换出500吨甲醇会怎样", "what_if", {"good": "D0,MEOH", "mass": "300000,-500000"}),
        ("换出甲醇500吨换入0#柴油300吨会破线吗", "what_if", {"good": "MEOH,D0", "mass": "-500000,300000"}),
        ("补入1000吨甲醇会怎样", "what_if", {"good": "MEOH", "mass": "1000000"}),
        ("如果T-107不算进去会怎样", "what_if", {"tank": "T-107", "how": "gone"}),
        ("最多还能跌多少", "what_if", {"how": "limit"}),
        ("/whatif 甲醇 跌5%", "what_if", MEOH_5),
        ("/whatif", "what_if", {}),
        ("/headroom 甲醇", "headroom", {"good": "MEOH"}),
        ("/topup", "top_up", {}),
    ],
)
def test_a_change_in_words_is_a_change_in_figures(text: str, skill: str, arguments: dict[str, str]) -> None:
    found = one(hear(text))
    assert (found.skill, found.arguments) == (skill, arguments)


@pytest.mark.parametrize("text", ["放500吨甲醇", "甲醇跌了多少", "甲醇提货500吨", "甲醇跌2300会怎样"])
def test_an_order_and_a_question_about_the_past_are_no_what_if(text: str) -> None:
    assert "what_if" not in [q.skill for q in questions(hear(text))]


@pytest.mark.parametrize(
    "arguments",
    [
        {"money": "5,6"},
        {"money": "5", "tank": "T-107"},
        {"good": "D0,MEOH", "mass": "5,6"},
        {"good": "D0", "mass": "5,-6"},
        {"percent": "-5,3"},
        {"mass": "-500000"},
        {"tank": "T-107"},
        {"how": "gone"},
        {"percent": "-120"},
    ],
    ids=[
        "two sums",
        "a sum off a tank",
        "a swap with nothing out",
        "a swap of one good",
        "two figures",
        "mass of what",
        "tank without a word",
        "gone without a tank",
        "below nothing",
    ],
)
def test_a_change_that_is_not_clear_is_asked_back(arguments: dict[str, str]) -> None:
    assert what_if.SKILL.run(rich(), arguments).status is Status.CLARIFY


def test_more_than_there_is_cannot_leave() -> None:
    assert "没有这么多货可提" in read(what_if.SKILL, rich(), {"good": "MTBE", "mass": "-99000000"})


def test_an_alarm_advises_several_goods_where_none_alone_fits_below_its_cap() -> None:
    most = {"MEOH": "0.38", "D0": "0.30", "B70": "0.22", "MTBE": "0.12", "MEG": "0.16"}
    goods = {g: replace(t, max_share=Decimal(most[g])) for g, t in CONTRACT.goods.items()}
    squeezed = replace(CONTRACT, goods=goods)
    pool = scene(contract=squeezed, tonnes={"T-107": 4631.8}, quotes=prices(NOW, MEOH="2318"))
    findings, _ = value_line.judge(pool, value_line.Memory())
    told = raised(only(findings, AlertKind.VALUE_BELOW_LINE), squeezed)
    said = WORDS.notice(told.notices["group"], told.alarm, squeezed, ROSTER, now=NOW).text
    (line,) = [x for x in said.splitlines() if x.startswith("恢复至补货线")]
    assert line.endswith("单一品种受占比上限限制)")
    assert line.count("吨") in (2, 3)
    shares = read(top_up.SKILL, replace(low(), contract_list=(squeezed,), scenes={HY: pool}))
    assert "任何一种单独补都会超占比上限,可合补" in shares


def offered(money: str, **what: Any) -> str:
    return read(top_up.SKILL, low(**what), {"money": money})


def test_money_in_place_of_goods_is_held_against_what_is_needed() -> None:
    need = Decimal(top_up.SKILL.run(low(), {}).facts["contracts"][0]["cash_cny"])
    assert offered(str(need)).startswith("够:")
    short = offered(str(need - Decimal("0.01")))
    assert short.startswith("不够:")
    assert "还差 0.01元" in short
    assert "能否以款代货,合同文件没有记录" in short
    assert offered(str(need)).count("\n") < 12


def test_the_ways_that_the_contract_names_are_told_with_the_offer() -> None:
    strict = replace(CONTRACT, cure_methods=(CureMethod.GOODS,))
    said = read(top_up.SKILL, Window(scenes={HY: LOW}, contract_list=(strict,)), {"money": "35000000"})
    assert said.startswith("不可以:合同约定只能补货,款项不能代替。")
    assert "合同约定的补足方式:补货。" in said
    free = replace(CONTRACT, cure_methods=(CureMethod.GOODS, CureMethod.MARGIN))
    both = read(top_up.SKILL, Window(scenes={HY: LOW}, contract_list=(free,)), {"money": "35000000"})
    assert both.startswith("够:")
    assert "合同约定的补足方式:补货、追加保证金。" in both


def test_an_offer_tells_nobody_how_much_money_would_do() -> None:
    few, many = (
        offered(cny, who="li", where="group", fields=frozenset({Field.VALUE, Field.LINE})) for cny in ("1", "900000000")
    )
    assert few == many
    assert few.startswith("这笔款够不够须由资金方核算:保证金仅对资金方开放。")


def test_an_offer_in_place_of_goods_asks_both_whether_it_suffices_and_whether_it_may_be() -> None:
    found = questions(hear("补3500w保证金能不能不补货"))
    assert [(q.skill, q.intent, q.arguments) for q in found] == [
        ("top_up", "q_gap", {"money": "35000000"}),
        ("q_term", "q_term", {"term": "cure_method"}),
    ]
    for text in ("补3500w保证金", "保证金能不能不交", "补500吨能不能不补货", "能不能不补货"):
        assert not any("money" in q.arguments for q in questions(hear(text)))
