"""Every reason why the calculator gives no number: named with what was seen and what is allowed, and never with a number."""

from pathlib import Path

import pytest

from tests.fakes.calculator import Calculator

WIDE = "500"
MISSING = [
    ("vcf --table 6A --temp 60", "density is missing: give density, api or rd"),
    ("vcf --table 6A --density 850", "temp is missing"),
    ("vcf --density 850 --temp 60", "table is missing, allowed 6A, 6B, 6C, 6D, 24A"),
    ("vcf --table 6C --temp 60", "alpha is missing: table 6C takes α per °F"),
    ("vcf --table 6C --alpha 5e-4 --temp 60 --pressure 5", "density is missing: under pressure table 6C needs it"),
    ("density --table 53A --temp 20", "density is missing"),
    ("shell --air 20", "liquid is missing: give it, or tsh"),
    ("roof --density-air 800", "mass is missing: give mass (kg) or pounds"),
    ("roof --mass 800", "density is missing: give density_air, or density, api or rd at the base"),
    ("roof --mass 800 --density 800", "ctl is missing: give it, or table and temp"),
    ("roof --mass 800 --density 800 --table 60B", "temp is missing: table 60B needs it for ctl"),
    ("roof --mass 800 --density-air 800 --table 60B --temp 20", "density is missing: table 60B needs the one at"),
    ("air", "density is missing"),
    ("ethanol --temp 20", "strength is missing: give abv, mass_fraction or density"),
    ("ethanol --abv 53", "temp is missing"),
    ("bitumen --density 1000", "temp is missing"),
]
UNREADABLE = [
    ("vcf --table 6A --density 8,5 --temp 60", "density '8,5' is no finite number"),
    ("vcf --table 6A --density 850 --temp nan", "temp 'nan' is no finite number"),
    ("vcf --table 6A --density 850 --temp -inf", "temp '-inf' is no finite number"),
    ("vcf --table 6A --density 1_000 --temp 60", "density '1_000' is no finite number"),
    ("vcf --table 6A --api ten --temp 60", "api 'ten' is no finite number"),
    ("vcf --table 60C --density 850 --temp 20", "table '60C', allowed 6A"),
    ("vcf --table 5A --density 850 --temp 20", "table '5A', allowed 6A"),
    ("density --table 6A --density 850 --temp 20", "table '6A', allowed 5A, 5B, 5D, 23A"),
    ("vcf --table 6A --edition 1952 --density 850 --temp 20", "edition '1952', allowed 2004, 1980"),
    ("air --edition 1952 --density 850", "edition '1952', allowed 2004, 1980"),
    ("air --buoyancy water --density 850", "buoyancy 'water', allowed gb, astm56"),
]
TWICE = [
    ("vcf --table 6A --api 35 --rd 0.85 --temp 60", "density is given twice: api '35' and rd '0.85'"),
    ("vcf --table 6A --density 850 --api 35 --temp 60", "density '850' is given twice: also api '35'"),
    ("vcf --table 6A --density 35 --api --rd --temp 60", "density '35' is given twice: also api and rd"),
    ("roof --mass 1 --pounds 1 --density-air 800", "mass and pounds are both given: one says it"),
    (
        "roof --mass 1 --density-air 800 --table-density-air 800 --table-api 35",
        "table_density_air and table_api are both",
    ),
    ("air --density 800 --mass-vacuum 1 --mass-air 1", "mass_vacuum and mass_air are both given"),
    ("ethanol --abv 5 --density 990 --temp 20", "abv and density are given: one says it"),
]
OUTSIDE = [
    ("vcf --table 54B --edition 1980 --density 1200 --temp 20",
     "density 1200 kg/m³ at 15 °C, allowed 653…1075 kg/m³ in table 54B (1980)"),
    ("vcf --table 54A --edition 1980 --density 1075.001 --temp 20", "density 1075.001 kg/m³ at 15 °C, allowed 610.5…1075"),
    ("vcf --table 60B --density 1200 --temp 20", "density 1200 kg/m³, which is 1203.210413 kg/m³ at 15 °C, allowed 653…1075"),
    ("vcf --table 6A --api 200 --temp 60", "density 200 °API, which is 426.427644 kg/m³ at 60 °F, allowed 610.6…1163.5"),
    ("vcf --table 6A --density 0 --temp 60", "density 0 kg/m³ at 60 °F, allowed"),
    ("vcf --table 6A --density 1e308 --temp 60", "density 1e+308 kg/m³ at 60 °F, allowed"),
    ("vcf --table 60B --density 1e308 --temp 20", "density 1e+308 kg/m³, which is"),
    ("vcf --table 6A --api -131.5 --temp 60", "density -131.5 °API, which is inf kg/m³"),
    ("vcf --table 6A --density 850 --temp 302.01", "temp 302.01 °F, allowed -58…302 °F in table 6A (2004)"),
    ("vcf --table 6A --density 850 --temp -58.01", "temp -58.01 °F, allowed -58…302 °F"),
    ("vcf --table 60B --density 850 --temp -18.01", "temp -18.01 °C, allowed -18…150 °C in table 60B (1980)"),
    ("vcf --table 6A --density 850 --temp 60 --pressure 1501", "pressure 1501 psi, allowed up to 1500 psi"),
    ("vcf --table 54A --density 850 --temp 60 --pressure 20000", "pressure 20000 kPa, allowed up to 10342.1355 kPa"),
    ("vcf --table 6C --alpha 910 --temp 60", "alpha 910 per °F, allowed 0.00023…0.00093 per °F"),
    ("vcf --table 54C --alpha 2e-3 --temp 15", "alpha 0.002 per °C, allowed 0.000414…0.001674 per °C"),
    ("density --table 53A --edition 1980 --density 1200 --temp 20", "density 1200 kg/m³ observed, which leads to 1202.554402 kg/m³ at 15 °C, allowed 610.5…1075 kg/m³"),
    ("density --table 53B --density 1e308 --temp 20", "density 1e+308 kg/m³"),
    ("density --table 5A --api 8.5 --temp 303", "temp 303 °F, allowed -58…302 °F in table 5A (2004)"),
    ("shell --liquid 5000", "liquid 5000 °, allowed -330…1000 °"),
    ("shell --liquid 50 --alpha 12", "alpha 12 per °, allowed 0…0.0001 per °"),
    ("shell --liquid 50 --coefficient 0.036", "coefficient 0.036 per °, allowed 0…0.0003 per °"),
    ("shell --liquid 50 --power 4", "power 4, allowed 1…3"),
    ("roof --mass -1 --density-air 800", "mass -1 kg, allowed above 0"),
    ("roof --mass 1 --density-air 0.8", "density_air 0.8 kg/m³, allowed 300…3000 kg/m³"),
    ("roof --mass 1 --density-air 800 --ctl 0.1", "ctl 0.1, allowed 0.5…1.5"),
    ("roof --mass 1 --density 850 --table 60B --temp 200", "temp 200 °C, allowed -18…150 °C in table 60B (1980)"),
    ("roof --mass 1 --density 1200 --table 60B --temp 20", "density 1200 kg/m³, which is"),
    ("roof --mass 1 --density-air 800 --table-density-air 8", "table_density_air 8 kg/m³, allowed 300…3000 kg/m³"),
    ("air --density 0.85", "density 0.85 kg/m³, allowed 300…3000 kg/m³"),
    ("air --density 850 --mass-vacuum -1", "mass_vacuum -1 kg, allowed 0…inf kg"),
    ("ethanol --abv 101 --temp 20", "abv 101 %vol, allowed 0…100 %vol"),
    ("ethanol --mass-fraction 1.5 --temp 20", "mass_fraction 1.5 kg/kg, allowed 0…1 kg/kg"),
    ("ethanol --density 700 --temp 20", "density 700 kg/m³, allowed 789.2391233…998.20123 kg/m³"),
    ("ethanol --abv 53 --temp 41", "temp 41 °C, allowed -20…40 °C"),
    ("ethanol --abv 53 --temp 20 --volume -1", "volume -1 m³, allowed 0…inf m³"),
    ("bitumen --density 849 --temp 20", "density 849 kg/m³, allowed 850…1200 kg/m³ at 15 °C"),
    ("bitumen --rd 0.7 --temp 20", "density 0.7 (60/60), allowed 0.85…1.2 (60/60)"),
    ("bitumen --density 1000 --temp 276", "temp 276 °C, allowed -25…275 °C (ASTM D4311)"),
    ("bitumen --rd 1 --temp 528", "temp 528 °F, allowed -13…527 °F (ASTM D4311)"),
]  # fmt: skip


@pytest.fixture
def calc(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Calculator:
    return Calculator(capsys, tmp_path)


@pytest.mark.parametrize(("typed", "why"), [*MISSING, *UNREADABLE, *TWICE, *OUTSIDE])
def test_a_call_says_what_is_wrong_and_gives_no_number(calc: Calculator, typed: str, why: str) -> None:
    code, out, err = calc(typed)
    assert (code, out) == (1, "")
    assert why in err
    assert set(calc.json(typed)) == {"problem"}


@pytest.mark.parametrize(
    "typed",
    [
        "vcf --table 6A --density 610.6 --temp 302 --pressure 1500",
        "vcf --table 6A --density 1163.5 --temp -58",
        "vcf --table 6A --edition 1980 --api 0 --temp 60 --pressure 1500",
        "vcf --table 54A --edition 1980 --density 1075 --temp 150",
        "vcf --table 54B --edition 1980 --density 653 --temp -18",
        "vcf --table 54A --density 850 --temp -50",
        "vcf --table 54C --alpha 414e-6 --temp 15",
        "vcf --table 6C --alpha 930e-6 --temp 60",
        "ethanol --abv 100 --temp 40",
        "ethanol --abv 0 --temp -20",
        "bitumen --density 850 --temp 275",
        "bitumen --rd 0.85 --temp -13",
    ],
)
def test_a_limit_itself_is_inside(calc: Calculator, typed: str) -> None:
    assert calc(typed)[0] == 0


@pytest.mark.parametrize(
    "typed", ["", "sqrt --temp 1", "vcf --nonsense 1", "vcf --temp", "vcf --tem 20", "vcf 6A", "tank --level 1"]
)
def test_what_is_not_understood_exits_with_2(calc: Calculator, typed: str) -> None:
    with pytest.raises(SystemExit) as e:
        calc(typed)
    assert e.value.code == 2
