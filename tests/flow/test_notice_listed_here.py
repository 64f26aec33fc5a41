"""The depot's list of release notices, as a chat may know it: of a shared tank only the pledge's own."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.view import ChatView
from domain.movement import ReleaseNotice
from tests.fakes.house_stage import NOW, HouseStage

OWN = ReleaseNotice(
    no="TH-0231", owner="hengyun", site_id="north", tank_id="T-2", good="METHANOL", mass_kg=9_000,
    issued_at=NOW, valid_until=NOW + timedelta(hours=30), sealed=True,
)  # fmt: skip


async def test_of_a_shared_tank_another_owners_notice_is_as_unknown_as_none(tmp_path: Path) -> None:
    stage = await HouseStage.calm(tmp_path / "w")
    stage.papers.notices += [OWN, replace(OWN, no="YI-777", owner="haichuan")]
    await stage.paper()
    roster = stage.house.workspace.roster
    view = ChatView(stage.house, roster.people["li"], roster.chats["a_group"], stage.clock.now())
    assert view.papered("A-1", "TH-0231") == OWN
    assert view.papered("A-1", "YI-777") is None
    stage.fall()
