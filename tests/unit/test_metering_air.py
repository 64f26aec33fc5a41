"""Buoyancy, glass and scales: the small corrections around a density."""

import numpy as np
import pytest

from domain.good import Edition
from domain.metering.air import Buoyancy, in_air, pounds_per_gallon, vacuum_to_air
from domain.metering.hydrometer import glass_factor
from domain.metering.scale import api_of_density, celsius, density_of_api, fahrenheit, ipts68_c
from domain.metering.table import Base


def test_the_rule_of_the_standard_stays_within_four_thousandths_of_a_percent_of_table_56():
    density = np.linspace(650.0, 1075.0, 100)
    rule, table = in_air(density, Buoyancy.GB), in_air(density, Buoyancy.ASTM56)
    assert np.max(np.abs(rule / table - 1.0)) < 5e-5
    np.testing.assert_array_equal(rule, density - 1.1)


def test_the_buoyancy_of_the_weights_brings_brass_back_to_itself():
    assert vacuum_to_air(8100.0) == pytest.approx(1.0, abs=1e-15)


def test_a_gallon_of_water_weighs_eight_and_a_third_pounds():
    assert pounds_per_gallon(999.012) == pytest.approx(8.328, abs=0.0005)  # ASTM D1250-80 table 8 at 10 °API


@pytest.mark.parametrize("base", Base)
def test_glass_needs_no_correction_at_its_own_temperature_and_shrinks_the_reading_above(base):
    assert glass_factor(base.value, base) == 1.0
    assert glass_factor(base.value + 20.0, base) == pytest.approx(1.0 - 0.00047, abs=1e-5)
    assert glass_factor(base.value - 20.0, base) > 1.0


@pytest.mark.parametrize("edition", Edition)
def test_gravity_and_density_lead_back_to_each_other(edition):
    api = np.linspace(-5.0, 80.0, 50)
    np.testing.assert_allclose(api_of_density(density_of_api(api, edition), edition), api, atol=1e-11)


def test_ten_degrees_api_is_water():
    assert density_of_api(10.0, Edition.Y1980) == pytest.approx(999.012)
    assert density_of_api(10.0, Edition.Y2004) == pytest.approx(999.016)


def test_scales_of_temperature():
    assert celsius(60.0) == pytest.approx(15.5556, abs=5e-5)
    assert fahrenheit(celsius(135.0)) == pytest.approx(135.0)
    assert ipts68_c(0.0) == 0.0
    assert ipts68_c(100.0) == pytest.approx(100.026, abs=5e-4)  # ITS-90: t90 - t68 = -0.026 °C at 100 °C
