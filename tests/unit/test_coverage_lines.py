"""A contract that writes coverage in place of LTV: the same lines in CNY, exactly, told in its own words."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.words import Words
from datasources.calendars import published
from domain.alarm import fold, lapse, observe
from domain.contract import Contract, Coverage, CureTerm, ExposureBasis, Line, Severity
from domain.notice import owed
from domain.position import line_values
from domain.top_up import target_value
from rules import value_line
from rules.recovery import recovery
from skills import what_if
from skills.registry import SKILLS
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, HY, NOW, ROSTER, Labels, scene, tell
from tests.data.words.window import Window
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found
from tests.fakes.pledge import contract

COVERAGE = Coverage(initial=Decimal("1.55"), warn=Decimal("1.43"), control=Decimal("1.33"), disposal=Decimal("1.18"))
A = "contracts/a.yaml"
LTV = "  ltv_initial: 0.65\n  ltv_warn: 0.70\n  ltv_control: 0.75\n  ltv_disposal: 0.85\n"
WRITTEN = "  coverage: {initial: 1.55, warn: 1.43, control: 1.33, disposal: 1.18}\n"


def covered() -> Contract:
    return replace(CONTRACT, lines=replace(CONTRACT.lines, coverage=COVERAGE))


def test_a_line_is_the_exposure_times_the_coverage() -> None:
    """E = 700,000: no division, so no rounding: 1.43 × E is exact where E ÷ 0.6993… would not be."""
    mine = replace(contract(), lines=replace(contract().lines, coverage=COVERAGE))
    lines = line_values(mine, Decimal("700000.01"), NOW)
    assert lines == {
        Line.WARN: Decimal("1001000.01"),
        Line.CONTROL: Decimal("931000.01"),
        Line.DISPOSAL: Decimal("826000.01"),
    }


def test_a_restoration_to_the_initial_coverage_is_its_product() -> None:
    terms = replace(contract().lines, coverage=COVERAGE, restore_target=None)
    mine = replace(contract(), lines=terms)
    assert target_value(mine, scene().position, Decimal(700000)) == Decimal("1085000.00")


def test_a_file_may_write_coverage_in_place_of_the_ratios(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, LTV, WRITTEN)
    loaded = found(workspace)
    assert loaded.problems == ()
    lines = next(c for c in loaded.sound().contracts.values() if c.lines.coverage is not None).lines
    assert lines.coverage == COVERAGE
    assert lines.ltv_warn == 1 / Decimal("1.43")


@cases(
    Mistake(
        name="both-forms",
        file=A,
        old="  ltv_initial: 0.65\n  ltv_warn: 0.70\n  ltv_control: 0.75\n  ltv_disposal: 0.85\n",
        new=WRITTEN + "  ltv_warn: 0.70\n",
        at="ltv_warn",
        wrong="beside coverage",
        instead="delete one",
    ),
    Mistake(
        name="rising-coverage",
        file=A,
        old=LTV,
        new=WRITTEN.replace("1.43", "1.30"),
        at="coverage",
        wrong="1.33 is not between 1 and warn 1.30",
        instead="initial > warn > control",
    ),
    Mistake(
        name="coverage-of-one",
        file=A,
        old=LTV,
        new=WRITTEN.replace("1.18", "1.00"),
        at="coverage",
        wrong="1.00 is not between 1 and control 1.33",
        instead="> 1",
    ),
    Mistake(
        name="coverage-in-percent",
        file=A,
        old=LTV,
        new=WRITTEN.replace("1.55", "155"),
        at="coverage",
        wrong="155 is not a ratio",
        instead="write 1.55 for 155 %",
    ),
    Mistake(
        name="neither-form",
        file=A,
        old="  ltv_control: 0.75\n",
        new="",
        at="ltv_initial",
        wrong="lines.ltv_control: is missing or empty",
        instead="监管线",
    ),
)
def test_each_mistake_has_its_place_and_remedy(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


def test_an_alert_tells_the_coverage_and_its_lines_and_no_ltv() -> None:
    mine = covered()
    low = scene(contract=mine, tonnes={"T-112": 3000.0})
    findings, _ = value_line.judge(low, value_line.Memory())
    event = observe(None, findings[0], mine, number="AL-20260312-01", recovery={}, now=low.now)[0]
    alarm = fold(None, [event])
    told = next(n for n in owed(event, alarm, mine, ROSTER) if n.chat == "bank")
    text = Words(Labels()).notice(told, alarm, mine, ROSTER, now=low.now).text
    held = low.position.recognised / low.position.exposure
    assert f"覆盖率 {held:.2%}(补货线 143.00%,监管线 133.00%,处置线 118.00%)" in text
    assert "质押率" not in text


@pytest.mark.parametrize(("where", "who", "seen"), [("bank", "chen", True), ("group", "li", False)])
def test_an_answer_tells_it_to_whom_the_ratio_is_open(where: str, who: str, *, seen: bool) -> None:
    mine = covered()
    window = Window(who=who, where=where, contract_list=(mine,), scenes={HY: scene(contract=mine)})
    status = next(s for s in SKILLS if s.name == "status")
    text = Words(Labels()).answer(status.run(window, {})).text
    assert ("覆盖率" in text) is seen
    assert "质押率" not in text.replace("质押率仅对资金方开放", "").replace("质押率、", "")


CHANGES = ({"percent": "-5"}, {"money": "5000000"}, {"tank": "T-107", "how": "gone"})


@pytest.mark.parametrize("arguments", CHANGES, ids=["price", "repaid", "gone"])
def test_a_what_if_tells_the_coverage_before_and_after_and_no_ltv(arguments: dict[str, str]) -> None:
    mine = covered()
    window = Window(contract_list=(mine,), scenes={HY: scene(contract=mine)})
    text = Words(Labels()).answer(what_if.SKILL.run(window, arguments)).text
    assert "覆盖率 138.20% → " in text
    assert "质押率" not in text


def test_a_what_if_without_a_debt_tells_no_ratio() -> None:
    mine = replace(covered(), exposure=replace(CONTRACT.exposure, basis=ExposureBasis.PRINCIPAL, principal=Decimal(0)))
    window = Window(contract_list=(mine,), scenes={HY: scene(contract=mine)})
    text = Words(Labels()).answer(what_if.SKILL.run(window, {"percent": "-5"})).text
    assert "覆盖率" not in text
    assert "质押率" not in text


@pytest.mark.parametrize(
    "case", ["price_stale", "price_crash", "price_outlier", "price_outlier_mean", "receipt_expiring"]
)
def test_every_alert_of_a_contract_with_coverage_tells_coverage(case: str) -> None:
    """Their events hold the LTV, as those of every contract; it is told as what the contract writes."""
    told = alarms.CASES[case]()
    text = Words(Labels()).notice(told.notices["bank"], told.alarm, covered(), ROSTER, now=told.event.occurred_at).text
    assert "覆盖率" in text
    assert "质押率" not in text


def test_a_strange_price_tells_the_coverage_that_it_would_make() -> None:
    told = alarms.price_outlier()
    text = Words(Labels()).notice(told.notices["bank"], told.alarm, covered(), ROSTER, now=NOW).text
    ratio_if = 1 / Decimal(told.alarm.facts["ltv_if"])
    assert f"覆盖率 {ratio_if:.2%}" in text


def test_a_lifted_alert_tells_the_coverage() -> None:
    mine = covered()
    first = alarms.value_below_line_covered().alarm
    back = scene(NOW + timedelta(hours=1), contract=mine, tonnes={"T-112": 9380.2})
    [event] = observe(first, None, mine, number="", recovery=recovery(first, back), now=back.now)
    told = tell(event, first, mine)
    text = Words(Labels()).notice(told.notices["bank"], told.alarm, mine, ROSTER, now=back.now).text
    assert f"覆盖率 {back.position.recognised / back.position.exposure:.2%}" in text
    assert "质押率" not in text


def test_an_alert_from_before_the_file_wrote_coverage_keeps_its_words() -> None:
    told = alarms.value_below_line()
    text = Words(Labels()).notice(told.notices["bank"], told.alarm, covered(), ROSTER, now=NOW).text
    assert "质押率" in text


def test_a_deadline_that_passed_tells_the_coverage() -> None:
    mine = replace(covered(), calendar=published(), cure={Severity.ORANGE: CureTerm(working_days=1, at=time(12, 0))})
    findings, _ = value_line.judge(replace(alarms.value_scene(), contract=mine), value_line.Memory())
    begun = observe(None, findings[0], mine, number="AL-20260312-07", recovery={}, now=NOW)
    alarm = fold(None, begun)
    late = NOW + timedelta(days=2)
    told = tell(lapse(alarm, now=late)[0], alarm, mine)
    text = Words(Labels()).notice(told.notices["bank"], told.alarm, mine, ROSTER, now=late).text
    assert "覆盖率" in text
    assert "质押率" not in text


def test_where_the_ratio_is_withheld_no_coverage_is_told() -> None:
    told = alarms.price_crash()
    text = Words(Labels()).notice(told.notices["group"], told.alarm, covered(), ROSTER, now=NOW).text
    assert "覆盖率" not in text
