"""Checks of ``buyback:``: the promise must come from somebody else, be worth what is lent on, and reach somebody."""

from collections.abc import Mapping

from datasources.workspace.buyback import BuybackPart
from datasources.workspace.contracts import ContractFile, DutyPart
from datasources.workspace.part import Sheet
from datasources.workspace.problem import suggestion

ACT = "buy_back"


def check_buyback(sheet: Sheet[ContractFile], orgs: set[str] | None, org_of: Mapping[str, str]) -> None:
    """One contract. orgs: declared organisations, None if people.yaml could not be read. org_of: by sound person."""
    part = sheet.part.buyback
    asked = [duty for rule in sheet.part.duties for duty in rule.tell if duty.act == ACT]
    if part is None:
        for duty in asked if "buyback" not in sheet.broken else ():
            wrong = "the contract names no buyback"
            sheet.error(
                duty, "act", wrong=wrong, instead="add 'buyback: {party: …, price_ratio: 0.95}', or another act"
            )
        return
    _check_party(sheet, part, orgs)
    _check_price(sheet, part)
    _check_asked(sheet, part, asked, org_of)


def _check_party(sheet: Sheet[ContractFile], part: BuybackPart, orgs: set[str] | None) -> None:
    contract = sheet.part
    if orgs is not None and part.party not in orgs:
        remedy = suggestion(part.party, orgs, add="add it to people.yaml")
        sheet.error(part, "party", wrong=f"organisation {part.party!r} is unknown", instead=remedy)
    elif part.party == contract.lender:
        sheet.error(part, "party", wrong="is the lender itself", instead="write who buys the goods back")
    elif part.party == contract.borrower:
        wrong = "is the borrower: when it cannot pay the loan it cannot buy the goods back either"
        sheet.warn(part, "party", wrong=wrong, instead="name another party, or delete the block")
    elif part.party in contract.depots and contract.supervisor is None:
        wrong = "keeps the goods as well: where goods are missing, the promise to buy them fails with the custody"
        sheet.warn(part, "party", wrong=wrong, instead="name a supervisor: …, who controls the tanks for the lender")


def _check_price(sheet: Sheet[ContractFile], part: BuybackPart) -> None:
    for good in sheet.part.goods:
        if 1 - good.haircut > part.price_ratio:
            wrong = f"{good.code} counts for {1 - good.haircut} of its price, the buyback pays {part.price_ratio}"
            sheet.warn(good, "haircut", wrong=wrong, instead=f"write a haircut of at least {1 - part.price_ratio}")


def _check_asked(
    sheet: Sheet[ContractFile], part: BuybackPart, asked: list[DutyPart], org_of: Mapping[str, str]
) -> None:
    if not asked and "duties" not in sheet.broken:
        wrong = f"nobody of {part.party!r} is ever asked to buy back"
        instead = f"give somebody of {part.party!r} 'act: {ACT}' where value_below_line is red"
        sheet.warn(part, "party", wrong=wrong, instead=instead)
    for duty in asked:
        org = org_of.get(duty.person)
        if org is not None and org != part.party:
            wrong = f"{duty.person!r} is of {org!r}; {part.party!r} buys back"
            sheet.error(duty, "person", wrong=wrong, instead=f"name somebody of {part.party!r}")
