"""Rounding as the printed tables do: to a decimal step, half to even."""

from typing import Any

import numpy as np

from domain.farm import Floats


def to(values: Any, per_unit: float) -> Floats:
    """Values to 1/per_unit: 10 for one decimal, 20 for steps of 0.05, 0.2 for steps of 5.

    A tie is one of the decimal number that was written: 84.15 lies between 84.1 and 84.2, whatever its binary says.
    """
    steps = np.asarray(values, dtype=np.float64) * per_unit
    return np.asarray(np.rint(np.round(steps, 6)) / per_unit)
