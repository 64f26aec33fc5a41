"""A hand dip is the same chain for one tank, and says in words why it cannot be measured."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.errors import Unmeasurable
from domain.metering.dip import Dip, measure_one
from domain.metering.quality import Remark
from domain.tank import DensityFrom
from tests.fakes.metering import COLUMNS, GOODS, ROOFS, TABLE, a_tank, measured, procedures, tanks


@settings(deadline=None)
@given(
    tank=tanks(),
    level_mm=st.floats(300.0, 2900.0),
    temp_c=st.floats(0.0, 39.0),
    air_c=st.sampled_from([np.nan, 8.0]),
    procedure=procedures,
)
def test_a_hand_dip_is_the_same_chain(tank, level_mm, temp_c, air_c, procedure):
    found = measured([tank], procedure, level_mm=level_mm, temp_c=temp_c, air_c=air_c, p3_kpa=0.5)
    assume(found.quality[0] == 0)
    dip = measure_one(tank, GOODS[tank.good], Dip(level_mm=level_mm, temp_c=temp_c, air_c=air_c, p3_kpa=0.5), procedure)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(dip, name), getattr(found, name), err_msg=name)


def test_a_density_taken_with_the_dip_counts_instead_of_the_certificates():
    dip = Dip(level_mm=5000.0, temp_c=30.0, observed_kg_m3=825.0)
    found = measure_one(a_tank(), GOODS["diesel"], dip)
    online = measured([a_tank(density_from=DensityFrom.ONLINE)], level_mm=5000.0, temp_c=30.0, density_kg_m3=825.0)
    assert found.mass_air_kg.item() == online.mass_air_kg.item()
    assert not Remark(int(found.remarks[0])) & Remark.DENSITY_FROM_CERTIFICATE


@pytest.mark.parametrize(
    ("tank", "dip", "why"),
    [
        (
            a_tank(),
            Dip(level_mm=19200.0, temp_c=20.0),
            r"'T-1': level 19200 mm.*: OUTSIDE_TABLE; allowed 0…18000 mm and -18…150 °C",
        ),
        (a_tank(TABLE), Dip(level_mm=99.0, temp_c=20.0), r"level 99 mm.*: OUTSIDE_TABLE; allowed 100…9000 mm"),
        (a_tank(), Dip(level_mm=5000.0, temp_c=151.0), r"temperature 151 °C: OUT_OF_RANGE"),
        (a_tank(), Dip(level_mm=500.0, temp_c=20.0, water_mm=501.0), r"water 501 mm.*: OUT_OF_RANGE"),
        (
            a_tank(roof=ROOFS[0]),
            Dip(level_mm=1600.0, temp_c=20.0),
            r"level 1600 mm.*: CRITICAL_ZONE; .*, not 1500…1800 mm \(critical zone\)",
        ),
        (a_tank(), Dip(level_mm=float("nan"), temp_c=20.0), r"level nan mm.*: NOT_FINITE"),
    ],
)
def test_a_dip_that_cannot_be_measured_is_refused_with_what_was_seen_and_allowed(tank, dip, why):
    with pytest.raises(Unmeasurable, match=why):
        measure_one(tank, GOODS["diesel"], dip)
