# ruff: noqa: ARG002 - the signatures are the live ones
"""A stage on which people also work cases: the live casework beside the live judging, after every judgement."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.case_money import CaseMoney
from bot.casework import CaseValues, Casework
from bot.command.replaying.course import Moments, Replay
from bot.command.replaying.scratch import NoticeTaker
from bot.command.replaying.sources import Source
from bot.command.replaying.stage import Stage
from bot.command.testing.requests import Requests
from bot.judging import Decision
from bot.naming import WorkspaceNames
from bot.words import Words
from datasources.workspace import Workspace
from domain.case.case import Case
from domain.case.notice import CaseNotice
from domain.contract import Contract
from domain.delivery import Debt
from domain.people import Chat, Person
from domain.price import PriceQuote
from domain.proposal import confirmed, fold, opened


class Office(Stage):
    """The stage with its casework, which decides too at every judgement."""

    def __init__(self, workspace: Workspace, start: datetime) -> None:
        """Nothing is read, priced or filed at ``start``."""
        super().__init__(workspace, start)
        words = Words(WorkspaceNames(workspace))
        composer = _Silent(words, workspace.roster)
        self.casework = Casework(self._judging, composer, self._clock)
        self._money = CaseMoney(self.house, self.casework, composer)

    async def paid(self, case: Case, values: CaseValues, people: tuple[Person, Person], chat: Chat) -> None:
        """Money for a case that the first of these people proposes and the second confirms. Raises CaseError."""
        first, second = people

        def decide(decision: Decision, now: datetime) -> None:
            wanted = self._money.wanted(case, values, first.id, now)
            said = opened(
                number=f"PR-{case.id}-{case.revision}", tenant=case.tenant, contract_id=case.contract_id,
                kind=wanted.kind, body=wanted.body, by=first.id, chat=chat.id, now=now,
            )  # fmt: skip
            (proposal,) = fold({}, [said]).values()
            decision.said = [said, *confirmed(proposal, second.id, now=now)]
            decision.events = list(decision.said)
            (after,) = fold({}, decision.said).values()
            self._money.follow(decision, after, now)

        await self._judging.settle(decide)


class _Silent(NoticeTaker):
    """Composes nothing of cases either."""

    def case_debts(self, owed: CaseNotice, now: datetime) -> list[Debt]:
        """No debt: nobody is written to."""
        return []


class Lived(Replay):
    """A replay in which people act on what they have just seen: after the judgement of each moment."""

    def __init__(
        self,
        stage: Office,
        contract: Contract,
        source: Source,
        requests: Requests,
        *,
        confirm_after: timedelta | None = None,
    ) -> None:
        """requests: what people ask for and do in its course."""
        super().__init__(stage, contract, source, confirm_after=confirm_after)
        self._requests = requests

    async def live(self, moment: datetime, quotes: Sequence[PriceQuote], moments: Moments) -> None:
        """One moment, then the requests that are due by it."""
        await super().live(moment, quotes, moments)
        await self._requests.step(moment)
