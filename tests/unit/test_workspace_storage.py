"""``goods.yaml``: where a good keeps, and its certificate. Told, and mistakes with what to write instead."""

from datetime import date
from pathlib import Path

import pytest

from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

GOODS = "goods.yaml"


def test_storage_and_certificate_are_read(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    more = "storage_temp_c: [5, 35], certificate_no: ZJ-0311, certified_on: 2026-03-01, purity_percent: 99.9"
    change(workspace, GOODS, "density_kg_m3: 832.0", f"density_kg_m3: 832.0, {more}")
    good = found(workspace).sound().goods["DIESEL0"]
    assert (good.storage_temp_c, good.certificate_no) == ((5.0, 35.0), "ZJ-0311")
    assert (good.certified_on, good.purity_percent) == (date(2026, 3, 1), 99.9)


def test_a_good_that_says_nothing_of_it_means_what_it_meant() -> None:
    good = found(Path(__file__).parents[1] / "data" / "workspaces" / "two_banks").sound().goods["DIESEL0"]
    assert (good.storage_temp_c, good.certificate_no, good.certified_on, good.purity_percent) == (None,) * 4


@cases(
    Mistake(
        name="storage-upside-down",
        file=GOODS,
        old="density_kg_m3: 832.0",
        new="density_kg_m3: 832.0, storage_temp_c: [35, 5]",
        at="DIESEL0",
        wrong="does not rise",
        instead="[smaller, larger]",
    ),
    Mistake(
        name="storage-that-is-not-believed",
        file=GOODS,
        old="density_kg_m3: 832.0",
        new="density_kg_m3: 832.0, storage_temp_c: [-40, 35]",
        at="DIESEL0",
        wrong="-40–35 °C reaches beyond temp_band_c -30–220",
        instead="widen temp_band_c",
    ),
    Mistake(
        name="purity-as-a-ratio-of-nothing",
        file=GOODS,
        old="density_kg_m3: 832.0",
        new="density_kg_m3: 832.0, purity_percent: 0",
        at="DIESEL0",
        wrong="0 is out of range",
        instead="above 0",
    ),
)
def test_a_mistake_is_told_with_its_remedy(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@pytest.mark.parametrize("example", ["demo", "formaldehyde"])
def test_the_examples_say_where_formaldehyde_keeps(example: str) -> None:
    goods = found(Path(__file__).parents[2] / "examples" / example).sound().goods
    assert goods["FORMALDEHYDE37"].storage_temp_c == (25.0, 45.0)
