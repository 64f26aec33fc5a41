"""排名与门槛: what comes first, what lies beyond a threshold, and what is unknown and ranked nowhere."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.words import Words
from domain.contract import Field
from skills.ranking import SKILL
from skills.skill import Status
from tests.data.words.hengyun import CONTRACT, HY, TONNES, Labels, scene
from tests.data.words.window import Window

WORDS = Words(Labels())
DIFFERENT = {t: kg + n for n, (t, kg) in enumerate(TONNES.items())}
SILENT = Window(scenes={HY: scene(ages_s={"V205": float("inf"), "C-01": 2400.0}, tonnes=DIFFERENT)})
LEVELS = Window(scenes={HY: scene(levels_mm={"T-112": 13000.0, "C-02": 1200.0, "T-113": 9000.0}, tonnes=DIFFERENT)})


def facts(window: Window, **arguments: str) -> dict[str, Any]:
    return SKILL.run(window, arguments).facts


def first_line(window: Window, **arguments: str) -> str:
    return WORDS.answer(SKILL.run(window, arguments)).text.splitlines()[0]


def test_the_most_valuable_tanks_come_first_and_so_many_as_were_asked_for() -> None:
    found = facts(LEVELS, metric="value", which="前3")
    values = [Decimal(r["rank"]) for r in found["rows"]]
    assert len(values) == 3
    assert values == sorted(values, reverse=True)
    assert first_line(LEVELS, metric="value", which="前3") == "货值最高的 3 个罐:T-107、T-120、T-113。"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"order": "least", "good": "MEOH"}, "甲醇 数量最少的罐:T-112,6,081.2吨。"),
        ({"by": "good", "metric": "value", "order": "least"}, "货值最低的品种:MTBE,903.19万元。"),
        ({"by": "site", "order": "least"}, "数量最少的库区:民储库,5,435.1吨。"),
        ({"by": "site", "site": "changku,minchu"}, "数量最多的库区:厂库,6,219.0吨。"),
        ({"metric": "level", "order": "least"}, "液位最低的罐:C-02,1.200米。"),
        ({"metric": "fill"}, "最满的罐:T-112,93%。"),
    ],
)
def test_the_first_line_answers(arguments: dict[str, str], said: str) -> None:
    assert first_line(LEVELS, **arguments) == said


@pytest.mark.parametrize(
    ("which", "good", "names"),
    [
        ("液位超过9米", "MEOH", ["T-112", "T-120"]),
        ("液位9米以上", "MEOH", ["T-112", "T-120", "T-113"]),
        ("低于2米", "", ["C-02"]),
        ("1800吨以下", "", ["V203"]),
        ("货值低于950万", "", ["V205", "V206", "V203"]),
        ("快满了", "", ["T-112"]),
        ("装了九成以上", "", ["T-112"]),
        ("温度超过30度", "", []),
    ],
)
def test_a_threshold_leaves_what_lies_beyond_it(which: str, good: str, names: list[str]) -> None:
    arguments = {"which": which, **({"good": good} if good else {})}
    assert [r["tank"] for r in facts(LEVELS, **arguments)["rows"]] == names


def test_where_nothing_lies_beyond_the_threshold_the_nearest_is_told() -> None:
    said = first_line(LEVELS, which="货值低于50万")
    assert said == "没有货值低于 50.00万元的罐;最低的是 V205,755.99万元。"


def test_a_tank_never_read_is_ranked_nowhere_and_never_the_least() -> None:
    answer = SKILL.run(SILENT, {"order": "least", "which": "前9"})
    assert answer.status is Status.STALE
    assert "V205" not in [r["tank"] for r in answer.facts["rows"]]
    assert "未知、未排入:V205" in WORDS.answer(answer).text


def test_no_tank_lies_below_a_level_says_so_of_the_known_ones_only() -> None:
    assert first_line(SILENT, which="低于2米").startswith("已知的罐中没有液位低于 2.000米的罐")


def test_a_silent_tank_keeps_its_place_and_is_marked() -> None:
    text = WORDS.answer(SKILL.run(SILENT, {"which": "前9"})).text
    assert next(line for line in text.splitlines() if "C-01" in line and "70#沥青" in line).endswith(
        "〔40分钟前·无应答,未计值〕"
    )


def test_a_site_with_a_tank_that_does_not_count_is_marked_so() -> None:
    text = WORDS.answer(SKILL.run(SILENT, {"by": "site", "metric": "value"})).text
    assert "〔1 罐未计入〕" in text
    assert "有罐未计入,名次可能不同" in text


def test_a_good_of_which_nothing_is_known_is_not_the_cheapest() -> None:
    blind = Window(scenes={HY: scene(ages_s={"V203": float("inf")})})
    found = facts(blind, by="good", metric="value", order="least")
    assert found["unknown"] == ["MTBE"]
    assert found["first"] != ["MTBE"]


def test_equals_share_their_place() -> None:
    assert first_line(Window(), good="MEOH") == "甲醇 数量最多的罐:T-112、T-113、T-120,6,080.2吨(并列)。"
    assert "(T-120 与末位并列)" in first_line(Window(), good="MEOH", which="前2")


@pytest.mark.parametrize("arguments", [{"by": "good", "metric": "level"}, {"which": "1000方以上"}])
def test_what_cannot_be_ranked_is_asked_back(arguments: dict[str, str]) -> None:
    assert SKILL.run(Window(), arguments).status is Status.CLARIFY


def test_no_value_is_ranked_where_values_are_withheld() -> None:
    seen = Window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    refused = SKILL.run(seen, {"metric": "value"})
    assert refused.status is Status.NOT_PERMITTED
    assert "亿" not in WORDS.answer(SKILL.run(seen, {"which": "前3"})).text
    assert "万元" not in WORDS.answer(SKILL.run(seen, {"which": "前3"})).text


def test_a_shared_tank_is_ranked_by_the_pledges_part_and_marked() -> None:
    half = replace(CONTRACT, pledged=tuple(replace(p, share=Decimal("0.5")) for p in CONTRACT.pledged))
    window = Window(scenes={HY: scene(contract=half)}, contract_list=(half,))
    text = WORDS.answer(SKILL.run(window, {"good": "D0"})).text
    assert "2,560.1吨" in text or "2,560.2吨" in text
    assert "本项目份额" in text


def test_a_ranking_fits_on_a_phone() -> None:
    for arguments in ({"which": "前9"}, {"which": "1吨以上"}, {"metric": "value", "which": "前8"}):
        assert WORDS.answer(SKILL.run(SILENT, arguments)).text.count("\n") < 12


def test_every_row_has_its_figure_for_machines() -> None:
    answer = SKILL.run(LEVELS, {"metric": "level", "which": "前2"})
    assert [(f.name, f.value, f.unit) for f in answer.figures] == [
        ("T-112.level", "13000.0", "mm"),
        ("T-107.level", "9842.0", "mm"),
    ]
