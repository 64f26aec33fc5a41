"""Which characters the pictures' font has. What it lacks becomes a visible substitute, never a silent box."""

from collections.abc import Container
from unicodedata import east_asian_width

SUBSTITUTE = "\N{GETA MARK}"
"""Chinese and Japanese printers set 〓 where a type is missing."""
LONGEST = 132


def drawable(text: str, known: Container[int], *, longest: int = LONGEST) -> str:
    """``text`` on one line, each character with a glyph. longest: in halves of a Chinese character; known: code points."""
    line, room = " ".join(text.split()), longest
    for n, char in enumerate(line):
        room -= _width(char)
        if room < 0:
            line = line[: max(0, n - 1)] + "…"
            break
    return "".join(c if ord(c) in known else SUBSTITUTE for c in line)


def _width(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1
