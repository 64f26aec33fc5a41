"""合同怎么约定的: each term as the file has it, with its clause or the word that none is recorded; figures by disclosure."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from bot.words import Words
from domain.calendar import WorkingCalendar
from domain.case.terms import ReleaseTerms, SwapTerms
from domain.contract import ControlLineNotice, Coverage, CureTerm, Field, Severity
from domain.other_terms import CureMethod, FeeBearer, StorageFee
from skills.skill import Status
from skills.term import ROWS, SKILL
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
SATURDAY = date(2026, 3, 14)
CALENDAR = WorkingCalendar(
    first=date(2026, 1, 1), last=date(2026, 12, 31), holidays=frozenset(), workdays=frozenset({SATURDAY})
)
FULL = replace(
    CONTRACT,
    calendar=CALENDAR,
    cure={
        Severity.YELLOW: CureTerm(working_days=3, at=time(17)),
        Severity.ORANGE: CureTerm(working_days=1, at=time(12)),
    },
    clauses={"warn": "8.1", "control": "8.2", "disposal": "8.3", "cure": "8.4", "swap": "6.4"},
    release=ReleaseTerms(swap=SwapTerms(value_ratio=Decimal("1.10"))),
)
SUBSETS = [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)]


def window(contract=FULL, **more) -> Window:
    return Window(contract_list=(contract,), scenes={contract.id: scene(contract=contract)}, **more)


def text(view: Window, **arguments: str) -> str:
    return WORDS.answer(SKILL.run(view, arguments)).text


def test_the_main_terms_read_so() -> None:
    for chat, who in (("bank", "chen"), ("group", "zhao")):
        message = WORDS.answer(SKILL.run(window(where=chat, who=who), {}))
        assert message.text.count("\n") < 12
        assert_snapshot(f"term.all.{chat}", message)


def test_the_depot_reads_the_line_in_yuan_and_no_ratio() -> None:
    said = text(window(who="li", where="group"), term="control_line")
    assert said.startswith("监管线:现为货值 1.2052亿元(按 3月12日 09:32 余额)(合同第 8.2 条)。")
    assert "75" not in said
    assert said.endswith("质押率仅对资金方开放。")


def test_a_contract_that_writes_coverage_is_told_in_coverage() -> None:
    own = Coverage(initial=Decimal("1.55"), warn=Decimal("1.43"), control=Decimal("1.33"), disposal=Decimal("1.18"))
    said = text(window(replace(FULL, lines=replace(FULL.lines, coverage=own))), term="control_line")
    assert "监管线:覆盖率 133.00%" in said
    assert "质押率" not in said


def test_a_notice_in_force_stands_beside_the_line() -> None:
    notice = ControlLineNotice(no="KZX-003", amount=Decimal("121000000.00"), effective_from=NOW - timedelta(days=1))
    said = text(window(replace(FULL, lines=replace(FULL.lines, notices=(notice,)))), term="control_line")
    assert "通知书 KZX-003 定 1.2100亿元,自 3月11日 14:32 起" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("warn", "补货线 次日起第 3 个工作日 17:00 前(第 8.1 条);如现在跌破,为 3月16日(周一)17:00"),
        ("control", "监管线 次日起第 1 个工作日 12:00 前(第 8.2 条);如现在跌破,为 3月13日(周五)12:00"),
    ],
)
def test_a_cure_period_counts_working_days_and_make_up_saturdays(line: str, said: str) -> None:
    answer = text(window(), term="cure_period", line=line)
    assert said in answer
    assert "调休上班日计入(合同第 8.4 条)" in answer


def test_beyond_the_published_calendar_the_deadline_says_so() -> None:
    short = replace(FULL, calendar=replace(CALENDAR, last=date(2026, 3, 13), workdays=frozenset()))
    assert "按周末推算,节假日安排未公布" in text(window(short), term="cure_period", line="warn")


@pytest.mark.parametrize("term", ["cure_period", "swap_ratio", "release_validity", "storage_fee_bearer", "cure_method"])
def test_what_no_file_records_is_said_to_be_unrecorded(term: str) -> None:
    answer = SKILL.run(window(CONTRACT), {"term": term})
    assert answer.status is Status.NO_DATA
    assert "合同文件没有记录" in WORDS.answer(answer).text


def test_a_term_without_a_clause_says_that_none_is_recorded() -> None:
    assert "合同文件未记条款号" in text(window(), term="haircut")
    assert "合同第 6.4 条" in text(window(), term="swap_ratio")


@pytest.mark.parametrize("term", ROWS)
def test_every_term_has_its_words(term: str) -> None:
    assert text(window(), term=term).count("\n") < 12


@pytest.mark.parametrize("fields", SUBSETS, ids=lambda f: "+".join(sorted(f)) or "none")
def test_no_term_tells_a_figure_that_the_chat_may_not_see(fields: frozenset[Field]) -> None:
    view = window(who="zhao", where="group", fields=fields)
    said = text(view)
    assert ("1.2052亿元" in said) == (Field.LINE in fields)
    assert ("75.00%" in said) == (Field.LTV in fields)
    assert ("占比上限:" in said) == (Field.VALUE in fields)
    assert ("允差:" in said) == (Field.QUANTITY in fields)
    assert "补足期限" in said


def test_minutes_to_answer_are_those_of_duties_told_in_this_chat() -> None:
    group = text(window(who="zhao", where="group"), term="ack_time")
    assert "数据中断 30分钟" in group
    assert "异常报价" not in group
    assert "异常报价 1小时" in text(window(), term="ack_time")


def test_an_old_balance_is_said_beside_the_line() -> None:
    old = replace(FULL, exposure=replace(FULL.exposure, as_of=datetime(2026, 3, 1, tzinfo=UTC)))
    assert "已过期" in text(window(old), term="warn_line")


def test_several_contracts_are_told_their_lines_only() -> None:
    other = replace(FULL, id="B-2")
    both = Window(contract_list=(FULL, other), scenes={HY: scene(contract=FULL), "B-2": scene(contract=other)})
    assert {r["term"] for b in SKILL.run(both, {}).facts["contracts"] for r in b["rows"]} == {
        "warn_line",
        "control_line",
        "disposal_line",
    }


TOLD = replace(
    FULL,
    cure_methods=(CureMethod.GOODS, CureMethod.MARGIN),
    storage_fee=StorageFee(bearer=FeeBearer.BORROWER, paid_until=date(2026, 12, 31)),
    clauses={**FULL.clauses, "storage_fee": "5.2"},
)


def test_recorded_ways_to_cure_and_the_storage_fee_are_told_with_their_clauses() -> None:
    assert text(window(TOLD), term="cure_method") == "补足方式:补货、追加保证金均可(合同第 8.4 条)。"
    assert text(window(TOLD), term="storage_fee_bearer") == (
        "仓储费由融资方承担,已付至 2026年12月31日(合同第 5.2 条)。"
    )


def test_goods_alone_and_a_fee_that_is_paid_no_longer_are_said_to_be_so() -> None:
    strict = replace(
        TOLD,
        cure_methods=(CureMethod.GOODS,),
        storage_fee=StorageFee(bearer=FeeBearer.DEPOT, paid_until=date(2026, 3, 1)),
    )
    assert "补足方式:补货,不得以款代货" in text(window(strict), term="cure_method")
    assert "只付到 2026年3月1日,已过期,库方可能主张留置" in text(window(strict), term="storage_fee_bearer")
