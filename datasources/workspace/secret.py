"""What a secret looks like, so that one pasted into a file is refused and never repeated in a message."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A kind of secret and the environment variable in which it belongs."""

    pattern: re.Pattern[str]
    what: str
    variable: str


SECRETS = (
    Secret(
        pattern=re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"),
        what="a Telegram bot token",
        variable="TELEGRAM_BOT_TOKEN",
    ),
    Secret(pattern=re.compile(r"\bsk-[A-Za-z0-9_-]{16,}"), what="a model key", variable="OPENAI_API_KEY"),
    Secret(
        pattern=re.compile(r"\bxlz_[0-9a-f]{12}_[A-Za-z0-9_-]{16,}"),
        what="a token of the interface",
        variable="XIAOLIUZI_TOKEN",
    ),
)
SECRET_KEYS = {
    "token": "TELEGRAM_BOT_TOKEN",
    "bot_token": "TELEGRAM_BOT_TOKEN",
    "telegram_token": "TELEGRAM_BOT_TOKEN",
    "telegram_bot_token": "TELEGRAM_BOT_TOKEN",
    "api_key": "OPENAI_API_KEY",
    "openai_api_key": "OPENAI_API_KEY",
}
"""Keys under which people write a secret, and where it belongs."""


def secret_in(text: str) -> Secret | None:
    """The first kind of secret that the text seems to contain."""
    return next((s for s in SECRETS if s.pattern.search(text)), None)


def redacted(text: str) -> str:
    """The text with every secret in it replaced."""
    for secret in SECRETS:
        text = secret.pattern.sub("…", text)
    return text


def shown(value: str) -> str:
    """A value quoted for a message: at most 40 characters, and no secret, which a cut would hide from ``redacted``."""
    value = redacted(value)
    return repr(value if len(value) <= 40 else value[:40] + "…")
