"""A model's own words beside an answer: what the answer holds may be repeated, everything else is dropped."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.grounding import LONGEST, Evidence, remark

NAMES = {
    "恒运池": "contract", "海川池": "contract", "港储一库": "site", "民储库": "site", "t-107": "tank", "t-112": "tank",
    "v203": "tank", "甲醇": "good", "0#柴油": "good", "mtbe": "good", "港储一库李主管": "person", "恒运": "firm",
}  # fmt: skip
PATTERN = re.compile(f"(?P<name>{'|'.join(map(re.escape, sorted(NAMES, key=len, reverse=True)))})", re.IGNORECASE)
STATUS = """恒运池:在。56 罐 24 种货,认可货值 1.2492亿元(3月12日 14:00,100%为新鲜读数,最旧 52 秒)。
高于监管线 1.2052亿元 440.33万元(余量 3.52%),低于补货线 420.49万元;质押率 72.36%(补货线 70%/监管线 75%)。
主要:甲醇 4,395.98万元(35.2%)|0#柴油 3,527.89万元
今日:进 0 吨,出 962.4吨(均有提货通知)。
状态正常。"""
TANKS = """港储一库 T-107(0#柴油):488.5吨,液位 8.123米
港储一库 T-112(甲醇):83.0吨,液位 5.100米,22分钟内减少 3.5吨,未匹配到作业单与提货通知
民储库 V203(MTBE):412.8吨"""


def kept(said: str) -> str:
    return remark(said, Evidence.of([STATUS, TANKS], NAMES, PATTERN))


@pytest.mark.parametrize(
    "said",
    [
        "恒运池认可货值 1.2492亿元",
        "恒运池认可货值 12492万元",
        "恒运池 质押率 72.36%",
        "恒运池质押率72.36%",
        "T-112 液位 5.100米",
        "T-112 液位 5.1米",
        "T-107 488.5吨",
        "港储一库T-107 488.5吨,液位 8.123米",
        "T-112 22分钟内减少 3.5吨",
        "其中 T-112 83.0吨",
    ],
)
def test_what_the_answer_says_may_be_repeated(said: str) -> None:
    assert kept(said) == said


INVENTED = [
    "恒运池认可货值 1.25亿元",  # rounded
    "恒运池认可货值约 1.2亿",
    "恒运池认可货值 1.2491亿元",
    "恒运池认可货值 1.2492万元",  # another scale
    "恒运池认可货值 1.2492亿",  # and no unit
    "恒运池质押率 72.4%",
    "恒运池质押率百分之七十二",
    "恒运池质押率百分之七十二点三六",
    "恒运池质押率七成二",
    "恒运池质押率 ７２.３７%",
    "恒运池质押率 0.7236",
    "T-107 四百八十八吨",
    "T-107 488500公斤左右",
    "T-107 一半",
    "甲醇占三分之一",
    "甲醇占比最大",
    "约3亿",
    "两千吨",
    "3月13日 T-107 488.5吨",
    "昨天 T-107 488.5吨",
    "14:32 T-107 488.5吨",
]


@pytest.mark.parametrize("said", INVENTED)
def test_no_figure_is_rounded_scaled_or_put_into_words(said: str) -> None:
    assert kept(said) == ""


SWAPPED = [
    "T-107 83.0吨",
    "T-112 488.5吨",
    "T-112 液位 8.123米",
    "V203 液位 5.100米",
    "T-107 未匹配到作业单与提货通知",
    "海川池质押率 72.36%",
    "海川池认可货值 1.2492亿元",
    "0#柴油 4,395.98万元",
    "甲醇 3,527.89万元",
    "民储库 T-107 488.5吨",
    "T-107、T-112 488.5吨",
    "恒运池质押率 100%",  # a figure of the answer, of something else
    "恒运池质押率 75%",
    "恒运池监管线 440.33万元",
    "恒运池高于监管线 420.49万元",
    "恒运池低于监管线 1.2052亿元",
    "恒运池补货线 75%",
    "T-112 22吨",
    "T-112 减少 83.0吨",
    "T-112 22分钟内增加 3.5吨",
    "恒运池出 0 吨",
    "恒运池进 962.4吨",
    "488.5吨",
]


@pytest.mark.parametrize("said", SWAPPED)
def test_no_figure_changes_its_tank_its_good_its_contract_or_its_meaning(said: str) -> None:
    assert kept(said) == ""


CLAIMED = [
    "T-112 未匹配到作业单与提货通知",  # true, but no figure
    "恒运池",
    "T-112 甲醇",
    "T-112 匹配到作业单",
    "T-112 匹配到作业单与提货通知",
    "T-107 488.5吨,货已经卖了",
    "T-107 488.5吨,可以放行",
    "T-112 83.0吨被偷",
    "T-112 83.0吨不见了",
    "T-107 正常",
    "T-107 没问题",
    "请放心",
    "T-113 488.5吨",
    "T107 488.5吨",
    "老王说 T-107 488.5吨",
    "港储一库李主管 已确认",
    "恒运 违约",
    "已解除",
    "同意提货",
    "T-107 提货",
    "@王经理 T-107 488.5吨",
    "详见 http://x.cn",
    "T-107 488.5吨 password",
    "恒运池不是状态正常",
    "在",
    "",
    "其中",
]


@pytest.mark.parametrize("said", CLAIMED)
def test_no_word_is_added_turned_round_or_taken_away(said: str) -> None:
    assert kept(said) == ""


@pytest.mark.parametrize(
    "said",
    [
        "恒运池状态正常",
        "状态正常",
        "恒运池质押率 72.36%,状态正常",
        "恒运池没问题",
        "货够",
        "ok 恒运池质押率 72.36%",
        "恒运池 100%为新鲜读数",
    ],
)
def test_nothing_is_called_well_even_where_the_answer_does(said: str) -> None:
    assert kept(said) == ""


def test_a_name_that_judges_is_not_repeated() -> None:
    names = {"一切正常库": "site", "t-1": "tank"}
    pattern = re.compile("(?P<name>一切正常库|T-1)", re.IGNORECASE)
    evidence = Evidence.of(["一切正常库 T-1:368.5吨"], names, pattern)
    assert remark("一切正常库 T-1 368.5吨", evidence) == ""
    assert remark("T-1 368.5吨", evidence) == "T-1 368.5吨"


def test_a_false_sentence_does_not_take_a_true_one_with_it() -> None:
    assert kept("恒运池质押率 72.36%。T-107 有 999吨。") == "恒运池质押率 72.36%。"


def test_no_more_than_two_short_sentences_are_said() -> None:
    true = "恒运池质押率 72.36%。"
    assert kept(true * 9).count("72.36%") == 2
    assert kept("恒运池质押率 72.36%," * 40) == ""


def test_without_a_result_nothing_is_said() -> None:
    assert remark("恒运池质押率 72.36%", Evidence.of([], NAMES, PATTERN)) == ""


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=10**6, places=2), st.sampled_from(["吨", "万元", "亿元", "%", "米", ""]))
def test_no_other_figure_stands_in_a_true_sentence(value, unit) -> None:
    said = f"T-107 {value}{unit}"
    assert kept(said) in ("", said)
    if kept(said):
        assert (float(value), unit) in [(488.5, "吨")]


@settings(deadline=None)
@given(st.text(max_size=2 * LONGEST))
def test_any_text_is_judged_and_no_strange_one_is_said(said: str) -> None:
    assert len(kept(said)) <= LONGEST
    assert set(kept(said)) <= set(said + " ")
