"""A register's extract: the chain follows it, says it once, and is not talked into giving back what was released."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ReceiptError
from domain.event import parse
from domain.proposal import Standing
from domain.proposal import fold as fold_proposals
from domain.receipt.fold import fold
from domain.receipt.receipt import Receipt, ReceiptBook, State
from domain.receipt.register import Registered, followed
from tests.fakes.pledge import contract

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
C = contract(receipts=())
EMPTY = ReceiptBook(lender="jia")
GOLDEN = Path(__file__).parents[1] / "data" / "events" / "golden.jsonl"


def said(in_pledge: Mapping[str, int], *, kg: Mapping[str, int] | None = None, end: date | None = None) -> Registered:
    receipt = Receipt(
        no="CD-1",
        issuer="gangchu",
        owner="hengyun",
        good="METHANOL",
        parts=dict(kg or {"T-1": 500, "T-2": 300}),
        issued_on=date(2026, 1, 10),
        expires_on=end,
    )
    return Registered(contract_id="C-1", receipt=receipt, in_pledge=in_pledge)


def after(*extracts: Registered) -> ReceiptBook:
    book = EMPTY
    for one in extracts:
        book = fold(book, followed(book, C, one, "system", NOW))
    return book


def kinds(book: ReceiptBook, one: Registered) -> list[str]:
    return [e.kind.removeprefix("receipt.") for e in followed(book, C, one, "system", NOW)]


ALL = {"T-1": 500, "T-2": 300}


def test_a_new_number_is_opened_pledged_and_released_as_far_as_it_is() -> None:
    assert kinds(EMPTY, said(ALL)) == ["opened", "pledged"]
    assert kinds(EMPTY, said({})) == ["opened"]
    assert kinds(EMPTY, said({"T-1": 200})) == ["opened", "pledged", "released"]
    book = after(said({"T-1": 200}))
    assert (book["CD-1"].state, dict(book["CD-1"].pledged)) == (State.PARTLY_RELEASED, {"T-1": 200})


def test_what_is_said_again_changes_nothing() -> None:
    for one in (said(ALL), said({}), said({"T-1": 200}), said(ALL, end=date(2026, 9, 1))):
        assert kinds(after(one), one) == []


def test_a_later_end_extends_and_less_in_pledge_releases() -> None:
    book = after(said(ALL, end=date(2026, 6, 1)))
    assert kinds(book, said({"T-2": 300}, end=date(2026, 9, 1))) == ["extended", "released"]
    assert kinds(book, said(ALL, end=date(2026, 5, 1))) == []


@pytest.mark.parametrize(
    ("before", "one", "says"),
    [
        ({}, ALL, "the chain has 0 kg left"),
        ({"T-1": 200}, {"T-1": 201}, "the chain has 200 kg left"),
        ({"T-1": 200}, {"T-1": 200, "T-2": 1}, "the chain has 0 kg left"),
    ],
)
def test_what_was_released_does_not_come_back(before: dict[str, int], one: dict[str, int], says: str) -> None:
    book = after(said(ALL), said(before))
    with pytest.raises(ReceiptError, match=says):
        followed(book, C, said(one), "system", NOW)


def test_a_number_means_one_receipt_with_one_mass() -> None:
    with pytest.raises(ReceiptError, match="was issued for"):
        followed(after(said(ALL)), C, said(ALL, kg={"T-1": 501, "T-2": 300}), "system", NOW)


PARTS = st.fixed_dictionaries({"T-1": st.integers(0, 500), "T-2": st.integers(0, 300)})


@given(st.lists(PARTS, max_size=6))
def test_after_any_extracts_that_could_be_followed_the_chain_is_what_the_last_of_them_said(extracts) -> None:
    book, last = EMPTY, None
    for parts in extracts:
        in_pledge = {t: kg for t, kg in parts.items() if kg}
        try:
            book = fold(book, followed(book, C, said(in_pledge), "system", NOW))
        except ReceiptError:
            continue
        last = in_pledge
    assert last is None or dict(book["CD-1"].pledged) == last


def test_the_shipped_receipts_fold_to_what_they_were() -> None:
    events = [r.event for r in map(parse, GOLDEN.read_text("utf-8").splitlines()) if r.event.tenant == "bing"]
    book = fold(ReceiptBook(lender="bing"), events)
    assert {no: (s.state, s.left_kg, s.receipt.expires_on) for no, s in book.items()} == {
        "CD-0087": (State.SPLIT, 0, date(2026, 3, 15)),
        "CD-0087A": (State.PLEDGED, 200_000, date(2026, 3, 15)),
        "CD-0087B": (State.PLEDGED, 300_000, date(2026, 6, 15)),
        "CD-0099": (State.CANCELLED, 0, date(2026, 3, 15)),
    }


def test_what_two_people_decided_about_receipts_folds_to_what_it_was() -> None:
    events = [r.event for r in map(parse, GOLDEN.read_text("utf-8").splitlines()) if r.event.tenant == "geng"]
    book = fold(ReceiptBook(lender="geng"), events)
    assert {no: (s.state, s.left_kg, s.receipt.split_from) for no, s in book.items()} == {
        "CD-0201": (State.SPLIT, 0, None),
        "CD-0201A": (State.PLEDGED, 500_000, "CD-0201"),
        "CD-0201B": (State.PLEDGED, 300_000, "CD-0201"),
        "CD-0202": (State.CANCELLED, 0, None),
    }
    decided = {p.id: p.outcome for p in fold_proposals({}, events).values()}
    assert set(decided.values()) == {Standing.CONFIRMED}
    assert len(decided) == 2
