"""A receipt's life: what may happen and what never, over random scripts of two lenders and their days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from domain.errors import ReceiptError
from domain.event import Event, current
from domain.receipt.fold import fold
from domain.receipt.life import cancelled, extended, opened, pledged, released, split
from domain.receipt.pool import claimed_kg, contradictions, covered_kg, renewed, signed
from domain.receipt.receipt import Receipt, ReceiptBook, State
from tests.fakes.pledge import contract

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
END = date(2026, 3, 15)
C = contract(receipts=())


def receipt(no: str = "CD-0087", parts: Mapping[str, int] | None = None, *, end: date | None = END) -> Receipt:
    return Receipt(
        no=no,
        issuer="gangchu",
        owner="hengyun",
        good="METHANOL",
        parts=dict(parts or {"T-1": 500_000, "T-2": 300_000}),
        issued_on=date(2026, 1, 10),
        expires_on=end,
    )


def held(*events: Event, book: ReceiptBook | None = None) -> ReceiptBook:
    return fold(book or ReceiptBook(lender="jia"), events)


def in_pledge(**changes: object) -> ReceiptBook:
    book = held(*opened(ReceiptBook(lender="jia"), receipt(**changes), C, "wang", NOW))  # type: ignore[arg-type]
    return held(*pledged(book, "CD-0087", C, "wang", NOW), book=book)


def test_a_pledged_receipt_covers_its_kilograms_tank_by_tank() -> None:
    book = in_pledge()
    assert book["CD-0087"].state is State.PLEDGED
    assert covered_kg(book, C, NOW) == {"T-1": 500_000, "T-2": 300_000}


def test_a_part_is_released_and_the_rest_stays_under_the_same_number() -> None:
    book = in_pledge()
    book = held(*released(book, "CD-0087", {"T-1": 500_000, "T-2": 1}, "RC-1", "chen", NOW), book=book)
    assert (book["CD-0087"].state, dict(book["CD-0087"].pledged)) == (State.PARTLY_RELEASED, {"T-2": 299_999})
    book = held(*released(book, "CD-0087", {"T-2": 299_999}, None, "chen", NOW), book=book)
    assert (book["CD-0087"].state, book["CD-0087"].left_kg) == (State.RELEASED, 0)


def test_a_split_conserves_every_tank_and_stays_pledged() -> None:
    book = in_pledge()
    into = {"A": {"T-1": 500_000}, "B": {"T-2": 300_000}}
    after = held(*split(book, "CD-0087", into, "chen", NOW), book=book)
    assert covered_kg(after, C, NOW) == covered_kg(book, C, NOW)
    assert (after["CD-0087"].state, after["A"].receipt.split_from) == (State.SPLIT, "CD-0087")
    assert after["B"].receipt.expires_on == END


@pytest.mark.parametrize(
    "into",
    [
        {"A": {"T-1": 500_000, "T-2": 300_000}},
        {"A": {"T-1": 500_000}, "B": {"T-2": 300_001}},
        {"A": {"T-1": 300_000}, "B": {"T-2": 500_000}},
        {"A": {"T-1": 500_000}, "CD-0087": {"T-2": 300_000}},
        {"A": {"T-1": 500_000, "T-2": 0}, "B": {"T-2": 300_000}},
    ],
)
def test_a_split_that_does_not_add_up_is_refused(into: dict[str, dict[str, int]]) -> None:
    with pytest.raises(ReceiptError):
        split(in_pledge(), "CD-0087", into, "chen", NOW)


def test_what_is_over_is_never_pledged_again() -> None:
    book = in_pledge()
    gone = held(*released(book, "CD-0087", {"T-1": 500_000, "T-2": 300_000}, None, "chen", NOW), book=book)
    parted = held(*split(book, "CD-0087", {"A": {"T-1": 500_000}, "B": {"T-2": 300_000}}, "c", NOW), book=book)
    fresh = held(*opened(ReceiptBook(lender="jia"), receipt(), C, "wang", NOW))
    void = held(*cancelled(fresh, "CD-0087", "mistyped", "wang", NOW), book=fresh)
    for dead in (gone, parted, void):
        with pytest.raises(ReceiptError, match="never pledged again"):
            pledged(dead, "CD-0087", C, "wang", NOW)
        with pytest.raises(ReceiptError, match="not reused"):
            opened(dead, receipt(), C, "wang", NOW)
        with pytest.raises(ReceiptError):
            extended(dead, "CD-0087", date(2027, 1, 1), "wang", NOW)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda b: pledged(b, "CD-0087", C, "w", NOW), "pledged already"),
        (lambda b: pledged(b, "CD-9", C, "w", NOW), "unknown"),
        (lambda b: released(b, "CD-0087", {"T-2": 300_001}, None, "w", NOW), "300000 kg pledged"),
        (lambda b: released(b, "CD-0087", {"T-3": 1}, None, "w", NOW), "0 kg pledged"),
        (lambda b: released(b, "CD-0087", {"T-1": 0}, None, "w", NOW), "above 0"),
        (lambda b: released(b, "CD-0087", {}, None, "w", NOW), "above 0"),
        (lambda b: cancelled(b, "CD-0087", "x", "w", NOW), "only an open one"),
        (lambda b: extended(b, "CD-0087", END, "w", NOW), "not later"),
        (lambda b: opened(b, receipt("N", end=date(2026, 1, 9)), C, "w", NOW), "before its issue"),
    ],
)
def test_what_must_not_happen_says_why(act, says: str) -> None:
    with pytest.raises(ReceiptError, match=says):
        act(in_pledge())


def test_a_receipt_elsewhere_cannot_be_pledged_here() -> None:
    book = held(*opened(ReceiptBook(lender="jia"), receipt(parts={"T-9": 5}), C, "wang", NOW))
    with pytest.raises(ReceiptError, match="T-9"):
        pledged(book, "CD-0087", C, "wang", NOW)
    with pytest.raises(ReceiptError, match="takes no receipts"):
        pledged(book, "CD-0087", replace(C, receipts=None), "wang", NOW)


def test_it_lapses_with_the_end_of_its_last_day_in_china() -> None:
    book = in_pledge()
    last, after = datetime(2026, 3, 15, 15, 59, 59, tzinfo=UTC), datetime(2026, 3, 15, 16, 0, tzinfo=UTC)
    assert covered_kg(book, C, last) == {"T-1": 500_000, "T-2": 300_000}
    assert covered_kg(book, C, after) == {}
    assert claimed_kg(book, C) == {"T-1": 500_000, "T-2": 300_000}, "an end of the paper frees no cargo"
    assert book["CD-0087"].receipt.lapses_at == after
    renewed_ = held(*extended(book, "CD-0087", date(2026, 6, 15), "wang", after), book=book)
    assert covered_kg(renewed_, C, after) == {"T-1": 500_000, "T-2": 300_000}


def test_an_expired_receipt_is_not_pledged() -> None:
    book = held(*opened(ReceiptBook(lender="jia"), receipt(), C, "wang", NOW))
    with pytest.raises(ReceiptError, match="expired"):
        pledged(book, "CD-0087", C, "wang", NOW + timedelta(days=4))


def test_the_files_receipts_enter_an_empty_chain_once_and_as_of_signing() -> None:
    signed_on = contract(receipts=(receipt(),), effective_from=date(2026, 1, 1))
    events = signed(ReceiptBook(lender="jia"), signed_on, NOW)
    assert [e.kind for e in events] == ["receipt.opened", "receipt.pledged"]
    assert {e.occurred_at for e in events} == {datetime(2026, 1, 9, 16, tzinfo=UTC)}, "not before its issue"
    assert {e.actor for e in events} == {"system"}
    assert signed(held(*events), signed_on, NOW) == []


def test_a_later_end_in_the_file_extends_and_any_other_change_is_a_contradiction() -> None:
    book = in_pledge()
    later = contract(receipts=(receipt(end=date(2026, 9, 15)),))
    assert [e.body["expires_on"] for e in renewed(book, later, NOW)] == ["2026-09-15"]
    assert renewed(book, contract(receipts=(receipt(end=date(2026, 3, 14)),)), NOW) == []
    assert contradictions(book, later) == ()
    assert contradictions(book, contract(receipts=(receipt(parts={"T-1": 800_000}),))) == ("CD-0087",)


KG = st.integers(1, 1000)
TANKS = ("T-1", "T-2")
OVER = frozenset({State.RELEASED, State.CANCELLED, State.SPLIT})


class Lives(RuleBasedStateMachine):
    """Two lenders do to receipts whatever comes to mind; what is refused changes nothing."""

    numbers = Bundle("numbers")

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.books = {x: ReceiptBook(lender=x) for x in ("jia", "yi")}
        self.contracts = {x: contract(lender=x, receipts=()) for x in self.books}
        self.chains: dict[str, list[Event]] = {x: [] for x in self.books}
        self.written: dict[str, dict[str, int]] = {x: {} for x in self.books}
        self.released: dict[str, dict[str, int]] = {x: {} for x in self.books}
        self.cancelled: dict[str, dict[str, int]] = {x: {} for x in self.books}
        self.ever_over: dict[str, set[str]] = {x: set() for x in self.books}

    def done(self, lender: str, events: list[Event]) -> None:
        self.chains[lender] += [current(e) for e in events]
        self.books[lender] = fold(self.books[lender], events)

    def tried(self, lender: str, act) -> bool:
        before = dict(self.books[lender])
        try:
            self.done(lender, act(self.books[lender]))
        except ReceiptError:
            assert dict(self.books[lender]) == before
            return False
        return True

    @rule(target=numbers, lender=st.sampled_from(("jia", "yi")), no=st.integers(1, 8), parts=st.dictionaries(st.sampled_from(TANKS), KG, min_size=1), days=st.integers(0, 9))  # fmt: skip
    def open(self, lender: str, no: int, parts: dict[str, int], days: int) -> tuple[str, str]:
        made = replace(receipt(f"R{no}", parts), expires_on=self.now.date() + timedelta(days=days))
        known = made.no in self.books[lender]
        taken = self.tried(lender, lambda b: opened(b, made, self.contracts[lender], "wang", self.now))
        assert taken is not known
        if taken:
            _add(self.written[lender], parts)
        return lender, made.no

    @rule(which=numbers)
    def pledge(self, which: tuple[str, str]) -> None:
        lender, no = which
        was = self.books[lender][no].state
        taken = self.tried(lender, lambda b: pledged(b, no, self.contracts[lender], "wang", self.now))
        assert not taken or was is State.OPEN

    @rule(which=numbers, parts=st.dictionaries(st.sampled_from(TANKS), KG, min_size=1), whole=st.booleans())
    def release(self, which: tuple[str, str], parts: dict[str, int], whole: bool) -> None:
        lender, no = which
        parts = dict(self.books[lender][no].pledged) if whole else parts
        if self.tried(lender, lambda b: released(b, no, parts, None, "chen", self.now)):
            _add(self.released[lender], parts)

    @rule(target=numbers, which=numbers, child=st.integers(1, 12), cut=KG, more=st.integers(0, 1))
    def split(self, which: tuple[str, str], child: int, cut: int, more: int) -> tuple[str, str]:
        lender, no = which
        was = self.books[lender][no]
        parts = dict(was.pledged if was.state.live else was.receipt.parts)
        tank = next(iter(parts), "T-1")
        one = {tank: min(cut, parts.get(tank, cut))}
        rest = {t: kg - one.get(t, 0) for t, kg in parts.items() if kg > one.get(t, 0)}
        rest |= {t: kg + more for t, kg in rest.items()}
        names = (f"R{child}", f"R{child}x{no}")
        taken = self.tried(lender, lambda b: split(b, no, dict(zip(names, (one, rest), strict=True)), "c", self.now))
        return (lender, names[0]) if taken else which

    @rule(which=numbers)
    def cancel(self, which: tuple[str, str]) -> None:
        lender, no = which
        parts = dict(self.books[lender][no].receipt.parts)
        if self.tried(lender, lambda b: cancelled(b, no, "mistyped", "wang", self.now)):
            _add(self.cancelled[lender], parts)

    @rule(which=numbers, days=st.integers(-2, 20))
    def extend(self, which: tuple[str, str], days: int) -> None:
        lender, no = which
        self.tried(lender, lambda b: extended(b, no, self.now.date() + timedelta(days=days), "w", self.now))

    @rule(days=st.integers(1, 5))
    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def every_kilogram_is_somewhere(self) -> None:
        for lender, book in getattr(self, "books", {}).items():
            there: dict[str, int] = {}
            for s in book.values():
                if not s.state.over:
                    _add(there, s.pledged if s.state.live else s.receipt.parts)
            _add(there, self.released[lender])
            _add(there, self.cancelled[lender])
            assert there == self.written[lender]

    @invariant()
    def what_is_over_stays_over(self) -> None:
        for lender, book in getattr(self, "books", {}).items():
            over = {no for no, s in book.items() if s.state in OVER}
            assert self.ever_over[lender] <= over
            assert not any(book[no].pledged for no in over)
            self.ever_over[lender] |= over

    @invariant()
    def a_fold_from_nothing_is_the_same(self) -> None:
        for lender, chain in getattr(self, "chains", {}).items():
            assert fold(ReceiptBook(lender=lender), chain) == self.books[lender]

    @invariant()
    def what_counts_is_what_is_pledged_and_not_expired(self) -> None:
        for lender, book in getattr(self, "books", {}).items():
            expected: dict[str, int] = {}
            for s in book.values():
                if s.state in (State.PLEDGED, State.PARTLY_RELEASED) and not s.receipt.expired(self.now):
                    _add(expected, s.pledged)
            assert covered_kg(book, self.contracts[lender], self.now) == expected


def _add(sums: dict[str, int], parts: Mapping[str, int]) -> None:
    for tank, kg in parts.items():
        sums[tank] = sums.get(tank, 0) + kg


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
