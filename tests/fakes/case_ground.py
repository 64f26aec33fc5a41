"""Terms of release for contract A of ``house_ground``, and the depot's work orders under a registered notice."""

from datetime import datetime

from domain.movement import Direction, WorkOrder
from tests.fakes.house_ground import Edits

RELEASE = """release:
  rule: payment_first
  notice: registered
  redeem_ratio: 0.80
  validity_hours: 48
  swap: {value_ratio: 1.00}
  steps:
    - {step: payment, tell: [{person: wang, chat: a_bank, ack_minutes: 120, escalate_to: [chen]}]}
    - {step: sign, tell: [{person: wang, chat: a_bank, ack_minutes: 120, escalate_to: [chen]}]}
    - {step: countersign, tell: [{person: chen, chat: a_bank, ack_minutes: 60}]}
    - {step: verify, site: north, tell: [{person: li, chat: a_group, ack_minutes: 60, escalate_to: [zhou]}]}
    - {step: verify, site: south, tell: [{person: gao, chat: a_group, ack_minutes: 60}]}
    - {step: lift, tell: [{person: zhao, chat: a_group}]}
    - {step: bring, tell: [{person: zhao, chat: a_group}]}
    - {step: accept, tell: [{person: wang, chat: a_bank, ack_minutes: 120}]}
"""
RELEASING: Edits = {"contracts/a.yaml": [("duties:\n", f"{RELEASE}duties:\n")]}
"""Contract A with these terms."""


def order(
    tank: str,
    direction: Direction,
    *,
    kg: int,
    done_kg: int,
    at: datetime,
    closed_at: datetime | None = None,
    notice: str | None = None,
    no: str = "W-1",
) -> WorkOrder:
    """A work order of the depot; planned for kg."""
    site, good = ("south", "DIESEL0") if tank == "S-1" else ("north", "METHANOL" if tank == "T-1" else "DIESEL0")
    return WorkOrder(
        no=no, site_id=site, tank_id=tank, direction=direction, good=good, planned_kg=kg, done_kg=done_kg,
        opened_at=at, closed_at=closed_at, release_no=notice,
    )  # fmt: skip
