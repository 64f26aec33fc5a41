"""Gauges, book and papers where none were recorded: a tank that holds so many tonnes and says so whenever asked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from datasources.workspace import Workspace
from domain.contract import Contract
from domain.errors import SourceMalformed
from domain.farm import Farm, Floats, Quality, Readings
from domain.metering.inventory import measure
from domain.metering.plant import Plant
from domain.money import whole_kg
from domain.movement import BookRow, Feed
from domain.ownership.entry import Entry, EntryKind
from domain.scene import DepotPapers
from domain.tank import TankIndex

HALVINGS = 60
"""Of the tank's height: below a nanometre, so that the mass is the asked one to the last figure that a double holds."""


class Held:
    """Turns masses into the readings that would have shown them, and into a book and papers that agree."""

    def __init__(self, workspace: Workspace, contract: Contract, plant: Plant) -> None:
        """plant: the workspace's, as the house has built it."""
        self._index = workspace.index
        self._contract = contract
        self._plant = plant
        self._temp_c = np.array([_mild(workspace, t.good) for t in workspace.index.tanks])
        self._levels: dict[tuple[tuple[str, float], ...], dict[str, float]] = {}

    def readings(self, tonnes: Mapping[str, float], at: datetime) -> Readings:
        """Good readings, taken at this moment, of tanks that hold so many tonnes in air.

        Raises SourceMalformed for a mass that the tank cannot hold.
        """
        key = tuple(sorted(tonnes.items()))
        if key not in self._levels:
            self._levels[key] = self.levels_mm(tonnes)
        return self.shown(self._levels[key], at)

    def shown(self, levels_mm: Mapping[str, float], at: datetime) -> Readings:
        """Good readings of these levels, taken at this moment, at a mild temperature."""
        rows, k = np.array(self._index.rows(levels_mm), dtype=np.int64), len(levels_mm)
        us = np.full(k, _us(at), dtype=np.int64)
        return Readings(
            rows=rows,
            level_mm=np.array(list(levels_mm.values()), dtype=np.float64),
            water_mm=np.zeros(k),
            temp_c=self._temp_c[rows],
            density_kg_m3=np.full(k, np.nan),
            taken_at_us=us,
            received_at_us=us,
            status=np.zeros(k, dtype=np.int64),
            quality=np.full(k, Quality.GOOD, dtype=np.uint32),
        )

    def levels_mm(self, tonnes: Mapping[str, float]) -> dict[str, float]:
        """The level at which each tank holds so many tonnes in air, found by halving."""
        rows = np.array(self._index.rows(tonnes), dtype=np.int64)
        wanted = np.array([t * 1000.0 for t in tonnes.values()])
        low, high = np.zeros(len(rows)), np.array([self._index.tanks[r].max_level_mm for r in rows])
        self._check(tonnes, self._mass_kg(rows, high))
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            mass = self._mass_kg(rows, middle)
            below = np.isnan(mass) | (mass < wanted)  # NaN: below the table's start, or the roof not yet afloat
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return dict(zip(tonnes, high.tolist(), strict=True))

    def _check(self, tonnes: Mapping[str, float], full_kg: Floats) -> None:
        for (tank_id, mass_t), most in zip(tonnes.items(), full_kg.tolist(), strict=True):
            if not 0 <= mass_t * 1000 <= most:
                raise SourceMalformed(f"tank {tank_id!r}: {mass_t:g} t, 0 to {most / 1000:.3f} t are allowed")

    def _mass_kg(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]], level_mm: Floats) -> Floats:
        n = len(self._index)
        level, quality = np.full(n, np.nan), np.full(n, Quality.MISSING, dtype=np.uint32)
        level[rows], quality[rows] = level_mm, Quality.GOOD
        farm = replace(
            Farm.unread(self._index), level_mm=level, water_mm=np.zeros(n), temp_c=self._temp_c, quality=quality
        )
        return measure(farm, self._plant).mass_air_kg[rows]

    def books(self, tonnes: Mapping[str, float], at: datetime) -> dict[str, Feed[BookRow]]:
        """Books by site that give the contract's owners the whole of these masses, as of this moment."""
        rows: dict[str, list[BookRow]] = {}
        for pledged in self._contract.pledged:
            if pledged.tank_id not in tonnes:
                continue
            tank = self._index.tanks[self._index.row[pledged.tank_id]]
            kg = whole_kg(tonnes[tank.id] * 1000.0)
            row = BookRow(
                site_id=tank.site_id, tank_id=tank.id, good=tank.good, owner=pledged.owner, mass_kg=kg, as_of=at
            )
            rows.setdefault(tank.site_id, []).append(row)
        return {site: Feed(rows=tuple(mine), as_of=at, received_at=at) for site, mine in rows.items()}

    def entries(self, tonnes: Mapping[str, float], at: datetime) -> dict[str, list[Entry]]:
        """By site, of tanks of which the contract counts named batches only: all that is there is the first of them."""
        said: dict[str, list[Entry]] = {}
        for pledged in self._contract.pledged:
            if not pledged.batches or pledged.tank_id not in tonnes:
                continue
            tank = self._index.tanks[self._index.row[pledged.tank_id]]
            entry = Entry(
                no=tank.id,
                site_id=tank.site_id,
                kind=EntryKind.OPENING,
                at=at,
                tank_id=tank.id,
                good=tank.good,
                kg=whole_kg(tonnes[tank.id] * 1000.0),
                owner=pledged.owner,
                batch=pledged.batches[0],
            )
            said.setdefault(tank.site_id, []).append(entry)
        return said


def quiet_papers(site_ids: Iterable[str], at: datetime) -> dict[str, DepotPapers]:
    """Feeds that spoke just now and know of no order and no release."""
    return {s: DepotPapers(work_orders_as_of=at, releases_as_of=at) for s in site_ids}


def sites_of(contract: Contract, index: TankIndex) -> list[str]:
    """The sites of the contract's tanks."""
    return sorted({index.tanks[row].site_id for row in index.rows(contract.tank_ids())})


def _mild(workspace: Workspace, good: str) -> float:
    """20 °C, or the nearest that is believable for the good (hot bitumen)."""
    low, high = workspace.goods[good].temp_band_c
    return min(max(20.0, low), high)


def _us(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
