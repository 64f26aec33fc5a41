"""The register map as a document: JSON for a program, Markdown for a person who wires it up."""

from __future__ import annotations

from typing import Any

from depot.registers.point import Point, RegisterMap
from depot.world import SiteSpec


def map_document(site: SiteSpec, register_map: RegisterMap, *, host: str, port: int) -> dict[str, Any]:
    """All that is needed to write the site's gauge mapping."""
    bits = register_map.status_bits
    return {
        "site": site.id,
        "name": site.name,
        "protocol": "modbus-tcp",
        "host": host,
        "port": port,
        "unit_id": register_map.unit_id,
        "maker": register_map.maker,
        "addressing": "zero-based PDU addresses",
        "value": "value = (raw + offset) * scale = raw * scale + value_offset",
        "max_registers_per_request": 125,
        "site_points": [_point(p) for p in register_map.points if p.tank is None],
        "points": [_point(p) for p in register_map.points if p.tank is not None],
        "status": {
            "bad_mask": f"0x{bits.bad_mask:08X}",
            "busy_mask": f"0x{bits.busy_mask:08X}",
            "bits": bits.meaning,
            "points": [_point(p) for p in register_map.statuses],
        },
        "notes": list(register_map.notes),
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "tank": point.tank,
        "quantity": point.quantity,
        "function_code": point.function_code,
        "address": point.address,
        "count": point.count,
        "data_type": point.data_type,
        "word_order": point.word_order,
        "byte_order": point.byte_order,
        "scale": point.scale,
        "offset": point.offset,
        "value_offset": point.offset * point.scale,
        "unit": point.unit,
        "resolution": point.resolution,
        "fail_values": [f"0x{raw:08X}" for raw in point.fail_raws],
        "refresh_s": point.refresh_s,
    }


def as_markdown(document: dict[str, Any]) -> str:
    """The same document as a page with one table."""
    status = document["status"]
    lines = [
        f"# {document['name']} ({document['site']}): Modbus register map",
        "",
        f"Modbus TCP {document['host']}:{document['port']}, unit {document['unit_id']}; {document['maker']}.",
        f"Addresses are {document['addressing']}; {document['value']}.",
        f"At most {document['max_registers_per_request']} registers per request.",
        "",
        *(f"- {note}" for note in document["notes"]),
        "",
        f"Status: bad if any of {status['bad_mask']}; busy (not product level) if any of {status['busy_mask']}.",
        *(f"- bit {bit}: {meaning}" for bit, meaning in status["bits"].items()),
        "",
        "| tank | quantity | FC | address | type | words | bytes | scale | offset | unit | fail | every s |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row(p) for p in (*document["site_points"], *document["points"], *status["points"])),
    ]
    return "\n".join(lines) + "\n"


def _row(point: dict[str, Any]) -> str:
    cells = [
        point["tank"] or "(site)",
        point["quantity"],
        point["function_code"],
        point["address"],
        point["data_type"],
        f"{point['word_order']} first",
        "as usual" if point["byte_order"] == "big" else "swapped",
        f"{point['scale']:g}",
        f"{point['offset']:g}",
        point["unit"],
        " ".join(point["fail_values"]) or "none",
        point["refresh_s"],
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
