"""Texts from files and people, made harmless: one line, no invisible signs, no @, no address, no command, not endless."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

NAME = 24
"""Characters of a name."""
NOTE = 120
"""Characters of a person's sentence or of a paper's number."""

_SPACES = frozenset({"Cc", "Zl", "Zp", "Zs"})
_DROPPED = frozenset({"Cf", "Co", "Cs", "Cn"})
"""Joiners and writing directions, private use (our own marks among them), halves of signs, unassigned."""

_PRESSED = re.compile(r"(?<!\w)/(?=[A-Za-z/])|(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})", re.ASCII)
"""What makes a command or an address of a text: /pay, tg://, evil.example."""
_WIDE = {"/": "／", ".": "．"}


def plain(text: str, most: int = NOTE) -> str:
    """``text`` as one line of at most ``most`` characters, as people are shown it.

    @ becomes ＠, and what Telegram would make a command or an address of gets a wide sign: a name in a file must notify
    nobody, and nobody shall press on what somebody has written into one.
    """
    line = _PRESSED.sub(lambda found: _WIDE[found[0]], flat(text))
    return line if len(line) <= most else line[: most - 1] + "…"


def flat(text: str) -> str:
    """``text`` as one line, without invisible signs and with ＠ for @; however long."""
    kinds = ((c, unicodedata.category(c)) for c in text)
    shown = "".join(" " if kind in _SPACES else c for c, kind in kinds if kind not in _DROPPED)
    return " ".join(shown.split()).replace("@", "＠")


def harmless(value: Any) -> Any:
    """A JSON value with every text in it made plain; numbers and times stay as they are."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: harmless(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(v) for v in value]
    assert value is None or isinstance(value, bool | int | float | Decimal | datetime), f"{value!r} has no words"
    return value


def named(lookup: Callable[[str], str]) -> Callable[[str], str]:
    """A lookup of names that are plain and short; what it does not know is called by its id."""

    def name(ident: str) -> str:
        try:
            return plain(lookup(ident), NAME)
        except KeyError:
            return plain(ident, NAME)

    return name
