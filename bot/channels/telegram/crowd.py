"""Who is in a group: Telegram tells the number, the administrators, and of any one person whether they are there."""

from collections.abc import Sequence

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from domain.errors import SourceAbsent, SourceUnavailable
from domain.message import Address, Crowd

_THERE = frozenset({"creator", "administrator", "member"})
_NOBODY = ("user not found", "participant_id_invalid", "member not found", "user_id_invalid")
"""How Telegram says that it has no such person there."""


async def crowd(bot: Bot, chat: Address, people: Sequence[str]) -> Crowd:
    """As ``bot.ports.Crowds``. Everybody beyond the administrators is asked for one by one: no list of members exists."""
    try:
        count = await bot.get_chat_member_count(chat.id)
        admins = await bot.get_chat_administrators(chat.id)
        present = [p for p in people if await _there(bot, chat, p)]
    except (BadRequest, Forbidden) as error:
        if error.__cause__ is not None:  # a page from a proxy in between, not Telegram's word
            raise SourceUnavailable(f"chat {chat.id!r}: {type(error).__name__}") from error
        raise SourceAbsent(f"chat {chat.id!r}: Telegram does not say who is in it ({type(error).__name__})") from error
    except TelegramError as error:
        raise SourceUnavailable(f"chat {chat.id!r}: {type(error).__name__}") from error
    running = frozenset(str(a.user.id) for a in admins if not a.user.is_bot)
    return Crowd(members=count - 1, present=frozenset(present), admins=running)


async def _there(bot: Bot, chat: Address, person: str) -> bool:
    """Whether one person is in the group; whom Telegram does not know there is not."""
    try:
        found = await bot.get_chat_member(chat.id, int(person))
    except BadRequest as error:
        if not any(word in str(error).lower() for word in _NOBODY):
            raise
        return False
    return found.status in _THERE or bool(getattr(found, "is_member", False))
