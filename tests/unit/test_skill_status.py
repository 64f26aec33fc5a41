"""货还在不在?现在大概多少货值?: what is answered, what is kept, and what is never said on stale data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from bot.wording import figures
from bot.words import Words
from domain.contract import Contract, Field
from domain.event import parse_stamp
from domain.holding import Books
from domain.position import GoodPrice, PriceStanding
from skills.skill import Status
from skills.status import SKILL
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, HY, NOW, TONNES, Labels, prices, scene
from tests.data.words.window import QUIET, Window

WORDS = Words(Labels())
SUBSETS = [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)]


def block(window: Window) -> dict[str, Any]:
    """The facts of the one contract."""
    [found] = SKILL.run(window, {}).facts["contracts"]
    return found


def text(window: Window) -> str:
    return WORDS.answer(SKILL.run(window, {})).text


def seen(**what: Any) -> Window:
    """The bank's window on a scene."""
    return Window(scenes={HY: scene(**what)})


def test_the_cargo_is_there_when_every_gauge_is_fresh_and_nothing_is_missing() -> None:
    assert text(seen()).startswith("在。9 罐 5 种货,认可货值 1.2492亿元")


def test_an_open_loss_is_said_first_and_as_not_yet_verified() -> None:
    window = replace(seen(tonnes={"T-112": 5997.2}), open_alarms=(alarms.qty_drop_no_work_order().alarm,))
    assert text(window).startswith("有减少,待核实:T-112 报警时已减少 83.0吨")


def test_product_that_is_missing_behind_a_plant_is_said_first() -> None:
    window = replace(seen(), open_alarms=(alarms.yield_gap().alarm,))
    assert text(window).startswith("有减少,待核实:甲醇→MTBE 产出不足,缺 45.0吨。")


def test_a_surplus_behind_a_plant_is_no_missing_cargo() -> None:
    assert text(replace(seen(), open_alarms=(alarms.yield_gap_surplus().alarm,))).startswith("在。")


def test_a_silent_tank_makes_the_answer_partial() -> None:
    window = seen(ages_s={"V203": 720.0})
    answer = SKILL.run(window, {})
    assert answer.status is Status.STALE
    assert text(window).startswith("部分不可见:9 罐中 8 罐读数新鲜")
    assert "V203 自 3月12日 14:20 起无新读数" in text(window)


def test_a_farm_that_is_silent_altogether_cannot_be_confirmed() -> None:
    said = text(seen(age_s=4000.0))
    assert said.startswith("无法确认:9 罐均无新鲜读数")
    assert "认可货值无法确认" in said
    assert "0.00元" not in said


def test_a_tank_never_read_is_unknown_and_not_empty() -> None:
    said = text(seen(ages_s={"T-112": float("inf")}))
    assert said.startswith("部分不可见")
    assert "T-112 从未有有效读数" in said


def test_empty_tanks_are_not_there() -> None:
    assert text(seen(tonnes=dict.fromkeys(TONNES, 0.0))).startswith("不在:各罐实测均已空")


def test_less_than_the_book_is_a_difference_to_be_verified() -> None:
    books = Books(kg={("T-112", "恒运化工"): 6_200_000}, tank_kg={"T-112": 6_200_000}, as_of=NOW)
    assert text(seen(books=books)).startswith("有差异,待核实:T-112 实存少于账存 119.8吨")


@pytest.mark.parametrize("kind", ["old_book", "old_papers"])
def test_a_book_that_is_not_of_now_says_nothing_about_the_cargo(kind: str) -> None:
    books = Books(kg={("T-112", "恒运化工"): 6_200_000}, tank_kg={"T-112": 6_200_000}, as_of=NOW)
    window = seen(books=books, book_stale=kind == "old_book")
    window = replace(window, moved=replace(QUIET, stale=kind == "old_papers"))
    assert text(window).startswith("在。")


def _strange(good: str = "D0") -> dict[str, GoodPrice]:
    return {**prices(NOW), good: replace(prices(NOW)[good], quarantined=Decimal(1))}


def _old_price() -> dict[str, GoodPrice]:
    return {**prices(NOW), "D0": replace(prices(NOW)["D0"], standing=PriceStanding.STALE)}


LATE: Contract = replace(CONTRACT, exposure=replace(CONTRACT.exposure, as_of=NOW - timedelta(days=3)))
RICH = {"T-112": 8380.2}


@pytest.mark.parametrize(
    "what",
    [
        {"ages_s": {"V203": 720.0}},
        {"quotes": _old_price()},
        {"quotes": _strange()},
        {"contract": LATE},
        {"book_stale": True},
    ],
    ids=["gauge", "price", "quarantine", "exposure", "book"],
)
def test_nothing_is_called_normal_unless_everything_is_fresh(what: dict[str, Any]) -> None:
    assert "正常" in text(seen(tonnes=RICH))
    stale = seen(tonnes=RICH, **what)
    assert "正常" not in text(stale)
    assert SKILL.run(stale, {}).status is Status.STALE


def test_below_a_line_or_with_an_open_alarm_nothing_is_called_normal() -> None:
    assert "正常" not in text(seen())  # below the warning line
    assert "正常" not in text(replace(seen(tonnes=RICH), open_alarms=(alarms.price_crash().alarm,)))


def test_the_time_given_is_that_of_the_data() -> None:
    found = block(seen(age_s=200.0))
    assert parse_stamp(found["as_of"]) == NOW - timedelta(seconds=200)
    assert found["oldest_s"] == 200


def test_what_missing_data_crosses_is_no_breach_the_last_readings_are_held_against_the_lines() -> None:
    silent = dict.fromkeys(("V203", "V205", "V206"), 2400.0)
    found = block(seen(ages_s=silent))
    assert Decimal(found["value_cny"]) < Decimal(found["last_known_cny"])
    assert found["of_last_known"]
    assert found["lines"]["below"]["line"] == "control"
    assert "按最后读数:高于监管线" in text(seen(ages_s=silent))


def test_a_value_just_below_its_line_is_not_printed_as_the_line() -> None:
    line = scene().position.line_values
    control = next(v for k, v in line.items() if k == "control")
    short = scene().position.recognised - control + Decimal("0.50")
    tonnes = {"T-107": 5120.3 - float(short) / 6890}
    window = seen(tonnes=tonnes)
    assert 0 < control - window.scenes[HY].position.recognised < 10  # type: ignore[union-attr]
    assert text(window).count("120,515,") >= 2


def test_papers_that_are_too_old_say_nothing_of_today() -> None:
    window = replace(seen(), moved=replace(QUIET, stale=True, as_of=NOW - timedelta(hours=2)))
    assert "今日进出无法核对(单据数据停在 3月12日 12:32)" in text(window)
    never = replace(seen(), moved=replace(QUIET, stale=True, as_of=None))
    assert "今日进出无法核对(尚未收到单据数据)" in text(never)


@pytest.mark.parametrize("fields", SUBSETS, ids=lambda f: "+".join(sorted(f)) or "none")
def test_a_figure_that_not_everybody_may_see_is_nowhere(fields: frozenset[Field]) -> None:
    answer = SKILL.run(Window(where="group", who="zhao", fields=fields), {})
    said = WORDS.answer(answer).text
    everything = dict(_figures(SKILL.run(Window(), {}).facts))
    granted = dict(_figures(answer.facts))
    withheld = {written for written in everything if written not in granted and len(written) > 4}
    assert not [w for w in withheld if w in said]
    assert not [f for f in answer.figures if f.name.endswith("ltv") and Field.LTV not in fields]
    assert ("质押率仅对资金方开放" in said or "、质押率仅" in said) == (Field.LTV not in fields)


def test_a_stranger_and_an_unbound_chat_get_no_data() -> None:
    for window in (Window(who=None), Window(where=None)):
        answer = SKILL.run(window, {})
        assert answer.status is Status.NOT_PERMITTED
        assert answer.figures == ()


def test_a_contract_that_is_not_bound_here_is_not_found() -> None:
    answer = SKILL.run(Window(), {"contract": "RZ-DCZY-2026-007"})
    assert (answer.status, answer.kind) == (Status.NO_DATA, "not_found")


def test_before_the_first_valuation_nothing_is_confirmed() -> None:
    answer = SKILL.run(Window(scenes={HY: None}), {})
    assert answer.status is Status.NO_DATA
    assert WORDS.answer(answer).text.startswith("无法确认")


def test_five_contracts_still_fit_on_a_phone() -> None:
    many = tuple(replace(CONTRACT, id=f"C{n}") for n in range(5))
    window = Window(contract_list=many, scenes={c.id: scene(ages_s={"V203": 720.0}) for c in many})
    assert WORDS.answer(SKILL.run(window, {})).text.count("\n") <= 13


def _figures(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """How every figure of an answer may be written, by its writing."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _figures(inside, key if key not in {"warn", "control", "disposal"} else "ltv")
    elif isinstance(value, list):
        for inside in value:
            yield from _figures(inside, name)
    elif name.endswith("_cny") and value is not None:
        yield figures.yi(value), value
    elif name in {"ltv", "ratio"} and value is not None:
        yield figures.pct(value), value
    elif name.endswith("kg") and value is not None:
        yield figures.t(value), value
