"""Checks of receipts against the contract's own tanks and against the receipts of all other contracts."""

from collections.abc import Mapping
from dataclasses import dataclass

from datasources.workspace.contracts import ContractFile
from datasources.workspace.part import Sheet
from datasources.workspace.pledge import Ground
from datasources.workspace.problem import suggestion
from datasources.workspace.receipts import ReceiptPart


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """Where a number was written first."""

    sheet: Sheet[ContractFile]
    line: int


def check_receipts(sheets: list[Sheet[ContractFile]], ground: Ground, room_kg: Mapping[str, float]) -> None:
    """Every receipt of every contract. room_kg: what each sound tank can hold."""
    numbers: dict[tuple[str, str], _Written] = {}
    for sheet in sheets:
        if sheet.part.receipts is None:
            _check_needless(sheet)
            continue
        owners = {tank: p.owner for p in sheet.part.pledged for tank in p.tanks}
        kg: dict[str, int] = {}
        for receipt in sheet.part.receipts:
            _check_number(sheet, receipt, ground, numbers)
            _check_dates(sheet, receipt)
            if _check_form(sheet, receipt) and _check_tanks(sheet, receipt, owners, ground):
                for tank, mass in receipt.by_tank.items():
                    kg[tank] = kg.get(tank, 0) + mass
                    _check_room(sheet, receipt, tank, kg[tank], room_kg)


def _check_needless(sheet: Sheet[ContractFile]) -> None:
    if "receipt_notice_days" in sheet.part.node.entries and "receipts" not in sheet.broken:
        wrong = "no receipts are pledged under this contract"
        sheet.warn(sheet.part, "receipt_notice_days", wrong=wrong, instead="delete the line, or write receipts:")


def _check_form(sheet: Sheet[ContractFile], receipt: ReceiptPart) -> bool:
    single = receipt.tank is not None and receipt.kg is not None
    half = (receipt.tank is None) != (receipt.kg is None)
    if half or single == bool(receipt.parts):
        wrong = "says in no one way where how much lies"
        sheet.error(receipt, wrong=wrong, instead="write tank: and kg:, or parts: {T-104: 500000, T-105: 300000}")
        return False
    return True


def _check_number(
    sheet: Sheet[ContractFile],
    receipt: ReceiptPart,
    ground: Ground,
    numbers: dict[tuple[str, str], _Written],
) -> None:
    """A number is one receipt of its issuer: twice with one lender is a slip, with two lenders it may be a fraud."""
    issuer = receipt.issuer or next((d for t in receipt.by_tank if (d := _depot(t, ground)) is not None), "")
    first = numbers.setdefault((issuer, receipt.no), _Written(sheet=sheet, line=receipt.node.line))
    mine = [r for r in sheet.part.receipts or () if r.no == receipt.no]
    if mine[0] is not receipt:
        wrong = f"receipt {receipt.no!r} is there already, in line {mine[0].node.line}"
        sheet.error(receipt, "no", wrong=wrong, instead="delete one of the two, or correct the number")
    elif first.sheet is not sheet and first.sheet.part.lender == sheet.part.lender:
        wrong = f"receipt {receipt.no!r} is pledged already, to contract {first.sheet.part.id}"
        sheet.error(receipt, "no", wrong=wrong, instead=f"take it out here or in {first.sheet.file}")
    elif first.sheet is not sheet:
        wrong = f"receipt {receipt.no!r} is pledged to another lender too, in {first.sheet.file} (疑似一货多押)"
        sheet.warn(receipt, "no", wrong=wrong, instead="ask the depot which is right; both lenders will be alerted")


def _check_dates(sheet: Sheet[ContractFile], receipt: ReceiptPart) -> None:
    end, begins = receipt.expires_on, sheet.part.effective_from
    if end is not None and end <= receipt.issued_on:
        wrong = f"{end} is not after issued_on {receipt.issued_on}"
        sheet.error(receipt, "expires_on", wrong=wrong, instead="exchange the two, or correct the year")
    elif end is not None and begins is not None and end < begins:
        wrong = f"{end} lies before the contract begins on {begins}: it could not be pledged"
        sheet.error(receipt, "expires_on", wrong=wrong, instead="write the end as extended, or take the receipt out")


def _check_tanks(sheet: Sheet[ContractFile], receipt: ReceiptPart, owners: Mapping[str, str], ground: Ground) -> bool:
    keys = ("tank",) if receipt.tank is not None else ("parts",)
    sound = True
    for tank in receipt.by_tank:
        good = ground.good_of.get(tank)
        if tank not in owners:
            if "pledged" in sheet.broken:
                return False
            wrong = f"tank {tank!r} of receipt {receipt.no!r} is not pledged under this contract"
            sheet.error(receipt, *keys, wrong=wrong, instead=suggestion(tank, owners, add="add it under pledged"))
            sound = False
        elif good is not None and good != receipt.good:
            wrong = f"tank {tank!r} holds {good!r}, receipt {receipt.no!r} says {receipt.good!r}"
            sheet.error(receipt, "good", wrong=wrong, instead=f"write {good}, or correct the tank")
            sound = False
    return sound and _check_one(sheet, receipt, owners, ground)


def _check_one(sheet: Sheet[ContractFile], receipt: ReceiptPart, owners: Mapping[str, str], ground: Ground) -> bool:
    """One receipt is one owner's and one depot's."""
    if len({owners[t] for t in receipt.by_tank}) > 1:
        wrong = f"the tanks of receipt {receipt.no!r} are pledged for different owners"
        sheet.error(receipt, "parts", wrong=wrong, instead="write one receipt per owner")
        return False
    depots = {d for t in receipt.by_tank if (d := _depot(t, ground)) is not None}
    if len(depots) > 1 and receipt.issuer is None:
        wrong = f"the tanks of receipt {receipt.no!r} stand with different depots: {', '.join(sorted(depots))}"
        sheet.error(receipt, "parts", wrong=wrong, instead="write issuer: with the one that issued it")
    return True


def _check_room(
    sheet: Sheet[ContractFile], receipt: ReceiptPart, tank: str, kg: int, room_kg: Mapping[str, float]
) -> None:
    room = room_kg.get(tank)
    if room is not None and kg > room:
        wrong = f"receipts of {kg} kg in tank {tank!r}, which holds {round(room)} kg at most"
        sheet.error(receipt, wrong=wrong, instead="correct the kg (not tonnes), or the tank")


def _depot(tank: str, ground: Ground) -> str | None:
    site = ground.site_of.get(tank)
    return ground.depot_of.get(site) if site is not None else None
