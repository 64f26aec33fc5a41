"""Pictures on Telegram: with the text as caption, below a text that is too long for one, and a caption's edit."""

import logging

from telegram import Bot, Message, ReplyParameters
from telegram.error import TelegramError

from bot.channels.telegram.compose import Composed, keyboard
from domain.message import Address, OutMessage, Picture

_log = logging.getLogger(__name__)

CAPTION = 1024
"""UTF-16 units after parsing (Bot API, sendPhoto)."""


async def send_photo(bot: Bot, to: Address, message: OutMessage, shown: Picture, composed: Composed) -> Message:
    """The picture with the message's text below it, as one message. Raises TelegramError."""
    assert shown.png is not None
    return await bot.send_photo(
        to.id,
        shown.png,
        caption=composed.text,
        caption_entities=composed.entities,
        reply_markup=keyboard(message.buttons),
        reply_parameters=replying(message.reply_to),
        filename=_name(shown),
    )


async def send_after(bot: Bot, to: Address, shown: Picture, ref: str) -> None:
    """The picture below the text ``ref``, which has arrived: whatever happens here cannot undo that."""
    assert shown.png is not None
    try:
        await bot.send_photo(to.id, shown.png, reply_parameters=replying(ref), filename=_name(shown))
    except TelegramError as error:
        _log.warning("telegram.picture_lost chat=%s why=%s", to.id, type(error).__name__)


async def edit_caption(bot: Bot, to: Address, message: OutMessage, composed: Composed, *, ref: str) -> None:
    """The text below an earlier picture reads differently from now on. Raises TelegramError."""
    await bot.edit_message_caption(
        to.id,
        int(ref),
        caption=composed.text,
        caption_entities=composed.entities,
        reply_markup=keyboard(message.buttons),
    )


def replying(ref: str | None) -> ReplyParameters | None:
    """Hang it below ``ref``, or send it all the same where that is gone."""
    return None if ref is None else ReplyParameters(int(ref), allow_sending_without_reply=True)


def _name(shown: Picture) -> str:
    return f"{shown.sha256[:12]}.png"
