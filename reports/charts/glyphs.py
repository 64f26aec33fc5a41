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


def lines_of(text: str, *, longest: int, most: int) -> list[str]:
    """``text`` on up to ``most`` lines, parted where no word or figure is. longest: of each; the last may be longer."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while len(lines) < most - 1 and width_of(rest) > longest:
        end = _parting(rest, longest)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest] if rest or not lines else lines


def width_of(text: str) -> int:
    """In halves of a Chinese character."""
    return sum(map(_width, text))


def _parting(text: str, longest: int) -> int:
    """Where a line ends: at a space of its second half, before a wide character or behind one, else in the midst."""
    room, fits, end, space = longest, 0, 0, 0
    for n, char in enumerate(text):
        room -= _width(char)
        if room < 0:
            break
        fits = n + 1
        space = n + 1 if char == " " else space
        following = text[n + 1 : n + 2]
        if following and (char == " " or _width(char) == 2 or _width(following) == 2) and following not in _CLOSING:
            end = n + 1
    return space if 2 * space > fits else end or fits or 1


_CLOSING = frozenset(",.;:!?)]」、。,;:!?)")


def _width(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1
