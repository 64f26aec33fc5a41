"""Liquid on the move: a pump that ramps up, runs, ramps down and stops on its quantity."""

from __future__ import annotations

import math
from dataclasses import dataclass

FINISH_SHARE = 0.02
"""Below this share of its rate a pump is stopped rather than throttled further."""


@dataclass(slots=True, kw_only=True)
class Flow:
    """One stream, true kg (vacuum). source or target None means outside the farm.

    planned_kg is infinite for a theft; order_no None means that no paper covers it. made_per_kg: what reaches the
    target for each kg that is drawn, where a plant stands between them.
    """

    source: str | None
    target: str | None
    rate_kg_s: float
    ramp_s: float
    planned_kg: float
    arrives_c: float | None = None
    order_no: str | None = None
    made_per_kg: float | None = None
    moved_kg: float = 0.0
    speed_kg_s: float = 0.0

    @property
    def remaining_kg(self) -> float:
        return max(self.planned_kg - self.moved_kg, 0.0)

    @property
    def finished(self) -> bool:
        return self.remaining_kg <= 1e-6

    @property
    def braking_kg_s2(self) -> float:
        return self.rate_kg_s / self.ramp_s

    def draw(self, dt_s: float, available_kg: float) -> float:
        """Kilograms that pass in dt_s, at most what is available; a dry source ends the flow."""
        braked = math.sqrt(2.0 * self.braking_kg_s2 * self.remaining_kg)
        rising = self.speed_kg_s + self.braking_kg_s2 * dt_s
        floor = FINISH_SHARE * self.rate_kg_s
        self.speed_kg_s = max(min(self.rate_kg_s, rising, braked), floor)
        passed = min(self.speed_kg_s * dt_s, self.remaining_kg)
        if passed >= available_kg:
            passed = available_kg
            self.planned_kg = self.moved_kg + passed
        self.moved_kg += passed
        return passed

    def stop(self) -> None:
        """Close the valve: what still passes is what the ramp needs."""
        self.planned_kg = min(self.planned_kg, self.moved_kg + self.speed_kg_s**2 / (2.0 * self.braking_kg_s2))
