"""处置测算: the lender's worksheet, nobody else's; and tanks that do not count say why."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Contract, Ineligibility, IneligibleTank
from domain.sale import Plan, SaleTerms
from skills import disposal, status, tanks
from skills.skill import Status
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
D = Decimal
PLAN = Plan(
    order=("D0", "MEOH"),
    terms={
        "MEOH": SaleTerms(haircut=D("0.08"), cost_cny_t=D(40), t_per_day=D(3000), lead_days=2),
        "D0": SaleTerms(haircut=D("0.05"), cost_cny_t=D(60), t_per_day=D(1500), lead_days=1),
    },
    usual=SaleTerms(haircut=D("0.20"), lead_days=20),
)


def window(contract: Contract, **what: object) -> Window:
    return Window(contract_list=(contract,), scenes={HY: scene(contract=contract)}, **what)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "contract"),
    [
        ("plain", CONTRACT),
        ("agreed", replace(CONTRACT, disposal=PLAN)),
        ("short", replace(CONTRACT, disposal=replace(PLAN, usual=SaleTerms(haircut=D("0.95")), terms={}))),
    ],
)
def test_the_bank_reads_its_worksheet(case: str, contract: Contract) -> None:
    message = WORDS.answer(disposal.SKILL.run(window(contract), {}))
    assert message.text.count("\n") < 12
    assert_snapshot(f"disposal.{case}.bank", message)


@pytest.mark.parametrize("who", ["chen", "zhao", "li"])
def test_in_the_project_group_nobody_reads_it(who: str) -> None:
    answer = disposal.SKILL.run(window(CONTRACT, who=who, where="group"), {})
    assert (answer.status, answer.figures) == (Status.NOT_PERMITTED, ())
    assert "净得" not in WORDS.answer(answer).text


def test_without_everything_fresh_it_says_so() -> None:
    old = replace(CONTRACT, exposure=replace(CONTRACT.exposure, as_of=NOW - timedelta(days=9)))
    answer = disposal.SKILL.run(window(old), {})
    assert answer.status is Status.STALE
    assert "部分数据不是最新" in WORDS.answer(answer).text


def test_a_tank_that_does_not_count_says_why_and_the_status_speaks_of_no_last_reading() -> None:
    lien = IneligibleTank(tank_id="T-107", why=Ineligibility.LIEN, since=date(2026, 3, 1))
    view = window(replace(CONTRACT, ineligible=(lien,)))
    alone = WORDS.answer(tanks.SKILL.run(view, {"tank": "T-107"})).text
    assert "被留置或欠付仓储费,暂不计值" in alone
    assert "折值" not in alone
    assert "〔被留置或欠付仓储费,暂不计值〕" in WORDS.answer(tanks.SKILL.run(view, {})).text
    assert "按最后读数" not in WORDS.answer(status.SKILL.run(view, {})).text
