"""One line of a depot's ownership ledger (货权台账): what came, left, moved, changed hands or was lost. A claim."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import SourceMalformed

MAX_KG = 10**12


class EntryKind(StrEnum):
    """What an entry does to the cargo of a tank."""

    OPENING = "opening"  # 期初
    INBOUND = "inbound"  # 入库
    OUTBOUND = "outbound"  # 出库
    TRANSFER = "transfer"  # 倒罐
    TITLE = "title"  # 货权转移: the cargo stays, its owner changes
    LOSS = "loss"  # 损耗
    GAIN = "gain"  # 溢余


OWNED = frozenset({EntryKind.OPENING, EntryKind.INBOUND, EntryKind.OUTBOUND, EntryKind.TITLE})
"""Kinds that name whose cargo it is. The others may leave it open: then they take the mix, everybody by their share."""
Key = tuple[str, str, int]
Order = tuple[datetime, bool, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. Said again under the same site, no and line it replaces what was said; with kg 0 it is cancelled.

    kg: whole kg in air, heel included, never negative. at: when it happened. owner None: of all owners by their
    shares. batch None: of the owner's batches as the site's share method says; of what arrives, no batch is known.
    paper: the work order or notice behind it. Raises SourceMalformed for a line that cannot mean anything.
    """

    no: str
    line: int = 1
    site_id: str
    kind: EntryKind
    at: datetime
    tank_id: str
    good: str
    kg: int
    owner: str | None = None
    batch: str | None = None
    to_tank: str | None = None
    to_owner: str | None = None
    paper: str | None = None

    def __post_init__(self) -> None:
        what = f"entry {self.no!r} line {self.line}"
        if not 0 <= self.kg <= MAX_KG:
            raise SourceMalformed(f"{what}: {self.kg} kg, 0…{MAX_KG} is allowed")
        if self.at.utcoffset() is None:
            raise SourceMalformed(f"{what}: at {self.at.isoformat()} has no time zone; send UTC, for example with Z")
        if self.owner is None and self.kind in OWNED:
            raise SourceMalformed(f"{what}: 'owner' is missing, {self.kind} names whose cargo it is")
        self._check_other_end(what, "to_tank", self.to_tank, self.tank_id, needed=self.kind is EntryKind.TRANSFER)
        self._check_other_end(what, "to_owner", self.to_owner, self.owner, needed=self.kind is EntryKind.TITLE)

    def _check_other_end(self, what: str, name: str, there: str | None, here: str | None, *, needed: bool) -> None:
        if needed and (there is None or there == here):
            raise SourceMalformed(f"{what}: {name!r} is {there!r}, {self.kind} needs another than {here!r}")
        if not needed and there is not None:
            raise SourceMalformed(f"{what}: {name!r} is {there!r}, {self.kind} has none")

    @property
    def key(self) -> Key:
        """Of what a later word is a correction."""
        return self.site_id, self.no, self.line

    @property
    def order(self) -> Order:
        """When it takes effect: by time, openings before all else of their moment, then by number and line."""
        return self.at, self.kind is not EntryKind.OPENING, self.no, self.line
