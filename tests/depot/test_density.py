"""Expansion laws against printed values of outside authorities."""

from __future__ import annotations

import pytest

from depot.density import OutOfRangeError, density_kg_m3, vcf15, vcf20, vcf_bitumen15, water_density_kg_m3
from depot.world import World


@pytest.mark.parametrize(
    ("density20", "temp_c", "printed"),
    [
        (834.0, 13.0, 1.0060),  # GB/T 1885-1998 60B, oil-depot training text
        (724.6, 24.0, 0.9949),  # the same
        (718.4, 21.25, 0.9984),  # GB/T 1885-1998 60B, gauger's examination
    ],
)
def test_vcf20_meets_the_printed_table_60b(density20: float, temp_c: float, printed: float) -> None:
    assert vcf20(density20, temp_c, "oil") == pytest.approx(printed, abs=6e-5)


def test_vcf15_meets_table_54b() -> None:
    # Bunker survey worked example, 990.3 kg/m³ at 34 °C.
    assert vcf15(990.3, 34.0, "oil") == pytest.approx(0.9870, abs=5e-5)


@pytest.mark.parametrize(
    ("density15", "temp_c", "printed"),
    [(1030.0, 150.0, 0.9177), (1030.0, 175.0, 0.9031), (900.0, 150.0, 0.9072), (1030.0, 15.0, 1.0)],
)
def test_bitumen_meets_astm_d4311(density15: float, temp_c: float, printed: float) -> None:
    assert vcf_bitumen15(density15, temp_c) == pytest.approx(printed, abs=5e-5)


@pytest.mark.parametrize(("temp_c", "iapws"), [(4.0, 999.97), (20.0, 998.21), (40.0, 992.22), (60.0, 983.20)])
def test_water_is_water(temp_c: float, iapws: float) -> None:
    assert water_density_kg_m3(temp_c) == pytest.approx(iapws, abs=0.05)


def test_methanol_follows_its_line(world: World) -> None:
    # CoolProp 8.0 gives 786.33 at 25 °C and 772.17 at 40 °C for a methanol of 791.01 at 20 °C.
    methanol = world.goods["METHANOL"]
    for temp_c, coolprop in ((25.0, 786.33), (40.0, 772.17)):
        assert density_kg_m3(methanol, temp_c) - 791.4 == pytest.approx(coolprop - 791.01, abs=0.3)


def test_every_good_thins_when_it_warms(world: World) -> None:
    for good in world.goods.values():
        temps = [good.min_c + (good.max_c - good.min_c) * i / 20 for i in range(21)]
        densities = [density_kg_m3(good, t) for t in temps]
        assert densities == sorted(densities, reverse=True), good.code


def test_outside_its_range_a_law_refuses(world: World) -> None:
    with pytest.raises(OutOfRangeError, match="BITUMEN70"):
        density_kg_m3(world.goods["BITUMEN70"], 25.0)
