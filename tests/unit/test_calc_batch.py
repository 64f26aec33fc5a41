"""Batches: columns stay, results follow, a row is what a single call is, and no file does any harm."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.calculator import Calculator, sheet


@pytest.fixture
def calc(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Calculator:
    return Calculator(capsys, tmp_path)


def test_input_columns_keep_their_order_and_text_and_results_follow(calc: Calculator) -> None:
    out = calc.text("vcf", "id,temp,Table,note,density\n007,20.00,60B,a b,850.0\n")
    assert out == "id,temp,Table,note,density,vcf,problem\n007,20.00,60B,a b,850.0,1.0,\n"


def test_a_column_overrides_the_flag_and_the_flag_fills_the_absent_column(calc: Calculator) -> None:
    [row] = calc.rows("vcf --table 60B --temp 99 --density 850", "temp\n20\n")
    assert row == {"temp": "20", "vcf": "1.0", "problem": ""}


def test_an_empty_optional_cell_is_a_flag_not_given(calc: Calculator) -> None:
    [row] = calc.rows("vcf", "table,density,temp,pressure,edition\n60B,850,20,,\n")
    assert row["vcf"] == "1.0"


@pytest.mark.parametrize("cell", ["", "nan", "inf", "abc", "1e999", "=1+1", "８ ５"])
def test_a_bad_cell_is_a_problem_of_its_row_alone(calc: Calculator, cell: str) -> None:
    bad, good = calc.rows("vcf --table 60B --density 850", f"id,temp\n1,{cell}\n2,20\n")
    assert bad["temp"] == cell
    assert bad["vcf"] == ""
    assert bad["problem"].startswith("temp ")
    assert (good["vcf"], good["problem"]) == ("1.0", "")


@pytest.mark.parametrize(
    "header", ["Density,TEMP", "--density,--temp", " density , temp ", "\ufeffdensity,temp", "density\ttemp"]
)
def test_headers_may_be_written_as_people_do(calc: Calculator, header: str) -> None:
    delimiter = "\t" if "\t" in header else ","
    [row] = calc.rows("vcf --table 60B", f"{header}\r\n850{delimiter}20\r\n", delimiter)
    assert row["vcf"] == "1.0"


@pytest.mark.parametrize("header", ["mass-vacuum", "mass_vacuum", "Mass Vacuum"])
def test_dashes_and_underscores_are_alike(calc: Calculator, header: str) -> None:
    [row] = calc.rows("air --density 850", f"{header}\n1000\n")
    assert float(row["mass_air"]) == pytest.approx(1000 * float(row["factor"]))


@pytest.mark.parametrize(
    ("cells", "density"),
    [
        ({"api": 35}, 141.5 / 166.5 * 999.016),
        ({"density": 35, "api": "yes"}, 141.5 / 166.5 * 999.016),
        ({"density": 35, "api": 1, "rd": 0}, 141.5 / 166.5 * 999.016),
        ({"rd": 0.85}, 849.1636),
        ({"density": 0.85, "rd": "TRUE"}, 849.1636),
        ({"density": 850, "api": "", "rd": "no"}, 850.0),
        ({"density": "", "api": 0}, 141.5 / 131.5 * 999.016),
        ({"density": "", "api": "", "rd": "1"}, 999.016),
    ],
)
def test_a_density_may_be_stated_in_any_way(calc: Calculator, cells: dict[str, object], density: float) -> None:
    found = json.loads(calc.text("vcf --table 24A --temp 60 --json", sheet([cells])))
    assert found[0]["density_kg_m3"] == pytest.approx(density, rel=1e-9)
    assert found[0]["problem"] is None


def test_rows_may_differ_in_how_they_state_it(calc: Calculator) -> None:
    rows = [{"density": 850}, {"api": 35}, {"rd": 0.85}, {"api": 35, "rd": 0.85}, {}]
    found = calc.rows("vcf --table 6A --temp 90", sheet(rows))
    for row, typed in zip(found, ("--density 850", "--api 35", "--rd 0.85"), strict=False):
        assert float(row["vcf"]) == calc.json(f"vcf --table 6A --temp 90 {typed}")["vcf"]
    assert [row["problem"] for row in found[3:]] == [
        "density is given twice: api '35' and rd '0.85'",
        "density is missing: give density, api or rd",
    ]


@pytest.mark.parametrize(
    ("flag", "column", "typed"),
    [
        ("--api", "density\n35", "--api 35"),
        ("--rd", "density\n0.85", "--rd 0.85"),
        ("--api 99", "density\n850", "--density 850"),
    ],
)
def test_a_bare_unit_holds_for_the_files_densities(calc: Calculator, flag: str, column: str, typed: str) -> None:
    [row] = calc.rows(f"vcf --table 6A --temp 90 {flag}", f"{column}\n")
    assert float(row["vcf"]) == calc.json(f"vcf --table 6A --temp 90 {typed}")["vcf"]


def test_the_observed_density_gives_its_name_to_the_result(calc: Calculator) -> None:
    out = calc.text("density --table 59B", "id,density,temp\n1,850,20\n")
    assert out.splitlines()[0] == "id,observed,temp,density,problem"
    assert float(out.splitlines()[1].split(",")[3]) == pytest.approx(850.0)


def test_an_old_result_is_not_taken_for_the_new_one(calc: Calculator) -> None:
    [row] = calc.rows("vcf --table 60B --density 850", "vcf,problem,temp\n9,old,20\n")
    assert row == {"vcf_given": "9", "problem_given": "old", "temp": "20", "vcf": "1.0", "problem": ""}


def test_a_tiny_density_is_the_alpha_of_a_table_c(calc: Calculator) -> None:
    found = calc.rows("vcf --table 6C --temp 30", "density,alpha\n910e-6,\n,910e-6\n")
    assert found[0]["vcf"] == found[1]["vcf"] != ""


ROW = st.fixed_dictionaries(
    {
        "table": st.sampled_from(["6A", "6B", "24D", "54B", "54C", "60A", "60B", "60D", "5A", "61", ""]),
        "edition": st.sampled_from(["", "2004", "1980", "1999"]),
        "temp": st.one_of(st.floats(-80, 330), st.just("warm")),
        "density": st.one_of(st.floats(500, 1300), st.floats(), st.just("")),
        "api": st.one_of(st.just(""), st.floats(-10, 100), st.just("no")),
        "alpha": st.one_of(st.just(""), st.floats(1e-4, 2e-3)),
        "pressure": st.one_of(st.just(""), st.floats(-10, 20_000)),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=12))
def test_a_row_of_a_batch_is_the_single_call(calc: Calculator, rows: list[dict[str, object]]) -> None:
    found = calc.rows("vcf", sheet(rows))
    assert len(found) == len(rows)
    for cells, row in zip(rows, found, strict=True):
        alone = calc.json("vcf " + " ".join(f"--{name}={value}" for name, value in cells.items() if value != ""))
        assert bool(row["vcf"]) != bool(row["problem"])
        assert row["problem"] == alone.get("problem", "")
        assert row["vcf"] == ("" if "vcf" not in alone else repr(alone["vcf"]))


def test_json_gives_every_step_of_every_row(calc: Calculator) -> None:
    good, bad = json.loads(calc.text("vcf --table 6A --json", "id,api,temp\na,17.785,-27.7\nb,17.785,900\n"))
    assert good["id"] == "a"
    assert good["ctpl"] == 1.03301
    assert good["problem"] is None
    assert bad["vcf"] is None
    assert bad["temp"] == "900"
    assert bad["problem"].startswith("temp 900 °F, allowed")
    assert json.loads(calc.text("vcf --json", "table,temp\n")) == []


def test_a_header_alone_comes_back_with_its_results(calc: Calculator) -> None:
    assert calc.text("vcf", "table,temp\n") == "table,temp,vcf,problem\n"


def test_many_rows_are_what_few_are(calc: Calculator) -> None:
    out = calc.text("vcf --table 54B --density 850", "temp\n" + "30\n" * 120_000).splitlines()
    assert len(out) == 120_001
    assert len(set(out[1:])) == 1


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b\n1,2\n", "no column is named as a flag; there are alpha"),
        ("temp,Temperature\n1,2\n", "columns 'temp' and 'Temperature' both say temp; keep one"),
        ("temp,temp\n1,2\n", "columns 'temp' and 'temp' both say temp"),
        (b"temp,note\n1,\xb2\xe2\n", "byte 12 is not UTF-8; save the file as CSV UTF-8"),
        ('temp,note\n1,"open\n2,b\n3,c\n', "line 4: unexpected end of data"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(calc: Calculator, file: str | bytes, why: str) -> None:
    assert why in calc.refused("vcf --table 60B --density 850", file)


def test_a_file_that_is_not_there_says_so(calc: Calculator) -> None:
    code, _, err = calc("vcf --batch nowhere.csv")
    assert code == 2
    assert "'nowhere.csv': No such file" in err


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "@SUM(1)",
        "-2+3",
        "\x00",
        "a\x00b",
        "💧",
        "'; DROP",
        "x" * 300_000,
        '"a""b"',
        '"a,b\nc"',
    ],
)
def test_other_cells_come_back_as_they_were(calc: Calculator, cell: str) -> None:
    [row] = calc.rows("vcf --table 60B --density 850", f"note,temp\n{cell},20\n")
    assert row["note"] == next(csv.reader(StringIO(cell, newline="")))[0]
    assert row["vcf"] == "1.0"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(1)", "+1+1", "-1-1"])
def test_no_cell_of_ours_can_be_taken_for_a_formula(calc: Calculator, cell: str) -> None:
    names = ("table", "edition", "density", "api", "temp", "pressure")
    for name in names:
        [row] = calc.rows("vcf --table 60B --density 850 --temp 20", f"{name}\n{cell}\n")
        assert row["problem"][0] not in "=+-@\t\r", name


@pytest.mark.parametrize("value", ["1e308", "-1e308", "5e-324", "0", "-0", "1e400"])
def test_no_number_is_too_large_or_too_small_for_an_answer(calc: Calculator, value: str) -> None:
    for name in ("density", "temp", "pressure", "alpha", "api", "rd"):
        for table in ("6A", "54B", "60B", "54C"):
            [row] = calc.rows(f"vcf --table {table} --temp 20", f"{name}\n{value}\n")
            assert bool(row["vcf"]) != bool(row["problem"])


def test_a_row_with_more_cells_than_the_header_is_a_problem(calc: Calculator) -> None:
    short, long, trailing = calc.rows("vcf --table 60B --density 850", "temp,note\n20\n1,234.5,x\n20,x,\n")
    assert (short["vcf"], short["note"]) == ("1.0", "")
    assert long["problem"].startswith("row has 3 cells, the header 2")
    assert trailing["vcf"] == "1.0"


def test_out_names_a_file(calc: Calculator, tmp_path: Path) -> None:
    assert calc.text(f"vcf --table 60B --density 850 --out {tmp_path / 'out.csv'}", "temp\n20\n") == ""
    assert (tmp_path / "out.csv").read_text("utf-8") == "temp,vcf,problem\n20,1.0,\n"
    code, _, err = calc(f"vcf --batch {tmp_path / 'out.csv'} --out {tmp_path}")
    assert code == 2
    assert "directory" in err


@pytest.mark.parametrize(
    ("typed", "key", "printed"),
    [
        ("vcf --table 6A --api 17.785 --temp -27.7", "vcf", 1.03302),
        ("vcf --table 54B --density 990.34 --temp 34.02 --edition 1980", "vcf", 0.987),
        ("vcf --table 54B --density 850.25 --temp 20.025", "temp", 20.0),
        ("vcf --table 54B --density 850.25 --temp 20.025", "density_kg_m3", 850.2),
        ("vcf --table 6A --density 850 --temp 84.15", "temp", 84.2),
        ("vcf --table 6A --density 850 --temp 84.05 --pressure 7.5", "pressure", 8.0),
        ("vcf --table 54A --density 850 --temp 84 --pressure 12.5", "pressure", 10.0),
        ("density --table 59B --density 841 --temp 13 --hydrometer", "density", 836.2),
        ("air --api 35", "lb_per_gal", 7.076),
        ("bitumen --density 1030 --temp 150", "vcf", 0.9177),
        ("shell --tsh 129 --ref 60 --alpha 6.2e-6", "ctsh", 1.00086),
        ("ethanol --abv 53 --temp 20", "density", 924.1),
    ],
)
def test_rounded_is_as_the_edition_prints(calc: Calculator, typed: str, key: str, printed: float) -> None:
    assert calc.json(f"{typed} --rounded")[key] == printed
