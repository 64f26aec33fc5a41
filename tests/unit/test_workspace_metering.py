"""The example of certificates: no problem at all, and its tanks read what the training text printed."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from datasources.workspace import Workspace, load
from datasources.workspace.goods import GoodPart
from datasources.workspace.part import Part
from datasources.workspace.tanks import RoofPart, TankPart
from domain.good import Correction
from domain.metering.capacity import Capacity
from domain.tank import Shape

ROOT = Path(__file__).parents[2]
METERING = ROOT / "examples" / "metering"
TANKS = (ROOT / "docs" / "tanks.md").read_text(encoding="utf-8")
AS_OF = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def metering() -> Workspace:
    return load(METERING, now=AS_OF).sound()


def test_the_example_has_no_error_and_no_warning() -> None:
    assert load(METERING, now=AS_OF).problems == ()


@pytest.mark.parametrize(
    ("tank", "level_mm", "relative_density", "published_l"),
    [
        ("G-101", 7073.0, 0.8356, 1261370.5),  # wk.yl1001.com: 1247775 + 12625 + 541 + 514 × 0.8356
        ("G-102", 3702.0, 0.7246, 720916.3),  # wk.yl1001.com: 720485 + 398 + 46 × 0.7246
    ],
)
def test_the_tanks_in_parts_read_the_published_volumes(
    metering: Workspace, tank: str, level_mm: float, relative_density: float, published_l: float
) -> None:
    capacity = Capacity.of([metering.index.tanks[metering.index.row[tank]]])
    read = capacity.look_up(np.array([level_mm]))
    volume_l = 1000.0 * (read.volume_m3 + relative_density * read.hydrostatic_m3).item()

    assert volume_l == pytest.approx(published_l, rel=0, abs=0.05)


def test_the_example_has_every_kind_of_tank_and_of_correction(metering: Workspace) -> None:
    tanks = metering.index.tanks
    roofs = [t.roof for t in tanks if t.roof is not None]

    assert {t.geometry.shape for t in tanks if t.geometry is not None} == set(Shape)
    assert {roof.table_density_air_kg_m3 is None for roof in roofs} == {True, False}
    assert {good.correction for good in metering.goods.values()} == {
        Correction.T60A,
        Correction.T60B,
        Correction.T54B,
        Correction.BITUMEN,
        Correction.ETHANOL,
        Correction.LINEAR,
        Correction.BULK,
    }


@pytest.mark.parametrize("part", [TankPart, RoofPart, GoodPart])
def test_every_key_is_in_the_document(part: type[Part]) -> None:
    assert [key for key in part.model_fields if key != "node" and f"`{key}`" not in TANKS] == []


def test_the_documents_lines_are_those_of_the_example() -> None:
    shown = TANKS.split("```")[1].split()
    whole = (METERING / "tables" / "G-101.csv").read_text(encoding="utf-8").split()
    assert [line for line in shown if line not in whole] == []
