"""The air over a site: a mean, a day, and fronts that come and go. A function of time only."""

from __future__ import annotations

import math
from dataclasses import dataclass

from depot.dice import dice_of
from depot.world import SiteSpec

DAY_S = 86_400.0
CHINA_OFFSET_S = 8 * 3600.0
"""Asia/Shanghai has no summer time, so a constant serves and no zone database is needed."""

WARMEST_S = 14.5 * 3600.0
"""Air is warmest about two hours after local noon."""

FRONT_PERIODS_S = (4.3 * DAY_S, 11.0 * DAY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """A site's air temperature; front_phases (radians) come from the seed."""

    mean_c: float
    daily_swing_c: float
    front_swing_c: float
    front_phases: tuple[float, float]

    def ambient_c(self, epoch_s: float) -> float:
        """Air temperature in the shade at a moment, °C."""
        day = math.cos(_since_warmest(epoch_s))
        fronts = sum(
            math.sin(2.0 * math.pi * epoch_s / period + phase)
            for period, phase in zip(FRONT_PERIODS_S, self.front_phases, strict=True)
        )
        return self.mean_c + self.daily_swing_c * day + self.front_swing_c * fronts / 2.0

    def warming(self, epoch_s: float) -> float:
        """How fast the day warms the air: 1 at its fastest in the morning, −1 when it cools fastest in the evening."""
        return -math.sin(_since_warmest(epoch_s))


def _since_warmest(epoch_s: float) -> float:
    """The day's phase in radians, 0 when the air is warmest."""
    return 2.0 * math.pi * (epoch_s + CHINA_OFFSET_S - WARMEST_S) / DAY_S


def weather_of(site: SiteSpec, seed: int) -> Weather:
    """The site's weather for a seed."""
    phases = dice_of(seed, f"weather {site.id}").uniform(0.0, 2.0 * math.pi, size=2)
    return Weather(
        mean_c=site.ambient_mean_c,
        daily_swing_c=site.daily_swing_c,
        front_swing_c=site.front_swing_c,
        front_phases=(float(phases[0]), float(phases[1])),
    )
