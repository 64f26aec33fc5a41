"""Columns of a poll and of the farm: sensors that a source never has need not be named."""

import numpy as np
import pytest

from domain.farm import COLUMNS, Farm, Readings
from tests.fakes.memory_stage import poll, tanks

ABC = tanks("a", "b", "c")
ASIDE = ("air_c", "p1_kpa", "p3_kpa")


def test_readings_without_air_and_pressures_have_them_unknown_for_every_row():
    readings = poll([2, 0], [1.0, 2.0])

    for name in ASIDE:
        assert np.array_equal(getattr(readings, name), [np.nan, np.nan], equal_nan=True)


def test_a_column_of_another_length_than_the_rows_is_refused():
    plain = poll([2, 0], [1.0, 2.0])
    columns = {name: getattr(plain, name) for name in COLUMNS}

    with pytest.raises(ValueError, match="broadcast"):
        Readings(rows=plain.rows, **columns | {"air_c": np.array([1.0, 2.0, 3.0])})


def test_the_farm_takes_every_column_of_a_newer_poll():
    plain = poll([2, 0], [1.0, 2.0])
    columns = {name: getattr(plain, name) for name in COLUMNS} | {
        name: np.array([10.0 * i, 10.0 * i + 1]) for i, name in enumerate(ASIDE, start=1)
    }
    farm = Farm.unread(ABC).updated(Readings(rows=plain.rows, **columns))

    assert farm.air_c[[2, 0]].tolist() == [10.0, 11.0]
    assert farm.p1_kpa[[2, 0]].tolist() == [20.0, 21.0]
    assert farm.p3_kpa[[2, 0]].tolist() == [30.0, 31.0]
    assert all(np.isnan(getattr(farm, name)[1]) for name in ASIDE)
