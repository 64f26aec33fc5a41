"""The house's stage over the world of ``leak_ground``, and a life in it that leaves something withheld of every kind."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from bot.watching import Poll
from domain.message import Crowd
from domain.movement import Direction, WorkOrder
from domain.receipt.receipt import Receipt
from tests.fakes.held_painter import PNG
from tests.fakes.house_channel import HeldChannel, Shown
from tests.fakes.house_sources import HeldGauge, quote
from tests.fakes.house_stage import HouseStage
from tests.fakes.leak_ground import LEVELS, PRICES, RENAMED, write_world
from tests.fakes.receipt_ground import pledge_of
from tests.fakes.two_people import paid


class LeakStage(HouseStage):
    """Three depots instead of two; every price is its own."""

    tanks: Mapping[str, tuple[str, ...]]

    @classmethod
    async def lived(cls, directory: Path, *, renamed: bool = False) -> Self:
        """Everything has happened; nothing is left to be sent. renamed: the other bank's things are called otherwise."""
        write_world(directory, renamed=renamed)
        stage = cls(directory, HeldChannel())
        called = RENAMED if renamed else {}
        stage.tanks = {site: tuple(called.get(t, t) for t in tanks) for site, tanks in LEVELS.items()}
        stage.levels = {called.get(t, t): mm for site in LEVELS.values() for t, mm in site.items()}
        await stage.rise()
        stage.painter.png = PNG
        await live(stage)
        return stage

    async def read(self, *, times: int = 1, every_s: float = 5.0, **levels: float) -> None:
        """Polls of all three sites."""
        self.levels |= {name.replace("_", "-"): mm for name, mm in levels.items()}
        for _ in range(times):
            self.times.passes(every_s)
            for site, tanks in self.tanks.items():
                gauge = HeldGauge(
                    index=self.house.workspace.index, clock=self.clock, levels={t: self.levels[t] for t in tanks}
                )
                await Poll(site, gauge, self.house, self.app.judging, self.clock, self.app.kept).step()

    async def publish(self, **instead: str) -> None:
        """Every price as ``leak_ground`` has it; DIESEL_SD=7340 another one."""
        self.times.passes(1.0)
        now, prices = self.clock.now(), {k.replace("_", "-"): v for k, v in instead.items()}
        await self.app.pricing.take([quote(r, prices.get(r, p), now, good=g) for r, (g, p) in PRICES.items()])

    async def done(self, person: str, chat: str, text: str, label: str) -> Shown:
        """Say it, press the button of its card."""
        await self.say(person, chat, text, addressed=True)
        card = next(m for m in await self.deliver() if m.chat == self.platform_id(chat) and m.buttons)
        await self.press(person, card, label)
        return card


async def live(stage: LeakStage) -> None:
    """A release under way, a breach, a promise, a shelf, work announced, a loss, two banks in one tank, open groups."""
    await stage.app.remember_workspace()
    await stage.publish(DIESEL_SD="7340")
    await stage.paper()
    await stage.read(times=2)
    await stage.app.tracing.step()
    open_groups(stage)
    await stage.app.membership.step()
    await stage.deliver()
    await release(stage)
    await stage.read(times=4, every_s=225)
    await stage.publish()
    await stage.read(times=2)
    await stage.deliver()
    await stage.done("zhao", "a_firm", "/commit 两小时内补43.7吨甲醇", "确认")
    await stage.done("chen", "a_bank", "/snooze 静音两小时 等行里贷审会表态", "确认")
    await stage.done("li", "a_group", "/works T-1 今天下午清罐", "确认")
    move(stage)
    await stage.paper()
    mine = Receipt(no="HC-0603", issuer="north", owner="haichuan", good="DIESEL0", parts={"T-2": 71_359}, issued_on=date(2026, 3, 1))  # fmt: skip
    assert await stage.app.judging.record(pledge_of(stage, "B-1", mine), [])
    await stage.read(times=3, T_1=2431.0)
    await stage.app.keeping.step()
    await stage.app.tracing.step()
    await stage.deliver()


async def release(stage: LeakStage) -> None:
    """赵总 asks for 23.7 t; paid for, registered as TH-0707, confirmed by a second person."""
    await stage.done("zhao", "a_firm", "申请提货 T-1 甲醇 23.7吨 仓单 CD-0002", "提交申请")
    await stage.deliver()
    (case,) = stage.house.cases_of("A-1")
    await paid(stage, case.id)
    await stage.say("wang", "a_bank", f"/notice {case.id} TH-0707")
    await stage.deliver()
    card = next(m for m in stage.at("a_bank") if any(label == "复核" for label, _ in m.buttons))
    await stage.press("chen", card, "复核")
    await stage.deliver()


def move(stage: LeakStage) -> None:
    """Papers of both banks' cargo: 61.9 t of 通达's came into S-2, 禾晟's 17.3 t into T-1; 海川's 18.9 t into the tank of
    both, nobody knows whose 26.8 t out of it, and without a notice 禾晟's 13.7 t out of S-1.
    """
    now = stage.clock.now()
    for no, tank, site, good, kg in (("W-71", "T-1", "north", "METHANOL", 17_300), ("W-72", "S-2", "south", "METHANOL", 61_900)):  # fmt: skip
        stage.papers.orders.append(
            WorkOrder(no=no, site_id=site, tank_id=tank, direction=Direction.IN, good=good, planned_kg=kg, done_kg=kg,
                      opened_at=now, closed_at=now, release_no=None)
        )  # fmt: skip
    out, early = Direction.OUT, now - timedelta(hours=10)  # no order that still explains anything
    for no, tank, way, kg, owner in (
        ("W-73", "T-2", Direction.IN, 18_900, "haichuan"), ("W-74", "T-2", out, 26_800, None), ("W-75", "S-1", out, 13_700, "hengyun"),
    ):  # fmt: skip
        site, good = ("south", "METHANOL") if tank == "S-1" else ("north", "DIESEL0")
        stage.papers.orders.append(
            WorkOrder(no=no, site_id=site, tank_id=tank, direction=way, good=good, planned_kg=kg, done_kg=kg,
                      opened_at=early, closed_at=early, release_no=None, owner=owner)
        )  # fmt: skip


def open_groups(stage: LeakStage) -> None:
    """Somebody whom nobody knows reads along in two of A's groups."""
    roster = stage.house.workspace.roster
    for chat in ("a_open", "a_ajar"):
        there = frozenset(str(roster.people[m].telegram_id) for m in roster.chats[chat].members)
        stage.channel.crowds[stage.platform_id(chat)] = Crowd(members=len(there) + 1, present=there, admins=frozenset())
