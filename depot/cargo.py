"""The liquids of the farm in time: contents, flows and weather, stepped forward together.

Deterministic for a seed and a sequence of steps. Must know nothing of papers, gauges or wires.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from depot.flows import Flow
from depot.pressure import lower_kpa, vapour_kpa
from depot.reading import Actual
from depot.tank import TankState, level_mm, liquid_density_kg_m3, opening_state, water_level_mm
from depot.thermal import COIL_TIME_S, drawn_to_c, mix_in, time_constant_s, warm
from depot.weather import Weather, weather_of
from depot.world import TankSpec, World

QUIET_STEP_S = 300.0
PUMPING_STEP_S = 5.0
WAVES_MM_PER_KG_S = 0.02
WAVES_MAX_MM = 4.0
WAVES_DIE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What passed through a pump in one step."""

    product_kg: float
    water_kg: float
    temp_c: float


class Cargo:
    """True contents of all tanks, with what flows between them."""

    def __init__(self, world: World, *, seed: int, epoch_s: float) -> None:
        self._world = world
        self.epoch_s = epoch_s
        self.weather: dict[str, Weather] = {s.id: weather_of(s, seed) for s in world.sites.values()}
        self.flows: list[Flow] = []
        self.states: dict[str, TankState] = {}
        self._waves_mm: dict[str, float] = {}
        self._air: dict[str, tuple[float, float]] = {}
        self._stood: dict[str, tuple[tuple[float, ...], float]] = {}
        self.refill()

    def refill(self) -> None:
        """Every tank as at the start, nothing flowing."""
        booked = dict.fromkeys(self._world.tanks, 0)
        for holding in self._world.holdings:
            booked[holding.tank] += holding.mass_kg
        self.flows.clear()
        self._waves_mm = dict.fromkeys(self._world.tanks, 0.0)
        self.states = {t.id: opening_state(t, booked[t.id], self.ambient_c(t.site)) for t in self._world.tanks.values()}

    def ambient_c(self, site: str) -> float:
        """Asked for every tank of the site at the same moment, so the last answer is kept."""
        of_s, air_c = self._air.get(site, (math.nan, math.nan))
        if of_s != self.epoch_s:
            air_c = self.weather[site].ambient_c(self.epoch_s)
            self._air[site] = (self.epoch_s, air_c)
        return air_c

    def level_mm(self, tank: str) -> float:
        spec = self._world.tanks[tank]
        return self._level_mm(spec, self.ambient_c(spec.site))

    def _level_mm(self, spec: TankSpec, ambient_c: float) -> float:
        """A gauge looks at the end of a step at what the next one begins with: looked up twice, worked out once."""
        state = self.states[spec.id]
        holds = (state.product_kg, state.dissolved_water_kg, state.free_water_kg, state.temp_c, ambient_c)
        kept = self._stood.get(spec.id)
        if kept is None or kept[0] != holds:
            kept = self._stood[spec.id] = (holds, level_mm(spec, state, ambient_c))
        return kept[1]

    def air_kg(self, tank: str) -> float:
        """Commercial weight of everything above the free water, heel included."""
        return self.states[tank].liquid_kg * self._world.tanks[tank].good.air_factor

    def actual(self, tank: str) -> Actual:
        """What an honest gauge on the tank has before it."""
        spec, state = self._world.tanks[tank], self.states[tank]
        ambient_c = self.ambient_c(spec.site)
        p1_kpa = p3_kpa = None
        if spec.p1_mm is not None:
            p3_kpa = vapour_kpa(self.weather[spec.site].warming(self.epoch_s))
            p1_kpa = lower_kpa(spec, state, ambient_c=ambient_c, vapour=p3_kpa)
        return Actual(
            level_mm=self._level_mm(spec, ambient_c),
            water_mm=water_level_mm(spec, state, ambient_c),
            temp_c=state.temp_c,
            density_kg_m3=liquid_density_kg_m3(spec, state),
            sloshing_mm=self._waves_mm[tank],
            p1_kpa=p1_kpa,
            p3_kpa=p3_kpa,
        )

    def step(self, dt_s: float) -> None:
        """Let dt_s pass, in pieces short enough for pumps when any runs."""
        left_s = dt_s
        while left_s > 1e-9:
            piece_s = min(left_s, PUMPING_STEP_S if self.flows else QUIET_STEP_S)
            self._move(piece_s)
            self._warm(piece_s)
            self.epoch_s += piece_s
            left_s -= piece_s

    def _move(self, dt_s: float) -> None:
        for tank in self._waves_mm:
            self._waves_mm[tank] *= math.exp(-dt_s / WAVES_DIE_S)
        for flow in self.flows:
            available_kg = math.inf if flow.source is None else self.states[flow.source].liquid_kg
            passed_kg = flow.draw(dt_s, available_kg)
            parcel = self._made(flow, self._take(flow, passed_kg))
            if flow.target is not None:
                self._add(flow.target, parcel)
            self._stir(flow)
        # In place: whoever holds the list sees the same flows.
        self.flows[:] = [flow for flow in self.flows if not flow.finished]

    def _stir(self, flow: Flow) -> None:
        """Waves at both ends, and a full target stops the pump."""
        waves_mm = min(WAVES_MM_PER_KG_S * flow.speed_kg_s, WAVES_MAX_MM)
        for end in (flow.source, flow.target):
            if end is not None:
                self._waves_mm[end] = max(self._waves_mm[end], waves_mm)
        if flow.target is not None and self.level_mm(flow.target) >= self._world.tanks[flow.target].shape.full_mm:
            flow.planned_kg = flow.moved_kg

    def _take(self, flow: Flow, passed_kg: float) -> Parcel:
        """Draw from the source, dissolved water in proportion; from outside comes clean product."""
        if flow.source is None:
            warm_c = flow.arrives_c
            if warm_c is None:
                assert flow.target is not None, "a flow has a source or a target"
                warm_c = self._world.tanks[flow.target].temp_c
            return Parcel(product_kg=passed_kg, water_kg=0.0, temp_c=warm_c)
        state = self.states[flow.source]
        share = passed_kg / state.liquid_kg if state.liquid_kg > 0.0 else 0.0
        parcel = Parcel(
            product_kg=state.product_kg * share, water_kg=state.dissolved_water_kg * share, temp_c=state.temp_c
        )
        state.product_kg -= parcel.product_kg
        state.dissolved_water_kg -= parcel.water_kg
        return parcel

    def _made(self, flow: Flow, parcel: Parcel) -> Parcel:
        """What comes out of the plant for it, as warm as its tank is kept; without a plant the same."""
        if flow.made_per_kg is None or flow.target is None:
            return parcel
        kg = (parcel.product_kg + parcel.water_kg) * flow.made_per_kg
        return Parcel(product_kg=kg, water_kg=0.0, temp_c=self._world.tanks[flow.target].temp_c)

    def _add(self, tank: str, parcel: Parcel) -> None:
        state = self.states[tank]
        mix_in(state, added_kg=parcel.product_kg + parcel.water_kg, added_c=parcel.temp_c)
        state.product_kg += parcel.product_kg
        state.dissolved_water_kg += parcel.water_kg

    def _warm(self, dt_s: float) -> None:
        ambient_c = {site: self.ambient_c(site) for site in self._world.sites}
        for spec in self._world.tanks.values():
            state = self.states[spec.id]
            towards_c = drawn_to_c(
                spec,
                ambient_c=ambient_c[spec.site],
                ambient_mean_c=self._world.sites[spec.site].ambient_mean_c,
                epoch_s=self.epoch_s,
            )
            time_s = COIL_TIME_S
            if spec.heated_to_c is None:
                time_s = time_constant_s(spec, state, self._level_mm(spec, ambient_c[spec.site]))
            warm(state, towards_c=towards_c, time_s=time_s, dt_s=dt_s)
