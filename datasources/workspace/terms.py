"""Checks of one contract's own terms, against itself and against today."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from datasources.workspace.contracts import ContractFile, ExposurePart, StalenessPart
from datasources.workspace.days import build_cure
from datasources.workspace.lines import CoveragePart, LinesPart
from datasources.workspace.loan_terms import check_loan
from datasources.workspace.part import Part, Sheet
from domain.calendar import WorkingCalendar
from domain.contract import AlertKind, Line

CLOCK_SKEW = timedelta(minutes=5)
RISING = ("ltv_initial", "ltv_warn", "ltv_control", "ltv_disposal")
FALLING = ("initial", "warn", "control", "disposal")


def first_of_each(sheets: list[Sheet[ContractFile]]) -> list[Sheet[ContractFile]]:
    """The sheets without those that repeat another's id, which are told."""
    first: dict[str, Sheet[ContractFile]] = {}
    for sheet in sheets:
        id_ = sheet.part.id
        if id_ is not None and first.setdefault(id_, sheet) is not sheet:
            wrong = f"contract {id_!r} is there already, in {first[id_].file}"
            sheet.error(sheet.part, "id", wrong=wrong, instead="write the number on this contract, or delete one file")
    return [s for s in sheets if s.part.id is None or first[s.part.id] is s]


def check_terms(sheet: Sheet[ContractFile], now: datetime) -> None:
    """Lines rise, dates run forward, balances are current, nothing is written twice, each line cites its clause."""
    contract = sheet.part
    if contract.lines is not None:
        _check_lines(sheet, contract.lines)
    if contract.exposure is not None:
        _check_exposure(sheet, contract.exposure, now)
    _check_dates(sheet, now)
    _check_staleness(sheet, contract.staleness)
    _once(sheet, contract.goods, "code", "good")
    if contract.lines is not None:
        _once(sheet, contract.lines.notices, "no", "notice")
    for line in Line if "clauses" not in sheet.broken else ():
        if line not in contract.clauses and AlertKind.VALUE_BELOW_LINE not in contract.clauses:
            wrong = f"names no clause for the {line} line"
            sheet.warn(
                contract, "clauses", wrong=wrong, instead=f"write {line}: '8.1' with the contract's clause number"
            )
    if contract.lender is not None and contract.lender == contract.borrower:
        sheet.error(contract, "borrower", wrong="is the lender itself", instead="write the borrower's organisation")


def _check_lines(sheet: Sheet[ContractFile], lines: LinesPart) -> None:
    if lines.coverage is not None:
        _check_coverage(sheet, lines.coverage)
        return
    below, name = Decimal(0), "0"
    for key in RISING:
        value: Decimal | None = getattr(lines, key)
        if value is None:
            continue  # missing, and told so
        if not below < value < 1:
            wrong = f"{value} is not between {name} and 1"
            instead = "0 < ltv_initial < ltv_warn < ltv_control < ltv_disposal < 1 (质押率 rises towards 处置线)"
            sheet.error(lines, key, wrong=wrong, instead=instead)
        below, name = value, f"{key} {value}"


def _check_coverage(sheet: Sheet[ContractFile], coverage: CoveragePart) -> None:
    above, name = None, ""
    for key in FALLING:
        value: Decimal = getattr(coverage, key)
        if value <= 1 or (above is not None and value >= above):
            wrong = f"{value} is not between 1 and {name}" if above is not None else f"{value} is not above 1"
            instead = "initial > warn > control > disposal > 1 (覆盖率 falls towards 处置线)"
            sheet.error(coverage, key, wrong=wrong, instead=instead)
        above, name = value, f"{key} {value}"


def _check_exposure(sheet: Sheet[ContractFile], exposure: ExposurePart, now: datetime) -> None:
    age = now - exposure.as_of
    if age < -CLOCK_SKEW:
        wrong = f"{exposure.as_of.isoformat()} lies in the future"
        sheet.error(exposure, "as_of", wrong=wrong, instead="write when the lender stated the balances")
    elif age > timedelta(hours=exposure.stale_after_hours):
        wrong = f"the balances are {age.days} days old, current for {exposure.stale_after_hours:g} h"
        today = "until when the movements are confirmed" if exposure.written(("drawings",)) else "today's balances"
        sheet.warn(exposure, "as_of", wrong=wrong, instead=f"write {today}; until then no answer says 正常")
    _once(sheet, exposure.drawings, "id", "drawing")
    check_loan(sheet, exposure, now)


def _check_dates(sheet: Sheet[ContractFile], now: datetime) -> None:
    contract = sheet.part
    if contract.effective_from is None or contract.matures_on is None:
        return
    if contract.matures_on <= contract.effective_from:
        wrong = f"{contract.matures_on} is not after effective_from {contract.effective_from}"
        sheet.error(contract, "matures_on", wrong=wrong, instead="exchange the two, or correct the year")
    elif contract.matures_on < now.date():
        wrong = f"the contract matured on {contract.matures_on}"
        sheet.warn(
            contract, "matures_on", wrong=wrong, instead="write the new date of an extension, or delete the file"
        )


def check_cure(sheet: Sheet[ContractFile], calendar: WorkingCalendar) -> None:
    """A cure period names the calendar that it counts by, and that calendar reaches to the contract's end."""
    contract = sheet.part
    if contract.cure is not None and contract.calendar is None and "calendar" not in sheet.broken:
        wrong = "counts working days, but the contract names no calendar"
        sheet.error(contract, "cure", wrong=wrong, instead="add 'calendar: CN' (法定节假日与调休)")
    _check_cured(sheet, contract)
    if contract.calendar is not None and contract.matures_on is not None and contract.matures_on > calendar.last:
        wrong = f"the contract runs to {contract.matures_on}, the published calendar to {calendar.last}"
        instead = (
            "working days after that are counted by weekends only; add the State Council's notice for"
            f" {calendar.last.year + 1} to calendar.yaml once it is out (usually in November)"
        )
        sheet.warn(contract, "matures_on", wrong=wrong, instead=instead)


def _check_cured(sheet: Sheet[ContractFile], contract: ContractFile) -> None:
    """A deadline is for somebody: at every severity that has one, somebody must top up."""
    rules = [r for r in contract.duties if r.kind is AlertKind.VALUE_BELOW_LINE]
    for severity in build_cure(contract.cure) if "duties" not in sheet.broken else ():
        exact = [r for r in rules if r.severity is severity] or [r for r in rules if r.severity is None]
        acts = {duty.act for r in exact for duty in r.tell}
        if contract.cure is not None and "top_up" not in acts:
            name = severity.name.lower()
            wrong = "a deadline, but at this severity value_below_line obliges nobody to top_up"
            instead = "give somebody 'act: top_up' there, or delete the line"
            sheet.warn(contract.cure, name, wrong=wrong, instead=instead)


def _check_staleness(sheet: Sheet[ContractFile], staleness: StalenessPart | None) -> None:
    if staleness is not None and staleness.warn_minutes >= staleness.exclude_minutes:
        wrong = f"{staleness.warn_minutes:g} is not below exclude_minutes {staleness.exclude_minutes:g}"
        sheet.error(staleness, "warn_minutes", wrong=wrong, instead="a gauge is first said to be old, later left out")


def _once(sheet: Sheet[ContractFile], parts: Iterable[Part], key: str, what: str) -> None:
    seen: set[Hashable] = set()
    for part in parts:
        value = getattr(part, key)
        if value in seen:
            sheet.error(part, key, wrong=f"{what} {value!r} is there twice", instead="delete one of the two")
        seen.add(value)
