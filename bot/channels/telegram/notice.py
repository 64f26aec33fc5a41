"""What a channel finds about its own set-up, in machine words: sentences for people stand in the templates."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNotice:
    """A finding that an operator should know; the channel works all the same.

    Telegram's codes: 'privacy_mode_on' (facts: username; ordinary group text is hidden from the bot, only replies,
    mentions and commands arrive; remedy: @BotFather /setprivacy, then add the bot to the group again),
    'groups_forbidden' (facts: username; nobody can add the bot to a group; remedy: @BotFather /setjoingroups).
    """

    code: str
    facts: Mapping[str, str]
