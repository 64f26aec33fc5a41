"""VCF against published values, the neighbouring edition of the standard, and its own range."""

import csv
from math import exp
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.metering.curve import Curve, alpha15_per_c, density15_kg_m3
from domain.errors import Unmeasurable
from domain.good import Correction, Good

with (Path(__file__).parents[1] / "data" / "measurement_points.csv").open(encoding="utf-8") as file:
    POINTS = {
        row["id"]: pytest.approx(float(row["published"]), rel=0, abs=float(row["tolerance"]))
        for row in csv.DictReader(file)
    }


def a_good(correction, density_kg_m3, *, ref_temp_c=20.0, slope=0.0, temp_band_c=(-30.0, 220.0)):
    return Good(
        code="g1",
        name="货",
        correction=correction,
        density_kg_m3=density_kg_m3,
        ref_temp_c=ref_temp_c,
        slope_kg_m3_c=slope,
        temp_band_c=temp_band_c,
    )


def vcf(good, temp_c):
    return Curve.of([good]).at(np.array([temp_c]))[0].item()


@pytest.mark.parametrize(
    ("point", "good", "temp_c"),
    [
        ("T54A", a_good(Correction.T60A, 1050.0, ref_temp_c=15.0), 55.0),
        ("T54B-9903", a_good(Correction.T60B, 990.3, ref_temp_c=15.0), 34.0),
        ("GB60B-834", a_good(Correction.T60B, 834.0), 13.0),
        ("GB60B-724", a_good(Correction.T60B, 724.6), 24.0),
        ("GB60B-7184", a_good(Correction.T60B, 718.4), 21.25),
        *((f"D4311-15C-A-{t}", a_good(Correction.BITUMEN, 1030.0, ref_temp_c=15.0), t) for t in (15, 150, 175, 200)),
        *((f"D4311-15C-B-{t}", a_good(Correction.BITUMEN, 950.0, ref_temp_c=15.0), t) for t in (15, 150, 175, 200)),
        *(
            (f"D4311-60F-{f}", a_good(Correction.BITUMEN, 1030.0, ref_temp_c=140 / 9), (f - 32) / 1.8)
            for f in (0, 50, 100, 150, 200)
        ),
    ],
)
def test_factor_is_the_published_one(point, good, temp_c):
    assert vcf(good, float(temp_c)) == POINTS[point]


@pytest.mark.parametrize("temp_c", [0, 10, 15, 25, 30, 40])
def test_a_certified_slope_gives_methanol_its_density_at_other_temperatures(temp_c):
    methanol = a_good(Correction.LINEAR, 791.01, slope=0.946)
    assert 791.01 * vcf(methanol, float(temp_c)) == POINTS[f"METHANOL-{temp_c}"]


@pytest.mark.parametrize(
    ("point", "correction", "reading", "temp_c", "glass_c", "base_c"),
    [
        ("T53A", Correction.T60A, 779.0, 25.0, 15.0, 15.0),
        ("GB59B-719", Correction.T60B, 719.0, 24.25, 20.0, 20.0),
        ("GB59B-725", Correction.T60B, 725.0, 15.25, 20.0, 20.0),
        ("GB59B-841", Correction.T60B, 841.0, 13.0, 20.0, 20.0),
    ],
)
def test_inversion_reproduces_published_standard_densities(point, correction, reading, temp_c, glass_c, base_c):
    glass = 1.0 - 0.000023 * (temp_c - glass_c) - 0.00000002 * (temp_c - glass_c) ** 2  # tables 53 and 59 include it
    density15 = density15_kg_m3(correction, reading * glass, temp_c)
    at_15 = a_good(correction, density15, ref_temp_c=15.0)
    assert density15 * vcf(at_15, base_c) == POINTS[point]


# --- API MPMS 11.1-2004, written independently, as a second authority over the whole range ------------------------

K_2004 = {
    "A": (341.0957, 0.0, 0.0),
    "D": (0.0, 0.34878, 0.0),
    "fuel": (103.8720, 0.2701, 0.0),
    "jet": (330.3010, 0.0, 0.0),
    "transition": (1489.0670, 0.0, -0.00186840),
    "gasoline": (192.4571, 0.2438, 0.0),
}


def t68_f(temp_c):
    a = (-0.148759, -0.267408, 1.080760, 1.269056, -4.089591, -1.871251, 7.438081, -3.536296)
    tau = temp_c / 630.0
    return (temp_c - sum(c * tau ** (i + 1) for i, c in enumerate(a))) * 1.8 + 32.0


def ctl_2004(group, density60, temp_f):
    if group == "B":
        group = next(
            name
            for name, low in (("fuel", 838.3127), ("jet", 787.5195), ("transition", 770.3520), ("gasoline", 0.0))
            if density60 >= low
        )
    k0, k1, k2 = K_2004[group]
    delta = 0.01374979547
    a = delta / 2.0 * ((k0 / density60 + k1) / density60 + k2)
    b = (2.0 * k0 + k1 * density60) / (k0 + (k1 + k2 * density60) * density60)
    shifted = density60 * (1.0 + (exp(a * (1.0 + 0.8 * a)) - 1.0) / (1.0 + a * (1.0 + 1.6 * a) * b))
    alpha = k0 / shifted**2 + k1 / shifted + k2
    dt = t68_f((temp_f - 32.0) / 1.8) - 60.0068749
    return exp(-alpha * dt * (1.0 + 0.8 * alpha * (dt + delta)))


@pytest.mark.parametrize(
    ("point", "group", "api", "temp_f"), [("API04-ex1-ctl", "A", 17.785, -27.7), ("API04-ex3-ctl", "B", 19.4, 48.04)]
)
def test_the_second_authority_reproduces_its_own_worked_examples(point, group, api, temp_f):
    assert ctl_2004(group, 999.016 * 141.5 / (api + 131.5), temp_f) == POINTS[point]


@pytest.mark.parametrize(
    ("correction", "group", "densities", "apart"),
    [
        (Correction.T60A, "A", range(650, 1051, 25), 8.2e-5),
        (Correction.T60B, "B", (*range(660, 765, 5), *range(785, 1051, 5)), 5e-5),
        (Correction.T60B, "B", range(765, 785), 4e-4),  # α is steep there: its 0.4 kg/m³ from 15 °C to 60 °F show
        (Correction.T60D, "D", range(810, 1151, 20), 5e-6),
    ],
)
def test_20_degree_tables_differ_from_the_2004_edition_only_as_the_editions_do(correction, group, densities, apart):
    for density20 in map(float, densities):
        density60 = density20
        for _ in range(20):
            density60 = density20 / ctl_2004(group, density60, 68.0)
        for temp_c in (-10.0, 0.0, 10.0, 35.0, 60.0, 90.0):
            other = ctl_2004(group, density60, temp_c * 1.8 + 32.0) / ctl_2004(group, density60, 68.0)
            assert abs(vcf(a_good(correction, density20), temp_c) - other) < apart, (density20, temp_c)


# --- what must hold everywhere -----------------------------------------------------------------------------------

goods = st.one_of(
    st.builds(a_good, st.just(Correction.T60A), st.floats(620, 1060)),
    st.builds(a_good, st.just(Correction.T60B), st.floats(660, 1060)),
    st.builds(a_good, st.just(Correction.T60D), st.floats(810, 1150)),
    st.builds(a_good, st.just(Correction.BITUMEN), st.floats(860, 1100), ref_temp_c=st.sampled_from([15.0, 20.0])),
    st.builds(a_good, st.just(Correction.LINEAR), st.floats(700, 1900), slope=st.floats(0.3, 1.3)),
)


@settings(deadline=None)
@given(good=goods, temps_c=st.tuples(st.floats(-18, 150), st.floats(-18, 150)))
def test_volume_is_itself_at_the_reference_and_shrinks_with_warmth(good, temps_c):
    cold, warm = sorted(temps_c)
    assert vcf(good, good.ref_temp_c) == pytest.approx(1.0, abs=1e-12)
    assert vcf(good, cold) >= vcf(good, warm)


@settings(deadline=None)
@given(good=goods, temp_c=st.floats(-17, 149))
def test_the_relative_slope_is_that_of_the_factor(good, temp_c):
    slope = Curve.of([good]).at(np.array([temp_c]))[1].item()
    rise = (vcf(good, temp_c + 0.5) - vcf(good, temp_c - 0.5)) / vcf(good, temp_c)
    assert slope == pytest.approx(rise, rel=1e-4)


@pytest.mark.parametrize("border", [770.36, 787.52, 838.5])
def test_nothing_jumps_between_product_groups(border):
    below, above = (alpha15_per_c(Correction.T60B, border + step) for step in (-1e-6, 1e-6))
    assert abs(below - above) < 1.5e-7  # over 50 °C less than half of the last printed digit


def test_a_mixed_column_gives_each_good_its_own_factor():
    mixed = [
        a_good(Correction.T60B, 840.0),
        a_good(Correction.BITUMEN, 1030.0, ref_temp_c=15.0),
        a_good(Correction.LINEAR, 791.0, slope=0.946),
        a_good(Correction.T60A, 870.0),
    ]
    temps = np.array([[30.0, 150.0, 30.0, 30.0], [5.0, 160.0, 5.0, 5.0]])
    together, _ = Curve.of(mixed).at(temps)
    alone = [[vcf(good, t) for good, t in zip(mixed, row, strict=True)] for row in temps]
    assert together.tolist() == alone


@pytest.mark.parametrize(
    ("good", "inside", "outside"),
    [
        (a_good(Correction.T60B, 840.0), (-18.0, 150.0), (-18.01, 150.01, np.nan, np.inf)),
        (a_good(Correction.T60B, 740.0, temp_band_c=(-15.0, 45.0)), (-15.0, 45.0), (-15.01, 45.01)),
        (a_good(Correction.BITUMEN, 1030.0, temp_band_c=(60.0, 300.0)), (60.0, 275.0), (59.9, 275.1)),
    ],
)
def test_a_curve_holds_inside_its_table_and_its_goods_band(good, inside, outside):
    curve = Curve.of([good])
    assert all(curve.covers(np.array([t])).item() for t in inside)
    assert not any(curve.covers(np.array([t])).item() for t in outside)


@pytest.mark.parametrize(
    ("good", "why"),
    [
        (a_good(Correction.T60B, 640.0), r"'g1': density 64\d\.\d+ kg/m³ at 15 °C in table 60B, allowed 653…1075"),
        (a_good(Correction.T60D, 700.0), r"table 60D, allowed 800…1164"),
        (a_good(Correction.BITUMEN, 840.0), r"table D4311, allowed 850…3000"),
        (a_good(Correction.T60B, 0.84), r"density 0\.84 kg/m³ at 20 °C, allowed 300…3000"),
        (a_good(Correction.LINEAR, float("nan"), slope=0.9), r"density nan kg/m³"),
        (a_good(Correction.LINEAR, 791.0, slope=946.0), r"density 48091 kg/m³ at -30 °C, allowed 1…3000"),
    ],
)
def test_a_density_outside_the_table_is_refused_by_name(good, why):
    with pytest.raises(Unmeasurable, match=why):
        Curve.of([good])
