"""The depot's books: who owns how much in which tank, kilograms in air above the heel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from depot.world import Holding

POSTING_LOT_KG = 1000
"""The loading meter posts every full tonne; the rest follows when the order closes."""


class Book:
    """Rows by tank and owner. A row once opened stays, also at zero."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self._rows = {(h.tank, h.owner): h for h in holdings}

    def rows(self) -> list[Holding]:
        return list(self._rows.values())

    def mass_kg(self, tank: str, owner: str) -> int:
        row = self._rows.get((tank, owner))
        return 0 if row is None else row.mass_kg

    def post(self, *, site: str, tank: str, good: str, owner: str, change_kg: int) -> None:
        """Add (or with a minus take away) booked cargo; opens the row if need be."""
        row = self._rows.get((tank, owner))
        if row is None:
            row = Holding(site=site, tank=tank, good=good, owner=owner, mass_kg=0, heel_kg=0)
        self._rows[(tank, owner)] = replace(row, mass_kg=row.mass_kg + change_kg)
