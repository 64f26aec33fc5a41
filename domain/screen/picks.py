"""Which of a tank's words on itself is the newest at each moment: late and corrected readings included."""

import numpy as np

from domain.farm import Ints


def ambiguous(rows: Ints, taken_us: Ints, received_us: Ints) -> bool:
    """Whether two words on a tank have both times equal, so that nothing says which counts. Ordered by these three."""
    same = (np.diff(rows) == 0) & (np.diff(taken_us) == 0) & (np.diff(received_us) == 0)
    return bool(same.any())


def newest(known_us: Ints, moments_us: Ints) -> Ints:
    """The place of the newest word known at each moment, −1 before the first.

    known_us (k,): from when each word counts, the words in the order of (taken_at, received_at). moments_us (m,) rising.
    """
    if not len(known_us):
        return np.full(len(moments_us), -1, dtype=np.int64)
    best = np.arange(len(known_us))
    if np.any(np.diff(known_us) < 0):  # something came late: it counts only until a newer one is known
        order = np.argsort(known_us, kind="stable")
        best, known_us = np.maximum.accumulate(order), known_us[order]
    place = np.searchsorted(known_us, moments_us, side="right") - 1
    return np.where(place >= 0, best[np.maximum(place, 0)], -1)


def superseding(taken_us: Ints, received_us: Ints, held: tuple[int, int]) -> Ints:
    """Places of the words newer than the one that is held: taken later, or a later word on the same time."""
    taken, received = held
    return np.flatnonzero((taken_us > taken) | ((taken_us == taken) & (received_us > received)))
