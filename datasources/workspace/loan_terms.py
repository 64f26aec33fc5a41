"""Checks of an exposure written as movements: one form and not two, dates in order, nothing paid that is not owed."""

from collections.abc import Iterator
from datetime import date, datetime

from datasources.workspace.contracts import ContractFile, ExposurePart
from datasources.workspace.loan import MOVED, STATED, USUAL, DrawingPart, RepaymentPart, build_loan
from datasources.workspace.part import Sheet
from domain.account import Allotment, account
from domain.interest import dawn, day_of
from domain.money import ZERO

Told = Iterator[tuple[str, str]]
"""What is wrong, and what to write instead."""


def check_loan(sheet: Sheet[ContractFile], exposure: ExposurePart, now: datetime) -> None:
    """Tell of every mistake in the movements; the figures that follow from them are checked once they are sound."""
    before = len(sheet.clerk.problems)
    _check_form(sheet, exposure)
    if not exposure.drawings or "exposure" in sheet.broken:
        return
    for drawing in exposure.drawings:
        _check_drawing(sheet, drawing, exposure)
    for repayment in exposure.repayments:
        for wrong, instead in _repayment_mistakes(exposure, repayment):
            sheet.error(repayment, "on" if repayment.on is not None else "at", wrong=wrong, instead=instead)
    for move in exposure.margin:
        if move.at > exposure.as_of:
            sheet.error(move, "at", wrong=_later(exposure), instead="confirm it by a later as_of, or delete it")
    if all(p.severity == "warning" for p in sheet.clerk.problems[before:]):
        _check_figures(sheet, exposure, now)


def _check_form(sheet: Sheet[ContractFile], exposure: ExposurePart) -> None:
    if "drawings" not in exposure.node.entries:
        for key in exposure.written(MOVED):
            sheet.error(exposure, key, wrong="belongs to movements", instead="write drawings: as well, or delete it")
        return
    for key in exposure.written(STATED):
        wrong = "stands beside drawings, from which it follows"
        sheet.error(exposure, key, wrong=wrong, instead="delete it, or delete the movements")
    if not exposure.drawings and "exposure" not in sheet.broken:
        sheet.error(exposure, "drawings", wrong="names no drawing", instead="write one '- …' line for each drawing")
    if sorted(exposure.allocation) != sorted(USUAL):
        wrong = "does not name each of fees, interest, principal once"
        sheet.error(exposure, "allocation", wrong=wrong, instead=f"write [{', '.join(USUAL)}] in the contract's order")


def _check_drawing(sheet: Sheet[ContractFile], drawing: DrawingPart, exposure: ExposurePart) -> None:
    said = day_of(exposure.as_of)
    if drawing.matures_on <= drawing.drawn_on:
        wrong = f"{drawing.matures_on} is not after drawn_on {drawing.drawn_on}"
        sheet.error(drawing, "matures_on", wrong=wrong, instead="exchange the two, or correct the year")
    if drawing.drawn_on > said:
        sheet.error(drawing, "drawn_on", wrong=_later(exposure), instead="confirm it by a later as_of, or delete it")
    since = drawing.interest_from
    if since is not None and not drawing.drawn_on <= since <= max(said, drawing.drawn_on):
        wrong = f"{since} is not from drawn_on {drawing.drawn_on} to as_of {said}"
        sheet.error(drawing, "interest_from", wrong=wrong, instead="write the day up to which interest is paid")
    if drawing.interest_before and since is None:
        wrong = "has no day to which it was counted"
        sheet.error(drawing, "interest_before", wrong=wrong, instead="write interest_from: with that day as well")
    if drawing.overdue_rate is not None and drawing.overdue_rate < drawing.rate:
        wrong = f"{drawing.overdue_rate} is below the rate {drawing.rate}"
        sheet.error(
            drawing, "overdue_rate", wrong=wrong, instead="write the whole rate past maturity, not the surcharge"
        )
    ends = sheet.part.matures_on
    if ends is not None and drawing.matures_on > ends:
        wrong = f"{drawing.matures_on} is after the contract's maturity {ends}"
        sheet.warn(drawing, "matures_on", wrong=wrong, instead="correct one of the two dates")


def _repayment_mistakes(exposure: ExposurePart, repayment: RepaymentPart) -> Told:
    moment = repayment.moment
    if moment is None or (repayment.on is not None and repayment.at is not None):
        yield "needs one of on: and at:", "write on: with a day, or at: with a time"
        return
    if moment > exposure.as_of:
        yield _later(exposure), "confirm it by a later as_of, or delete it"
    meant = [d for d in exposure.drawings if repayment.drawing in (None, d.id)]
    if not meant:
        yield f"pays drawing {repayment.drawing!r}, which is unknown", _known(exposure)
    elif moment < dawn(min(d.drawn_on for d in meant)):
        yield f"lies before {meant[0].id!r} was drawn", "correct the day, or the drawing's drawn_on"
    for drawing in meant:
        since = drawing.interest_from
        if since is not None and dawn(drawing.drawn_on) <= moment < dawn(since):
            yield (
                f"lies before interest_from {since} of {drawing.id!r}",
                "delete it: what was left then is stated there",
            )


def _check_figures(sheet: Sheet[ContractFile], exposure: ExposurePart, now: datetime) -> None:
    loan = build_loan(exposure)
    standing = account(loan, now)
    surplus = {(a.repayment.at, a.repayment.drawing, a.repayment.amount): a for a in standing.allotments if a.surplus}
    for repayment in exposure.repayments:
        allotment: Allotment | None = surplus.get((repayment.moment or now, repayment.drawing, repayment.amount))
        if allotment is not None:
            wrong = f"pays {allotment.surplus} CNY more than was owed"
            sheet.error(repayment, "amount", wrong=wrong, instead="write what was owed; what is kept goes under margin")
    _check_margin(sheet, exposure)
    _check_limit(sheet, exposure)
    for owed in standing.owed:
        if owed.principal and owed.drawing.matures_on < day_of(now):
            part = next(d for d in exposure.drawings if d.id == owed.drawing.id)
            wrong = f"matured on {part.matures_on} with {owed.principal} CNY of principal left"
            sheet.warn(part, "matures_on", wrong=wrong, instead="add the repayment, or the date of an extension")


def _check_margin(sheet: Sheet[ContractFile], exposure: ExposurePart) -> None:
    held = ZERO
    for move in sorted(exposure.margin, key=lambda m: m.at):
        held += move.amount
        if held < 0:
            wrong = f"gives back {-held} CNY more than was held"
            sheet.error(move, "amount", wrong=wrong, instead="add what was paid in before, or correct the amount")
            return


def _check_limit(sheet: Sheet[ContractFile], exposure: ExposurePart) -> None:
    """The limit is one of what is outstanding: a revolving facility may draw again what was repaid."""
    loan = build_loan(exposure)
    limit = loan.facility_limit
    days: set[date] = {d.drawn_on for d in exposure.drawings}
    peak = max(account(loan, dawn(day)).principal for day in days)
    if limit is not None and peak > limit:
        wrong = f"{limit} is below the {peak} CNY that were outstanding"
        sheet.warn(exposure, "facility_limit", wrong=wrong, instead="correct the limit, or the drawings")


def _later(exposure: ExposurePart) -> str:
    return f"lies after as_of {exposure.as_of.isoformat()}, until which movements are confirmed"


def _known(exposure: ExposurePart) -> str:
    return f"one of {', '.join(d.id for d in exposure.drawings)}, or delete the key"
