"""At which moments of a piece some rule would tell something new, by what the rules remember before the first of them."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from bot.command.replaying.block import MICROSECOND, micros
from bot.command.replaying.piece import Piece
from bot.house import House
from domain.alarm import Condition
from domain.contract import LINE_SEVERITY, AlertKind, Contract, Line
from domain.farm import Ints
from domain.finding import alarm_key
from domain.screen.worth import at_least
from domain.stock import Flags
from rules import book_gap, gauge_silent, price_watch, quantity_drop, value_line
from rules.screen import gaps

DEPTH = {line: n for n, line in enumerate(Line, start=1)}
"""How many lines a value below this one lies below."""


def news(cut: Piece, us: Ints, here: int, house: House, contract: Contract, since_us: Mapping[str, int]) -> Flags:
    """By moment from ``here`` to the piece's end. us: those moments. since_us: by tank whose gap is wide already.

    The prices of the piece must have been judged before, so that nothing about them is new but a fall growing old.
    """
    memories = house.projects[contract.id].memories
    span = slice(here - cut.lo, None)
    drop: quantity_drop.Memory = memories[quantity_drop.NAME]
    if drop.accepted_us:
        return np.ones(len(us), dtype=bool)  # a person has closed a case: the window then begins with that
    losses = {tank: _active(house, contract, AlertKind.QTY_DROP, tank) is not None for tank in drop.told}
    told = cut.losses.news(span, losses) | _of_value(cut, span, house, contract, memories[value_line.NAME])
    told |= _of_silence(cut, span, us, contract, memories[gauge_silent.NAME])
    told |= _of_gaps(cut, span, us, house, contract, memories[book_gap.NAME], since_us)
    for crash in memories[price_watch.NAME].crashes:
        told |= us >= micros(crash.at + price_watch.CRASH_TOLD)
    return np.asarray(told)


def blind(cut: Piece, span: slice) -> Ints:
    """How many lines the value lies below by missing data alone."""
    return np.where(cut.deep[span] > cut.deep_known[span], cut.deep[span], 0)


def _of_value(cut: Piece, span: slice, house: House, contract: Contract, memory: value_line.Memory) -> Flags:
    """A deeper line, a value that rises to safety, or one that missing data takes below a line and back."""
    held = DEPTH[memory.line] if memory.line is not None else 0
    told = cut.deep_known[span] > held
    if memory.line is not None:
        told |= cut.value[span] >= at_least(cut.line_values[memory.line] * (1 + contract.lines.hysteresis))
    severity = int(LINE_SEVERITY[memory.line]) if memory.line is not None else None
    if _active(house, contract, AlertKind.VALUE_BELOW_LINE, "pool") != severity:
        told |= True
    now_blind = _active(house, contract, AlertKind.BLIND_BREACH, "pool") or 0
    return np.asarray(told | (blind(cut, span) != now_blind))  # of the pool a line's depth is its severity


def _of_silence(cut: Piece, span: slice, us: Ints, contract: Contract, memory: gauge_silent.Memory) -> Flags:
    """Another gauge silent, one that speaks again, or one that has spoken for long enough."""
    before = np.array([t in memory.silent and t not in memory.speaks_since for t in contract.tank_ids()])
    told = (cut.silent[span] != before).any(axis=1)
    for since in memory.speaks_since.values():
        told |= us >= micros(since + timedelta(seconds=contract.staleness.restore_s))
    return np.asarray(told)


def _of_gaps(
    cut: Piece,
    span: slice,
    us: Ints,
    house: House,
    contract: Contract,
    memory: book_gap.Memory,
    since_us: Mapping[str, int],
) -> Flags:
    """A gap that has lasted, or one that was told and has closed or turned."""
    severities = {tank: _active(house, contract, AlertKind.BOOK_GAP, tank) for tank in memory.told}
    wait = timedelta(seconds=contract.tolerances.book_confirm_s) // MICROSECOND
    return gaps.news(cut.gaps.part(span), us, since_us, severities, wait)


def _active(house: House, contract: Contract, kind: AlertKind, subject: str) -> int | None:
    """The severity of an open alarm whose breach stands; None without one."""
    alarm = house.open_alarms(contract.id).get(alarm_key(contract.id, kind, subject))
    return int(alarm.severity) if alarm is not None and alarm.condition is Condition.ACTIVE else None
