"""What a model passes over, or puts together wrongly, is no answer: names, times and amounts of the question, each in its place."""

from collections.abc import Mapping

import pytest

from bot.model.asked import near_to
from bot.model.binding import Unclear, WordsBinder
from bot.model.echo import Echo
from bot.model.tools import offered
from domain.people import Role
from skills.registry import SKILLS
from skills.understanding.understand import vocabulary_of
from tests.data.words.hearing import HERE, hear
from tests.data.words.hengyun import NOW

BINDER = WordsBinder(vocabulary_of(HERE), NOW)
NAMED = {s.name: s for s in SKILLS}

Call = tuple[str, Mapping[str, str]]


def told(question: str, *calls: Call) -> bool:
    """Whether these calls would be run and told."""
    echo, done = Echo(BINDER, question), []
    for name, words in calls:
        skill = NAMED[name]
        bound = BINDER.bind(skill, words)
        if isinstance(bound, Unclear):
            return False
        parts = [p for p in skill.parameters if p.name in bound]
        faithful = all(echo.faithful(p, words[p.name], bound[p.name], ()) for p in parts)
        if echo.unread(skill) or not faithful or not echo.paired(skill, bound) or echo.left_out(skill, bound):
            return False
        done.append((skill, bound))
    return echo.covered(done)


@pytest.mark.parametrize("question", ["咱那堆家当眼下折成票子有多厚", "那老些坛坛罐罐加一堆儿算不算阔气"])
def test_a_question_about_all_of_it_is_answered(question: str) -> None:
    assert told(question, ("status", {}))
    assert told(f"恒运池{question}", ("status", {"contract": "恒运池"}))


NOBODYS = [
    "海川池那堆家当折成票子有多厚",
    "泰和池那堆家当折成票子有多厚",
    "海川那堆坛坛罐罐算不算阔气",
    "泰和那堆坛坛罐罐算不算阔气",
    "张伟给我电话说海川那批货值八千万,你帮我对对",
    "钱总那堆家当折成票子有多厚",
    "某库那堆家当折成票子有多厚",
    "棕榈油那堆家当折成票子有多厚",
    "丙银行那堆家当折成票子有多厚",
    "T-999那罐子肚里还装着多少啊",
    "T-107 T-999 两口罐谁更靠谱些",
]


@pytest.mark.parametrize("skill", ["status", "q_reconcile", "exposure", "q_duty", "tanks"])
@pytest.mark.parametrize("question", NOBODYS)
def test_our_figures_are_no_answer_about_what_is_not_here(question: str, skill: str) -> None:
    assert not told(question, (skill, {}))


@pytest.mark.parametrize("question", [q for q in NOBODYS if "T-107" in q])
def test_of_two_tanks_the_unknown_one_is_not_dropped(question: str) -> None:
    assert not told(question, ("tanks", {"tank": "T-107"}))


PASSED_OVER = [
    ("T-107那罐子肚里还装着多少啊", [("status", {})]),
    ("T-107那罐子肚里还装着多少啊", [("q_price", {})]),
    ("T-107和T-112那两罐子肚里还装着多少", [("tanks", {"tank": "T-107"})]),
    ("甲醇和MTBE那两堆家当各折成票子有多厚", [("tanks", {"good": "甲醇"})]),
    ("港储一库那堆家当折成票子有多厚", [("exposure", {})]),
    ("再拉走三百吨还撑得住不", [("status", {})]),
]


@pytest.mark.parametrize(("question", "calls"), PASSED_OVER)
def test_a_name_or_an_amount_that_no_skill_got_is_no_answer(question: str, calls: list[Call]) -> None:
    assert not told(question, *calls)


def test_names_may_be_given_to_several_calls_and_a_site_by_its_tank() -> None:
    each = [("tanks", {"tank": t}) for t in ("T-107", "T-112")]
    assert told("T-107和T-112肚里各装着多少", *each)
    assert told("港储一库T-107那罐子肚里还装着多少", ("tanks", {"tank": "T-107"}))
    assert told("T-107那罐子肚里还装着多少,有没有啥警报", ("tanks", {"tank": "T-107"}), ("alarms", {}))


DAY = "前天傍晚六点那会儿"
TIMES = [
    [("status", {})],
    [("q_inspection", {"time": DAY}), ("exposure", {})],
    [("then", {"time": DAY}), ("status", {})],
    [("q_inspection", {"time": DAY}), ("case", {"case": DAY})],
]


@pytest.mark.parametrize("calls", TIMES)
def test_what_is_of_now_is_not_told_beside_a_time(calls: list[Call]) -> None:
    assert not told(f"{DAY}家底还剩几何", *calls)


def test_the_asker_s_time_is_answered_with_the_figures_of_then() -> None:
    assert told(f"{DAY}家底还剩几何", ("then", {"time": "前天傍晚六点"}))


@pytest.mark.parametrize(
    "time",
    [
        "昨个儿", "前日", "11/20", "20261120", "签约那天", "上旬", "Q3末", "俩礼拜前", "yesterday ", "last friday ", "涨价前", "当初",
        "上回盘库那阵", "11-20", "头两天", "双十一", "以往", "刚入库那时", "昨天25点", "2月30日",
    ],
)  # fmt: skip
def test_a_time_that_nobody_can_read_is_not_passed_over(time: str) -> None:
    assert not told(f"{time}家底折成票子有多厚", ("status", {}))


@pytest.mark.parametrize(
    "question",
    ["还有几天到期来着", "目前家底折成票子有多厚", "眼下周转得开不", "啥时候能缓过劲来", "值班的咋说", "提前拉走成不"],
)
def test_a_word_that_only_holds_a_time_s_sign_is_no_time(question: str) -> None:
    assert told(question, ("status", {}))


CROWDED = "甲醇涨它一成、柴油跌它两成,咱这堆家当咋样哟"
SHARED = "甲醇和柴油都跌它一成,咱这堆家当咋样哟"


def test_an_amount_goes_with_the_name_beside_it() -> None:
    right = [("what_if", {"good": "甲醇", "percent": "涨它一成"}), ("what_if", {"good": "柴油", "percent": "跌它两成"})]
    wrong = [("what_if", {"good": "甲醇", "percent": "跌它两成"}), ("what_if", {"good": "柴油", "percent": "涨它一成"})]
    assert told(CROWDED, *right)
    assert not told(CROWDED, *wrong)
    assert not told(CROWDED, right[0])
    assert not told("甲醇挪三百吨、柴油挪二百吨,门儿开着没哟", ("headroom", {"good": "甲醇", "mass": "二百吨"}))


def test_an_amount_of_two_goods_is_of_both() -> None:
    assert told(SHARED, ("what_if", {"good": "甲醇和柴油", "percent": "都跌它一成"}))
    assert not told(SHARED, ("what_if", {"good": "甲醇", "percent": "都跌它一成"}))


def test_the_sides_of_a_swap_are_not_exchanged() -> None:
    question = "拿甲醇把MTBE换出来使得不"
    assert told(question, ("q_swap_check", {"good_in": "甲醇", "good_out": "MTBE"}))
    assert not told(question, ("q_swap_check", {"good_in": "MTBE", "good_out": "甲醇"}))


def test_deeds_and_refusals_are_offered_only_where_the_words_come_near_to_them() -> None:
    money = offered(SKILLS, Role.RISK_OFFICER, near_to(hear("咱那堆家当眼下折成票子有多厚")))
    assert {"status", "tanks", "exposure"} <= money.keys()
    assert not [n for n in money if n.startswith(("a_", "r_"))]
    assert "a_ack" in offered(SKILLS, Role.RISK_OFFICER, near_to(hear("收到")))


def test_chatter_is_not_offered_to_a_model() -> None:
    assert "smalltalk" not in offered(SKILLS, Role.RISK_OFFICER, frozenset({"smalltalk"}))
