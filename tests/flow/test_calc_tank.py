"""``calc tank`` on the demo's workspace: a hand dip is the chain of the bot, alone or in a batch."""

import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from datasources.workspace import load
from domain.metering.dip import Dip, measure_one
from domain.metering.inventory import Inventory
from tests.fakes.calculator import Calculator, sheet

DEMO = Path(__file__).parents[2] / "examples" / "demo"
COLUMNS = [f.name for f in fields(Inventory) if f.name not in ("quality", "remarks")]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with a reference height for one tank."""
    target = tmp_path_factory.mktemp("demo") / "w"
    shutil.copytree(DEMO, target)
    site = target / "sites" / "gangchu.yaml"
    site.write_text(site.read_text("utf-8").replace("{id: T-113,", "{id: T-113, reference_height_mm: 12900,"), "utf-8")
    return target


@pytest.fixture
def calc(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Calculator:
    return Calculator(capsys, tmp_path)


def test_a_dip_is_measured_as_the_bot_measures(calc: Calculator, workspace: Path) -> None:
    w = load(workspace).sound()
    tank = w.index.tanks[w.index.row["T-107"]]
    dip = Dip(level_mm=9000.0, water_mm=30.0, temp_c=25.0, air_c=18.0)
    expected = measure_one(tank, w.goods[tank.good], dip, w.settings.metering)
    found = calc.json(f"tank {workspace} T-107 --level 9000 --water 30 --temp 25 --air 18")
    for name in COLUMNS:
        value = getattr(expected, name)[0].item()
        assert found[name] == (None if value != value else value), name
    assert found["tov_m3"] == found["table_m3"] + found["hydrostatic_m3"]
    assert found["shell_c"] == (7 * 25 + 18) / 8


def test_what_the_gauger_brings_stands_in_for_the_certificate(calc: Calculator, workspace: Path) -> None:
    w = load(workspace).sound()
    tank = w.index.tanks[w.index.row["T-107"]]
    good = replace(w.goods[tank.good], density_kg_m3=836.0, sediment_water_percent=0.5)
    expected = measure_one(tank, good, Dip(level_mm=9000.0, temp_c=25.0), w.settings.metering)
    found = calc.json(f"tank {workspace} T-107 --level 9000 --temp 25 --density 836 --sw 0.5")
    assert found["mass_air_kg"] == expected.mass_air_kg[0]
    assert found["nsv_m3"] == pytest.approx(found["gsv_m3"] * 0.995, rel=1e-12)


def test_an_observed_density_is_brought_to_the_base_and_glass_is_corrected(calc: Calculator, workspace: Path) -> None:
    dip = f"tank {workspace} T-107 --level 9000 --temp 25 --observed-density 830"
    digital, glass = calc.json(dip), calc.json(f"{dip} --hydrometer")
    alone = "density --table 60B --density 830 --temp 25".replace("60B", "59B")
    assert digital["density_kg_m3"] == pytest.approx(calc.json(alone)["density"], rel=1e-12)
    assert glass["density_kg_m3"] == pytest.approx(calc.json(f"{alone} --hydrometer")["density"], rel=1e-12)
    assert glass["density_kg_m3"] < digital["density_kg_m3"]


def test_an_ullage_is_the_reference_height_less_it(calc: Calculator, workspace: Path) -> None:
    by_level = calc.json(f"tank {workspace} T-113 --level 9000 --temp 25")
    by_ullage = calc.json(f"tank {workspace} T-113 --ullage 3900 --temp 25")
    assert by_ullage["mass_air_kg"] == by_level["mass_air_kg"]


def test_a_batch_is_what_the_single_dips_are(calc: Calculator, workspace: Path) -> None:
    dips: list[dict[str, object]] = [
        {"tank": "T-107", "level": 9000, "temp": 25},
        {"tank": "T-107", "level": 1234.5, "temp": 25, "water": 12, "density": 836},
        {"tank": "T-104", "level": 5000, "temp": 60, "air": -10, "sw": 0.3},
        {"tank": "T-107", "level": 99999, "temp": 25},
        {"tank": "T-107", "level": 9000, "temp": 25, "observed_density": 830, "hydrometer": "x"},
        {"tank": "T-113", "ullage": 3900, "temp": 25},
        {"tank": "T-999", "level": 1, "temp": 2},
        {"tank": "T-112", "level": 9000, "temp": 25, "water": 9500},
    ]
    found = calc.rows(f"tank {workspace}", sheet(dips))
    for cells, row in zip(dips, found, strict=True):
        flags = " ".join(f"--{name} {value}" for name, value in cells.items() if name not in ("tank", "hydrometer"))
        flags += " --hydrometer" if cells.get("hydrometer") else ""
        alone = calc.json(f"tank {workspace} {cells['tank']} {flags.replace('_', '-')}")
        assert row["problem"] == alone.get("problem", "")
        for name in COLUMNS:
            value = alone.get(name)
            assert row[name] == ("" if value is None else repr(value)), name
    assert [bool(row["problem"]) for row in found] == [False, False, False, True, False, False, True, True]


@pytest.mark.parametrize(
    ("dip", "why"),
    [
        ("T-99 --level 1 --temp 2", "tank 'T-99' is not in the workspace; there are T-1"),
        ("--level 1 --temp 2", "tank is missing"),
        ("T-107 --temp 2", "level is missing: give level or ullage"),
        ("T-107 --level 1 --ullage 2 --temp 2", "level and ullage are both given: one says it"),
        ("T-107 --ullage 2 --temp 2", "tank 'T-107' has no reference_height_mm"),
        ("T-107 --level 9000", "temp is missing"),
        ("T-107 --level 90000 --temp 25", "OUTSIDE_TABLE; allowed 0…13500 mm"),
        ("T-107 --level 9000 --temp 250", "OUT_OF_RANGE; allowed"),
        ("T-107 --level 90 --water 91 --temp 25", "OUT_OF_RANGE"),
        ("T-101 --level 1650 --temp 25", "CRITICAL_ZONE; allowed"),
        ("T-107 --level 9000 --temp 25 --density 2000", "density 2"),
        ("T-107 --level 9000 --temp 25 --density 830 --observed-density 831", "density and observed_density are both"),
        ("T-107 --level 9000 --temp 25 --sw 100", "sw 100 %, allowed 0…99.9 %"),
        ("T-107 --level 9000 --temp 25 --water -1", "water -1 mm, allowed 0…inf mm"),
    ],
)
def test_a_dip_that_cannot_be_measured_says_why(calc: Calculator, workspace: Path, dip: str, why: str) -> None:
    code, out, err = calc(f"tank {workspace} {dip}")
    assert (code, out) == (1, "")
    assert why in err


def test_a_directory_that_is_no_workspace_says_so(calc: Calculator, tmp_path: Path) -> None:
    code, out, err = calc(f"tank {tmp_path / 'none'} T-107 --level 1 --temp 2")
    assert (code, out) == (2, "")
    assert "is no directory" in err
