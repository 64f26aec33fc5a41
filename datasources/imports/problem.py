"""One row of an imported file that could not be taken, as the person who made the file needs to hear it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """line: physical line of a CSV file, counted from 1; of Parquet the row. column '' where the row as a whole is meant."""

    line: int
    column: str
    wrong: str
    instead: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.wrong}; {self.instead}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with one cell, wherever it stands."""

    wrong: str
    instead: str

    def at(self, line: int, column: str) -> RowProblem:
        """The same, in its place."""
        return RowProblem(line=line, column=column, wrong=self.wrong, instead=self.instead)
