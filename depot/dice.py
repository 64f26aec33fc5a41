"""Repeatable chance: one stream per named thing, so that adding a tank changes no other tank."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def dice_of(seed: int, name: str) -> np.random.Generator:
    """A generator that depends on the seed and the name only."""
    return np.random.default_rng([seed, crc32(name.encode())])
