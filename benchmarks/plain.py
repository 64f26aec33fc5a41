"""The oil tables and the static chain once more, one value at a time with ``math``, straight from the standards.

An oracle for the tests and the baseline of ``benchmarks.measure``: it shares no arithmetic with ``domain.metering``.
Sources: API MPMS 11.1-2004 §11.1.6.1, API 2540:1980, GB/T 1885-1998, API MPMS 12.1.1, GB/T 19779-2005, ASTM D4311.
"""

from collections.abc import Callable
from math import exp, inf
from typing import NamedTuple

from domain.metering.ethanol import _A, _B, _C  # 54 coefficients, nothing but numbers

Row = tuple[float, float, float, float]
"""From this density on: K0, K1, K2."""
AT_60F: dict[str, tuple[Row, ...]] = {
    "A": ((0.0, 341.0957, 0.0, 0.0),),
    "B": (
        (0.0, 192.4571, 0.2438, 0.0),
        (770.3520, 1489.0670, 0.0, -0.00186840),
        (787.5195, 330.3010, 0.0, 0.0),
        (838.3127, 103.8720, 0.2701, 0.0),
    ),
    "D": ((0.0, 0.0, 0.34878, 0.0),),
}
AT_15C: dict[str, tuple[Row, ...]] = {
    "A": ((0.0, 613.97226, 0.0, 0.0),),
    "B": (
        (0.0, 346.42278, 0.43884, 0.0),
        (770.3554167398, 2680.3206, 0.0, -0.00336312),
        (787.5224490723, 594.5418, 0.0, 0.0),
        (838.5000001, 186.9696, 0.48618, 0.0),
    ),
    "D": ((0.0, 0.0, 0.6278, 0.0),),
}
A_68 = (-0.148759, -0.267408, 1.080760, 1.269056, -4.089591, -1.871251, 7.438081, -3.536296)
DELTA60 = 0.01374979547
PSI_KPA = 6.894757
F60_C = (60.0 - 32.0) / 1.8
BASE_C = {"6": F60_C, "24": F60_C, "5": F60_C, "23": F60_C, "54": 15.0, "53": 15.0, "60": 20.0, "59": 20.0}


class Steps(NamedTuple):
    """What a gauger writes down beside the factor; cpl at the given gauge pressure."""

    ctl: float
    cpl: float
    alpha: float
    tstar: float
    rhostar: float
    fp: float


Formula = Callable[[str, float, float, float, float | None], Steps]


def ipts68_c(t90_c: float) -> float:
    """The scale of 1968 from today's, °C."""
    tau = t90_c / 630.0
    return t90_c - sum(a * tau ** (i + 1) for i, a in enumerate(A_68))


def coefficients(rows: tuple[Row, ...], density: float) -> tuple[float, float, float]:
    """K0, K1, K2 of the product group that a density falls in."""
    for low, k0, k1, k2 in reversed(rows):
        if density >= low:
            return k0, k1, k2
    raise ValueError(density)


def api_2004(group: str, rho60: float, temp_c: float, p_kpa: float = 0.0, alpha: float | None = None) -> Steps:
    """Steps of §11.1.6.1 from temp_c to 60 °F; alpha per °F for group C."""
    tstar = ipts68_c(temp_c) * 1.8 + 32.0
    k0, k1, k2 = (0.0, 0.0, alpha or 0.0) if group == "C" else coefficients(AT_60F[group], rho60)
    a = DELTA60 / 2.0 * ((k0 / rho60 + k1) / rho60 + k2)
    b = 0.0 if group == "C" else (2.0 * k0 + k1 * rho60) / (k0 + (k1 + k2 * rho60) * rho60)
    rhostar = rho60 * (1.0 + (exp(a * (1.0 + 0.8 * a)) - 1.0) / (1.0 + a * (1.0 + 1.6 * a) * b))
    alpha60 = k0 / rhostar**2 + k1 / rhostar + k2
    dt = tstar - 60.0068749
    ctl = exp(-alpha60 * dt * (1.0 + 0.8 * alpha60 * (dt + DELTA60)))
    fp = exp(-1.9947 + 0.00013427 * tstar + (793920.0 + 2326.0 * tstar) / rhostar**2)
    return Steps(ctl, 1.0 / (1.0 - 1e-5 * fp * max(p_kpa, 0.0) / PSI_KPA), alpha60, tstar, rhostar, fp)


def api_1980(group: str, rho60: float, temp_c: float, p_kpa: float = 0.0, alpha: float | None = None) -> Steps:
    """API 2540 to 60 °F; alpha per °F for group C."""
    temp_f = temp_c * 1.8 + 32.0
    k0, k1, k2 = (0.0, 0.0, alpha or 0.0) if group == "C" else coefficients(AT_60F[group], rho60)
    alpha60 = k0 / rho60**2 + k1 / rho60 + k2
    dt = temp_f - 60.0
    fp = exp(-1.9947 + 0.00013427 * temp_f + (793920.0 + 2326.0 * temp_f) / rho60**2)
    cpl = 1.0 / (1.0 - 1e-5 * fp * max(p_kpa, 0.0) / PSI_KPA)
    return Steps(exp(-alpha60 * dt * (1.0 + 0.8 * alpha60 * dt)), cpl, alpha60, temp_f, rho60, fp)


def metric_1980(group: str, rho15: float, temp_c: float, p_kpa: float = 0.0, alpha: float | None = None) -> Steps:
    """Tables 54 of 1980, to 15 °C; alpha per °C for group C."""
    k0, k1, k2 = (0.0, 0.0, alpha or 0.0) if group == "C" else coefficients(AT_15C[group], rho15)
    alpha15 = k0 / rho15**2 + k1 / rho15 + k2
    dt = temp_c - 15.0
    fp = exp(-1.6208 + 0.00021592 * temp_c + (870960.0 + 4209.2 * temp_c) / rho15**2)
    cpl = 1.0 / (1.0 - 1e-6 * fp * max(p_kpa, 0.0))
    return Steps(exp(-alpha15 * dt * (1.0 + 0.8 * alpha15 * dt)), cpl, alpha15, temp_c, rho15, fp)


def formula(table: str, edition: str) -> tuple[Formula, float, float]:
    """Behind a table of an edition: its formula, the formula's own base and the table's, °C."""
    base_c = BASE_C[table[:-1]]
    if edition == "2004":
        return api_2004, F60_C, base_c
    return (api_1980, F60_C, base_c) if base_c == F60_C else (metric_1980, 15.0, base_c)


def rooted(rho_of: Callable[[float], float], wanted: float, near: float) -> float:
    """Where rho_of has the wanted value, nearest to a guess: stepping out, then false position after Illinois."""
    low, high = near, near
    miss_low = miss_high = rho_of(near) - wanted
    while miss_low > 0.0 and low > 200.0:
        low, high, miss_high = low - 5.0, low, miss_low
        miss_low = rho_of(low) - wanted
    while miss_high < 0.0 and high < 3000.0:
        low, high, miss_low = high, high + 5.0, miss_high
        miss_high = rho_of(high) - wanted
    side, best = 0, near
    for _ in range(80):
        best = high - miss_high * (high - low) / (miss_high - miss_low)
        if not low < best < high or high - low < 4e-16 * near:
            break
        miss = rho_of(best) - wanted
        if abs(miss) <= 2e-16 * wanted:
            return best
        if miss < 0.0:
            low, miss_low, miss_high = best, miss, miss_high / 2.0 if side < 0 else miss_high
        else:
            high, miss_high, miss_low = best, miss, miss_low / 2.0 if side > 0 else miss_low
        side = -1 if miss < 0.0 else 1
    return best


def own_density(table: str, edition: str, rho_base: float, alpha: float | None = None) -> float:
    """Density at the formula's base, from the one at the table's."""
    steps, own_c, base_c = formula(table, edition)
    if own_c == base_c:
        return rho_base
    return rooted(lambda rho: rho * steps(table[-1], rho, base_c, 0.0, alpha).ctl, rho_base, rho_base)


def vcf(
    table: str, edition: str, rho_base: float, temp_c: float, p_kpa: float = 0.0, alpha: float | None = None
) -> float:
    """CTL·CPL from temp_c and gauge pressure to the table's base."""
    steps, own_c, base_c = formula(table, edition)
    rho = own_density(table, edition, rho_base, alpha)
    found = steps(table[-1], rho, temp_c, p_kpa, alpha)
    at_base = 1.0 if own_c == base_c else steps(table[-1], rho, base_c, 0.0, alpha).ctl
    return found.ctl / at_base * found.cpl


def density_at_base(
    table: str, edition: str, rho_t: float, temp_c: float, p_kpa: float = 0.0, alpha: float | None = None
) -> float:
    """Density at the table's base from the one at temp_c and gauge pressure."""
    steps, own_c, base_c = formula(table, edition)

    def rho_there(rho: float) -> float:
        found = steps(table[-1], rho, temp_c, p_kpa, alpha)
        return rho * found.ctl * found.cpl if found.cpl > 0.0 else inf

    rho = rooted(rho_there, rho_t, rho_t)
    return rho if own_c == base_c else rho * steps(table[-1], rho, base_c, 0.0, alpha).ctl


def bitumen_15c(rho15: float, temp_c: float) -> float:
    """ASTM D4311, base 15 °C."""
    if rho15 >= 966.0:
        return 1.0094684142 - 6.33413410744e-4 * temp_c + 1.45710416212e-7 * temp_c**2
    return 1.0108020095 - 7.2343515319e-4 * temp_c + 2.1996598346e-7 * temp_c**2


def r22(share: float, temp_c: float) -> float:
    """OIML R22: Σ A·p^k + Σ B·(t - 20)^k + Σ C·p^k·(t - 20)^i, kg/m³; share of ethanol by mass."""
    x = temp_c - 20.0
    total = sum(a * share**k for k, a in enumerate(_A)) + sum(b * x ** (k + 1) for k, b in enumerate(_B))
    return total + sum(c * share ** (k + 1) * x ** (i + 1) for i, row in enumerate(_C) for k, c in enumerate(row))


def r22_share(abv_percent: float) -> float:
    """Share by mass of a strength in %vol at 20 °C."""
    return halved(lambda p: r22(p, 20.0) * p / 789.24 * 100.0 - abv_percent)


def r22_share_of(rho: float, temp_c: float) -> float:
    """Share by mass of a density at temp_c."""
    return halved(lambda p: rho - r22(p, temp_c))


def halved(rises: Callable[[float], float]) -> float:
    """Where it passes 0 between 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if rises(middle) < 0.0 else (low, middle)
    return high
