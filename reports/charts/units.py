"""Figures on axes: one unit for a whole axis, chosen by its largest figure. 亿元, 万元, 元, 吨, 米, %, 元/吨."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.charts.chart import Unit

_BY_SIZE = {
    "cny": ((1e8, "亿元"), (1e4, "万元"), (1.0, "元")),
    "kg": ((1e3, "吨"),),
    "mm": ((1e3, "米"),),
    "ratio": ((0.01, "%"),),
    "cny_t": ((1.0, "元/吨"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What one unit of the axis is worth, and its name."""

    unit: float
    name: str


def scale_of(unit: Unit, largest: float) -> Scale:
    """The largest unit of which the axis holds at least one."""
    sizes = _BY_SIZE[unit]
    worth, name = next((s for s in sizes if largest >= s[0]), sizes[-1])
    return Scale(unit=worth, name=name)


def ticks_of(scale: Scale, step: float) -> Callable[[float, object], str]:
    """How a tick is written: as many decimals as the step between two ticks needs."""
    decimals = next(n for n in range(7) if n == 6 or abs(round(step / scale.unit, n) * scale.unit - step) < step * 1e-6)

    def write(value: float, _position: object) -> str:
        return f"{value / scale.unit:,.{decimals}f}"

    return write
