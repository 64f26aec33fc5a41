"""The ordinary day: starts the planned movements when they are due, and knows yesterday's."""

from __future__ import annotations

from dataclasses import replace

from depot.clock import US_PER_S
from depot.office import MAIN_OWNER, Job, Office
from depot.papers import Papers, ReleaseNotice, WorkOrder
from depot.world import Background, PastMove, World

US_PER_MIN = 60 * US_PER_S
US_PER_H = 3600 * US_PER_S


class Day:
    """A timetable that repeats; idle when the farm is told to be quiet."""

    def __init__(self, background: Background, *, start_us: int, quiet: bool) -> None:
        self._moves = () if quiet else background.movements
        self._due_us = [start_us + round(m.after_min * US_PER_MIN) for m in self._moves]

    def start_due(self, office: Office, now_us: int) -> None:
        """Open an order for every movement whose time has come, once, however late we are."""
        for i, move in enumerate(self._moves):
            if now_us < self._due_us[i]:
                continue
            period_us = round(move.every_min * US_PER_MIN)
            self._due_us[i] += ((now_us - self._due_us[i]) // period_us + 1) * period_us
            office.open(
                Job(
                    tank=move.tank,
                    direction=move.direction,
                    to_tank=move.to_tank,
                    mass_kg=round(move.mass_t * 1000),
                    rate_t_h=move.rate_t_h,
                    kind=move.kind,
                ),
                now_us,
            )


def write_history(world: World, papers: Papers, start_us: int) -> None:
    """Put the closed orders of the last day on file, oldest first; the books contain them."""
    for past in sorted(world.background.history, key=lambda p: -p.hours_ago):
        _write_past(world, papers, past, start_us)


def _write_past(world: World, papers: Papers, past: PastMove, start_us: int) -> None:
    spec = world.tanks[past.tank]
    closed_us = start_us - round(past.hours_ago * US_PER_H)
    opened_us = closed_us - round(past.mass_t / past.rate_t_h * US_PER_H)
    mass_kg = round(past.mass_t * 1000)
    assert past.direction in ("in", "out"), "history holds receipts and withdrawals only"
    order = WorkOrder(
        no=papers.new_order_no(opened_us),
        site=spec.site,
        tank=spec.id,
        direction=past.direction,
        counter_tank=None,
        kind=past.kind,
        good=spec.good.code,
        owner=MAIN_OWNER,
        planned_kg=mass_kg,
        done_kg=mass_kg,
        opened_us=opened_us,
        updated_us=closed_us,
        closed_us=closed_us,
        release_no=None,
    )
    if past.direction == "out":
        notice = ReleaseNotice(
            no=papers.new_release_no(),
            contract_ref=world.background.contract_ref,
            owner=MAIN_OWNER,
            site=spec.site,
            tank=spec.id,
            good=spec.good.code,
            mass_kg=mass_kg,
            issued_us=opened_us - 2 * US_PER_H,
            valid_until_us=opened_us + round(world.background.release_valid_h * US_PER_H),
        )
        papers.releases.append(notice)
        order = replace(order, release_no=notice.no)
    papers.orders.append(order)
