"""What an ownership ledger means for the value and for the tolerance between book and gauge; without one nothing changes."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.contract import Contract, QuantityRule, Tolerances
from domain.finding import Finding
from domain.holding import Books, holdings
from domain.ownership.ledger import EMPTY, Ledger, Lot
from domain.ownership.tolerance import allowed_kg, natural_loss_kg
from domain.position import Holding, take_position
from domain.scene import DepotPapers, Scene
from rules.book_gap import Memory, judge
from tests.fakes.pledge import NOW, contract, prices, scene, stock_of

D = Decimal


def pledge(**changed: object) -> Contract:
    """T-1 only, without a share of its own."""
    (first,) = [p for p in contract().pledged if p.tank_id == "T-1"]
    return contract(pledged=(replace(first, share=None, **changed),), quantity_rule=QuantityRule.LOWER_OF_BOOK)  # type: ignore[arg-type]


def lots(**kg: int) -> Ledger:
    """T-1 by the ledger: hengyun_B1=600 is 600 kg of hengyun's batch B1."""
    held = tuple(
        Lot(owner=o, batch=b, good="METHANOL", kg=m, since=NOW - timedelta(days=9))
        for (o, b), m in ((name.split("_"), m) for name, m in kg.items())
    )
    return Ledger(lots={"T-1": held}, stock_taken={"T-1": NOW - timedelta(days=60)})


def books(mine_kg: int, theirs_kg: int = 0) -> Books:
    return Books(
        kg={("T-1", "hengyun"): mine_kg, ("T-1", "haichuan"): theirs_kg}, tank_kg={"T-1": mine_kg + theirs_kg}, as_of=NOW
    )  # fmt: skip


def held(of: Contract, book: Books, ledger: Ledger = EMPTY, tonnes: float = 110.0) -> Holding:
    (found,) = holdings(of, stock_of([tonnes, 0, 0]), book, NOW, ledger)
    return found


def test_the_ledgers_share_is_taken_of_what_is_measured_and_its_kg_are_the_paper() -> None:
    mine = held(pledge(), books(60_000, 40_000), lots(hengyun_B1=60_300, haichuan_C1=40_200))
    assert (mine.share, mine.physical_kg, mine.book_kg) == (D("0.6"), 66_000, 60_300)


def test_no_ledger_and_a_fixed_share_mean_what_they_always_meant() -> None:
    assert held(pledge(), books(60_000, 40_000)).share == D("0.6")
    fixed = contract(pledged=(replace(pledge().pledged[0], share=D("0.5")),))
    mine = held(fixed, books(60_000, 40_000), lots(hengyun_B1=10, haichuan_C1=90))
    assert (mine.share, mine.book_kg) == (D("0.5"), 60_000)


def test_an_owner_whom_the_ledger_does_not_know_has_nothing_whatever_the_book_says() -> None:
    assert held(pledge(), books(60_000, 40_000), lots(haichuan_C1=100_000)).physical_kg == 0


def test_two_banks_in_one_tank_never_hold_more_than_is_in_it() -> None:
    ledger = lots(hengyun_B1=1, haichuan_C1=2)
    other = replace(pledge(), pledged=(replace(pledge().pledged[0], owner="haichuan"),))
    for mine_kg, theirs_kg in ((1, 2), (2, 1), (3, 3), (0, 3)):
        both = [held(c, books(mine_kg, theirs_kg), ledger) for c in (pledge(), other)]
        assert sum(h.share for h in both) <= 1
        assert sum(h.book_kg or 0 for h in both) <= 3


def test_one_owners_batches_in_two_contracts_add_up_to_what_the_owner_has() -> None:
    ledger = lots(hengyun_B1=300, hengyun_B2=700)
    first, second = (held(pledge(batches=(b,)), books(1000), ledger) for b in ("B1", "B2"))
    assert (first.share, second.share) == (D("0.3"), D("0.7"))


def test_identified_batches_count_in_the_value_and_unknown_ones_do_not() -> None:
    of, ledger = pledge(batches=("B1",)), lots(hengyun_B1=40_000, hengyun_B2=60_000)

    def value(book: Books, ledger: Ledger) -> Decimal:
        found = holdings(of, stock_of([100, 0, 0]), book, NOW, ledger)
        return take_position(of, holdings=found, prices=prices(), book_stale=False, now=NOW).recognised

    assert value(books(100_000), ledger) == D("80000.00")  # 40 t at 2,000
    assert value(books(100_000), EMPTY) == 0


def gap(book_kg: int, *, tonnes: float, stock_taken_at: datetime | None) -> list[Finding]:
    """What is told after half an hour, methanol losing 0.2 % a month by nature."""
    of = contract(tolerances=Tolerances(natural_loss={"METHANOL": 0.002}))
    own = Books(kg={("T-1", "hengyun"): book_kg}, tank_kg={"T-1": book_kg}, as_of=NOW)
    papers = DepotPapers(work_orders_as_of=NOW, releases_as_of=NOW)
    now = scene(stock_of([tonnes, 0, 0]), of=of, books=own, papers=papers)
    items = tuple(replace(i, holding=replace(i.holding, stock_taken_at=stock_taken_at)) for i in now.position.items)
    judged: Scene = replace(now, position=replace(now.position, items=items))
    return judge(judged, Memory(since={"T-1": NOW - timedelta(hours=1)}))[0]


@pytest.mark.parametrize(
    ("tonnes", "days", "told"),
    [
        (99.2, None, True),  # 800 kg are short, 500 kg of 100 t allowed
        (99.2, 60, False),  # and another 400 kg after two months
        (99.0, 60, True),
        (99.2, 30, True),  # one month: 700 kg
        (100.8, 60, True),  # nature adds nothing
    ],
)
def test_natural_loss_widens_the_tolerance_for_what_is_short_only(tonnes: float, days: int | None, told: bool) -> None:
    taken = NOW - timedelta(days=days) if days is not None else None
    assert bool(gap(100_000, tonnes=tonnes, stock_taken_at=taken)) == told


def test_natural_loss_is_never_more_than_there_is_and_none_before_stock_was_taken() -> None:
    terms = Tolerances(natural_loss={"METHANOL": 0.05})

    def lost(taken: datetime | None) -> float:
        return natural_loss_kg(terms, "METHANOL", 1000, stock_taken_at=taken, now=NOW)

    assert lost(NOW - timedelta(days=30)) == pytest.approx(50)
    assert lost(NOW - timedelta(days=30_000)) == 1000
    assert lost(None) == lost(NOW + timedelta(days=1)) == 0
    assert allowed_kg(terms, "METHANOL", 1000, u_kg=40, short=False, stock_taken_at=None, now=NOW) == 80
