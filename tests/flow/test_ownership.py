"""Two banks' owners share a tank by the depot's ledger: what counts, what is said to whom, what a restart remembers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from bot.command.importing.course import CLAIMS
from bot.command.importing.serving import told_by
from bot.memory import Memory
from bot.owning import recall
from bot.past import stood
from domain.movement import BookRow
from domain.ownership.entry import Entry, EntryKind
from domain.ownership.ledger import Ledger, fold
from store.moments import FOREVER
from store.series import Series
from tests.fakes.house_stage import NOW, HouseStage, texts

T = TypeVar("T")

BY_LEDGER = {
    "contracts/a.yaml": [("tanks: [T-2], owner: hengyun, share: 0.50", "tanks: [T-2], owner: hengyun")],
    "contracts/b.yaml": [("tanks: [T-2], owner: haichuan, share: 0.50", "tanks: [T-2], owner: haichuan")],
}
OPENED = NOW - timedelta(days=10)
OF_A = ("hengyun", "恒运", "HY-1", "HY-2")
OF_B = ("haichuan", "海川", "HC-7", "HC-8")
QUESTIONS = (
    "T-2的货权", "货权台账", "T-2的货从哪来的", "这批货从哪来的", "/owners", "/owners T-2 来源", "/owners T-2",
    "T-2里有哪些批次", "HC-7从哪来的", "HY-1从哪来的", "/tanks T-2",
)  # fmt: skip


def entry(no: str, kind: EntryKind, kg: int, *, days: float = 0.0, **other: object) -> Entry:
    given = {"tank_id": "T-2", "good": "DIESEL0", "site_id": "north", **other}
    return Entry(no=no, kind=kind, kg=kg, at=OPENED + timedelta(days=days), **given)  # type: ignore[arg-type]


def ledger() -> list[Entry]:
    """hengyun 900 t in two batches and haichuan 600 t, of which one came by a transfer of title from hengyun."""
    return [
        entry("QC", EntryKind.OPENING, 500_000, owner="hengyun", batch="HY-1"),
        entry("QC", EntryKind.OPENING, 600_000, owner="hengyun", batch="HY-2", line=2),
        entry("QC", EntryKind.OPENING, 400_000, owner="haichuan", batch="HC-7", line=3),
        entry("HQ", EntryKind.TITLE, 200_000, owner="hengyun", batch="HY-2", to_owner="haichuan", days=1),
    ]


def book(hengyun_kg: int, haichuan_kg: int, stage: HouseStage) -> list[BookRow]:
    now = stage.clock.now()
    kg = {"hengyun": hengyun_kg, "haichuan": haichuan_kg}
    return [
        BookRow(site_id="north", tank_id="T-2", good="DIESEL0", owner=o, mass_kg=m, as_of=now) for o, m in kg.items()
    ]


async def told(stage: HouseStage, said: list[Entry], hengyun_kg: int = 900_000, haichuan_kg: int = 600_000) -> None:
    stage.times.passes(5.0)
    stage.papers.entries = said
    stage.papers.rows = book(hengyun_kg, haichuan_kg, stage)
    await stage.paper()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.start(tmp_path / "w", edits=BY_LEDGER)
    await stage.market("1")
    await told(stage, ledger())
    await stage.read(times=2)
    await stage.deliver()
    yield stage
    stage.fall()


def share(stage: HouseStage, contract: str) -> Decimal:
    scene = stage.house.scene(stage.house.workspace.contracts[contract], stage.clock.now())
    return next(i.holding.share for i in scene.position.items if i.holding.tank_id == "T-2")


async def asked(stage: HouseStage, text: str, person: str = "wang", chat: str = "a_bank") -> str:
    await stage.deliver()
    await stage.say(person, chat, text, addressed=True)
    return texts(await stage.deliver())


async def test_the_ledger_says_each_banks_share_of_the_tank(stage: HouseStage) -> None:
    assert share(stage, "A-1") == Decimal("0.6")
    assert share(stage, "B-1") == Decimal("0.4")


async def test_where_the_book_says_less_the_lower_counts_and_the_answer_says_so(stage: HouseStage) -> None:
    await told(stage, ledger(), hengyun_kg=750_000, haichuan_kg=750_000)
    assert share(stage, "A-1") == Decimal("0.5")
    assert share(stage, "B-1") == Decimal("0.4")
    said = await asked(stage, "T-2的货权")
    assert "质押货权 750.0吨,占 50.00%" in said
    assert "台账 900.0吨 与库方账存 750.0吨 相差超过 1%,按孰低计" in said


async def test_a_depot_without_a_ledger_counts_by_its_book_as_ever(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w", edits=BY_LEDGER)
    stage.papers.rows = book(300_000, 900_000, stage)
    await stage.paper()
    await stage.read(times=2)
    assert share(stage, "A-1") == Decimal("0.25")
    assert "未提供这些罐的货权台账" in await asked(stage, "T-2的货权")
    stage.fall()


async def test_a_late_and_a_corrected_entry_count_where_they_belong_also_after_a_restart(stage: HouseStage) -> None:
    late = entry("CK-1", EntryKind.OUTBOUND, 100_000, owner="hengyun", days=0.5)
    said = [*ledger()[:-1], replace(ledger()[-1], kg=50_000), late]
    await told(stage, said, 950_000, 450_000)
    kept = stage.house.journals["north"]
    assert kept.ledger == fold(said, stage.clock.now())
    await stage.restart()
    assert stage.house.journals["north"].ledger == kept.ledger
    then = await stage.memory.series(
        lambda s: s.ownership_as_of("north", valid=stage.clock.now(), known=NOW + timedelta(seconds=8))
    )
    assert {e.key: e for e in then} == {e.key: e for e in ledger()}


async def test_batches_and_share_of_a_past_moment_are_answered_as_they_were_known_then(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w", edits=BY_LEDGER)
    await stage.app.remember_workspace()
    await stage.market("1")
    await told(stage, ledger())
    await stage.read(times=2)
    await stage.app.keeping.step()
    before = stage.house.scene(stage.house.workspace.contracts["A-1"], stage.clock.now()).position
    at = stage.clock.now()
    await stage.pass_time(600)
    await told(stage, [*ledger(), entry("CK-1", EntryKind.OUTBOUND, 400_000, owner="hengyun", days=5)], 500_000)
    assert share(stage, "A-1") < Decimal("0.46")
    assert (await stood(stage.house.workspace, stage.memory, at)).positions["A-1"] == before
    said = await asked(stage, "3月12日14:35 T-2的货权")
    assert "3月12日 14:35(按当时所知)" in said
    assert "质押货权 900.0吨,占 60.00%" in said
    assert "HY-1 500.0吨" in said
    assert [w for w in OF_B if w in said] == []
    assert "质押货权 500.0吨" in await asked(stage, "T-2的货权")
    assert "没认出是哪个罐" in await asked(stage, "3月12日14:35 T-9的货权")
    theirs = await asked(stage, "/ownersthen 3月12日14:35", "ma", "b_bank")
    assert "HC-7 400.0吨" in theirs
    assert [w for w in ("hengyun", "恒运", "HY-1") if w in theirs] == []
    stage.fall()


async def test_what_cannot_be_booked_is_counted_not_and_told(stage: HouseStage) -> None:
    await told(stage, [*ledger(), entry("CK-9", EntryKind.OUTBOUND, 2_000_000, owner="hengyun", days=2)])
    assert share(stage, "A-1") == Decimal("0.6")
    assert "台账有 1 笔无法入账" in await asked(stage, "T-2的货权")
    assert "无法入账" not in await asked(stage, "T-2的货权", "ma", "b_bank")


async def test_an_entry_of_a_tank_that_stands_elsewhere_is_left_out(stage: HouseStage) -> None:
    await told(stage, [*ledger(), entry("X", EntryKind.INBOUND, 5, owner="hengyun", tank_id="S-1", days=2)])
    assert stage.house.ledger == fold(ledger(), stage.clock.now())


async def test_a_ledger_of_tanks_that_all_stand_elsewhere_is_gone_through_once(stage: HouseStage) -> None:
    compared = 0

    class Compared(Entry):
        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return super().__eq__(other)

        __hash__ = Entry.__hash__

    one = {"kind": EntryKind.INBOUND, "at": OPENED, "tank_id": "S-9", "good": "DIESEL0", "kg": 5, "owner": "hengyun"}
    await told(stage, [Compared(no=str(n), site_id="north", **one) for n in range(300)])  # type: ignore[arg-type]
    assert compared <= 300


async def test_a_depot_whose_clock_stands_at_the_beginning_of_time_ends_no_loop(stage: HouseStage) -> None:
    stage.papers.as_of, stage.papers.rows = datetime.min.replace(tzinfo=UTC), []
    for _ in range(2):
        await stage.paper()
    assert "台账截至" in await asked(stage, "T-2的货权")


async def test_an_imported_ledger_counts_at_once_beside_what_the_feed_says(stage: HouseStage, tmp_path: Path) -> None:
    row = "CK-1,north,T-2,outbound,{at},DIESEL0,{kg},hengyun"
    file = tmp_path / "ledger.csv"
    at = (OPENED + timedelta(days=2)).isoformat()
    lines = ["no,site,tank,kind,at,good,kg,owner", row.format(at=at, kg=300_000)]
    file.write_text("\n".join(lines), encoding="utf-8")
    said = [word async for word in told_by(stage.app)({"kind": "ownership", "path": str(file), "timezone": None})]
    assert (said[-1]["final"], said[-1]["tally"]["added"]) == (True, 1)
    await told(stage, ledger(), hengyun_kg=600_000)
    assert share(stage, "A-1") == Decimal("0.5")


async def test_what_an_import_has_written_counts_although_nobody_listened_to_its_end(
    stage: HouseStage, tmp_path: Path
) -> None:
    row, at = "{no},north,T-2,outbound,{at},DIESEL0,{kg},hengyun", (OPENED + timedelta(days=2)).isoformat()
    lines = [row.format(no=f"CK-{n}", at=at, kg=0 if n else 300_000) for n in range(8 * CLAIMS)]
    file = tmp_path / "ledger.csv"
    file.write_text("\n".join(["no,site,tank,kind,at,good,kg,owner", *lines]), encoding="utf-8")
    said = told_by(stage.app)({"kind": "ownership", "path": str(file), "timezone": None})
    await anext(said)
    (importing,) = [t for t in asyncio.all_tasks() if t.get_name() == "import"]
    importing.cancel()  # as the loopback does once nobody listens
    await asyncio.wait({importing})
    assert stage.house.journals["north"].ledger == await folded_anew(stage)
    assert sum(lot.kg for lot in stage.house.ledger.lots["T-2"]) == 1_200_000


async def folded_anew(stage: HouseStage) -> Ledger:
    """The north site's ledger, of all that the series has."""
    kept = await stage.memory.series(lambda s: s.ownership_as_of("north", valid=FOREVER, known=FOREVER))
    return fold(kept, stage.clock.now())


async def test_a_correction_that_the_depot_makes_while_the_ledger_is_recalled_stands(stage: HouseStage) -> None:
    corrected = replace(ledger()[-1], kg=50_000)
    told_it = False

    class Reread(Memory):
        async def series(self, work: Callable[[Series], T]) -> T:
            nonlocal told_it
            found = await super().series(work)
            if not told_it:
                told_it = True
                await told(stage, [*ledger()[:-1], corrected], 950_000, 450_000)
            return found

    stage.memory.__class__ = Reread
    await recall(stage.house, stage.memory, stage.clock.now(), known=FOREVER)
    assert stage.house.journals["north"].words[corrected.key] == corrected
    assert stage.house.journals["north"].ledger == await folded_anew(stage)


async def test_an_import_makes_the_depots_word_no_older(stage: HouseStage, tmp_path: Path) -> None:
    spoken = stage.house.ledgers_as_of["north"]
    file = tmp_path / "ledger.csv"
    file.write_text("no,site,tank,kind,at,good,kg,owner\n", encoding="utf-8")
    _ = [word async for word in told_by(stage.app)({"kind": "ownership", "path": str(file), "timezone": None})]
    assert stage.house.ledgers_as_of["north"] == spoken


async def test_only_the_identified_batches_count(tmp_path: Path) -> None:
    old, new = BY_LEDGER["contracts/a.yaml"][0]
    edits = {**BY_LEDGER, "contracts/a.yaml": [(old, new + ", batches: [HY-1]")]}
    stage = await HouseStage.start(tmp_path / "w", edits=edits)
    await told(stage, ledger())
    await stage.read(times=2)
    assert share(stage, "A-1") == Decimal("0.333333333333333333")
    said = await asked(stage, "T-2的货权")
    assert "质押货权 500.0吨,占 33.33%" in said
    assert "HY-2 400.0吨" in said
    assert "不在约定批次内,不计" in said
    stage.fall()


async def test_identified_batches_that_no_ledger_knows_do_not_count(tmp_path: Path) -> None:
    old, new = BY_LEDGER["contracts/a.yaml"][0]
    edits = {**BY_LEDGER, "contracts/a.yaml": [(old, new + ", batches: [HY-1]")]}
    stage = await HouseStage.start(tmp_path / "w", edits=edits)
    stage.papers.rows = book(900_000, 600_000, stage)
    await stage.paper()
    await stage.read(times=2)
    position = stage.house.scene(stage.house.workspace.contracts["A-1"], stage.clock.now()).position
    (mine,) = [i for i in position.items if i.holding.tank_id == "T-2"]
    assert (mine.eligible_kg, mine.counted, position.known) == (0, False, False)
    stage.fall()


async def test_a_lender_hears_its_own_batches_and_one_sum_of_all_others(stage: HouseStage) -> None:
    said = await asked(stage, "T-2的货权")
    assert "HY-1 500.0吨" in said
    assert "其他货主合计 600.0吨" in said
    group = await asked(stage, "T-2的货权", "zhao", "a_group")
    assert "HY-1 500.0吨" in group
    assert "其他货主" not in group


async def test_where_the_cargo_came_from_is_told_without_naming_who_had_it_before(stage: HouseStage) -> None:
    said = await asked(stage, "T-2的货从哪来的", "ma", "b_bank")
    assert "HC-7 现存 400.0吨:3月2日 14:32 期初 T-2 400.0吨" in said
    assert "HY-2 现存 200.0吨:3月3日 14:32 受让货权 T-2 200.0吨" in said
    assert [w for w in ("hengyun", "恒运", "HY-1") if w in said] == []


async def test_a_group_to_which_no_quantity_is_disclosed_hears_none(stage: HouseStage) -> None:
    said = await asked(stage, "T-2的货权", "qian", "b_group")
    assert "仅对资金方开放" in said
    assert "吨" not in said


async def test_nothing_of_the_other_owner_stands_in_any_answer_to_any_audience(stage: HouseStage) -> None:
    """HY-2 is haichuan's too by now: its title has passed."""
    refused = entry("CK-9", EntryKind.OUTBOUND, 9_000_000, owner="haichuan", days=2)
    for said, questions in ((ledger(), QUESTIONS), ([*ledger(), refused], QUESTIONS[:3])):
        await told(stage, said)
        in_a, in_b = "", ""
        for question in questions:
            for person, chat in (("wang", "a_bank"), ("zhao", "a_group"), ("li", "a_group"), ("zhao", "zhao_alone")):
                in_a += await asked(stage, question, person, chat)
            for person, chat in (("ma", "b_bank"), ("qian", "b_group"), ("li", "b_group")):
                in_b += await asked(stage, question, person, chat)
        assert "HY-1" in in_a
        assert "HC-7" in in_b
        assert [w for w in OF_B if w in in_a] == []
        assert [w for w in ("hengyun", "恒运", "HY-1") if w in in_b] == []


async def test_a_batch_of_the_other_owner_is_as_unknown_as_one_that_does_not_exist(stage: HouseStage) -> None:
    theirs = await asked(stage, "HC-7从哪来的")
    assert theirs == await asked(stage, "XX-9从哪来的")
