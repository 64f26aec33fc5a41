"""The casework itself, without the words: rights, marks, money, crashes, receipts, findings. (Chats: test_release_in_chat.)"""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.casework import CaseValues, Done, Filed, Outcome
from bot.recovery import cases_of
from bot.view import ChatView
from domain.alarm import fold, observe
from domain.case.case import Case, CaseKind, CaseLine, Stage
from domain.case.rights import CaseAct
from domain.contract import AlertKind, Severity
from domain.errors import StoreFull
from domain.finding import Finding, Standing
from domain.movement import Direction
from tests.fakes.case_ground import RELEASE, RELEASING, order
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage
from tests.fakes.two_people import decided, paid

BANK, GROUP = "-1001", "-1002"
LINE = CaseLine(tank_id="T-1", good="METHANOL", kg=20_000)
LISTED = """receipts:
  - {no: CD-1, good: METHANOL, tank: T-1, kg: 360000, issued_on: 2026-01-10}
  - {no: CD-2, good: DIESEL0, tank: T-2, kg: 500000, issued_on: 2026-01-10}
  - {no: CD-3, good: METHANOL, tank: S-1, kg: 5000, issued_on: 2026-01-10}
"""
RECEIPTS: Edits = {"contracts/a.yaml": [("duties:\n", f"{RELEASE}{LISTED}duties:\n")]}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=RELEASING)
    yield stage
    stage.fall()


async def file(stage: HouseStage, *, by: str = "zhao", seen: str = "f1", **asked: object) -> Filed:
    roster = stage.house.workspace.roster
    given = {"kind": CaseKind.RELEASE, "out": (LINE,), "into": (), "cash": None, **asked}
    contract = stage.house.workspace.contracts["A-1"]
    return await stage.app.casework.file(
        contract, by=roster.people[by], chat=roster.chats["a_group"], seen=("telegram", seen), **given
    )


async def act(
    stage: HouseStage, action: CaseAct, person: str, chat: str = "a_bank", *, seen: str = "", **values: object
) -> Outcome:
    roster = stage.house.workspace.roster
    return await stage.app.casework.act(
        the_case(stage).id, action, roster.people[person], roster.chats[chat],
        ("telegram", seen or f"{action}-{person}"), CaseValues(**values),
    )  # fmt: skip


def the_case(stage: HouseStage) -> Case:
    (case,) = stage.house.cases_of("A-1")
    return case


async def in_force(stage: HouseStage, **asked: object) -> Case:
    await file(stage, **asked)
    await paid(stage, the_case(stage).id)
    await act(stage, CaseAct.SIGN, "wang", no="TH-0301")
    await act(stage, CaseAct.COUNTERSIGN, "chen")
    return the_case(stage)


async def as_folded(stage: HouseStage) -> bool:
    folded = {(c.tenant, c.id): c for c in cases_of(await stage.events(), stage.house.workspace)}
    return folded == dict(stage.house.cases)


async def lift(stage: HouseStage, kg: int, *, closed: bool = False) -> None:
    at = the_case(stage).stage_at
    end = stage.clock.now() if closed else None
    stage.papers.orders = [order("T-1", Direction.OUT, kg=20_000, done_kg=kg, at=at, closed_at=end, notice="TH-0301")]
    await stage.paper()


async def test_confirmed_money_is_off_the_debt_in_the_same_commit(stage: HouseStage) -> None:
    await file(stage)
    before = stage.house.contract_now("A-1", stage.clock.now()).exposure.amount
    stage.times.passes(1)
    await paid(stage, the_case(stage).id)
    stage.times.passes(1)
    assert before - stage.house.contract_now("A-1", stage.clock.now()).exposure.amount == Decimal("38400.00")
    (payment,) = await stage.events("payment.confirmed")
    assert (payment.body["case"], payment.body["by"]) == (the_case(stage).id, "chen")
    await stage.restart()
    assert before - stage.house.contract_now("A-1", stage.clock.now()).exposure.amount == Decimal("38400.00")


async def test_a_life_folds_from_the_ledger_to_what_is_in_memory(stage: HouseStage) -> None:
    case = await in_force(stage)
    assert (case.stage, case.notice.signed_by, case.notice.sealed_by) == (Stage.SEALED, "wang", "chen")
    await act(stage, CaseAct.VERIFY, "li", "a_group")
    await lift(stage, 12_000)
    await lift(stage, 20_000, closed=True)
    assert await as_folded(stage)
    done = the_case(stage)
    assert (done.stage, done.lifted_kg()) == (Stage.EXECUTED, 20_000)
    await stage.restart()
    assert the_case(stage) == done
    kinds = [e.kind.removeprefix("case.") for e in await stage.events() if e.kind.startswith("case.")]
    assert kinds == ["filed", "paid", "signed", "sealed", "verified", "moved", "moved", "ended"]


@pytest.mark.parametrize(
    ("action", "person", "chat"),
    [
        (CaseAct.PAID, "zhao", "a_group"),
        (CaseAct.PAID, "wang", "a_group"),
        (CaseAct.VERIFY, "gao", "a_group"),
        (CaseAct.VERIFY, "chen", "a_bank"),
        (CaseAct.REFUSE, "li", "a_group"),
    ],
)
async def test_who_has_no_right_changes_nothing_and_is_recorded(
    stage: HouseStage, action: CaseAct, person: str, chat: str
) -> None:
    await file(stage)
    before = the_case(stage)
    outcome = await act(stage, action, person, chat)
    assert (outcome.done, outcome.code, the_case(stage)) == (Done.REFUSED, "not_permitted", before)
    (refused,) = await stage.events("person.refused")
    assert (refused.tenant, refused.actor, refused.body["action"]) == ("bank_a", person, action.value)


async def test_of_a_swap_only_the_depot_that_lets_goods_go_verifies(stage: HouseStage) -> None:
    into = (CaseLine(tank_id="S-1", good="METHANOL", kg=20_000),)
    await file(stage, kind=CaseKind.SWAP, into=into)
    stage.papers.orders = [order("S-1", Direction.IN, kg=20_000, done_kg=20_000, at=stage.clock.now())]
    await stage.paper()
    await act(stage, CaseAct.ACCEPT, "wang")
    await act(stage, CaseAct.SIGN, "wang", no="TH-0301")
    await act(stage, CaseAct.COUNTERSIGN, "chen")
    assert (await act(stage, CaseAct.VERIFY, "gao", "a_group")).code == "not_permitted"
    assert (await act(stage, CaseAct.VERIFY, "li", "a_group")).done is Done.DONE


async def test_a_case_of_another_bank_does_not_exist(stage: HouseStage) -> None:
    await file(stage)
    roster = stage.house.workspace.roster
    outcome = await stage.app.casework.act(
        the_case(stage).id, CaseAct.PAID, roster.people["liu"], roster.chats["b_bank"], ("telegram", "x")
    )
    assert (outcome.code, outcome.case) == ("no_case", None)


async def test_the_same_press_twice_is_one_act_and_another_finds_it_done(stage: HouseStage) -> None:
    await file(stage)
    for _ in range(2):
        await stage.say("wang", "a_bank", "/paid RC-20260312-01 1000", event_id="first")
    said = [await decided(stage, "chen", event_id="second") for _ in range(2)]
    assert [("已复核确认" in (s or ""), "已处理过" in (s or "")) for s in said] == [(True, False), (False, True)]
    assert the_case(stage).paid_cny == Decimal("1000.00")
    await paid(stage, the_case(stage).id)
    await stage.deliver()
    await stage.say("chen", "a_bank", "/paid RC-20260312-01")
    (told,) = await stage.deliver()
    assert told.text == "RC-20260312-01:该步骤已办理,无需重复。"
    assert the_case(stage).paid_cny == Decimal("38400.00")


async def test_the_same_request_twice_is_one_case(stage: HouseStage) -> None:
    assert (await file(stage)).problem is None
    assert (await file(stage)).problem == "repeated"
    assert the_case(stage).id == "RC-20260312-01"


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"out": (replace(LINE, tank_id="X-9"),)}, "not_pledged"),
        ({"out": (replace(LINE, good="DIESEL0"),)}, "wrong_good"),
        ({"by": "li"}, "not_permitted"),
        ({"kind": CaseKind.SWAP}, "nothing_asked"),
    ],
)
async def test_a_request_that_cannot_be_is_not_filed(stage: HouseStage, asked: dict, problem: str) -> None:
    assert (await file(stage, **asked)).problem == problem
    assert stage.house.cases_of("A-1") == []


async def test_a_number_is_good_for_one_notice(stage: HouseStage) -> None:
    first = await in_force(stage)
    await file(stage, seen="f2")
    second = next(c for c in stage.house.cases_of("A-1") if c.id != first.id)
    roster, work = stage.house.workspace.roster, stage.app.casework
    wang, bank = roster.people["wang"], roster.chats["a_bank"]
    await paid(stage, second.id)
    taken = await work.act(second.id, CaseAct.SIGN, wang, bank, ("telegram", "s2"), CaseValues(no="TH-0301"))
    assert (taken.done, taken.code) == (Done.REFUSED, "number_taken")


async def test_a_crash_between_commit_and_delivery_loses_no_card(stage: HouseStage) -> None:
    await file(stage)
    await stage.restart()
    assert sorted(m.chat for m in await stage.deliver()) == [BANK, GROUP]
    assert (await file(stage)).problem == "repeated"
    assert await stage.deliver() == []


async def test_a_full_disk_leaves_the_case_as_it_was(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    await file(stage)
    await stage.say("wang", "a_bank", f"/paid {the_case(stage).id}")
    before = the_case(stage)

    async def full(**_: object) -> None:
        raise StoreFull("no space")

    with monkeypatch.context() as patched:
        patched.setattr(stage.memory, "commit", full)
        with pytest.raises(StoreFull):
            await decided(stage, "chen")
    assert the_case(stage) == before
    assert "已复核确认" in (await decided(stage, "chen") or "")


async def test_who_is_late_is_reminded_and_those_above_hear_of_it(stage: HouseStage) -> None:
    await file(stage)
    await stage.deliver()
    await stage.pass_time(119 * 60)
    assert await stage.events("case.reminded") == []
    await stage.pass_time(60)
    (reminder,) = await stage.deliver()
    assert (reminder.chat, reminder.notified) == (BANK, ("wang", "chen"))
    await stage.pass_time(60)
    assert len(await stage.events("case.reminded")) == 1


async def test_an_over_lift_is_an_alarm_of_its_own_that_a_person_of_the_lender_closes(stage: HouseStage) -> None:
    await in_force(stage)
    await lift(stage, 23_000, closed=True)
    alarm = stage.alarm("lift")
    assert (alarm.severity, alarm.facts["over_kg"], alarm.subject) == (Severity.ORANGE, 3_000, "RC-20260312-01/T-1")
    assert the_case(stage).stage is Stage.EXECUTED
    said = await stage.deliver()
    (told,) = [m for m in said if m.chat == BANK and "超提" in m.text]
    close = next(label for label, token in told.buttons if token.endswith("|close"))
    await stage.press("wang", told, close)
    stage.times.passes(60)
    await stage.paper()
    assert [a.open for a in stage.alarms("lift")] == [False]
    await stage.restart()
    await stage.paper()
    assert [a.open for a in stage.alarms("lift")] == [False]


async def test_an_outflow_under_the_registered_notice_is_no_loss_and_one_under_another_is(stage: HouseStage) -> None:
    await in_force(stage)
    await lift(stage, 7_000)
    await stage.read(times=3, T_1=2450.0)
    assert stage.alarms("qty_drop") == []
    stage.papers.orders = [replace(stage.papers.orders[0], release_no="TH-9999")]
    await stage.paper()
    assert stage.alarm("qty_drop").facts["check"] == "no_release"


async def test_what_a_revoked_notice_let_out_is_counted_before_it_ends(stage: HouseStage) -> None:
    await in_force(stage)
    await lift(stage, 12_000)
    stage.house.papers = {
        site: replace(p, work_orders=tuple(replace(o, done_kg=12_500) for o in p.work_orders))
        for site, p in stage.house.papers.items()
    }
    await act(stage, CaseAct.REVOKE, "chen", reason="货权争议")
    assert (the_case(stage).stage, the_case(stage).lifted_kg()) == (Stage.REVOKED, 12_500)
    assert stage.alarms("lift") == []


async def test_a_red_alarm_that_only_the_lender_may_know_of_shows_in_its_own_chats_alone(stage: HouseStage) -> None:
    contract, roster, now = stage.house.workspace.contracts["A-1"], stage.house.workspace.roster, stage.clock.now()
    finding = Finding(
        rule="dup_pledge/1", contract_id="A-1", kind=AlertKind.DUP_PLEDGE, subject="T-1", severity=Severity.RED,
        standing=Standing.BREACH, data_at=now, facts={},
    )  # fmt: skip
    stage.house.put([fold(None, observe(None, finding, contract, number="AL-1", recovery={}, now=now))])
    check = (await file(stage)).case.check
    assert "held" in check["problems"]
    assert "blocked" not in check["problems"]
    red = {
        chat: ChatView(stage.house, roster.people["wang"], roster.chats[chat], now).red("A-1")
        for chat in ("a_bank", "a_group")
    }
    assert red == {"a_bank": True, "a_group": False}
    cards = {m.chat: m.text for m in await stage.deliver()}
    assert "红色" in cards[BANK]
    assert "红色" not in cards[GROUP]


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.start(tmp_path / "p", edits=RECEIPTS)
    await stage.market("1")
    await stage.paper()
    await stage.read(times=2)
    await stage.deliver()
    yield stage
    stage.fall()


def pledged(stage: HouseStage, no: str) -> dict[str, int]:
    return dict(stage.house.receipts.books["bank_a"][no].pledged)


async def test_an_executed_release_lets_its_receipt_go(pool: HouseStage) -> None:
    await in_force(pool, out=(replace(LINE, receipt="CD-1"),))
    assert pledged(pool, "CD-1") == {"T-1": 360_000}
    await lift(pool, 19_950, closed=True)
    assert the_case(pool).stage is Stage.EXECUTED
    assert pledged(pool, "CD-1") == {"T-1": 340_000}
    (released,) = await pool.events("receipt.released")
    assert released.body["case"] == the_case(pool).id


async def test_a_notice_that_expires_lets_go_what_was_lifted(pool: HouseStage) -> None:
    await in_force(pool, out=(replace(LINE, receipt="CD-1"),))
    await lift(pool, 12_000, closed=True)
    pool.times.passes(49 * 3600)
    await pool.paper()
    assert (the_case(pool).stage, pledged(pool, "CD-1")) == (Stage.EXPIRED, {"T-1": 348_000})


async def test_goods_that_came_under_a_receipt_are_pledged_when_the_lender_takes_them(pool: HouseStage) -> None:
    into = (CaseLine(tank_id="T-1", good="METHANOL", kg=10_000, receipt="CD-9"),)
    await file(pool, kind=CaseKind.TOP_UP, out=(), into=into)
    pool.papers.orders = [order("T-1", Direction.IN, kg=10_000, done_kg=10_000, at=pool.clock.now())]
    await pool.paper()
    assert the_case(pool).stage is Stage.BROUGHT
    assert (await act(pool, CaseAct.ACCEPT, "wang")).done is Done.DONE
    assert (the_case(pool).stage, pledged(pool, "CD-9")) == (Stage.EXECUTED, {"T-1": 10_000})


async def test_a_receipt_that_cannot_be_pledged_is_not_accepted(pool: HouseStage) -> None:
    into = (CaseLine(tank_id="T-1", good="METHANOL", kg=10_000, receipt="CD-1"),)
    await file(pool, kind=CaseKind.TOP_UP, out=(), into=into)
    pool.papers.orders = [order("T-1", Direction.IN, kg=10_000, done_kg=10_000, at=pool.clock.now())]
    await pool.paper()
    outcome = await act(pool, CaseAct.ACCEPT, "wang")
    assert (outcome.done, outcome.code, the_case(pool).stage) == (Done.REFUSED, "receipt", Stage.BROUGHT)


async def test_a_pool_of_receipts_lets_nothing_go_that_names_none(pool: HouseStage) -> None:
    assert "receipt" in (await file(pool)).case.check["problems"]
    covered = await file(pool, seen="f2", out=(replace(LINE, receipt="CD-1"),))
    assert "receipt" not in covered.case.check["problems"]
    more = await file(pool, seen="f3", out=(replace(LINE, kg=360_001, receipt="CD-1"),))
    assert "receipt" in more.case.check["problems"]


async def test_a_case_whose_contract_lost_its_terms_is_shown_refused_further_steps_and_ended(stage: HouseStage) -> None:
    await file(stage)
    await stage.deliver()
    stage.fall()
    written = stage.directory / "contracts" / "a.yaml"
    written.write_text(written.read_text(encoding="utf-8").replace(RELEASE, ""), encoding="utf-8")
    await stage.rise()
    await stage.say("zhao", "a_group", "/cases")
    (told,) = await stage.deliver()
    assert "RC-20260312-01" in told.text
    await stage.say("wang", "a_bank", "/paid RC-20260312-01")
    (told,) = await stage.deliver()
    assert "未约定线上提货流程" in told.text
    await stage.say("wang", "a_bank", "/refuse RC-20260312-01 合同变更")
    assert the_case(stage).stage is Stage.REFUSED


async def test_what_left_under_a_registered_notice_is_not_told_as_without_one(stage: HouseStage) -> None:
    await in_force(stage)
    await lift(stage, 7_000)
    await stage.deliver()
    await stage.say("chen", "a_bank", "/status")
    (told,) = await stage.deliver()
    assert "出 7.0吨" in told.text
    assert "未见提货通知" not in told.text
    stage.papers.orders = [replace(stage.papers.orders[0], release_no="TH-9999")]
    await stage.paper()
    await stage.deliver()
    await stage.say("chen", "a_bank", "/status")
    (told,) = await stage.deliver()
    assert "7.0吨 未见提货通知" in told.text


async def test_a_notice_is_the_same_however_bank_depot_and_paper_write_its_number(stage: HouseStage) -> None:
    await file(stage)
    await paid(stage, the_case(stage).id)
    await stage.say("wang", "a_bank", "/notice RC-20260312-01 提字(2026)12号")
    await act(stage, CaseAct.COUNTERSIGN, "chen")
    at = the_case(stage).stage_at
    stage.papers.orders = [order("T-1", Direction.OUT, kg=20_000, done_kg=7_000, at=at, notice="提字（2026）12号")]
    await stage.paper()
    await stage.read(times=3, T_1=2450.0)
    assert (the_case(stage).lifted_kg(), stage.alarms("qty_drop")) == (7_000, [])
    await stage.deliver()
    await stage.say("li", "a_group", "/noticecheck 提字（2026）12号")
    (told,) = await stage.deliver()
    assert "有效" in told.text
    assert await stage.events("notice.asked") == []
