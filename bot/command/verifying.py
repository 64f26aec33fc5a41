"""``xiaoliuzi verify``: every hash of the ledger recomputed, and the series held against the seals in the ledger."""

from typing import Any

from bot.memory import Memory


async def verified(memory: Memory) -> dict[str, Any]:
    """{'chains': one row per lender's chain, 'series': the proof of the readings}. broken_at None: sound."""
    chains = await memory.ledger(lambda book: book.verify())
    series = await memory.series(lambda rows: rows.verify())
    seals = await memory.ledger(
        lambda book: [s for r in book.events(kinds={"series.sealed"}) for s in r.event.body["batches"]]
    )
    broken_at, why = series.broken_at, series.why
    for seal in seals:
        number = seal["batch"]
        kept = await memory.series(lambda rows, n=number: rows.sealed(n))  # type: ignore[misc]
        if kept is None or kept.sha256 != seal["sha256"]:
            broken_at, why = number, "the digest is not the one that the ledger sealed"
            break
    return {
        "chains": [
            {"tenant": c.tenant, "length": c.length, "head": c.head, "broken_at": c.broken_at, "why": c.why}
            for c in chains
        ],
        "series": {
            "batches": series.batches,
            "rows": series.rows,
            "thinned": series.thinned,
            "sealed": len(seals),
            "head": series.head,
            "broken_at": broken_at,
            "why": why,
        },
    }
