"""What a sound workspace becomes: exact amounts, seconds, expanded registers, and a hash of every byte read."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from datasources.gauges.mapping import Point, StatusRule
from datasources.workspace import Feeds, Workspace
from domain.contract import AlertKind, ControlLineNotice, Duty, Field, PriceTerms, Severity
from domain.errors import WorkspaceInvalid
from domain.people import Role
from domain.tank import CapacityTable, Geometry, Shape
from tests.fakes.mistakes import NOW, SOUND, change, copy_of_sound, found, load


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return load(SOUND, now=NOW).sound()


def test_amounts_and_ratios_are_exactly_as_written(workspace: Workspace) -> None:
    contract = workspace.contracts["A-1"]

    assert str(contract.exposure.principal) == "96000000.10"
    assert contract.exposure.amount == Decimal("90386400.10")
    assert str(contract.lines.ltv_warn) == "0.70"
    assert contract.goods["DIESEL0"].haircut == Decimal("0.10")


def test_minutes_and_hours_become_seconds(workspace: Workspace) -> None:
    contract = workspace.contracts["A-1"]

    assert contract.exposure.stale_after_s == 26 * 3600
    assert contract.lines.confirm_s == 1800
    assert (contract.staleness.warn_s, contract.staleness.exclude_s) == (300, 1800)
    assert workspace.settings.rules.remind_s == {Severity.YELLOW: 14400, Severity.ORANGE: 1800, Severity.RED: 300}


def test_times_are_utc(workspace: Workspace) -> None:
    contract = workspace.contracts["A-1"]

    assert contract.exposure.as_of == datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
    assert contract.lines.notices == (
        ControlLineNotice(
            no="KZX-1", amount=Decimal("120000000.00"), effective_from=datetime(2026, 1, 31, 16, 0, tzinfo=UTC)
        ),
    )


def test_a_goods_own_price_terms_win_over_the_contracts_and_those_over_the_usual(workspace: Workspace) -> None:
    goods = workspace.contracts["A-1"].goods

    assert goods["METHANOL"].price == PriceTerms(ref="METHANOL-SD", stale_after_s=86400, outlier=Decimal("0.08"))
    assert goods["DIESEL0"].price == PriceTerms(ref="DIESEL-SD", stale_after_s=86400, outlier=Decimal("0.10"))
    assert goods["DIESEL0"].max_share == Decimal("0.60")


def test_duties_keep_their_order_and_the_site_chooses(workspace: Workspace) -> None:
    contract = workspace.contracts["A-1"]

    orange = contract.duties_for(AlertKind.VALUE_BELOW_LINE, Severity.ORANGE)
    assert orange == (
        Duty(person="zhao", chat="a_group", ack_s=1800, act="top_up", escalate_to=("sun", "wang")),
        Duty(person="chen", chat="a_bank", ack_s=None, act="know"),
    )
    assert [d.person for d in contract.duties_for(AlertKind.QTY_DROP, Severity.ORANGE, "south")] == ["gao"]
    assert [d.ack_s for d in contract.duties_for(AlertKind.QTY_DROP, Severity.ORANGE, "north")] == [120]


def test_pledge_disclosure_and_lines_of_the_second_contract(workspace: Workspace) -> None:
    first, second = workspace.contracts["A-1"], workspace.contracts["B-1"]

    assert [(p.tank_id, p.owner, p.share, p.frozen_kg) for p in first.pledged] == [
        ("T-1", "hengyun", None, 0),
        ("T-2", "hengyun", None, 0),
        ("S-1", "hengyun", Decimal("0.50"), 1200),
    ]
    assert first.disclosure[Field.LINE] == frozenset({Role.BORROWER})
    assert first.disclosure[Field.LTV] == frozenset()
    assert second.lines.restore_target is None
    assert second.disclosure == {}


def test_tanks_stand_in_the_order_of_the_files(workspace: Workspace) -> None:
    assert [t.id for t in workspace.index.tanks] == ["T-1", "T-2", "S-1"]
    assert workspace.sites["north"].tank_ids == ("T-1", "T-2")
    first, second, third = workspace.index.tanks
    assert first.table == CapacityTable(level_mm=(0, 1000, 2000, 3000), volume_m3=(2.313, 187.883, 373.453, 559.023))
    assert first.geometry is None
    assert second.geometry == Geometry(shape=Shape.VERTICAL, diameter_m=15.0, height_m=12.0)
    assert (third.site_id, third.calibrated_until) == ("south", date(2028, 1, 1))


def test_a_list_with_a_step_expands_and_a_skipped_place_counts(workspace: Workspace) -> None:
    points = workspace.gateways[0].points

    assert [(p.quantity, p.address) for p in points["T-1"]] == [("level", 4000), ("temp", 4200)]
    level, temp, density, status = points["T-2"]
    assert level == Point(
        quantity="level", function=4, address=4002, type="float32", unit="m", fail_values=(0x7FC00000,)
    )
    assert (temp.address, temp.unit) == (4202, "C")
    assert density == Point(
        quantity="density", function=3, address=4602, type="uint32", byte_order="little", scale=0.1, unit="kg/m3"
    )
    assert status.status == (
        StatusRule(mask=0x8880, means="device"),
        StatusRule(mask=0xF0000, equals=0x30000, means="busy"),
    )


def test_a_thermometer_and_transmitters_are_believed_within_what_such_sensors_can_show(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    sensors = (
        "        air: {address: 4800, step: 0, unit: F}\n"
        "        p1: {address: 4900, unit: bar, low: 0}\n"
        "        p3: {address: 5000}\n"
    )
    change(copy, "sites/north.yaml", "        temp: {address: 4200}\n", "        temp: {address: 4200}\n" + sensors)

    points = load(copy, now=NOW).sound().gateways[0].points

    assert [(p.quantity, p.address) for p in points["T-1"][2:]] == [("air", 4800), ("p1", 4900), ("p3", 5000)]
    air, p1, p3 = points["T-2"][2:5]
    assert (air.address, air.unit, air.low, air.high) == (4800, "F", -76.0, 140.0)
    assert (p1.address, p1.unit, p1.low, p1.high) == (4902, "bar", 0.0, 5.0)
    assert (p3.address, p3.unit, p3.low, p3.high) == (5002, "kPa", -10.0, 100.0)


def test_a_base_for_each_tank_expands(workspace: Workspace) -> None:
    level, temp = workspace.gateways[1].points["S-1"]

    assert (level.address, level.type, level.word_order, level.scale) == (214, "int32", "little", 0.1)
    assert level.fail_values == (0x7FFFFFFF, 0xFFFFFFFF)
    assert temp.address == 216


def test_feeds_and_price_sources(workspace: Workspace) -> None:
    assert workspace.feeds == (Feeds(url="http://127.0.0.1:15080", site_ids=frozenset({"north"}), poll_s=10),)
    daily, quotes = workspace.settings.prices
    assert (daily.kind, daily.location, daily.refs) == ("csv", "prices/daily.csv", frozenset({"METHANOL-SD"}))
    assert (quotes.kind, quotes.location) == ("http", "http://127.0.0.1:15080/prices")


def test_sites_with_one_address_share_their_feeds(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    change(copy, "sites/south.yaml", "tanks:", 'feeds: {url: "http://127.0.0.1:15080/", poll_s: 3}\ntanks:')

    (feeds,) = found(copy).sound().feeds

    assert (feeds.site_ids, feeds.poll_s) == (frozenset({"north", "south"}), 3)


def test_a_workspace_can_be_neither_changed_nor_told_apart_by_its_place(workspace: Workspace, tmp_path: Path) -> None:
    assert found(copy_of_sound(tmp_path)).workspace == workspace
    with pytest.raises(dataclasses.FrozenInstanceError):
        workspace.content_hash = "0" * 64  # type: ignore[misc]


def test_the_hash_is_stable_and_covers_every_file_read(workspace: Workspace, tmp_path: Path) -> None:
    assert load(SOUND, now=NOW).sound().content_hash == workspace.content_hash
    assert list(workspace.files) == sorted(str(p.relative_to(SOUND)) for p in SOUND.rglob("*.*"))

    for number, file in enumerate(workspace.files):
        copy = copy_of_sound(tmp_path / str(number))
        with (copy / file).open("ab") as target:
            target.write(b"\n")
        assert found(copy).sound().content_hash != workspace.content_hash, file


def test_the_hash_passes_over_files_that_are_not_read(workspace: Workspace, tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    (copy / "README.md").write_text("notes", encoding="utf-8")
    (copy / "state").mkdir()
    (copy / "state/series.duckdb").write_bytes(b"\x00" * 100)

    assert found(copy).sound().content_hash == workspace.content_hash


def test_a_moved_file_changes_the_hash(workspace: Workspace, tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    (copy / "contracts/b.yaml").rename(copy / "contracts/c.yaml")

    assert found(copy).sound().content_hash != workspace.content_hash


def test_an_invalid_workspace_raises_with_every_error(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    change(copy, "contracts/a.yaml", "ltv_warn: 0.70", "ltv_warn: 70")
    change(copy, "goods.yaml", "aliases: [柴油]", "aliases: 柴油")

    with pytest.raises(WorkspaceInvalid) as raised:
        found(copy).sound()

    assert str(raised.value).splitlines() == [str(p) for p in found(copy).problems]
