"""Mistakes about goods, sites, tanks, capacity tables and registers, each told in its place with its remedy."""

from pathlib import Path

from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

GOODS = "goods.yaml"
NORTH = "sites/north.yaml"
SOUTH = "sites/south.yaml"
TABLE = "tables/T-1.csv"


@cases(
    Mistake(
        name="good-twice",
        file=GOODS,
        old="  - {code: DIESEL0,",
        new="  - {code: METHANOL, name: 木精, correction: 60B, density_kg_m3: 800}\n  - {code: DIESEL0,",
        at="木精",
        wrong="good 'METHANOL' is there twice",
        instead="its own code",
    ),
    Mistake(
        name="linear-without-slope",
        file=GOODS,
        old=", slope_kg_m3_c: 0.946",
        new="",
        at="METHANOL",
        wrong="without slope",
        instead="0.946",
    ),
    Mistake(
        name="bitumen-at-20",
        file=GOODS,
        old="correction: 60B",
        new="correction: D4311",
        at="DIESEL0",
        wrong="does not fit table D4311",
        instead="ref_temp_c: 15",
    ),
    Mistake(
        name="density-outside-its-band",
        file=GOODS,
        old="density_kg_m3: 832.0",
        new="density_kg_m3: 832.0, density_band_kg_m3: [700, 800]",
        at="DIESEL0",
        wrong="832 lies outside the band 700–800",
        instead="widen the band",
    ),
    Mistake(
        name="band-upside-down",
        file=GOODS,
        old="density_kg_m3: 832.0",
        new="density_kg_m3: 832.0, temp_band_c: [60, -20]",
        at="DIESEL0",
        wrong="does not rise",
        instead="[smaller, larger]",
    ),
    Mistake(
        name="one-name-for-two-goods",
        file=GOODS,
        old="aliases: [柴油]",
        new="aliases: [甲醇]",
        at="DIESEL0",
        wrong="'甲醇' also names good 'METHANOL'",
        instead="keep the name for one",
        severity="warning",
    ),
    Mistake(
        name="unknown-good-in-a-tank",
        file=SOUTH,
        old="good: METHANOL",
        new="good: METHANOLE",
        at="S-1",
        wrong="tanks[S-1].good: good 'METHANOLE' is unknown",
        instead="write 'METHANOL'",
    ),
    Mistake(
        name="unknown-depot",
        file=SOUTH,
        old="depot: south",
        new="depot: suoth",
        at="site:",
        wrong="organisation 'suoth' is unknown",
        instead="write 'south'",
    ),
    Mistake(
        name="heel-above-the-top",
        file=NORTH,
        old="heel_mm: 500",
        new="heel_mm: 11000",
        at="T-2",
        wrong="heel 11000 mm is not below max_level_mm 11000",
        instead="certificate",
    ),
    Mistake(
        name="max-level-above-the-shell",
        file=NORTH,
        old="max_level_mm: 11000",
        new="max_level_mm: 12001",
        at="T-2",
        wrong="12001 mm is above the tank's top at 12000 mm",
        instead="at most 12000",
    ),
    Mistake(
        name="max-level-above-the-table",
        file=NORTH,
        old="max_level_mm: 2900",
        new="max_level_mm: 3100",
        at="T-1",
        wrong="above the tank's top at 3000 mm",
        instead="at most 3000",
    ),
    Mistake(
        name="max-level-above-a-horizontal-tank",
        file=SOUTH,
        old="max_level_mm: 2464",
        new="max_level_mm: 2801",
        at="S-1",
        wrong="above the tank's top at 2800 mm",
        instead="at most 2800",
    ),
    Mistake(
        name="vertical-without-height",
        file=NORTH,
        old="height_m: 12.0, ",
        new="",
        at="T-2",
        wrong="tanks[T-2].height_m: is missing for a vertical tank",
        instead="inner measure in m",
    ),
    Mistake(
        name="horizontal-with-height",
        file=SOUTH,
        old="length_m: 16.0",
        new="length_m: 16.0, height_m: 2.8",
        at="S-1",
        wrong="does not belong to a horizontal tank",
        instead="delete it",
    ),
    Mistake(
        name="neither-shape-nor-table",
        file=NORTH,
        old="table: tables/T-1.csv, ",
        new="",
        at="T-1",
        wrong="neither a shape nor a table",
        instead="tables/NAME.csv",
    ),
    Mistake(
        name="calibration-expired",
        file=SOUTH,
        old="2028-01-01",
        new="2026-03-11",
        at="calibrated_until",
        wrong="expired on 2026-03-11",
        instead="检定",
        severity="warning",
    ),
    Mistake(
        name="calibration-unknown",
        file=SOUTH,
        old=",\n     calibrated_until: 2028-01-01",
        new="",
        at="S-1",
        wrong="calibration's end is not stated",
        instead="calibrated_until: year-month-day",
        severity="warning",
    ),
    Mistake(
        name="tank-twice-across-sites",
        file=SOUTH,
        old="gateways:",
        new="  - {id: T-2, good: METHANOL, shape: sphere, diameter_m: 10, heel_mm: 250, max_level_mm: 2464,"
        " calibrated_until: 2028-01-01}\ngateways:",
        at="id: T-2",
        wrong="tank 'T-2' is there already, in sites/north.yaml line 6",
        instead="an id that no tank ever had",
    ),
    Mistake(
        name="site-twice",
        file=SOUTH,
        old="site: {id: south",
        new="site: {id: north",
        at="site:",
        wrong="site 'north' is there already, in sites/north.yaml",
        instead="another id",
    ),
    Mistake(
        name="one-name-for-two-tanks",
        file=SOUTH,
        old="good: METHANOL,",
        new="good: METHANOL, aliases: [T-1],",
        at="S-1",
        wrong="'T-1' also names tank 'T-1'",
        instead="keep the name for one",
        severity="warning",
    ),
)
def test_a_mistake_about_a_tank_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@cases(
    Mistake(
        name="falls",
        file=TABLE,
        old="2000,373.453",
        new="900,373.453",
        at="900,373.453",
        wrong="does not rise above 1000,187.883",
        instead="both rise",
    ),
    Mistake(
        name="volume-stands-still",
        file=TABLE,
        old="2000,373.453",
        new="2000,187.883",
        at="2000,187.883",
        wrong="does not rise",
        instead="both rise",
    ),
    Mistake(
        name="not-numbers",
        file=TABLE,
        old="2000,373.453",
        new="2000,373;453",
        at="373;453",
        wrong="is not level,volume",
        instead="1200,210.345",
    ),
    Mistake(
        name="header",
        file=TABLE,
        old="level_mm,volume_m3",
        new="mm,m3",
        at="mm,m3",
        wrong="begins with 'mm,m3'",
        instead="level_mm,volume_m3",
    ),
    Mistake(
        name="too-short",
        file=TABLE,
        old="1000,187.883\n2000,373.453\n3000,559.023\n",
        new="",
        at="0,2.313",
        wrong="has 1 usable row",
        instead="at least two rows",
    ),
    Mistake(
        name="begins-above-the-heel",
        file=TABLE,
        old="0,2.313\n1000,187.883",
        new="1000,187.883",
        at="T-1",
        told_in=NORTH,
        wrong="the table begins at 1000 mm, above the heel at 600 mm",
        instead="底量表",
    ),
    Mistake(
        name="missing-file",
        file=NORTH,
        old="tables/T-1.csv",
        new="tables/T-9.csv",
        at="T-1",
        wrong="file 'tables/T-9.csv' is missing",
        instead="correct the path",
    ),
    Mistake(
        name="path-out-of-the-workspace",
        file=NORTH,
        old="tables/T-1.csv",
        new="../T-1.csv",
        at="T-1",
        wrong="is not a path inside the workspace",
        instead="tables/T-111.csv",
    ),
)
def test_a_mistake_in_a_capacity_table_is_told_by_its_line(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@cases(
    Mistake(
        name="overlap-by-step",
        file=NORTH,
        old="        step: 2\n        level",
        new="        step: 1\n        level",
        at="level:",
        wrong="register 4001 is level of 'T-2' and level of 'T-1'",
        instead="check address, step and type",
        others=1,
    ),
    Mistake(
        name="overlap-of-two-quantities",
        file=NORTH,
        old="temp: {address: 4200}",
        new="temp: {address: 4003}",
        at="temp:",
        wrong="register 4003 is temp of 'T-1' and level of 'T-2'",
        instead="check address, step and type",
    ),
    Mistake(
        name="beyond-the-last-register",
        file=NORTH,
        old="temp: {address: 4200}",
        new="temp: {address: 65533}",
        at="temp:",
        wrong="tank 'T-2' would stand at 65535, beyond the last register",
        instead="zero-based",
    ),
    Mistake(
        name="address-too-large",
        file=NORTH,
        old="temp: {address: 4200}",
        new="temp: {address: 65536}",
        at="temp:",
        wrong="65536 is out of range",
        instead="from 0 to 65535",
    ),
    Mistake(
        name="no-level",
        file=SOUTH,
        old="        level: {address: 2, scale: 0.1, resolution: 0.1, fail: [0x7FFFFFFF, 0xFFFFFFFF]}\n",
        new="",
        at="id: S-1",
        wrong="no register gives the level of tank 'S-1'",
        instead="add the tank to a map",
    ),
    Mistake(
        name="no-temperature",
        file=SOUTH,
        old="        temp: {address: 4, scale: 0.1}\n",
        new="",
        at="id: S-1",
        wrong="no register gives the temp of tank 'S-1'",
        instead="add the tank to a map",
    ),
    Mistake(
        name="no-step",
        file=NORTH,
        old="        step: 2\n        density",
        new="        density",
        at="density:",
        wrong="step: is missing",
        instead="how many registers",
        others=1,
    ),
    Mistake(
        name="one-level-for-all-tanks",
        file=NORTH,
        old="level: {address: 4000,",
        new="level: {step: 0, address: 4000,",
        at="level:",
        wrong="step: is 0: every tank would have the same level",
        instead="how many registers lie from one tank to the next",
        others=1,
    ),
    Mistake(
        name="air-without-step",
        file=SOUTH,
        old="      - bases: {S-1: 212}\n",
        new="      - {tanks: [S-1, ~], type: int16, air: {address: 190}}\n      - bases: {S-1: 212}\n",
        at="air:",
        wrong="step: is missing",
        instead="step: 0 in it where one register speaks for all",
    ),
    Mistake(
        name="pressure-in-millimetres",
        file=SOUTH,
        old="        temp: {address: 4, scale: 0.1}\n",
        new="        temp: {address: 4, scale: 0.1}\n        p1: {address: 6, unit: mm}\n",
        at="p1:",
        wrong="'mm' is no unit of p1",
        instead="kPa, bar, mbar, Pa",
    ),
    Mistake(
        name="air-hotter-than-any",
        file=SOUTH,
        old="        temp: {address: 4, scale: 0.1}\n",
        new="        temp: {address: 4, scale: 0.1}\n        air: {address: 6, unit: K, high: 400}\n",
        at="air:",
        wrong="400 K is no believable air",
        instead="213.15 to 333.15",
    ),
    Mistake(
        name="pressure-over-another-register",
        file=SOUTH,
        old="        temp: {address: 4, scale: 0.1}\n",
        new="        temp: {address: 4, scale: 0.1}\n        p3: {address: 5}\n",
        at="p3:",
        wrong="register 217 is p3 of 'S-1' and temp of 'S-1'",
        instead="check address, step and type",
    ),
    Mistake(
        name="unknown-tank",
        file=NORTH,
        old="tanks: [~, T-2]",
        new="tanks: [T-3, T-2]",
        at="T-3",
        wrong="tank 'T-3' is not a tank of this site",
        instead="under tanks in this file",
    ),
    Mistake(
        name="tank-twice-in-a-map",
        file=NORTH,
        old="tanks: [T-1, T-2]",
        new="tanks: [T-1, T-2, T-2]",
        at="T-2, T-2",
        wrong="'T-2' is there twice",
        instead="write ~",
    ),
    Mistake(
        name="quantity-twice",
        file=NORTH,
        old="density: {address: 4600, scale: 0.1}",
        new="level: {address: 4600, scale: 0.1}",
        at="address: 4600",
        wrong="tank 'T-2' has a level already, at 4002",
        instead="delete one of the two",
    ),
    Mistake(
        name="no-type",
        file=SOUTH,
        old="        type: int32\n        word_order: little\n        level: {address: 2,",
        new="        word_order: little\n        level: {address: 2, type: int32,",
        at="temp:",
        wrong="type: is missing",
        instead="int16",
    ),
    Mistake(
        name="unit-of-another-quantity",
        file=SOUTH,
        old="temp: {address: 4,",
        new="temp: {unit: mm, address: 4,",
        at="temp:",
        wrong="'mm' is no unit of temp",
        instead="C, F, K",
    ),
    Mistake(
        name="fail-value-larger-than-the-register",
        file=SOUTH,
        old="fail: [0x7FFFFFFF, 0xFFFFFFFF]",
        new="fail: [0x7FFFFFFF, 0x1FFFFFFFF]",
        at="level:",
        wrong="0x1ffffffff does not fit",
        instead="below 0x100000000",
    ),
    Mistake(
        name="bits-of-a-level",
        file=SOUTH,
        old="level: {address: 2,",
        new="level: {bits: [{mask: 1, means: busy}], address: 2,",
        at="level:",
        wrong="only a status has bits",
        instead="move them to status",
    ),
    Mistake(
        name="low-above-high",
        file=SOUTH,
        old="temp: {address: 4,",
        new="temp: {low: 60, high: -20, address: 4,",
        at="temp:",
        wrong="60 is not below high -20",
        instead="exchange the two",
    ),
    Mistake(
        name="tanks-and-bases",
        file=SOUTH,
        old="- bases: {S-1: 212}",
        new="- bases: {}",
        at="- bases",
        wrong="names no tank",
        instead="bases: {A: 1000}",
        others=1,
    ),
    Mistake(
        name="function-that-writes",
        file=NORTH,
        old="function: 4",
        new="function: 6",
        at="function: 6",
        wrong="'6' is unknown",
        instead="one of 3, 4",
    ),
    Mistake(
        name="unknown-meaning",
        file=NORTH,
        old="means: device",
        new="means: devise",
        at="status:",
        wrong="'devise' is unknown",
        instead="write 'device'",
    ),
    Mistake(
        name="host-with-port",
        file=SOUTH,
        old="host: 127.0.0.1",
        new="host: 127.0.0.1:502",
        at="host:",
        wrong="is not a host",
        instead="the port goes to 'port'",
    ),
    Mistake(
        name="one-device-twice",
        file=SOUTH,
        old="port: 15022\n    unit: 2",
        new="port: 15021\n    unit: 1",
        at="host:",
        wrong="127.0.0.1:15021 unit 1 is polled already, in sites/north.yaml line 10",
        instead="under one gateway",
    ),
    Mistake(
        name="example-address",
        file=SOUTH,
        old="host: 127.0.0.1",
        new="host: 192.0.2.10",
        at="host:",
        wrong="192.0.2.10 is an address for examples",
        instead="the depot's gauge gateway",
        severity="warning",
    ),
)
def test_a_mistake_in_a_register_map_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


def test_a_mistake_in_one_tank_hides_none_in_the_next(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, NORTH, "max_level_mm: 2900", "max_level_mm: high")
    change(workspace, NORTH, "diameter_m: 15.0", "diameter_m: -15.0")
    change(workspace, SOUTH, "heel_mm: 250", "heel_mm: 2500")

    told = [(p.file, p.where) for p in found(workspace).problems]

    assert told == [
        (NORTH, "tanks[T-1].max_level_mm"),
        (NORTH, "tanks[T-2].diameter_m"),
        (SOUTH, "tanks[S-1].heel_mm"),
    ]


def test_every_bad_row_of_a_table_is_told(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, TABLE, "1000,187.883", "x,187.883")
    change(workspace, TABLE, "3000,559.023", "3000")

    assert [(p.file, p.line) for p in found(workspace).problems] == [(TABLE, 3), (TABLE, 5)]


def test_one_thermometer_may_speak_for_all_tanks_of_a_site(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(
        workspace,
        NORTH,
        "        temp: {address: 4200}\n",
        "        temp: {address: 4200}\n        air: {address: 4800, step: 0}\n",
    )

    assert found(workspace).problems == ()


def test_one_status_register_may_speak_for_several_tanks(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    shared = "      - bases: {T-1: 0}\n        type: uint32\n        status: {address: 9986, bits: [{mask: 1, means: busy}]}\n"
    text = (workspace / NORTH).read_text(encoding="utf-8")
    (workspace / NORTH).write_text(text + shared, encoding="utf-8")

    assert found(workspace).problems == ()
