"""空高: how far the surface lies below the reference point, or below the end of what the tank's certificate tells."""

from domain.event import Json
from domain.tank import Shape, Tank
from skills.ports import Stand


def ullage(view: Stand, row: Json) -> Json:
    """The ullage of a tank's row in mm. of: 'reference', 'table' or 'shell'; None where no height is known, or no level."""
    if "level_mm" not in row:
        return {}
    height, of = _height(view.tank(row["tank"]))
    level = row["level_mm"]
    known = height is not None and level is not None
    return {"ullage": {"mm": height - level if known else None, "height_mm": height, "of": of}}


def _height(tank: Tank) -> tuple[float | None, str | None]:
    """From the datum plate, mm: the reference height, else the last row of the table, else the shell."""
    if tank.reference_height_mm is not None:
        return tank.reference_height_mm, "reference"
    if tank.table is not None:
        return tank.table.level_mm[-1], "table"
    if tank.geometry is not None:
        upright = tank.geometry.shape is Shape.VERTICAL
        return 1000 * (tank.geometry.height_m if upright else tank.geometry.diameter_m), "shell"
    return None, None
