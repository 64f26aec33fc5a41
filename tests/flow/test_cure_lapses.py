"""A cure period passes in a running bot: one message to the bank, none to the group, and none again after a restart."""

import pytest

from tests.fakes.house_stage import HouseStage, texts

CURE = 'calendar: CN\ncure: {yellow: {working_days: 1, at: "12:00"}, orange: {working_days: 1, at: "12:00"}}\n'
DAY_S = 86_400.0


@pytest.fixture
async def stage(tmp_path):
    edits = {"contracts/a.yaml": [("quantity_rule: physical\n", f"quantity_rule: physical\n{CURE}")]}
    stage = await HouseStage.calm(tmp_path / "workspace", edits=edits)
    yield stage
    stage.fall()


async def test_the_bank_is_told_once(stage):
    await stage.market("0.95")
    (alarm,) = stage.alarms("value_below_line")
    assert alarm.facts["cure"]["by"] == "2026-03-13T04:00:00Z"
    await stage.pass_time(DAY_S - 3 * 3600)
    assert await stage.events("alarm.lapsed") == []
    await stage.pass_time(3600)
    (lapsed,) = await stage.events("alarm.lapsed")
    assert (lapsed.tenant, lapsed.body["alarm"]) == ("bank_a", alarm.id)
    await stage.deliver()
    assert "补足期限 3月13日(周五)12:00 已过" in texts(stage.at("a_bank"))
    assert "期限已过" not in texts(stage.at("a_group"))
    await stage.restart()
    await stage.pass_time(3600)
    assert len(await stage.events("alarm.lapsed")) == 1
