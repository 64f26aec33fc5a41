"""A test's series as what a stage is fed with: prices that are published, tanks that hold so much, a debt that changes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.command.replaying.sources import HeldSource
from bot.command.replaying.stage import Stage
from datasources.workspace.cases import Case
from domain.contract import Contract
from domain.price import PriceQuote

PROVIDER = "test"


def published(case: Case, contract: Contract) -> list[PriceQuote]:
    """Every value of the price series as a publication of its moment, in the order of time."""
    good_of = {g.price.ref: code for code, g in contract.goods.items()}
    quotes = [
        PriceQuote(
            ref=ref,
            good=good_of[ref],
            provider=PROVIDER,
            region="",
            basis="",
            currency="CNY",
            price=price,
            published_at=at,
            received_at=at,
            source_id=case.file,
        )
        for ref, steps in case.prices.items()
        for at, price in _dated(case, steps)
        if price is not None
    ]
    return sorted(quotes, key=lambda q: q.received_at)


def _dated(case: Case, steps: Iterable[Decimal | None]) -> Iterator[tuple[datetime, Decimal | None]]:
    return ((case.start + n * case.interval, value) for n, value in enumerate(steps))


class CaseSource:
    """Feeds the masses and the debt of a test; after its last value a series stays as it is."""

    def __init__(self, case: Case, contract: Contract, held: HeldSource) -> None:
        """held: begins with no tank; the test's first values come with the first moment."""
        self._case = case
        self._contract = contract
        self._held = held
        self._owed: Decimal | None = None

    def bring(self, stage: Stage, at: datetime) -> bool:
        """What the series say at this moment. '_' in a mass: the gauge is silent."""
        n = (at - self._case.start) // self._case.interval
        masses = {tank: steps[min(n, len(steps) - 1)] for tank, steps in self._case.mass_t.items()}
        self._held.tonnes = {tank: float(t) for tank, t in masses.items() if t is not None}
        owed = self._debt(n)
        more = owed is not None and owed != self._owed
        if owed is not None and more:
            self._owed = owed
            stage.contract(owing(self._contract, owed, at))
        return self._held.bring(stage, at) or more

    def _debt(self, n: int) -> Decimal | None:
        """The newest value that was said by then."""
        said = [v for v in self._case.exposure[: n + 1] if v is not None]
        return said[-1] if said else None


def owing(contract: Contract, amount: Decimal, at: datetime) -> Contract:
    """The contract with so much owed in all, as the lender stated at this moment."""
    zero = Decimal("0.00")
    exposure = replace(
        contract.exposure, principal=amount, accrued_interest=zero, fees_due=zero, cash_margin=zero, as_of=at, loan=None
    )
    return replace(contract, exposure=exposure)
