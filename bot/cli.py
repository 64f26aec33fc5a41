"""The command line: parses, calls ``bot.command``, prints. Exit codes: 0 done, 1 failed, 2 mistakes in the
files, 3 some rows of an import were bad and the rest is kept.
"""

import asyncio
import base64
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from domain.errors import SourceMalformed, XiaoliuziError

if TYPE_CHECKING:  # loading it takes most of a start, and `calc` needs no workspace
    from datasources.workspace import Loaded, Workspace

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Directory = Annotated[Path, typer.Argument(help="the workspace's directory", show_default=False)]


def main() -> None:
    """Run the command line; our own errors become one line and exit code 1."""
    try:
        app()
    except XiaoliuziError as e:
        Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(f"{type(e).__name__}: {e}")
        sys.exit(1)


@app.command()
def init(directory: Directory) -> None:
    """Write a small commented workspace to start from."""
    from datasources.workspace import init as init_workspace

    for path in init_workspace(directory):
        print(path)


@app.command()
def check(directory: Directory) -> None:
    """Show every mistake in the workspace at once: file, line, what is wrong, what to write instead."""
    from datasources.workspace import load

    loaded = load(directory)
    _show_problems(loaded)
    if loaded.workspace is None:
        raise typer.Exit(2)
    w = loaded.workspace
    print(f"ok: {len(w.contracts)} contracts, {len(w.index)} tanks, {len(w.goods)} goods, hash {w.content_hash[:12]}")


@app.command()
def run(directory: Directory) -> None:
    """Run the bot on this workspace until it is stopped."""
    workspace = _loaded(directory)
    _log(workspace.settings.log_level)
    from bot.command.running import run as run_workspace

    asyncio.run(run_workspace(directory, workspace, announce=lambda url: print(f"console: {url}", flush=True)))


@app.command()
def demo(
    directory: Annotated[Path | None, typer.Option(help="keep the demo's files here")] = None,
    port: Annotated[int | None, typer.Option(help="port of the web page; default 8080, 0 for a free one")] = None,
) -> None:
    """Run the demo: a simulated depot, the bot, and a web group chat with levers, all on this machine."""
    _log("warning")
    from bot.command.demo import demo as run_demo

    asyncio.run(run_demo(directory, port=port, announce=_announce_demo))


@app.command()
def ask(
    directory: Directory,
    question: Annotated[str, typer.Argument(help="the question, as one would type it in the chat")] = "",
    person: Annotated[str | None, typer.Option("--as", help="person id")] = None,
    chat: Annotated[str | None, typer.Option(help="chat id")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
    after: Annotated[
        str | None, typer.Option(help="what went before: the asker's last question, or the bot's message")
    ] = None,
    batch: Annotated[Path | None, typer.Option(help="answer every line of this CSV (utterance, role, context)")] = None,
    output: Annotated[Path | None, typer.Option(help="with --batch: write here instead of standard output")] = None,
    picture: Annotated[Path | None, typer.Option(help="write the answer's picture to this PNG file")] = None,
) -> None:
    """Ask as a person in a chat would; nothing is posted."""
    workspace = _loaded(directory)
    from bot.command.reaching import ask as reach

    if batch is not None:
        _batch(directory, workspace, batch, output, person, chat)
        return
    if not question.strip():
        raise typer.BadParameter("what shall be asked? Give a question, or a file with --batch")
    asked = {"question": question, "as": person, "chat": chat, "after": after, "picture": picture is not None}
    answer = reach(directory, workspace, asked)
    if picture is not None:
        _write_picture(picture, answer.pop("picture", None))
    _print_or_json(answer, as_json, answer.get("text", answer.get("error", "")))


def _batch(
    directory: Path, workspace: "Workspace", file: Path, output: Path | None, person: str | None, chat: str | None
) -> None:
    from bot.command import scoring
    from bot.command.reaching import ask as reach

    try:
        columns, rows = scoring.rows_of(file)
        requests = list(scoring.requests_of(rows, workspace.roster, person, chat))
        lines = scoring.answered(rows, requests, lambda request: reach(directory, workspace, request))
        if output is None:
            scoring.write(columns, lines, sys.stdout)
        else:
            with output.open("w", encoding="utf-8", newline="") as opened:
                print(f"{scoring.write(columns, lines, opened)} lines -> {output}")
    except SourceMalformed as e:
        print(e, file=sys.stderr)
        raise typer.Exit(1) from e


@app.command()
def probe(
    directory: Directory,
    site: Annotated[str, typer.Argument(help="site id")],
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Read a site's gauges now: raw registers, values, quality, tonnes; other byte orders where a value is absurd."""
    workspace = _loaded(directory)
    if site not in workspace.sites:
        raise typer.BadParameter(f"no site {site!r}; there are {', '.join(workspace.sites)}")
    from bot.command.reaching import probe as reach

    found = reach(directory, workspace, site)
    if as_json or "error" in found:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        raise typer.Exit(1 if "error" in found else 0)
    for row in found["rows"]:
        print(_probe_line(row))


@app.command("import")
def import_(
    directory: Directory,
    kind: Annotated[str, typer.Argument(help="readings, prices, book, workorders, ownership, exposure or receipts")],
    file: Annotated[Path, typer.Argument(help="a CSV or Parquet file", show_default=False)],
    timezone: Annotated[str | None, typer.Option(help="of times without an offset, e.g. Asia/Shanghai")] = None,
    problems: Annotated[Path | None, typer.Option(help="write every bad row to this CSV file")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Bring in history; the same file again adds nothing. Exit code 3: some rows were bad, the others are kept.

    Columns; units are in the names, times ISO 8601 with an offset (docs/import.md says more):

    readings: tank, taken_at, level_mm, water_mm, temp_c; optional density_kg_m3, air_c, p1_kpa,
    p3_kpa, received_at, quality

    prices: ref, good, provider, region, basis, currency, unit, price, published_at

    book: as_of, site, tank, good, owner, mass_kg; optional heel_kg

    workorders: no, site, tank, direction, good, planned_kg, done_kg, opened_at; optional closed_at,
    release_no

    ownership: no, site, tank, kind, at, good, kg; optional line, owner, batch, to_tank, to_owner, paper

    exposure: contract, as_of, principal, accrued_interest, fees_due, cash_margin, source

    receipts: contract, no, tank, good, kg, pledged_kg, issued_on; optional expires_on
    """
    workspace = _loaded(directory)
    from bot.command.importing.shown import Shown
    from bot.command.reaching import bring_in

    request = {"kind": kind, "path": str(file.resolve()), "timezone": timezone}
    shown = Shown()
    try:
        shown.follow(bring_in(directory, workspace, request), problems)
    except OSError as e:
        raise typer.BadParameter(f"{e.filename!r}: {e.strerror}", param_hint="--problems") from e
    out = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for line in () if as_json else shown.lines():
        out.print(line)
    print(json.dumps(shown.as_json(), ensure_ascii=False) if as_json else shown.summary())
    raise typer.Exit(3 if shown.tally.bad else 0)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
def calc(context: typer.Context) -> None:
    """Calculate as a gauger does, one call or a batch: vcf, density, shell, roof, air, ethanol, bitumen, tank."""
    from bot.command.calc.entry import run as calculate

    raise typer.Exit(calculate(context.args))


@app.command()
def replay(
    directory: Directory,
    start: Annotated[str, typer.Option("--from", help="a date in China, or a time with its zone")],
    end: Annotated[str, typer.Option("--to", help="likewise, included")],
    contract: Annotated[str | None, typer.Option(help="contract id; needed where there are several")] = None,
    prices: Annotated[Path | None, typer.Option(help="a price CSV file in place of the recorded prices")] = None,
    mass: Annotated[list[str] | None, typer.Option(help="TANK=TONNES in place of the recorded readings")] = None,
    step: Annotated[str, typer.Option(help="1d, 1h, 1m or 5s")] = "1h",
    confirm_after: Annotated[str | None, typer.Option(help="strange prices are confirmed after 30m, 2h, 1d")] = None,
    known: Annotated[str, typer.Option(help="then: what had reached us by then; now: what is known today")] = "then",
    chart: Annotated[Path | None, typer.Option(help="write the value against the lines to this SVG file")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Run a contract over recorded or given history: the alarms that would have been. Nothing is written or sent.

    Today's rules and today's contract; docs/replay.md says what is taken for granted.
    """
    workspace = _loaded(directory)
    from bot.command.replaying.options import run as replay_as

    text = replay_as(
        directory,
        workspace,
        contract=contract,
        start=start,
        end=end,
        step=step,
        prices=prices,
        mass=mass or [],
        confirm_after=confirm_after,
        known=known,
        chart=chart,
        for_machines=as_json,
    )
    print(text)


@app.command()
def value(
    directory: Directory,
    at: Annotated[str, typer.Option(help="a past moment with its zone, e.g. 2026-03-12T14:32:00+08:00")],
    contract: Annotated[str | None, typer.Option(help="contract id; all of them if left out")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """What every contract was worth then, to the fen: by what was known then, under the terms then in force."""
    workspace = _loaded(directory)
    from bot.command.reaching import value as reach
    from bot.command.valuing import lines_of

    found = reach(directory, workspace, {"at": at, "contract": contract})
    _print_or_json(found, as_json, found.get("error") or "\n".join(lines_of(found)))


@app.command("test")
def run_cases(
    directory: Directory,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
    junit: Annotated[Path | None, typer.Option(help="write a JUnit XML report to this file")] = None,
) -> None:
    """Run every contracts/*.test.yaml: synthetic series in, expected alarms out. Exit code 1: a case failed."""
    workspace = _loaded(directory)
    from bot.command.testing.entry import run as test_all

    text, code = test_all(directory, workspace, for_machines=as_json, junit=junit)
    print(text)
    if code:
        raise typer.Exit(code)


@app.command()
def token(
    directory: Directory,
    do: Annotated[str, typer.Argument(help="create, list or revoke")],
    ident: Annotated[str | None, typer.Argument(metavar="[ID]", help="of the token to revoke")] = None,
    person: Annotated[str | None, typer.Option(help="person id: as whom the token asks")] = None,
    chat: Annotated[str | None, typer.Option(help="chat id: what it may see is what this person may see there")] = None,
    name: Annotated[str | None, typer.Option(help="what it is for, e.g. 核心系统")] = None,
    days: Annotated[int, typer.Option(help="it expires after so many days")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Give out, list or revoke tokens for HTTP and MCP. A new one is shown once; only its hash is kept."""
    workspace = _loaded(directory)
    from bot.command.reaching import token as reach
    from bot.command.tokens import lines_of

    request = {"do": do, "id": ident, "person": person, "chat": chat, "name": name, "days": days}
    found = reach(directory, workspace, request)
    _print_or_json(found, as_json, found.get("error") or "\n".join(lines_of(found)))


@app.command()
def mcp(
    directory: Directory,
    token: Annotated[str | None, typer.Option(help="better in the environment: XIAOLIUZI_TOKEN")] = None,
) -> None:
    """Serve the running bot's questions as MCP tools over stdin and stdout, for a model's program on this machine."""
    from bot.command.mcp_stdio import serve, token_of

    asyncio.run(serve(directory, token_of(token)))


@app.command()
def verify(directory: Directory) -> None:
    """Recompute every hash of the ledger, and hold the readings against the seals in it."""
    workspace = _loaded(directory)
    from bot.command.reaching import verify as reach

    found = reach(directory, workspace)
    series = found["series"]
    for c in found["chains"]:
        print(f"{c['tenant']}: {c['length']} events, head {c['head'][:16]}, {_soundness(c)}")
    print(
        f"series: {series['batches']} batches ({series['sealed']} sealed), {series['rows']} rows, {_soundness(series)}"
    )
    if any(c["broken_at"] is not None for c in (*found["chains"], series)):
        raise typer.Exit(1)


def _soundness(report: dict[str, Any]) -> str:
    return "ok" if report["broken_at"] is None else f"BROKEN at {report['broken_at']}: {report['why']}"


def _loaded(directory: Path) -> "Workspace":
    from datasources.workspace import load

    loaded = load(directory)
    if loaded.workspace is None:
        _show_problems(loaded)
        raise typer.Exit(2)
    return loaded.workspace


def _show_problems(loaded: "Loaded") -> None:
    out = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    for problem in loaded.problems:
        out.print(str(problem))


def _print_or_json(found: dict[str, Any], as_json: bool, text: str) -> None:
    print(json.dumps(found, ensure_ascii=False) if as_json else text)
    if "error" in found:
        raise typer.Exit(1)


def _probe_line(r: dict[str, Any]) -> str:
    """One quantity of one tank, never cut: tank, quantity, where, raw registers, value, quality, tonnes, other orders."""
    value = "—" if r["value"] is None else f"{r['value']:g} {r['unit']}"
    tonnes = "" if r["tonnes"] is None else f"  {r['tonnes']:,.3f} t"
    others = [
        f"{o['byte_order']}/{o['word_order']} {o['value']:g}{' plausible' if o['plausible'] else ''}"
        for o in r["other_orders"]
        if o["value"] is not None
    ]
    asked = f"FC{r['function']} {r['address']}"
    line = f"{r['tank']:<8} {r['quantity']:<8} {asked:<10} {' '.join(r['registers']):<28} {value:<14} "
    line += f"{','.join(r['quality']) or 'good'}{tonnes}"
    return f"{line}\n{'':<17}in other orders (bytes/words): {'; '.join(others)}" if others else line


def _write_picture(path: Path, drawn: str | None) -> None:
    """The PNG (Base64) into a file; where there is none, a line says so and the answer stands."""
    if drawn is None:
        print("no picture goes with this answer", file=sys.stderr)
        return
    try:
        path.write_bytes(base64.b64decode(drawn))
    except OSError as e:
        raise typer.BadParameter(f"{str(path)!r}: {e.strerror}", param_hint="--picture") from e


def _announce_demo(url: str) -> None:
    print(f"\n小六子 demo: {url}\n停止 / stop: Ctrl-C\n", flush=True)


def _log(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
