"""Whatever the pool: what may leave breaches nothing, what is advised restores, and integers value as decimals do."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.contract import Caps, Contract
from domain.headroom import headroom
from domain.money import fen, half_even, worth
from domain.position import Position, capped
from domain.top_up import alone, brought, target_value, top_up
from domain.what_if import Change, revalued, spread, uniform_fall
from tests.data.words.hengyun import CONTRACT, NOW, PRICES, TONNES, position, prices

D = Decimal
SHARES = st.sampled_from([None, D("0.15"), D("0.3"), D("0.4"), D("0.55")])
POOLS = st.tuples(
    st.lists(st.integers(0, 20_000_000), min_size=len(TONNES), max_size=len(TONNES)),
    st.lists(st.decimals("0.01", 9000, places=2), min_size=len(PRICES), max_size=len(PRICES)),
    st.builds(Caps, good=SHARES, tank=SHARES, site=st.sampled_from([None, D("0.5"), D("0.8")])),
    st.integers(0, 100),
)


def drawn(pool: tuple[list[int], list[Decimal], Caps, int]) -> tuple[Contract, Position]:
    """A pool and a loan of so many percent of its value at the warning line."""
    kg, cny, caps, loaded = pool
    pledge = replace(CONTRACT, caps=caps)
    tonnes = {t: mass / 1000 for t, mass in zip(TONNES, kg, strict=True)}
    quotes = prices(NOW, **{g: str(p) for g, p in zip(PRICES, cny, strict=True)})
    worth_now = position(contract=pledge, tonnes=tonnes, quotes=quotes).recognised
    owed = fen(worth_now * D("0.7") * loaded / 70)
    terms = replace(CONTRACT.exposure, principal=owed, accrued_interest=D(0), cash_margin=D(0))
    pledge = replace(pledge, exposure=terms)
    return pledge, position(contract=pledge, tonnes=tonnes, quotes=quotes)


@given(pool=POOLS, part=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_a_release_within_the_headroom_breaches_no_line_and_no_cap(pool, part) -> None:
    pledge, now = drawn(pool)
    for row in headroom(pledge, now).goods:
        kg = row.kg * part // 1000
        after = revalued(pledge, now, Change(moved_kg=spread(now, row.good, kg, out=True)))
        if row.kg:
            assert after.breached is None
            assert now.capped_off or not after.capped_off
        else:
            assert after == now


@given(pool=POOLS)
@settings(max_examples=60, deadline=None)
def test_what_is_advised_restores_and_a_kilogram_less_does_not(pool) -> None:
    pledge, now = drawn(pool)
    need = top_up(pledge, now)
    if need is None:
        assert now.breached is None
        return
    for one in alone(pledge, now):
        if one.kg is not None:
            assert revalued(pledge, now, brought(now, {one.good: one.kg})).recognised >= need.target
            short = revalued(pledge, now, brought(now, {one.good: one.kg - 1}))
            assert short.recognised < need.target
    if need.mix:
        after = revalued(pledge, now, brought(now, {m.good: m.kg or 0 for m in need.mix}))
        assert after.recognised >= need.target
        assert after.capped_off <= now.capped_off
    if need.cash_cny is not None:
        paid = revalued(pledge, now, Change(repaid=need.cash_cny))
        assert paid.breached is None
        owed_more = max(now.exposure - need.cash_cny + D("0.01"), D(0))
        assert target_value(pledge, now, owed_more) > now.recognised, "a fen less does not"


@given(pool=POOLS)
@settings(max_examples=40, deadline=None)
def test_the_fall_that_a_line_bears_is_one_minus_line_over_value(pool) -> None:
    pledge, now = drawn(pool)
    for limit in now.line_values.values():
        fall = uniform_fall(pledge, now, limit)
        if fall is None:
            assert now.recognised < limit
        elif now.recognised > 1_000_000:
            assert abs(fall - (1 - limit / now.recognised)) < D("0.00001")


@given(kg=st.integers(0, 10**9), price=st.decimals(0, 99999, places=3), haircut=st.decimals(0, 1, places=4))
def test_a_value_in_integers_is_the_decimal_one(kg, price, haircut) -> None:
    assert worth(kg, price, haircut) == fen(D(kg) * price / 1000 * (1 - haircut))
    assert worth(kg, price, haircut).as_tuple().exponent == -2


def test_halves_go_to_the_even_fen() -> None:
    assert [half_even(n, 2) for n in (1, 3, 5, -1)] == [0, 2, 2, 0]


@given(pool=POOLS)
@settings(max_examples=60, deadline=None)
def test_the_caps_in_integers_are_those_in_decimals(pool) -> None:
    pledge, now = drawn(pool)
    counted = tuple(i for i in now.items if i.counted)
    assert capped(pledge, counted) == plainly(pledge, now)


def plainly(pledge: Contract, now: Position) -> Decimal:
    """docs/pledge.md word for word, in decimals: tank, good, then site, each a share of the whole."""
    whole = sum((i.value_cny for i in now.items), D(0))

    def most(value: Decimal, share: Decimal | None) -> Decimal:
        return value if share is None else min(value, fen(whole * share))

    tanks = [(i.holding.good, i.holding.site_id, most(i.value_cny, pledge.caps.tank)) for i in now.items]
    goods = {g: sum(v for code, _, v in tanks if code == g) for g in pledge.goods}
    cut = {g: v - most(v, pledge.caps.good) for g, v in goods.items()}
    sites: dict[str, Decimal] = {}
    for good, site, value in tanks:
        share = fen(cut[good] * value / goods[good]) if cut[good] else D(0)
        sites[site] = sites.get(site, D(0)) + value - share
    return sum((most(v, pledge.caps.site) for v in sites.values()), D(0))
