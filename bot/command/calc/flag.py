"""What a subcommand is told: one declaration serves as flag, as batch column and as a line of help."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.command.calc.rows import Rows

Names = Collection[str]
Appended = Callable[[Names, Names], tuple[str, ...]]
"""The results that a batch gets, from the file's own parameters and the command line's."""


class Kind(Enum):
    """What stands behind a flag."""

    NUMBER = "number"
    NUMBER_OR_BARE = "number, or bare to say how --density is meant"
    SWITCH = "nothing"
    WORD = "word"
    PLACE = "word without a flag, by its place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One quantity; ``name`` and ``aliases`` with underscores, as a column is named. help: with its unit."""

    name: str
    help: str
    kind: Kind = Kind.NUMBER
    aliases: tuple[str, ...] = ()
    column: bool = True

    @property
    def options(self) -> list[str]:
        """How it is typed, e.g. ["--density-air"]."""
        return ["--" + name.replace("_", "-") for name in (self.name, *self.aliases)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of what a person reads: a result, its symbol, its unit (may name other results), where it comes from."""

    key: str
    symbol: str
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A subcommand. compute: all results as columns; appended: which of them a batch gets, by what was given.

    needs: the results that a row without a problem must have. renamed: batch columns that give way to a result.
    lines: how a person reads one row, unless ``written`` writes it.
    """

    name: str
    purpose: str
    notes: str
    flags: tuple[Flag, ...]
    compute: Callable[[Rows], dict[str, Any]]
    appended: Appended
    needs: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    written: Callable[[Mapping[str, Any]], str] | None = None


TEMP = Flag(
    name="temp", aliases=("temperature",), help="temperature in the table's own unit: °F for 5/6/23/24, else °C"
)
PRESSURE = Flag(name="pressure", help="gauge pressure: psi for tables 5/6/23/24, else kPa; below 0 counts as 0 [0]")
EDITION = Flag(
    name="edition",
    kind=Kind.WORD,
    help="2004 (API MPMS 11.1-2004) or 1980 (API 2540) [2004; tables 59/60, which are GB/T 1885-1998: 1980]",
)
API = Flag(
    name="api",
    kind=Kind.NUMBER_OR_BARE,
    help="gravity in °API at 60 °F: the value itself (--api 35), or bare: --density is meant so",
)
RD = Flag(
    name="rd",
    kind=Kind.NUMBER_OR_BARE,
    help="relative density 60/60 °F: the value itself (--rd 0.85), or bare: --density is meant so",
)
