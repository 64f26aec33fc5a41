"""Papers, books and the ordinary day."""

from __future__ import annotations

import pytest

from depot.farm import Farm
from depot.office import Job
from depot.world import World

START_US = 1_773_295_200_000_000


def job(**changed: object) -> Job:
    values: dict[str, object] = {
        "tank": "T-107",
        "direction": "out",
        "to_tank": None,
        "mass_kg": 28_500,
        "rate_t_h": 85.5,
        "kind": "装车",
    }
    return Job(**{**values, **changed})  # type: ignore[arg-type]


def run(farm: Farm, minutes: float) -> None:
    for _ in range(round(minutes)):
        farm.step(60.0)


def test_a_withdrawal_has_its_notice_and_ends_on_its_quantity(farm: Farm) -> None:
    booked_kg, there_kg = farm.book.mass_kg("T-107", "hengyun"), farm.cargo.air_kg("T-107")
    no = farm.office.open(job(), farm.now_us)
    run(farm, 60)
    order = farm.papers.orders[-1]
    notice = farm.papers.releases[-1]
    assert (order.no, order.done_kg, order.release_no) == (no, 28_500, notice.no)
    assert order.closed_us is not None
    assert (notice.tank, notice.mass_kg) == ("T-107", 28_500)
    assert farm.book.mass_kg("T-107", "hengyun") == booked_kg - 28_500
    assert farm.cargo.air_kg("T-107") == pytest.approx(there_kg - 28_500, abs=0.01)


def test_two_lifts_under_the_lenders_own_number_have_one_notice(farm: Farm) -> None:
    notices = len(farm.papers.releases)
    for _ in range(2):
        farm.office.open(job(notice_no="TH-0901"), farm.now_us)
        run(farm, 60)
    first, second = farm.papers.orders[-2:]
    assert (first.release_no, second.release_no) == ("TH-0901", "TH-0901")
    assert [n.no for n in farm.papers.releases[notices:]] == ["TH-0901"]


def test_the_book_is_never_a_lot_behind_the_liquid(farm: Farm) -> None:
    farm.office.open(job(), farm.now_us)
    booked_kg, there_kg = farm.book.mass_kg("T-107", "hengyun"), farm.cargo.air_kg("T-107")
    for _ in range(150):
        farm.step(10.0)
        gone_kg = there_kg - farm.cargo.air_kg("T-107")
        posted_kg = booked_kg - farm.book.mass_kg("T-107", "hengyun")
        assert -1.0 <= gone_kg - posted_kg <= 1001.0


def test_a_transfer_is_two_lines_of_one_order_and_no_notice(farm: Farm) -> None:
    notices = len(farm.papers.releases)
    no = farm.office.open(job(tank="T-110", direction="transfer", to_tank="T-114", mass_kg=45_000), farm.now_us)
    lines = [o for o in farm.papers.orders if o.no == no]
    assert [(o.tank, o.direction, o.counter_tank) for o in lines] == [
        ("T-110", "transfer_out", "T-114"),
        ("T-114", "transfer_in", "T-110"),
    ]
    assert len(farm.papers.releases) == notices
    before = farm.book.mass_kg("T-114", "hengyun")
    run(farm, 60)
    assert farm.book.mass_kg("T-114", "hengyun") == before + 45_000


def test_a_forged_transfer_changes_papers_and_books_but_no_level(farm: Farm) -> None:
    level_mm = farm.cargo.level_mm("T-110")
    job_ = job(tank="T-110", direction="transfer", to_tank="T-114", mass_kg=45_000, rate_t_h=90.0, moves=False)
    farm.office.open(job_, farm.now_us)
    before = farm.book.mass_kg("T-114", "hengyun")
    run(farm, 40)
    assert farm.papers.orders[-1].closed_us is not None
    assert farm.book.mass_kg("T-114", "hengyun") == before + 45_000
    assert farm.cargo.level_mm("T-110") == pytest.approx(level_mm, abs=0.5)


def test_order_numbers_carry_the_local_day_and_never_repeat(farm: Farm) -> None:
    numbers = [farm.office.open(job(mass_kg=100), farm.now_us) for _ in range(3)]
    farm.restore()
    numbers.append(farm.office.open(job(mass_kg=100), farm.now_us))
    assert len(set(numbers)) == 4
    assert all(n.startswith("WO-0312-") for n in numbers)


def test_the_ordinary_day_is_papered_and_adds_up_to_nothing(world: World) -> None:
    farm = Farm(world, seed=1, start_us=START_US)
    books = {(r.tank, r.owner): r.mass_kg for r in farm.book.rows()}
    there = {t: farm.cargo.air_kg(t) for t in world.tanks}
    history = len(farm.papers.orders)
    run(farm, 240)
    done = farm.papers.orders[history:]
    assert {o.tank for o in done} == {"C-06", "T-110", "T-114", "V208", "V201"}
    assert all(o.closed_us is not None and o.done_kg == o.planned_kg for o in done)
    assert all(o.release_no for o in done if o.direction == "out")
    assert {(r.tank, r.owner): r.mass_kg for r in farm.book.rows()} == books
    for tank, kg in there.items():
        assert farm.cargo.air_kg(tank) == pytest.approx(kg, abs=0.01)


def test_yesterdays_orders_are_on_file_and_closed(farm: Farm) -> None:
    assert len(farm.papers.orders) == 3
    assert all(o.closed_us is not None and o.closed_us < START_US for o in farm.papers.orders)


def test_a_plant_draws_what_is_fed_and_makes_its_yield_of_another_good(farm: Farm) -> None:
    raw_kg, made_kg = farm.cargo.air_kg("C-04"), farm.cargo.air_kg("C-08")
    booked_kg = farm.book.mass_kg("C-08", "hengyun")
    no = farm.office.open(
        job(tank="C-04", direction="process", to_tank="C-08", mass_kg=4_000, rate_t_h=20.0, made_per_kg=1.5,
            claimed_per_kg=2.25),
        farm.now_us,
    )  # fmt: skip
    run(farm, 60)
    assert farm.cargo.air_kg("C-04") == pytest.approx(raw_kg - 4_000, abs=0.01)
    assert farm.cargo.air_kg("C-08") == pytest.approx(made_kg + 6_000, abs=0.01)
    lines = [o for o in farm.papers.orders if o.no == no]
    assert [(o.tank, o.direction, o.done_kg) for o in lines] == [
        ("C-04", "process_out", 4_000),
        ("C-08", "process_in", 9_000),
    ]
    assert farm.book.mass_kg("C-08", "hengyun") == booked_kg + 9_000
    assert [e.kind for e in farm.ledger.lines if e.no == no and e.tank == "C-08"][-1] == "inbound"
