"""``sites/*.yaml``: a depot's place, its tanks as their certificates describe them, its gauges and its feeds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from datasources.workspace.folder import Folder, Naming
from datasources.workspace.number import Metres, Millimetres, Seconds, real
from datasources.workspace.part import Part, Sheet
from datasources.workspace.problem import suggestion
from datasources.workspace.registers import GatewayPart
from datasources.workspace.table import read_table
from datasources.workspace.word import Day, Flag, Id, Label, RelativePath, Text, Url, names_of, one_of
from domain.tank import CapacityTable, Geometry, Shape, Site, Tank

Tables = Mapping[str, CapacityTable | None]


class SitePart(Part):
    """The place and who runs it."""

    id: Id = Field(description="a short id, e.g. north")
    name: Text = Field(description="its name in chat, e.g. 港储一库")
    depot: Id = Field(description="the id of the depot's organisation in people.yaml")


class FeedsPart(Part):
    """The depot's HTTP feeds: owners' book, work orders, release notices."""

    url: Url = Field(description="their base address, e.g. http://10.0.0.5:8080/site")
    poll_s: Seconds = 10.0


class TankPart(Part):
    """One tank: a shape with its measures, or a capacity table, or both."""

    id: Label = Field(description="the depot's own number, e.g. T-107; unique in the workspace, never reused")
    name: Text | None = None
    good: Label = Field(description="a code of goods.yaml")
    aliases: tuple[Text, ...] = ()
    shape: Annotated[Shape, one_of(names_of(Shape))] | None = None
    diameter_m: Metres | None = None
    height_m: Metres | None = None
    length_m: Metres | None = None
    table: RelativePath | None = None
    heel_mm: Millimetres = Field(description="the level below which nothing can be pumped out (罐底量), mm")
    max_level_mm: Millimetres = Field(description="the safe filling height (安全高度), mm")
    insulated: Flag = False
    alpha_per_c: Annotated[float, real(low=0, high=5e-5, unit="1/°C")] = 1.2e-5
    ref_temp_c: Annotated[float, real(low=-10, high=50, unit="°C")] = 20.0
    max_rate_t_h: Annotated[float, real(low=0, above=0, high=100_000, unit="t/h")] = 1200.0
    table_u: Annotated[float, real(low=0, high=0.05)] = 0.001
    gauge_u_mm: Annotated[float, real(low=0, high=100, unit="mm")] = 1.5
    temp_u_c: Annotated[float, real(low=0, high=20, unit="°C")] = 0.25
    calibrated_until: Day | None = None


class SiteFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {
        "site": "with id, name and depot",
        "tanks": "a list with at least one tank",
        "gateways": "the Modbus devices that answer for the tanks",
    }
    site: SitePart | None = None
    feeds: FeedsPart | None = None
    tanks: tuple[TankPart, ...] = ()
    gateways: tuple[GatewayPart, ...] = ()


def read_tables(folder: Folder, sheets: list[Sheet[SiteFile]]) -> dict[str, CapacityTable | None]:
    """Every capacity table that a tank names, read once; None for one that cannot be used."""
    tables: dict[str, CapacityTable | None] = {}
    for sheet in sheets:
        for tank in sheet.part.tanks:
            if tank.table is not None and tank.table not in tables:
                line = tank.node.key_lines.get("table")
                named = Naming(file=sheet.file, line=line, where=f"tanks[{tank.id}].table")
                tables[tank.table] = read_table(folder, tank.table, named)
    return tables


def check_sites(sheets: list[Sheet[SiteFile]], *, orgs: set[str] | None, goods: set[str] | None) -> None:
    """Ids used twice, also across files, and names that point nowhere. None: that file could not be read."""
    sites: dict[str, str] = {}
    tanks: dict[str, str] = {}
    names: dict[str, str] = {}
    for sheet in sheets:
        _check_site(sheet, sites, orgs)
        for tank in sheet.part.tanks:
            if tank.id in tanks:
                wrong = f"tank {tank.id!r} is there already, in {tanks[tank.id]}"
                sheet.error(
                    tank, "id", wrong=wrong, instead="write an id that no tank ever had, e.g. with the site before it"
                )
            tanks.setdefault(tank.id, f"{sheet.file} line {tank.node.line}")
            if goods is not None and tank.good not in goods:
                remedy = suggestion(tank.good, goods, add="add it to goods.yaml")
                sheet.error(tank, "good", wrong=f"good {tank.good!r} is unknown", instead=remedy)
            _check_names(sheet, tank, names)


def _check_site(sheet: Sheet[SiteFile], sites: dict[str, str], orgs: set[str] | None) -> None:
    site = sheet.part.site
    if site is None:
        return
    if site.id in sites:
        wrong = f"site {site.id!r} is there already, in {sites[site.id]}"
        sheet.error(site, "id", wrong=wrong, instead="write another id, or put the tanks into that file")
    sites.setdefault(site.id, sheet.file)
    if orgs is not None and site.depot not in orgs:
        remedy = suggestion(site.depot, orgs, add="add it under organisations in people.yaml")
        sheet.error(site, "depot", wrong=f"organisation {site.depot!r} is unknown", instead=remedy)


def _check_names(sheet: Sheet[SiteFile], tank: TankPart, names: dict[str, str]) -> None:
    for name in {tank.id, *([tank.name] if tank.name else []), *tank.aliases}:
        other = names.setdefault(name, tank.id)
        if other != tank.id:
            wrong = f"{name!r} also names tank {other!r}"
            sheet.warn(tank, "aliases", wrong=wrong, instead="keep the name for one of them; questions use it")


def check_tank(sheet: Sheet[SiteFile], tank: TankPart, tables: Tables, today: date) -> None:
    """Its measures, its table, 0 ≤ heel < max level ≤ height, and its calibration on ``today``."""
    top_mm = _top_mm(sheet, tank, tables)
    if tank.heel_mm >= tank.max_level_mm:
        wrong = f"heel {tank.heel_mm:g} mm is not below max_level_mm {tank.max_level_mm:g}"
        sheet.error(
            tank, "heel_mm", wrong=wrong, instead="check both on the certificate; both are mm above the datum plate"
        )
    if top_mm is not None and tank.max_level_mm > top_mm:
        wrong = f"{tank.max_level_mm:g} mm is above the tank's top at {top_mm:g} mm"
        sheet.error(tank, "max_level_mm", wrong=wrong, instead=f"write at most {top_mm:g}, or correct the measures")
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
    table = tables.get(tank.table) if tank.table is not None else None
    if table is not None and table.level_mm[0] > tank.heel_mm:
        wrong = f"the table begins at {table.level_mm[0]:g} mm, above the heel at {tank.heel_mm:g} mm"
        sheet.error(tank, "table", wrong=wrong, instead="add the rows of the tank's bottom (底量表)")
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


def build_site(part: SitePart, tanks: Sequence[TankPart]) -> Site:
    """The place with its tanks in file order."""
    return Site(id=part.id, name=part.name, depot=part.depot, tank_ids=tuple(t.id for t in tanks))


def build_tank(tank: TankPart, site_id: str, tables: Tables) -> Tank:
    """The tank as columns and answers use it."""
    geometry = None
    if tank.shape is not None and tank.diameter_m is not None:
        geometry = Geometry(
            shape=tank.shape,
            diameter_m=tank.diameter_m,
            height_m=tank.height_m or 0.0,
            length_m=tank.length_m or 0.0,
        )
    return Tank(
        id=tank.id,
        site_id=site_id,
        name=tank.name or tank.id,
        good=tank.good,
        aliases=tuple(tank.aliases),
        geometry=geometry,
        table=tables.get(tank.table) if tank.table is not None else None,
        heel_mm=tank.heel_mm,
        max_level_mm=tank.max_level_mm,
        insulated=tank.insulated,
        alpha_per_c=tank.alpha_per_c,
        ref_temp_c=tank.ref_temp_c,
        max_rate_t_h=tank.max_rate_t_h,
        table_u=tank.table_u,
        gauge_u_mm=tank.gauge_u_mm,
        temp_u_c=tank.temp_u_c,
        calibrated_until=tank.calibrated_until,
    )
