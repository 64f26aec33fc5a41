"""ASTM D4311 beside the published points: its two columns, its border, there and back."""

import numpy as np
import pytest

from benchmarks import plain
from domain.metering import bitumen


def test_each_density_takes_the_column_of_its_side():
    rng = np.random.default_rng(1)
    density, temp = rng.uniform(850.0, 1100.0, 500), rng.uniform(-25.0, 275.0, 500)
    expected = [plain.bitumen_15c(d, t) for d, t in zip(density.tolist(), temp.tolist(), strict=True)]
    np.testing.assert_allclose(bitumen.vcf_15c(density, temp), expected, rtol=1e-14)


@pytest.mark.parametrize(("density", "heavy"), [(965.9, False), (966.0, True)])
def test_the_border_is_966_and_not_990(density, heavy):
    assert (float(bitumen.vcf_15c(density, 150.0)) == pytest.approx(0.9177, abs=5e-5)) is heavy


@pytest.mark.parametrize("rd", [0.95, 1.03])
def test_both_bases_agree_within_the_tables_last_digit(rd):
    """60 °F is 15.56 °C: the factor between them is 0.0004."""
    temps_f = np.linspace(0.0, 500.0, 51)
    to_60f = bitumen.vcf_60f(rd, temps_f)
    to_15c = bitumen.vcf_15c(rd * 999.0, (temps_f - 32.0) / 1.8)
    shift = float(bitumen.vcf_15c(rd * 999.0, (60.0 - 32.0) / 1.8))
    assert np.max(np.abs(to_15c / shift - to_60f)) < 1e-4


@pytest.mark.parametrize("temp_c", [15.0, 120.0, 180.0])
def test_a_density_observed_hot_comes_back_to_15_degrees(temp_c):
    density = np.concatenate([np.linspace(855.0, 965.0, 60), np.linspace(980.0, 1090.0, 60)])
    observed = density * bitumen.vcf_15c(density, temp_c)
    np.testing.assert_allclose(bitumen.density15(observed, np.full(120, temp_c)), density, rtol=1e-12)


def test_a_hot_density_between_the_columns_is_read_by_the_light_one():
    """At 150 °C no bitumen of either column has 877…886 kg/m³: the two factors jump at 966."""
    light, heavy = 965.99 * float(bitumen.vcf_15c(965.99, 150.0)), 966.0 * float(bitumen.vcf_15c(966.0, 150.0))
    assert (light, heavy) == pytest.approx((876.3, 886.5), abs=0.1)
    assert float(bitumen.density15(880.0, 150.0)) == pytest.approx(880.0 / 0.9072, rel=1e-4)
