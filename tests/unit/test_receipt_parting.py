"""Splits and cancellations as a register tells them: conserved, followed once, and never mistaken for a release."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receipts import Receipts
from bot.registering import Followed, Told, news
from datasources.workspace import Workspace
from domain.errors import ReceiptError
from domain.receipt.pool import claimed_kg
from domain.receipt.receipt import Receipt, ReceiptBook, State
from domain.receipt.register import Registered
from tests.fakes.pledge import contract

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
C = contract(receipts=())
WORKSPACE = cast("Workspace", SimpleNamespace(contracts={"C-1": C}))
EMPTY = Receipts(books={"jia": ReceiptBook(lender="jia")})
Parts = Mapping[str, int]


def row(no: str, kg: Parts, in_pledge: Parts | None = None, *, of: str | None = None, void: date | None = None) -> Registered:  # fmt: skip
    receipt = Receipt(
        no=no,
        issuer="gangchu",
        owner="hengyun",
        good="METHANOL",
        parts=dict(kg),
        issued_on=date(2026, 1, 10),
        split_from=of,
    )
    return Registered(
        contract_id="C-1", receipt=receipt, in_pledge=kg if in_pledge is None else in_pledge, cancelled_on=void
    )


def taken(receipts: Receipts, *said: Registered, asked: frozenset[tuple[str, str]] = frozenset()) -> tuple[Receipts, Told, list[str]]:  # fmt: skip
    events, told = news(receipts, WORKSPACE, said, asked, NOW)
    return receipts.after(events), told, [e.kind.removeprefix("receipt.") for e in events]


def states(receipts: Receipts) -> dict[str, tuple[State, int]]:
    return {no: (s.state, s.left_kg) for no, s in receipts.books["jia"].items()}


WHOLE = {"T-1": 500, "T-2": 300}
OLD = row("CD-1", WHOLE)
GONE = row("CD-1", WHOLE, {})
A, B = row("CD-1A", {"T-1": 500}, of="CD-1"), row("CD-1B", {"T-2": 300}, of="CD-1")
PLEDGED = taken(EMPTY, OLD)[0]


@pytest.mark.parametrize("said", [(GONE, A, B), (A, B, GONE), (B, A)])
def test_a_split_is_followed_in_any_order_of_its_rows_and_once(said: tuple[Registered, ...]) -> None:
    after, told, kinds = taken(PLEDGED, *said)
    assert kinds == ["split"]
    assert set(told.values()) == {Followed.ANEW}
    assert states(after) == {"CD-1": (State.SPLIT, 0), "CD-1A": (State.PLEDGED, 500), "CD-1B": (State.PLEDGED, 300)}
    _, told, kinds = taken(after, *said)
    assert (kinds, {told[s.contract_id, s.receipt.no] for s in said}) == ([], {Followed.KNOWN})


def test_a_part_that_is_less_in_pledge_was_released_after_the_split() -> None:
    after, _, kinds = taken(PLEDGED, GONE, replace(A, in_pledge={"T-1": 200}), replace(B, in_pledge={}))
    assert kinds == ["split", "released", "released"]
    assert claimed_kg(after.books["jia"], C) == {"T-1": 200}


def test_a_number_that_only_the_extract_knows_is_opened_and_split() -> None:
    after, _, kinds = taken(EMPTY, GONE, A, B)
    assert kinds == ["opened", "split", "pledged", "pledged"]
    assert claimed_kg(after.books["jia"], C) == WHOLE


def test_a_part_may_be_split_again_in_the_same_file() -> None:
    small = (row("CD-1AA", {"T-1": 100}, of="CD-1A"), row("CD-1AB", {"T-1": 400}, of="CD-1A"))
    after, told, kinds = taken(PLEDGED, *small, replace(A, in_pledge={}), B, GONE)
    assert kinds == ["split", "split"]
    assert set(told.values()) == {Followed.ANEW}
    assert claimed_kg(after.books["jia"], C) == WHOLE
    assert taken(after, *small, replace(A, in_pledge={}), B, GONE)[2] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ((GONE, A), "few"),
        ((GONE, A, row("CD-1B", {"T-2": 299}, of="CD-1")), "sum"),
        ((GONE, A, row("CD-1B", {"T-1": 300}, of="CD-1")), "sum"),
        ((OLD, A, B), "split"),
        ((GONE, A, row("CD-2", {"T-2": 300}, of="CD-1")), "known"),
        ((A, replace(B, receipt=replace(B.receipt, split_from="CD-9"))), "unknown"),
        ((GONE, A, replace(B, receipt=replace(B.receipt, good="DIESEL0"))), "refused"),
        ((GONE, A, replace(B, receipt=replace(B.receipt, owner="haichuan"))), "refused"),
        ((row("X", {"T-1": 1}, {}, of="Y"), row("Y", {"T-1": 1}, {}, of="X")), "unknown"),
    ],
)
def test_a_split_that_cannot_be_changes_nothing_at_all(said: tuple[Registered, ...], code: str) -> None:
    """Above all the number before is not released, though the extract has nothing of it in pledge."""
    known = taken(PLEDGED, row("CD-2", {"T-1": 1}))[0]
    after, told, kinds = taken(known, *said)
    assert kinds == []
    assert after is known
    wrong = [why for why in told.values() if isinstance(why, ReceiptError)]
    assert len(wrong) == len(told)
    assert code in {e.code for e in wrong}


def test_a_second_split_of_the_same_number_is_refused_by_its_new_parts() -> None:
    after, _, _ = taken(PLEDGED, GONE, A, B)
    late = row("CD-1C", {"T-2": 1}, of="CD-1")
    again, told, kinds = taken(after, late, A, B)
    assert (again, kinds) == (after, [])
    assert isinstance(why := told["C-1", "CD-1C"], ReceiptError)
    assert why.code == "split"
    assert "was split into ['CD-1A', 'CD-1B'] already, ['CD-1C'] not among them" in str(why)


def test_while_a_case_is_open_under_it_the_register_waits_too() -> None:
    after, told, kinds = taken(PLEDGED, GONE, A, B, asked=frozenset({("jia", "CD-1")}))
    assert (after, kinds) == (PLEDGED, [])
    assert {why.code for why in told.values() if isinstance(why, ReceiptError)} == {"case"}
    assert taken(PLEDGED, GONE, A, B, asked=frozenset({("yi", "CD-1")}))[2] == ["split"]


VOID = date(2026, 3, 10)


def test_an_open_receipt_is_cancelled_once_and_never_comes_back() -> None:
    unpledged = taken(EMPTY, row("CD-1", WHOLE, {}))[0]
    after, told, kinds = taken(unpledged, row("CD-1", WHOLE, {}, void=VOID))
    assert (kinds, told) == (["cancelled"], {("C-1", "CD-1"): Followed.ANEW})
    assert taken(after, row("CD-1", WHOLE, {}, void=VOID))[1:] == ({("C-1", "CD-1"): Followed.KNOWN}, [])
    _, told, kinds = taken(after, OLD)
    assert kinds == []
    assert isinstance(told["C-1", "CD-1"], ReceiptError)


def test_a_number_that_comes_cancelled_is_known_from_then_on() -> None:
    after, _, kinds = taken(EMPTY, row("CD-1", WHOLE, {}, void=VOID))
    assert kinds == ["opened", "cancelled"]
    assert states(after) == {"CD-1": (State.CANCELLED, 0)}


def test_what_is_pledged_is_not_cancelled_and_it_is_said_who_releases_it() -> None:
    after, told, kinds = taken(PLEDGED, row("CD-1", WHOLE, {}, void=VOID))
    assert (after, kinds) == (PLEDGED, [])
    assert isinstance(why := told["C-1", "CD-1"], ReceiptError)
    assert why.code == "pledged"
    assert "pledged to contract 'C-1', 800 kg" in str(why)
    assert "'jia' releases it first" in str(why)


@pytest.mark.parametrize("before", [(GONE,), (GONE, A, B)])
def test_a_cancelled_paper_of_what_is_over_is_no_news(before: tuple[Registered, ...]) -> None:
    over = taken(PLEDGED, *before)[0]
    assert taken(over, row("CD-1", WHOLE, {}, void=VOID))[1:] == ({("C-1", "CD-1"): Followed.KNOWN}, [])


@st.composite
def partitions(draw: st.DrawFn) -> tuple[dict[str, int], list[dict[str, int]]]:
    """A receipt over up to three tanks, and two to five parts of it, each of something."""
    parts = draw(st.lists(st.dictionaries(st.sampled_from(["T-1", "T-2", "T-3"]), st.integers(1, 10**7), min_size=1), min_size=2, max_size=5))  # fmt: skip
    whole: dict[str, int] = {}
    for part in parts:
        for tank, kg in part.items():
            whole[tank] = whole.get(tank, 0) + kg
    return whole, parts


@given(partitions(), st.randoms(use_true_random=False), st.integers(-2, 2))
def test_whatever_is_split_is_conserved_to_the_kilogram_or_left_whole(
    drawn: tuple[dict[str, int], list[dict[str, int]]], random: Random, off: int
) -> None:
    whole, parts = drawn
    before = taken(EMPTY, row("R", whole))[0]
    rows = [row(f"R{n}", part, of="R") for n, part in enumerate(parts)]
    tank = random.choice(sorted(parts[0]))
    wrong = {**parts[0], tank: max(1, parts[0][tank] + off)}
    rows[0] = row("R0", wrong, of="R")
    said = [row("R", whole, {}), *rows]
    random.shuffle(said)
    after, _, kinds = taken(before, *said)
    assert claimed_kg(after.books["jia"], C) == whole
    assert kinds == (["split"] if wrong == parts[0] else [])
    assert taken(after, *said)[2] == []
