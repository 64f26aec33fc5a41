"""What the depot and its sources tell over HTTP: books, ownership, work orders, notices, prices, truth.

Rows are plain JSON values; masses kg in air unless the name says otherwise, times ISO-8601 UTC.
A feed can be held (a stale notice feed): it then keeps its rows and its as_of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from depot.clock import iso
from depot.farm import Farm
from depot.papers import ReleaseNotice, WorkOrder

Document = dict[str, Any]

BOOK_MEANS = (
    "mass_kg: deliverable cargo above the heel, kilograms of commercial weight in air; "
    "heel_kg: the owner's part of the dead stock, likewise; physical stock is the sum of both"
)


def book_document(farm: Farm) -> Document:
    rows = [
        {
            "site": h.site,
            "tank": h.tank,
            "good": h.good,
            "owner": h.owner,
            "owner_name": farm.world.owners[h.owner],
            "mass_kg": h.mass_kg,
            "heel_kg": h.heel_kg,
        }
        for h in farm.book.rows()
    ]
    return {"as_of": iso(farm.now_us), "mass_basis": "air", "means": BOOK_MEANS, "rows": rows}


def ledger_document(farm: Farm) -> Document:
    """Line by line who came to own what; ``written_at`` is what since asks for."""
    rows = [
        {
            "no": e.no,
            "line": e.line,
            "site": e.site,
            "tank": e.tank,
            "kind": e.kind,
            "at": iso(e.at_us),
            "good": e.good,
            "kg": e.kg,
            "owner": e.owner,
            "batch": e.batch,
            "to_tank": e.to_tank,
            "paper": e.paper,
            "written_at": iso(e.at_us),
        }
        for e in farm.ledger.lines
    ]
    return {"as_of": iso(farm.now_us), "mass_basis": "air", "rows": rows}


def orders_document(farm: Farm) -> Document:
    return {"as_of": iso(farm.now_us), "rows": [_order(o) for o in farm.papers.orders]}


def releases_document(farm: Farm) -> Document:
    return {"as_of": iso(farm.now_us), "rows": [_release(r) for r in farm.papers.releases]}


def prices_document(farm: Farm) -> Document:
    rows = [
        {
            "ref": q.ref,
            "good": q.good,
            "provider": q.provider,
            "region": q.region,
            "basis": q.basis,
            "unit": q.unit,
            "currency": q.currency,
            "price": str(q.price),
            "published_at": iso(farm.prices.published_us(q.good, farm.now_us)),
        }
        for q in farm.prices.quotes()
    ]
    return {"as_of": iso(farm.now_us), "rows": rows}


def truth_document(farm: Farm) -> Document:
    """What no bank ever sees. mass_kg is true mass in vacuum; water is not counted as cargo."""
    rows = []
    for tank, spec in farm.world.tanks.items():
        state, actual = farm.cargo.states[tank], farm.cargo.actual(tank)
        rows.append(
            {
                "site": spec.site,
                "tank": tank,
                "good": spec.good.code,
                "mass_kg": round(state.product_kg, 3),
                "mass_in_air_kg": round(state.product_kg * spec.good.air_factor, 3),
                "deliverable_in_air_kg": round(state.product_kg * spec.good.air_factor - spec.heel_kg, 3),
                "dissolved_water_kg": round(state.dissolved_water_kg, 3),
                "free_water_kg": round(state.free_water_kg, 3),
                "temp_c": round(actual.temp_c, 4),
                "ambient_c": round(farm.cargo.ambient_c(spec.site), 4),
                "level_mm": round(actual.level_mm, 3),
                "water_mm": round(actual.water_mm, 3),
                "density_kg_m3": round(actual.density_kg_m3, 4),
                "p1_kpa": None if actual.p1_kpa is None else round(actual.p1_kpa, 4),
                "p3_kpa": None if actual.p3_kpa is None else round(actual.p3_kpa, 4),
            }
        )
    flows = [
        {
            "source": f.source,
            "target": f.target,
            "order_no": f.order_no,
            "rate_t_h": round(f.speed_kg_s * 3.6, 3),
            "moved_kg": round(f.moved_kg, 1),
        }
        for f in farm.cargo.flows
    ]
    return {"as_of": iso(farm.now_us), "tanks": rows, "flows": flows}


class Feeds:
    """The five feeds that can go stale, by name."""

    makers: dict[str, Callable[[Farm], Document]] = {  # noqa: RUF012  a constant table
        "book": book_document,
        "ledger": ledger_document,
        "workorders": orders_document,
        "releases": releases_document,
        "prices": prices_document,
    }

    def __init__(self, farm: Farm) -> None:
        self._farm = farm
        self._held: dict[str, Document] = {}

    def document(self, name: str) -> Document:
        return self._held.get(name) or self.makers[name](self._farm)

    def hold(self, name: str) -> str:
        """Keep the feed as it is now; gives its as_of."""
        document = self._held.setdefault(name, self.makers[name](self._farm))
        return str(document["as_of"])

    def release(self, name: str) -> None:
        self._held.pop(name, None)

    def release_all(self) -> None:
        self._held.clear()


def _order(order: WorkOrder) -> Document:
    return {
        "no": order.no,
        "site": order.site,
        "tank": order.tank,
        "direction": order.direction,
        "counter_tank": order.counter_tank,
        "kind": order.kind,
        "good": order.good,
        "owner": order.owner,
        "planned_kg": order.planned_kg,
        "done_kg": order.done_kg,
        "opened_at": iso(order.opened_us),
        "updated_at": iso(order.updated_us),
        "closed_at": None if order.closed_us is None else iso(order.closed_us),
        "release_no": order.release_no,
    }


def _release(notice: ReleaseNotice) -> Document:
    return {
        "no": notice.no,
        "contract_ref": notice.contract_ref,
        "owner": notice.owner,
        "site": notice.site,
        "tank": notice.tank,
        "good": notice.good,
        "mass_kg": notice.mass_kg,
        "issued_at": iso(notice.issued_us),
        "valid_until": iso(notice.valid_until_us),
        "sealed": True,
    }
