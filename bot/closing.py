"""What a person's close of an alarm means to its rule: what had happened by then is held against nobody any more."""

from datetime import datetime

from bot.house import House
from domain.contract import AlertKind
from rules import lift, quantity_drop, yield_band


def accept(house: House, contract_id: str, kind: AlertKind, subject: str, now: datetime) -> None:
    """Put it into the memory of the rule that such an alarm comes from; a kind that closes by itself changes nothing."""
    memories = house.projects[contract_id].memories
    if kind is AlertKind.YIELD_GAP:
        memories[yield_band.NAME] = yield_band.accept(memories[yield_band.NAME], subject, now)
    elif kind is AlertKind.LIFT:
        memories[lift.NAME] = lift.accept(memories[lift.NAME], subject, now)
    elif kind is AlertKind.QTY_DROP:
        memories[quantity_drop.NAME] = quantity_drop.accept(memories[quantity_drop.NAME], subject, now)
