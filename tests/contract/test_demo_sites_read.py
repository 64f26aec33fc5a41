"""The demo's register maps against the depot's own servers: every tank is good, and its air and pressures arrive."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from datasources.gauges.modbus import ModbusGauge
from datasources.workspace import load
from depot.farm import Farm as DepotFarm
from depot.station import Station
from domain.farm import Farm
from tests.fakes.modbus_device import Clock
from tests.fakes.packaged_world import packaged_world

DEMO = load(Path(__file__).parents[2] / "examples" / "demo", now=datetime(2026, 3, 12, 2, tzinfo=UTC)).sound()
START_US = 1_773_295_200_000_000  # 2026-03-12 14:00 in China


@pytest.fixture
async def depot():
    world = packaged_world()
    farm = DepotFarm(world, seed=7, start_us=START_US, quiet=True)
    station = Station(farm, clock=lambda: START_US, host="127.0.0.1", ports=dict.fromkeys(world.sites, 0))
    await station.open()
    yield station
    await station.close()


async def read(depot, site):
    """The demo's farm after one poll of one site, and the site's rows in it."""
    (written,) = (g for g in DEMO.gateways if g.site_id == site)
    document = depot.registers(site)
    gateway = replace(written, host=document["host"], port=document["port"])
    gauge = ModbusGauge(gateway, DEMO.index, Clock(now_us=START_US).us)
    readings = await gauge.poll()
    await gauge.close()
    return Farm.unread(DEMO.index).updated(readings), DEMO.index.rows(DEMO.sites[site].tank_ids)


@pytest.mark.parametrize("site", ["gangchu", "minchu", "changku"])
async def test_every_tank_is_good_and_knows_the_air_of_its_site(depot, site):
    farm, rows = await read(depot, site)

    assert farm.quality[rows].tolist() == [0] * len(rows)
    assert farm.air_c[rows].tolist() == pytest.approx([depot.farm.cargo.ambient_c(site)] * len(rows), abs=0.051)


@pytest.mark.parametrize("site", ["gangchu", "minchu", "changku"])
async def test_pressures_are_what_the_transmitters_show_and_unknown_elsewhere(depot, site):
    farm, rows = await read(depot, site)

    for row in rows:
        shown = depot.farm.readings[DEMO.index.tanks[row].id]
        expected = [np.nan if v is None else v for v in (shown.p1_kpa, shown.p3_kpa)]
        assert [farm.p1_kpa[row], farm.p3_kpa[row]] == pytest.approx(expected, nan_ok=True, abs=1e-9)


async def test_a_faulty_gauge_takes_its_pressures_with_it_and_no_neighbour_s(depot):
    depot.farm.gauges["C-04"].faulty = True
    depot.refresh()
    farm, _ = await read(depot, "changku")
    broken, whole = DEMO.index.rows(["C-04", "C-05"])

    assert farm.quality[broken] != 0
    assert np.isnan([farm.p1_kpa[broken], farm.p3_kpa[broken]]).all()
    assert (farm.quality[whole], farm.p1_kpa[whole] > 10.0) == (0, True)
