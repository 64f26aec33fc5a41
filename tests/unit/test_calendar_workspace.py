"""Cure periods and ``calendar.yaml`` in the workspace: what they mean, and every mistake with its remedy."""

from datetime import date, time
from pathlib import Path

import pytest

from datasources.workspace import Problem
from domain.contract import CureTerm, Severity
from tests.fakes.mistakes import SOUND, Mistake, cases, change, copy_of_sound, found, line_of

A = "contracts/a.yaml"
MATURES = "matures_on: 2028-12-31"
STATED = """matures_on: 2026-12-31
calendar: CN
cure:
  yellow: {working_days: 3, at: "17:00"}
  orange: {working_days: 1, at: 12:00}"""
OFF_2027 = ", ".join(f"2027-{day}" for day in ("01-01", "01-02", "01-03", *(f"10-{n:02}" for n in range(1, 11))))
NOTICE = f"""notices:
  - no: 国办发明电〔2026〕1号
    year: 2027
    holidays: [{OFF_2027}]
    workdays: [2027-10-16]
"""


def news(workspace: Path) -> list[Problem]:
    """What is wrong with this copy and not with the original."""
    known = {(p.file, p.where, p.wrong) for p in found(SOUND).problems}
    return [p for p in found(workspace).problems if (p.file, p.where, p.wrong) not in known]


def test_a_contract_states_its_cure_periods(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, MATURES, STATED)
    assert news(workspace) == []
    terms = found(workspace).sound().contracts["A-1"]
    assert terms.cure == {
        Severity.YELLOW: CureTerm(working_days=3, at=time(17, 0)),
        Severity.ORANGE: CureTerm(working_days=1, at=time(12, 0)),
    }
    assert terms.calendar is not None
    assert terms.calendar.last == date(2026, 12, 31)


def test_a_contract_that_states_none_has_none(tmp_path: Path) -> None:
    terms = found(copy_of_sound(tmp_path)).sound().contracts["A-1"]
    assert (terms.calendar, terms.cure) == (None, {})


@cases(
    Mistake(
        name="no-calendar",
        file=A,
        old=MATURES,
        new=STATED.replace("calendar: CN\n", ""),
        at="cure",
        wrong="the contract names no calendar",
        instead="add 'calendar: CN'",
    ),
    Mistake(
        name="unknown-calendar",
        file=A,
        old=MATURES,
        new=STATED.replace("CN", "US"),
        at="calendar: US",
        wrong="'US' is unknown",
        instead="CN",
    ),
    Mistake(
        name="no-time-of-day",
        file=A,
        old=MATURES,
        new=STATED.replace('"17:00"', "5pm"),
        at="yellow",
        wrong="'5pm' is not a time of day",
        instead='"17:00"',
    ),
    Mistake(
        name="no-days",
        file=A,
        old=MATURES,
        new=STATED.replace("working_days: 1", "working_days: 0"),
        at="orange",
        wrong="0 is out of range",
        instead="from 1 to 250",
    ),
    Mistake(
        name="tenor-beyond-the-calendar",
        file=A,
        old=MATURES,
        new=STATED.replace("2026-12-31", "2027-06-30"),
        at="matures_on",
        wrong="the contract runs to 2027-06-30, the published calendar to 2026-12-31",
        instead="add the State Council's notice for 2027 to calendar.yaml",
        severity="warning",
    ),
)
def test_a_mistake_about_cure_is_told_with_its_remedy(mistake: Mistake, tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, mistake.file, mistake.old, mistake.new)
    (told,) = news(workspace)
    assert mistake.wrong in told.wrong
    assert mistake.at in line_of(workspace, told)
    assert mistake.instead in told.instead
    assert told.severity == mistake.severity
    assert (found(workspace).workspace is None) == (mistake.severity == "error")


def test_a_deadline_for_nobody_is_a_warning(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, MATURES, STATED)
    change(workspace, A, "act: top_up", "act: know")
    told = news(workspace)
    assert [line_of(workspace, p).split(":")[0].strip() for p in told] == ["yellow", "orange"]
    assert {(p.severity, p.instead) for p in told} == {
        ("warning", "give somebody 'act: top_up' there, or delete the line")
    }


def with_notice(tmp_path: Path, text: str = NOTICE, matures_on: str = "2027-06-30") -> Path:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, MATURES, STATED.replace("2026-12-31", matures_on))
    (workspace / "calendar.yaml").write_text(text, encoding="utf-8")
    return workspace


def test_a_notice_in_the_workspace_makes_the_calendar_longer(tmp_path: Path) -> None:
    directory = with_notice(tmp_path)
    assert news(directory) == []
    workspace = found(directory).sound()
    calendar = workspace.contracts["A-1"].calendar
    assert calendar is not None
    assert calendar.last == date(2027, 12, 31)
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2027, 10, 16)).covered
    assert "calendar.yaml" in workspace.files


def test_a_notice_amends_a_year_that_the_library_knows(tmp_path: Path) -> None:
    """As in January 2020, when the Spring Festival was made longer by a notice of its own."""
    text = "notices:\n  - {no: 特急1号, year: 2026, holidays: [2026-10-08], workdays: [2026-10-07]}\n"
    calendar = found(with_notice(tmp_path, text, "2026-12-31")).sound().contracts["A-1"].calendar
    assert calendar is not None
    assert not calendar.is_working(date(2026, 10, 8))
    assert calendar.is_working(date(2026, 10, 7))
    assert calendar.last == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "at", "wrong", "instead", "severity"),
    [
        ("2027-01-02,", "2027-01-02, 2027-01-02,", "holidays", "2027-01-02 is there twice", "delete one", "warning"),
        ("[2027-10-16]", "[2027-10-15]", "workdays", "2027-10-15 is a weekday", "delete it", "warning"),
        ("[2027-10-16]", "[2027-10-10]", "workdays", "2027-10-10 is both", "one of the two lists", "error"),
        ("[2027-10-16]", "[2028-01-01]", "workdays", "2028-01-01 is not arranged", "correct the date", "error"),
        ("year: 2027", "year: 2028", "year", "2028 does not follow 2026", "add the notice of 2027", "error"),
        ("year: 2027", "year: 27", "year", "27 is out of range", "from 2004", "error"),
        ("2027-01-02, ", "", "holidays", "12 days off; a year has 13", "weekends included", "warning"),
        ("no: 国办发明电〔2026〕1号\n    year", "year", "- year", "no", "the notice's number", "error"),
    ],
)
def test_a_mistake_in_a_notice_is_told_with_its_remedy(
    tmp_path: Path, old: str, new: str, at: str, wrong: str, instead: str, severity: str
) -> None:
    assert NOTICE.count(old) == 1
    workspace = with_notice(tmp_path, NOTICE.replace(old, new))
    told = [p for p in found(workspace).problems if p.file == "calendar.yaml" and wrong in f"{p.where}: {p.wrong}"]
    assert len(told) == 1, found(workspace).problems
    assert at in line_of(workspace, told[0])
    assert instead in told[0].instead
    assert told[0].severity == severity


def test_a_year_told_by_two_notices_is_an_error(tmp_path: Path) -> None:
    twice = NOTICE + NOTICE.removeprefix("notices:\n")
    wrongs = [p.wrong for p in found(with_notice(tmp_path, twice)).problems]
    assert "2027 is there already, by 国办发明电〔2026〕1号" in wrongs
