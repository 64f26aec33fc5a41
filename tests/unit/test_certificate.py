"""A certificate's printed parts sum to the published volumes, rise, and end when their last day ends in China."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.metering.capacity import Capacity
from domain.metering.certificate import Certificate, Course, HydrostaticRow, Row, valid_until_us
from domain.metering.composition import compose
from domain.tank import Tank

# 180.36 L/mm, whole litres, as in "1247775 + 12625 + 541 + 514 x 0.8356" (depot training text, wk.yl1001.com)
CM = tuple(round(180.36 * mm) / 1000 for mm in range(10, 100, 10))
MM = tuple(round(180.36 * mm) / 1000 for mm in range(1, 10))
BY_DM = Certificate(
    main=(Row(6900.0, 1229.739), Row(7000.0, 1247.775), Row(7100.0, 1265.811)),
    courses=(Course(from_mm=5000.0, to_mm=7100.0, cm_m3=CM, mm_m3=MM),),
    hydrostatic=(Row(6900.0, 0.499), Row(7000.0, 0.514), Row(7100.0, 0.530)),
)
# "720485 + 398 + 46 x 0.7246" (same text): a main table by the cm
BY_CM = Certificate(
    main=(Row(5110.0, 718.495), Row(5120.0, 720.485), Row(5130.0, 722.475)),
    courses=(Course(from_mm=5000.0, to_mm=5130.0, mm_m3=tuple(0.199 * mm for mm in range(1, 10))),),
    hydrostatic=(Row(5000.0, 0.045), Row(5100.0, 0.046)),
)


def a_tank(table=None, **fields):
    whole = {"id": "T-1", "site_id": "s1", "name": "1号罐", "good": "g1", "heel_mm": 0.0, "max_level_mm": 1.0}
    return Tank(table=table, **whole | fields)


def the_table(certificate):
    table, faults = compose(certificate)
    assert table is not None, faults
    return table


def volume_l(certificate, level_mm, relative_density):
    read = Capacity.of([a_tank(the_table(certificate))]).look_up(np.array([level_mm]))
    return (read.volume_m3 + read.hydrostatic_m3 * relative_density).item() * 1000.0


@pytest.mark.parametrize(
    ("certificate", "level_mm", "relative_density", "published_l"),
    [
        # wk.yl1001.com, insulated diesel tank; the source misprints 12613760.5
        (BY_DM, 7073.0, 0.8356, 1261370.5),
        # wk.yl1001.com, floating-roof gasoline tank
        (BY_CM, 5122.0, 0.7246, 720916.3),
    ],
)
def test_the_parts_sum_to_the_published_volume(certificate, level_mm, relative_density, published_l):
    assert volume_l(certificate, level_mm, relative_density) == pytest.approx(published_l, rel=0, abs=0.05)


@pytest.mark.parametrize(
    ("row", "level_mm", "widening_l"),
    [
        ("previous", 6950.0, 499.0),
        ("previous", 6999.0, 499.0),
        ("previous", 7000.0, 514.0),
        ("nearest", 6949.0, 499.0),
        ("nearest", 6950.0, 514.0),
        ("linear", 6950.0, 506.5),
        ("linear", 7000.0, 514.0),
    ],
)
def test_the_hydrostatic_row_is_the_one_that_the_certificate_is_read_by(row, level_mm, widening_l):
    certificate = replace(BY_DM, hydrostatic_row=HydrostaticRow(row))
    with_it, without = (volume_l(certificate, level_mm, rd) for rd in (1.0, 0.0))
    assert with_it - without == pytest.approx(widening_l, abs=1e-6)


def test_below_its_first_line_a_hydrostatic_table_adds_nothing():
    late = replace(BY_DM, hydrostatic=BY_DM.hydrostatic[1:])
    assert volume_l(late, 6950.0, 1.0) == volume_l(late, 6950.0, 0.0)
    assert volume_l(late, 7000.0, 1.0) - volume_l(late, 7000.0, 0.0) == pytest.approx(514.0)


def test_without_decimals_the_correction_still_changes_its_row_within_a_millimetre():
    coarse = replace(BY_DM, courses=())
    table = the_table(coarse)
    assert table.level_mm == (6900.0, 6999.0, 7000.0, 7099.0, 7100.0)
    assert table.hydrostatic_m3 == (0.499, 0.499, 0.514, 0.514, 0.530)


def test_what_the_table_already_includes_travels_with_it():
    assert the_table(replace(BY_DM, includes_relative_density=0.84)).includes_relative_density == 0.84


def test_at_a_border_the_lower_course_still_counts():
    by_mm = tuple(n / 100 for n in range(1, 10))
    wide = Course(from_mm=50.0, to_mm=200.0, cm_m3=tuple(n / 5 for n in range(1, 10)), mm_m3=by_mm)
    narrow = replace(wide, from_mm=0.0, to_mm=50.0, cm_m3=tuple(n / 10 for n in range(1, 10)))
    certificate = Certificate(main=(Row(0.0, 0.5), Row(100.0, 3.0), Row(200.0, 6.0)), courses=(narrow, wide))
    table = the_table(certificate)
    at = dict(zip(table.level_mm, table.volume_m3, strict=True))
    assert at[50.0] == 0.5 + 0.5  # start < level ≤ end: five narrow centimetres
    assert at[60.0] == 0.5 + 1.2  # above the border the upper course's decimals, for the whole remainder
    assert table.level_mm[-1] == 200.0


def test_above_the_last_main_row_the_decimals_go_on_to_the_end_of_their_course_and_no_further():
    top = replace(BY_DM, courses=(replace(BY_DM.courses[0], to_mm=7143.0),))
    assert the_table(top).level_mm[-1] == 7143.0
    assert the_table(replace(top, courses=(replace(top.courses[0], to_mm=9000.0),))).level_mm[-1] == 7199.0


def test_below_the_main_table_the_bottom_alone_counts_and_nothing_below_it():
    certificate = replace(BY_CM, bottom=(Row(20.0, 3.0), Row(4000.0, 500.0), Row(5110.0, 718.495)))
    capacity = Capacity.of([a_tank(the_table(certificate))])
    assert capacity.volume(np.array([4000.0])).item() == 500.0
    assert capacity.volume(np.array([2010.0])).item() == pytest.approx((3.0 + 500.0) / 2)
    assert np.isnan(capacity.volume(np.array([19.9]))).all()


@pytest.mark.parametrize("top_m3", [1265.630, 1265.629, 1265.628])  # 7099: 1247.775 + 16.232 + 1.623 = 1265.630
def test_up_to_two_litres_of_rounding_give_way_to_the_row_above(top_m3):
    rounded = replace(BY_DM, main=(Row(7000.0, 1247.775), Row(7100.0, top_m3)), hydrostatic=())
    table = the_table(rounded)
    assert table.level_mm[-2:] == (7098.0, 7100.0)
    assert table.volume_m3[-1] == top_m3


def test_three_litres_are_no_rounding():
    slip = replace(BY_DM, main=(Row(7000.0, 1247.775), Row(7100.0, 1265.627)), hydrostatic=())
    assert [fault.level_mm for fault in compose(slip)[1]] == [7099.0]


def test_decimals_too_small_for_a_whole_litre_give_way_to_the_main_row():
    small = Course(from_mm=0.0, to_mm=20.0, mm_m3=(0.0, 0.001, 0.001, 0.002, 0.002, 0.002, 0.003, 0.003, 0.004))
    table = the_table(Certificate(main=(Row(0.0, 0.1), Row(10.0, 0.104), Row(20.0, 0.108)), courses=(small,)))
    assert table.level_mm[:5] == (0.0, 3.0, 6.0, 8.0, 10.0)


@pytest.mark.parametrize(
    ("certificate", "part", "level_mm", "wrong"),
    [
        (replace(BY_DM, main=(*BY_DM.main[:2], Row(7100.0, 1265.6))), "main", 7099.0, "1265.63 m³ at 7099 mm"),
        (replace(BY_DM, main=BY_DM.main[::2]), "main", 7100.0, "no main row between 6900 and 7100"),
        (replace(BY_CM, main=BY_CM.main[::2]), "main", 5130.0, "no main row between 5110 and 5130"),
        (replace(BY_CM, bottom=(Row(5115.0, 719.0),)), "bottom", 5115.0, "above the main table's start at 5110"),
        (replace(BY_CM, bottom=(Row(5110.0, 718.0),)), "bottom", 5110.0, "718 m³ at 5110 mm does not fit"),
        (replace(BY_CM, bottom=(Row(100.0, 800.0),)), "bottom", 100.0, "800 m³ at 100 mm does not fit"),
        (replace(BY_DM, hydrostatic=BY_DM.hydrostatic[:1]), "hydrostatic", 6900.0, "ends at 6900 mm"),
        (replace(BY_DM, courses=(replace(BY_DM.courses[0], from_mm=6950.0),)), "course", 6950.0, "does not begin"),
        (replace(BY_DM, courses=(replace(BY_DM.courses[0], to_mm=7000.0),)), "course", 5000.0, "courses end at 7000"),
        (
            replace(
                BY_DM, courses=(replace(BY_DM.courses[0], to_mm=7000.0), replace(BY_DM.courses[0], from_mm=6990.0))
            ),
            "course",
            6990.0,
            "does not begin where the table or the last course was: 7000",
        ),
        (
            replace(
                BY_DM, courses=(replace(BY_DM.courses[0], to_mm=7000.0), Course(from_mm=7000.0, to_mm=7100.0, cm_m3=CM))
            ),
            "course",
            7000.0,
            "do not both have cm, or both mm",
        ),
    ],
)
def test_parts_that_contradict_each_other_are_told_by_part_and_level(certificate, part, level_mm, wrong):
    table, faults = compose(certificate)
    assert table is None
    assert [(fault.part, fault.level_mm) for fault in faults] == [(part, level_mm)]
    assert wrong in faults[0].wrong


@settings(deadline=None)
@given(
    area=st.floats(0.05, 4.0e3),
    widths=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    taper=st.floats(-0.003, 0.003),
    digits=st.integers(0, 3),
)
def test_an_honestly_rounded_certificate_composes_and_stays_within_its_rounding(area, widths, taper, digits):
    """Litres or their decimals of a shell whose courses differ in area by up to 3 ‰, borders at whole decimetres."""
    borders = np.cumsum([0, *widths]) * 100
    areas = [area * (1.0 + taper * n) for n in range(len(widths))]

    def rounded(litres):
        return round(litres, digits) / 1000.0

    def true_l(levels):
        mm = np.asarray(levels)[:, None]
        return 500.0 + np.sum(areas * (np.clip(mm, borders[:-1], borders[1:]) - borders[:-1]), axis=1)

    courses = tuple(
        Course(
            from_mm=float(low),
            to_mm=float(high),
            cm_m3=tuple(rounded(a * 10 * n) for n in range(1, 10)),
            mm_m3=tuple(rounded(a * n) for n in range(1, 10)),
        )
        for a, low, high in zip(areas, borders, borders[1:], strict=False)
    )
    decimetres = np.arange(0.0, borders[-1] + 1.0, 100.0)
    main = tuple(Row(mm, rounded(m3)) for mm, m3 in zip(decimetres.tolist(), true_l(decimetres).tolist(), strict=True))
    unit_m3 = 10.0 ** -(digits + 3)
    table, faults = compose(Certificate(main=main, courses=courses, rounding_m3=unit_m3))
    assert faults == ()
    assert table is not None
    assert np.all(np.diff(table.volume_m3) > 0.0)
    np.testing.assert_allclose(
        table.volume_m3, true_l(table.level_mm) / 1000.0, rtol=0, atol=1.5 * unit_m3 * (1 + 1e-6)
    )


# --- validity ----------------------------------------------------------------------------------------------------


def us(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000


def test_a_calibration_ends_with_its_last_day_in_china():
    tanks = [a_tank(calibrated_until=date(2026, 3, 11)), a_tank()]
    first_us, never_us = valid_until_us(tanks).tolist()
    assert first_us == us(2026, 3, 11, 16)  # midnight of UTC+8
    assert never_us > us(9999, 1, 1)
    assert valid_until_us([]).shape == (0,)
