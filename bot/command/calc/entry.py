"""Where ``xiaoliuzi calc`` begins: request, file, answer, exit code."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from bot.command.calc import batch, single
from bot.command.calc.commands import COMMANDS
from bot.command.calc.parser import Request, parse
from bot.command.calc.sheet import Sheet
from domain.errors import SourceMalformed, SourceUnavailable, WorkspaceInvalid

OK: Final = 0
FAILED: Final = 1
UNREADABLE: Final = 2


def run(argv: Sequence[str]) -> int:
    """Do what is asked, print it, and give the exit code: 0 done, 1 out of range, 2 not understood or not readable.

    A batch that was processed is done, whatever its rows' problems.
    """
    request = parse(argv, COMMANDS)
    try:
        return _one(request) if request.batch is None else _many(request, request.batch)
    except (SourceMalformed, SourceUnavailable, WorkspaceInvalid) as e:
        _say(sys.stderr, str(e))
        return UNREADABLE
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _one(request: Request) -> int:
    found, problem = single.answer(request)
    if problem is not None:
        if request.as_json:
            _say(sys.stdout, single.as_json({"problem": problem}))
        _say(sys.stderr, problem)
        return FAILED
    _say(sys.stdout, single.as_json(found) if request.as_json else single.as_text(request.command, found))
    return OK


def _say(stream: TextIO, text: str) -> None:
    """A text on a terminal; what its encoding has no character for becomes a question mark."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    stream.write(text + "\n")
    stream.flush()


def _many(request: Request, name: str) -> int:
    sheet = Sheet.read(_bytes(name), batch.columns_of(request.command), "standard input" if name == "-" else repr(name))
    with _writing(request.out) as out:
        batch.run(request, sheet, out)
        out.flush()
    return OK


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as e:
        raise SourceUnavailable(f"{name!r}: {e.strerror or e}") from e


@contextmanager
def _writing(name: str | None) -> Iterator[TextIO]:
    """A batch's output in UTF-8, whatever the terminal's own encoding."""
    if name is None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        return
    try:
        file = Path(name).open("w", encoding="utf-8", newline="")  # noqa: SIM115
    except OSError as e:
        raise SourceUnavailable(f"{name!r}: {e.strerror or e}") from e
    with file:
        yield file
