"""Whole kg divided by shares, none lost and none made: the largest remainder gets what rounding leaves."""

from collections.abc import Sequence
from enum import StrEnum


class ShareMethod(StrEnum):
    """From which of an owner's batches a withdrawal is taken: from all by their shares, or from the oldest first."""

    PRO_RATA = "pro_rata"
    FIRST_IN = "first_in"


def pro_rata(total_kg: int, weights_kg: Sequence[int]) -> list[int]:
    """``total_kg`` in parts by weight; they add up to it exactly. Of equal remainders the earlier part gets the kg.

    No part is above its weight while total_kg is not above their sum. Raises ValueError where there is no weight.
    """
    whole = sum(weights_kg)
    if whole <= 0:
        raise ValueError(f"{total_kg} kg over weights {list(weights_kg)}: one above 0 is needed")
    parts = [total_kg * w // whole for w in weights_kg]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(total_kg * weights_kg[i] % whole), i))
    for i in by_remainder[: total_kg - sum(parts)]:
        parts[i] += 1
    return parts


def first_in(total_kg: int, weights_kg: Sequence[int]) -> list[int]:
    """``total_kg`` from the first weight on, each emptied before the next. Raises ValueError where it is too much."""
    if total_kg > sum(weights_kg):
        raise ValueError(f"{total_kg} kg out of {sum(weights_kg)} kg")
    parts, left = [], total_kg
    for weight in weights_kg:
        parts.append(min(left, weight))
        left -= parts[-1]
    return parts
