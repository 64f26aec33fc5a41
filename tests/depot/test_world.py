"""The world files add up to what the contract's example says."""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from depot.cargo import Cargo
from depot.load import PACKAGED, WorldError, load_world
from depot.tank import opening_state
from depot.world import World

POOL_CNY = Decimal("124918500.00")


def held(world: World, owner: str = "hengyun") -> dict[str, int]:
    """Deliverable kg in air by good."""
    total: Counter[str] = Counter()
    for holding in world.holdings:
        if holding.owner == owner:
            total[holding.good] += holding.mass_kg
    return dict(total)


def value_cny(world: World, good: str, mass_kg: int) -> Decimal:
    price = next(q.price for q in world.quotes if q.good == good)
    return price * mass_kg / 1000


def test_there_are_56_tanks_24_goods_and_3_sites(world: World) -> None:
    assert (len(world.tanks), len(world.goods), len(world.sites)) == (56, 24, 3)
    assert {t.good.code for t in world.tanks.values()} == set(world.goods)
    assert {h.tank for h in world.holdings if h.owner == "hengyun"} == set(world.tanks)


def test_the_four_named_goods_have_the_contracts_tonnages(world: World) -> None:
    of = held(world)
    named = {code: of[code] for code in ("METHANOL", "DIESEL0", "BITUMEN70", "MTBE")}
    assert named == {"METHANOL": 18_240_600, "DIESEL0": 5_120_300, "BITUMEN70": 6_204_000, "MTBE": 1_650_200}


def test_the_pool_is_worth_what_the_messages_say(world: World) -> None:
    of = held(world)
    values = {good: value_cny(world, good, kg) for good, kg in of.items()}
    named = ("METHANOL", "DIESEL0", "BITUMEN70", "MTBE")
    assert sum(values.values()) == POOL_CNY
    assert sum(v for g, v in values.items() if g not in named) == Decimal("15079775.00")


def test_no_site_holds_half_and_no_tank_a_seventh(world: World) -> None:
    sites: Counter[str] = Counter()
    for h in world.holdings:
        if h.owner == "hengyun":
            worth = value_cny(world, h.good, h.mass_kg)
            assert worth <= POOL_CNY * Decimal("0.15")
            sites[h.site] += worth  # type: ignore[assignment]
    assert max(sites.values()) <= POOL_CNY * Decimal("0.50")


def test_tanks_of_the_messages_are_as_told(world: World) -> None:
    mass = {(h.tank, h.owner): h.mass_kg for h in world.holdings}
    assert mass["T-120", "hengyun"] == 1_206_400
    assert mass["V203", "hengyun"] == 412_800
    assert mass["V205", "hengyun"] + mass["V206", "hengyun"] == 2_230_000
    assert sum(h.mass_kg for h in world.holdings if h.site == "changku" and h.good == "BITUMEN70") == 3_512_600
    assert {world.tanks[t].good.code for t in ("T-112", "T-113", "T-114", "T-120")} == {"METHANOL"}
    assert world.tanks["T-107"].good.name == "0#柴油"


def test_levels_of_the_messages_follow_from_the_masses(world: World) -> None:
    cargo = Cargo(world, seed=1, epoch_s=1_773_295_200.0)
    assert cargo.level_mm("V203") == pytest.approx(7412, abs=0.5)
    assert cargo.level_mm("T-112") == pytest.approx(9842, abs=0.5)
    assert (world.tanks["V203"].temp_c, world.tanks["C-01"].temp_c) == (29.6, 148.6)


def test_525_mm_of_t112_are_83_tonnes(world: World) -> None:
    tank = world.tanks["T-112"]
    state = opening_state(tank, 0, 24.0)
    density = 791.4 - 0.946 * (state.temp_c - 20.0)
    volume_m3 = tank.shape.volume_m3(9842, strain=1.0) - tank.shape.volume_m3(9317, strain=1.0)
    assert volume_m3 * density * tank.good.air_factor / 1000 == pytest.approx(83.0, abs=0.1)


def test_the_second_owner_shares_three_methanol_tanks_and_one_diesel_tank(world: World) -> None:
    shared = Counter(h.good for h in world.holdings if h.owner == "haichuan")
    assert shared == {"METHANOL": 3, "DIESEL0": 1}


def test_every_tank_starts_between_its_heel_and_its_safe_height(world: World) -> None:
    cargo = Cargo(world, seed=1, epoch_s=1_773_295_200.0)
    for tank in world.tanks.values():
        assert tank.heel_mm < cargo.level_mm(tank.id) < tank.max_fill_mm < tank.shape.full_mm, tank.id


def test_shapes_are_of_all_kinds(world: World) -> None:
    kinds = Counter(t.shape_kind for t in world.tanks.values())
    assert kinds["horizontal"] == 2
    assert kinds["sphere"] == 1
    assert kinds["table"] >= 2


def test_a_wrong_world_is_refused_with_file_and_entry(tmp_path: Path) -> None:
    shutil.copytree(PACKAGED, tmp_path, dirs_exist_ok=True)
    book = tmp_path / "book.yaml"
    book.write_text(book.read_text().replace("tank: T-107, good: DIESEL0", "tank: T-107, good: METHANOL"))
    with pytest.raises(WorldError, match=r"book\.yaml.*T-107"):
        load_world(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"goods\.yaml"):
        load_world(tmp_path)
