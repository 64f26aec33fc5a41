"""What-ifs of several changes, of prices per tonne, of words without a figure: each figure with its own good, or a question."""

from decimal import Decimal
from itertools import combinations

import pytest

from bot.words import Words
from domain.contract import Field, Line
from domain.what_if import Change, fall_of, revalued, spread
from skills import what_if
from skills.skill import Status
from skills.understanding.understand import Clarify
from tests.data.words.hearing import hear, one, questions
from tests.data.words.hengyun import CONTRACT, HY, Labels, prices, scene
from tests.data.words.window import Window

WORDS = Words(Labels())
RICH = scene(tonnes={"T-112": 9380.2})
LOW = scene(tonnes={"T-107": 4631.8}, quotes=prices(RICH.now, MEOH="2318"))


def after(text: str) -> Decimal:
    """The value that the text supposes, as the answer has it."""
    found = one(hear(text))
    assert found.skill == "what_if"
    answer = what_if.SKILL.run(Window(scenes={HY: RICH}), found.arguments)
    return Decimal(answer.facts["contracts"][0]["after"]["value_cny"])


def said(text: str, pool: object = RICH) -> str:
    found = one(hear(text))
    return WORDS.answer(what_if.SKILL.run(Window(scenes={HY: pool}), found.arguments)).text  # type: ignore[dict-item]


OUT = spread(RICH.position, "MEOH", 300_000, out=True)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("跌5%再提走300吨甲醇", Change(every_price=Decimal("0.95"), moved_kg=OUT)),
        ("甲醇跌5%再提300吨", Change(price_factor={"MEOH": Decimal("0.95")}, moved_kg=OUT)),
        ("甲醇跌10%再还500万", Change(price_factor={"MEOH": Decimal("0.9")}, repaid=Decimal(5_000_000))),
        ("甲醇跌5%、柴油跌3%", Change(price_factor={"MEOH": Decimal("0.95"), "D0": Decimal("0.97")})),
        ("甲醇跌一半", Change(price_factor={"MEOH": Decimal("0.5")})),
        ("如果甲醇价格翻倍", Change(price_factor={"MEOH": Decimal(2)})),
        ("货值腰斩", Change(every_price=Decimal("0.5"))),
        ("甲醇跌到2200", Change(price_factor={"MEOH": Decimal(2200) / 2410})),
        ("如果甲醇跌到2200元一吨", Change(price_factor={"MEOH": Decimal(2200) / 2410})),
        ("甲醇每吨跌120", Change(price_factor={"MEOH": 1 - Decimal(120) / 2410})),
        ("甲醇再掉两百块一吨会怎样", Change(price_factor={"MEOH": 1 - Decimal(200) / 2410})),
        ("T-107没了会怎么样", Change(gone=frozenset({"T-107"}))),
        ("要是T-112的货全没了", Change(gone=frozenset({"T-112"}))),
    ],
)
def test_every_figure_changes_what_it_was_said_of(text: str, change: Change) -> None:
    assert after(text) == revalued(CONTRACT, RICH.position, change).recognised


def test_a_fall_per_tonne_without_a_good_is_of_all_goods() -> None:
    now = {i.holding.good: i.price.cny_t for i in RICH.position.items}
    factors = {g: 1 - Decimal(120) / p for g, p in now.items() if p is not None}
    assert after("每吨跌120") == revalued(CONTRACT, RICH.position, Change(price_factor=factors)).recognised
    assert said("每吨跌120").startswith("如果全部货价每吨跌 120元:")


def test_all_that_is_supposed_is_told_before_what_comes_of_it() -> None:
    assert said("甲醇跌10%再还500万").startswith("如果甲醇跌 10%、还款 500.00万元:")
    assert "补货线 1.2912亿元 → " in said("甲醇跌10%再还500万")
    assert said("甲醇跌到2200").startswith("如果甲醇由 2,410 变为 2,200元/吨:")
    assert said("跌5%再提走300吨甲醇").startswith("如果全部货价跌 5%、提走甲醇 300.0吨:")


@pytest.mark.parametrize(
    "text",
    [
        "甲醇跌5%,柴油换300吨会怎样",
        "甲醇跌2300会怎样",
        "甲醇跌5%、跌3%会怎样",
        "甲醇和柴油跌5%,沥青跌3%,再提300吨会怎样",
    ],
)
def test_figures_that_nobody_can_tell_apart_are_asked_back(text: str) -> None:
    found = hear(text)
    asked_back = isinstance(found, Clarify) or [
        what_if.SKILL.run(Window(scenes={HY: RICH}), q.arguments).status for q in questions(found)
    ] == [Status.CLARIFY]
    assert asked_back


@pytest.mark.parametrize("text", ["提走500吨沥青", "甲醇跌到2200告诉我", "甲醇跌到2200了吗", "货值腰斩了吗"])
def test_an_order_a_watch_and_what_has_happened_suppose_nothing(text: str) -> None:
    assert "what_if" not in [q.skill for q in questions(hear(text))]


def test_what_leaves_and_what_is_paid_is_understood_by_what_is_asked_of_it() -> None:
    assert one(hear("提走500吨沥青货值剩多少")).arguments == {"good": "B70", "mass": "-500000"}
    assert one(hear("还三百万够不够")).arguments == {"money": "3000000"}
    assert one(hear("我要是补600吨乙二醇进来质押率能降到多少")).arguments == {"good": "MEG", "mass": "600000"}


def test_the_price_at_which_a_line_is_met_is_told_per_tonne() -> None:
    found = one(hear("甲醇跌到多少钱一吨会触监管线"))
    assert found.arguments == {"good": "MEOH", "how": "limit"}
    fall = fall_of(CONTRACT, RICH.position, "MEOH", RICH.position.line_values[Line.CONTROL])
    assert fall is not None
    assert f"(至 {2410 * (1 - fall):,.2f}元/吨) 到监管线" in said("甲醇跌到多少钱一吨会触监管线")


def test_a_price_below_nothing_is_no_answer() -> None:
    assert said("甲醇每吨跌3000会怎样").startswith("跌幅超过现价,算不出")


def test_what_is_still_missing_at_a_line_is_a_figure_of_its_own() -> None:
    """The line alone, 仍低于监管线 1.1988亿元, read as a gap of a hundred million."""
    lines = revalued(CONTRACT, LOW.position, Change(repaid=Decimal(480_000))).line_values
    gap = lines[Line.CONTROL] - LOW.position.recognised
    assert 0 < gap < 1000
    assert f"仍低于监管线 1.1988亿元,差 {gap:.2f}元" in said("如果还款48万", LOW)


@pytest.mark.parametrize(
    "arguments",
    [
        {"percent": "-5", "mass": "-300000"},
        {"good": "MEOH", "money": "5000000"},
        {"good": "MEOH,D0", "percent": "-5,-3,-2"},
        {"good": "MEOH,MEOH", "percent": "-5,-3"},
        {"price_to": "2200"},
        {"good": "MEOH,D0", "price_to": "2200"},
        {"good": "MEOH", "price_to": "2200", "percent": "-5"},
        {"good": "MEOH", "price_fall": "5", "price_rise": "5"},
        {"good": "MEOH", "mass": "-300000", "tank": "T-107", "how": "gone"},
        {"tank": "T-107", "percent": "-5"},
        {"how": "limit", "percent": "-5"},
    ],
)
def test_what_no_state_follows_from_is_asked_back(arguments: dict[str, str]) -> None:
    assert what_if.SKILL.run(Window(scenes={HY: RICH}), arguments).status is Status.CLARIFY


@pytest.mark.parametrize("fields", [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)])
def test_several_changes_tell_no_more_than_each_by_itself(fields: frozenset[Field]) -> None:
    window = Window(scenes={HY: RICH}, who="li", where="group", fields=fields)
    both = what_if.SKILL.run(window, {"good": "MEOH", "percent": "-5", "money": "5000000"})
    each = [what_if.SKILL.run(window, a) for a in ({"good": "MEOH", "percent": "-5"}, {"money": "5000000"})]
    assert (both.status is Status.NOT_PERMITTED) == any(a.status is Status.NOT_PERMITTED for a in each)
    if Field.LTV not in fields:
        assert "质押率 " not in WORDS.answer(both).text
