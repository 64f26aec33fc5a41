"""``storage_fee:`` and ``cure_methods:`` of a contract: told to whoever asks, and held against nothing."""

from typing import Annotated

from pydantic import Field as Needs

from datasources.workspace.part import Part
from datasources.workspace.word import Day, names_of, one_of
from domain.other_terms import CureMethod, FeeBearer, StorageFee

Method = Annotated[CureMethod, one_of(names_of(CureMethod))]


class StorageFeePart(Part):
    """仓储费: who pays it, and until when it is paid."""

    bearer: Annotated[FeeBearer, one_of(names_of(FeeBearer))] = Needs(description=f"one of {', '.join(FeeBearer)}")
    paid_until: Day | None = None


def build_storage_fee(part: StorageFeePart | None) -> StorageFee | None:
    """The domain's term; None where the file says nothing of it."""
    return StorageFee(bearer=part.bearer, paid_until=part.paid_until) if part is not None else None
