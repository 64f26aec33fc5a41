"""A grain silo: weighed by volume, bulk density and packing; no thermometer, no buoyancy."""

from pathlib import Path

import numpy as np
import pytest

from datasources.workspace import load
from domain.farm import Quality
from domain.good import Correction, Good
from domain.metering.dip import Dip, measure_one
from domain.tank import Geometry, Shape, Tank

ROOT = Path(__file__).parents[2]
WHEAT = Good(code="WHEAT", name="小麦", correction=Correction.BULK, density_kg_m3=780.0, packing_factor=1.02)
SILO = Tank(
    id="S-1",
    site_id="s",
    name="1号仓",
    good="WHEAT",
    geometry=Geometry(shape=Shape.VERTICAL, diameter_m=15.0, height_m=22.0),
    heel_mm=0.0,
    max_level_mm=21500.0,
)


@pytest.mark.parametrize("temp_c", [float("nan"), 31.0])
def test_grain_weighs_volume_times_bulk_density_times_packing_whatever_the_temperature(temp_c: float) -> None:
    found = measure_one(
        SILO,
        WHEAT,
        Dip(level_mm=18000.0, temp_c=temp_c),
    )
    volume_m3 = np.pi / 4 * 15.0**2 * 18.0
    assert found.tov_m3.item() == pytest.approx(volume_m3)
    assert found.mass_air_kg.item() == pytest.approx(found.gov_m3.item() * 780.0 * 1.02)
    assert found.mass_air_kg.item() == found.mass_vacuum_kg.item()
    assert found.gov_m3.item() == pytest.approx(volume_m3, rel=3e-4)  # only the shell follows a temperature
    assert found.quality.item() == Quality.GOOD


def test_a_silo_may_stand_in_a_workspace_without_a_thermometer() -> None:
    loaded = load(ROOT / "examples" / "metering")
    assert [p for p in loaded.problems if p.severity == "error"] == []
    assert loaded.workspace is not None
    assert loaded.workspace.goods[loaded.workspace.index.tanks[loaded.workspace.index.row["G-108"]].good].name == "小麦"
