"""质量: measured apart from declared, 正常 only on fresh readings and a band that somebody has set."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pytest

from bot.words import Words
from domain.good import Good
from domain.people import Role
from domain.tank import DensityFrom, Tank
from skills import quality
from skills.ports import Chain, Reading
from skills.skill import Answer, Status
from tests.data.words.hengyun import GOODS, HY, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
B70 = replace(
    GOODS["B70"], storage_temp_c=(130.0, 165.0), density_kg_m3=1030.0, ref_temp_c=15.0, certificate_no="ZJ-0302",
    certified_on=date(2026, 3, 2), purity_percent=99.9, sediment_water_percent=0.2,
)  # fmt: skip
CHAIN = Chain(
    tov_m3=7700.0, water_m3=0.0, ctsh=1.0, roof_m3=0.0, gov_m3=7700.0, vcf=1.0, gsv_m3=7700.0, nsv_m3=7700.0,
    density_kg_m3=803.9, mass_air_kg=6_080_200.0, deliverable_kg=6_000_000.0, u_mass_kg=9000.0, online_gap_kg_m3=12.5,
    hydrostatic_gap_kg_m3=None, remarks=(),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kept(Window):
    """Bitumen and methanol with storage bands; T-120 with a density gauge."""

    bands: bool = True
    online: bool = False

    @property
    def goods(self) -> Mapping[str, Good]:
        return (
            {**GOODS, "B70": B70, "MEOH": replace(GOODS["MEOH"], storage_temp_c=(0.0, 24.0))} if self.bands else GOODS
        )

    def tank(self, tank_id: str) -> Tank:
        found = super().tank(tank_id)
        return replace(found, density_from=DensityFrom.ONLINE) if self.online and tank_id == "T-120" else found


@dataclass(frozen=True, kw_only=True)
class Wet(Kept):
    """Water at the bottom of some tanks, mm; None: no reading."""

    water: Mapping[str, float | None]

    def reading(self, tank_id: str) -> Reading:
        return replace(super().reading(tank_id), water_mm=self.water.get(tank_id, 0.0))


def ask(seen: Window | None = None, **arguments: str) -> Answer:
    return quality.run(seen or Kept(), arguments)


def hot(temp_c: float, *, tank: str = "C-01", age_s: float = 46.0) -> Kept:
    """One tank of bitumen at this temperature, the others at 24.5 °C."""
    there = scene(ages_s={tank: age_s})
    row = there.farm.index.row[tank]
    temps = there.farm.temp_c.copy()
    temps[row] = temp_c
    return Kept(scenes={HY: replace(there, farm=replace(there.farm, temp_c=temps))})


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("quality.one", hot(148.6), {"tank": "C-01"}),
        ("quality.measured", Kept(online=True, chain=CHAIN), {"tank": "T-120", "metric": "density,water"}),
        ("quality.unrecorded", Kept(bands=False), {"tank": "V203"}),
        ("quality.cold", Kept(), {"good": "B70", "metric": "temp"}),
        ("quality.all", Kept(), {}),
        ("quality.purity", Kept(), {"good": "B70", "metric": "purity"}),
        ("quality.wet", Wet(water={"T-113": 42.0, "V203": 118.0, "C-01": None}), {"metric": "water"}),
        ("quality.wet_one", Wet(water={"V203": 118.0}), {"metric": "water", "tank": "V203"}),
        ("quality.dry", Wet(water={}), {"metric": "water"}),
        ("quality.silent", Kept(scenes={HY: scene(ages_s={"C-01": 2400.0})}), {"tank": "C-01", "metric": "temp"}),
        ("quality.never", Kept(scenes={HY: scene(ages_s={"C-01": float("inf")})}), {"tank": "C-01"}),
    ],
)
def test_it_reads_so(name: str, seen: Window, arguments: dict[str, str]) -> None:
    message = WORDS.answer(ask(seen, **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(name, message)


@pytest.mark.parametrize(
    ("temp_c", "state"), [(129.9, "low"), (130.0, "normal"), (148.6, "normal"), (165.0, "normal"), (165.1, "high")]
)
def test_a_temperature_is_judged_by_the_band_with_both_ends_in_it(temp_c: float, state: str) -> None:
    assert ask(hot(temp_c), tank="C-01").facts["rows"][0]["temp"]["state"] == state


def test_an_old_reading_is_never_normal() -> None:
    answer = ask(hot(148.6, age_s=900.0), tank="C-01")
    assert (answer.status, answer.facts["rows"][0]["temp"]["state"]) == (Status.STALE, "unknown")
    assert "正常" not in WORDS.answer(answer).text


def test_without_a_band_nobody_says_normal() -> None:
    answer = ask(Kept(bands=False), tank="T-112", metric="temp")
    assert answer.facts["rows"][0]["temp"]["state"] == "unset"
    assert "无法判断是否正常" in WORDS.answer(answer).text


def test_a_density_gauge_is_told_as_measured_and_a_certificate_as_declared() -> None:
    measured = ask(Kept(online=True, chain=CHAIN), tank="T-120").facts["rows"][0]["density"]
    assert (measured["measured"], measured["kg_m3"]) == (True, 803.9)
    fallen = replace(CHAIN, remarks=("DENSITY_FROM_CERTIFICATE",))  # the gauge gave nothing
    declared = ask(Kept(online=True, chain=fallen), tank="T-120").facts["rows"][0]["density"]
    assert (declared["measured"], declared["kg_m3"]) == (False, 800.0)


def test_the_coldest_come_first() -> None:
    assert [r["temp"]["state"] for r in ask().facts["rows"]][:5] == ["low", "low", "high", "high", "high"]


def test_who_may_not_see_quantities_is_refused() -> None:
    answer = ask(Kept(where="group", who="li", fields=frozenset()), tank="C-01")
    assert (answer.status, answer.kind) == (Status.NOT_PERMITTED, "withheld")


def test_an_inspector_may_ask_but_not_the_operator() -> None:
    assert Role.INSPECTOR in quality.SKILL.roles
    assert Role.OPERATOR not in quality.SKILL.roles


def test_where_water_is_asked_for_the_first_line_says_whether_there_is_any_and_the_wettest_come_first() -> None:
    seen = Wet(water={"T-113": 42.0, "V203": 118.0})
    first, *rows = WORDS.answer(ask(seen, metric="water")).text.splitlines()
    assert first.startswith("有底水:2/9 罐,最多 V203 0.118米")
    assert [r.split()[0] for r in rows[:2]] == ["V203", "T-113"]
    assert "T-107" not in "".join(rows)


def test_no_water_is_said_of_fresh_readings_only() -> None:
    assert WORDS.answer(ask(Wet(water={}), metric="water")).text.startswith("没有底水:9 罐水高均为 0")
    blind = WORDS.answer(ask(Wet(water={"V203": None}), metric="water")).text
    assert blind.startswith("无法确认:1/9 罐无新鲜水高读数")
    old = Wet(water={}, scenes={HY: scene(ages_s={"C-01": 2400.0})})
    assert WORDS.answer(ask(old, metric="water")).text.startswith("无法确认:1/9 罐")


def test_a_tank_without_an_agreed_band_comes_after_those_with_one() -> None:
    states = [r["temp"]["state"] for r in ask(Kept(), metric="temp").facts["rows"]]
    assert states.index("normal" if "normal" in states else "unset") <= states.index("unset")
    assert states == sorted(states, key=["low", "high", "unknown", "normal", "unset"].index)
