"""The last turn of each person in each chat, for ellipses: at most ten minutes old, never another person's."""

from collections import OrderedDict
from datetime import datetime, timedelta

from skills.understanding.turns import Turn
from skills.understanding.understand import Clarify, Result, Understood

AGE = timedelta(minutes=10)
KEPT = 2000


class Turns:
    """Kept in memory only: after a restart people ask in full again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[datetime, Turn]] = OrderedDict()

    def last(self, place: tuple[str, str], now: datetime) -> Turn | None:
        """place: person and chat."""
        kept = self._kept.get(place)
        return kept[1] if kept is not None and now - kept[0] <= AGE else None

    def hear(self, place: tuple[str, str], result: Result, now: datetime) -> None:
        """What was understood, or asked back, is the next turn's past."""
        turn = turn_of(result)
        if turn is None:
            return
        self._kept[place] = (now, turn)
        self._kept.move_to_end(place)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def turn_of(result: Result) -> Turn | None:
    """The last question of a result as a turn; of a question back the one that lacks a name."""
    if isinstance(result, Understood):
        last = result.questions[-1]
        return Turn(intent=last.intent, slots=last.slots, arguments=last.arguments)
    if isinstance(result, Clarify) and result.questions and result.about in ("tank", "name"):
        last = result.questions[-1]
        if last.skill:
            return Turn(intent=last.intent, slots=last.slots, arguments=last.arguments, missing=result.about)
    return None
