"""Checks of what a contract counts only in part or not at all, and of how it would be sold: its own goods and tanks."""

from decimal import Decimal

from datasources.workspace.contracts import ContractFile
from datasources.workspace.part import Sheet
from datasources.workspace.problem import suggestion


def check_eligibility(sheet: Sheet[ContractFile]) -> None:
    """A semi-finished good has its haircut, and a tank that is taken out is one of the contract's, once."""
    _check_wip(sheet)
    _check_ineligible(sheet)


def _check_wip(sheet: Sheet[ContractFile]) -> None:
    more, goods = sheet.part.wip_haircut, [g for g in sheet.part.goods if g.wip]
    for good in goods:
        if more is None and "wip_haircut" not in sheet.broken:
            wrong = f"good {good.code!r} is semi-finished, but the contract names no wip_haircut"
            sheet.error(good, "wip", wrong=wrong, instead="add 'wip_haircut: 0.10' to the contract, or delete the line")
        elif more is not None and good.haircut + more > 1:
            wrong = f"haircut {good.haircut} and wip_haircut {more} together are above 1"
            sheet.error(good, "haircut", wrong=wrong, instead=f"write at most {Decimal(1) - more}")
    if more is not None and not goods and "goods" not in sheet.broken:
        wrong = "no good of this contract is semi-finished"
        sheet.warn(sheet.part, "wip_haircut", wrong=wrong, instead="write wip: true with the goods that are")


def _check_ineligible(sheet: Sheet[ContractFile]) -> None:
    mine, seen = set(sheet.part.tank_ids), set[str]()
    for part in sheet.part.ineligible:
        if part.tank not in mine and "pledged" not in sheet.broken:
            wrong = f"tank {part.tank!r} is not pledged to this contract"
            sheet.error(part, "tank", wrong=wrong, instead=suggestion(part.tank, mine, add="delete the entry"))
        if part.tank in seen:
            sheet.error(part, "tank", wrong=f"tank {part.tank!r} is there twice", instead="delete one of the two")
        seen.add(part.tank)


def check_disposal(sheet: Sheet[ContractFile]) -> None:
    """What is sold is a good of the contract, and is there once."""
    part = sheet.part.disposal
    if part is None:
        return
    mine = sheet.declared("goods", "code")
    for i, code in enumerate(part.order):
        if code not in mine:
            wrong = f"good {code!r} is none that this contract accepts"
            sheet.error(part, "order", i, wrong=wrong, instead=suggestion(code, mine, add="delete it"))
        elif code in part.order[:i]:
            sheet.error(part, "order", i, wrong=f"{code!r} is there twice", instead="delete one of the two")
    seen: set[str] = set()
    for good in part.goods:
        if good.code not in mine:
            wrong = f"good {good.code!r} is none that this contract accepts"
            sheet.error(good, "code", wrong=wrong, instead=suggestion(good.code, mine, add="delete the entry"))
        if good.code in seen:
            sheet.error(good, "code", wrong=f"good {good.code!r} is there twice", instead="delete one of the two")
        seen.add(good.code)
