"""Telegram as a channel, on python-telegram-bot's plain client. Knows no alarms, no contracts and no wording.

connection  the wire, and the token that nothing but the wire may see
compose     our message → text, mention entities, keyboard
outcome     the library's errors → the six ways in which a sending can end
inbound     an update → what a person did
polling     long polling that forgets nothing before it is done
channel     the port: all of these together
"""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.connection import Timing

__all__ = ["TelegramChannel", "Timing"]
