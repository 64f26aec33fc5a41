"""A tank that is said to hold so many tonnes measures exactly so many."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.command.replaying.held import Held
from bot.house import House
from datasources.workspace import load
from domain.errors import SourceMalformed

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house() -> House:
    return House(load(ROOT / "examples" / "metering", now=NOW).sound())


def held(house: House) -> Held:
    (contract,) = house.workspace.contracts.values()
    return Held(house.workspace, contract, house.plant)


@pytest.mark.parametrize("tank", ["G-101", "G-102", "G-103", "G-104", "G-105", "G-106", "G-107", "G-108", "G-109"])
def test_every_shape_of_tank_measures_what_it_is_said_to_hold(house: House, tank: str) -> None:
    row = house.workspace.index.row[tank]
    full = held(house)._mass_kg(np.array([row]), np.array([house.workspace.index.tanks[row].max_level_mm]))[0]
    tonnes = float(full) * 0.8 / 1000

    house.take(held(house).readings({tank: tonnes}, NOW))

    assert house.inventory.mass_air_kg[row] == pytest.approx(tonnes * 1000, rel=1e-9)


@pytest.mark.parametrize("tonnes", [-1.0, 1e6])
def test_a_mass_that_no_level_shows_is_refused_with_what_is_allowed(house: House, tonnes: float) -> None:
    with pytest.raises(SourceMalformed, match=r"'G-101'.*allowed"):
        held(house).readings({"G-101": tonnes}, NOW)
