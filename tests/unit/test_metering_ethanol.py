"""OIML R22: published values, the formula written as a sum, and strengths there and back."""

import numpy as np
import pytest

from benchmarks import plain
from domain.metering import ethanol


@pytest.mark.parametrize(
    ("abv", "density"),
    [(42, 944.76), (52, 926.16), (53, 924.12), (60, 909.11), (65, 897.65), (70, 885.56), (95, 811.38), (96, 807.42)],
)
def test_a_strength_has_its_density_at_20_degrees(abv, density):
    share = ethanol.of_abv(np.asarray(float(abv))).mass_fraction
    assert float(ethanol.density(share, 20.0)) == pytest.approx(density, abs=0.005)


@pytest.mark.parametrize(("temp_c", "density"), [(0, 913.54), (10, 905.71), (30, 889.35), (40, 880.81)])
def test_spirit_of_65_percent_at_other_temperatures(temp_c, density):
    share = ethanol.of_abv(np.asarray(65.0)).mass_fraction
    assert float(ethanol.density(share, float(temp_c))) == pytest.approx(density, abs=0.005)


def test_cold_pure_ethanol_tells_a_true_transcription_from_the_two_with_invented_coefficients():
    assert float(ethanol.density(1.0, 0.0)) == pytest.approx(806.2151, abs=5e-5)


def test_the_nested_form_is_the_published_sum():
    rng = np.random.default_rng(1)
    share, temp = rng.uniform(0.0, 1.0, 500), rng.uniform(-20.0, 40.0, 500)
    expected = [plain.r22(p, t) for p, t in zip(share.tolist(), temp.tolist(), strict=True)]
    np.testing.assert_allclose(ethanol.density(share, temp), expected, rtol=1e-11)


def test_strength_share_and_density_lead_back_to_each_other():
    rng = np.random.default_rng(2)
    share, temp = rng.uniform(0.01, 0.99, 500), rng.uniform(-5.0, 40.0, 500)
    abv = ethanol.of_mass_fraction(share).abv_percent
    np.testing.assert_allclose(ethanol.of_abv(abv).mass_fraction, share, rtol=1e-9)
    by_density = ethanol.of_density(ethanol.density(share, temp), temp)
    density = ethanol.density(by_density.mass_fraction, temp)
    np.testing.assert_allclose(density, ethanol.density(share, temp), rtol=1e-9)


def test_beyond_water_and_ethanol_the_strength_stops_at_none_and_all():
    found = ethanol.of_density(np.array([1010.0, 780.0]), np.array([20.0, 20.0]))
    assert found.mass_fraction == pytest.approx([0.0, 1.0], abs=1e-9)


def test_a_strength_from_something_unknown_is_unknown():
    found = ethanol.of_density(np.array([np.nan, 900.0]), np.array([20.0, np.nan]))
    assert np.isnan(found.mass_fraction).all()
    assert np.isnan(found.abv_percent).all()
