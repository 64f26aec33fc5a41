"""``xiaoliuzi replay`` and ``test`` as a person types them; and a replay decides what the live bot committed."""

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.command.replaying.course import Moments, Replay, grid
from bot.command.replaying.prices import recorded_prices, refs_of
from bot.command.replaying.sources import RecordedSource
from bot.command.replaying.stage import Stage
from bot.command.running import RUN_FILE
from datasources.workspace import init, load
from domain.contract import Line
from domain.event import parse_stamp
from store.series import Series
from tests.fakes.house_stage import NOW, HouseStage
from tests.fakes.typed import typed

ROOT = Path(__file__).parents[2]
WTI = ROOT / "examples" / "wti"
PRICES = WTI / "prices" / "wti-2020.csv"


def replayed(directory, *options, first="2020-04-16", last="2020-04-25"):
    given = ("--from", first, "--to", last, "--step", "1d", "--prices", PRICES, "--mass", "W-1=30000")
    return typed("replay", directory, *given, *options)


async def test_a_replay_of_the_series_decides_what_the_live_bot_committed(tmp_path):
    stage = await HouseStage.calm(tmp_path / "w")
    for factor in ("0.965", "0.93", "0.90", "0.96", "1.0", "0.95"):
        await stage.market(factor)
        await stage.read(times=20)
        await stage.app.keeping.step()
    await stage.read(times=5, S_1=1100)
    await stage.app.keeping.step()
    live = [
        (e.occurred_at, e.kind, e.body.get("severity"), e.body["facts"].get("value_cny"))
        for e in await stage.events("alarm.raised", "alarm.changed", "alarm.renewed")
        if e.body["alarm"] in {a.id for a in stage.house.alarms_of("A-1")} and e.tenant == "bank_a"
    ]
    workspace, contract, end = stage.house.workspace, stage.house.workspace.contracts["A-1"], stage.clock.now()
    stage.fall()

    start = NOW
    series = Series.open(tmp_path / "w" / "series.duckdb")
    source = RecordedSource(series, workspace, contract, known_then=True)
    quotes = recorded_prices(series, refs_of(contract), start, end, known_then=True)
    replay = Replay(Stage(workspace, start), contract, source)
    course = await replay.run(Moments(grid(start, end, timedelta(seconds=2)), end), quotes)
    series.close()

    again = [
        (h.at, f"alarm.{h.step}", int(h.severity), h.facts.get("value_cny"))
        for h in course.happenings
        if h.step in ("raised", "changed", "renewed") and h.kind not in ("price_stale", "sensor_offline")
    ]
    assert {kind for _, kind, _, _ in live} >= {"alarm.raised", "alarm.changed", "alarm.renewed"}
    assert [x[1:] for x in again] == [x[1:] for x in live]
    assert all(abs(a[0] - b[0]) <= timedelta(seconds=5) for a, b in zip(again, live, strict=True))


def test_the_negative_price_of_2020_is_worth_nothing_once_a_person_has_confirmed_it():
    done = replayed(WTI, "--confirm-after", "2h", "--json")

    assert done.returncode == 0, done.stderr
    points = json.loads(done.stdout)["points"]
    worst = [p for p in points if p["known"] and Decimal(p["value_cny"]) == 0]
    assert worst[0]["at"] == "2020-04-20T22:00:00Z"
    assert worst[0]["below"] == Line.DISPOSAL
    assert worst[0]["ltv"] is None
    after = next(p for p in points if parse_stamp(p["at"]) >= datetime(2020, 4, 21, 22, tzinfo=UTC))
    assert Decimal(after["value_cny"]) == Decimal("457.17") * 27_000


def test_without_a_second_source_or_a_person_the_negative_price_is_never_believed():
    done = replayed(WTI, "--json")
    assert all(Decimal(p["value_cny"]) > 0 for p in json.loads(done.stdout)["points"] if p["known"])


def test_a_replay_says_what_it_took_for_granted_and_draws_its_chart(tmp_path):
    done = replayed(WTI, "--confirm-after", "2h", "--chart", tmp_path / "c.svg")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("today's rules and today's contract")
    assert "a person confirms each strange price after 2:00:00" in done.stdout
    assert "largest shortfall to the warn line: 71,428,571.43 at 2020-04-21T06:00+08:00" in done.stdout
    assert "补货线" in (tmp_path / "c.svg").read_text("utf-8")


def test_a_replay_writes_nothing_into_the_workspace(tmp_path):
    shutil.copytree(WTI, tmp_path / "w")
    before = {p: p.read_bytes() for p in (tmp_path / "w").rglob("*") if p.is_file()}

    assert replayed(tmp_path / "w").returncode == 0

    assert {p: p.read_bytes() for p in (tmp_path / "w").rglob("*") if p.is_file()} == before


class Running(BaseHTTPRequestHandler):
    """Answers as a running bot's loopback does."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *words):
        pass


def with_empty_series(directory):
    shutil.copytree(WTI, directory)
    (directory / "state").mkdir()
    Series.open(directory / "state" / "series.duckdb").close()
    return directory


def test_while_a_bot_runs_on_it_the_series_is_left_alone(tmp_path):
    directory = with_empty_series(tmp_path / "w")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Running)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (directory / RUN_FILE).write_text(json.dumps({"port": server.server_port, "token": "t"}))

    done = typed("replay", directory, "--from", "2020-04-01", "--to", "2020-04-02")
    given = replayed(directory)
    server.shutdown()
    thread.join()
    server.server_close()

    assert done.returncode == 1
    assert "StoreLocked: a bot runs on" in done.stderr
    assert given.returncode == 0, "given prices and masses need no series"


def test_a_time_of_which_nothing_was_recorded_is_no_quiet_time(tmp_path):
    directory = with_empty_series(tmp_path / "w")
    done = typed("replay", directory, "--from", "2020-04-01", "--to", "2020-04-02")
    assert done.returncode == 1
    assert "no reading was known" in done.stderr
    assert "--known now" in done.stderr


def test_what_was_imported_later_counts_only_as_known_now(tmp_path):
    shutil.copytree(WTI, tmp_path / "w")
    rows = [f"W-1,2020-04-21T12:{m:02d}:00+08:00,10000,0,20" for m in range(30)]
    (tmp_path / "r.csv").write_text("\n".join(["tank,taken_at,level_mm,water_mm,temp_c", *rows]))
    assert typed("import", tmp_path / "w", "readings", tmp_path / "r.csv").returncode == 0
    span = ("--from", "2020-04-21T12:00:00+08:00", "--to", "2020-04-21T12:10:00+08:00", "--step", "1m")

    then = typed("replay", tmp_path / "w", *span, "--prices", PRICES)
    now = typed("replay", tmp_path / "w", *span, "--prices", PRICES, "--known", "now", "--json")

    assert "no reading was known" in then.stderr
    assert now.returncode == 0, now.stderr
    points = json.loads(now.stdout)["points"]
    assert len(points) == 11
    assert all(p["known"] and p["value_cny"] == "0.00" for p in points), "the newest price before is the negative one"


def test_without_a_series_the_remedy_is_said():
    done = typed("replay", WTI, "--from", "2020-04-01", "--to", "2020-04-02")
    assert done.returncode == 1
    assert "--mass TANK=TONNES" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--mass", "W-9=1"), "write TANK=TONNES"),
        (("--confirm-after", "soon"), "write e.g. 30m, 2h or 1d"),
        (("--contract", "X"), "write one of WTI-001"),
        (("--known", "later"), "write one of then, now"),
    ],
)
def test_a_mistyped_option_is_answered_with_what_to_write(options, said):
    done = replayed(WTI, *options)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_a_price_file_without_this_time_is_told_with_what_it_has():
    done = replayed(WTI, first="1999-01-01", last="1999-02-01")
    assert done.returncode == 1
    assert "none between 1998-12-31 and 1999-02-01" in done.stderr


@pytest.mark.parametrize(("example", "cases"), [("wti", 6), ("demo", 3)])
def test_the_tests_of_the_examples_pass(example, cases):
    done = typed("test", ROOT / "examples" / example)
    assert done.returncode == 0, done.stdout
    assert f"{cases} passed, 0 failed" in done.stdout


def test_the_starters_test_passes_and_a_changed_contract_fails_it(tmp_path):
    init(tmp_path / "w")
    assert load(tmp_path / "w").workspace is not None
    assert typed("test", tmp_path / "w").returncode == 0

    contract = tmp_path / "w" / "contracts" / "example.yaml"
    contract.write_text(contract.read_text("utf-8").replace("ltv_warn: 0.70", "ltv_warn: 0.74"), "utf-8")
    done = typed("test", tmp_path / "w", "--junit", tmp_path / "report.xml")

    assert done.returncode == 1
    assert "- 2026-03-12T11:00+08:00  active  value_below_line  yellow  warn" in done.stdout
    assert 'failures="1"' in (tmp_path / "report.xml").read_text("utf-8")


def test_a_mistake_in_a_test_file_is_exit_code_2(tmp_path):
    init(tmp_path / "w")
    file = tmp_path / "w" / "contracts" / "example.test.yaml"
    file.write_text(file.read_text("utf-8").replace("interval:", "intervall:"), "utf-8")

    done = typed("test", tmp_path / "w")

    assert done.returncode == 2
    assert "contracts/example.test.yaml:6: error:" in done.stdout
