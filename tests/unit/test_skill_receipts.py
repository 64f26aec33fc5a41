"""仓单: the list, the ones near their end, one by its number; and what a number that is not here is answered."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.words import Words
from domain.contract import Field
from domain.receipt.fold import fold
from domain.receipt.life import released, split
from domain.receipt.receipt import ReceiptBook
from skills import tanks
from skills.receipts import RECEIPT, RECEIPTS
from skills.skill import Status
from tests.data.words.hearing import hear, questions
from tests.data.words.hengyun import HY, NOW, Labels, scene
from tests.data.words.receipts import POOL, book, receipt_scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())


def window(**what: object) -> Window:
    return Window(scenes={HY: receipt_scene()}, contract_list=(POOL,), **what)  # type: ignore[arg-type]


def said(skill, of: Window, **arguments: str) -> str:
    return WORDS.answer(skill.run(of, arguments)).text


@pytest.mark.parametrize(("case", "arguments"), [("all", {}), ("soon", {"which": "soon"}), ("good", {"good": "MTBE"})])
def test_the_list_reads_so(case: str, arguments: dict[str, str]) -> None:
    message = WORDS.answer(RECEIPTS.run(window(), arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"receipts.{case}", message)


def test_one_receipt_reads_so() -> None:
    parted = split(book(), "CD-0094", {"CD-0094A": {"V203": 600_000}, "CD-0094B": {"V203": 300_000}}, "chen", NOW)
    after = fold(book(), parted)
    after = fold(after, released(after, "CD-0087", {"T-112": 300_000}, "RC-1", "chen", NOW))
    of = replace(window(), scenes={HY: receipt_scene(of_book=after)})
    for name in ("CD-0087", "CD-0094", "CD-0094A", "CD-1000"):
        assert_snapshot(f"receipt.{name}", WORDS.answer(RECEIPT.run(of, {"receipt": name})))


def test_an_expired_receipt_is_said_to_be_so() -> None:
    late = datetime(2026, 3, 16, 1, tzinfo=UTC)
    of = replace(window(), now=late, scenes={HY: receipt_scene(late)})
    assert "已过期" in said(RECEIPT, of, receipt="CD-0087")
    assert "其中 1 张已过期不计值" in said(RECEIPTS, of)


@pytest.mark.parametrize("number", ["CD-9999", "cd-9999", "X-1", "T-999", "CD-0087-9"])
def test_every_number_that_is_not_here_is_answered_alike(number: str) -> None:
    answer = RECEIPT.run(window(), {"receipt": number})
    assert (answer.status, WORDS.answer(answer).text) == (Status.NO_DATA, "查无此号。")


@pytest.mark.parametrize("number", ["CD-0087", "cd0087", "CD_0087", " cd-0087 "])
def test_a_number_is_found_however_it_is_typed(number: str) -> None:
    assert "CD-0087" in said(RECEIPT, window(), receipt=number)


def test_a_tank_that_is_called_so_is_shown_as_the_tank() -> None:
    assert RECEIPT.run(window(), {"receipt": "T-107"}).kind == "tanks"


def test_without_quantities_there_are_numbers_and_no_tonnes() -> None:
    of = window(where="group", who="li", fields=frozenset())
    for text in (said(RECEIPTS, of), said(RECEIPT, of, receipt="CD-0087")):
        assert "CD-0087" in text
        assert "吨" not in text
    full = window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    assert "800.0吨" in said(RECEIPTS, full)


def test_a_tank_says_what_receipts_cover_in_it_and_one_without_says_so() -> None:
    late = datetime(2026, 3, 20, 1, tzinfo=UTC)
    told = WORDS.answer(tanks.SKILL.run(window(), {"tank": "T-112"})).text
    assert "6,080.2吨" in told
    assert "有效在押仓单 6,080.2吨" in told
    empty = fold(ReceiptBook(lender="jia"), [])
    of = replace(window(), now=late, scenes={HY: receipt_scene(late, of_book=empty)})
    assert "无有效仓单,未计值" in WORDS.answer(tanks.SKILL.run(of, {"tank": "T-112"})).text
    assert "〔无有效仓单,未计值〕" in WORDS.answer(tanks.SKILL.run(of, {"good": "MEOH"})).text


def test_a_contract_without_receipts_says_so_and_knows_no_number() -> None:
    plain = Window(scenes={HY: scene()})
    assert said(RECEIPTS, plain) == "本项目按浮动质押或固定份额计,不以仓单计值。"
    assert said(RECEIPT, plain, receipt="CD-0087") == "查无此号。"


def test_a_stranger_is_told_nothing() -> None:
    for skill in (RECEIPTS, RECEIPT):
        assert skill.run(window(who=None), {"receipt": "CD-0087"}).status is Status.NOT_PERMITTED


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("仓单CD-0087还押着吗", "CD-0087"),
        ("CD-0087 什么状态", "CD-0087"),
        ("仓单 K1 在哪个罐", "K1"),
        ("CD-0087 已解押", None),
        ("T-107 什么情况", None),
        ("TK-101 什么状态", None),
        ("提货通知 TH-0301 过期了吗", None),
        ("/receipt CD-0087", "CD-0087"),
        ("有哪些仓单", None),
    ],
)
def test_only_a_question_about_a_receipt_is_read_as_one(text: str, number: str | None) -> None:
    asked = [q.arguments.get("receipt") for q in questions(hear(text)) if q.skill == "receipt"]
    assert asked == ([] if number is None else [number])
