"""Who owns what in a commingled tank: kilograms are conserved, whatever is booked, late, corrected or impossible."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import SourceMalformed
from domain.ownership.allocation import ShareMethod, first_in, pro_rata
from domain.ownership.entry import EntryKind
from domain.ownership.journal import Journal
from domain.ownership.ledger import ADDS, Ledger, Refusal, fold
from domain.ownership.lineage import steps, trace
from tests.fakes.ownership import T0, entry, life

END = T0 + timedelta(days=30)
SEEDS = st.integers(0, 10**6)
METHODS = st.sampled_from(ShareMethod)


def held(ledger: Ledger, tank: str = "T-1") -> dict[tuple[str, str | None], int]:
    return {(lot.owner, lot.batch): lot.kg for lot in ledger.lots[tank]}


def whole(ledger: Ledger) -> int:
    return sum(lot.kg for lots in ledger.lots.values() for lot in lots)


TWO = [
    entry("opening", 600, owner="hengyun", batch="B-1"),
    entry("opening", 300, owner="hengyun", batch="B-2", no="o2"),
    entry("opening", 100, owner="haichuan", batch="C-1"),
]


def test_a_tank_has_lots_by_owner_and_batch() -> None:
    assert held(fold(TWO, END)) == {("hengyun", "B-1"): 600, ("hengyun", "B-2"): 300, ("haichuan", "C-1"): 100}


def test_a_withdrawal_takes_from_the_owners_batches_by_their_shares_and_from_nobody_else() -> None:
    after = fold([*TWO, entry("outbound", 90, hours=1)], END)
    assert held(after) == {("hengyun", "B-1"): 540, ("hengyun", "B-2"): 270, ("haichuan", "C-1"): 100}


def test_first_in_empties_the_oldest_batch_first() -> None:
    said = [
        entry("opening", 100, batch="B-2"),
        entry("inbound", 50, hours=1, batch="B-1"),
        entry("outbound", 120, hours=2),
    ]
    assert held(fold(said, END, method=ShareMethod.FIRST_IN)) == {("hengyun", "B-1"): 30}
    assert held(fold(said, END)) == {("hengyun", "B-2"): 20, ("hengyun", "B-1"): 10}


def test_a_transfer_of_the_mix_takes_from_every_lot_and_a_named_one_only_its_owners() -> None:
    mixed = fold([*TWO, entry("transfer", 100, hours=1, to_tank="T-2")], END)
    assert held(mixed, "T-2") == {("hengyun", "B-1"): 60, ("hengyun", "B-2"): 30, ("haichuan", "C-1"): 10}
    own = fold([*TWO, entry("transfer", 100, hours=1, to_tank="T-2", owner="haichuan")], END)
    assert held(own, "T-2") == {("haichuan", "C-1"): 100}


def test_title_passes_in_place_and_keeps_the_batch() -> None:
    after = fold([*TWO, entry("title", 50, hours=1, batch="B-2", to_owner="haichuan")], END)
    assert held(after)[("haichuan", "B-2")] == 50
    assert held(after)[("hengyun", "B-2")] == 250


def test_a_loss_and_a_gain_of_the_mix_are_everybodys_by_mass_and_take_stock() -> None:
    lost = fold([*TWO, entry("loss", 10, hours=1)], END)
    assert held(lost) == {("hengyun", "B-1"): 594, ("hengyun", "B-2"): 297, ("haichuan", "C-1"): 99}
    assert lost.stock_taken["T-1"] == T0 + timedelta(hours=1)
    assert whole(fold([*TWO, entry("gain", 7, hours=1)], END)) == 1007


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (entry("outbound", 901, hours=1), Refusal.NOT_ENOUGH),
        (entry("outbound", 301, hours=1, batch="B-2"), Refusal.NOT_ENOUGH),
        (entry("outbound", 1, hours=1, owner="third"), Refusal.NOT_ENOUGH),
        (entry("transfer", 1001, hours=1, to_tank="T-2"), Refusal.NOT_ENOUGH),
        (entry("outbound", 1, hours=1, tank="T-9"), Refusal.UNKNOWN_TANK),
        (entry("inbound", 1, hours=1, good="DIESEL0"), Refusal.OTHER_GOOD),
        (entry("gain", 1, hours=1, owner="third"), Refusal.NOT_ENOUGH),
    ],
)
def test_an_entry_that_cannot_be_is_refused_whole_and_kept_with_its_reason(said, why) -> None:
    after = fold([*TWO, said], END)
    assert [(r.entry, r.why) for r in after.refused] == [(said, why)]
    assert after.lots == fold(TWO, END).lots


def test_a_later_opening_takes_the_place_of_what_was_there_and_says_how_much_that_was() -> None:
    anew = [entry("opening", 800, hours=2, batch="B-1"), entry("opening", 99, hours=2, owner="haichuan", no="o9")]
    after = fold([*TWO, entry("outbound", 1, hours=1), *anew], END)
    assert held(after) == {("hengyun", "B-1"): 800, ("haichuan", None): 99}
    assert [(c.tank_id, c.kg) for c in after.closed] == [("T-1", 999)]
    assert after.refused == ()


def test_a_transfer_into_another_good_is_refused_at_both_ends() -> None:
    said = [*TWO, entry("opening", 50, tank="T-2", good="DIESEL0"), entry("transfer", 10, hours=1, to_tank="T-2")]
    after = fold(said, END)
    assert [r.why for r in after.refused] == [Refusal.OTHER_GOOD]
    assert whole(after) == 1050


def test_an_emptied_tank_may_take_another_good() -> None:
    said = [*TWO, entry("loss", 1000, hours=1), entry("inbound", 5, hours=2, good="DIESEL0")]
    assert [lot.good for lot in fold(said, END).lots["T-1"]] == ["DIESEL0"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kg": -1}, "-1 kg"),
        ({"at": T0.replace(tzinfo=None)}, "no time zone"),
        ({"owner": None}, "'owner' is missing"),
        ({"to_tank": "T-2"}, "outbound has none"),
        ({"kind": EntryKind.TRANSFER}, "'to_tank' is None"),
        ({"kind": EntryKind.TITLE, "to_owner": "hengyun"}, "needs another than 'hengyun'"),
    ],
)
def test_a_line_that_means_nothing_is_refused_at_the_door(change, says) -> None:
    with pytest.raises(SourceMalformed, match=says):
        replace(entry("outbound", 1), **change)


@settings(deadline=None)
@given(SEEDS, METHODS)
def test_kilograms_are_conserved_under_every_script(seed: int, method: ShareMethod) -> None:
    said = life(seed)
    ledger = fold(said, END, method=method)
    refused = {r.entry.key for r in ledger.refused}
    booked = [e for e in said if e.key not in refused]
    came = sum(e.kg for e in booked if e.kind in ADDS or e.kind is EntryKind.GAIN)
    left = sum(e.kg for e in booked if e.kind in (EntryKind.OUTBOUND, EntryKind.LOSS))
    assert whole(ledger) == came - left - sum(c.kg for c in ledger.closed)
    assert all(lot.kg > 0 for lots in ledger.lots.values() for lot in lots)
    assert all(len({lot.good for lot in lots}) <= 1 for lots in ledger.lots.values())


@settings(max_examples=40, deadline=None)
@given(SEEDS, METHODS, st.lists(st.integers(0, 64), max_size=8))
def test_kept_as_it_comes_is_folded_from_zero(seed: int, method: ShareMethod, corrected: list[int]) -> None:
    """Words in any order, some late, some corrected or cancelled, some dated ahead."""
    said = life(seed)
    arrives = random.Random(seed).sample(said, len(said))
    words = [*arrives, *(replace(said[i % len(said)], kg=i * 13 % 500) for i in corrected)]
    journal, last = Journal(method=method), {}
    for n, word in enumerate(words):
        now = T0 + timedelta(hours=n)
        journal = journal.heard([word], now)
        last[word.key] = word
        if n % 9 == 0 or n == len(words) - 1:
            assert journal.ledger.lots == fold(last.values(), now, method=method).lots
            assert journal.ledger == fold(last.values(), now, method=method)


@settings(deadline=None)
@given(SEEDS)
def test_the_steps_of_all_batches_add_up_to_the_lots(seed: int) -> None:
    said = life(seed)
    held_kg: dict[tuple[str, str, str | None], int] = {}

    def add(tank: str, owner: str, batch: str | None, kg: int) -> None:
        held_kg[tank, owner, batch] = held_kg.get((tank, owner, batch), 0) + kg

    opened: set[tuple[str, datetime]] = set()
    for batch, s in steps(said, END):
        if s.kind is EntryKind.OPENING and (s.tank_id, s.at) not in opened:
            opened.add((s.tank_id, s.at))
            held_kg = {key: kg for key, kg in held_kg.items() if key[0] != s.tank_id}
        came = s.kind in ADDS or s.kind is EntryKind.GAIN
        add(s.tank_id, s.owner, batch, s.kg if came else -s.kg)
        if s.to_tank is not None:
            add(s.to_tank, s.owner, batch, s.kg)
        if s.to_owner is not None:
            add(s.tank_id, s.to_owner, batch, s.kg)
    lots = {(t, x.owner, x.batch): x.kg for t, of in fold(said, END).lots.items() for x in of}
    assert {k: kg for k, kg in held_kg.items() if kg} == lots


def test_a_batch_is_traced_through_transfers_of_the_mix_with_its_own_part() -> None:
    said = [
        entry("inbound", 600, batch="B-1", paper="CD-1"),
        entry("inbound", 400, batch="C-1", owner="haichuan", no="c"),
        entry("transfer", 500, hours=1, to_tank="T-2"),
        entry("transfer", 100, hours=2, tank="T-2", to_tank="T-3"),
    ]
    found = trace(said, "B-1", END)
    assert [(s.kind, s.tank_id, s.to_tank, s.kg, s.paper) for s in found] == [
        ("inbound", "T-1", None, 600, "CD-1"),
        ("transfer", "T-1", "T-2", 300, None),
        ("transfer", "T-2", "T-3", 60, None),
    ]
    assert trace(said, "B-9", END) == ()


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12).filter(any), st.integers(0, 10**8))
def test_what_is_shared_out_adds_up_and_splitting_takes_from_nobody_more_than_there_is(weights, total) -> None:
    parts = pro_rata(total, weights)
    assert sum(parts) == total
    assert all(abs(p - total * w / sum(weights)) < 1 + 1e-6 for p, w in zip(parts, weights, strict=True))
    if total <= sum(weights):
        assert all(p <= w for p, w in zip(parts, weights, strict=True))
        assert sum(first_in(total, weights)) == total


def test_of_equal_remainders_the_first_gets_the_kilogram() -> None:
    assert pro_rata(2, [1, 1, 1]) == [1, 1, 0]
    with pytest.raises(ValueError, match="above 0"):
        pro_rata(1, [0, 0])
    with pytest.raises(ValueError, match="3 kg out of 2 kg"):
        first_in(3, [1, 1])
