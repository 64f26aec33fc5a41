"""One call: one row, told to a person line by line, or to a machine."""

import json
from collections.abc import Mapping
from typing import Any

from bot.command.calc.batch import computed, known
from bot.command.calc.flag import Command, Line
from bot.command.calc.parser import Request
from bot.command.calc.rows import Rows


def answer(request: Request) -> tuple[dict[str, Any], str | None]:
    """All results of the one row by name, or what is wrong with it."""
    rows = Rows(n=1, cells={}, given=request.given, rounded=request.rounded)
    found = computed(request.command, rows)
    if rows.problems:
        return {}, rows.problems[0]
    return {name: known(column.tolist()[0]) for name, column in found.items()}, None


def as_json(found: Mapping[str, Any]) -> str:
    """One object on one line."""
    return json.dumps(found, ensure_ascii=False, allow_nan=False)


def as_text(command: Command, found: Mapping[str, Any]) -> str:
    """Each step on a line: symbol, value, unit, source; what does not apply is left out."""
    if command.written is not None:
        return command.written(found)
    lines = [line for line in command.lines if found.get(line.key) is not None]
    symbols = max(len(line.symbol) for line in lines)
    return "\n".join(_line(line, found, symbols) for line in lines)


def _line(line: Line, found: Mapping[str, Any], symbols: int) -> str:
    value = found[line.key]
    number = f"{value:.12g}" if isinstance(value, float) else str(value)
    shown = {name: f"{v:g}" if isinstance(v, float) else v for name, v in found.items()}
    value_and_unit = f"{number} {line.unit.format(**shown)}".rstrip()
    source = line.source.format(**shown)
    return f"{line.symbol:<{symbols}}  {value_and_unit:<34}  {source}".rstrip()
