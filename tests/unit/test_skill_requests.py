"""Requests as people type them: read exactly or asked back, proposed and never filed, figures only for whom they are."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.words import Words
from domain.case.case import CaseKind, CaseLine
from domain.contract import Field
from domain.event import Json
from skills.registry import SKILLS
from skills.skill import Answer, Status
from tests.data.words.cases import PLEDGED, RICH
from tests.data.words.hearing import hear, one, questions
from tests.data.words.hengyun import CONTRACT, HY, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
BY_NAME = {s.name: s for s in SKILLS}


def window(who: str = "zhao", where: str = "group", **what) -> Window:
    world = scene(contract=PLEDGED, tonnes=RICH)
    return replace(Window(who=who, where=where, scenes={HY: world}, contract_list=(PLEDGED,)), **what)


def said(text: str, seen: Window | None = None) -> Answer:
    """What is answered to a text that was not addressed to the bot."""
    found = one(hear(text, addressed=False))
    return BY_NAME[found.skill].run(seen or window(), found.arguments)


def line(tank: str, good: str, kg: int, receipt: str | None = None) -> CaseLine:
    return CaseLine(tank_id=tank, good=good, kg=kg, receipt=receipt)


DIESEL = line("T-107", "D0", 500_000)


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("申请提货 T-107 柴油 500吨", [DIESEL]),
        ("申请提货:柴油 500吨", [DIESEL]),
        ("申请提货 500吨柴油 107号罐", [DIESEL]),
        ("@小六子 申请提货 T-107 500 吨", [DIESEL]),
        ("/release T-107 柴油 500吨", [DIESEL]),
        ("/提货 t107 0#柴油 0.05万吨", [DIESEL]),
        ("申请提货 T-107 柴油 1,234.567吨", [line("T-107", "D0", 1_234_567)]),
        ("申请提货：Ｔ－１０７ 柴油 1，234吨", [line("T-107", "D0", 1_234_000)]),
        ("申请提货 T-107 柴油 500吨,T-112 甲醇 300.5吨", [DIESEL, line("T-112", "MEOH", 300_500)]),
        ("申请提货\nT-107 柴油 500吨\nT-112 甲醇 20吨", [DIESEL, line("T-112", "MEOH", 20_000)]),
        ("申请提货 T-107 柴油 500吨 仓单 CD-0087", [line("T-107", "D0", 500_000, "CD-0087")]),
        ("申请提货 0#柴油 200吨 车牌后续报", [line("T-107", "D0", 200_000)]),
    ],
)
def test_a_release_is_read_as_it_was_written(text: str, out: list[CaseLine]) -> None:
    request = said(text).request
    assert request is not None
    assert (request.contract_id, request.kind, list(request.out), request.into) == (HY, CaseKind.RELEASE, out, ())


@pytest.mark.parametrize(
    "text",
    [
        "换货:换入 T-107 柴油 300吨 换出 T-112 甲醇 500吨",
        "换货 换出 T-112 甲醇 500吨,换入 T-107 柴油 300吨",
        "/swap 换入 T-107 300吨 换出 T-112 500吨",
        "/swap T-112换出500吨甲醇,换入300吨柴油到T-107",
    ],
)
def test_a_swap_has_two_sides_in_any_order(text: str) -> None:
    request = said(text).request
    assert request is not None
    assert (request.into, request.out) == ((line("T-107", "D0", 300_000),), (line("T-112", "MEOH", 500_000),))


@pytest.mark.parametrize(
    "text",
    [
        "申请提货 T-112 甲醇 2千5吨",
        "申请提货 T-112 甲醇 150吨500公斤",
        "申请提货 T-112 甲醇 50到80吨",
        "申请提货 T-112 甲醇 50~80吨",
        "申请提货 T-107 柴油 500吨,T-112 甲醇 2千5吨",
        "申请补货 T-107 柴油 500吨,保证金 1亿2千",
    ],
)
def test_a_mass_or_a_sum_that_is_not_read_whole_is_asked_back(text: str) -> None:
    answer = said(text)
    assert (answer.request, answer.facts["about"]) == (None, "format")


@pytest.mark.parametrize(
    ("text", "into", "cash"),
    [
        ("补货 2300吨柴油到T-107", [line("T-107", "D0", 2_300_000)], None),
        ("申请补货 T-107 柴油 500吨,保证金 100万", [DIESEL], "1000000.00"),
        ("申请补保证金 200万", [], "2000000.00"),
        ("/bring T-107 500吨", [DIESEL], None),
        ("申请补保证金 1亿2千万", [], "120000000.00"),
        ("/bring T-107 500吨,还款一部分", [DIESEL], None),
    ],
)
def test_a_top_up_is_goods_or_money_or_both(text: str, into: list[CaseLine], cash: str | None) -> None:
    request = said(text).request
    assert request is not None
    assert (list(request.into), request.cash_cny) == (into, Decimal(cash) if cash else None)


@pytest.mark.parametrize(
    "text",
    [
        "放500吨甲醇",
        "小六子放500吨出去,我急用",
        "T-107 放 500吨柴油",
        "补货要补多少",
        "补货 500吨甲醇会怎样",
        "如果提货500吨会破线吗",
        "申请提货要什么条件",
        "申请提货 T-107 500吨 行不行?",
        "换货要多少钱",
        "能不能申请提货 500吨",
    ],
)
def test_an_order_or_a_question_is_no_request(text: str) -> None:
    for addressed in (True, False):
        asked = {q.skill for q in questions(hear(text, addressed=addressed))}
        assert not asked & {"release", "swap", "bring"}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("申请提货", "format"),
        ("申请提货 甲醇 500吨", "which_tank"),
        ("申请提货 T-107 甲醇 500吨", "good"),
        ("申请提货 T-999 500吨", "tank"),
        ("申请提货 99号罐 500吨", "tank"),
        ("申请提货 T-107 0吨", "format"),
        ("申请提货 T-107 柴油 500吨 T-112 甲醇 300吨", "format"),
        ("申请提货 T-107 500吨,T-107 300吨", "format"),
        ("换货 换入 T-107 柴油 300吨", "format"),
    ],
)
def test_what_is_not_clear_is_asked_back_and_proposes_nothing(text: str, about: str) -> None:
    answer = said(text)
    assert (answer.status, answer.request, answer.facts["about"]) == (Status.CLARIFY, None, about)
    assert WORDS.answer(answer).text


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=99_999_999))
def test_any_mass_is_read_to_the_kilogram(kg: int) -> None:
    request = said(f"申请提货 T-107 柴油 {kg / 1000:.3f}吨").request
    assert request is not None
    assert request.out[0].kg == kg


def test_a_private_chat_and_the_banks_own_propose_nothing() -> None:
    answer = said("申请提货 T-107 柴油 500吨", window(who="wang", where="bank"))
    assert answer.facts["about"] == "chat"


def test_a_contract_without_terms_or_without_swaps_says_so() -> None:
    plain = window(contract_list=(CONTRACT,), scenes={HY: scene(tonnes=RICH)})
    assert said("申请提货 T-107 柴油 500吨", plain).facts["about"] == "no_terms"
    assert PLEDGED.release is not None
    no_swap = replace(PLEDGED, release=replace(PLEDGED.release, swap=None))
    seen = window(contract_list=(no_swap,))
    assert said("换货:换入 T-107 300吨 换出 T-112 500吨", seen).facts["about"] == "no_swap"


def test_before_the_first_valuation_nothing_is_proposed() -> None:
    answer = said("申请提货 T-107 柴油 500吨", window(scenes={HY: None}))
    assert (answer.status, answer.request) == (Status.NO_DATA, None)


def test_figures_are_proposed_only_where_everybody_may_read_them() -> None:
    def check(fields: frozenset[Field]) -> Json:
        return said("申请提货 T-107 柴油 500吨", window(fields=fields)).facts["check"]

    assert set(check(frozenset())) == {"at", "ok", "problems", "complete", "ratio_needed"}
    assert "to_pay_cny" in check(frozenset({Field.CASH}))
    assert "floor_after_cny" not in check(frozenset({Field.VALUE, Field.QUANTITY}))
    assert "headroom_cny" in check(frozenset({Field.VALUE, Field.LINE}))


@pytest.mark.parametrize(
    ("case", "text", "seen"),
    [
        ("release", "申请提货 T-112 甲醇 500吨", window()),
        ("release_low", "申请提货 T-112 甲醇 6000吨", window(stopped=True)),
        ("release_withheld", "申请提货 T-112 甲醇 500吨", window(fields=frozenset())),
        ("swap", "换货:换入 T-107 柴油 300吨 换出 T-112 甲醇 500吨", window()),
        ("top_up", "补货 1000吨柴油到T-107", window()),
        ("which_tank", "申请提货 甲醇 500吨", window()),
        ("format", "换货 换入 T-107 柴油 300吨", window()),
    ],
)
def test_a_proposal_reads_so(case: str, text: str, seen: Window) -> None:
    assert_snapshot(f"request.{case}", WORDS.answer(said(text, seen)))


PIECES = st.sampled_from(
    ["申请提货", "换货", "换入", "换出", "申请补货", "补货", "T-107", "T-112", "99号罐", "柴油", "甲醇", "500吨", "0.5万吨", "保证金",
     "200万", "仓单 CD-1", ",", "\n", ":", " ", "到", "x", "?", "吨", "-"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_whatever_is_written_is_answered_or_left_alone(text: str) -> None:
    for name in ("release", "swap", "bring"):
        reads = BY_NAME[name].reads
        assert reads is not None
        found = reads(text)
        if found is not None:
            answer = BY_NAME[name].run(window(), found)
            assert WORDS.answer(answer).text
            assert (answer.request is None) == (answer.kind != "case_request")
