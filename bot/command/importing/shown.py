"""An import as a person sees it: a bar on a terminal, the first problems, the counts; and all problems in a file."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.command.importing.tally import Tally, Told
from datasources.imports.problem import RowProblem

SHOWN = 20
"""Problems on the terminal."""
LISTED = 1000
"""Problems in the answer for machines; a problems file has them all."""
PROBLEM_COLUMNS = ("line", "column", "wrong", "instead")


class Shown:
    """What was told of one import, bounded whatever the file holds."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.notes: tuple[str, ...] = ()
        self.problems: list[RowProblem] = []

    def follow(self, course: Iterable[Told], problems_file: Path | None) -> None:
        """Watch to the end: a bar where stderr is a terminal, every problem into the file. Raises what the course does."""
        with _problem_sheet(problems_file) as sheet, _bar() as (bar, task):
            for told in course:
                self.tally, self.notes = told.tally, told.notes
                self.problems += told.problems[: LISTED - len(self.problems)]
                for problem in told.problems:
                    sheet.writerow(asdict(problem))
                text = f"{told.tally.rows:,} rows, {told.tally.bad:,} bad"
                bar.update(task, completed=told.done, total=told.total, description=text)

    def as_json(self) -> dict[str, Any]:
        """Counts, notes and the first LISTED problems."""
        problems = [asdict(problem) for problem in self.problems]
        return {**asdict(self.tally), "notes": list(self.notes), "problems": problems}

    def lines(self) -> Iterator[str]:
        """Notes and the first SHOWN problems, for stderr."""
        yield from self.notes
        yield from (str(problem) for problem in self.problems[:SHOWN])
        if len(self.problems) > SHOWN:
            yield f"… {self.tally.bad:,} bad rows in all; --problems FILE.csv writes every problem"

    def summary(self) -> str:
        """One line that says what is in memory now that was not before."""
        t = self.tally
        unusable = f" ({t.unusable:,} of those kept have a quality bit)" if t.unusable else ""
        again = "nothing new: " if t.rows and not t.added else ""
        return f"{again}{t.rows:,} rows: {t.added:,} added, {t.already:,} already here, {t.bad:,} bad{unusable}"


class _Nowhere:
    """Any text written here is gone."""

    def write(self, text: str) -> int:
        """How much would have been written."""
        return len(text)


@contextmanager
def _problem_sheet(path: Path | None) -> Iterator["csv.DictWriter[str]"]:
    """Where problems are written; UTF-8 with a mark, so that Excel reads it. Raises OSError."""
    if path is None:
        yield csv.DictWriter(_Nowhere(), PROBLEM_COLUMNS)
        return
    file: TextIO
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, PROBLEM_COLUMNS)
        sheet.writeheader()
        yield sheet


@contextmanager
def _bar() -> Iterator[tuple[Progress, Any]]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar, bar.add_task("", total=None)
