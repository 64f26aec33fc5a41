"""A gateway's answers as Readings: pure, one pass of arrays over all its tanks.

A tank without a water point has water 0 (it has no free-water gauge to doubt); without a density point its density is
NaN with no bit, and its temperature too: whether it needs one, its good decides. Without a level point it is MISSING. Air and pressures are NaN with
no bit whether they have no point or cannot be used: the bits say why a level cannot be believed, and these are other
sensors than the level's. Levels above the tank's table and jumps are judged where the table and the memory are.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from datasources.gauges.layout import AIR, DENSITY, LEVEL, P1, P3, QUANTITIES, STATUS, TEMP, WATER, Layout, Reply
from domain.farm import Bits, Floats, Ints, Quality, Readings

WITHOUT_POINT = np.zeros((len(QUANTITIES), 1), dtype=np.uint32)
WITHOUT_POINT[LEVEL] = Quality.MISSING
ASIDE = [AIR, P1, P3]  # quantities that may fail without the reading


def decode(laid_out: Layout, replies: Sequence[Reply]) -> Readings:
    """Readings of every tank of the gateway from one reply per block, in the order of the layout's blocks.

    taken_at is when the first of a tank's blocks was asked for, received_at when its last one was answered. A status
    that cannot be read, or says busy, spoils the level; one that reports a device error spoils all its gauge says.
    """
    image, _ = laid_out.image(replies)
    value, bits = _blank(laid_out)
    status = np.zeros(len(laid_out.rows), dtype=np.int64)
    taken, received = _times(laid_out, replies)
    why = np.array([reply.quality for reply in replies], dtype=np.uint32)
    asked = np.array([reply.asked_us for reply in replies], dtype=np.int64)
    for group in laid_out.groups:
        numbers = group.points.read(image[group.at])
        old = received[group.place] - asked[group.block] > group.max_age_us
        seen = np.where(old, np.uint32(Quality.OLD), numbers.quality)
        quality = np.where(why[group.block] != 0, why[group.block], seen)
        value[group.quantity, group.place] = np.where(quality == 0, numbers.value, np.nan)
        bits[group.quantity, group.place] = quality
        said = (group.quantity == STATUS) & (quality == 0)
        status[group.place[said]] = numbers.raw[said].astype(np.int64)
    _obey_status(laid_out, value, bits, status)
    bits[ASIDE] = 0
    return Readings(
        rows=laid_out.rows,
        level_mm=value[LEVEL],
        water_mm=value[WATER],
        temp_c=value[TEMP],
        density_kg_m3=value[DENSITY],
        air_c=value[AIR],
        p1_kpa=value[P1],
        p3_kpa=value[P3],
        taken_at_us=taken,
        received_at_us=received,
        status=status,
        quality=np.bitwise_or.reduce(bits, axis=0),
    )


def frozen(readings: Readings) -> Readings:
    """The same rows with every value unknown: the gateway answers, but what it says has stopped moving."""
    unknown = np.full(len(readings.rows), np.nan)
    return replace(
        readings,
        level_mm=unknown,
        water_mm=unknown.copy(),
        temp_c=unknown.copy(),
        density_kg_m3=unknown.copy(),
        air_c=unknown.copy(),
        p1_kpa=unknown.copy(),
        p3_kpa=unknown.copy(),
        quality=readings.quality | np.uint32(Quality.FROZEN),
    )


def _blank(laid_out: Layout) -> tuple[Floats, Bits]:
    """Values and bits, both of shape (8, n), as they are for quantities without a point."""
    value = np.full(laid_out.present.shape, np.nan)
    value[WATER, ~laid_out.present[WATER]] = 0.0
    return value, np.where(laid_out.present, np.uint32(0), WITHOUT_POINT).astype(np.uint32)


def _times(laid_out: Layout, replies: Sequence[Reply]) -> tuple[Ints, Ints]:
    """First question and last answer of each tank; of the whole poll for a tank without points."""
    asked = np.array([reply.asked_us for reply in replies], dtype=np.int64)
    answered = np.array([reply.answered_us for reply in replies], dtype=np.int64)
    taken = np.full(len(laid_out.rows), asked.max(initial=0))
    received = np.full(len(laid_out.rows), 0, dtype=np.int64)
    for group in laid_out.groups:
        np.minimum.at(taken, group.place, asked[group.block])
        np.maximum.at(received, group.place, answered[group.block])
    return taken, np.where(received == 0, answered.max(initial=0), received)


def _obey_status(laid_out: Layout, value: Floats, bits: Bits, status: Ints) -> None:
    """Apply the status rules in place."""
    rules = laid_out.rules
    masked = status[rules.place] & rules.mask
    hit = np.where(rules.equals < 0, masked != 0, masked == rules.equals) & (bits[STATUS, rules.place] == 0)
    np.bitwise_or.at(bits[STATUS], rules.place[hit], rules.bit[hit])
    value[LEVEL, bits[STATUS] != 0] = np.nan
    broken = (bits[STATUS] & np.uint32(Quality.DEVICE)) != 0
    value[laid_out.present & broken] = np.nan
