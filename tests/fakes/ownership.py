"""Entries of an ownership ledger in one line each, and random lives of a small tank farm."""

import random
from datetime import UTC, datetime, timedelta

from domain.ownership.entry import Entry, EntryKind

T0 = datetime(2026, 3, 1, tzinfo=UTC)
TANKS = ("T-1", "T-2", "T-3")
OWNERS = ("hengyun", "haichuan", "third")


def entry(kind: str, kg: int, *, hours: float = 0.0, tank: str = "T-1", **other: object) -> Entry:
    """An entry ``hours`` after the ledger's first day began; its number follows from what it says."""
    given = {"no": f"{kind}-{hours:g}-{tank}-{kg}", "good": "METHANOL", "site_id": "north", **other}
    if given.get("owner") is None and kind in ("opening", "inbound", "outbound", "title"):
        given["owner"] = "hengyun"
    return Entry(kind=EntryKind(kind), kg=kg, tank_id=tank, at=T0 + timedelta(hours=hours), **given)  # type: ignore[arg-type]


def life(seed: int, length: int = 60) -> list[Entry]:
    """A random script: openings, then everything that may happen, some of it impossible, in whole hours."""
    draw = random.Random(seed)
    said = [
        entry("opening", draw.randint(1, 90_000), no=f"O-{i}", tank=draw.choice(TANKS), owner=draw.choice(OWNERS), batch=draw.choice(["B-1", "B-2", None]))
        for i in range(draw.randint(1, 5))
    ]  # fmt: skip
    return said + [_happening(draw, i) for i in range(length)]


def _happening(draw: random.Random, i: int) -> Entry:
    kind = draw.choice(list(EntryKind))
    tank = draw.choice(TANKS)
    owner = draw.choice(OWNERS)
    mixed = kind in (EntryKind.TRANSFER, EntryKind.LOSS, EntryKind.GAIN) and draw.random() < 0.6
    other = {
        "no": f"E-{i}",
        "owner": None if mixed else owner,
        "batch": draw.choice([None, None, "B-1", f"B-{i}"]) if not mixed else None,
        "good": "METHANOL" if draw.random() < 0.95 else "DIESEL0",
    }
    if kind is EntryKind.TRANSFER:
        other["to_tank"] = draw.choice([t for t in TANKS if t != tank])
    if kind is EntryKind.TITLE:
        other["to_owner"] = draw.choice([o for o in OWNERS if o != owner])
    kg = draw.choice([0, 1, 7, 999, draw.randint(1, 30_000)])
    return entry(kind.value, kg, hours=draw.randint(0, 40), tank=tank, **other)
