"""What was recorded beside the series' readings, brought to the stage moment by moment, in the order in which it counted.

The people of then act here as they did: their answers go to the alarms that the replay has raised.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.closing import accept
from bot.command.replaying.facts import JUDGED, SAID, Fact, Facts
from bot.command.replaying.stage import Stage
from bot.command.replaying.titles import Titles
from bot.pricing import replay as judged_before
from bot.receipts import Receipts
from domain.contract import AlertKind, Contract
from domain.event import parse_stamp
from domain.statement import STATED

ANSWER_WAITS = timedelta(hours=2)
"""An answer finds its alarm later than it did then, where a replay looks less often; after so long it is given up."""
TURNS = ("as_of", "at", "effective_from", "until")
"""Fields of what was said that name a moment at which it begins or ceases to count."""


class Records:
    """The facts and titles of one contract's replay."""

    def __init__(self, stage: Stage, contract: Contract, facts: Facts, titles: Titles) -> None:
        """Puts the stage to where the beginning was."""
        self._stage = stage
        self._contract = contract
        self._titles = titles
        self.facts = facts
        self.unanswered = 0
        self._coming = deque(facts.coming)
        self._waiting: list[Fact] = []
        self._moments = deque(sorted({*titles.moments, *(m for f in facts.every() for m in self._turns(f))}))
        self._begin()

    @property
    def moments(self) -> list[datetime]:
        """When something begins to count, rising; those before the beginning too."""
        return list(self._moments)

    def following(self) -> datetime | None:
        """The next of them."""
        return self._moments[0] if self._moments else None

    async def bring(self, moment: datetime) -> bool:
        """All that counts by now; whether there was anything. People's answers go to alarms that stand."""
        while self._moments and self._moments[0] <= moment:
            self._moments.popleft()
        changed = self._titles.bring(self._stage, moment)
        while self._coming and self._coming[0].at <= moment:
            fact = self._coming.popleft()
            changed = True
            if fact.about is None:
                self._stage.recorded([fact.event])
            elif not await self._stage.answered(self._contract.id, fact.about, fact.event):
                self._waiting.append(fact)
        return changed

    async def answer(self, moment: datetime) -> None:
        """After a judgement: answers whose alarm has only now been raised."""
        waiting, self._waiting = self._waiting, []
        for fact in waiting:
            assert fact.about is not None, "only answers wait"
            if await self._stage.answered(self._contract.id, fact.about, fact.event):
                continue
            if moment - fact.at < ANSWER_WAITS:
                self._waiting.append(fact)
            else:
                self.unanswered += 1

    def lost(self) -> int:
        """Answers for which the replay has raised no alarm."""
        return self.unanswered + len(self._waiting)

    def _begin(self) -> None:
        house, facts = self._stage.house, self.facts
        known = {c.id: self._unchained(c) for c in house.workspace.contracts.values()}
        house.receipts = Receipts.of(replace(house.workspace, contracts=known))
        judged_before(house, facts.verdicts)
        self._stage.recorded([f.event for f in facts.before if f.about is None and f.event.kind != JUDGED])
        for fact in facts.before:
            if fact.about is not None and fact.about[0] is AlertKind.LIFT and fact.event.kind == "alarm.closed":
                accept(house, self._contract.id, *fact.about, fact.event.occurred_at)

    def _unchained(self, contract: Contract) -> Contract:
        """With those receipts only that the chain has never heard of: the others are in pledge when it says so."""
        if contract.receipts is None:
            return contract
        mine = (r for r in contract.receipts if (contract.lender, r.no) not in self.facts.chained)
        return replace(contract, receipts=tuple(mine))

    def _turns(self, fact: Fact) -> Iterator[datetime]:
        """When it counts, and when what it says begins or ends."""
        yield fact.at
        if fact.event.kind in SAID:
            yield from (parse_stamp(fact.event.body[name]) for name in TURNS if fact.event.body.get(name))
        if fact.event.kind == STATED:
            yield self._contract.exposure.as_of
