"""敞口多少: what the bank reads, what nobody else does, and that an old balance is called old."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from bot.words import Words
from domain.contract import Contract, ControlLineNotice, Field, PriceTerms
from domain.manual_price import counted
from domain.price_origin import ManualPrice
from skills import exposure, tanks
from skills.skill import Status
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, prices, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
HAND = ManualPrice(
    good="D0",
    cny_t=Decimal(6500),
    at=NOW - timedelta(hours=1),
    until=NOW + timedelta(hours=23),
    proposed_by="wang",
    by="chen",
)
SUBSETS = [frozenset(s) for n in range(len(Field) + 1) for s in combinations(Field, n)]


def late() -> Contract:
    return replace(CONTRACT, exposure=replace(CONTRACT.exposure, as_of=NOW - timedelta(days=3)))


def paid() -> Contract:
    notice = ControlLineNotice(no="KZX-003", amount=Decimal("121000000.00"), effective_from=NOW)
    owed = replace(CONTRACT.exposure, principal=Decimal("95000000.00"), paid_since=Decimal("1000000.00"))
    return replace(CONTRACT, exposure=owed, lines=replace(CONTRACT.lines, notices=(notice,)))


@pytest.mark.parametrize(("case", "contract"), [("plain", CONTRACT), ("late", late()), ("paid", paid())])
def test_the_bank_reads_the_parts_and_of_when_they_are(case: str, contract: Contract) -> None:
    answer = exposure.SKILL.run(Window(contract_list=(contract,)), {})
    assert answer.status is (Status.STALE if case == "late" else Status.OK)
    assert_snapshot(f"exposure.{case}.bank", WORDS.answer(answer))


def test_in_the_project_group_it_is_not_told() -> None:
    answer = exposure.SKILL.run(Window(who="zhao", where="group"), {})
    assert answer.status is Status.NOT_PERMITTED
    assert answer.figures == ()
    assert "敞口" in WORDS.answer(answer).text
    assert "9," not in WORDS.answer(answer).text


@pytest.mark.parametrize("fields", SUBSETS, ids=lambda f: "+".join(sorted(f)) or "none")
def test_no_part_is_told_that_the_chat_may_not_see(fields: frozenset[Field]) -> None:
    window = Window(who="zhao", where="group", fields=fields, contract_list=(paid(),))
    answer = exposure.SKILL.run(window, {})
    text, names = WORDS.answer(answer).text, {f.name for f in answer.figures}
    assert (f"{HY}.exposure_cny" in names) == (Field.EXPOSURE in fields)
    assert (f"{HY}.principal" in names) == ({Field.EXPOSURE, Field.CASH} <= fields)
    assert ("KZX-003" in text) == ({Field.EXPOSURE, Field.LINE} <= fields)


def test_a_price_set_by_hand_says_so_and_names_its_people_to_lenders_only() -> None:
    quotes = prices(NOW)
    quotes["D0"] = counted(quotes["D0"], (HAND,), PriceTerms(ref="D0-ref"), NOW)
    window = Window(scenes={HY: scene(quotes=quotes)})
    bank = WORDS.answer(tanks.SKILL.run(window, {"tank": "T-107"})).text
    assert "手工价 6,500元/吨(资金方 3月12日 13:32 核定,3月13日 13:32 止;甲银行王经理提议、甲银行风控陈工复核)" in bank
    group = WORDS.answer(tanks.SKILL.run(replace(window, who="zhao", where="group"), {"tank": "T-107"})).text
    assert "手工价 6,500元/吨" in group
    assert "复核" not in group
