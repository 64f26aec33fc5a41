"""What holds for every alarm's message: its mentions, its length, its dates, and words that accuse nobody."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.words import LONGEST, Words
from domain.alarm import Alarm, observe
from domain.contract import AlertKind, Contract, Duty, DutyRule, Severity
from domain.message import Mention
from domain.notice import Notice
from rules import price_watch, value_line
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, NOW, ROSTER, Labels, Told, only, prices, raised, scene, tell

WORDS = Words(Labels())
HOSTILE = st.text(
    alphabet=st.sampled_from("{}%#<>&@\\\"'\n\r\t\u202e\u2066\u200b\ue000\ue0010:1/甲*_`[]()"), min_size=1, max_size=40
)


class Long(Labels):
    """Names of 60 characters and more."""

    def person(self, person_id: str) -> str:
        return f"{person_id}港储一库有限责任公司第一储运部当班调度室调度员" + "甲" * 40

    def tank(self, tank_id: str) -> str:
        return f"{tank_id}内浮顶保温储罐" + "乙" * 60


class Hostile(Labels):
    """Everything is called the same."""

    name = ""

    def good(self, code: str) -> str:
        return self.name

    tank = site = contract = person = good


LONG_WORDS = Words(Long())
HOSTILE_NAMES = Hostile()
HOSTILE_WORDS = Words(HOSTILE_NAMES)
CASES = {name: make() for name, make in alarms.CASES.items()}


@pytest.mark.parametrize("case", alarms.CASES)
def test_exactly_those_who_must_be_notified_are_mentioned(case: str) -> None:
    told = alarms.CASES[case]()
    for notice in told.notices.values():
        message = _message(told, notice)
        assert sorted(m.person_id for m in message.mentions) == sorted(notice.mentions)
        assert message.text.count("@") == len(notice.mentions)


@pytest.mark.parametrize("case", alarms.CASES)
def test_every_time_has_its_date(case: str) -> None:
    told = alarms.CASES[case]()
    for notice in told.notices.values():
        text = _message(told, notice).text
        assert len(re.findall(r"\d{1,2}:\d{2}", text)) == len(re.findall(r"\d+月\d+日 \d{1,2}:\d{2}", text))


@pytest.mark.parametrize("case", alarms.CASES)
def test_every_message_names_its_alarm_and_contract(case: str) -> None:
    told = alarms.CASES[case]()
    if case in {"acknowledged", "disputed"}:  # a line under the alarm itself
        return
    for notice in told.notices.values():
        text = _message(told, notice).text
        assert told.alarm.id in text
        assert "恒运池" in text


@pytest.mark.parametrize("case", [c for c in alarms.CASES if c.startswith("qty_drop")])
def test_a_loss_is_never_called_theft_or_unauthorised(case: str) -> None:
    told = alarms.CASES[case]()
    for notice in told.notices.values():
        text = _message(told, notice).text
        assert not any(word in text for word in ("未授权", "盗", "擅自", "偷"))
        assert ("无法核对" if case.endswith("cannot_check") else "待核实") in text


def test_a_stop_request_is_made_safely() -> None:
    told = alarms.value_below_line()
    assert "请在确保安全的前提下暂停" in _message(told, told.notices["group"]).text


def test_a_blind_breach_asks_for_data_and_not_for_goods() -> None:
    told = alarms.blind_breach()
    for notice in told.notices.values():
        text = _message(told, notice).text
        assert "这不是补货通知" in text
        assert "补货 " not in text
        assert "还款" not in text


def test_buttons_carry_the_alarm_and_the_telling_on_which_they_stand() -> None:
    told = alarms.value_below_line()
    message = _message(told, told.notices["group"])
    assert [(b.label, b.token) for b in message.buttons] == [
        ("收到", "v1|AL-20260312-07|1|ack"),
        ("已安排", "v1|AL-20260312-07|1|arranged"),
        ("有异议", "v1|AL-20260312-07|1|dispute"),
    ]


@pytest.mark.parametrize("case", alarms.CASES)
def test_a_message_stays_short_with_many_people_and_long_names(case: str) -> None:
    told = _crowded(alarms.CASES[case]())
    for notice in told.notices.values():
        message = LONG_WORDS.notice(notice, told.alarm, CONTRACT, ROSTER, now=told.event.occurred_at)
        assert len(message.text) <= LONGEST, message.text


@settings(max_examples=100, deadline=None)
@given(HOSTILE, st.sampled_from(sorted(alarms.CASES)))
def test_no_name_can_make_a_mention_or_break_a_message(name: str, case: str) -> None:
    told = CASES[case]
    HOSTILE_NAMES.name = name
    for notice in told.notices.values():
        message = HOSTILE_WORDS.notice(notice, told.alarm, CONTRACT, ROSTER, now=told.event.occurred_at)
        assert sorted(m.person_id for m in message.mentions) == sorted(notice.mentions)
        assert message.text.count("@") == len(notice.mentions)
        assert not any(c in message.text for c in "\ue000\ue001\u202e\u2066\u200b\r\t")


@given(HOSTILE)
def test_no_text_of_a_paper_or_a_person_is_more_than_text(note: str) -> None:
    told = alarms.closed()
    notice = replace(told.notices["group"], body={**told.event.body, "reason": note})
    message = _message(told, notice)
    assert message.mentions == ()
    assert "@" not in message.text


NULLABLE = {
    "value_below_line": (("ltv",), ("oldest_at",), ("next_line", "drop_to_next"), ("top_up",), ("change",)),
    "blind_breach": (("oldest_at",),),
    "qty_drop_no_work_order": (("from_mm",), ("to_mm",), ("rate_t_h",), ("value_cny",), ("feed_as_of",)),
    "qty_drop_cannot_check": (("feed_as_of",),),
    "sensor_offline_tank": (("since",),),
    "price_crash": (("ltv",),),
    "price_stale": (("ltv",),),
    "price_outlier": (("from",), ("published_at",), ("ltv",), ("ltv_if",)),
}


@pytest.mark.parametrize(("case", "keys"), [(c, k) for c, many in NULLABLE.items() for k in many])
def test_a_figure_that_a_rule_does_not_know_breaks_nothing(case: str, keys: tuple[str, ...]) -> None:
    told = alarms.CASES[case]()
    facts = {**told.alarm.facts, **dict.fromkeys(keys)}
    for notice in told.notices.values():
        message = _message(told, replace(notice, body={**told.event.body, "facts": facts}))
        assert "None" not in message.text


@pytest.mark.parametrize(("group", "key"), [("top_up", "example"), ("change", "ltv_before")])
def test_a_part_that_is_not_known_breaks_nothing(group: str, key: str) -> None:
    told = alarms.value_below_line()
    facts = {**told.alarm.facts, group: {**told.alarm.facts[group], key: None}}
    for notice in told.notices.values():
        assert "None" not in _message(told, replace(notice, body={**told.event.body, "facts": facts})).text


def test_a_telling_that_is_edited_reads_as_it_did() -> None:
    told = alarms.value_below_line()
    notice = told.notices["group"]
    again = replace(notice, body={"alarm": told.alarm.id, "revision": 1, "facts": told.alarm.facts, "severity": 2})
    assert _message(told, again).text == _message(told, notice).text


def test_a_thing_that_is_gone_from_the_workspace_is_called_by_its_id() -> None:
    class Forgetful(Labels):
        """Knows no tank any more."""

        def tank(self, tank_id: str) -> str:
            raise KeyError(tank_id)

    told = alarms.qty_drop_no_work_order()
    message = Words(Forgetful()).notice(told.notices["group"], told.alarm, CONTRACT, ROSTER, now=told.event.occurred_at)
    assert "港储一库 T-112(甲醇)" in message.text


def test_a_person_with_two_duties_is_notified_once() -> None:
    told = alarms.value_below_line()
    twice = Duty(person="li", chat="group", ack_s=None, act="know")
    contract = _with(CONTRACT, told.alarm, (*CONTRACT.duties_for(told.alarm.kind, told.alarm.severity), twice))
    again = raised(_finding(told), contract)
    message = WORDS.notice(again.notices["group"], again.alarm, contract, ROSTER, now=again.event.occurred_at)
    assert [m.person_id for m in message.mentions] == ["zhao", "li"]
    assert message.spans[-1] != Mention(person_id="li", label="港储一库李主管")


@pytest.mark.parametrize(("stands", "strange", "step"), [("-36.98", "20", "+154.08%"), ("20", "-36.98", "-284.90%")])
def test_a_price_that_rises_from_below_zero_is_no_fall(stands: str, strange: str, step: str) -> None:
    quotes = prices(NOW, MEOH=stands)
    quotes["MEOH"] = replace(quotes["MEOH"], quarantined=Decimal(strange))
    findings, _ = price_watch.judge(scene(quotes=quotes), price_watch.Memory())
    told = raised(only(findings, AlertKind.PRICE_OUTLIER))
    assert f"偏离 {step}" in _message(told, told.notices["bank"]).text


def _message(told: Told, notice: Notice) -> Any:
    return WORDS.notice(notice, told.alarm, CONTRACT, ROSTER, now=told.event.occurred_at)


def _crowded(told: Told) -> Told:
    """The same telling with every list of tanks or goods sixty long."""
    facts = {k: v * 60 if isinstance(v, list) and v else v for k, v in told.alarm.facts.items()}
    alarm = replace(told.alarm, facts=facts)
    if "facts" not in told.event.body or told.event.kind == "alarm.returned":
        return replace(told, alarm=alarm)
    notices: Mapping[str, Notice] = {
        chat: replace(n, body={**n.body, "facts": facts}) for chat, n in told.notices.items()
    }
    return replace(told, alarm=alarm, notices=notices)


def _with(contract: Contract, alarm: Alarm, duties: tuple[Duty, ...]) -> Contract:
    return replace(contract, duties=(DutyRule(kind=alarm.kind, severity=None, duties=duties),))


def _finding(told: Told) -> Any:
    from domain.finding import Finding, Standing

    a = told.alarm
    return Finding(
        rule=a.rule,
        contract_id=a.contract_id,
        kind=a.kind,
        subject=a.subject,
        severity=a.severity,
        standing=Standing.BREACH,
        data_at=a.data_at,
        facts=a.facts,
    )


def test_an_alert_whose_figures_are_damaged_is_told_bare_with_its_people() -> None:
    told = alarms.value_below_line()
    broken = replace(told.alarm, facts={"line": "control"})
    notice = next(n for n in told.notices.values() if n.mentions)
    notice = replace(notice, body={**notice.body, "facts": {"line": "control"}})
    message = WORDS.notice(notice, broken, CONTRACT, ROSTER, now=told.alarm.raised_at)
    assert told.alarm.id in message.text
    assert [m.person_id for m in message.mentions] == list(notice.mentions)
    assert message.buttons


def test_an_eased_alert_says_which_severity_is_lifted() -> None:
    worse = alarms.changed().alarm
    findings, _ = value_line.judge(alarms.value_scene(), value_line.Memory())
    found = replace(findings[0], severity=Severity.YELLOW)
    [event] = observe(worse, found, CONTRACT, number="", recovery={}, now=worse.raised_at)
    told = tell(event, worse)
    message = WORDS.notice(next(iter(told.notices.values())), told.alarm, CONTRACT, ROSTER, now=worse.raised_at)
    assert "【解除】红色预警已解除,降为黄色。" in message.text
