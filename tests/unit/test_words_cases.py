"""Cards, replies and answers about cases, as people read them: one file each in tests/data/words, per audience."""

import re
from dataclasses import replace
from itertools import combinations

import pytest

import domain.case.check
from bot.words import Words
from domain.case.case import CaseKind
from domain.case.notice import CARD, restated
from domain.case.rights import CaseAct
from domain.case.terms import Step
from domain.contract import Field
from domain.event import Json, stamp
from domain.message import OutMessage
from domain.people import Audience, Role
from domain.proposal import ProposalKind, fold, opened
from skills.registry import SKILLS
from tests.data.words import cases
from tests.data.words.cases import LIVES, PLEDGED, RICH, Life, release, swap, top_up
from tests.data.words.hengyun import HY, NOW, ROSTER, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
BY_NAME = {s.name: s for s in SKILLS}


def rendered(life: Life, chat: str, template: str) -> OutMessage:
    told = life.told[-1]
    return WORDS.case(life.at(chat, template).notice, ROSTER, now=told.event.occurred_at)


@pytest.mark.parametrize("chat", ["bank", "group"])
@pytest.mark.parametrize("name", LIVES)
def test_a_card_reads_so(name: str, chat: str) -> None:
    message = rendered(LIVES[name](), chat, CARD)
    assert len(message.text) <= 900
    assert_snapshot(f"case.{name}.{chat}", message)


@pytest.mark.parametrize("chat", ["bank", "group"])
@pytest.mark.parametrize("name", LIVES)
def test_a_reply_reads_so(name: str, chat: str) -> None:
    life = LIVES[name]()
    step = life.told[-1].event.kind.removeprefix("case.")
    found = life.told[-1].at(chat, f"case_{step}")
    if found is None:
        return
    message = WORDS.case(found.notice, ROSTER, now=life.now)
    assert [m.person_id for m in message.mentions] == list(found.notice.mentions)
    assert_snapshot(f"case_reply.{name}.{chat}", message)


def test_every_step_and_problem_and_act_has_its_words() -> None:
    for table in ("case_waits", "case_next", "case_steps", "case_parties"):
        for step in Step:
            assert WORDS.label(table, step.value)
    for act in CaseAct:
        assert WORDS.label("case_acts", act.value)
        assert WORDS.label("case_buttons", act.value)
    for kind in CaseKind:
        assert WORDS.label("case_kinds", kind.value)
    listed = re.search(r"problems: (blocked[a-z_, \n]+)\.", domain.case.check.checked.__doc__ or "")
    assert listed is not None
    for problem in re.findall(r"[a-z_]+", listed[1]):
        assert WORDS.label("case_problems", problem)


def test_a_card_says_that_money_waits_for_a_second_person_in_the_lenders_chat_alone() -> None:
    life, chats = release(), ROSTER.chats.values()
    body: Json = {"amount": "500000.00", "kind": "repayment", "at": stamp(NOW), "case": life.case.id, "unpaid": "0.00"}
    event = opened(
        number="PR-20260312-01", tenant=life.case.tenant, contract_id=HY, kind=ProposalKind.PAYMENT, body=body,
        by="wang", chat="bank", now=NOW,
    )  # fmt: skip
    (money,) = fold({}, [event]).values()
    faces = restated(money, life.case, PLEDGED, ROSTER, now=NOW)
    assert {n.notice.chat for n in faces} == {c.id for c in chats if c.audience is Audience.BANK and HY in c.contracts}
    assert_snapshot("case.confirming.bank", WORDS.case(faces[0].notice, ROSTER, now=NOW))
    (after,) = restated(money, life.case, PLEDGED, ROSTER, now=money.expires_at)
    assert "待第二人" not in WORDS.case(after.notice, ROSTER, now=NOW).text


SUBSETS = [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)]


@pytest.mark.parametrize("make", [release, swap, top_up], ids=["release", "swap", "top_up"])
def test_what_a_chat_may_not_read_is_on_no_card(make) -> None:
    """Whatever the contract grants, the group's card renders, and names no money that is withheld."""
    for fields in SUBSETS:
        granted = replace(PLEDGED, disclosure={f: frozenset(Role) for f in fields})
        case = make().case
        told = cases.told_under(granted, case)
        text = WORDS.case(told, ROSTER, now=NOW).text
        assert ("应付" in text) <= (Field.CASH in fields)
        assert ("认可货值" in text) <= (Field.VALUE in fields)
        assert ("底线" in text) <= (Field.LINE in fields)
        assert ("缺口" in text) <= ({Field.VALUE, Field.LINE} <= fields)


def test_a_fault_in_a_template_loses_neither_the_step_nor_its_people() -> None:
    life = release()
    notice = life.at("bank", CARD).notice
    message = WORDS.case(replace(notice, template="case_of_nothing"), ROSTER, now=NOW)
    assert "/case RC-20260312-01" in message.text
    assert [m.person_id for m in message.mentions] == ["wang"]
    assert [b.label for b in message.buttons] == ["确认收款", "驳回"]


def window(who: str, where: str, *lives: Life, **what) -> Window:
    world = scene(contract=PLEDGED, tonnes=RICH)
    made = tuple(life.case for life in lives)
    return replace(Window(who=who, where=where, scenes={HY: world}, contract_list=(PLEDGED,), case_list=made), **what)


def answered(skill: str, seen: Window, **arguments: str) -> OutMessage:
    return WORDS.answer(BY_NAME[skill].run(seen, arguments))


def test_the_open_cases_read_so() -> None:
    lives = (LIVES["lifting"](), LIVES["swap_brought"](), LIVES["top_up_partly"](), LIVES["refused"]())
    assert_snapshot("cases.bank", answered("cases", window("chen", "bank", *lives)))
    assert_snapshot("cases.group", answered("cases", window("li", "group", *lives)))
    assert_snapshot("cases.none", answered("cases", window("li", "group")))


def test_one_case_reads_so() -> None:
    life = LIVES["verified"]()
    assert_snapshot("case_answer.bank", answered("case", window("chen", "bank", life), case=life.case.id))
    assert_snapshot("case_answer.group", answered("case", window("zhao", "group", life), case=life.case.id))
    assert_snapshot("case_answer.unknown", answered("case", window("li", "group", life), case="RC-20260312-99"))


@pytest.mark.parametrize(
    ("name", "life", "no"),
    [
        ("valid", "lifting", "th-0301"),
        ("used", "executed", "TH-0301"),
        ("expired", "expired", "TH-0301"),
        ("revoked", "revoked", "TH-0301"),
        ("not_yet", "signed", "TH-0301"),
        ("unknown", "lifting", "TH-0999"),
    ],
)
def test_a_notice_checked_reads_so(name: str, life: str, no: str) -> None:
    made = LIVES[life]()
    seen = window("li", "group", made, now=made.now)
    assert_snapshot(f"notice_check.{name}", answered("notice_check", seen, no=no))


def test_a_notice_past_its_time_is_expired_before_the_case_has_ended() -> None:
    life = LIVES["verified"]()
    assert life.case.notice is not None
    seen = window("li", "group", life, now=life.case.notice.valid_until.replace(microsecond=1))
    assert "已过期" in answered("notice_check", seen, no="TH-0301").text


def test_where_the_depots_papers_count_an_unknown_number_cannot_be_checked() -> None:
    from domain.case.terms import NoticeSource

    assert PLEDGED.release is not None
    on_paper = replace(PLEDGED, release=replace(PLEDGED.release, notice=NoticeSource.DEPOT_PAPER))
    seen = window("li", "group", contract_list=(on_paper,))
    assert_snapshot("notice_check.cannot_check", answered("notice_check", seen, no="TH-0999"))


def test_a_notice_says_nothing_of_the_loan() -> None:
    life = LIVES["lifting"]()
    text = answered("notice_check", window("li", "group", life, now=life.now), no="TH-0301").text
    assert "元" not in text
    withheld = answered(
        "notice_check", window("li", "group", life, now=life.now, fields=frozenset()), no="TH-0301"
    ).text
    assert "吨" not in withheld
