"""``sites/*.yaml``: a depot's place, its tanks as their certificates describe them, its gauges and its feeds."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from datasources.workspace.folder import Folder, Naming
from datasources.workspace.number import Seconds
from datasources.workspace.part import Part, Sheet
from datasources.workspace.problem import suggestion
from datasources.workspace.registers import GatewayPart
from datasources.workspace.table import Use, composed, read_table
from datasources.workspace.table_parts import Parts
from datasources.workspace.tanks import TankPart
from datasources.workspace.word import Id, Text, Url, names_of, one_of
from domain.ownership.allocation import ShareMethod
from domain.tank import CapacityTable, Site


class SitePart(Part):
    """The place and who runs it."""

    id: Id = Field(description="a short id, e.g. north")
    name: Text = Field(description="its name in chat, e.g. 港储一库")
    depot: Id = Field(description="the id of the depot's organisation in people.yaml")
    share_method: Annotated[ShareMethod, one_of(names_of(ShareMethod))] = ShareMethod.PRO_RATA


class FeedsPart(Part):
    """The depot's HTTP feeds: owners' book, work orders, release notices."""

    url: Url = Field(description="their base address, e.g. http://10.0.0.5:8080/site")
    poll_s: Seconds = 10.0


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


def read_tables(folder: Folder, sheets: list[Sheet[SiteFile]]) -> dict[Use, CapacityTable | None]:
    """Every capacity table as its tanks use it, each file read once; None for one that cannot be used."""
    files: dict[str, CapacityTable | Parts | None] = {}
    tables: dict[Use, CapacityTable | None] = {}
    for sheet in sheets:
        for tank in sheet.part.tanks:
            use = tank.use
            if use is None or use in tables:
                continue
            if use.path not in files:
                line = tank.node.key_lines.get("table")
                named = Naming(file=sheet.file, line=line, where=f"tanks[{tank.id}].table")
                files[use.path] = read_table(folder, use.path, named)
            written = files[use.path]
            tables[use] = composed(written, use, folder.problems) if written is not None else None
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


def build_site(part: SitePart, tanks: Sequence[TankPart]) -> Site:
    """The place with its tanks in file order."""
    return Site(
        id=part.id,
        name=part.name,
        depot=part.depot,
        tank_ids=tuple(t.id for t in tanks),
        share_method=part.share_method,
    )
