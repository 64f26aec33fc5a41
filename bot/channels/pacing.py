"""When the next message may go out, inside a platform's limits. Pure: monotonic seconds are arguments.

Telegram mutes whoever exceeds its limits, and a muted chat hears no breach. So the pace is ours to keep, and of every
allowance a reserve is kept back for what cannot wait.
"""

from collections import deque
from collections.abc import Hashable

from domain.message import Caps

URGENT = 1  # priorities 0 (breach) and 1 (escalation) may use the reserve

_MINUTE_S = 60.0
_SECOND_S = 1.0


class Pacer:
    """The pace of one bot account: a pause between two messages to one chat, so many per minute there, so many per
    second in all.

    reserve: of the minute's and of the second's allowance, this many are left to urgent messages.
    """

    def __init__(self, caps: Caps, *, reserve: int = 5) -> None:
        self._caps = caps
        self._reserve = reserve
        self._all: deque[float] = deque(maxlen=caps.per_second)
        self._chats: dict[Hashable, deque[float]] = {}
        self._blocked: dict[Hashable, float] = {}

    def next_at(self, chat: Hashable, now: float, *, priority: int) -> float:
        """The earliest moment, ``now`` or later, at which a message of this priority may go to ``chat``."""
        sent = self._chats.get(chat, deque())
        spare = 0 if priority <= URGENT else self._reserve
        after_last = sent[-1] + self._caps.per_chat_seconds if sent else now
        return max(
            now,
            after_last,
            _free_at(sent, self._caps.per_chat_per_minute, spare, _MINUTE_S, now),
            _free_at(self._all, self._caps.per_second, spare, _SECOND_S, now),
            self._blocked.get(chat, now),
        )

    def record(self, chat: Hashable, now: float) -> None:
        """A message (or an edit: they count alike) leaves for ``chat``. Call it before sending."""
        sent = self._chats.setdefault(chat, deque(maxlen=self._caps.per_chat_per_minute))
        # several senders read the clock before they get here: time never runs backwards in the books
        at = max(now, self._all[-1]) if self._all else now
        sent.append(at)
        self._all.append(at)

    def blocked_until(self, chat: Hashable, t: float) -> None:
        """The platform throttled this chat until ``t``: even a breach waits, or the block grows longer."""
        self._blocked[chat] = max(t, self._blocked.get(chat, t))


def _free_at(sent: deque[float], allowed: int, spare: int, window_s: float, now: float) -> float:
    """When the window holds fewer than ``allowed - spare`` messages (never fewer than one may pass)."""
    usable = max(1, allowed - spare)
    return sent[-usable] + window_s if len(sent) >= usable else now
