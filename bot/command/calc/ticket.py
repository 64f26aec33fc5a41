"""A gauger's ticket (计量单): words from a template, columns set for characters that are two cells wide."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unicodedata import combining, east_asian_width

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.wording.figures import CHINA

_MESSAGES: Final = Path(__file__).parents[2] / "messages" / "zh"
_DECIMALS: Final = {
    **dict.fromkeys(("level_mm", "water_mm", "density_kg_m3", "observed_kg_m3"), 1),
    **dict.fromkeys(("temp_c", "shell_c"), 2),
    **dict.fromkeys(("ctsh", "vcf", "hyc"), 6),
    "sw_percent": 3,
}
_CUBIC_METRES, _KILOGRAMS = 3, 0


def ticket(found: Mapping[str, Any]) -> str:
    """The ticket of one dip; found: the results of ``calc tank``."""
    figures = {name: _written(name, value) for name, value in found.items()}
    figures["u2_mass_kg"] = _written("u_mass_kg", 2.0 * found["u_mass_kg"])
    figures["u2_share"] = f"{200.0 * found['u_mass_kg'] / found['mass_air_kg']:.2f}" if found["mass_air_kg"] else ""
    printed = datetime.fromisoformat(found["printed_at"]).astimezone(CHINA)
    figures["printed_at"] = f"{printed:%Y-%m-%d %H:%M}"
    remarks = [word for word in str(found["remarks"]).split("|") if word]
    env = Environment(
        loader=FileSystemLoader(_MESSAGES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # plain text for a terminal
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return _aligned(env.get_template("ticket.j2").render(figures, raw=found, remark_names=remarks))


def _written(name: str, value: Any) -> Any:
    """A figure with the decimals of its kind; None stays."""
    if not isinstance(value, float):
        return value
    default = _CUBIC_METRES if name.endswith("_m3") else _KILOGRAMS
    return f"{value:,.{_DECIMALS.get(name, default)}f}"


def _aligned(text: str) -> str:
    """Lines of name, symbol, figure and unit, parted by |, in columns: figures to the right."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    rows = [cells for cells in lines if len(cells) > 1]
    widths = [max(_cells(row[i]) for row in rows) for i in range(3)]
    return "\n".join(cells[0] if len(cells) == 1 else _row(cells, widths) for cells in lines)


def _row(cells: list[str], widths: list[int]) -> str:
    name, symbol, figure, *rest = cells
    padded = name + " " * (widths[0] - _cells(name)), symbol + " " * (widths[1] - _cells(symbol))
    return "  ".join((*padded, " " * (widths[2] - _cells(figure)) + figure, " ".join(rest))).rstrip()


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
