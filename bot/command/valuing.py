"""``xiaoliuzi value``: what every contract was worth at a past moment, tank by tank, under the terms then in force."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.memory import Memory
from bot.past import Stood, look_back
from datasources.workspace import Workspace
from domain.account import exposure_at
from domain.contract import Contract, Line
from domain.errors import SourceError
from domain.event import parse_stamp, stamp
from domain.position import Item, Position


async def valued(workspace: Workspace, memory: Memory, request: Mapping[str, Any]) -> dict[str, Any]:
    """{'at', 'contract'} → {'at', 'terms', 'terms_of_then', 'contracts': […]}, or {'error'} for what cannot be asked.

    at: ISO-8601 with its zone. contract: an id, or nothing for all of them.
    """
    try:
        at = parse_stamp(str(request.get("at", "")))
        found = await asyncio.to_thread(look_back, workspace, memory, at)
    except (ValueError, SourceError) as e:
        return {"error": str(e)}
    wanted = request.get("contract")
    if wanted is not None and wanted not in found.positions:
        return {"error": f"no contract {wanted!r} then; there were {', '.join(found.positions)}"}
    chosen = [str(wanted)] if wanted is not None else list(found.positions)
    return {
        "at": stamp(at),
        "terms": found.terms,
        "terms_of_then": found.of_then,
        "contracts": [_contract(found, contract_id) for contract_id in chosen],
    }


def _contract(found: Stood, contract_id: str) -> dict[str, Any]:
    contract, position = found.contracts[contract_id], found.positions[contract_id]
    return {
        "contract": contract_id,
        "name": contract.name,
        "known": position.known,
        "complete": position.complete(),
        "recognised_cny": str(position.recognised),
        "last_known_cny": str(position.last_known),
        "capped_cny": str(position.capped_off),
        "fresh_ratio": str(position.fresh_ratio),
        "oldest_at": _stamped(position.oldest_at),
        **_owed(contract, position),
        "ltv": _text(position.ltv),
        **({"coverage": _text(position.coverage)} if contract.lines.coverage is not None else {}),
        "lines_cny": {line.value: str(position.line_values[line]) for line in Line},
        "breached": position.breached,
        "tanks": [_item(i) for i in position.items],
    }


def _owed(contract: Contract, position: Position) -> dict[str, Any]:
    """The exposure in its parts, as they then were."""
    owed = exposure_at(contract, position.at)
    return {
        "exposure_cny": str(position.exposure),
        "exposure_stale": position.exposure_stale,
        "exposure_as_of": stamp(position.exposure_as_of),
        "principal_cny": str(owed.principal),
        "accrued_interest_cny": str(owed.accrued_interest),
        "fees_due_cny": str(owed.fees_due),
        "cash_margin_cny": str(owed.cash_margin),
    }


def _item(i: Item) -> dict[str, Any]:
    held = i.holding
    return {
        "tank": held.tank_id,
        "good": held.good,
        "physical_kg": held.physical_kg,
        "book_kg": held.book_kg,
        "eligible_kg": i.eligible_kg,
        "price_cny_t": _text(i.price.cny_t),
        "haircut": str(i.haircut),
        "value_cny": str(i.value_cny),
        "counted": i.counted,
        "why_not": i.why_not,
        "taken_at": _stamped(held.taken_at),
    }


def lines_of(found: Mapping[str, Any]) -> list[str]:
    """The same for a person at a terminal."""
    terms = "the terms then in force" if found["terms_of_then"] else "today's terms: those of then were not kept"
    out = [f"{found['at']}, {terms} (files {found['terms'][:12]})"]
    for c in found["contracts"]:
        out += ["", f"{c['contract']} {c['name']}"]
        if not c["known"]:
            out.append("  not everything had been measured and priced yet")
        out.append(f"  recognised {_cny(c['recognised_cny'])}, last known {_cny(c['last_known_cny'])}")
        stale = " (stale)" if c["exposure_stale"] else ""
        out.append(f"  exposure {_cny(c['exposure_cny'])} as of {c['exposure_as_of']}{stale}")
        out.append("  lines " + ", ".join(f"{line} {_cny(v)}" for line, v in c["lines_cny"].items()))
        ratio = f"coverage {_percent(c['coverage'])}" if "coverage" in c else f"LTV {_percent(c['ltv'])}"
        out.append(f"  {ratio}, below {c['breached'] or 'no line'}")
        out += [_tank_line(t) for t in c["tanks"]]
    return out


def _tank_line(t: Mapping[str, Any]) -> str:
    why = f"  {t['why_not']}" if t["why_not"] else ""
    price = t["price_cny_t"] if t["price_cny_t"] is not None else "—"
    return (
        f"  {t['tank']:<8} {t['good']:<14} {t['eligible_kg']:>14,} kg × {price:>12} = {_cny(t['value_cny']):>18}{why}"
    )


def _cny(amount: str) -> str:
    whole, _, fen = amount.partition(".")
    return f"{int(whole):,}.{fen or '00'}"


def _percent(ratio: str | None) -> str:
    return "—" if ratio is None else f"{float(ratio):.2%}"


def _text(figure: object) -> str | None:
    return None if figure is None else str(figure)


def _stamped(moment: datetime | None) -> str | None:
    return stamp(moment) if moment is not None else None
