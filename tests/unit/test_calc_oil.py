"""``calc vcf`` and ``calc density`` over the whole range of every table, against a twin in plain arithmetic.

The twin goes only forward, from a density at the equation's base, so that it inverts nothing.
"""

from math import exp
from pathlib import Path

import pytest

from tests.fakes.calculator import Calculator, sheet

PSI_KPA = 6.894757
A68 = (-0.148759, -0.267408, 1.080760, 1.269056, -4.089591, -1.871251, 7.438081, -3.536296)
BASE_C = {"6": 140 / 9, "24": 140 / 9, "54": 15.0, "60": 20.0}
OBSERVED = {"6": "5", "24": "23", "54": "53", "60": "59"}
RANGES = {
    ("2004", "A"): (610.6, 1163.5), ("2004", "B"): (610.6, 1163.5), ("2004", "D"): (800.9, 1163.5),
    ("1980", "A"): (610.5, 1075.0), ("1980", "B"): (653.0, 1075.0), ("1980", "D"): (800.0, 1164.0),
}  # fmt: skip
TABLES = [(no, group, year) for no in BASE_C for (year, group) in RANGES]


@pytest.fixture
def calc(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Calculator:
    return Calculator(capsys, tmp_path)


def f68(temp_c: float) -> float:
    tau = temp_c / 630.0
    return (temp_c - sum(a * tau ** (i + 1) for i, a in enumerate(A68))) * 1.8 + 32.0


def k_60f(group: str, rho: float) -> tuple[float, float, float]:
    if group == "A":
        return 341.0957, 0.0, 0.0
    if group == "D":
        return 0.0, 0.34878, 0.0
    if rho < 770.3520:
        return 192.4571, 0.2438, 0.0
    if rho < 787.5195:
        return 1489.0670, 0.0, -0.00186840
    return (330.3010, 0.0, 0.0) if rho < 838.3127 else (103.8720, 0.2701, 0.0)


def ctl_2004(group: str, rho: float, temp_c: float) -> float:
    """API MPMS 11.1-2004 §11.1.6.1, from 60 °F."""
    k0, k1, k2 = k_60f(group, rho)
    a = 0.01374979547 / 2 * ((k0 / rho + k1) / rho + k2)
    b = (2 * k0 + k1 * rho) / (k0 + (k1 + k2 * rho) * rho)
    star = rho * (1 + (exp(a * (1 + 0.8 * a)) - 1) / (1 + a * (1 + 1.6 * a) * b))
    alpha = (k0 / star + k1) / star + k2
    dt = f68(temp_c) - 60.0068749
    return exp(-alpha * dt * (1 + 0.8 * alpha * (dt + 0.01374979547)))


def ctl_60f_1980(group: str, rho: float, temp_c: float) -> float:
    """API 2540:1980, from 60 °F."""
    k0, k1, k2 = k_60f(group, rho)
    alpha, dt = (k0 / rho + k1) / rho + k2, temp_c * 1.8 + 32 - 60
    return exp(-alpha * dt * (1 + 0.8 * alpha * dt))


def ctl_15c_1980(group: str, rho: float, temp_c: float) -> float:
    """API 2540:1980, from 15 °C."""
    if group == "A":
        alpha = 613.97226 / rho**2
    elif group == "D":
        alpha = 0.6278 / rho
    elif rho <= 770.0:
        alpha = 346.42278 / rho**2 + 0.43884 / rho
    elif rho <= 787.5:
        alpha = 2680.3206 / rho**2 - 0.00336312
    elif rho <= 838.5:
        alpha = 594.5418 / rho**2
    else:
        alpha = 186.9696 / rho**2 + 0.48618 / rho
    return exp(-alpha * (temp_c - 15) * (1 + 0.8 * alpha * (temp_c - 15)))


def twin(no: str, year: str):
    if year == "2004":
        return ctl_2004
    return ctl_60f_1980 if no in ("6", "24") else ctl_15c_1980


def gap(no: str, group: str, year: str, rho: float) -> bool:
    """Whether the printed limits of 1980 leave the density to no group (770.0…770.5, 787.5…788.0, 838.5…839.0)."""
    return twin(no, year) is ctl_15c_1980 and group == "B" and any(b < rho < b + 0.5 for b in (770, 787.5, 838.5))


def grid(no: str, group: str, year: str) -> list[tuple[float, float]]:
    low, high = RANGES[year, group]
    coldest = -50.0 if year == "2004" else -18.0
    densities = [low + 0.01 + (high - low - 0.02) * i / 60 for i in range(61)]
    temps = [coldest + 0.01 + (150 - coldest - 0.02) * i / 16 for i in range(17)]
    return [(rho, t) for rho in densities for t in temps if not gap(no, group, year, rho)]


def written(no: str, temp_c: float) -> float:
    return temp_c * 1.8 + 32 if no in ("6", "24") else temp_c


@pytest.mark.parametrize(("no", "group", "year"), TABLES)
def test_the_factor_is_the_twins_over_the_whole_table(calc, no: str, group: str, year: str) -> None:
    ctl = twin(no, year)
    points = grid(no, group, year)
    rows = [
        {"density": repr(rho * ctl(group, rho, BASE_C[no])), "temp": repr(written(no, t))} for rho, t in points
    ]  # fmt: skip
    found = calc.rows(f"vcf --table {no}{group} --edition {year}", sheet(rows))
    assert {row["problem"] for row in found} == {""}
    for (rho, t), row in zip(points, found, strict=True):
        expected = ctl(group, rho, t) / ctl(group, rho, BASE_C[no])
        assert float(row["vcf"]) == pytest.approx(expected, rel=2e-10), (rho, t)


@pytest.mark.parametrize(("no", "group", "year"), TABLES)
def test_the_density_comes_back_over_the_whole_table(calc, no: str, group: str, year: str) -> None:
    ctl = twin(no, year)
    points = grid(no, group, year)
    rows = [{"density": repr(rho * ctl(group, rho, t)), "temp": repr(written(no, t))} for rho, t in points]
    found = calc.rows(f"density --table {OBSERVED[no]}{group} --edition {year}", sheet(rows))
    assert {row["problem"] for row in found} == {""}
    for (rho, t), row in zip(points, found, strict=True):
        assert float(row["density"]) == pytest.approx(rho * ctl(group, rho, BASE_C[no]), rel=2e-10), (rho, t)


@pytest.mark.parametrize("year", ["2004", "1980"])
@pytest.mark.parametrize(("no", "per_f"), [("6", 1.0), ("24", 1.0), ("54", 1.8)])
def test_a_given_alpha_is_taken_in_the_tables_own_degrees(calc, no: str, per_f: float, year: str) -> None:
    for alpha_f in (230e-6, 500e-6, 930e-6):
        for t in (-17.0, 5.0, 30.0, 120.0):
            found = calc.json(
                f"vcf --table {no}C --edition {year} --alpha {alpha_f * per_f!r} --temp {written(no, t)!r}"
            )
            base = BASE_C[no]
            dt, zero = (f68(t), f68(base)) if year == "2004" else (t * 1.8 + 32, base * 1.8 + 32)
            delta = 0.01374979547 if year == "2004" else 0.0
            origin = 60.0068749 if year == "2004" else zero
            log = [-alpha_f * (x - origin) * (1 + 0.8 * alpha_f * (x - origin + delta)) for x in (dt, zero)]
            assert found["vcf"] == pytest.approx(exp(log[0] - log[1]), rel=1e-10)


@pytest.mark.parametrize(("rho", "temp_f", "psi"), [(650.0, 100.0, 1500.0), (787.0, 20.0, 350.0), (950.0, 200.0, 90.0)])
def test_pressure_follows_the_standard_in_psi_and_kpa(calc, rho: float, temp_f: float, psi: float) -> None:
    temp_c = (temp_f - 32) / 1.8
    found = calc.json(f"vcf --table 24A --density {rho} --temp {temp_f} --pressure {psi}")
    t, star = f68(temp_c), found["rhostar"]
    fp = exp(-1.9947 + 0.00013427 * t + (793920 + 2326 * t) / star**2)
    assert found["fp"] == pytest.approx(fp, rel=1e-12)
    assert found["cpl"] == pytest.approx(1 / (1 - 1e-5 * fp * psi), rel=1e-12)
    assert found["vcf"] == pytest.approx(ctl_2004("A", rho, temp_c) * found["cpl"], rel=1e-12)
    assert found["ctpl"] == round(found["vcf"], 5)
    metric = calc.json(
        f"vcf --table 54A --api {141.5 / (rho / 999.016) - 131.5!r} --temp {temp_c!r} --pressure {psi * PSI_KPA!r}"
    )
    assert metric["cpl"] == pytest.approx(found["cpl"], rel=1e-10)
    back = calc.json(f"density --table 23A --density {rho * found['vcf']!r} --temp {temp_f} --pressure {psi}")
    assert back["density"] == pytest.approx(rho, rel=1e-11)


@pytest.mark.parametrize(("table", "year"), [("6A", "2004"), ("24B", "1980"), ("54D", "2004"), ("60B", "1980")])
def test_the_edition_is_2004_but_for_the_tables_of_gb_1885(calc, table: str, year: str) -> None:
    typed = f"vcf --table {table} --density 850 --temp 40"
    assert calc.json(f"vcf --table {table} --density 850 --temp 40 --edition {year}")["edition"] == year
    default = "1980" if table == "60B" else "2004"
    assert calc.json(typed) == calc.json(f"{typed} --edition {default}")


@pytest.mark.parametrize("typed", ["60b", "60B"])
def test_negative_pressure_counts_as_none(calc, typed: str) -> None:
    assert calc.json(f"vcf --table {typed} --density 850 --temp 40 --pressure -7.3")["cpl"] == 1.0
