"""Questions about tanks over a real store: what gauges and papers kept of a day, as one person sees it in one chat."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.answering import Answering
from bot.archive import Archive
from bot.clock import Clock
from datasources.feed import BadRow
from domain.errors import SourceUnavailable
from domain.event import stamp
from domain.movement import Feed, ReleaseNotice, WorkOrder
from skills import alert_why, movement, quality, reconcile, sensor, trend
from skills.skill import Answer, Skill, Status
from skills.understanding.understand import Understood
from tests.fakes.house_sources import HeldPapers, outflow
from tests.fakes.house_stage import NOW, HouseStage

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    """Seventy minutes, a reading each five; from the 25th to the 45th T-1 fell by 100 mm under an order."""
    stage = await HouseStage.start(tmp_path / "w")
    await stage.app.remember_workspace()
    await stage.market("1")
    await stage.paper()
    await stage.read(times=5, every_s=300.0)
    order, notice = outflow("T-1", "north", "METHANOL", 30_000, stage.clock.now())
    stage.papers.orders, stage.papers.notices = [order], [notice]
    await stage.paper()
    for step in range(1, 5):
        await stage.read(every_s=300.0, T_1=2500.0 - 25.0 * step)
    await close(stage, order)
    await stage.read(times=5, every_s=300.0)
    await stage.paper()
    await stage.read()
    await stage.app.keeping.step()
    yield stage
    stage.fall()


async def close(stage: HouseStage, order: WorkOrder) -> None:
    """The depot closes its order, with what the gauge shows."""
    stage.papers.orders = [replace(order, done_kg=fallen(stage), closed_at=stage.clock.now())]
    await stage.paper()


def fallen(stage: HouseStage) -> int:
    """What 100 mm of T-1 weigh."""
    row = stage.house.workspace.index.row["T-1"]
    per_mm = float(stage.house.inventory.mass_air_kg[row]) / float(stage.house.farm.level_mm[row])
    return round(per_mm * 100)


async def ask(stage: HouseStage, skill: Skill, who: str = "chen", chat: str = "a_bank", **arguments: str) -> Answer:
    answering, roster = stage.app.answering, stage.house.workspace.roster
    assert isinstance(answering, Answering)
    answer, text = await answering.run(skill, arguments, roster.people[who], roster.chats[chat])
    assert text.count("\n") < 12
    return answer


async def test_the_movement_is_told_by_papers_and_by_gauges(stage: HouseStage) -> None:
    facts = (await ask(stage, movement.SKILL, direction="out")).facts
    assert facts["state"] == "moved"
    [row] = facts["rows"]
    assert (row["tank"], row["orders"]) == ("T-1", ["W-1"])
    assert row["net_kg"] == pytest.approx(-fallen(stage), rel=0.02)
    assert facts["papers"]["out_kg"] == fallen(stage)
    assert facts["papers"]["unnoticed_kg"] == 0
    assert not facts["papers"]["stale"]


async def test_of_a_span_before_it_nothing_moved_and_of_one_after_nor(stage: HouseStage) -> None:
    now = stage.clock.now()
    before = f"{stamp(NOW)}/{stamp(NOW + 24 * MINUTE)}"
    after = f"{stamp(now - 20 * MINUTE)}/{stamp(now)}"
    for span in (before, after):
        facts = (await ask(stage, movement.SKILL, direction="out", time=span)).facts
        assert (facts["papers"]["out_kg"], facts["gauges"]["fell_kg"]) == (0, 0), facts


async def test_when_it_last_moved_is_known_without_a_time(stage: HouseStage) -> None:
    [row] = (await ask(stage, movement.SKILL, want="last", tank="T-1")).facts["rows"]
    assert row["order"]["no"] == "W-1"
    assert stamp(NOW + 40 * MINUTE) < row["moved_at"] < stamp(NOW + 50 * MINUTE)


async def test_an_order_told_late_counts_from_when_it_says(stage: HouseStage) -> None:
    """补单: it was closed half an hour ago and reached us only now."""
    first = stage.papers.orders[0]
    late = replace(first, no="W-2", tank_id="S-1", site_id="south", owner="hengyun", opened_at=NOW + 26 * MINUTE)
    stage.papers.orders = [*stage.papers.orders, late]
    await stage.paper()
    span = f"{stamp(NOW)}/{stamp(stage.clock.now() - 10 * MINUTE)}"
    assert (await ask(stage, movement.SKILL, time=span)).facts["papers"]["out_kg"] == 2 * fallen(stage)


async def test_what_moved_in_the_first_minutes_of_the_record_is_seen(tmp_path: Path) -> None:
    young = await HouseStage.start(tmp_path / "young")
    await young.market("1")
    await young.paper()
    await young.read(times=2)
    for step in range(1, 5):
        await young.read(every_s=20.0, T_1=2500.0 - 10.0 * step)
    await young.app.keeping.step()
    [row] = (await ask(young, movement.SKILL, tank="T-1")).facts["rows"]
    assert row["net_kg"] < -1000
    [level] = (await ask(young, trend.SKILL, tank="T-1", metric="level")).facts["measures"]
    assert (level["first"]["value"], level["last"]["value"]) == ("2500.0", "2460.0")
    young.fall()


@pytest.mark.parametrize(("issued_min", "noticed"), [(20, True), (31, False)])
async def test_a_notice_counts_from_its_own_time_whenever_its_list_was_first_heard(
    tmp_path: Path, issued_min: int, noticed: bool
) -> None:
    late = await HouseStage.start(tmp_path / "late")
    await late.read(times=2, every_s=300.0)
    order, notice = outflow("T-1", "north", "METHANOL", 30_000, NOW + 25 * MINUTE)
    late.papers.orders = [replace(order, done_kg=30_000, closed_at=NOW + 28 * MINUTE)]
    late.papers.notices = [replace(notice, issued_at=NOW + issued_min * MINUTE)]
    await late.read(times=4, every_s=600.0)
    await late.paper()
    history = Archive(late.house, late.memory).of(late.house.workspace.contracts["A-1"], late.clock.now())
    [moved] = history.orders(NOW, NOW + 30 * MINUTE).moves
    assert (moved.kg, moved.noticed) == (30_000, noticed)
    late.fall()


async def test_where_no_list_of_notices_ever_came_no_order_is_said_to_lack_one(tmp_path: Path) -> None:
    class Orders(HeldPapers):
        async def releases(self, now: datetime) -> tuple[Feed[ReleaseNotice], tuple[BadRow, ...]]:
            raise SourceUnavailable("releases: refused")

    deaf = await HouseStage.start(tmp_path / "deaf")
    order, _ = outflow("T-1", "north", "METHANOL", 30_000, NOW)
    deaf._paper_reader._feed = Orders(orders=[replace(order, done_kg=30_000)])
    await deaf.read(times=2, every_s=300.0)
    await deaf.paper()
    papers = (await ask(deaf, movement.SKILL, direction="out")).facts["papers"]
    assert (papers["out_kg"], papers["unnoticed_kg"]) == (30_000, 0)
    deaf.fall()


async def test_another_lenders_group_learns_nothing_of_it(stage: HouseStage) -> None:
    answer = await ask(stage, movement.SKILL, "ma", "b_bank")
    assert "T-1" not in str(answer.facts)
    assert (await ask(stage, movement.SKILL, "ma", "b_bank", tank="T-1")).kind == "not_found"


async def test_levels_that_stood_still_are_found_and_the_one_that_fell_is_not(stage: HouseStage) -> None:
    span = f"{stamp(NOW)}/{stamp(stage.clock.now())}"
    facts = (await ask(stage, sensor.SKILL, check="flatline", time=span)).facts
    assert {r["tank"] for r in facts["rows"]} == {"T-2", "S-1"}
    assert facts["unread"] == []


async def test_a_silent_gauge_is_told_with_its_reason(stage: HouseStage) -> None:
    stage.silent.add("S-1")
    await stage.read(times=2, every_s=400.0)
    answer = await ask(stage, sensor.SKILL)
    [row] = answer.facts["rows"]
    assert (answer.status, row["tanks"], row["why"]) == (Status.STALE, ["S-1"], ["MISSING"])


async def test_what_nobody_has_said_is_not_called_normal_nor_agreeing(stage: HouseStage) -> None:
    kept = (await ask(stage, quality.SKILL, tank="T-1")).facts
    assert (kept["rows"][0]["temp"]["state"], kept["rows"][0]["temp"]["c"]) == ("unset", 20.0)
    booked = await ask(stage, reconcile.SKILL)
    assert (booked.status, booked.facts["states"]["ok"]) == (Status.NO_DATA, 0)


async def test_why_the_value_fell_adds_up_and_names_the_tank(stage: HouseStage) -> None:
    span = f"{stamp(NOW + 20 * MINUTE)}/{stamp(stage.clock.now())}"
    facts = (await ask(stage, alert_why.SKILL, metric="value", time=span)).facts
    assert facts["main"]["part"] == "booked_cny"
    assert facts["causes"]["tanks"][0]["tank"] == "T-1"


async def test_a_span_up_to_now_is_asked_of_now_however_the_clock_goes_on(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.times.passes(1800)
    await stage.paper()

    def ticks() -> datetime:
        stage.times.wall += timedelta(milliseconds=2)
        return stage.times.wall

    answering, roster = stage.app.answering, stage.house.workspace.roster
    clock = Clock(ticks)
    for part in (answering, answering.running):
        monkeypatch.setattr(part, "_clock", clock)
    for text in ("近一小时货值走势", "近40分钟货值走势", "近一小时货值为什么变了"):
        reply = await answering.answer(text, roster.people["chen"], roster.chats["a_bank"], addressed=True)
        assert reply is not None
        assert isinstance(reply.heard, Understood)
        [answer], [question] = reply.answers, reply.heard.questions
        assert (answer.status, answer.facts["now"]) == (Status.STALE, True), text
        assert "数据不完整" in reply.message.text
        assert question.arguments["time"].endswith(f"/{answer.facts['end']}"), "one moment for hearing and answering"


async def test_an_alarm_of_the_banks_own_is_explained_to_the_bank_only(stage: HouseStage) -> None:
    await stage.price({"DIESEL-SD": "3000"})
    told = (await ask(stage, alert_why.SKILL)).facts
    assert told["kind"] == "price_outlier"
    assert (await ask(stage, alert_why.SKILL, "zhao", "a_group", alert=told["id"])).kind == "not_found"
