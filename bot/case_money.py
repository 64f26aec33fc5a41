"""Money for a case: proposed by one person of the lender, and the case's step once another has confirmed it.

Everything here goes into the commit that opens or decides the proposal (``proposals.py``), so that the exposure, the
case and its cards never disagree. Knows no words and no buttons.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.case_outcome import CaseValues
from bot.casework import Casework
from bot.compose import Composer
from bot.house import House
from bot.judging import Decision
from bot.proposal_command import Wanted
from domain.case import acts
from domain.case.case import Case
from domain.case.check import ask_of
from domain.case.notice import restated
from domain.errors import CaseError
from domain.event import Json, parse_stamp, stamp
from domain.money import ZERO
from domain.proposal import Proposal, ProposalKind, Standing
from domain.scene import Scene


class CaseMoney:
    """What proposals of money do to the cases that they are for."""

    def __init__(self, house: House, casework: Casework, composer: Composer) -> None:
        self._house = house
        self._casework = casework
        self._composer = composer

    def wanted(self, case: Case, values: CaseValues, by: str, now: datetime) -> Wanted:
        """The proposal of this money, all that is unpaid unless it is named. Raises CaseError where it cannot be now."""
        amount = case.unpaid_cny if values.amount is None else values.amount
        contract, index = self._house.workspace.contracts[case.contract_id], self._house.workspace.index
        acts.paid(case, contract, index, amount=amount, check=case.check, by=by, now=now)
        if self._casework.confirming(case, Decision(), now) is not None:
            raise CaseError(f"{case.id}: money for it waits for a second person", code="proposed")
        body: Json = {
            "amount": str(amount),
            "kind": values.payment.value,
            "at": stamp(now),
            "case": case.id,
            "unpaid": str(case.unpaid_cny),
        }
        return Wanted(kind=ProposalKind.PAYMENT, contract_id=case.contract_id, body=body)

    def follow(self, decision: Decision, proposal: Proposal, now: datetime) -> None:
        """Add what the proposal, as this decision leaves it, does to its case. Raises CaseError if it cannot be any more.

        One that is open, withdrawn or expired changes nothing but what the lender's own cards say.
        """
        case = self._house.cases.get((proposal.tenant, proposal.case_id)) if proposal.case_id is not None else None
        if case is None:
            return
        if proposal.standing(now) is Standing.CONFIRMED:
            if decision.said:  # a later press decides nothing, so it pays nothing
                self._pay(decision, proposal, case, now)
            return
        workspace = self._house.workspace
        for notice in restated(proposal, case, workspace.contracts[case.contract_id], workspace.roster, now=now):
            decision.debts.extend(self._composer.case_debts(notice, now))

    def _pay(self, decision: Decision, proposal: Proposal, case: Case, now: datetime) -> None:
        scene = self._house.scene(self._house.workspace.contracts[case.contract_id], now)
        assert proposal.decided_by is not None, f"{proposal.id}: confirmed by nobody"
        amount = Decimal(proposal.body["amount"])
        events = acts.paid(
            case,
            scene.contract,
            scene.stock.index,
            amount=amount,
            check=self._check(scene, case, amount, parse_stamp(proposal.body["at"])),
            by=proposal.decided_by,
            now=now,
        )
        self._casework.add(decision, case, events, scene.contract)

    def _check(self, scene: Scene, case: Case, amount: Decimal, at: datetime) -> Json:
        """The figures with this money: balances stated since it came hold it already."""
        ask = ask_of(case, paying=amount)
        stated = scene.contract.exposure.as_of >= at
        return self._casework.checked(scene, replace(ask, paying=ZERO) if stated else ask)
