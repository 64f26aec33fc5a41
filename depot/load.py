"""World files to values. A wrong file stops the start with the file's name and the entry."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from depot.goods import Good
from depot.shapes import Horizontal, Shape, Sphere, Tabled, Vertical
from depot.world import (
    Background,
    Holding,
    PastMove,
    PlannedMove,
    Quote,
    SiteSpec,
    TankSpec,
    World,
)

PACKAGED = Path(__file__).parent / "world"
Row = Mapping[str, Any]
T = TypeVar("T")


class WorldError(Exception):
    """A world file that cannot be used: which file, which entry, what is wrong."""


def load_world(folder: Path = PACKAGED) -> World:
    """Read the folder's YAML and CSV files. Raises WorldError."""
    goods = {g.code: g for g in _each(folder / "goods.yaml", "goods", _good)}
    sites = {s.id: s for s in _each(folder / "sites.yaml", "sites", _site)}
    tanks: dict[str, TankSpec] = {}
    for site in sites:
        tanks |= _tanks(folder, site, goods)
    book = folder / "book.yaml"
    world = World(
        goods=goods,
        sites=sites,
        tanks=tanks,
        owners={str(row["id"]): str(row["name"]) for row in _rows(book, "owners")},
        holdings=tuple(_each(book, "rows", _holding)),
        quotes=tuple(_each(folder / "prices.yaml", "prices", _quote)),
        background=_background(folder / "background.yaml"),
    )
    _check(world)
    return world


def _check(world: World) -> None:
    """Names that point nowhere, found at the start rather than in the night."""
    for h in world.holdings:
        tank = world.tanks.get(h.tank)
        if tank is None or tank.site != h.site or tank.good.code != h.good:
            raise WorldError(f"book.yaml: {h} does not fit the tank files")
        if h.owner not in world.owners:
            raise WorldError(f"book.yaml: owner {h.owner!r} of {h.tank!r} is not listed")
    heels = dict.fromkeys(world.tanks, 0)
    for h in world.holdings:
        heels[h.tank] += h.heel_kg
    for tank in world.tanks.values():
        if heels[tank.id] != tank.heel_kg:
            raise WorldError(f"book.yaml: heel of {tank.id!r} adds up to {heels[tank.id]} kg, not {tank.heel_kg}")
    moves = world.background.movements
    named = [m.tank for m in moves] + [m.to_tank or m.tank for m in moves]
    for name in named + [m.tank for m in world.background.history]:
        if name not in world.tanks:
            raise WorldError(f"background.yaml: no tank {name!r}")


def _document(path: Path) -> Row:
    try:
        loaded = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as error:
        raise WorldError(f"{path.name}: {error}") from error
    if not isinstance(loaded, dict):
        raise WorldError(f"{path.name}: expected a mapping at the top")
    return loaded


def _rows(path: Path, key: str) -> list[Row]:
    rows = _document(path).get(key)
    if not isinstance(rows, list):
        raise WorldError(f"{path.name}: expected a list under {key!r}")
    return rows


def _each(path: Path, key: str, make: Callable[[Row], T]) -> list[T]:
    made = []
    for number, row in enumerate(_rows(path, key), start=1):
        try:
            made.append(make(row))
        except (KeyError, TypeError, ValueError) as error:
            raise WorldError(f"{path.name}: {key} entry {number}: {error!r}") from error
    return made


def _good(row: Row) -> Good:
    kept = {k: v for k, v in row.items() if k not in ("aliases", "source")}
    return Good(**kept)


def _site(row: Row) -> SiteSpec:
    return SiteSpec(**row)


def _holding(row: Row) -> Holding:
    return Holding(**row)


def _quote(row: Row) -> Quote:
    return Quote(**{**row, "price": Decimal(row["price"])})


def _background(path: Path) -> Background:
    head = _document(path)
    return Background(
        contract_ref=str(head["contract_ref"]),
        release_valid_h=float(head["release_valid_h"]),
        movements=tuple(_each(path, "movements", lambda r: PlannedMove(**{"to_tank": None, **r}))),
        history=tuple(_each(path, "history", lambda r: PastMove(**r))),
    )


def _tanks(folder: Path, site: str, goods: dict[str, Good]) -> dict[str, TankSpec]:
    path = folder / "tanks" / f"{site}.yaml"
    made = _each(path, "tanks", lambda row: _tank(row, site=site, goods=goods, folder=folder))
    return {tank.id: tank for tank in made}


def _tank(row: Row, *, site: str, goods: dict[str, Good], folder: Path) -> TankSpec:
    zone = row["critical_zone_mm"]
    kept = {k: v for k, v in row.items() if k not in ("shape", "diameter_m", "length_m", "full_mm", "table")}
    return TankSpec(
        **{
            **kept,
            "site": site,
            "good": goods[row["good"]],
            "shape_kind": row["shape"],
            "shape": _shape(row, folder),
            "critical_zone_mm": None if zone is None else (float(zone[0]), float(zone[1])),
        }
    )


def _shape(row: Row, folder: Path) -> Shape:
    match row["shape"]:
        case "vertical":
            return Vertical(diameter_m=row["diameter_m"], full_mm=float(row["full_mm"]))
        case "horizontal":
            return Horizontal(diameter_m=row["diameter_m"], length_m=row["length_m"])
        case "sphere":
            return Sphere(diameter_m=row["diameter_m"])
        case "table":
            return _table(folder / "tables" / row["table"])
        case other:
            raise ValueError(f"shape {other!r}: write vertical, table, horizontal or sphere")


def _table(path: Path) -> Tabled:
    """A capacity table CSV with the columns level_mm,volume_m3, both rising."""
    try:
        with path.open(newline="") as file:
            rows = [(float(r["level_mm"]), float(r["volume_m3"])) for r in csv.DictReader(file)]
    except OSError as error:
        raise WorldError(f"{path.name}: {error}") from error
    if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(rows)):
        raise ValueError(f"{path.name}: levels and volumes must rise")
    return Tabled(levels_mm=tuple(r[0] for r in rows), volumes_m3=tuple(r[1] for r in rows))
