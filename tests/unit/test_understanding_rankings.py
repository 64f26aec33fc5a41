"""Rankings, thresholds, ranges of tanks and foreign units: what a sentence asks, whatever its words remind of."""

import pytest

from skills.understanding.understand import Clarify
from tests.data.words.hearing import hear, one


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("货值最高的三个罐", {"by": "tank", "metric": "value", "order": "most", "which": "前3"}),
        ("哪个库货值最低", {"by": "site", "metric": "value", "order": "least"}),
        ("货值最低的品种", {"by": "good", "metric": "value", "order": "least"}),
        ("厂库跟民储库比哪个货多", {"by": "site", "metric": "qty", "order": "most", "site": "changku,minchu"}),
        ("港储一库和民储库哪个货值高", {"by": "site", "metric": "value", "order": "most", "site": "gangchu,minchu"}),
        ("甲醇罐里哪个最少", {"by": "tank", "order": "least", "good": "MEOH"}),
        ("存货最少的品种", {"by": "good", "metric": "qty", "order": "least"}),
        ("最少的5个罐", {"by": "tank", "order": "least", "which": "前5"}),
        ("沥青最多的是哪个罐", {"by": "tank", "order": "most", "good": "B70"}),
        ("哪个库货最多", {"by": "site", "metric": "qty", "order": "most"}),
        ("哪个罐最少", {"by": "tank", "order": "least"}),
        ("液位最低的罐", {"metric": "level", "order": "least"}),
        ("货值前三的罐", {"metric": "value", "order": "most", "which": "前3"}),
        ("哪些罐快满了", {"metric": "fill", "which": "哪些罐快满了"}),
        ("货值低于50万的罐", {"metric": "value", "which": "货值低于50万的罐"}),
        ("液位超过9米的甲醇罐", {"metric": "level", "good": "MEOH"}),
        ("低于2米的罐", {"metric": "level", "which": "低于2米的罐"}),
        ("1000吨以上的罐", {"metric": "qty", "which": "1000吨以上的罐"}),
        ("哪个罐有水", {"metric": "water"}),
        ("T-107和T-112哪个液位高", {"metric": "level", "tank": "T-107,T-112"}),
    ],
)
def test_a_ranking_is_heard_as_one(text: str, arguments: dict[str, str]) -> None:
    question = one(hear(text))
    assert question.skill == "ranking"
    assert {k: question.arguments.get(k) for k in arguments} == arguments


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("今天出得最多的罐", "q_movement"),
        ("变化最大的前5个罐", "q_movement"),
        ("货值低于50万提醒我", "a_set_frequency"),
        ("近一周哪天货值最低", "q_trend"),
        ("哪个罐账实差得最多", "q_reconcile"),
    ],
)
def test_what_only_sounds_like_a_ranking_is_none(text: str, skill: str) -> None:
    assert one(hear(text)).skill == skill


def test_a_ranking_beside_another_question_leaves_that_one_answered_too() -> None:
    found = hear("哪个罐最少,质押率多少")
    assert [q.skill for q in getattr(found, "questions", ())] == ["ranking", "status"]


def test_a_ranking_of_other_peoples_goods_is_none() -> None:
    found = hear("你服务的所有银行里谁的货最多")
    assert all(q.skill != "ranking" for q in getattr(found, "questions", ()))


@pytest.mark.parametrize("text", ["各库货值", "每个库多少吨", "三个库区各值多少", "港储一库 厂库 民储库 各多少吨"])
def test_a_breakdown_by_site_is_told_by_site(text: str) -> None:
    question = one(hear(text))
    assert (question.skill, question.arguments["by"]) == ("tanks", "site")


def test_the_tanks_of_one_site_are_no_breakdown_by_site() -> None:
    assert one(hear("港储一库的分罐明细给我")).arguments["by"] == "tank"


@pytest.mark.parametrize(
    ("text", "tanks"),
    [
        ("T-107到T-113一共多少吨", "T-107,T-112,T-113"),
        ("T-107至113多少吨", "T-107,T-112,T-113"),
        ("V203-V206", "V203,V205,V206"),
        ("T-107和T-112和T-113", "T-107,T-112,T-113"),
        ("T-107~T-113", "T-107,T-112,T-113"),
        ("V201到V205一共多少吨", "V203,V205"),
        ("1号到5号罐多少吨", "C-01,C-02,V203,V205"),
        ("民储库3到6号罐多少吨", "V203,V205,V206"),
        ("107和112两个罐一共多少吨", "T-107,T-112"),
        ("107和112一共多少吨", "T-107,T-112"),
    ],
)
def test_a_range_of_tanks_is_all_of_them(text: str, tanks: str) -> None:
    assert one(hear(text)).arguments["tank"] == tanks


def test_a_number_before_two_tanks_that_is_none_of_ours_is_asked_back() -> None:
    found = hear("107和108两个罐柴油一共多少")
    assert isinstance(found, Clarify)
    assert found.about == "tank"


def test_pouring_from_one_tank_to_another_is_no_range() -> None:
    assert one(hear("T-107倒到T-113")).arguments["tank"] == "T-107,T-113"


@pytest.mark.parametrize("text", ["货值换成美元", "T-107换成桶", "T-107多少桶", "货值多少美元"])
def test_a_unit_that_is_not_ours_is_said_not_to_be_given(text: str) -> None:
    found = hear(text)
    assert isinstance(found, Clarify)
    assert found.about == "unit"


def test_the_part_of_the_whole_and_the_ullage_are_heard() -> None:
    assert {"tank": "T-107", "want": "share"}.items() <= one(hear("T-107货值占总货值多少")).arguments.items()
    assert one(hear("T-107空高")).arguments == {"tank": "T-107", "want": "ullage"}
