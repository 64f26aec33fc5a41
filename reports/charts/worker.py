"""The worker process: ``python -m reports.charts.worker``. Charts come in on stdin, PNGs go out on stdout.

Each message is its length as 8 bytes, big-endian, then that many bytes. A chart comes pickled, from our own process
only; an answer begins with ``P`` and is a picture, or with ``E`` and says why there is none. The end of stdin, also by
the parent's death, ends the worker.
"""

import pickle
import struct
import sys
from typing import BinaryIO

from reports.charts.chart import Chart, Course

LENGTH = struct.Struct(">Q")
PICTURE, ERROR = b"P", b"E"


def painted(chart: Chart) -> bytes:
    """The chart as PNG. Imports matplotlib: for the worker and for tests only."""
    from reports.charts import bars, course

    return course.draw(chart) if isinstance(chart, Course) else bars.draw(chart)


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Paint until the source ends."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        answer = _answer(source.read(LENGTH.unpack(head)[0]))
        target.write(LENGTH.pack(len(answer)) + answer)
        target.flush()


def _answer(asked: bytes) -> bytes:
    try:
        return PICTURE + painted(pickle.loads(asked))  # noqa: S301 - our parent's own bytes
    except Exception as e:  # noqa: BLE001 - the outermost loop: one bad chart must not end the worker
        return ERROR + f"{type(e).__name__}: {e}".encode()


if __name__ == "__main__":
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    serve(sys.stdin.buffer, out)
