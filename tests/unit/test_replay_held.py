"""A tank that is said to hold so many tonnes measures exactly so many."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.command.replaying.held import Held
from bot.command.replaying.sources import HeldSource
from bot.command.replaying.stage import Stage
from bot.house import House
from datasources.workspace import load
from domain.errors import SourceMalformed
from domain.holding import holdings

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


def test_of_identified_batches_a_held_tank_is_all_theirs(house: House) -> None:
    (contract,) = house.workspace.contracts.values()
    first = replace(contract.pledged[0], share=None, batches=("B-1", "B-2"))
    of = replace(contract, pledged=(first, *contract.pledged[1:]))
    stage = Stage(house.workspace, NOW)
    tonnes = dict.fromkeys(of.tank_ids(), 1.0)

    HeldSource(Held(house.workspace, of, house.plant), of, house.workspace, tonnes).bring(stage, NOW)

    held = holdings(of, stage.house.stocks[of.on_delay], stage.house.books, NOW, stage.house.ledger)[0]
    assert (held.share, held.physical_kg) == (1, held.book_kg) == (1, 1000)
