"""Answers say each thing once: people of one task together, what all rows lack below them, a figure not twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.words import Words
from skills import duty as duty_skill
from skills import quality
from skills.skill import Answer, Status
from tests.data.words import alarms
from tests.data.words.hengyun import Labels
from tests.data.words.window import Window

WORDS = Words(Labels())


def duty(*, late: bool) -> str:
    """What /duty says of an alarm that asks two depots for the same; late: the first was to answer an hour before."""
    alarm = alarms.changed().alarm
    one = next(p for p in alarm.parties if p.person == "li")
    assert one.ack_due is not None
    first = replace(one, ack_due=one.ack_due - timedelta(hours=1)) if late else one
    others = [p for p in alarm.parties if p is not one]
    both = replace(alarm, parties=(first, replace(one, person="yibiao"), *others))
    return WORDS.answer(duty_skill.run(Window(open_alarms=(both,)), {"want": "unacked"})).text


def test_those_of_whom_the_same_is_asked_stand_together() -> None:
    text = duty(late=False)
    assert "港储一库李主管、民储库仪表班 请在确保安全的前提下暂停全部出库" in text
    assert text.count("暂停全部出库") == 1


def test_who_is_late_stands_apart_from_who_is_not() -> None:
    text = duty(late=True)
    assert text.count("暂停全部出库") == 2
    assert "港储一库李主管 请" in text


def test_a_list_names_the_tanks_without_a_purity_once() -> None:
    text = WORDS.answer(quality.run(Window(), {"metric": "purity"})).text
    assert text.count("没有记录") == 1
    assert "C-01" in text


def test_a_list_says_below_it_what_no_row_has() -> None:
    lines = WORDS.answer(quality.run(Window(), {"metric": "water"})).text.splitlines()
    assert [n for n, line in enumerate(lines) if "含水率没有记录" in line] == [len(lines) - 1]
    assert len(lines) <= 12


@pytest.mark.parametrize("cny", ["3000000", "120000000", "300000000.00"])
def test_money_that_ten_thousands_hold_is_written_in_them_and_to_the_fen(cny: str) -> None:
    short, _, full = said(cny).partition("(")
    assert short.endswith(("万元", "亿元"))
    assert full == f"{int(float(cny)):,}.00元)"


@pytest.mark.parametrize(("cny", "told"), [("3000000.01", "3,000,000.01元"), ("121234567.89", "121,234,567.89元")])
def test_money_loses_nothing(cny: str, told: str) -> None:
    assert said(cny) == told


def said(cny: str) -> str:
    """The figure on the card of a personal mark."""
    facts = {
        "deed": "subscribe", "contract": "HY", "alarm": None, "bank": True, "minutes": 10, "metric": "value", "value": cny,
    }  # fmt: skip
    line = WORDS.answer(Answer(status=Status.OK, kind="act", facts=facts)).text.splitlines()[1]
    return line.removeprefix("认可货值低于 ").removesuffix(" 时单独提醒您")


@pytest.mark.parametrize("want", ["sum_insured", "insurer", "beneficiary", "policy_no"])
def test_a_policy_tells_what_was_asked_first_and_once(want: str) -> None:
    row = {
        "kind": "property_all_risks", "insurer": "东海财险", "no": "PZ1", "tail": False, "sum_cny": "120000000", "from": "2025-03-28",
        "until": "2026-03-27", "days": 15, "begun": True, "over": False, "soon": True, "beneficiary": "甲银行", "covers": [],
    }  # fmt: skip
    block = {
        "contract": "HY", "recorded": True, "in_force": 1, "renewed": False, "rows": [row], "short_cny": None,
        "insured_cny": None, "value_cny": None, "complete": True, "clause": None,
    }  # fmt: skip
    facts = {"contracts": [block], "want": want, "at": "2026-03-12T06:32:00Z", "withheld": []}
    first = WORDS.answer(Answer(status=Status.OK, kind="insurance", facts=facts)).text.splitlines()[0]
    asked = {"sum_insured": "1.2000亿元", "insurer": "东海财险", "beneficiary": "甲银行", "policy_no": "PZ1"}
    assert [first.count(word) for word in asked.values()] == [1, 1, 1, 1]
    assert first.index(asked[want]) < first.index("财产一切险")
    assert ",," not in first
    assert ";," not in first


def test_a_tank_that_may_be_several_is_asked_back_with_one_of_them() -> None:
    facts = {"about": "tank", "options": [], "tanks": ["C-12", "T-112"]}
    assert WORDS.answer(Answer(status=Status.CLARIFY, kind="clarify", facts=facts)).text == (
        "没认出是哪个罐:可能是 C-12、T-112。请写明罐号,例如:C-12 现在什么情况"
    )


def test_a_tank_of_nobody_here_is_asked_back_without_naming_any() -> None:
    facts = {"about": "tank", "options": [], "tanks": []}
    assert "T-" not in WORDS.answer(Answer(status=Status.CLARIFY, kind="clarify", facts=facts)).text
