"""Where a batch came from and through which tanks it went, with how many kg: read off the fold, step by step."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.ownership.allocation import ShareMethod
from domain.ownership.entry import Entry, EntryKind
from domain.ownership.ledger import EMPTY, Part, post

BRINGS = frozenset({EntryKind.OPENING, EntryKind.INBOUND, EntryKind.TRANSFER, EntryKind.TITLE})
"""Kinds by which cargo comes to be somewhere, or somebody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a batch: what happened, when, in which tank and with how many kg of it.

    to_tank: of a transfer. to_owner: of a change of title. paper: as the entry names it.
    """

    no: str
    kind: EntryKind
    at: datetime
    tank_id: str
    kg: int
    owner: str
    to_tank: str | None
    to_owner: str | None
    paper: str | None


def trace(
    entries: Iterable[Entry], batch: str | None, valid: datetime, *, method: ShareMethod = ShareMethod.PRO_RATA
) -> tuple[Step, ...]:
    """The life of a batch until ``valid``, oldest step first; None: of what has no batch. Empty: never heard of it."""
    return tuple(s for b, s in steps(entries, valid, method=method) if b == batch)


def steps(
    entries: Iterable[Entry], valid: datetime, *, method: ShareMethod = ShareMethod.PRO_RATA
) -> list[tuple[str | None, Step]]:
    """The steps of all batches, oldest first, each with its batch."""
    ledger = EMPTY
    found: list[tuple[str | None, Step]] = []
    for entry in sorted((e for e in entries if e.at <= valid), key=lambda e: e.order):
        ledger, parts = post(ledger, entry, method)
        found += [(part.batch, _step(part)) for part in parts]
    return found


def upstream(life: Iterable[Step], tank_id: str) -> tuple[Step, ...]:
    """Of a batch's steps those by which it came into this tank, oldest first; what an opening put aside is not among them.

    Steps of one number between the same tanks (a transfer posted in many lots) are one.
    """
    begins: dict[str, datetime | None] = {tank_id: None}
    found: dict[tuple[str, EntryKind, str, str | None], Step] = {}
    for step in sorted(life, key=lambda s: s.at, reverse=True):
        came_to = step.to_tank or step.tank_id
        if came_to not in begins or step.kind not in BRINGS:
            continue
        begun = begins[came_to]
        if begun is not None and step.at < begun:
            continue
        if step.kind is EntryKind.OPENING:
            begins[came_to] = step.at
        begins.setdefault(step.tank_id, None)
        name = (step.no, step.kind, step.tank_id, step.to_tank)
        before = found.get(name)
        found[name] = step if before is None else replace(step, kg=step.kg + before.kg)
    return tuple(sorted(found.values(), key=lambda s: s.at))


def _step(part: Part) -> Step:
    entry = part.entry
    return Step(
        no=entry.no,
        kind=entry.kind,
        at=entry.at,
        tank_id=entry.tank_id,
        kg=part.kg,
        owner=part.owner,
        to_tank=entry.to_tank,
        to_owner=entry.to_owner,
        paper=entry.paper,
    )
