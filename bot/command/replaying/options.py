"""The command line of ``replay``: options as typed into what is asked, with a remedy for each mistake."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import typer

from bot.command.replaying.chart import chart_of
from bot.command.replaying.course import Course
from bot.command.replaying.entry import STEPS, Asked, moment_of, replay
from bot.command.replaying.told import account_lines, as_json, lines_of
from datasources.workspace import Workspace

T = TypeVar("T")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def run(
    directory: Path,
    workspace: Workspace,
    *,
    contract: str | None,
    start: str,
    end: str,
    step: str,
    prices: Path | None,
    mass: list[str],
    confirm_after: str | None,
    known: str,
    chart: Path | None,
    for_machines: bool,
) -> str:
    """Replay and write the chart; what to print. Raises typer.BadParameter, SourceError, StoreError."""
    asked = Asked(
        contract_id=_contract(workspace, contract),
        start=_moment("--from", start, end=False),
        end=_moment("--to", end, end=True),
        step=_one_of("--step", step, STEPS),
        prices=prices,
        tonnes=_tonnes(workspace, mass),
        confirm_after=_delay(confirm_after),
        known_then=_one_of("--known", known, {"then": True, "now": False}),
    )
    if asked.end <= asked.start:
        raise typer.BadParameter(f"{end!r} is not after --from {start!r}", param_hint="--to")
    course = replay(directory, workspace, asked)
    if chart is not None:
        _draw(chart, course, workspace)
    if for_machines:
        return json.dumps(as_json(course), ensure_ascii=False)
    return "\n".join(
        [_preface(workspace, asked), *account_lines(course), "", *lines_of(course, workspace.roster.named)]
    )


def _preface(workspace: Workspace, asked: Asked) -> str:
    """What was taken for what: a replay is of today's terms."""
    prices = "the recorded prices" if asked.prices is None else f"the prices of {asked.prices.name}"
    known = "as known then" if asked.known_then else "as known now"
    masses = ", ".join(f"{tank} {t:g} t" for tank, t in asked.tonnes.items()) or f"the recorded readings, {known}"
    recorded = asked.prices is None and not asked.tonnes
    word = "people answer as they did" if recorded else "nobody confirms a strange price"
    if asked.confirm_after is not None:
        word = f"a person confirms each strange price after {asked.confirm_after}"
    return (
        f"today's rules and today's contract (files {workspace.content_hash[:12]}) over {masses} and {prices}; {word}"
    )


def _draw(file: Path, course: Course, workspace: Workspace) -> None:
    contract = workspace.contracts[course.contract_id]
    try:
        file.write_text(chart_of(course, f"{contract.name} {contract.id}", note=workspace.content_hash[:12]), "utf-8")
    except OSError as e:
        raise typer.BadParameter(f"{e.filename!r}: {e.strerror}", param_hint="--chart") from e


def _contract(workspace: Workspace, named: str | None) -> str:
    known = list(workspace.contracts)
    if named is None and len(known) == 1:
        return known[0]
    if named is None or named not in workspace.contracts:
        wrong = f"no contract {named!r}" if named is not None else "there are several contracts"
        raise typer.BadParameter(f"{wrong}; write one of {', '.join(known)}", param_hint="--contract")
    return named


def _moment(option: str, text: str, *, end: bool) -> datetime:
    try:
        return moment_of(text, end=end)
    except ValueError as e:
        remedy = "write a date (2020-04-20) or a time with its zone (2020-04-20T09:00:00+08:00)"
        raise typer.BadParameter(f"{e}; {remedy}", param_hint=option) from e


def _delay(text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,6})([mhd])", text, re.ASCII)
    if found is None or int(found[1]) == 0:
        raise typer.BadParameter(f"{text!r} is not a delay; write e.g. 30m, 2h or 1d", param_hint="--confirm-after")
    return int(found[1]) * UNITS[found[2]]


def _tonnes(workspace: Workspace, masses: list[str]) -> dict[str, float]:
    out: dict[str, float] = {}
    for text in masses:
        tank, _, tonnes = text.partition("=")
        if tank not in workspace.index.row or not re.fullmatch(r"\d+(\.\d+)?", tonnes, re.ASCII):
            raise typer.BadParameter(f"{text!r}; write TANK=TONNES, e.g. T-101=1200.5", param_hint="--mass")
        out[tank] = float(tonnes)
    return out


def _one_of(option: str, text: str, choices: Mapping[str, T]) -> T:
    if text not in choices:
        raise typer.BadParameter(f"{text!r}; write one of {', '.join(choices)}", param_hint=option)
    return choices[text]
