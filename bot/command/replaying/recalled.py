"""The rules' memories after moments at which nothing was told: as they would have become, had each moment been judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np

from bot.command.replaying.block import EPOCH, MICROSECOND
from domain.contract import Line
from domain.farm import Ints
from domain.position import Position
from domain.scene import Scene
from domain.top_up import mixed
from rules import book_gap, quantity_drop, value_line
from rules.screen.losses import Window

EVERY_US = value_line.EVERY // MICROSECOND


class RecalledPast(value_line.Past):
    """A position to compare with that is worked out only if somebody looks at it."""

    __slots__ = ("_scene",)
    _scene: Callable[[], Scene]

    def __init__(self, at: datetime, scene: Callable[[], Scene]) -> None:
        """scene: the contract's world of that moment."""
        object.__setattr__(self, "at", at)
        object.__setattr__(self, "_scene", cache(scene))

    @property
    def position(self) -> Position:
        """As it was taken then, by the prices of then."""
        return self._scene().position

    @property
    def done_kg(self) -> Mapping[str, int]:
        """What each work order had moved by then."""
        return {w.no: w.done_kg for p in self._scene().papers.values() for w in p.work_orders}


def value_memory(
    before: value_line.Memory,
    at: Sequence[datetime],
    us: Ints,
    skipped: range,
    *,
    blind: int,
    scene: Callable[[int], Scene],
    following: datetime | None,
) -> value_line.Memory:
    """The memory of the lines after the skipped moments, at all of which the held line stayed and nothing rose to safety.

    blind: how many lines the value then lay below by missing data alone. following: the next moment, if there is one.
    """
    then = at[skipped[-1]]
    following_us = np.searchsorted(us, us + EVERY_US, side="left").tolist()
    new = _every(us, following_us, skipped, before.past[-1].at if before.past else None)
    past = [p for p in before.past if then - p.at <= value_line.LOOK_BACK]
    past += [_recalled(at[i], i, scene) for i in new if then - at[i] <= value_line.LOOK_BACK]
    after = replace(before, past=tuple(past), blind=list(Line)[blind - 1] if blind else None)
    if before.line is None:
        return after
    advice = _advice(before, at, _every(us, following_us, skipped, _advised(before)), scene, following)
    return replace(after, safe_since=None, safe_count=0, advice=advice)


def _recalled(at: datetime, i: int, scene: Callable[[int], Scene]) -> RecalledPast:
    return RecalledPast(at, lambda: scene(i))


def _advised(memory: value_line.Memory) -> datetime | None:
    return memory.advice.at if memory.advice is not None else None


def _every(us: Ints, following: Sequence[int], skipped: range, last: datetime | None) -> list[int]:
    """The moments among the skipped that lie EVERY apart, counted from the last one before them."""
    i = skipped.start
    if last is not None:
        i = max(i, int(np.searchsorted(us, (last - EPOCH) // MICROSECOND + EVERY_US, side="left")))
    out = []
    while i < skipped.stop:
        out.append(i)
        i = following[i]
    return out


def _advice(
    before: value_line.Memory,
    at: Sequence[datetime],
    new: Sequence[int],
    scene: Callable[[int], Scene],
    following: datetime | None,
) -> value_line.Advice | None:
    """The newest advice; its goods are searched for only if the next judgement will still go by it."""
    if not new or before.line is None:
        return before.advice
    i, mix = new[-1], before.advice.mix if before.advice is not None else ()
    if following is not None and following - at[i] < value_line.EVERY:
        then = scene(i)
        mix = mixed(then.contract, then.position)
    return value_line.Advice(at=at[i], line=before.line, mix=mix)


def gap_memory(before: book_gap.Memory, since_us: Mapping[str, int]) -> book_gap.Memory:
    """since_us: by tank whose gap is too wide now, since when."""
    return replace(before, since={tank: EPOCH + us * MICROSECOND for tank, us in since_us.items()})


def recalled(memories: Mapping[str, Any], window: Window, i: int, **others: Any) -> dict[str, Any]:
    """All memories after moment ``i`` of a window; others: by rule name, those that have become something else."""
    drop = window.memory(i, memories[quantity_drop.NAME])
    return {**memories, quantity_drop.NAME: drop, **others}
