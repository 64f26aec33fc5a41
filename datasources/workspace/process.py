"""``process:`` of a contract: plants that turn one pledged good into another, and the band of their yield."""

from typing import Annotated

from pydantic import Field as Needs

from datasources.workspace.number import Hours, band, real
from datasources.workspace.part import Part
from datasources.workspace.word import Label
from domain.process import Process

HOUR_S = 3600.0
YIELD = "kg of output per kg of input"


class FlowPart(Part):
    """One side of a plant: its good and the tanks that hold it."""

    good: Label = Needs(description="a code of goods.yaml")
    tanks: tuple[Label, ...] = Needs(description="pledged tanks with that good, e.g. [T-101, T-102]")


class ProcessPart(Part):
    """One plant. min_input_t: below so much feed within the window nothing is judged. lag_hours: feed to product."""

    input: FlowPart = Needs(description="what is fed: {good: METHANOL, tanks: [M-1]}")
    output: FlowPart = Needs(description="what is made: {good: FORMALDEHYDE37, tanks: [F-1]}")
    yield_band: Annotated[tuple[float, float], band(0.001, 1000.0, YIELD)] = Needs(
        description=f"[least, most] {YIELD}, e.g. [2.15, 2.40]"
    )
    window_hours: Hours = 24.0
    min_input_t: Annotated[float, real(low=0, above=0, high=1_000_000, unit="t")] = 20.0
    lag_hours: Hours = 2.0


def build_process(part: ProcessPart) -> Process:
    """The domain's terms: hours become seconds, tonnes kg."""
    least, most = part.yield_band
    return Process(
        input_good=part.input.good,
        input_tanks=part.input.tanks,
        output_good=part.output.good,
        output_tanks=part.output.tanks,
        least_yield=least,
        most_yield=most,
        window_s=part.window_hours * HOUR_S,
        min_input_kg=part.min_input_t * 1000.0,
        lag_s=part.lag_hours * HOUR_S,
    )
