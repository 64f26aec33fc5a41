"""``receipts`` of a contract: the warehouse receipts (仓单) pledged at signing, each as the depot wrote it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field as Needs

from datasources.workspace.number import whole
from datasources.workspace.part import Part, free_keys
from datasources.workspace.word import Day, Id, Label
from domain.receipt.receipt import Receipt

Kg = Annotated[int, whole(low=1, high=10**12)]


class ReceiptPart(Part):
    """One receipt: its kg in one tank, or ``parts`` over several. Owner and issuer follow from the tank."""

    no: Label = Needs(description="the receipt's number, e.g. CD-0087")
    good: Label = Needs(description="a code of goods.yaml")
    tank: Label | None = None
    kg: Kg | None = None
    parts: Annotated[dict[Label, Kg], free_keys] = Needs(default_factory=dict)
    issuer: Id | None = None
    issued_on: Day = Needs(description="year-month-day of its issue")
    expires_on: Day | None = None

    @property
    def by_tank(self) -> Mapping[str, int]:
        """Kg by tank, however they are written."""
        if self.tank is not None and self.kg is not None:
            return {self.tank: self.kg}
        return self.parts


def build_receipts(
    parts: tuple[ReceiptPart, ...] | None, owners: Mapping[str, str], depots: Mapping[str, str]
) -> tuple[Receipt, ...] | None:
    """The receipts; None where the contract counts all of the owner's cargo. owners, depots: by tank."""
    return None if parts is None else tuple(_receipt(part, owners, depots) for part in parts)


def _receipt(part: ReceiptPart, owners: Mapping[str, str], depots: Mapping[str, str]) -> Receipt:
    first = next(iter(part.by_tank))
    return Receipt(
        no=part.no,
        issuer=part.issuer or depots[first],
        owner=owners[first],
        good=part.good,
        parts=dict(part.by_tank),
        issued_on=part.issued_on,
        expires_on=part.expires_on,
    )
