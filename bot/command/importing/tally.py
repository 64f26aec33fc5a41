"""What became of the rows of an imported file, so far; and how it travels from a running bot to the command line."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from datasources.imports.problem import RowProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """rows = added + already + bad, blank rows not counted. unusable: of those kept, how many have a quality bit."""

    rows: int = 0
    added: int = 0
    already: int = 0
    bad: int = 0
    unusable: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        mine, more = asdict(self), asdict(other)
        return Tally(**{name: mine[name] + more[name] for name in mine})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one block: its tally, and every problem in it."""

    tally: Tally
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One word on an import under way: the tally of everything up to here, and the problems that are new.

    done and total in bytes of a CSV file, rows of a Parquet file. final: all is written; without it a course that
    falls silent has ended half-way.
    """

    tally: Tally
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...]
    done: int
    total: int
    final: bool = False

    def as_json(self) -> dict[str, Any]:
        """JSON values only; ``of_json`` gives it back."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave. Raises KeyError or TypeError for anything else."""
        return cls(
            tally=Tally(**said["tally"]),
            problems=tuple(RowProblem(**problem) for problem in said["problems"]),
            notes=tuple(said["notes"]),
            done=said["done"],
            total=said["total"],
            final=said["final"],
        )
