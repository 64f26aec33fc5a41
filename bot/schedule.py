"""APScheduler calls the steps; nothing else does. What is due lives in the store, so a missed call loses nothing.

A step that raises ends the process: its supervisor starts it again, and start-up is recovery.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import wall

log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[None]]


class Schedule:
    """Repeating steps, and the first failure of one."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        self._failure: asyncio.Future[BaseException] | None = None
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def every(self, seconds: float, step: Step, name: str, *, phase: float = 0.0) -> None:
        """Call ``step`` each so many seconds, the first time after ``phase`` of them (0–1) has passed."""
        first = wall() + timedelta(seconds=seconds * phase)
        self._scheduler.add_job(step, "interval", seconds=seconds, id=name, next_run_time=first)

    async def run(self) -> None:
        """Run until a step fails. Raises what it raised."""
        self._failure = asyncio.get_running_loop().create_future()
        self._scheduler.start()
        try:
            raise await self._failure
        finally:
            self._scheduler.shutdown(wait=False)

    def _failed(self, event: JobExecutionEvent) -> None:
        log.critical("step.failed step=%s why=%r", event.job_id, event.exception)
        if self._failure is not None and not self._failure.done():
            self._failure.set_result(event.exception)
