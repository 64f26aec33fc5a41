"""A sound workspace of two banks, one mistake put into a copy of it, and what ``load`` says of the copy."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.workspace import Loaded, Problem, load

SOUND = Path(__file__).parents[1] / "data" / "workspaces" / "two_banks"
NOW = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """``old`` becomes ``new`` in ``file``; the problem stands in the line that contains ``at`` and says these words."""

    name: str
    file: str
    old: str
    new: str
    at: str
    wrong: str
    instead: str
    told_in: str | None = None
    severity: str = "error"
    others: int = 0  # problems that the same slip causes elsewhere


def cases(*mistakes: Mistake) -> Callable[..., object]:
    """Parametrise a test over these mistakes."""
    return pytest.mark.parametrize("mistake", [pytest.param(m, id=m.name) for m in mistakes])


def copy_of_sound(tmp_path: Path) -> Path:
    target = tmp_path / "workspace"
    shutil.copytree(SOUND, target)
    return target


def change(workspace: Path, file: str, old: str, new: str) -> None:
    """Replace text that stands exactly once in the file."""
    path = workspace / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def found(workspace: Path) -> Loaded:
    return load(workspace, now=NOW)


def assert_told_alone(mistake: Mistake, tmp_path: Path) -> None:
    """The mistake is told once, in its place, with its remedy, and nothing else is."""
    workspace = copy_of_sound(tmp_path)
    change(workspace, mistake.file, mistake.old, mistake.new)
    loaded = found(workspace)
    told = "\n".join(map(str, loaded.problems))
    assert len(loaded.problems) == 1 + mistake.others, told
    problem = next((p for p in loaded.problems if mistake.wrong in f"{p.where}: {p.wrong}"), None)
    assert problem is not None, told
    assert problem.file == (mistake.told_in or mistake.file)
    assert mistake.at in line_of(workspace, problem), str(problem)
    assert mistake.instead in problem.instead, str(problem)
    assert problem.severity == mistake.severity
    assert (loaded.workspace is None) == (mistake.severity == "error")


def line_of(workspace: Path, problem: Problem) -> str:
    assert problem.line is not None, str(problem)
    return (workspace / problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1]
