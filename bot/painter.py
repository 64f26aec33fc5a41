"""The one worker process that draws: started for the first picture, ended after an idle while, replaced when it hangs.

matplotlib lives there and nowhere else. The worker gets no secret of our environment, and ends by itself when we do.
"""

import asyncio
import logging
import os
import pickle
import sys
from pathlib import Path

import reports
from domain.errors import NotDrawn
from reports.charts.chart import Chart
from reports.charts.worker import LENGTH, PICTURE

log = logging.getLogger(__name__)

DEADLINE_S = 20.0
"""matplotlib's first import on a machine also reads all its fonts; later pictures take a quarter of a second."""
IDLE_S = 600.0
MOST_BYTES = 8_000_000
NEEDED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "MPLCONFIGDIR",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
)  # fmt: skip
"""All that the worker sees of our environment: no token and no key."""


class Painter:
    """Draws one chart at a time."""

    def __init__(self, *, deadline_s: float = DEADLINE_S, command: tuple[str, ...] | None = None) -> None:
        """command: another worker than our own."""
        self._deadline_s = deadline_s
        self._command = command or (sys.executable, "-P", "-m", "reports.charts.worker")
        self._one = asyncio.Lock()
        self._worker: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    async def paint(self, chart: Chart) -> bytes:
        """The chart as PNG. Raises NotDrawn; a worker that hung or died is replaced by the next call."""
        async with self._one:
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await self._asked(pickle.dumps(chart))
            except (TimeoutError, OSError, asyncio.IncompleteReadError) as e:
                await self._end()
                raise NotDrawn(f"the worker gave no picture within {self._deadline_s} s ({type(e).__name__})") from e
            finally:
                self._rest()

    async def close(self) -> None:
        """End the worker."""
        if self._idle is not None:
            self._idle.cancel()
        await self._end()

    async def _asked(self, chart: bytes) -> bytes:
        worker = self._worker if self._worker is not None and self._worker.returncode is None else await self._started()
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(LENGTH.pack(len(chart)) + chart)
        await worker.stdin.drain()
        (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
        if length > MOST_BYTES:
            raise NotDrawn(f"a picture of {length} bytes, at most {MOST_BYTES} are allowed")
        answer = await worker.stdout.readexactly(length)
        if not answer.startswith(PICTURE):
            raise NotDrawn(answer[1:200].decode(errors="replace"))
        return answer[1:]

    async def _started(self) -> asyncio.subprocess.Process:
        kept = {name: os.environ[name] for name in NEEDED if name in os.environ}
        home = str(Path(reports.__path__[0]).parent)
        self._worker = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": home, "MPLBACKEND": "Agg"},
            start_new_session=True,  # the terminal's Ctrl-C is ours; the worker ends with its stdin
        )
        log.info("painter.started pid=%s", self._worker.pid)
        return self._worker

    def _rest(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._tired)

    def _tired(self) -> None:
        """Nobody asked for long: let it read the end of its stdin."""
        if self._worker is not None and self._worker.stdin is not None and not self._one.locked():
            self._worker.stdin.close()
            self._worker = None

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if worker.returncode is None:
            worker.kill()
        await worker.wait()
        if worker.stdin is not None:
            worker.stdin.close()
