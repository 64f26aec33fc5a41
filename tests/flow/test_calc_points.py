"""``xiaoliuzi calc`` against every published point that it can express: the real command, one batch per subcommand."""

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.fakes.calculator import sheet
from tests.fakes.typed import typed

ROOT = Path(__file__).parents[2]
with (ROOT / "tests" / "data" / "measurement_points.csv").open(encoding="utf-8") as file:
    POINTS = {row["id"]: row for row in csv.DictReader(file)}

EX1 = {"table": "6A", "api": 17.785, "temp": -27.7, "pressure": 0}
EX3 = {"table": "6B", "api": 19.4, "temp": 48.04, "pressure": -7.3}
EX5 = {"table": "6B", "api": 48.0015, "temp": 55.9, "pressure": 350}
STEPS = ("tstar", "rhostar", "alpha60", "fp", "ctl", "cpl", "ctpl")
Y80 = {"edition": 1980}
BATCHES = {
    "vcf": {
        "T6B": Y80 | {"table": "6B", "api": 63, "temp": 75},
        "T6C": Y80 | {"table": "6C", "alpha": 910e-6, "temp": 30},
        "T24B": Y80 | {"table": "24B", "rd": 0.67, "temp": 195.5},
        "T54A": Y80 | {"table": "54A", "density": 1050, "temp": 55},
        "T54B-9903": Y80 | {"table": "54B", "density": 990.3, "temp": 34},
        "GB60B-834": {"table": "60B", "density": 834, "temp": 13},
        "GB60B-724": {"table": "60B", "density": 724.6, "temp": 24},
        "GB60B-7184": {"table": "60B", "density": 718.4, "temp": 21.25},
    },
    "density": {
        "T5A": Y80 | {"table": "5A", "api": 8.5, "temp": 210, "hydrometer": 1},
        "T5B-dod": Y80 | {"table": "5B", "api": 40.5, "temp": 83, "hydrometer": 1},
        "T53A": Y80 | {"table": "53A", "density": 779, "temp": 25, "hydrometer": 1},
        "GB59B-719": {"table": "59B", "density": 719, "temp": 24.25, "hydrometer": 1},
        "GB59B-725": {"table": "59B", "density": 725, "temp": 15.25, "hydrometer": 1},
        "GB59B-841": {"table": "59B", "density": 841, "temp": 13, "hydrometer": 1},
    },
    "shell": {
        "TSH-1": {"liquid": 135, "air": 88, "ref": 60, "alpha": 6.2e-6},
        "CTSH-1": {"tsh": 129, "ref": 60, "alpha": 6.2e-6},
    },
    "air": {
        "T8-35": {"api": 35},
        **{f"T56-{rho}": {"density": rho} for rho in ("650", "786.9", "841.1", "903.4")},
    },
    "roof": {
        "FRA-table": {"pounds": 1_215_000, "api": 35, "ctl": 1},
        "FRC-C2": Y80 | {"pounds": 1_215_000, "api": 40.3, "table": "6A", "temp": 84},
    },
    "ethanol": {
        "OIML-0-20": {"mass_fraction": 0, "temp": 20},
        "OIML-1-20": {"mass_fraction": 1, "temp": 20},
        "OIML-0-0": {"mass_fraction": 0, "temp": 0},
    },
    "bitumen": {
        **{f"D4311-60F-{t}": {"rd": 1.03, "temp": t} for t in (0, 50, 100, 150, 200)},
        **{f"D4311-15C-A-{t}": {"density": 1030, "temp": t} for t in (15, 150, 175, 200)},
        **{f"D4311-15C-B-{t}": {"density": 950, "temp": t} for t in (15, 150, 175, 200)},
    },
}
RESULT = {
    "vcf": "vcf", "density": "density", "air": "factor", "roof": "volume_bbl", "ethanol": "density", "bitumen": "vcf",
    "TSH-1": "tsh", "CTSH-1": "ctsh", "T8-35": "lb_per_gal",
}  # fmt: skip


def calc(*words: str, stdin: str = "") -> str:
    done = typed("calc", *words, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def published(point: str):
    row = POINTS[point]
    return pytest.approx(float(row["published"]), rel=0, abs=float(row["tolerance"]))


@pytest.mark.parametrize("command", BATCHES)
def test_a_batch_gives_the_published_values(command: str) -> None:
    rows = [{"id": point, **cells} for point, cells in BATCHES[command].items()]
    rounded = ["--rounded"] if command == "roof" else []  # the printed roofs are made of printed factors
    out = calc(command, "--batch", "-", *rounded, stdin=sheet(rows))
    found = {row["id"]: row for row in csv.DictReader(StringIO(out))}
    assert list(found) == list(BATCHES[command])
    for point, row in found.items():
        assert row["problem"] == "", point
        value = float(row[RESULT.get(point, RESULT.get(command, ""))])
        assert (-value if point == "FRA-table" else value) == published(point), point


@pytest.mark.parametrize(("example", "given"), [("ex1", EX1), ("ex3", EX3), ("ex5", EX5)])
def test_every_step_of_the_standards_worked_examples_comes_out(example: str, given: dict) -> None:
    typed = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    found = json.loads(calc("vcf", *typed, "--json"))
    for step in STEPS:
        assert found[step] == published(f"API04-{example}-{step}"), step


def test_every_point_of_a_formula_that_the_calculator_has_is_tried() -> None:
    tried = {point for batch in BATCHES.values() for point in batch}
    chains = ("GB-chain", "GB-rail", "BUNKER", "METHANOL", "API04-ex")  # sums of several steps; a certificate's slope
    assert {p for p in POINTS if not p.startswith(chains)} <= tried
    assert {f"API04-ex{n}-{step}" for n in (1, 3, 5) for step in STEPS} >= {p for p in POINTS if "API04" in p}


def test_a_negative_number_is_a_value_and_help_lists_every_unit() -> None:
    assert float(calc("air", "--api", "-5").split("ρ")[1].split()[0]) == pytest.approx(1117.476395)
    assert "mass in vacuum, kg" in calc("air", "--help")
    top = calc("--help")
    assert all(f"  {name}" in top for name in (*BATCHES, "tank"))


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        ("vcf --table 60B --density 850 --temp 20 --json", 0, '"vcf": 1.0', ""),
        ("vcf --table 60B --density 850 --temp 200 --json", 1, '{"problem": "temp 200 °C, allowed', "temp 200 °C"),
        ("vcf --table 60B --density 850 --temp 200", 1, "", "temp 200 °C, allowed -18…150 °C in table 60B (1980)"),
        ("vcf --tabel 60B", 2, "", "unrecognized arguments: --tabel 60B"),
        ("vcf --batch no.csv", 2, "", "'no.csv': No such file"),
        ("vcf --help", 0, "--pressure X", ""),
    ],
)
def test_the_exit_code_tells_a_script_what_happened(words: str, code: int, out: str, err: str) -> None:
    done = typed("calc", *words.split())
    assert done.returncode == code
    assert out in done.stdout
    assert err in done.stderr
    assert bool(done.stderr) == bool(err)


def test_a_calculation_starts_without_what_only_the_bot_needs() -> None:
    heavy = ("datasources", "duckdb", "httpx", "pydantic", "ruamel", "jinja2", "telegram", "starlette")
    program = (
        "import sys, bot.cli\nfrom bot.command.calc.entry import run\n"
        "run('vcf --table 60B --density 850 --temp 20'.split())\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_has_enough_is_no_error() -> None:
    many = "temp\n" + "20\n" * 200_000
    done = subprocess.run(
        f"{sys.executable} -m bot calc vcf --table 60B --density 850 --batch - | head -n 1",
        cwd=ROOT, shell=True, input=many, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("temp,vcf,problem\n", "")
