"""``buyback:`` of a contract: who has promised to take the goods back, at which part of the price, and whether it helps."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field as Needs

from datasources.workspace.number import ratio
from datasources.workspace.part import Part
from datasources.workspace.word import Id
from domain.contract import Buyback


class BuybackPart(Part):
    """回购 or 协助处置."""

    party: Id = Needs(description="the organisation that buys the goods back")
    price_ratio: Annotated[Decimal, ratio()] = Needs(description="its price as a part of the contract's, e.g. 0.95")


def build_buyback(part: BuybackPart | None) -> Buyback | None:
    """The domain's terms."""
    return Buyback(org=part.party, price_ratio=part.price_ratio) if part is not None else None
