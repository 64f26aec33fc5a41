"""Slopes that docs/measuring.md recommends, against densities that CoolProp computed once; it is no dependency."""

import csv
from pathlib import Path

import numpy as np
import pytest

from domain.good import Correction, Good
from domain.metering import ethanol
from domain.metering.curve import Curve

TESTS = Path(__file__).parents[1]
with (TESTS / "data" / "coolprop_density.csv").open(encoding="utf-8") as file:
    ROWS = [(r["substance"], float(r["temp_c"]), float(r["density_kg_m3"])) for r in csv.DictReader(file)]

# density at 20 °C, slope kg/m³ per °C, worst residual kg/m³ from the lowest to the highest temperature
RECOMMENDED = {
    "methanol": (791.01, 0.95, 0.29),
    "ethanol": (789.42, 0.87, 0.58),
    "acetone": (790.27, 1.12, 0.56),
    "toluene": (866.89, 0.94, 0.28),
    "o-xylene": (880.23, 0.85, 0.24),
    "m-xylene": (864.21, 0.87, 0.42),
    "p-xylene": (861.07, 0.87, 0.17),
    "ethylbenzene": (866.90, 0.88, 0.23),
}


def test_every_substance_of_the_file_has_a_recommended_slope():
    assert {substance for substance, _, _ in ROWS} == set(RECOMMENDED)


@pytest.mark.parametrize("substance", RECOMMENDED)
def test_a_straight_line_stays_within_its_stated_residual(substance):
    density, slope, worst = RECOMMENDED[substance]
    good = Good(code="g", name="货", correction=Correction.LINEAR, density_kg_m3=density, slope_kg_m3_c=slope)
    temps, expected = np.array([row[1:] for row in ROWS if row[0] == substance]).T
    found = density * Curve.of([good]).at(temps[:, None])[0][:, 0]
    residual = np.max(np.abs(found - expected))
    assert 0.8 * worst < residual <= worst


@pytest.mark.parametrize("substance", RECOMMENDED)
def test_the_document_states_the_same_numbers(substance):
    document = (TESTS.parent / "docs" / "measuring.md").read_text("utf-8")
    density, slope, worst = RECOMMENDED[substance]
    assert f"| {substance} | {density:.2f} | {slope:.2f} | {worst:.2f} |" in document


def test_coolprops_ethanol_is_that_of_oiml_r22_where_r22_holds():
    for substance, temp_c, density in ROWS:
        if substance == "ethanol" and temp_c <= 40.0:
            assert abs(float(ethanol.density(1.0, temp_c)) - density) < 0.21
