"""A certificate typed from the paper: its parts are read, and every slip of the pen is told by its line."""

from pathlib import Path

import numpy as np
import pytest

from domain.metering.capacity import Capacity
from tests.fakes.mistakes import change, copy_of_sound, found

NORTH = "sites/north.yaml"
TABLE = "tables/T-1.csv"
CM = ["1804", "3607", "5411", "7214", "9018", "10822", "12625", "14429", "16232"]
MM = ["180", "361", "541", "721", "902", "1082", "1263", "1443", "1623"]
TYPED = "\n".join(
    [
        "part,level_mm,volume_l,from_mm,to_mm",
        "bottom,0,2313",
        "bottom,500,90100,,",  # a spreadsheet leaves its commas
        "main,600,108200",
        "main,700,126236",
        "",
        *(f"cm,{n * 10},{litres},0,700" for n, litres in enumerate(CM, start=1)),
        *(f"mm,{n},{litres},0,700" for n, litres in enumerate(MM, start=1)),
        "hydrostatic,600,4",
        "hydrostatic,700,5",
    ]
)


def with_table(tmp_path: Path, text: str, *, tank: str = "") -> Path:
    """The sound workspace with this table for T-1, whose filling height it just reaches."""
    workspace = copy_of_sound(tmp_path)
    (workspace / TABLE).write_text(text, encoding="utf-8")
    change(workspace, NORTH, "max_level_mm: 2900,", f"max_level_mm: 690,{tank}")
    return workspace


def test_the_parts_become_rows_by_the_millimetre(tmp_path: Path) -> None:
    loaded = found(with_table(tmp_path, TYPED))
    assert loaded.problems == ()
    table = loaded.sound().index.tanks[0].table

    assert table is not None
    assert table.level_mm[:3] == (0.0, 500.0, 599.0)  # 599: where the correction begins
    volume_l = dict(zip(table.level_mm, np.round(np.array(table.volume_m3) * 1000.0, 6).tolist(), strict=True))
    assert volume_l[673.0] == 108200 + 12625 + 541
    assert dict(zip(table.level_mm, table.hydrostatic_m3, strict=True))[673.0] == 0.004


def test_cubic_metres_say_the_same(tmp_path: Path) -> None:
    lines = [line.split(",") for line in TYPED.splitlines() if line]
    in_m3 = [[*x[:2], "volume_m3" if x[2] == "volume_l" else f"{int(x[2]) / 1000:.3f}", *x[3:]] for x in lines]
    litres = found(with_table(tmp_path / "litres", TYPED)).sound()
    metres = found(with_table(tmp_path / "metres", "\n".join(map(",".join, in_m3)))).sound()

    assert litres.index.tanks[0].table == metres.index.tanks[0].table


def test_what_the_certificate_says_beside_its_tables_is_the_tanks(tmp_path: Path) -> None:
    tank = " hydrostatic_row: linear, includes_relative_density: 0.79,"
    table = found(with_table(tmp_path, TYPED, tank=tank)).sound().index.tanks[0].table

    assert table is not None
    assert dict(zip(table.level_mm, table.hydrostatic_m3, strict=True))[650.0] == pytest.approx(0.0045)
    assert table.includes_relative_density == 0.79


def test_two_tanks_may_read_one_table_each_in_its_own_way(tmp_path: Path) -> None:
    workspace = with_table(tmp_path, TYPED, tank=" hydrostatic_row: nearest,")
    change(workspace, NORTH, "height_m: 12.0, heel_mm: 500, max_level_mm: 11000", f"height_m: 12.0, table: {TABLE}, "
           "heel_mm: 500, max_level_mm: 690")  # fmt: skip
    index = found(workspace).sound().index

    widening = Capacity.of(index.tanks[:2]).look_up(np.array([650.0, 650.0])).hydrostatic_m3
    assert widening.tolist() == [0.005, 0.004]


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong", "instead"),
    [
        ("main,700,126236", "mian,700,126236", 5, "'mian' is no part", "write 'main'"),
        ("main,700,126236", "main,700,126 236", 5, "is not 2 plain numbers", "main,1200,210345"),
        ("main,700,126236", "main,700,126236,0,700", 5, "is not 2 plain numbers", "main,1200,210345"),
        ("main,700,126236", "main,700,108200", 5, "does not rise above line 4", "from low to high"),
        ("main,700,126236", "main,600,126236", 5, "does not rise above line 4", "from low to high"),
        ("hydrostatic,700,5", "hydrostatic,700,3", 26, "does not rise above line 25", "from low to high"),
        ("cm,20,3607,0,700", "cm,20,3607", 8, "is not 4 plain numbers", "cm,30,541,0,1500"),
        ("cm,20,3607,0,700", "cm,2,3607,0,700", 8, "2 mm is no height of part cm", "10, 20, 30"),
        ("mm,9,1623,0,700", "mm,10,1623,0,700", 24, "10 mm is no height of part mm", "7, 8, 9"),
        ("cm,20,3607,0,700", "cm,20,3607,700,700", 8, "course 700–700 mm does not rise", "from_mm below to_mm"),
        ("mm,3,541,0,700", "mm,3,145,0,700", 18, "does not rise above line 17", "from low to high"),
        ("mm,9,1623,0,700\n", "", 25, "part mm of the course 0–700 mm lacks 9 mm", "write all nine"),
        ("main,700,126236\n", "", 25, "fewer than two rows of part main", "厘米容量表"),
        ("bottom,500,90100,,", "bottom,500,108300", 3, "108.3 m³ at 500 mm does not fit", "certificate"),
        ("main,700,126236", "main,700,126000", 4, "126.055 m³ at 699 mm, but 126 at 700 mm", "compare main, cm and mm"),
        ("part,level_mm,volume_l", "part,level_mm,volume", 1, "begins with", "part,level_mm,volume_m3,from_mm,to_mm"),
    ],
)
def test_a_slip_of_the_pen_is_told_by_its_line(
    tmp_path: Path, old: str, new: str, line: int, wrong: str, instead: str
) -> None:
    workspace = with_table(tmp_path, TYPED)
    change(workspace, TABLE, old, new)
    told = [p for p in found(workspace).problems if p.file == TABLE]

    assert told, "nothing was told"
    assert (told[0].line, told[0].severity) == (line, "error")
    assert wrong in told[0].wrong
    assert instead in told[0].instead


def test_a_course_that_does_not_follow_is_told_at_its_first_line(tmp_path: Path) -> None:
    (problem,) = found(with_table(tmp_path, TYPED.replace(",0,700", ",650,700"))).problems

    assert (problem.file, problem.line) == (TABLE, 7)
    assert "the course from 650 mm does not begin" in problem.wrong


def test_rounding_is_judged_by_the_coarsest_part_of_the_sum(tmp_path: Path) -> None:
    finer_main = TYPED.replace("main,700,126236", "main,700,126054.5")  # 699 mm: 126055 L of whole litres
    assert found(with_table(tmp_path, finer_main)).problems == ()
