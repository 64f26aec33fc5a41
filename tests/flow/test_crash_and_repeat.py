"""The process ends at any line and starts again from its files; events come twice; several things happen at once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.recovery import alarms_of
from domain.contract import Severity
from domain.errors import StoreFull, StoreLocked
from domain.message import NotSent, Throttled
from store.ledger import Ledger
from tests.fakes.house_ground import rewrite
from tests.fakes.house_sources import quote
from tests.fakes.house_stage import HouseStage, texts

GROUP, BANK = "-1002", "-1001"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def as_folded(stage: HouseStage) -> bool:
    """What is in memory is what the ledger tells from its beginning."""
    folded = {(a.tenant, a.id): a for a in alarms_of(await stage.events(), stage.house.workspace)}
    return folded == dict(stage.house.alarms)


async def test_a_crash_between_commit_and_delivery_loses_and_repeats_nothing(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.restart()
    told = await stage.deliver()
    assert sorted(m.chat for m in told) == [BANK, GROUP]
    assert "补发" not in texts(told)
    await stage.restart()
    assert await stage.deliver() == []


@pytest.mark.parametrize("arrived", [False, True])
async def test_a_crash_between_lease_and_settling_repeats_once_and_says_so(stage: HouseStage, arrived: bool) -> None:
    await stage.market("0.95")
    free = stage.channel.hang(GROUP)
    await stage.app.postman.step()
    await stage.channel.hung.wait()
    under_way = [t for t in asyncio.all_tasks() if t.get_name().startswith("deliver-")]
    if arrived:  # the message reaches the platform, its answer reaches nobody
        stage.channel.show_hung(GROUP)
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    stage.channel.hanging.clear()
    free.set()
    await stage.restart()
    await stage.deliver()
    await stage.restart()
    await stage.deliver()
    shown = stage.at("a_group")
    assert [m.text.startswith("〔补发") for m in shown] == [False, True][1 - arrived :]
    assert shown[-1].notified == ("zhao",)
    assert await stage.owed() == []


async def test_an_answer_cut_short_by_a_crash_is_not_repeated(stage: HouseStage) -> None:
    await stage.say("zhao", "a_group", "/help", addressed=True)
    (owed,) = await stage.owed()
    await stage.memory.ledger(lambda book: book.lease([owed.debt.key], stage.clock.now()))
    await stage.restart()
    assert await stage.deliver() == []
    assert await stage.owed() == []


@pytest.mark.parametrize("between", ["same process", "restart"])
async def test_a_press_that_comes_twice_counts_once(stage: HouseStage, between: str) -> None:
    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == GROUP)
    await stage.press("zhao", told, "收到", event_id="e-1")
    if between == "restart":  # before done() was called
        await stage.restart()
    await stage.press("zhao", told, "收到", event_id="e-1")
    await stage.deliver()
    assert len(await stage.events("alarm.acknowledged")) == 1
    assert stage.at("a_group")[0].edits == 1


@pytest.mark.parametrize("said", ["/status", "小六子 货还在不在?现在大概多少货值?"])
async def test_a_question_that_comes_twice_is_answered_once(stage: HouseStage, said: str) -> None:
    await stage.say("zhao", "a_group", said, addressed=True, event_id="q-1")
    await stage.say("zhao", "a_group", said, addressed=True, event_id="q-1")
    await stage.deliver()
    await stage.restart()
    await stage.say("zhao", "a_group", said, addressed=True, event_id="q-1")
    await stage.deliver()
    assert len(stage.at("a_group")) == 1


async def test_a_reply_that_comes_again_after_it_has_ended_the_alarm_says_nothing_new(stage: HouseStage) -> None:
    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == GROUP)
    await stage.market("1.01")
    await stage.read(times=3, every_s=40)
    await stage.deliver()
    await stage.say("zhao", "a_group", "收到", reply_to=told, event_id="r-1")
    assert not stage.alarm("value_below_line").open
    await stage.app.keeping.step()
    await stage.restart()
    await stage.say("zhao", "a_group", "收到", reply_to=told, event_id="r-1")
    assert await stage.deliver() == []


async def test_a_bare_addressed_reply_that_comes_again_asks_nothing_back(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.deliver()
    await stage.say("zhao", "a_group", "收到", addressed=True, event_id="r-1")
    await stage.say("zhao", "a_group", "收到", addressed=True, event_id="r-1")
    assert await stage.deliver() == []


async def test_a_refusal_that_comes_twice_is_recorded_and_said_once(stage: HouseStage) -> None:
    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == GROUP)
    for _ in range(2):
        await stage.say("li", "a_group", "收到", reply_to=told, event_id="r-1")
    (line,) = await stage.deliver()
    assert "不是" in line.text
    assert len(await stage.events("person.refused")) == 1


async def together(stage: HouseStage, *work: Coroutine[Any, Any, Any]) -> None:
    """Start all while another commit is under way, so that each has looked before the first may write."""
    async with stage.app.judging._lock:
        tasks = [asyncio.create_task(w) for w in work]
        await stage.memory.series(lambda _: None)
        for _ in range(20):
            await asyncio.sleep(0)
    await asyncio.gather(*tasks)


async def test_two_people_who_answer_at_once_both_count(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.market("0.90")
    told = next(m for m in reversed(await stage.deliver()) if m.chat == GROUP)
    await together(stage, stage.press("zhao", told, "收到"), stage.press("li", told, "已安排"))
    assert stage.alarm("value_below_line").waiting() == ()
    assert await as_folded(stage)


async def test_an_answer_given_while_the_alarm_grows_worse_does_not_undo_that(stage: HouseStage) -> None:
    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == GROUP)
    stage.levels["T-2"] = 9400.0  # 6 % less: below the next line
    await stage.read()
    await together(stage, stage.read(), stage.press("zhao", told, "收到"))
    assert stage.alarm("value_below_line").severity is Severity.ORANGE
    assert [p.person for p in stage.alarm("value_below_line").waiting()] == ["zhao", "li"], "that was another alarm"
    assert "已有更新" in stage.channel.toasts[-1][1]
    assert await as_folded(stage)


async def test_two_price_sources_read_at_once_both_count(stage: HouseStage) -> None:
    now = stage.clock.now()
    sources = (quote("DIESEL-SD", "7100", now), quote("METHANOL-SD", "2450", now, provider="东海资讯"))
    await together(stage, *(stage.app.pricing.take([q]) for q in sources))
    prices = stage.house.prices_for(stage.house.workspace.contracts["A-1"], stage.clock.now())
    assert {code: str(p.cny_t) for code, p in prices.items()} == {"METHANOL": "2450", "DIESEL0": "7100"}


async def test_an_open_alarm_lives_on_after_a_restart(stage: HouseStage) -> None:
    await stage.market("0.95")
    told = next(m for m in await stage.deliver() if m.chat == GROUP)
    await stage.app.keeping.step()
    before = dict(stage.house.alarms)
    await stage.restart()
    assert dict(stage.house.alarms) == before
    await stage.read(times=3)
    assert await stage.deliver() == [], "the breach that was told is not told again"
    await stage.pass_time(31 * 60)
    reminded = await stage.deliver()
    assert {m.reply_to for m in reminded if m.chat == GROUP} == {told.ref}
    await stage.press("zhao", told, "收到")
    assert stage.alarm("value_below_line").waiting() == ()


async def test_a_contract_that_takes_anothers_place_does_not_get_its_alarm_numbers(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.deliver()
    stage.fall()
    for name in ("contracts/a.yaml", "people.yaml"):
        rewrite(stage.directory, {name: [("A-1", "A-2")]})
    await stage.rise()
    await stage.paper()
    await stage.market("0.951")
    await stage.read(times=2)
    assert [a.id for a in stage.alarms("value_below_line", "A-2")] == ["AL-20260312-02"]
    assert {m.chat for m in await stage.deliver()} == {BANK, GROUP}


async def test_a_clock_set_back_never_makes_recorded_time_fall_and_is_told_once(stage: HouseStage) -> None:
    await stage.market("0.95")
    stage.times.steps(-3600)
    for _ in range(5):
        await stage.pass_time(1)
    await stage.market("0.90")
    await stage.restart()
    for _ in range(3):
        await stage.pass_time(1)
    recorded = await stage.memory.ledger(lambda book: [(r.event.tenant, r.recorded_at) for r in book.events()])
    for tenant in ("bank_a", "bank_b", "@"):
        times = [at for t, at in recorded if t == tenant]
        assert times == sorted(times)
    stepped = await stage.events("clock.stepped_back")
    assert len(stepped) in (1, 2), "once per fall and process"
    assert stepped[0].body["behind_s"] == pytest.approx(3600, abs=10)
    assert {r.broken_at for r in await stage.memory.ledger(lambda book: book.verify())} == {None}


async def test_a_message_that_did_not_leave_is_tried_again_also_while_the_clock_stands(stage: HouseStage) -> None:
    stage.channel.then(GROUP, NotSent(why="no route"), Throttled(after_s=5))
    await stage.market("0.95")
    stage.times.steps(-3600)
    for _ in range(10):
        await stage.deliver()
        await stage.pass_time(1)
    assert len(stage.at("a_group")) == 1


async def test_a_full_disk_changes_nothing_in_memory_and_keeps_the_readings(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, prices = dict(stage.house.alarms), dict(stage.house.prices)

    def full(*_: object, **__: object) -> None:
        raise StoreFull("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", full)
        with pytest.raises(StoreFull):
            await stage.market("0.95")
        assert stage.house.prices == prices
        with pytest.raises(StoreFull):
            await stage.read(times=3, T_1=2300.0)
    assert dict(stage.house.alarms) == before
    kept = len(stage.app.kept)
    assert kept > 0
    await stage.read(times=2)
    told = await stage.deliver()
    assert {m.chat for m in told} == {BANK, GROUP}, "what could not be kept then is told now"
    await stage.app.keeping.step()
    assert stage.app.kept == []


async def test_a_full_disk_is_told_to_the_operators_directly_and_ends_the_loops(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreFull("no space left")

    monkeypatch.setattr(Ledger, "commit", full)
    monkeypatch.setattr(type(stage.memory), "close", lambda _: None)
    monkeypatch.setattr("bot.app.TICK_S", 0.01)
    monkeypatch.setattr(type(stage.app), "remember_workspace", _nothing)
    stage.times.steps(-60)  # the next tick has something to record
    with pytest.raises(ExceptionGroup) as failed:
        async with asyncio.timeout(10):
            await stage.app.run()
    assert failed.value.subgroup(StoreFull) is not None
    monkeypatch.undo()
    (line,) = stage.at("health")
    assert "no space left" in line.text
    assert stage.at("a_group") == []


async def _nothing(_: object) -> None:
    return None


async def test_a_second_owner_of_the_memory_is_told_that_it_is_taken(stage: HouseStage) -> None:
    with pytest.raises(StoreLocked, match="open"):
        Ledger.open(stage.directory / "ledger.duckdb")


async def test_an_alarm_that_waits_for_somebody_who_has_left_is_still_answered_by_others(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.deliver()
    stage.fall()
    rewrite(
        stage.directory, {"people.yaml": [("zhao", "tang"), ("301", "303")], "contracts/a.yaml": [("zhao", "tang")]}
    )
    await stage.rise()
    await stage.say("sun", "a_group", "收到", addressed=True)
    (told,) = await stage.deliver()
    assert told.chat == GROUP
    assert stage.alarm("value_below_line").waiting()
