"""The command line as a person types it, in this process: arguments in, exit code and both streams out.

Starting Python anew takes two seconds; that the command exists as a program of its own is shown where processes are
the matter (``tests/alone``).
"""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

from bot.cli import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a finished command leaves."""

    returncode: int
    stdout: str
    stderr: str


def typed(*words: object, stdin: str = "") -> Done:
    """Run ``xiaoliuzi`` with these words; never from within a running event loop (use ``asyncio.to_thread``)."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    argv = ["xiaoliuzi", *map(str, words)]
    with patch.object(sys, "argv", argv), patch.object(sys, "stdin", given), redirect_stdout(out), redirect_stderr(err):
        code = _code_of_exit()
    return Done(returncode=code, stdout=_written(out), stderr=_written(err))


def _code_of_exit() -> int:
    try:
        main()
    except SystemExit as e:
        return e.code if isinstance(e.code, int) else int(e.code is not None)
    return 0


def _written(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
