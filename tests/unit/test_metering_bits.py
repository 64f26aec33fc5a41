"""A value alone, in a column, in a slice and read backwards: the same bits, for every function of the tables."""

from collections.abc import Callable

import numpy as np
import pytest

from domain.good import Edition
from domain.metering import bitumen, ethanol, hydrometer
from domain.metering.air import Buoyancy, in_air, pounds_per_gallon, vacuum_to_air
from domain.metering.curve import Curve, density_at_base
from domain.metering.hydrostatic import density as weighed
from domain.metering.scale import api_of_density, density_of_api, ipts68_c
from domain.metering.table import DENSITY_TABLES, FACTOR_TABLES, Base, Table
from tests.fakes.metering import GOODS

N, ALONE = 2401, 16
RNG = np.random.default_rng(20)
DENSITY, TEMP, SHARE = RNG.uniform(660.0, 1060.0, N), RNG.uniform(-15.0, 145.0, N), RNG.uniform(0.0, 1.0, N)
PRESSURE, MM = RNG.choice([0.0, 90.0], N), RNG.uniform(1500.0, 9000.0, N)
ALPHA = np.asarray(6e-4)
Function = Callable[..., object]


def of_table(name: str, edition: Edition) -> list[tuple[str, Function, tuple[np.ndarray, ...]]]:
    table = Table.named(name, edition)
    alpha = ALPHA if name.endswith("C") else None
    given = (DENSITY, TEMP, PRESSURE)
    return [
        (f"{name}-{edition}-vcf", lambda d, t, p: table.factors(d, t, pressure_kpa=p, alpha=alpha).vcf, given),
        (f"{name}-{edition}-fp", lambda d, t, p: table.factors(d, t, pressure_kpa=p, alpha=alpha).fp, given),
        (f"{name}-{edition}-base", lambda d, t, p: table.density_at_base(d, t, pressure_kpa=p, alpha=alpha), given),
        (f"{name}-{edition}-still", lambda d, t, _: table.density_at_base(d, t, alpha=alpha), given),
    ]


FUNCTIONS = [
    *(f for name in FACTOR_TABLES + DENSITY_TABLES for edition in Edition for f in of_table(name, edition)),
    ("ipts68", ipts68_c, (TEMP,)),
    ("api", lambda d: api_of_density(d, Edition.Y2004), (DENSITY,)),
    ("of api", lambda d: density_of_api(d, Edition.Y1980), (TEMP,)),
    ("glass 20", lambda t: hydrometer.glass_factor(t, Base.C20), (TEMP,)),
    ("glass 60F", lambda t: hydrometer.glass_factor(t, Base.F60), (TEMP,)),
    ("air", lambda d: in_air(d, Buoyancy.GB), (DENSITY,)),
    ("air 56", lambda d: in_air(d, Buoyancy.ASTM56), (DENSITY,)),
    ("table 56", vacuum_to_air, (DENSITY,)),
    ("table 8", pounds_per_gallon, (DENSITY,)),
    ("bitumen 15", bitumen.vcf_15c, (DENSITY, TEMP)),
    ("bitumen 60F", bitumen.vcf_60f, (DENSITY / 999.0, TEMP)),
    ("bitumen base", bitumen.density15, (DENSITY, TEMP)),
    ("ethanol", ethanol.density, (SHARE, TEMP % 40.0)),
    ("abv", lambda s: ethanol.of_abv(s * 100.0).mass_fraction, (SHARE,)),
    ("share", lambda s: ethanol.of_mass_fraction(s).abv_percent, (SHARE,)),
    ("strength", lambda d, t: ethanol.of_density(d, t).abv_percent, (DENSITY, TEMP % 40.0)),
    ("hydrostatic", lambda p, q, h: weighed(p * 0.07, q * 0.01, h), (DENSITY, PRESSURE, MM)),
    *((f"base {c}", lambda d, t, good=good: density_at_base(good, d, t), (DENSITY, TEMP)) for c, good in GOODS.items()),
]


@pytest.mark.parametrize(("function", "given"), [f[1:] for f in FUNCTIONS], ids=[f[0] for f in FUNCTIONS])
def test_a_value_has_the_same_bits_however_it_lies_in_memory(function, given):
    whole = np.asarray(function(*given))
    wide = [np.repeat(column[:, None], 3, axis=1) for column in given]
    block = [column[:-1].reshape(4, 3, -1) for column in given]
    few = [column[:ALONE] for column in given]
    ways = {
        "each alone, 0-d": np.array([function(*map(np.asarray, row)) for row in zip(*few, strict=True)]),
        "each alone, as float": np.array([function(*row) for row in zip(*(c.tolist() for c in few), strict=True)]),
        "each alone, shape (1,)": np.concatenate([function(*(c[i : i + 1] for c in few)) for i in range(ALONE)]),
        "every other": np.asarray(function(*(c.repeat(2)[::2] for c in given))),
        "backwards": np.asarray(function(*(c[::-1] for c in given)))[::-1],
        "a column of three": np.asarray(function(*(w[:, 1] for w in wide))),
        "fortran order": np.asarray(function(*(np.asfortranarray(w) for w in wide)))[:, 2],
        "odd start": np.concatenate([whole[:3], np.asarray(function(*(c[3:] for c in given)))]),
        "as a block": np.append(np.asarray(function(*block)).ravel(), whole[-1]),
    }
    for way, found in ways.items():
        np.testing.assert_array_equal(found, whole[: found.size], err_msg=way)


@pytest.mark.parametrize("code", GOODS)
def test_a_goods_curve_gives_one_temperature_the_same_bits_alone_and_among_others(code):
    among, alone = Curve.of(list(GOODS.values())), Curve.of([GOODS[code]])
    place = list(GOODS).index(code)
    temps = np.repeat(TEMP[:, None], len(GOODS), axis=1)
    for seen, expected in zip(among.at(temps), alone.at(TEMP[:, None]), strict=True):
        np.testing.assert_array_equal(seen[:, place], expected[:, 0])
    for i in range(ALONE):
        for seen, expected in zip(alone.at(TEMP[i : i + 1]), alone.at(TEMP[:, None]), strict=True):
            np.testing.assert_array_equal(seen, expected[i])
    squeezed = among.cpl(temps, np.full_like(temps, 90.0))[:, place]
    np.testing.assert_array_equal(squeezed, alone.cpl(TEMP[:, None], np.full((N, 1), 90.0))[:, 0])
