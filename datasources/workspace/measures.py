"""Checks of one tank's measures: its shape or table, its levels in their order, and the validity of its certificate."""

from datetime import date

from datasources.workspace.part import Sheet
from datasources.workspace.sites import SiteFile
from datasources.workspace.tanks import Tables, TankPart
from domain.tank import Shape


def check_tank(sheet: Sheet[SiteFile], tank: TankPart, tables: Tables, today: date) -> None:
    """Its measures, its table, 0 ≤ heel < max level ≤ top < reference point, and its calibration on ``today``."""
    top_mm = _top_mm(sheet, tank, tables)
    if tank.heel_mm >= tank.max_level_mm:
        wrong = f"heel {tank.heel_mm:g} mm is not below max_level_mm {tank.max_level_mm:g}"
        sheet.error(
            tank, "heel_mm", wrong=wrong, instead="check both on the certificate; both are mm above the datum plate"
        )
    if top_mm is not None and tank.max_level_mm > top_mm:
        wrong = f"{tank.max_level_mm:g} mm is above the tank's top at {top_mm:g} mm"
        sheet.error(tank, "max_level_mm", wrong=wrong, instead=f"write at most {top_mm:g}, or correct the measures")
    reference_mm = tank.reference_height_mm
    if reference_mm is not None and top_mm is not None and reference_mm <= top_mm:
        wrong = f"{reference_mm:g} mm is not above the tank's top at {top_mm:g} mm"
        remedy = "write the height of the dip hatch's mark above the datum plate (参照高度)"
        sheet.error(tank, "reference_height_mm", wrong=wrong, instead=remedy)
    _check_validity(sheet, tank, today)


def _check_validity(sheet: Sheet[SiteFile], tank: TankPart, today: date) -> None:
    if tank.calibrated_until is None:
        wrong = "the calibration's end is not stated"
        sheet.warn(
            tank, "calibrated_until", wrong=wrong, instead="write calibrated_until: year-month-day of the certificate"
        )
    elif tank.calibrated_until < today:
        wrong = f"the calibration expired on {tank.calibrated_until}"
        sheet.warn(
            tank, "calibrated_until", wrong=wrong, instead="have the tank calibrated (检定) and write the new date"
        )


def _top_mm(sheet: Sheet[SiteFile], tank: TankPart, tables: Tables) -> float | None:
    if tank.shape is None and tank.table is None:
        wrong = "has neither a shape nor a table"
        sheet.error(tank, wrong=wrong, instead="write shape and measures, or table: tables/NAME.csv")
        return None
    measures_mm = _geometry_top_mm(sheet, tank)
    table = tank.rows(tables)
    if table is not None and table.level_mm[0] > tank.heel_mm:
        wrong = f"the table begins at {table.level_mm[0]:g} mm, above the heel at {tank.heel_mm:g} mm"
        sheet.error(tank, "table", wrong=wrong, instead="add the rows of the tank's bottom (底量表)")
    for key in ("hydrostatic_row", "includes_relative_density"):
        if getattr(tank, key) is not None and (tank.table is None or (table is not None and not table.hydrostatic_m3)):
            wrong = "the table has no part hydrostatic"
            sheet.error(tank, key, wrong=wrong, instead="delete it, or add the 静压力修正表 to the table's file")
    return table.level_mm[-1] if table is not None else measures_mm


def _geometry_top_mm(sheet: Sheet[SiteFile], tank: TankPart) -> float | None:
    if tank.shape is None:
        return None
    needed = {
        Shape.VERTICAL: ("diameter_m", "height_m"),
        Shape.HORIZONTAL: ("diameter_m", "length_m"),
        Shape.SPHERE: ("diameter_m",),
    }[tank.shape]
    missing = [key for key in needed if getattr(tank, key) is None]
    for key in missing:
        sheet.error(
            tank, key, wrong=f"is missing for a {tank.shape} tank", instead=f"write '{key}: …', inner measure in m"
        )
    for key in ("height_m", "length_m"):
        if key not in needed and getattr(tank, key) is not None:
            sheet.error(
                tank, key, wrong=f"does not belong to a {tank.shape} tank", instead="delete it, or correct the shape"
            )
    if missing or tank.diameter_m is None:
        return None
    return (tank.height_m or 0.0) * 1000.0 if tank.shape is Shape.VERTICAL else tank.diameter_m * 1000.0
