"""保险 and 中登登记: what the contract's file records, what it does not, and what is about to run out."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Contract, Field
from domain.insurance import Cover, Policy
from domain.registration import Amendment, Registration, RegistrationState
from skills import insurance, registration
from skills.skill import Status
from skills.term import ROWS
from tests.data.words.hengyun import CONTRACT, HY, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
TODAY = date(2026, 3, 12)
POLICY = Policy(
    kind=Cover.PROPERTY_ALL_RISKS,
    insurer="东海财险",
    policy_no="PZAJ20264471",
    sum_insured_cny=Decimal("120000000.00"),
    effective_from=date(2025, 3, 28),
    until=date(2026, 3, 27),
    beneficiary="甲银行青岛分行",
    covers=("火灾", "爆炸"),
)
ENTRY = Registration(
    state=RegistrationState.REGISTERED, number="10253846", registered_on=date(2026, 1, 5), until=date(2029, 1, 4)
)


def window(*policies: Policy, entry: Registration | None = None, who: str = "chen", where: str = "bank") -> Window:
    contract: Contract = replace(CONTRACT, insurance=policies, registration=entry)
    return Window(contract_list=(contract,), scenes={HY: scene(contract=contract)}, who=who, where=where)


def insured(view: Window, want: str = "") -> str:
    return WORDS.answer(insurance.SKILL.run(view, {"want": want})).text


def registered(entry: Registration | None, want: str = "") -> str:
    return WORDS.answer(registration.SKILL.run(window(entry=entry), {"want": want})).text


def test_a_policy_reads_so() -> None:
    view = window(POLICY)
    assert_snapshot("insurance.bank", WORDS.answer(insurance.SKILL.run(view, {"want": "expiry"})))
    group = insurance.SKILL.run(replace(view, who="zhao", where="group"), {"want": "expiry"})
    assert_snapshot("insurance.group", WORDS.answer(group))


def test_nothing_recorded_is_not_no_insurance() -> None:
    answer = insurance.SKILL.run(window(), {})
    assert (answer.status, answer.figures) == (Status.NO_DATA, ())
    assert WORDS.answer(answer).text == "合同文件没有记录保险信息,是否投保请以保单原件为准。"


def test_less_than_the_value_is_said_with_what_is_missing() -> None:
    assert "保额 1.2000亿元,低于货值 1.2492亿元,差" in insured(window(POLICY))
    enough = replace(POLICY, sum_insured_cny=Decimal("137500000.00"))
    assert "保额不低于现货值" in insured(window(enough))


def test_a_liability_policy_insures_no_goods() -> None:
    assert "低于" not in insured(window(replace(POLICY, kind=Cover.LIABILITY)))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (TODAY + timedelta(days=31), "剩 31 天)"),
        (TODAY + timedelta(days=30), "剩 30 天,将到期"),
        (TODAY, "剩 0 天,将到期"),
        (TODAY - timedelta(days=1), "现在没有在有效期内的保单"),
    ],
)
def test_the_end_of_a_policy(until: date, said: str) -> None:
    assert said in insured(window(replace(POLICY, until=until)))


@pytest.mark.parametrize(
    ("want", "said"),
    [
        ("sum_insured", "保额 1.2000亿元,"),
        ("insurer", "东海财险承保,"),
        ("beneficiary", "第一受益人:甲银行青岛分行,"),
        ("policy_no", "保单 PZAJ20264471,"),
        ("renewal", "合同文件没有记录续保的新保单。"),
        ("holder", "合同文件没有记录保单原件由谁保管。"),
    ],
)
def test_the_first_line_answers_what_was_asked(want: str, said: str) -> None:
    assert insured(window(POLICY), want).startswith(said)


def test_a_renewal_on_file_is_said() -> None:
    after = replace(POLICY, policy_no="N-2", effective_from=date(2026, 3, 28), until=date(2027, 3, 27))
    assert insured(window(POLICY, after), "renewal").startswith("已记录续保的保单。")


def test_outside_the_lender_only_the_number_s_tail_and_where_values_are_withheld_no_sum() -> None:
    group = replace(window(POLICY), who="zhao", where="group")
    assert "保单尾号 4471" in insured(group)
    assert "PZAJ" not in insured(group)
    closed = replace(group, fields=frozenset({Field.QUANTITY}))
    assert "亿元" not in insured(closed)
    assert "保额仅对资金方开放" in insured(closed)
    assert all("cny" not in f.name for f in insurance.SKILL.run(closed, {}).figures)


def test_an_entry_reads_so() -> None:
    changed = replace(ENTRY, amendments=(Amendment(no="BG-1", registered_on=date(2026, 2, 1), about="增加 V205"),))
    answer = registration.SKILL.run(window(entry=changed), {})
    assert answer.status is Status.OK
    assert_snapshot("registration", WORDS.answer(answer))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (None, "合同文件没有记录中登网登记信息"),
        (Registration(state=RegistrationState.PENDING), "中登网登记:办理中。"),
        (replace(ENTRY, until=TODAY - timedelta(days=1)), "中登网登记:已到期,编号 10253846"),
        (replace(ENTRY, until=TODAY + timedelta(days=90)), "(剩 90 天,将到期,请及时展期)"),
        (replace(ENTRY, until=None), "合同文件未记到期日"),
        (replace(ENTRY, state=RegistrationState.CANCELLED), "中登网登记:已注销"),
    ],
)
def test_the_states_of_an_entry(entry: Registration | None, said: str) -> None:
    assert said in registered(entry)


@pytest.mark.parametrize("want", ["prior", "amount", "tanks"])
def test_what_only_the_registry_knows_is_no_data(want: str) -> None:
    assert registration.SKILL.run(window(entry=ENTRY), {"want": want}).status is Status.NO_DATA
    assert registered(ENTRY, want).startswith("合同文件没有记录")


def test_no_change_on_file_is_said() -> None:
    assert registered(ENTRY, "amendment").startswith("合同文件没有记录变更或展期登记。")


@pytest.mark.parametrize(
    ("table", "keys"),
    [("covers", list(Cover)), ("registrations", [*RegistrationState, "expired"]), ("terms", list(ROWS))],
)
def test_every_key_has_its_word(table: str, keys: list[str]) -> None:
    for key in keys:
        assert WORDS.label(table, str(key))
