"""Everything that is known at one moment, as the rules and the answers see it. Built by the bot, read by all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.case.case import Case
from domain.contract import Contract
from domain.encumbrance import Encumbered
from domain.farm import Farm
from domain.good import Good
from domain.movement import ReleaseNotice, WorkOrder
from domain.position import GoodPrice, Position
from domain.receipt.receipt import Standing
from domain.stock import Stock
from domain.tank import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotPapers:
    """The movement papers of one site and when its feeds last spoke. None: never heard."""

    work_orders: tuple[WorkOrder, ...] = ()
    releases: tuple[ReleaseNotice, ...] = ()
    work_orders_as_of: datetime | None = None
    releases_as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One contract's world at ``now``. ``prices`` and ``goods`` by good code, ``papers`` and ``sites`` by site id.

    receipts: the contract's own, dead ones too. encumbered: its claims in tanks that others claim in too, or by receipts.
    cases: releases, swaps and top-ups that are open or ended lately.
    """

    now: datetime
    contract: Contract
    farm: Farm
    stock: Stock
    position: Position
    prices: Mapping[str, GoodPrice]
    papers: Mapping[str, DepotPapers]
    goods: Mapping[str, Good]
    sites: Mapping[str, Site]
    receipts: tuple[Standing, ...] = ()
    encumbered: tuple[Encumbered, ...] = ()
    cases: tuple[Case, ...] = ()
