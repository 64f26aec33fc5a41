"""What tanks and goods bring to the static chain: built as written, and every contradiction told in its place."""

from pathlib import Path

import pytest

from domain.good import Correction, Edition
from domain.metering.table import Base
from domain.tank import DensityFrom, Roof
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

GOODS = "goods.yaml"
NORTH = "sites/north.yaml"
SOUTH = "sites/south.yaml"
T2 = "shape: vertical, diameter_m: 15.0, height_m: 12.0, heel_mm: 500,"
DIESEL = "correction: 60B, density_kg_m3: 832.0"


def roofed(roof: str, *, heel: int = 1900, more: str = "") -> str:
    return T2.replace("heel_mm: 500", f"heel_mm: {heel}") + f" roof: {{{roof}}},{more}"


def test_a_tank_is_built_as_its_certificate_says(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    written = roofed(
        "mass_t: 21.4, critical_from_mm: 1600, critical_to_mm: 1900, table_density_air_kg_m3: 830.9",
        more=" shell_volume_per_c: 0.000036, pipework_m3: 12.5, reference_height_mm: 13210, density_from: online,"
        " p1_mm: 250, pressurised: true, certificate_no: RLQJ-2024-0117,",
    )
    change(workspace, NORTH, T2, written)
    loaded = found(workspace)
    assert loaded.problems == ()
    tank = loaded.sound().index.tanks[1]

    assert tank.roof == Roof(
        mass_kg=21400.0, critical_from_mm=1600.0, critical_to_mm=1900.0, table_density_air_kg_m3=830.9
    )
    assert (tank.shell_volume_per_c, tank.pipework_m3, tank.reference_height_mm) == (3.6e-5, 12.5, 13210.0)
    assert (tank.density_from, tank.p1_mm, tank.pressurised) == (DensityFrom.ONLINE, 250.0, True)


def test_a_tank_that_says_nothing_new_is_what_it_was(tmp_path: Path) -> None:
    tank = found(copy_of_sound(tmp_path)).sound().index.tanks[1]

    assert (tank.roof, tank.shell_volume_per_c, tank.reference_height_mm, tank.p1_mm) == (None, None, None, None)
    assert (tank.pipework_m3, tank.density_from, tank.pressurised) == (0.0, DensityFrom.CERTIFICATE, False)


@cases(
    Mistake(
        name="roof-without-mass",
        file=NORTH,
        old=T2,
        new=roofed("critical_from_mm: 1600, critical_to_mm: 1900"),
        at="T-2",
        wrong="roof.mass_kg: has no mass",
        instead="mass_kg or mass_t",
    ),
    Mistake(
        name="roof-with-two-masses",
        file=NORTH,
        old=T2,
        new=roofed("mass_kg: 21400, mass_t: 21.4, critical_from_mm: 1600, critical_to_mm: 1900"),
        at="T-2",
        wrong="has its mass twice",
        instead="mass_kg or mass_t",
    ),
    Mistake(
        name="zone-upside-down",
        file=NORTH,
        old=T2,
        new=roofed("mass_t: 21.4, critical_from_mm: 1900, critical_to_mm: 1600"),
        at="T-2",
        wrong="1900 mm is not below critical_to_mm 1600",
        instead="非计量区",
    ),
    Mistake(
        name="zone-above-the-filling-height",
        file=NORTH,
        old=T2,
        new=roofed("mass_t: 21.4, critical_from_mm: 10600, critical_to_mm: 11900"),
        at="T-2",
        wrong="the zone 10600–11900 mm leaves 0–11000 mm",
        instead="inside the table",
    ),
    Mistake(
        name="zone-that-cannot-carry-the-roof",  # 0.1 m of 15 m diameter: 17.7 m³ of 0.6 make 10.6 t
        file=NORTH,
        old=T2,
        new=roofed("mass_t: 21.4, critical_from_mm: 1800, critical_to_mm: 1900"),
        at="T-2",
        wrong="the zone holds 17.7 m³, the roof displaces up to 35.7 m³ of 'DIESEL0'",
        instead="check the roof's mass",
    ),
    Mistake(
        name="heel-below-the-zone",
        file=NORTH,
        old=T2,
        new=roofed("mass_t: 21.4, critical_from_mm: 1600, critical_to_mm: 1900", heel=500),
        at="T-2",
        wrong="between heel_mm 500 and 1900 mm the roof lets nothing be measured",
        instead="heel_mm: 1900",
        severity="warning",
    ),
    Mistake(
        name="roof-on-a-lying-tank",
        file=SOUTH,
        old="length_m: 16.0,",
        new="length_m: 16.0, roof: {mass_t: 1, critical_from_mm: 300, critical_to_mm: 600},",
        at="S-1",
        wrong="a horizontal tank has no floating roof",
        instead="delete it",
    ),
    Mistake(
        name="two-shell-coefficients",
        file=NORTH,
        old=T2,
        new=f"{T2} alpha_per_c: 0.000012, shell_volume_per_c: 0.000036,",
        at="T-2",
        wrong="both alpha_per_c and shell_volume_per_c",
        instead="keep the one",
    ),
    Mistake(
        name="shell-coefficient-ten-times-too-large",
        file=NORTH,
        old=T2,
        new=f"{T2} shell_volume_per_c: 0.00012,",
        at="T-2",
        wrong="0.00012 per °C is unusual",
        instead="0.000036",
        severity="warning",
    ),
    Mistake(
        name="reference-point-inside-the-tank",
        file=NORTH,
        old=T2,
        new=f"{T2} reference_height_mm: 11500,",
        at="T-2",
        wrong="11500 mm is not above the tank's top at 12000",
        instead="参照高度",
    ),
    Mistake(
        name="lines-as-large-as-a-tank",
        file=NORTH,
        old=T2,
        new=f"{T2} pipework_m3: 1200,",
        at="T-2",
        wrong="1200 m³ of lines are more than a tenth",
        instead="stays full",
        severity="warning",
    ),
    Mistake(
        name="hydrostatic-density-without-its-transmitter",
        file=NORTH,
        old=T2,
        new=f"{T2} density_from: hydrostatic, p1_mm: 250,",
        at="T-2",
        wrong="no register gives the p1 and p3 of tank 'T-2'",
        instead="density_from: certificate",
    ),
    Mistake(
        name="transmitter-above-the-liquid",
        file=NORTH,
        old=T2,
        new=f"{T2} p1_mm: 11000,",
        at="T-2",
        wrong="11000 mm is not below max_level_mm 11000",
        instead="above the datum plate",
    ),
    Mistake(
        name="online-density-without-a-sensor",
        file=NORTH,
        old="table: tables/T-1.csv,",
        new="table: tables/T-1.csv, density_from: online,",
        at="T-1",
        wrong="no register gives the density of tank 'T-1'",
        instead="add density to a map",
    ),
    Mistake(
        name="hydrostatic-row-of-a-simple-table",
        file=NORTH,
        old="table: tables/T-1.csv,",
        new="table: tables/T-1.csv, hydrostatic_row: nearest,",
        at="T-1",
        wrong="the table has no part hydrostatic",
        instead="静压力修正表",
    ),
    Mistake(
        name="included-density-without-a-table",
        file=NORTH,
        old=T2,
        new=f"{T2} includes_relative_density: 0.84,",
        at="T-2",
        wrong="the table has no part hydrostatic",
        instead="delete it",
    ),
)
def test_a_contradiction_about_a_tank_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


def test_hydrostatic_density_asks_for_the_transmitters_height_too(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, NORTH, T2, f"{T2} density_from: hydrostatic,")

    assert [p.where.rpartition(".")[2] for p in found(workspace).problems] == ["density_from", "p1_mm"]


def test_a_table_that_deducts_the_roof_may_have_a_narrow_zone(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    roof = "mass_t: 21.4, critical_from_mm: 1800, critical_to_mm: 1900, table_density_air_kg_m3: 830.9"
    change(workspace, NORTH, T2, roofed(roof))

    assert found(workspace).problems == ()


# --- goods -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["60F", "15.56", "15.5556", "15.555555555555555"])
def test_sixty_fahrenheit_may_be_written_as_people_do(tmp_path: Path, written: str) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, GOODS, DIESEL, f"correction: 24B, edition: 2004, density_kg_m3: 835.6, ref_temp_c: {written}")
    good = found(workspace).sound().goods["DIESEL0"]

    assert (good.correction, good.edition, good.ref_temp_c) == (Correction.T24B, Edition.Y2004, Base.F60.value)


def test_a_spirits_density_follows_from_its_strength(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, GOODS, DIESEL, "correction: R22, abv_percent: 65")
    good = found(workspace).sound().goods["DIESEL0"]

    assert good.density_kg_m3 == pytest.approx(897.65, abs=0.005)  # OIML R22, 65 %vol at 20 °C
    assert good.abv_percent == 65.0


def test_grain_and_sediment_are_built_as_written(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, GOODS, DIESEL, "correction: bulk, density_kg_m3: 735, packing_factor: 1.02, density_u_kg_m3: 5")
    change(workspace, GOODS, "density_kg_m3: 791.4", "density_kg_m3: 791.4, sediment_water_percent: 0.3,"
           " sediment_water_u_percent: 0.05")  # fmt: skip
    methanol, grain = found(workspace).sound().goods.values()

    assert (grain.correction, grain.packing_factor, grain.density_u_kg_m3) == (Correction.BULK, 1.02, 5.0)
    assert (methanol.sediment_water_percent, methanol.sediment_water_u_percent) == (0.3, 0.05)


def a_good(name: str, new: str, wrong: str, instead: str, *, severity: str = "error") -> Mistake:
    return Mistake(
        name=name, file=GOODS, old=DIESEL, new=new, at="DIESEL0", wrong=wrong, instead=instead, severity=severity
    )


@cases(
    a_good(
        "metric-table-at-20",
        "correction: 54B, density_kg_m3: 832.0",
        "ref_temp_c 20 °C does not fit table 54B",
        "write ref_temp_c: 15",
    ),
    a_good(
        "fahrenheit-table-at-15",
        "correction: 6B, density_kg_m3: 832.0, ref_temp_c: 15",
        "ref_temp_c 15 °C does not fit table 6B",
        "write ref_temp_c: 60F",
    ),
    a_good(
        "spirit-at-15",
        "correction: R22, abv_percent: 65, ref_temp_c: 15",
        "ref_temp_c 15 °C does not fit table R22",
        "write ref_temp_c: 20",
    ),
    a_good(
        "edition-of-no-table",
        "correction: linear, slope_kg_m3_c: 0.7, edition: 2004, density_kg_m3: 832",
        "linear has no editions",
        "delete it",
    ),
    a_good(
        "unknown-edition",
        "correction: 60B, edition: 1998, density_kg_m3: 832",
        "'1998' is unknown",
        "1980, 2004",
    ),
    a_good(
        "group-c-without-alpha",
        "correction: 54C, density_kg_m3: 832, ref_temp_c: 15",
        "a 54C correction without alpha",
        "alpha_per_c",
    ),
    a_good(
        "alpha-per-fahrenheit",
        "correction: 54C, density_kg_m3: 832, ref_temp_c: 15, alpha_per_c: 0.0004",
        "0.0004 lies outside 0.000414–0.001674",
        "times 1.8",
    ),
    a_good(
        "alpha-of-a-table-that-has-its-own",
        "correction: 60B, density_kg_m3: 832, alpha_per_c: 0.0008",
        "alpha_per_c: 60B has none",
        "24C, 54C, 6C",
    ),
    a_good(
        "spirit-without-strength",
        "correction: R22, density_kg_m3: 897.65",
        "a R22 correction without abv",
        "abv_percent: e.g. 65",
    ),
    a_good(
        "strength-by-mass-taken-for-volume",
        "correction: R22, density_kg_m3: 886, abv_percent: 65",
        "886 kg/m³ is not 65 %vol, which is 897.65",
        "leave the density out",
    ),
    a_good(
        "strength-of-an-oil",
        "correction: 60B, density_kg_m3: 832, abv_percent: 65",
        "abv_percent: 60B has none",
        "R22",
    ),
    a_good("no-density", "correction: 60B", "density_kg_m3: is missing", "certificate density"),
    a_good(
        "packed-oil",
        "correction: 60B, density_kg_m3: 832, packing_factor: 1.02",
        "60B is for liquids",
        "correction: bulk",
    ),
    a_good(
        "grain-packed-harder-than-usual",
        "correction: bulk, density_kg_m3: 735, packing_factor: 1.08",
        "1.08 lies outside the usual 1–1.05",
        "国粮执法规",
        severity="warning",
    ),
    a_good(
        "sediment-as-a-ratio-of-more-than-all",
        "correction: 60B, density_kg_m3: 832, sediment_water_percent: 101",
        "101 is out of range",
        "at most 100",
    ),
    a_good(
        "density-beyond-its-table",
        "correction: 60D, density_kg_m3: 700",
        "in table 60D, allowed 800",
        "check the density",
    ),
)
def test_a_contradiction_about_a_good_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)
