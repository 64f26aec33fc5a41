# ruff: noqa: ARG002 - the signatures are the live ones
"""A stage on which people also work cases: the live casework beside the live judging, after every judgement."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.casework import Casework
from bot.command.replaying.course import Moments, Replay
from bot.command.replaying.scratch import NoticeTaker
from bot.command.replaying.sources import Source
from bot.command.replaying.stage import Stage
from bot.command.testing.requests import Requests
from bot.naming import WorkspaceNames
from bot.words import Words
from datasources.workspace import Workspace
from domain.case.notice import CaseNotice
from domain.contract import Contract
from domain.delivery import Debt
from domain.price import PriceQuote


class Office(Stage):
    """The stage with its casework, which decides too at every judgement."""

    def __init__(self, workspace: Workspace, start: datetime) -> None:
        """Nothing is read, priced or filed at ``start``."""
        super().__init__(workspace, start)
        words = Words(WorkspaceNames(workspace))
        self.casework = Casework(self._judging, _Silent(words, workspace.roster), self._clock)


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
