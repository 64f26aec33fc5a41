"""Whose density counts in each tank, and how far the observed ones lie from the certificate's: data that lies shows here."""

from typing import NamedTuple

import numpy as np

from domain.farm import Floats
from domain.metering import hydrostatic
from domain.metering.air import in_air
from domain.metering.plant import Flags, Plant

ONLINE_U_KG_M3 = 1.0
HYDROSTATIC_U_KG_M3 = 3.0
"""Standard uncertainties of measured densities: an installed densitometer; pressures over a column (1…5 kg/m³)."""

LIQUIDS_KG_M3 = (300.0, 3000.0)
"""What a sensor may honestly show; outside it is broken (0 in air, a register's limit) and counts as silent."""


class Density(NamedTuple):
    """At the good's base: in vacuum and in air, kg/m³, with its standard uncertainty, and the factor CTL to there.

    Gaps at tank temperature: observed minus the certificate's. measured: where an observed density counts; missing:
    where one should and is not there, so that the certificate's does.
    """

    base_kg_m3: Floats
    air_kg_m3: Floats
    u_kg_m3: Floats
    ctl: Floats
    online_gap: Floats
    hydrostatic_gap: Floats
    measured: Flags
    missing: Flags


def judged(
    plant: Plant,
    *,
    level_mm: Floats,
    temp_c: Floats,
    ctl: Floats,
    online_kg_m3: Floats,
    p1_kpa: Floats,
    p3_kpa: Floats,
) -> Density:
    """The density of every reading of shape (..., n). ctl: at the certificate's density, by which the gaps are told."""
    expected = plant.density_kg_m3 * ctl
    weighed = hydrostatic.density(p1_kpa, p3_kpa, level_mm - plant.p1_mm, plant.procedure.gravity_m_s2)
    certified = Density(
        base_kg_m3=plant.density_kg_m3,
        air_kg_m3=plant.air_kg_m3,
        u_kg_m3=plant.doubt.density_kg_m3,
        ctl=ctl,
        online_gap=online_kg_m3 - expected,
        hydrostatic_gap=weighed - expected,
        measured=np.zeros(1, dtype=np.bool_),
        missing=np.zeros(1, dtype=np.bool_),
    )
    if not (plant.online.any() or plant.hydrostatic.any()):
        return certified
    observed = np.where(plant.online, online_kg_m3, np.where(plant.hydrostatic, weighed, np.nan))
    observed = np.where((observed >= LIQUIDS_KG_M3[0]) & (observed <= LIQUIDS_KG_M3[1]), observed, np.nan)
    base = plant.curve.density_at_base(observed, temp_c)
    there = np.isfinite(base)
    base = np.where(there, base, plant.density_kg_m3)
    u_observed = np.where(plant.online, ONLINE_U_KG_M3, HYDROSTATIC_U_KG_M3)
    return certified._replace(
        base_kg_m3=base,
        air_kg_m3=np.where(plant.weighed, base, in_air(base, plant.procedure.buoyancy)),
        u_kg_m3=np.where(there, u_observed, plant.doubt.density_kg_m3),
        ctl=np.where(there, observed / base, ctl),
        measured=there,
        missing=(plant.online | plant.hydrostatic) & ~there,
    )
