"""The depot's papers: work orders and the bank's release notices, as its office keeps them.

Numbers are never used twice, not even after a restore.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from depot.clock import local_day

OrderDirection = Literal["in", "out", "transfer_out", "transfer_in", "process_out", "process_in"]
FIRST_RELEASE_NO = 231
"""Notices up to TH-0230 were issued before the farm's time."""

FIRST_ORDER_OF_DAY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """One line of a work order: one tank. A transfer is two lines with the same number.

    Masses are kg in air; times µs since 1970.
    """

    no: str
    site: str
    tank: str
    direction: OrderDirection
    counter_tank: str | None
    kind: str
    good: str
    owner: str
    planned_kg: int
    done_kg: int
    opened_us: int
    updated_us: int
    closed_us: int | None
    release_no: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotice:
    """A sealed 提货通知书 of the bank, as received by the depot."""

    no: str
    contract_ref: str
    owner: str
    site: str
    tank: str
    good: str
    mass_kg: int
    issued_us: int
    valid_until_us: int


class Papers:
    """All orders and notices since the process began, in the order of writing."""

    def __init__(self) -> None:
        self.orders: list[WorkOrder] = []
        self.releases: list[ReleaseNotice] = []
        self._orders_of_day: dict[str, int] = {}
        self._next_release = FIRST_RELEASE_NO

    def new_order_no(self, now_us: int) -> str:
        day = local_day(now_us)
        number = self._orders_of_day.get(day, FIRST_ORDER_OF_DAY)
        self._orders_of_day[day] = number + 1
        return f"WO-{day}-{number:02d}"

    def new_release_no(self) -> str:
        self._next_release += 1
        return f"TH-{self._next_release - 1:04d}"

    def open_orders(self) -> list[WorkOrder]:
        return [order for order in self.orders if order.closed_us is None]

    def progress(self, no: str, *, done_kg: int, now_us: int, close: bool) -> None:
        """Write how far every line of the order has come; done_kg is the first line's, the others keep step with it."""
        first = next((order for order in self.orders if order.no == no), None)
        for i, order in enumerate(self.orders):
            if first is not None and order.no == no and order.closed_us is None:
                mine_kg = round(done_kg * order.planned_kg / first.planned_kg) if first.planned_kg else done_kg
                self.orders[i] = replace(order, done_kg=mine_kg, updated_us=now_us, closed_us=now_us if close else None)
