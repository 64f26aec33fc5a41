"""Claims of several lenders in one tank: who is told what, and that nobody is told anything of another."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contract import Tolerances
from domain.encumbrance import Basis, Check, Claim, There, doubled, encumbered

TOLERANCE = Tolerances(static_ratio=0.003, static_t=3.0)


def claim(lender: str, kg: int, *, owner: str = "hengyun", basis: Basis = Basis.RECEIPTS, no: str = "CD-1") -> Claim:
    numbers = frozenset({("north", no)}) if basis is Basis.RECEIPTS else frozenset[tuple[str, str]]()
    return Claim(
        lender=lender, contract_id=f"{lender}-1", tank_id="T-1", owner=owner, kg=kg, basis=basis, numbers=numbers
    )


A, B = claim("jia", 600_000), claim("yi", 500_000, no="CD-2")
OTHER = claim("yi", 500_000, owner="haichuan", no="CD-2")


def checks(*claims: Claim, there: There) -> list[Check | None]:
    twice = doubled((c.lender, n) for c in claims for n in c.numbers)
    return [encumbered(c, claims, there, TOLERANCE, twice).check for c in claims]


def there(tank: int | None, **owners: int) -> There:
    return There(deliverable_kg=tank, owner_kg=owners or None)


@pytest.mark.parametrize(
    ("claims", "ground", "expected"),
    [
        ((A, B), there(1_200_000, hengyun=1_200_000), [None, None]),
        ((A, B), there(1_200_000, hengyun=1_000_000), [Check.OVER_OWNER, Check.OVER_OWNER]),
        ((A, B), there(1_000_000), [Check.OVER_TANK, Check.OVER_TANK]),
        ((A, OTHER), there(1_200_000, hengyun=600_000, haichuan=600_000), [None, None]),
        ((A, OTHER), there(1_200_000, hengyun=500_000, haichuan=700_000), [Check.OVER_OWN, None]),
        ((A, OTHER), there(900_000, hengyun=700_000, haichuan=700_000), [Check.OVER_TANK, Check.OVER_TANK]),
        ((A,), there(590_000, hengyun=700_000), [Check.OVER_OWN]),
        (
            (A, claim("yi", 1_000_000, basis=Basis.FLOATING)),
            there(1_000_000, hengyun=1_000_000),
            [Check.OVER_OWNER] * 2,
        ),
        ((A, claim("yi", 900_000, owner="haichuan", basis=Basis.FLOATING)), there(1_000_000), [None, None]),
        ((A, claim("yi", 500_000, owner="haichuan", basis=Basis.SHARE)), there(1_000_000), [Check.OVER_TANK] * 2),
        ((A, claim("yi", 600_000)), there(None), [Check.SAME_NUMBER] * 2),
        ((A, claim("yi", 0)), there(600_000, hengyun=600_000), [Check.SAME_NUMBER] * 2),
        ((A, claim("yi", 0, no="CD-2")), there(600_000, hengyun=600_000), [None, None]),
        ((A, B), there(None), [None, None]),
    ],
)
def test_what_does_not_add_up_is_told_to_each_whom_it_concerns(claims, ground, expected) -> None:
    assert checks(*claims, there=ground) == expected


def test_the_same_number_of_another_depot_is_another_receipt() -> None:
    elsewhere = Claim(**{**asdict(B), "numbers": frozenset({("south", "CD-1")})})
    assert checks(A, elsewhere, there=there(1_200_000)) == [None, None]


# 1,000,000 kg are there; 0.3 % of them, 3,000 kg, is also what 3 t are.
@pytest.mark.parametrize(("kg", "check"), [(403_000, None), (403_001, Check.OVER_OWNER)])
def test_the_limit_is_the_contracts_own_tolerance(kg: int, check: Check | None) -> None:
    assert checks(A, claim("yi", kg, no="CD-2"), there=there(1_000_000, hengyun=1_000_000)) == [check, check]


def test_what_is_told_stands_until_well_within_the_tolerance() -> None:
    ground = there(1_000_000, hengyun=1_000_000)
    for kg, edge in ((402_401, Check.OVER_OWNER), (402_400, None)):
        claims = (A, claim("yi", kg, no="CD-2"))
        assert encumbered(A, claims, ground, TOLERANCE, frozenset()).edge is edge


def test_the_excess_is_said_only_where_it_is_ones_own() -> None:
    own = encumbered(A, (A,), there(590_000), TOLERANCE, frozenset())
    shared = encumbered(A, (A, B), there(1_000_000, hengyun=1_000_000), TOLERANCE, frozenset())
    assert (own.over_kg, shared.over_kg) == (10_000, None)


@given(
    others=st.lists(st.integers(610_000, 2_000_000), min_size=1, max_size=3),
    more=st.lists(st.integers(610_000, 2_000_000), min_size=1, max_size=3),
)
def test_however_much_others_claim_what_a_lender_is_told_is_the_same(others: list[int], more: list[int]) -> None:
    ground = there(1_200_000, hengyun=1_200_000)
    told = [
        encumbered(
            A, (A, *(claim(f"b{n}", kg, no=f"X-{n}") for n, kg in enumerate(rest))), ground, TOLERANCE, frozenset()
        )
        for rest in (others, more)
    ]
    assert told[0] == told[1]
    assert told[0].check is Check.OVER_OWNER


@given(
    kg=st.lists(st.tuples(st.sampled_from(["x", "y"]), st.integers(0, 900_000)), min_size=1, max_size=4),
    tank=st.integers(0, 1_000_000),
    part=st.integers(0, 100),
)
def test_pledged_beyond_what_is_there_never_goes_untold(kg: list[tuple[str, int]], tank: int, part: int) -> None:
    """Σ pledged ≤ physical across all lenders: in the tank and for each owner, else somebody is told."""
    owners = {"x": tank * part // 100, "y": tank - tank * part // 100}
    claims = [claim(f"b{n}", mass, owner=owner, no=f"X-{n}") for n, (owner, mass) in enumerate(kg)]
    found = checks(*claims, there=There(deliverable_kg=tank, owner_kg=owners))
    slack = max(TOLERANCE.static_ratio * tank, 3000)
    over = sum(c.kg for c in claims) > tank + slack
    over |= any(
        sum(c.kg for c in claims if c.owner == o) > mass + max(0.003 * mass, 3000) for o, mass in owners.items()
    )
    assert any(found) == over
