"""Two people of the lender on the house's stage: one says what money came for a case, another confirms it."""

from bot.tokens import decision_token
from domain.proposal import Proposal
from tests.fakes.house_stage import HouseStage


def newest(stage: HouseStage) -> Proposal:
    """The last proposal of bank A."""
    return list(stage.house.said.proposals["bank_a"].values())[-1]


async def decided(
    stage: HouseStage, by: str = "chen", action: str = "confirm", *, event_id: str | None = None
) -> str | None:
    """A press on the newest proposal's card, whether it was delivered yet or not; the line that tells of it."""
    token = decision_token(newest(stage).id, action)
    before = len(stage.channel.toasts)
    await stage.hear(stage.inbound("press", by, "a_bank", token, event_id=event_id))
    return stage.channel.toasts[-1][1] if len(stage.channel.toasts) > before else None


async def paid(stage: HouseStage, case_id: str, amount: str = "") -> None:
    """王经理 proposes the money (all that is unpaid), 陈工 confirms it."""
    await stage.say("wang", "a_bank", f"/paid {case_id} {amount}".strip())
    said = await decided(stage)
    assert said is not None
    assert "已复核确认" in said
