"""The same once more: of two times in one message, of the time before, of the good before; and of all but what is named."""

import pytest

from skills.understanding.understand import Clarify
from tests.data.words.hearing import after, hear, one, questions


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("昨天货值多少,今天呢", ["D-1", "today"]),
        ("昨天货值多少,前天呢", ["D-1", "D-2"]),
        ("现在货值多少,昨天呢", ["now", "D-1"]),
        ("昨天和今天的货值", ["D-1", "today"]),
        ("上周五和上周四的质押率", ["last_week.fri", "last_week.thu"]),
        ("T-107昨天液位多少,今天呢", ["D-1", "today"]),
        ("昨天货值多少,质押率呢", ["D-1", "D-1"]),
        ("昨天到今天进了多少", ["since:D-1"]),
        ("今天现在货值多少", ["today"]),
    ],
)
def test_each_time_that_is_asked_of_is_answered(said: str, times: list[str]) -> None:
    assert [q.slots["time"] for q in questions(hear(said))] == times


@pytest.mark.parametrize(
    ("before", "said", "kept"),
    [
        ("昨天出了多少", "进的呢", {"time": "D-1", "direction": "in"}),
        ("昨天货值多少", "质押率呢", {"time": "D-1"}),
        ("昨天货值多少", "货值呢", {"time": "D-1"}),
        ("甲醇还能提多少", "再提90吨能提不", {"good": "甲醇", "qty_t": 90}),
        ("货值多少", "质押率呢", {"time": "now"}),
        ("昨天进了多少", "货值呢", {"time": "now"}),
    ],
)
def test_a_few_words_go_on_about_what_was_asked_before(before: str, said: str, kept: dict[str, object]) -> None:
    found = one(after(before, said))
    assert kept.items() <= found.slots.items()
    assert ("time" in found.arguments) == (kept.get("time", "now") != "now")


@pytest.mark.parametrize(
    "said",
    [
        "不算甲醇货值多少",
        "去掉柴油货值是多少",
        "非甲醇类货值多少",
        "港储一库之外的货值",
        "不含民储库的货值",
        "柴油除了T-107还有多少",
        "除V209外MTBE多少吨",
        "除了甲醇,其他货一共多少吨",
    ],
)
def test_a_part_that_is_excepted_is_not_what_is_told(said: str) -> None:
    found = hear(said)
    assert isinstance(found, Clarify)
    assert found.about == "except"


@pytest.mark.parametrize("said", ["甲醇货值多少", "民储库还有多少吨", "要是T-107不算,货值剩多少"])
def test_what_is_not_excepted_is_told(said: str) -> None:
    assert questions(hear(said))


@pytest.mark.parametrize(
    ("said", "skill", "time"),
    [
        ("昨晚有哪些报警", "alarms_then", "D-1.night"),
        ("今天报了几次警", "alarms_then", "today"),
        ("上周一共多少条预警", "alarms_then", "last_week"),
        ("今天还有几条没处理的预警", "alarms", "today"),
        ("现在有几条预警", "alarms", "now"),
    ],
)
def test_alarms_of_a_time_are_not_those_that_are_open_now(said: str, skill: str, time: str) -> None:
    found = one(hear(said))
    assert (found.skill, found.slots["time"]) == (skill, time)


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("走个换货 甲醇进来300吨 柴油出去同等货值", {"good_in": "甲醇", "qty_in_t": 300, "good_out": "柴油"}),
        ("申请置换:甲醇进260吨,柴油等值换出", {"good_in": "甲醇", "qty_in_t": 260, "good_out": "柴油"}),
        ("要是甲醇掉一成半呢", {"price_change_pct": -15}),
        ("甲醇跌两成三会怎样", {"price_change_pct": -23}),
        ("4号罐检尺十点二米 温度26 水高3毫米", {"level_m": 10.2, "temp_c": 26, "water_mm": 3}),
        ("假使T-107抽得一滴不剩,质押率会变成多少", {"qty_change": "all_out"}),
        ("跌穿补货线之后合同给我几日时间补", {"term": "cure_period", "line": "warn"}),
        ("财产险买到几号", {"want": "expiry"}),
        ("仪表有没有卡住的", {}),
    ],
)
def test_what_is_said_lands_where_it_belongs(said: str, slots: dict[str, object]) -> None:
    found = one(hear(said)).slots
    assert slots.items() <= found.items()
    assert "device" not in found
    assert "qty_out_t" not in found


@pytest.mark.parametrize("said", ["能不能放50到80吨", "能放五十到八十吨吗"])
def test_of_a_range_no_end_is_taken_for_the_amount(said: str) -> None:
    assert "mass" not in one(hear(said)).arguments
