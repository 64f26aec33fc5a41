"""A person's mistake in the workspace's files, as a value: place, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]
MANY = 500  # beyond so many names the nearest one is not searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. ``file`` is relative to the workspace, ``line`` counts from 1 (None: the whole file or directory).

    Errors keep the bot from starting; warnings do not. Never contains a secret that was found in a file.
    """

    file: str
    line: int | None
    where: str
    wrong: str
    instead: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """One line as ``check`` prints it."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        about = f"{self.where}: " if self.where else ""
        return f"{place}: {self.severity}: {about}{self.wrong}; {self.instead}"


def suggestion(written: str, known: Iterable[str], *, add: str) -> str:
    """'write X' if a known name is close to the written one, else the known names, else how to ``add`` it."""
    names = sorted(known)
    near = get_close_matches(written, names, n=1, cutoff=0.6) if len(names) <= MANY else []
    if near:
        return f"write {near[0]!r}, or {add}"
    if names and len(names) <= 12:
        return f"write one of {', '.join(names)}, or {add}"
    return add
