"""Everything that people may do in words: each only proposes, a person of the right role presses."""

from skills import ack, claim, dispute, errands, escalate, promise, shelve, subscription, works
from skills.skill import Skill

ACTS: tuple[Skill, ...] = (
    ack.SKILL,
    dispute.SKILL,
    promise.SKILL,
    claim.SKILL,
    shelve.SKILL,
    escalate.SKILL,
    works.SKILL,
    subscription.SKILL,
    errands.DISPATCH,
    errands.ACCEPT,
    errands.CHECKIN,
    errands.RESULT,
)
