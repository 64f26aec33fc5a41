"""VCF of goods as curves over temperature: what the tables say, where each holds, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unmeasurable
from domain.good import Correction, Edition, Good
from domain.metering import ethanol
from domain.metering.curve import Curve, density_at_base
from domain.metering.table import Table
from tests.fakes.metering import GOODS

BASES_C = {"60": 20.0, "54": 15.0, "6": 15.5556, "24": 15.5556}
NUMBERED = [c for c in Correction if c.value[:-1] in BASES_C]


def a_good(correction, density_kg_m3, *, ref_temp_c=None, slope=0.0, **more):
    base_c = BASES_C.get(correction.value[:-1], 20.0)
    return Good(
        code="g1",
        name="货",
        correction=correction,
        density_kg_m3=density_kg_m3,
        ref_temp_c=base_c if ref_temp_c is None else ref_temp_c,
        slope_kg_m3_c=slope,
        alpha_per_c=1.1e-3 if correction.value.endswith("C") else 0.0,
        **more,
    )


def vcf(good, temp_c):
    return Curve.of([good]).at(np.array([temp_c]))[0].item()


@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("correction", NUMBERED)
def test_a_curve_is_its_table_at_every_temperature(correction, edition):
    temps = np.linspace(-18.0, 150.0, 200)
    good = a_good(correction, 905.0, edition=edition)
    table = Table.named(correction.value, edition)
    alpha = np.asarray(1.1e-3 / table.equation.per_c) if correction.value.endswith("C") else None
    found = Curve.of([good])
    np.testing.assert_allclose(
        found.at(temps[:, None])[0][:, 0], table.factors(905.0, temps, alpha=alpha).vcf, rtol=1e-12
    )
    pressed = found.cpl(temps[:, None], np.full((200, 1), 80.0))[:, 0]
    np.testing.assert_allclose(pressed, table.factors(905.0, temps, pressure_kpa=80.0, alpha=alpha).cpl, rtol=1e-12)


@pytest.mark.parametrize("code", GOODS)
def test_a_density_observed_at_any_temperature_comes_back_to_its_base(code):
    temps = np.linspace(5.0, 39.0, 50)
    good = GOODS[code]
    observed = good.density_kg_m3 * Curve.of([good]).at(temps[:, None])[0][:, 0]
    back = density_at_base(good, observed, temps)
    np.testing.assert_allclose(back, good.density_kg_m3, rtol=2e-5 if code == "spirit" else 1e-9)  # 65 %vol ± 0.01


def test_bitumen_may_be_stated_at_another_temperature_than_its_tables():
    at_15 = a_good(Correction.BITUMEN, 1030.0, ref_temp_c=15.0)
    at_20 = replace(at_15, density_kg_m3=1030.0 * vcf(at_15, 20.0), ref_temp_c=20.0)
    assert at_20.density_kg_m3 * vcf(at_20, 160.0) == pytest.approx(1030.0 * vcf(at_15, 160.0), rel=1e-8)
    observed = np.array([1030.0 * vcf(at_15, 160.0)])
    assert density_at_base(at_20, observed, np.array([160.0])).item() == pytest.approx(at_20.density_kg_m3, rel=1e-8)


@pytest.mark.parametrize("ref_temp_c", [15.0, 19.98, 20.02, float("nan")])
def test_a_density_of_another_temperature_than_the_tables_base_is_refused(ref_temp_c):
    with pytest.raises(Unmeasurable, match=r"'g1': density at .* °C, but 60B goes to 20 °C; allowed 0\.01 °C apart"):
        Curve.of([a_good(Correction.T60B, 840.0, ref_temp_c=ref_temp_c)])
    Curve.of([a_good(Correction.T60B, 840.0, ref_temp_c=20.005)])


@pytest.mark.parametrize("ref_temp_c", [15.56, 15.5556, (60.0 - 32.0) / 1.8])
def test_sixty_fahrenheit_may_be_written_with_few_decimals(ref_temp_c):
    assert vcf(a_good(Correction.T6B, 840.0, ref_temp_c=ref_temp_c), 15.5556) == pytest.approx(1.0, abs=1e-6)


def test_spirit_has_its_density_at_20_degrees_only():
    with pytest.raises(Unmeasurable, match=r"R22 goes to 20 °C"):
        Curve.of([a_good(Correction.ETHANOL, 897.65, ref_temp_c=15.0, abv_percent=65.0)])


def test_a_strength_by_mass_written_as_one_by_volume_is_refused():
    with pytest.raises(Unmeasurable, match=r"65 %vol is 897\.65 kg/m³ at 20 °C .* certificate says 880"):
        Curve.of([a_good(Correction.ETHANOL, 880.0, abv_percent=65.0)])


def test_spirit_follows_oiml_r22():
    good = a_good(Correction.ETHANOL, 897.65, abv_percent=65.0)
    share = ethanol.of_abv(np.asarray(65.0)).mass_fraction
    for temp_c in (-20.0, 0.0, 20.0, 40.0):
        expected = ethanol.density(share, temp_c) / ethanol.density(share, 20.0)
        assert vcf(good, temp_c) == pytest.approx(float(expected), rel=1e-13)


# --- what must hold everywhere -----------------------------------------------------------------------------------

goods = st.one_of(
    st.builds(a_good, st.just(Correction.T60A), st.floats(620, 1060)),
    st.builds(a_good, st.just(Correction.T60B), st.floats(660, 1060)),
    st.builds(a_good, st.just(Correction.T60D), st.floats(810, 1150)),
    st.builds(a_good, st.just(Correction.BITUMEN), st.floats(860, 1100), ref_temp_c=st.sampled_from([15.0, 20.0])),
    st.builds(a_good, st.just(Correction.LINEAR), st.floats(700, 1900), slope=st.floats(0.3, 1.3)),
    st.builds(a_good, st.sampled_from(NUMBERED), st.floats(820, 1060), edition=st.sampled_from(Edition)),
)


@settings(deadline=None)
@given(good=goods, temps_c=st.tuples(st.floats(-18, 150), st.floats(-18, 150)))
def test_volume_is_itself_at_the_reference_and_shrinks_with_warmth(good, temps_c):
    cold, warm = sorted(temps_c)
    assert vcf(good, good.ref_temp_c) == pytest.approx(1.0, abs=1e-7)  # 15.5556 is written for 60 °F
    assert vcf(good, cold) >= vcf(good, warm)


@settings(deadline=None)
@given(good=goods, temp_c=st.floats(-17, 149))
def test_the_relative_slope_is_that_of_the_factor(good, temp_c):
    slope = Curve.of([good]).at(np.array([temp_c]))[1].item()
    rise = (vcf(good, temp_c + 0.5) - vcf(good, temp_c - 0.5)) / vcf(good, temp_c)
    assert slope == pytest.approx(rise, rel=5e-4)  # per °C of 1968, 2.4e-4 wider, in the edition of 2004


def test_a_mixed_column_gives_each_good_its_own_factor():
    mixed = [
        a_good(Correction.T60B, 840.0),
        a_good(Correction.BITUMEN, 1030.0, ref_temp_c=15.0),
        a_good(Correction.LINEAR, 791.0, slope=0.946),
        a_good(Correction.T60A, 870.0),
    ]
    temps = np.array([[30.0, 150.0, 30.0, 30.0], [5.0, 160.0, 5.0, 5.0]])
    together, _ = Curve.of(mixed).at(temps)
    alone = [[vcf(good, t) for good, t in zip(mixed, row, strict=True)] for row in temps]
    assert together.tolist() == alone


@pytest.mark.parametrize(
    ("good", "inside", "outside"),
    [
        (a_good(Correction.T60B, 840.0), (-18.0, 150.0), (-18.01, 150.01, np.nan, np.inf)),
        (a_good(Correction.T60B, 740.0, temp_band_c=(-15.0, 45.0)), (-15.0, 45.0), (-15.01, 45.01)),
        (a_good(Correction.BITUMEN, 1030.0, temp_band_c=(60.0, 300.0)), (60.0, 275.0), (59.9, 275.1)),
    ],
)
def test_a_curve_holds_inside_its_table_and_its_goods_band(good, inside, outside):
    curve = Curve.of([good])
    assert all(curve.covers(np.array([t])).item() for t in inside)
    assert not any(curve.covers(np.array([t])).item() for t in outside)


@pytest.mark.parametrize(
    ("good", "why"),
    [
        (a_good(Correction.T60B, 640.0), r"'g1': density 64\d\.\d+ kg/m³ at 15 °C in table 60B, allowed 653…1075"),
        (a_good(Correction.T60D, 700.0), r"table 60D, allowed 800…1164"),
        (a_good(Correction.BITUMEN, 840.0), r"table D4311, allowed 850…3000"),
        (a_good(Correction.T60B, 0.84), r"density 0\.84 kg/m³ at 20 °C, allowed 300…3000"),
        (a_good(Correction.LINEAR, float("nan"), slope=0.9), r"density nan kg/m³"),
        (a_good(Correction.LINEAR, 791.0, slope=946.0), r"density 48091 kg/m³ at -30 °C, allowed 1…3000"),
    ],
)
def test_a_density_outside_the_table_is_refused_by_name(good, why):
    with pytest.raises(Unmeasurable, match=why):
        Curve.of([good])
