"""Every rule that judges, in the order in which their findings are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.alarm import Alarm
from domain.contract import AlertKind
from domain.finding import Finding
from domain.scene import Scene
from rules import (
    book_gap,
    dup_pledge,
    gauge_silent,
    lift,
    price_watch,
    quantity_drop,
    receipt_expiry,
    value_line,
    yield_band,
)

Judge = Callable[[Scene, Any], tuple[list[Finding], Any]]
Recall = Callable[[Sequence[Alarm]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule's name with its version, its judgement, how its memory restarts, and the kinds it speaks of."""

    name: str
    judge: Judge
    recall: Recall
    kinds: frozenset[AlertKind]


REGISTRY: tuple[Rule, ...] = (
    Rule(
        name=quantity_drop.NAME,
        judge=quantity_drop.judge,
        recall=quantity_drop.recall,
        kinds=frozenset({AlertKind.QTY_DROP}),
    ),
    Rule(
        name=value_line.NAME,
        judge=value_line.judge,
        recall=value_line.recall,
        kinds=frozenset({AlertKind.VALUE_BELOW_LINE, AlertKind.BLIND_BREACH}),
    ),
    Rule(
        name=price_watch.NAME,
        judge=price_watch.judge,
        recall=price_watch.recall,
        kinds=frozenset({AlertKind.PRICE_CRASH, AlertKind.PRICE_STALE, AlertKind.PRICE_OUTLIER}),
    ),
    Rule(
        name=gauge_silent.NAME,
        judge=gauge_silent.judge,
        recall=gauge_silent.recall,
        kinds=frozenset({AlertKind.SENSOR_OFFLINE}),
    ),
    Rule(
        name=book_gap.NAME,
        judge=book_gap.judge,
        recall=book_gap.recall,
        kinds=frozenset({AlertKind.BOOK_GAP}),
    ),
    Rule(
        name=dup_pledge.NAME,
        judge=dup_pledge.judge,
        recall=dup_pledge.recall,
        kinds=frozenset({AlertKind.DUP_PLEDGE}),
    ),
    Rule(
        name=receipt_expiry.NAME,
        judge=receipt_expiry.judge,
        recall=receipt_expiry.recall,
        kinds=frozenset({AlertKind.RECEIPT_EXPIRING}),
    ),
    Rule(
        name=yield_band.NAME,
        judge=yield_band.judge,
        recall=yield_band.recall,
        kinds=frozenset({AlertKind.YIELD_GAP}),
    ),
    Rule(
        name=lift.NAME,
        judge=lift.judge,
        recall=lift.recall,
        kinds=frozenset({AlertKind.LIFT}),
    ),
)
