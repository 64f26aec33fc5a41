"""python-telegram-bot's errors → the ways in which a sending can end. The cause below the error decides.

Measured against a local server: a read time-out comes *after* delivery, a connect time-out before it, and both are
the library's ``TimedOut``.
"""

from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from domain.message import Moved, NotSent, Rejected, SendResult, Throttled, Unknown

# raised before the first byte of a request is written
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def outcome_of(error: TelegramError) -> SendResult:
    """What became of a message whose sending raised ``error``; anything unheard of is Unknown, never NotSent."""
    why = f"{type(error).__name__}: {str(error).partition('. Parsing the server response')[0]}"  # no bodies
    match error:
        case RetryAfter():
            return Throttled(after_s=retry_after_s(error))
        case ChatMigrated():
            return Moved(address=str(error.new_chat_id))
        case BadRequest() | Forbidden() | InvalidToken():
            # BadRequest is a NetworkError, so it must be judged first. With a cause, the refusal's body was not
            # Telegram's JSON: a proxy in between refused, and its refusal is not for good
            return Rejected(why=why) if error.__cause__ is None else NotSent(why=why)
    if isinstance(error.__cause__, _NEVER_LEFT):
        return NotSent(why=why)
    return Unknown(why=why)


def retry_after_s(error: RetryAfter) -> float:
    """Seconds that a 429 asks us to wait."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def is_unchanged(error: TelegramError) -> bool:
    """True when an edit was refused because the message already reads so: the wish is fulfilled."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).lower()


def is_captioned(error: TelegramError) -> bool:
    """True when an edit was refused because the message is a picture, whose text is its caption."""
    return isinstance(error, BadRequest) and "no text in the message" in str(error).lower()
