"""The worker that draws: one process, replaced when it fails, never waited for without end, and without our secrets."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.painter import Painter
from domain.errors import NotDrawn
from reports.charts.chart import Course, Curve, Panel, Point

CHART = Course(
    title="x",
    panels=(Panel(title="x", unit="kg", curves=(Curve(name="x", points=(Point(at=datetime(2026, 3, 5, tzinfo=UTC), value=1.0),)),)),),
    notes=(),
)  # fmt: skip
FRAME = "import sys,struct\ndef say(b): sys.stdout.buffer.write(struct.pack('>Q',len(b))+b); sys.stdout.flush()\n"
READ = "n=sys.stdin.buffer.read(8)\nif not n: sys.exit()\nsys.stdin.buffer.read(struct.unpack('>Q',n)[0])\n"


def worker(does: str, *, deadline_s: float = 10.0) -> Painter:
    """A painter whose worker is this script, after it has read a chart."""
    return Painter(deadline_s=deadline_s, command=(sys.executable, "-c", FRAME + READ + does))


@pytest.fixture
async def closing() -> AsyncIterator[list[Painter]]:
    painters: list[Painter] = []
    yield painters
    for painter in painters:
        await painter.close()


async def test_a_chart_comes_back_as_a_picture_twice_from_one_process(closing: list[Painter]) -> None:
    closing.append(painter := Painter())
    assert (await painter.paint(CHART)).startswith(b"\x89PNG")
    first = painter._worker
    assert await painter.paint(CHART)
    assert painter._worker is first


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("say(b'EKeyError: nobody')", "KeyError: nobody"),
        ("sys.exit(3)", "IncompleteReadError"),
        ("sys.stdout.buffer.write(b'\\xff'*8); sys.stdout.flush()", "are allowed"),
    ],
)
async def test_a_worker_that_fails_gives_a_reason_and_no_picture(closing: list[Painter], does: str, says: str) -> None:
    closing.append(painter := worker(does))
    with pytest.raises(NotDrawn, match=says):
        await painter.paint(CHART)


async def test_a_worker_that_hangs_is_ended_and_replaced(closing: list[Painter]) -> None:
    closing.append(painter := worker("import time\ntime.sleep(60)", deadline_s=0.3))
    with pytest.raises(NotDrawn, match=r"within 0\.3 s"):
        await painter.paint(CHART)
    assert painter._worker is None
    with pytest.raises(NotDrawn, match=r"within 0\.3 s"):
        await painter.paint(CHART)


async def test_the_worker_sees_no_token_of_ours(closing: list[Painter], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4242:secret")
    closing.append(painter := worker("import os\nsay(b'P'+repr(sorted(os.environ)).encode())"))
    seen = (await painter.paint(CHART)).decode()
    assert "TELEGRAM_BOT_TOKEN" not in seen
    assert "PYTHONPATH" in seen


async def test_the_worker_ends_when_its_parent_lets_go(closing: list[Painter]) -> None:
    closing.append(painter := worker("say(b'Pdone')"))
    assert await painter.paint(CHART) == b"done"
    process = painter._worker
    painter._tired()
    assert process is not None
    async with asyncio.timeout(5):
        assert await process.wait() == 0
