"""Random lives of the whole house: whatever happens in whatever order, nothing owed is lost or doubled in silence."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.recovery import alarms_of
from domain.alarm import fold
from domain.delivery import DeliveryState
from domain.message import NotSent, Throttled
from domain.notice import owed
from tests.fakes.house_channel import Lost
from tests.fakes.house_stage import HouseStage

CHATS = ("-1001", "-1002", "-1003", "-1004")
PEOPLE = (("zhao", "a_group"), ("li", "a_group"), ("sun", "a_group"), ("chen", "a_bank"), ("qian", "b_group"))
FAULTS = (NotSent(why="no route"), Throttled(after_s=3), Lost(arrived=True), Lost(arrived=False))

STEP = st.one_of(
    st.tuples(st.just("read"), st.sampled_from(["T_1", "T_2", "S_1"]), st.sampled_from([0.0, -40.0, -300.0, 150.0])),
    st.tuples(st.just("market"), st.sampled_from(["0.84", "0.90", "0.95", "1", "1.02"])),
    st.tuples(st.just("silent"), st.sampled_from(["T-1", "T-2"])),
    st.tuples(st.just("press"), st.integers(0, 30), st.integers(0, 4), st.sampled_from(PEOPLE)),
    st.tuples(st.just("say"), st.sampled_from(["收到", "/status", "有异议", "早"]), st.sampled_from(PEOPLE)),
    st.tuples(st.just("fault"), st.sampled_from(CHATS), st.sampled_from(FAULTS)),
    st.tuples(st.just("deliver")),
    st.tuples(st.just("restart")),
    st.tuples(st.just("step_back"), st.sampled_from([5, 600])),
    st.tuples(st.just("wait"), st.sampled_from([40, 400, 2400])),
)


class Play:
    """One script on the stage, and what must hold after it."""

    def __init__(self, stage: HouseStage) -> None:
        self.stage = stage
        self.again: list[object] = []

    async def step(self, step: tuple) -> None:
        name, *given = step
        await getattr(self, name)(*given)

    async def read(self, tank: str, change: float) -> None:
        level = self.stage.levels[tank.replace("_", "-")] + change
        await self.stage.read(times=2, **{tank: max(700.0, level)})

    async def market(self, factor: str) -> None:
        await self.stage.market(factor)

    async def silent(self, tank: str) -> None:
        self.stage.silent ^= {tank}

    async def press(self, which: int, button: int, who: tuple[str, str]) -> None:
        person, chat = who
        told = [m for m in self.stage.at(chat) if m.buttons]
        if told:
            shown = told[which % len(told)]
            inbound = self.stage.inbound("press", person, chat, shown.buttons[button % len(shown.buttons)][1])
            await self.stage.hear(inbound)
            self.again.append(inbound)

    async def say(self, text: str, who: tuple[str, str]) -> None:
        person, chat = who
        told = [m for m in self.stage.at(chat) if m.buttons]
        reply = told[-1].ref if told and text in ("收到", "有异议") else None
        inbound = self.stage.inbound("text", person, chat, text, reply_to=reply)
        await self.stage.hear(inbound)
        self.again.append(inbound)

    async def fault(self, chat: str, outcome: object) -> None:
        self.stage.channel.then(chat, outcome)

    async def deliver(self) -> None:
        await self.stage.deliver()

    async def restart(self) -> None:
        """The newest events come again: the platform had not been told that they were handled."""
        await self.stage.app.keeping.step()
        await self.stage.restart()
        await self.stage.paper()
        for inbound in self.again[-2:]:
            await self.stage.hear(inbound)

    async def step_back(self, seconds: int) -> None:
        self.stage.times.steps(-seconds)
        await self.stage.pass_time(1)

    async def wait(self, seconds: int) -> None:
        await self.stage.pass_time(seconds)
        await self.stage.paper()

    async def drain(self) -> None:
        self.stage.channel.healthy()
        for _ in range(12):
            self.stage.times.passes(40)
            await self.stage.deliver()

    async def check(self) -> None:
        await self.drain()
        stage = self.stage
        assert await stage.owed() == []
        events = await stage.events()
        folded = {(a.tenant, a.id): a for a in alarms_of(events, stage.house.workspace)}
        assert folded == dict(stage.house.alarms)
        assert {r.broken_at for r in await stage.memory.ledger(lambda book: book.verify())} <= {None}
        debts = await stage.memory.ledger(every_debt)
        assert set(self.owed_by(events)) <= set(debts), "every owed notice is in the outbox"
        self.count(debts, await stage.memory.ledger(lambda book: book.attempts()))
        recorded = await stage.memory.ledger(lambda book: [(r.event.tenant, r.recorded_at) for r in book.events()])
        for tenant in {t for t, _ in recorded}:
            times = [at for t, at in recorded if t == tenant]
            assert times == sorted(times)

    def owed_by(self, events: list) -> list[str]:
        """The keys that the events owe by the rules of the domain, each once."""
        house, alive, keys = self.stage.house.workspace, {}, []
        for event in (e for e in events if e.kind.startswith("alarm.")):
            key = event.tenant, event.body["alarm"]
            alive[key] = fold(alive.get(key), [event])
            contract = house.contracts[alive[key].contract_id]
            keys += [n.key for n in owed(event, alive[key], contract, house.roster)]
        assert max(Counter(keys).values(), default=1) == 1
        return keys

    def count(self, debts: dict, attempts: list) -> None:
        """What people received is what was sent, and every repeat says that it is one."""
        outcomes = Counter(a.outcome for a in attempts)
        channel = self.stage.channel
        delivered = sum(m.edits + 1 for m in channel.shown.values())
        lost = sum(1 for a in attempts if a.outcome == "unknown")
        assert outcomes["sent"] <= delivered <= outcomes["sent"] + lost
        again = [o for o in debts.values() if o.resend]
        marked = sum("〔补发" in m.text for _, m in channel.attempts)
        assert marked >= len(again)
        texts = Counter((m.chat, m.text) for m in channel.shown.values() if "预警" in m.text and m.notified)
        assert max(texts.values(), default=1) == 1, "nothing is doubled in silence"
        assert {o.state for o in debts.values()} <= {DeliveryState.SENT, DeliveryState.UNKNOWN}


def every_debt(book) -> dict:
    with book._db.reading() as cursor:
        keys = [k for (k,) in cursor.execute("SELECT key FROM outbox").fetchall()]
    assert len(keys) == len(set(keys))
    return {k: book.debt(k) for k in keys}


LIVELY = [
    ("market", "0.95"),
    ("fault", "-1002", Lost(arrived=True)),
    ("deliver",),
    ("press", 0, 0, ("zhao", "a_group")),
    ("market", "0.90"),
    ("fault", "-1001", NotSent(why="no route")),
    ("restart",),
    ("say", "收到", ("li", "a_group")),
    ("read", "T_1", -300.0),
    ("step_back", 600),
    ("deliver",),
    ("market", "0.84"),
    ("wait", 2400),
    ("deliver",),
    ("restart",),
    ("press", 3, 1, ("chen", "a_bank")),
    ("market", "1"),
    ("wait", 400),
]
"""A script that reaches every step of an alarm, so that no run of the property is an idle one."""


@example(script=LIVELY)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(script=st.lists(STEP, min_size=5, max_size=25))
def test_any_life_of_the_house_keeps_its_promises(script: list) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory() as directory:
            stage = await HouseStage.calm(Path(directory) / "w")
            part = Play(stage)
            try:
                for step in script:
                    await part.step(step)
                await part.check()
            finally:
                stage.fall()

    asyncio.run(play())
