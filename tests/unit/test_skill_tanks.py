"""分罐明细: rows, filters, sums, and whose cargo is shown."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.words import Words
from domain.contract import Field
from skills import movement, quality
from skills.ports import Chain, Reading
from skills.skill import Status
from skills.tanks import MOST, SKILL
from tests.data.words.hengyun import CONTRACT, HY, TONNES, Labels, scene
from tests.data.words.window import Window

WORDS = Words(Labels())


def facts(window: Window | None = None, **arguments: str) -> dict[str, Any]:
    return SKILL.run(window or Window(), arguments).facts


def test_tanks_that_cannot_be_seen_come_first_then_the_fullest() -> None:
    window = Window(scenes={HY: scene(ages_s={"V203": 720.0})})
    assert [r["tank"] for r in facts(window)["rows"]][:3] == ["V203", "T-112", "T-113"]


@pytest.mark.parametrize(
    ("arguments", "tanks"),
    [
        ({"tank": "T-107"}, {"T-107"}),
        ({"tank": "T-107,V203"}, {"T-107", "V203"}),
        ({"good": "MEOH"}, {"T-112", "T-113", "T-120"}),
        ({"site": "changku"}, {"C-01", "C-02"}),
        ({"site": "gangchu", "good": "D0"}, {"T-107"}),
    ],
)
def test_filters_leave_only_what_was_asked_for(arguments: dict[str, str], tanks: set[str]) -> None:
    assert {r["tank"] for r in facts(**arguments)["rows"]} == tanks


@pytest.mark.parametrize(("by", "first"), [("good", "MEOH"), ("site", "gangchu")])
def test_a_breakdown_sums_to_the_whole(by: str, first: str) -> None:
    found = facts(by=by)
    assert found["rows"][0][by] == first
    assert sum(r["kg"] for r in found["rows"]) == found["total"]["kg"] == round(sum(TONNES.values()) * 1000)
    assert sum(r["tanks"] for r in found["rows"]) == len(TONNES)


def test_the_share_of_one_good_is_told_first_of_tonnes_and_of_value() -> None:
    found = facts(good="MEOH", want="share")
    goods = {r["good"]: r for r in facts(by="good")["rows"]}
    kg = sum(r["kg"] for r in goods.values())
    cny = sum(Decimal(r["value_cny"]) for r in goods.values())
    assert Decimal(found["share"]["kg"]) == Decimal(goods["MEOH"]["kg"]) / kg
    assert Decimal(found["share"]["value"]) == Decimal(goods["MEOH"]["value_cny"]) / cny
    first = WORDS.answer(SKILL.run(Window(), {"good": "MEOH", "want": "share"})).text.splitlines()[0]
    assert first.startswith("甲醇 占货量 ")
    assert "、占计值 " in first


def test_the_shares_of_all_goods_add_up_to_the_whole() -> None:
    found = facts(by="good", want="share")
    assert sum(Decimal(r["share"]["kg"]) for r in found["rows"]) == pytest.approx(1)
    assert found["share"] is None
    assert WORDS.answer(SKILL.run(Window(), {"by": "good", "want": "share"})).text.count("占货量") == len(found["rows"])


def test_no_share_of_the_value_is_told_where_the_value_is_withheld() -> None:
    seen = Window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    text = WORDS.answer(SKILL.run(seen, {"good": "MEOH", "want": "share"})).text
    assert "占货量" in text
    assert "占计值" not in text
    assert "亿" not in text


def test_a_tank_never_read_is_not_summed_as_zero_in_silence() -> None:
    window = Window(scenes={HY: scene(ages_s={"V205": float("inf")})})
    assert facts(window)["total"]["unmeasured"] == 1
    assert "1 罐从未测得未计入" in WORDS.answer(SKILL.run(window, {})).text


def test_a_silent_tank_shows_its_age_and_why() -> None:
    window = Window(scenes={HY: scene(ages_s={"C-01": 2400.0})})
    assert "C-01 70#沥青 3,102.0吨 1,079.50万元〔40分钟前·无应答,未计值〕" in WORDS.answer(SKILL.run(window, {})).text


def test_many_tanks_still_fit_on_a_phone() -> None:
    here = scene()
    items = here.position.items * 7
    window = Window(scenes={HY: replace(here, position=replace(here.position, items=items))})
    found = facts(window)
    assert len(found["rows"]) == MOST
    assert found["more"]["n"] == len(items) - MOST
    assert WORDS.answer(SKILL.run(window, {})).text.count("\n") < 12


@pytest.mark.parametrize("name", ["tank", "good", "site"])
def test_what_lies_outside_is_as_if_it_did_not_exist(name: str) -> None:
    answer = SKILL.run(Window(), {name: "elsewhere"})
    assert (answer.status, answer.kind, answer.facts) == (Status.NO_DATA, "not_found", {"what": name})


def test_only_the_pledged_part_of_a_shared_tank_is_shown() -> None:
    half = replace(CONTRACT, pledged=tuple(replace(p, share=Decimal("0.5")) for p in CONTRACT.pledged))
    window = Window(scenes={HY: scene(contract=half)}, contract_list=(half,))
    [row] = facts(window, tank="T-107")["rows"]
    assert row["kg"] == round(TONNES["T-107"] * 500)


CHAIN = Chain(
    tov_m3=6201.4568,
    water_m3=1.2044,
    ctsh=1.000108,
    roof_m3=-28.9114,
    gov_m3=6172.0107,
    vcf=0.996312,
    gsv_m3=6149.2488,
    nsv_m3=6146.1741,
    density_kg_m3=832.0,
    mass_air_kg=5106856.1,
    deliverable_kg=4890001.0,
    u_mass_kg=6210.4,
    online_gap_kg_m3=-0.42,
    hydrostatic_gap_kg_m3=None,
    remarks=("AIR_UNKNOWN", "CERTIFICATE_EXPIRED"),
)


def test_one_tank_is_explained_line_by_line_for_a_gauger_to_check() -> None:
    said = WORDS.answer(SKILL.run(Window(chain=CHAIN), {"tank": "T-107"})).text
    assert (
        "计量:(Vt 6,201.457m³ − 水 1.204m³) × CTSh 1.00011、浮顶 -28.911m³ = Vgo 6,172.011m³;"
        "× VCF 0.99631 = Vgs 6,149.249m³,扣含水 Vns 6,146.174m³;ρ 832.0kg/m³ → 5,106.9吨,"
        "不确定度 ±12.5吨(k=2),可提 4,890.0吨。"
    ) in said
    assert "注意:罐容检定证书已过期,数量仅供参考。" in said
    assert "密度核对:在线仪表比证书低 0.4kg/m³。" in said


def test_the_chain_of_a_shared_tank_is_not_told() -> None:
    half = replace(CONTRACT, pledged=tuple(replace(p, share=Decimal("0.5")) for p in CONTRACT.pledged))
    window = Window(scenes={HY: scene(contract=half)}, contract_list=(half,), chain=CHAIN)
    assert "chain" not in facts(window, tank="T-107")["rows"][0]


def test_the_chain_is_not_told_where_quantities_are_not() -> None:
    window = Window(where="group", who="li", fields=frozenset({Field.VALUE}), chain=CHAIN)
    assert "Vgo" not in WORDS.answer(SKILL.run(window, {"tank": "T-107"})).text


def test_without_quantities_the_answer_is_no_and_not_none() -> None:
    answer = SKILL.run(Window(where="group", who="li", fields=frozenset({Field.VALUE})), {})
    assert answer.status is Status.NOT_PERMITTED
    assert answer.figures == ()


def test_without_values_no_amount_is_shown() -> None:
    window = Window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    for by in ("tank", "good", "site"):
        answer = SKILL.run(window, {"by": by})
        said = WORDS.answer(answer).text
        assert "元" not in said
        assert said.endswith("货值仅对资金方开放。")
        assert not [f for f in answer.figures if f.unit == "CNY"]


def test_every_row_has_its_figures_for_machines() -> None:
    names = {f.name for f in SKILL.run(Window(), {"tank": "T-107"}).figures}
    assert names >= {"total.kg", "T-107.kg", "T-107.level_mm", "T-107.temp_c", "T-107.value_cny"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"tank": "T-107", "good": "MEOH"}, "T-107 存的是0#柴油,没有甲醇。"),
        ({"tank": "T-107,V203", "good": "MEOH"}, "T-107 存的是0#柴油,没有甲醇。\nV203 存的是MTBE,没有甲醇。"),
        ({"site": "changku", "good": "MTBE"}, "厂库没有本项目的MTBE,存的是70#沥青。\nMTBE在民储库。"),
        ({"tank": "T-107", "site": "changku"}, "T-107 在港储一库,不在厂库。"),
    ],
)
def test_names_that_each_exist_but_not_together_are_answered_with_what_is_there(
    arguments: dict[str, str], said: str
) -> None:
    for skill in (SKILL, quality.SKILL, movement.SKILL):
        answer = skill.run(Window(), arguments)
        assert (answer.status, WORDS.answer(answer).text) == (Status.NO_DATA, said)


def test_what_a_tank_holds_instead_is_not_told_where_quantities_are_not() -> None:
    closed = Window(where="group", who="li", fields=frozenset({Field.VALUE}))
    for skill in (SKILL, quality.SKILL):
        assert skill.run(closed, {"tank": "T-107", "good": "MEOH"}).status is Status.NOT_PERMITTED


def test_the_lender_sees_of_a_shared_tank_the_part_and_the_whole() -> None:
    half = replace(CONTRACT, pledged=tuple(replace(p, share=Decimal("0.5")) for p in CONTRACT.pledged))
    measured = replace(CHAIN, mass_air_kg=5120300.0)
    window = Weighing(scenes={HY: scene(contract=half)}, contract_list=(half,), chain=measured)
    assert "吨(本项目份额;全罐 5,120.3吨),液位 9.842米(全罐)" in WORDS.answer(SKILL.run(window, {"tank": "T-107"})).text
    group = replace(window, where="group", who="li")
    said = WORDS.answer(SKILL.run(group, {"tank": "T-107"})).text
    assert "吨(本项目份额),液位" in said
    assert "5,120.3吨" not in said


class Weighing(Window):
    """Whose readings tell the tank's mass."""

    def reading(self, tank_id: str) -> Reading:
        return replace(super().reading(tank_id), mass_kg=5_120_300)


def test_a_newest_reading_that_is_not_believed_yet_is_told_apart_from_what_is() -> None:
    said = WORDS.answer(SKILL.run(Window(chain=CHAIN), {"tank": "T-107"})).text
    assert "首行 5,120.3吨 是已确认的数量" in said
    believed = replace(CHAIN, mass_air_kg=5120300.0)
    assert "已确认的数量" not in WORDS.answer(SKILL.run(Window(chain=believed), {"tank": "T-107"})).text


def test_the_ullage_is_what_lies_above_the_level_and_of_which_height() -> None:
    answer = SKILL.run(Window(), {"tank": "T-107", "want": "ullage"})
    assert answer.facts["rows"][0]["ullage"] == {"mm": 15000.0 - 9842.0, "height_mm": 15000.0, "of": "shell"}
    assert "空高 5.158米(罐壁高度 15.000米 − 液位)" in WORDS.answer(answer).text
    blind = Window(scenes={HY: scene(ages_s={"T-107": 2400.0})})
    assert "空高未知" in WORDS.answer(SKILL.run(blind, {"tank": "T-107", "want": "ullage"})).text
