"""``xiaoliuzi calc`` in this process: exit code, what it prints, a batch as rows."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.command.calc.entry import run


class Calculator:
    """Runs the calculator and reads what it wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys, self._folder = capsys, folder

    def __call__(self, typed: str) -> tuple[int, str, str]:
        """Exit code, output and errors of what was typed."""
        self._capsys.readouterr()
        code = run(typed.split())
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, typed: str) -> dict[str, Any]:
        """The answer for machines."""
        return json.loads(self(f"{typed} --json")[1])

    def text(self, typed: str, sheet: str | bytes) -> str:
        """A batch's output as it is written."""
        file = self._folder / "in.csv"
        file.write_bytes(sheet if isinstance(sheet, bytes) else sheet.encode())
        code, out, err = self(f"{typed} --batch {file}")
        assert (code, err) == (0, "")
        return out

    def rows(self, typed: str, sheet: str | bytes, delimiter: str = ",") -> list[dict[str, str]]:
        """A batch's output by column."""
        return list(csv.DictReader(StringIO(self.text(typed, sheet), newline=""), delimiter=delimiter))

    def refused(self, typed: str, sheet: str | bytes) -> str:
        """What is said of a file that cannot be read."""
        file = self._folder / "in.csv"
        file.write_bytes(sheet if isinstance(sheet, bytes) else sheet.encode())
        code, out, err = self(f"{typed} --batch {file}")
        assert (code, out) == (2, "")
        return err


def sheet(rows: list[dict[str, object]]) -> str:
    """Rows of unlike columns as one CSV."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
