"""What was asked for comes first, of the good or site that was named; no amount that was said is dropped."""

from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from skills.registry import SKILLS
from skills.skill import Answer, Status
from skills.understanding.understand import Clarify
from tests.data.words.hearing import hear, one, questions
from tests.data.words.hengyun import HY, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
BY_NAME = {s.name: s for s in SKILLS}


def yi(cny: Decimal) -> str:
    """As the words write it."""
    return f"{cny / 100_000_000:.4f}亿元" if cny >= 100_000_000 else f"{cny / 10_000:,.2f}万元"


def told(text: str, window: Window | None = None) -> Answer:
    found = one(hear(text))
    return BY_NAME[found.skill].run(window or Window(), found.arguments)


@pytest.mark.parametrize("text", ["客户要还500万,还完质押率是多少", "如果还款500万", "归还500万以后离监管线还差多少"])
def test_a_repayment_that_is_supposed_is_reckoned_with(text: str) -> None:
    found = one(hear(text))
    assert (found.skill, found.intent, found.arguments) == ("what_if", "q_whatif", {"money": "5000000"})


@pytest.mark.parametrize("text", ["两百万打进来以后敞口剩多少", "补完那四百吨余量有多少了"])
def test_an_amount_that_no_argument_holds_is_asked_back(text: str) -> None:
    found = hear(text)
    assert isinstance(found, Clarify)
    assert found.about == "amount"
    assert WORDS.answer(found.answer()).text.startswith("没认准其中的数量或金额")


def test_an_amount_that_only_says_which_fact_is_meant_is_no_obstacle() -> None:
    assert [q.skill for q in questions(hear("货值掉了五百多万是跌价跌的还是出货出的?"))] == ["q_alert_why"]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("质押率几个点", "质押率 72.36%"),
        ("离监管线还差多少", "高于监管线"),
        ("离补货线还有多远", "低于补货线"),
    ],
)
def test_the_first_line_is_the_figure_that_was_asked_for(text: str, begins: str) -> None:
    assert WORDS.answer(told(text)).text.startswith(begins)


@pytest.mark.parametrize(("case", "text"), [("ltv", "质押率几个点"), ("gap", "离监管线还差多少")])
@pytest.mark.parametrize(("who", "chat"), [("chen", "bank"), ("zhao", "group")])
def test_one_figure_of_the_state_reads_so(case: str, text: str, who: str, chat: str) -> None:
    assert_snapshot(f"standing.{case}.{chat}", WORDS.answer(told(text, Window(who=who, where=chat))))


@pytest.mark.parametrize("text", ["质押率几个点", "离监管线还差多少"])
def test_what_was_read_last_is_not_called_the_recognised_value(text: str) -> None:
    blind = Window(scenes={HY: scene(ages_s={"T-112": 7200.0, "T-113": 7200.0})})
    position = blind.position(HY)
    assert position is not None
    said = WORDS.answer(told(text, blind)).text
    assert f"最后读数折值 {yi(position.last_known)}" in said
    assert f"认可货值 {yi(position.recognised)}" in said
    assert f"认可货值 {yi(position.last_known)}" not in said


def test_a_figure_that_may_not_be_told_here_is_said_at_once() -> None:
    closed = Window(who="li", where="group", fields=frozenset({Field.QUANTITY}))
    for text in ("质押率几个点", "离监管线还差多少"):
        assert told(text, closed).status is Status.NOT_PERMITTED


def test_the_whole_state_tells_its_part_as_well() -> None:
    assert [q.arguments for q in questions(hear("货还在不在?质押率多少"))] == [{}]


def test_a_top_up_in_one_good_is_told_for_that_good() -> None:
    found = one(hear("补甲醇的话要补多少吨"))
    assert (found.skill, found.arguments) == ("top_up", {"good": "MEOH"})
    rows = BY_NAME["top_up"].run(Window(), {"good": "D0"}).facts["contracts"][0]["wanted"]
    assert [r["good"] for r in rows] == ["D0"]
    assert WORDS.answer(BY_NAME["top_up"].run(Window(), {"good": "D0"})).text.startswith("只补0#柴油,须补 ")


def test_a_term_of_one_good_is_told_for_that_good_alone() -> None:
    said = WORDS.answer(told("甲醇折扣率是多少")).text
    assert said.startswith("折扣:0.00%(甲醇)")
    assert "柴油" not in said
    assert BY_NAME["q_term"].run(Window(), {"good": "MEOH", "term": "cure_period"}).status is Status.CLARIFY


def test_the_site_in_a_name_says_whose_people_are_meant() -> None:
    assert one(hear("民储库仪表班回了没")).arguments == {"site": "minchu", "person": "仪表班", "want": "unacked"}
    facts = told("民储库仪表班回了没").facts
    assert facts["people"] == ["yibiao"]


def test_a_fall_written_with_a_sign_is_read_by_the_command() -> None:
    found = one(hear("/whatif 甲醇 -5%"))
    assert (found.skill, found.arguments) == ("what_if", {"good": "MEOH", "percent": "-5"})
    assert one(hear("/whatif 甲醇-5%")).arguments == found.arguments
