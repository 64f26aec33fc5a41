"""``contracts/*.test.yaml``: a contract's own tests, with every mistake at its line. Not part of the content hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from datasources.workspace.cases_file import CasePart, CasesFile, ExpectPart, State
from datasources.workspace.cases_papers import (
    Planned,
    Request,
    check_papers,
    moment_of,
    planned_order,
    planned_request,
    release_notice,
)
from datasources.workspace.draft import read_group
from datasources.workspace.folder import Folder
from datasources.workspace.part import Part, Sheet
from datasources.workspace.problem import Problem, suggestion
from datasources.workspace.steps import LONGEST, Steps
from datasources.workspace.workspace import Workspace
from domain.contract import AlertKind, Line, Severity
from domain.movement import ReleaseNotice

SUFFIX = ".test.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A step of an alarm: it must happen from ``at`` on and before ``before``. None: anything will do."""

    at: datetime
    before: datetime
    kind: AlertKind
    state: State
    severity: Severity | None
    line: Line | None
    value_cny: Decimal | None
    mentions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Nothing becomes active from start to end, both included; kinds empty: of any kind."""

    start: datetime
    end: datetime
    kinds: frozenset[AlertKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test of a contract. prices by reference in CNY/t, mass_t by tank; each series has one value per interval.

    book_t: what the depot's book says, by tank, where it is not the first mass for ever.
    """

    file: str
    line: int
    contract_id: str
    name: str
    start: datetime
    end: datetime
    interval: timedelta
    confirm_after: timedelta | None
    prices: Mapping[str, Steps]
    price_file: str | None
    mass_t: Mapping[str, Steps]
    exposure: Steps
    expected: tuple[Expected, ...]
    quiet: tuple[Quiet, ...]
    book_t: Mapping[str, Steps] = field(default_factory=dict)
    orders: tuple[Planned, ...] = ()
    releases: tuple[ReleaseNotice, ...] = ()
    requests: tuple[Request, ...] = ()


def read_cases(directory: Path, workspace: Workspace) -> tuple[list[Case], list[Problem]]:
    """Every test of the directory's contracts, file by file, and everything that is wrong with these files."""
    problems: list[Problem] = []
    folder = Folder(root=directory, problems=problems)
    paths = [f"contracts/{p.name}" for p in sorted((directory / "contracts").glob(f"*{SUFFIX}"))]
    sheets = read_group(folder, CasesFile, paths).sheets
    sound = [sheet for sheet in sheets if _sound(sheet, workspace)]
    cases = [_case(sheet, part, workspace) for sheet in sound for part in sheet.part.cases]
    return cases, sorted(problems, key=lambda p: (p.file, p.line or 0))


def _sound(sheet: Sheet[CasesFile], workspace: Workspace) -> bool:
    """Whether the file names what there is; what it does not is told."""
    part = sheet.part
    if part.contract is None:
        return False
    contract = workspace.contracts.get(part.contract)
    if contract is None:
        instead = suggestion(part.contract, workspace.contracts, add="write the contract's id")
        sheet.error(part, "contract", wrong=f"no contract {part.contract!r}", instead=instead)
        return False
    refs, tanks = {g.price.ref for g in contract.goods.values()}, set(contract.tank_ids())
    for case in part.cases:
        _check_names(sheet, case.input, "price", set(case.input.price), refs)
        _check_names(sheet, case.input, "mass_t", set(case.input.mass_t), tanks)
        _check_names(sheet, case.input, "book_t", set(case.input.book_t), tanks)
        if case.input.requests and contract.release is None:
            wrong = "the contract has no terms of release"
            sheet.error(
                case.input, "requests", wrong=wrong, instead="write release: in its file, or delete the requests"
            )
        check_papers(sheet, case, tanks)
        _check_length(sheet, case)
        if bool(case.input.price) == (case.input.price_file is not None):
            wrong = "has both price and price_file" if case.input.price else "has no price"
            sheet.error(case, "input", wrong=wrong, instead="write price: {REF: 2650x10}, or price_file: prices/….csv")
        for n, expect in enumerate(case.expect):
            _check_names(sheet, case, "expect", set(expect.mentions or ()), set(workspace.roster.people), n, "mentions")
    return not any(p.file == sheet.file for p in sheet.clerk.problems)


def _check_length(sheet: Sheet[CasesFile], case: CasePart) -> None:
    """The test runs forward, and for no more than a century."""
    if case.interval * (_longest(case) - 1) > LONGEST:
        wrong = f"{_longest(case)} values make more than a century"
        sheet.error(case, "interval", wrong=wrong, instead="write e.g. 1m, 12h or 1d")
    if case.until is not None and moment_of(case, case.until) < case.start:
        sheet.error(case, "until", wrong="lies before start", instead="exchange the two")


def _longest(part: CasePart) -> int:
    """How many values the longest series has."""
    series = [*part.input.price.values(), *part.input.mass_t.values(), *part.input.book_t.values()]
    return max(map(len, [*series, part.input.exposure or ()]))


def _check_names(
    sheet: Sheet[CasesFile], at: Part, key: str, written: set[str], known: set[str], *deeper: int | str
) -> None:
    for name in sorted(written - known):
        keys = (key, *deeper) if deeper else (key, name)
        sheet.error(at, *keys, wrong=f"{name!r} is unknown here", instead=suggestion(name, known, add="delete it"))


def _case(sheet: Sheet[CasesFile], part: CasePart, workspace: Workspace) -> Case:
    def when(place: timedelta | datetime) -> datetime:
        return moment_of(part, place)

    tanks = {t.id: t for t in workspace.index.tanks}
    owner_of = {p.tank_id: p.owner for p in workspace.contracts[sheet.part.contract or ""].pledged}
    longest = part.start + part.interval * (_longest(part) - 1)
    ends = [longest, *(when(e.at) for e in part.expect), *(when(n.end) for n in part.none)]
    return Case(
        file=sheet.file,
        line=part.node.line,
        contract_id=sheet.part.contract or "",
        name=part.name,
        start=part.start,
        end=max(ends) + part.interval if part.until is None else when(part.until),
        interval=part.interval,
        confirm_after=part.confirm_after,
        prices=part.input.price,
        price_file=part.input.price_file,
        mass_t=part.input.mass_t,
        exposure=part.input.exposure or (),
        book_t=part.input.book_t,
        orders=tuple(planned_order(o, tanks[o.tank], when) for o in part.input.workorders),
        releases=tuple(release_notice(r, tanks[r.tank], owner_of[r.tank], when) for r in part.input.releases),
        requests=tuple(planned_request(r, tanks[r.tank], when) for r in part.input.requests),
        expected=tuple(_expected(e, when(e.at), part.interval) for e in part.expect),
        quiet=tuple(Quiet(start=when(n.start), end=when(n.end), kinds=frozenset(n.kinds)) for n in part.none),
    )


def _expected(part: ExpectPart, at: datetime, interval: timedelta) -> Expected:
    return Expected(
        at=at,
        before=at + interval,
        kind=part.kind,
        state=part.state,
        severity=part.severity,
        line=part.line,
        value_cny=part.value_cny,
        mentions=part.mentions,
    )
