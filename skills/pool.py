"""A contract's position as a calculation may start from it, and the time that it is of."""

from domain.contract import Contract
from domain.event import stamp
from domain.position import Position
from skills.ports import View
from skills.skill import Answer, Status

NO_POSITION = Answer(status=Status.NO_DATA, kind="no_position", facts={})


def stood(view: View, contract: Contract) -> Position | None:
    """The position, or None where a tank has never been measured or a good never priced: nothing follows from it."""
    position = view.position(contract.id)
    return position if position is not None and position.items and position.known else None


def as_of(position: Position) -> str | None:
    """The newest reading's time."""
    taken = [i.holding.taken_at for i in position.items if i.holding.taken_at is not None]
    return stamp(max(taken)) if taken else None
