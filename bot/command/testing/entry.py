"""``xiaoliuzi test``: every case of every contracts/*.test.yaml on a stage of its own."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

import typer

from bot.command.replaying.course import Course, Moments, grid
from bot.command.replaying.held import Held
from bot.command.replaying.prices import given_prices, refs_of
from bot.command.replaying.sources import HeldSource
from bot.command.testing.inputs import CaseSource, published
from bot.command.testing.office import Lived, Office
from bot.command.testing.requests import Cast, Requests
from bot.command.testing.verdict import differences
from datasources.workspace import Workspace
from datasources.workspace.cases import SUFFIX, Case, read_cases
from domain.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case and what was wrong; nothing wrong is a pass."""

    case: Case
    wrong: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """All was as expected."""
        return not self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A case that was lived through: its stage as it was left, what happened, and what was asked for."""

    stage: Office
    course: Course
    requests: Requests


def run(directory: Path, workspace: Workspace, *, for_machines: bool, junit: Path | None) -> tuple[str, int]:
    """What to print and the exit code: 0 all passed, 1 a case failed, 2 mistakes in the test files or none there."""
    cases, problems = read_cases(directory, workspace)
    if problems:
        return "\n".join(str(p) for p in problems), 2
    if not cases:
        return f"contracts/*{SUFFIX}: there is none; docs/replay.md shows one", 2
    results = [asyncio.run(tested(directory, workspace, case)) for case in cases]
    if junit is not None:
        _write(junit, results)
    code = 0 if all(r.passed for r in results) else 1
    return (json.dumps(_as_json(results), ensure_ascii=False) if for_machines else _as_text(results)), code


async def tested(directory: Path, workspace: Workspace, case: Case) -> Result:
    """Run one case from an empty memory. What cannot be fed (a mass beyond the tank) is a failure, not an error."""
    try:
        life = await lived(directory, workspace, case)
    except SourceError as e:
        return Result(case=case, wrong=(f"! {e}",))
    wrong = differences(case, life.course.happenings, workspace.roster.named)
    return Result(case=case, wrong=(*wrong, *life.requests.differences()))


async def lived(directory: Path, workspace: Workspace, case: Case) -> Life:
    """One case from its first moment to its last. Raises SourceError for what cannot be fed."""
    contract = workspace.contracts[case.contract_id]
    stage = Office(workspace, case.start)
    held = HeldSource(Held(workspace, contract, stage.house.plant), contract, workspace, {})
    if case.price_file is not None:
        quotes = await given_prices(directory / case.price_file, refs_of(contract), case.start, case.end)
    else:
        quotes = published(case, contract)
    cast = Cast.of(workspace, contract) if case.requests else None
    requests = Requests(stage.casework, stage.paid, contract, cast, case.requests)
    replay = Lived(stage, contract, CaseSource(case, contract, held), requests, confirm_after=case.confirm_after)
    course = await replay.run(Moments(grid(case.start, case.end, case.interval), case.end), quotes)
    return Life(stage=stage, course=course, requests=requests)


def _as_text(results: list[Result]) -> str:
    lines = []
    for r in results:
        lines.append(f"{'PASS' if r.passed else 'FAIL'}  {r.case.file}:{r.case.line}  {r.case.name}")
        lines += [f"      {line}" for line in r.wrong]
    failed = sum(not r.passed for r in results)
    return "\n".join([*lines, f"{len(results) - failed} passed, {failed} failed"])


def _as_json(results: list[Result]) -> list[dict[str, object]]:
    return [
        {
            "file": r.case.file,
            "line": r.case.line,
            "contract": r.case.contract_id,
            "name": r.case.name,
            "passed": r.passed,
            "wrong": list(r.wrong),
        }
        for r in results
    ]


def _write(file: Path, results: list[Result]) -> None:
    """A JUnit report, as build servers read it."""
    failed = sum(not r.passed for r in results)
    suite = Element("testsuite", name="xiaoliuzi test", tests=str(len(results)), failures=str(failed))
    for r in results:
        case = SubElement(suite, "testcase", classname=r.case.file, name=r.case.name)
        if not r.passed:
            SubElement(case, "failure", message="not as expected").text = "\n".join(r.wrong)
    try:
        file.write_bytes(tostring(suite, encoding="utf-8", xml_declaration=True))
    except OSError as e:
        raise typer.BadParameter(f"{e.filename!r}: {e.strerror}", param_hint="--junit") from e
