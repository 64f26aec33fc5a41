"""A cap by owner, tanks taken out for now: what they leave, and that every change still splits to the fen."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attribution import attribute
from domain.contract import Caps, Contract, Ineligibility, IneligibleTank
from domain.money import cny
from domain.position import capped
from domain.what_if import Change, revalued
from rules import value_line
from tests.fakes.pledge import NOW, contract, prices, scene, stock_of

D = Decimal
TANKS = ("T-1", "T-2", "T-3")


def owned(*owners: str, **changes: object) -> Contract:
    """The three tanks, each of this owner's cargo."""
    base = contract(**changes)
    pairs = zip(base.pledged, owners, strict=True)
    return replace(base, pledged=tuple(replace(p, owner=owner) for p, owner in pairs))


def out(tank: str, since: date, why: Ineligibility = Ineligibility.DISPUTE) -> IneligibleTank:
    return IneligibleTank(tank_id=tank, why=why, since=since)


def test_what_one_owner_has_above_its_share_is_not_recognised() -> None:
    """100 t + 200 t of methanol at 2,000 are 600,000, 50 t of diesel at 7,000 are 350,000: 950,000 in all."""
    pledge = owned("hengyun", "haichuan", "hengyun", caps=Caps(owner=D("0.50")))
    position = scene(stock_of([100, 200, 50]), of=pledge).position
    assert position.recognised == D("875000.00"), "hengyun's 550,000 count for 475,000"
    assert position.capped_off == D("75000.00")


def test_a_cap_by_owner_comes_after_the_goods_and_before_the_sites() -> None:
    """Good 0.60: methanol 600,000 → 570,000, tanks 190,000 and 380,000. Owner 0.50: hengyun 540,000 → 475,000."""
    pledge = owned("hengyun", "haichuan", "hengyun", caps=Caps(good=D("0.60"), owner=D("0.50")))
    assert scene(stock_of([100, 200, 50]), of=pledge).position.recognised == D("855000.00")


shares = st.sampled_from([None, D("0.15"), D("0.40"), D("0.55"), D(1)])
tonnes = st.lists(st.floats(0, 500), min_size=3, max_size=3)
owners = st.lists(st.sampled_from(["a", "b", "c"]), min_size=3, max_size=3)


@given(held=tonnes, who=owners, good=shares, tank=shares, site=shares)
def test_an_owner_cap_of_the_whole_leaves_what_the_others_left(held, who, good, tank, site) -> None:
    without = owned(*who, caps=Caps(good=good, tank=tank, site=site))
    items = scene(stock_of(held), of=without).position.items
    whole = replace(without, caps=replace(without.caps, owner=D(1)))
    assert abs(capped(whole, items) - capped(without, items)) <= D("0.03"), "a fen of rounding per tank at most"


@given(held=tonnes, who=owners, share=st.decimals("0.05", 1, places=2))
def test_an_owner_cap_alone_is_never_passed_and_never_cuts_more_than_it_must(held, who, share) -> None:
    pledge = owned(*who, caps=Caps(owner=share))
    position = scene(stock_of(held), of=pledge).position
    whole = sum((i.value_cny for i in position.items), D(0))
    by_owner: dict[str, Decimal] = {}
    for i, owner in zip(position.items, who, strict=True):
        by_owner[owner] = by_owner.get(owner, D(0)) + i.value_cny
    most = (whole * share).quantize(D("0.01"))
    assert position.recognised == sum((min(v, most) for v in by_owner.values()), D(0))


def test_a_tank_that_is_taken_out_counts_for_nothing_from_its_day_on() -> None:
    """NOW is 12 March, 14:32 in Beijing."""
    stock = stock_of([100, 200, 50])
    tomorrow = contract(ineligible=(out("T-3", date(2026, 3, 13)),))
    today = contract(ineligible=(out("T-3", date(2026, 3, 12)),))
    assert scene(stock, of=tomorrow).position.recognised == D("950000.00")
    position = scene(stock, of=today).position
    assert (position.recognised, position.last_known) == (D("600000.00"), D("600000.00"))
    assert [i.why_not for i in position.items] == [None, None, "ineligible_dispute"]


def test_a_tank_that_is_taken_out_is_no_missing_data() -> None:
    pledge = contract(ineligible=(out("T-3", date(2026, 3, 1)),))
    silent = scene(stock_of([1000, 200, 50]), of=pledge)
    assert silent.position.complete()
    found, _ = value_line.judge(scene(stock_of([100, 200, 50]), of=pledge), value_line.Memory())
    assert [f.kind for f in found] == ["value_below_line"], "no blind breach"


def test_what_would_be_leaves_it_out_as_well() -> None:
    pledge = contract(ineligible=(out("T-3", date(2026, 3, 1)),))
    position = scene(stock_of([100, 200, 50]), of=pledge).position
    dearer = revalued(pledge, position, Change(every_price=D("1.10"), moved_kg={"T-3": 10_000}))
    assert dearer.recognised == D("660000.00")


@given(
    before=tonnes,
    after=tonnes,
    p0=st.decimals(0, 9000, places=2),
    p1=st.decimals(-50, 9000, places=2),
    booked=st.integers(-200_000, 200_000),
    caps=st.builds(Caps, good=shares, tank=shares, site=shares, owner=shares),
    haircut=st.decimals(0, 1, places=2),
    gone=st.lists(st.tuples(st.sampled_from(TANKS), st.booleans()), max_size=2, unique_by=lambda g: g[0]),
)
def test_the_parts_of_a_change_add_up_to_the_fen_under_all_these_terms(
    before, after, p0, p1, booked, caps, haircut, gone
) -> None:
    """gone: tanks taken out before the change, or with it."""
    pledge = owned("a", "b", "a", caps=caps)
    pledge = replace(pledge, goods={c: replace(g, haircut=haircut, wip=True) for c, g in pledge.goods.items()})
    early = tuple(out(t, date(2026, 3, 1)) for t, first in gone if first)
    late = early + tuple(out(t, date(2026, 3, 1), Ineligibility.LIEN) for t, first in gone if not first)
    a = scene(stock_of(before), of=replace(pledge, ineligible=early), price=prices(methanol=str(p0))).position
    b = scene(stock_of(after), of=replace(pledge, ineligible=late), price=prices(methanol=str(p1))).position
    split = attribute(a, b, booked_kg={"T-1": booked})
    parts = split.price + split.booked + split.unbooked + split.eligibility + split.haircut + split.caps
    assert parts == split.change == b.recognised - a.recognised
    assert b.recognised <= sum((i.value_cny for i in b.items), cny(0))


@pytest.mark.parametrize("hours", [-9, 0, 9])
def test_its_day_begins_at_midnight_in_china(hours: int) -> None:
    pledge = contract(ineligible=(out("T-3", date(2026, 3, 12)),))
    now = NOW + timedelta(hours=hours)
    counted = scene(stock_of([100, 200, 50], now), of=pledge, now=now).position.items[2].counted
    assert not counted
    yesterday = NOW - timedelta(hours=15)
    assert scene(stock_of([100, 200, 50], yesterday), of=pledge, now=yesterday).position.items[2].counted
