"""The instrument on a tank: noise, resolution, refresh, and the ways in which it lies or fails.

It sees the truth and gives a Reading; freezing, replaying, searching for water and failing
are the gauge's doing and never touch the cargo.
"""

from __future__ import annotations

import math
from dataclasses import replace

from depot.dice import dice_of
from depot.history import Replay
from depot.reading import FAULTED, Actual, Reading
from depot.world import SiteSpec, TankSpec

REFRESH_S = {"level": 1, "temperature": 10, "density": 30, "water": 60, "pressure": 10, "ambient": 60}
"""Seconds between fresh values. Source: master refresh of a Rosemount 2460 (00809-0100-2460)."""

WAITS_US = {name: seconds * 1_000_000 - 200_000 for name, seconds in REFRESH_S.items()}
"""A shade early counts as due, or jitter of the tick would stretch 1 s to 2 s."""

WATER_NOISE_MM = 0.4
DENSITY_NOISE_KG_M3 = 0.05
DENSITY_GRID_KG_M3 = 0.1
WATER_GRID_MM = 1.0
PRESSURE_NOISE_KPA = 0.005
PRESSURE_GRID_KPA = 0.01
WAVE_PERIOD_S = 7.0
DISPLACER_SPEED_MM_S = 40.0


class Gauge:
    """One tank's instrument. `look` takes a fresh sample; `shown` is what the registers get."""

    def __init__(self, tank: TankSpec, site: SiteSpec, *, seed: int) -> None:
        self._tank = tank
        self._site = site
        self._dice = dice_of(seed, f"gauge {tank.id}")
        self._transmitter_dice = dice_of(seed, f"transmitters {tank.id}")
        self._held = FAULTED
        self._sampled_us: dict[str, int] = {}
        self.frozen: Reading | None = None
        self.replay: Replay | None = None
        self.busy_from_us = 0
        self.busy_until_us = 0
        self.faulty = False

    def heal(self) -> None:
        """Undo every lie and failure; the noise runs on."""
        self.frozen = self.replay = None
        self.busy_from_us = self.busy_until_us = 0
        self.faulty = False

    def look(self, actual: Actual, now_us: int, *, everything: bool = False) -> None:
        """Sample what is due (or everything) and hold it until the next look."""
        held = self._held
        due = REFRESH_S.keys() if everything else self._due(now_us)
        self._held = Reading(
            level_mm=self._level(actual, now_us) if "level" in due else held.level_mm,
            water_mm=self._water(actual) if "water" in due else held.water_mm,
            temp_c=self._temp(actual) if "temperature" in due else held.temp_c,
            density_kg_m3=self._density(actual) if "density" in due else held.density_kg_m3,
            p1_kpa=self._pressure(actual.p1_kpa) if "pressure" in due else held.p1_kpa,
            p3_kpa=self._pressure(actual.p3_kpa) if "pressure" in due else held.p3_kpa,
        )
        self._sampled_us.update(dict.fromkeys(due, now_us))

    def shown(self, now_us: int) -> Reading:
        """The reading as the instrument presents it, lies included."""
        if self.faulty:
            return FAULTED
        if self.frozen is not None:
            return self.frozen
        held = self._held
        if self.replay is not None:
            level_mm, temp_c = self.replay.at(now_us)
            return replace(held, level_mm=level_mm, temp_c=temp_c if self.replay.with_temp else held.temp_c)
        return self._searching(held, now_us) if now_us < self.busy_until_us else held

    def _searching(self, held: Reading, now_us: int) -> Reading:
        """A servo in a water search reports where its displacer hangs, which is not the level."""
        assert held.level_mm is not None
        assert held.water_mm is not None
        down_mm = DISPLACER_SPEED_MM_S * (now_us - self.busy_from_us) / 1e6
        at_mm = max(held.level_mm - down_mm, held.water_mm)
        return replace(held, level_mm=_on_grid(at_mm, self._site.level_grid_mm), searching_water=True)

    def _due(self, now_us: int) -> set[str]:
        last = self._sampled_us
        return {name for name, waits_us in WAITS_US.items() if name not in last or now_us - last[name] >= waits_us}

    def _level(self, actual: Actual, now_us: int) -> float:
        wave = actual.sloshing_mm * math.sin(2.0 * math.pi * now_us / 1e6 / WAVE_PERIOD_S)
        seen = actual.level_mm + wave + self._noise(self._site.level_noise_mm)
        return max(_on_grid(seen, self._site.level_grid_mm), 0.0)

    def _temp(self, actual: Actual) -> float:
        return _on_grid(actual.temp_c + self._noise(self._site.temp_noise_c), self._site.temp_grid_c)

    def _water(self, actual: Actual) -> float:
        """A dry tank reads a clean zero; a wet one is as noisy as the interface is soft."""
        if actual.water_mm <= 0.0:
            return 0.0
        return max(_on_grid(actual.water_mm + self._noise(WATER_NOISE_MM), WATER_GRID_MM), 0.0)

    def _density(self, actual: Actual) -> float | None:
        if not self._tank.density_gauge:
            return None
        return _on_grid(actual.density_kg_m3 + self._noise(DENSITY_NOISE_KG_M3), DENSITY_GRID_KG_M3)

    def _pressure(self, kpa: float | None) -> float | None:
        if kpa is None:
            return None
        return _on_grid(kpa + float(self._transmitter_dice.normal(0.0, PRESSURE_NOISE_KPA)), PRESSURE_GRID_KPA)

    def _noise(self, sigma: float) -> float:
        return float(self._dice.normal(0.0, sigma))


def _on_grid(value: float, grid: float) -> float:
    """The nearest step of the grid, free of binary dust so that 0.1 steps print as such."""
    return round(round(value / grid) * grid, 6)
