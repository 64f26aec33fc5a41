"""What a liquid is: its base density and the law by which it expands.

Knows nothing of tanks, owners or prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ExpansionLaw = Literal["oil", "lube", "linear", "bitumen"]

AIR_BUOYANCY_KG_M3 = 1.1
"""Chinese commercial weight: base density less 1.1 kg/m³ (GB/T 19779, GB/T 1885 practice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One good. density_base_kg_m3 is in vacuum at base_c; slope is used by `linear` only."""

    code: str
    name: str
    law: ExpansionLaw
    base_c: float
    density_base_kg_m3: float
    slope_kg_m3_per_c: float
    min_c: float
    max_c: float
    miscible_with_water: bool

    @property
    def air_factor(self) -> float:
        """Mass in air divided by mass in vacuum, dimensionless."""
        return (self.density_base_kg_m3 - AIR_BUOYANCY_KG_M3) / self.density_base_kg_m3
