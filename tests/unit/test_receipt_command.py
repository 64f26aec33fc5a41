"""What is typed about a receipt is read whole or not at all: numbers, tanks, tonnes, and what is left."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.receipt_command import cancel, parts_of, split
from domain.receipt.receipt import Receipt, Standing, State

ONE = {"T-1": 800_000}
TWO = {"T-1": 500_000, "T-2": 300_000}


@pytest.mark.parametrize(
    ("words", "held", "into"),
    [
        ("A1 300吨 A2 500t", ONE, {"A1": {"T-1": 300_000}, "A2": {"T-1": 500_000}}),
        ("a1 1,234公斤 a2 其余", ONE, {"A1": {"T-1": 1_234}, "A2": {"T-1": 798_766}}),
        ("A1 0.03万吨 A2 rest", ONE, {"A1": {"T-1": 300_000}, "A2": {"T-1": 500_000}}),
        ("A1 T-1 500吨 A2 t2 300吨", TWO, {"A1": {"T-1": 500_000}, "A2": {"T-2": 300_000}}),
        (
            "A1 T-1 1吨 T-2 2吨 A2 其余",
            TWO,
            {"A1": {"T-1": 1_000, "T-2": 2_000}, "A2": {"T-1": 499_000, "T-2": 298_000}},
        ),
        ("A1 900吨 A2 1吨", ONE, {"A1": {"T-1": 900_000}, "A2": {"T-1": 1_000}}),
        ("A1 900吨 A2 其余", ONE, None),
        ("A1 300 A2 500", ONE, None),
        ("A1 300吨 A1 500吨", ONE, None),
        ("A1 300吨 500吨", ONE, None),
        ("A1 其余 A2 300吨", ONE, None),
        ("A1 0吨 A2 其余", ONE, None),
        ("A1 0.0001吨 A2 其余", ONE, None),
        ("A1 1,23吨 A2 其余", ONE, None),
        ("A1 500吨 A2 300吨", TWO, None),
        ("A1 T-1 T-2 300吨 A2 其余", TWO, None),
        ("A1 T-1 500吨 A2 T-2", TWO, None),
        ("300吨 A1 其余", ONE, None),
        ("甲 300吨 乙 500吨", ONE, None),
        ("", ONE, None),
    ],
)
def test_the_parts_of_a_split_as_people_write_them(words: str, held: dict[str, int], into: object) -> None:
    assert parts_of(words.split(), held) == into


@given(st.lists(st.integers(1, 10**8), min_size=2, max_size=6), st.booleans())
def test_what_is_written_comes_back_and_the_rest_is_all_that_is_left(parts: list[int], rest: bool) -> None:
    words = [w for n, kg in enumerate(parts) for w in (f"CD-{n}", f"{kg}kg" if n % 2 else f"{kg / 1000:.3f}吨")]
    if rest:
        words[-1] = "其余"
    assert parts_of(words, {"T-1": sum(parts)}) == {f"CD-{n}": {"T-1": kg} for n, kg in enumerate(parts)}


def standing(no: str, state: State = State.PARTLY_RELEASED) -> Standing:
    receipt = Receipt(no=no, issuer="y", owner="o", good="G", parts=TWO, issued_on=date(2026, 1, 10))
    return Standing(receipt=receipt, state=state, pledged={"T-2": 100_000} if state.live else {}, contract_id="C-1")


def test_what_was_released_is_not_there_to_be_split() -> None:
    body = split(["CD-1", "A1", "40", "吨", "A2", "其余"], [standing("CD-1")])
    assert body == {
        "no": "CD-1",
        "good": "G",
        "in_pledge": True,
        "parts": {"T-2": 100_000},
        "into": [{"no": "A1", "parts": {"T-2": 40_000}}, {"no": "A2", "parts": {"T-2": 60_000}}],
    }


def test_a_number_that_two_receipts_may_be_is_typed_exactly() -> None:
    both = [standing("CD-1", State.OPEN), standing("CD1", State.OPEN)]
    assert cancel(["cd_1"], both) == "receipt_unknown"
    assert cancel(["CD1", "mistyped", "by us"], both) == {
        "no": "CD1",
        "good": "G",
        "parts": TWO,
        "why": "mistyped by us",
    }
    assert cancel(["CD1", "x" * 101], both) == "usage"
