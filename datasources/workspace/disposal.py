"""``disposal:`` of a contract: in which order and at what loss its goods would be sold."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator
from pydantic import Field as Needs

from datasources.workspace.number import money, ratio, real, whole
from datasources.workspace.part import Part
from datasources.workspace.word import Label
from domain.sale import Plan, SaleTerms

Haircut = Annotated[Decimal, ratio()]
PerTonne = Annotated[Decimal, BeforeValidator(money)]
PerDay = Annotated[float, real(low=0, high=1e7, above=0, unit="t")]
Days = Annotated[int, whole(low=0, high=3650)]


class SalePart(Part):
    """How one good sells in haste; a key that is left out is the part's usual one."""

    code: Label = Needs(description="a good of this contract")
    haircut: Haircut | None = None
    cost_cny_t: PerTonne | None = None
    t_per_day: PerDay | None = None
    lead_days: Days | None = None


class DisposalPart(Part):
    """处置: the usual terms, the goods with terms of their own, and what is sold first."""

    order: tuple[Label, ...] = ()
    haircut: Haircut = Decimal(0)
    cost_cny_t: PerTonne = Decimal("0.00")
    t_per_day: PerDay | None = None
    lead_days: Days = 0
    goods: tuple[SalePart, ...] = ()


def build_disposal(part: DisposalPart | None) -> Plan:
    """The domain's plan; without the part, everything sells at the market price, at no cost, at once."""
    if part is None:
        return Plan()
    usual = SaleTerms(
        haircut=part.haircut,
        cost_cny_t=part.cost_cny_t,
        t_per_day=_tonnes(part.t_per_day),
        lead_days=part.lead_days,
    )
    return Plan(order=tuple(part.order), terms={g.code: _terms(g, usual) for g in part.goods}, usual=usual)


def _terms(part: SalePart, usual: SaleTerms) -> SaleTerms:
    return SaleTerms(
        haircut=part.haircut if part.haircut is not None else usual.haircut,
        cost_cny_t=part.cost_cny_t if part.cost_cny_t is not None else usual.cost_cny_t,
        t_per_day=_tonnes(part.t_per_day) if part.t_per_day is not None else usual.t_per_day,
        lead_days=part.lead_days if part.lead_days is not None else usual.lead_days,
    )


def _tonnes(t: float | None) -> Decimal | None:
    return Decimal(str(t)) if t is not None else None
