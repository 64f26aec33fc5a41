"""Statements by name. They stand in ``store/sql/*/*.sql``, each under ``-- name:`` with a sentence that says what for."""

from collections.abc import Mapping
from importlib.resources import files

MARK = "-- name: "


def queries(file: str) -> Mapping[str, str]:
    """The statements of ``store/sql/<file>`` by name. Raises ValueError for one without a sentence, or named twice."""
    statements: dict[str, str] = {}
    text = files("store").joinpath("sql", *file.split("/")).read_text("utf-8")
    for block in text.split(MARK)[1:]:
        name, _, rest = block.partition("\n")
        if not rest.startswith("-- ") or name in statements:
            raise ValueError(f"{file}: {name!r} has no sentence of its own under its name, or is named twice")
        statements[name] = rest
    return statements
