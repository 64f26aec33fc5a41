"""A painter that remembers what it was asked to draw, and draws a fixed picture, or none."""

from domain.errors import NotDrawn
from reports.charts.chart import Chart

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


class HeldPainter:
    """``png`` None: nothing can be drawn."""

    def __init__(self, png: bytes | None = None) -> None:
        self.png = png
        self.charts: list[Chart] = []

    async def paint(self, chart: Chart) -> bytes:
        """Remember, then draw."""
        self.charts.append(chart)
        if self.png is None:
            raise NotDrawn("no picture on this stage")
        return self.png

    async def close(self) -> None:
        """Nothing runs."""
