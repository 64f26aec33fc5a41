"""What the template of a proposal's card is given. Makes no sentence: that is ``bot/messages``."""

from datetime import datetime
from decimal import Decimal

from domain.event import Json
from domain.money import ZERO
from domain.proposal import Proposal


def proposal_card(proposal: Proposal, now: datetime) -> Json:
    """The context of a card as the proposal stands at ``now``. over: how much more it is than its case still lacked."""
    return {
        "id": proposal.id,
        "contract": proposal.contract_id,
        "kind": proposal.kind.value,
        "body": proposal.body,
        "over": _over(proposal),
        "standing": proposal.standing(now).value,
        "by": proposal.by,
        "made_at": proposal.at,
        "expires_at": proposal.expires_at,
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at,
    }


def _over(proposal: Proposal) -> str | None:
    if proposal.case_id is None:
        return None
    over = Decimal(proposal.body["amount"]) - Decimal(proposal.body["unpaid"])
    return str(over) if over > ZERO else None
