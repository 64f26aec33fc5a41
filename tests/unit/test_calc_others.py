"""``calc shell | roof | air | ethanol | bitumen`` against plain arithmetic over their ranges."""

from pathlib import Path

import pytest

from tests.fakes.calculator import Calculator, sheet

LB_KG, GALLON_M3, BBL_M3 = 0.45359237, 3.785411784e-3, 0.158987294928


@pytest.fixture
def calc(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Calculator:
    return Calculator(capsys, tmp_path)


def table_56(rho: float) -> float:
    return (1 - 1.22 / rho) / (1 - 1.22 / 8100)


def test_an_upright_shell_follows_seven_parts_of_liquid_and_one_of_air(calc: Calculator) -> None:
    cases = [(liquid, air, ref) for liquid in range(-40, 260, 20) for air in (-40, 15, 45) for ref in (15, 20, 60)]
    rows = calc.rows("shell --alpha 1.16e-5", sheet([{"liquid": x, "air": a, "ref": r} for x, a, r in cases]))
    insulated = calc.rows(
        "shell --alpha 1.16e-5 --insulated", sheet([{"liquid": x, "air": a, "ref": r} for x, a, r in cases])
    )
    for (liquid, air, ref), row, kept in zip(cases, rows, insulated, strict=True):
        tsh = (7 * liquid + air) / 8
        assert float(row["tsh"]) == pytest.approx(tsh)
        assert float(row["ctsh"]) == pytest.approx((1 + 1.16e-5 * (tsh - ref)) ** 2, rel=1e-14)
        assert float(kept["ctsh"]) == pytest.approx((1 + 1.16e-5 * (liquid - ref)) ** 2, rel=1e-14)


@pytest.mark.parametrize(
    ("typed", "ctsh"),
    [
        ("--liquid 30", (1 + 1.2e-5 * 10) ** 2),
        ("--liquid 30 --coefficient 3.6e-5", 1 + 3.6e-5 * 10),
        ("--liquid 13 --coefficient 0.000036", 1 + 0.000036 * (13 - 20)),
        ("--tsh 30 --air 99", (1 + 1.2e-5 * 10) ** 2),
        ("--liquid 30 --power 3", 1 + 3 * 1.2e-5 * 10),
        ("--temp 30 --ambient 14", (1 + 1.2e-5 * 8) ** 2),
    ],
)
def test_a_shell_may_be_stated_otherwise(calc: Calculator, typed: str, ctsh: float) -> None:
    assert calc.json(f"shell {typed}")["ctsh"] == pytest.approx(ctsh, rel=1e-14)


def test_a_roof_displaces_its_weight_in_air(calc: Calculator) -> None:
    found = calc.json("roof --mass 300000 --density 840 --ctl 0.99")
    assert found["volume_m3"] == pytest.approx(-300000 / (840 * table_56(840) * 0.99), rel=1e-14)
    assert found["volume_bbl"] == pytest.approx(found["volume_m3"] / BBL_M3, rel=1e-14)
    assert found["method"] == "FRC"
    gb = calc.json("roof --mass 300000 --density 840 --table 60B --temp 30")
    vcf = calc.json("vcf --table 60B --density 840 --temp 30")["vcf"]
    assert gb["volume_m3"] == pytest.approx(-300000 / ((840 - 1.1) * vcf), rel=1e-14)
    direct = calc.json("roof --pounds 661387 --density-air 812")
    assert direct["volume_m3"] == pytest.approx(-661387 * LB_KG / 812, rel=1e-14)


def test_a_roof_that_the_table_deducts_leaves_the_difference(calc: Calculator) -> None:
    found = calc.json("roof --mass 300000 --density-air 850 --table-density-air 800")
    assert found["volume_m3"] == pytest.approx(300000 / 800 - 300000 / 850, rel=1e-12)
    assert found["volume_m3"] > 0
    assert found["method"] == "FRA"
    api = calc.json("roof --mass 300000 --api 35 --table-api 35 --ctl 1")
    assert api["volume_m3"] == pytest.approx(0.0, abs=1e-9)
    lighter = calc.json("roof --mass 300000 --api 40 --table-api 35 --ctl 1")
    assert lighter["volume_m3"] < 0


def test_rows_of_roofs_may_differ_in_how_they_are_told(calc: Calculator) -> None:
    cases = [
        "--mass 3e5 --density-air 812",
        "--mass 3e5 --api 40 --table 6A --temp 90",
        "--pounds 6e5 --density 840 --ctl 1",
    ]
    rows = [dict(zip(c.replace("--", "").split()[::2], c.split()[1::2], strict=True)) for c in cases]
    for case, row in zip(cases, calc.rows("roof", sheet(rows)), strict=True):
        assert (row["problem"], float(row["volume_m3"])) == ("", calc.json(f"roof {case}")["volume_m3"])


def test_air_is_table_56_and_table_8(calc: Calculator) -> None:
    densities = [500.0 + 2.5 * i for i in range(241)]
    rows = calc.rows("air", sheet([{"density": rho} for rho in densities]))
    for rho, row in zip(densities, rows, strict=True):
        assert float(row["factor"]) == pytest.approx(table_56(rho), rel=1e-14)
        assert float(row["density_air"]) == pytest.approx(rho * table_56(rho), rel=1e-14)
        assert float(row["lb_per_gal"]) == pytest.approx(rho * table_56(rho) * GALLON_M3 / LB_KG, rel=1e-10)


def test_a_mass_goes_to_air_and_back(calc: Calculator) -> None:
    there = calc.json("air --density 841.1 --mass-vacuum 1000")["mass_air"]
    assert calc.json(f"air --density 841.1 --mass-air {there!r}")["mass_vacuum"] == pytest.approx(1000, rel=1e-14)
    assert calc.json("air --density 840 --mass-vacuum 840 --buoyancy gb")["mass_air"] == pytest.approx(838.9, rel=1e-14)
    one, other = calc.rows("air --density 840 --buoyancy gb", "mass_vacuum,mass_air\n840,\n,838.9\n")
    assert (float(one["mass_air"]), float(other["mass_vacuum"])) == pytest.approx((838.9, 840.0))
    assert float(one["mass_vacuum"]) == 840.0


@pytest.mark.parametrize(
    ("abv", "temp", "density"),
    [
        (42, 20, 944.76), (52, 20, 926.16), (53, 20, 924.12), (60, 20, 909.11), (65, 20, 897.65), (70, 20, 885.56),
        (95, 20, 811.38), (96, 20, 807.42), (65, 0, 913.54), (65, 10, 905.71), (65, 30, 889.35), (65, 40, 880.81),
    ],
)  # fmt: skip
def test_spirits_have_the_densities_of_oiml_r22(calc: Calculator, abv: float, temp: float, density: float) -> None:
    found = calc.json(f"ethanol --abv {abv} --temp {temp} --volume 3")
    assert found["density"] == pytest.approx(density, abs=0.006)
    assert found["vcf"] == pytest.approx(found["density"] / found["density20"], rel=1e-14)
    assert found["pure_alcohol_l"] == pytest.approx(3 * found["vcf"] * abv * 10, rel=1e-14)
    assert found["abv"] == pytest.approx(found["density20"] * found["mass_fraction"] / 789.24 * 100, rel=1e-12)


def test_a_strength_is_found_again_by_its_density_and_its_mass(calc: Calculator) -> None:
    rows = [{"abv": abv, "temp": temp} for abv in range(0, 100, 3) for temp in range(5, 41, 5)]
    by_abv = calc.rows("ethanol", sheet(rows))
    back = [{"density": r["density"], "temp": r["temp"]} for r in by_abv]
    for given, there, again in zip(rows, by_abv, calc.rows("ethanol", sheet(back)), strict=True):
        assert (there["problem"], again["problem"]) == ("", "")
        assert float(again["abv"]) == pytest.approx(given["abv"], abs=1e-6)
        assert float(again["mass_fraction"]) == pytest.approx(float(there["mass_fraction"]), abs=1e-8)


def test_a_file_of_strengths_keeps_its_column_and_gets_the_others(calc: Calculator) -> None:
    assert calc.text("ethanol", "abv,temp\n").strip() == "abv,temp,density,density20,mass_fraction,vcf,problem"
    both = calc.text("ethanol", "abv,density,temp\n").strip()
    assert both == "abv_given,density_given,temp,density,density20,abv,mass_fraction,vcf,problem"


def test_bitumen_is_the_parabola_of_its_column_and_base(calc: Calculator) -> None:
    columns = {
        ("density", 966.0): (1.0094684142, -6.33413410744e-4, 1.45710416212e-7),
        ("density", 965.9): (1.0108020095, -7.2343515319e-4, 2.1996598346e-7),
        ("rd", 0.967): (1.0211326242, -3.548988118e-4, 4.49881e-8),
        ("rd", 0.9669): (1.02413769, -4.0641418e-4, 6.79176e-8),
    }
    for (name, rho), (a, b, c) in columns.items():
        for t in range(-10, 270, 10):
            found = calc.json(f"bitumen --{name} {rho} --temp {t}")
            assert found["vcf"] == pytest.approx(a + b * t + c * t * t, rel=1e-14)
    assert calc.json("bitumen --api 8 --temp 200")["vcf"] == calc.json("bitumen --rd 1.0143369 --temp 200")["vcf"]
