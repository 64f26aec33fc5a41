"""The demo: no problem at all, and written from the depot's own papers, register by register."""

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from datasources.gauges.mapping import Point
from datasources.gauges.plan import plan
from datasources.workspace import Workspace, load, retarget
from depot.farm import Farm
from depot.registers.document import map_document
from depot.registers.image import images_of
from depot.station import Station
from domain.contract import AlertKind, Field, Line, Severity
from domain.notice import disclosed
from domain.people import Audience
from domain.position import line_values
from tests.fakes.packaged_world import packaged_world

DEMO = Path(__file__).parents[2] / "examples" / "demo"
AS_OF = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
WORLD = packaged_world()
QUANTITY = {"level": "level", "water": "water", "temperature": "temp", "density": "density", "status": "status"}
QUANTITY |= {"p1": "p1", "p3": "p3"}
UNIT = {"degC": "C"}


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return load(DEMO, now=AS_OF + timedelta(hours=1)).sound()


def test_the_demo_has_no_error_and_no_warning() -> None:
    assert load(DEMO, now=AS_OF + timedelta(hours=1)).problems == ()


def test_started_at_any_later_date_the_demos_balances_are_fresh(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "run")
    later = datetime(2027, 9, 1, tzinfo=UTC)
    ports = {site: ("127.0.0.1", 40000 + i) for i, site in enumerate(WORLD.sites)}

    retarget(tmp_path / "run", modbus=ports, http="http://127.0.0.1:40080", console_port=40443, as_of=later)

    assert load(tmp_path / "run", now=later + timedelta(hours=24)).problems == ()


def test_the_figures_of_the_model_contract(demo: Workspace) -> None:
    contract = demo.contracts["QD-DCZY-2026-018"]

    assert contract.exposure.amount == Decimal("90386400.00")
    assert line_values(contract, contract.exposure.amount, AS_OF) == {
        Line.WARN: Decimal("129123428.57"),
        Line.CONTROL: Decimal("120515200.00"),
        Line.DISPOSAL: Decimal("106336941.18"),
    }
    assert (len(contract.pledged), len(contract.goods), len(demo.sites)) == (56, 24, 3)


def test_tanks_and_goods_are_those_of_the_depot(demo: Workspace) -> None:
    assert {t.id: (t.site_id, t.good, t.heel_mm) for t in demo.index.tanks} == {
        t.id: (t.site, t.good.code, t.heel_mm) for t in WORLD.tanks.values()
    }
    assert {g.code: (g.name, g.density_kg_m3) for g in demo.goods.values()} == {
        g.code: (g.name, g.density_base_kg_m3) for g in WORLD.goods.values()
    }


def test_each_contract_pledges_exactly_what_the_depots_book_says_of_its_owner(demo: Workspace) -> None:
    for contract_id, owner in (("QD-DCZY-2026-018", "hengyun"), ("RZ-DCZY-2026-007", "haichuan")):
        pledged = {(p.tank_id, p.owner) for p in demo.contracts[contract_id].pledged}
        assert pledged == {(h.tank, h.owner) for h in WORLD.holdings if h.owner == owner}


def test_every_eligible_good_follows_its_own_quote(demo: Workspace) -> None:
    quotes = {q.good: q.ref for q in WORLD.quotes}

    for contract in demo.contracts.values():
        assert {g.code: g.price.ref for g in contract.goods.values()} == {code: quotes[code] for code in contract.goods}
    assert demo.settings.prices[0].refs == frozenset(quotes.values())


@pytest.mark.parametrize("site", WORLD.sites)
def test_the_register_map_is_the_depots_document(demo: Workspace, site: str) -> None:
    gateway = next(g for g in demo.gateways if g.site_id == site)
    document = map_document(WORLD.sites[site], images_of(WORLD)[site].map, host="127.0.0.1", port=gateway.port)
    written = {(p["tank"], QUANTITY[p["quantity"]]): p for p in (*document["points"], *document["status"]["points"])}
    (air,) = (p for p in document["site_points"] if p["quantity"] == "ambient")
    written |= {(tank, "air"): air for tank in gateway.points}
    ours = {(tank, point.quantity): point for tank, points in gateway.points.items() for point in points}

    assert gateway.unit == document["unit_id"]
    assert ours.keys() == written.keys()
    for key, point in ours.items():
        assert described(point) == documented(written[key]), key
        if point.quantity == "status":
            masks = {rule.means: rule.mask for rule in point.status}
            assert masks == {
                "device": int(document["status"]["bad_mask"], 16),
                "busy": int(document["status"]["busy_mask"], 16),
            }


@pytest.mark.parametrize(("site", "requests"), [("gangchu", 6), ("minchu", 3), ("changku", 10)])
def test_a_site_is_read_in_few_requests_and_none_touches_a_hole(demo: Workspace, site: str, requests: int) -> None:
    station = Station(Farm(WORLD, start_us=0), clock=lambda: 0, host="127.0.0.1", ports=dict.fromkeys(WORLD.sites, 0))
    blocks = plan(next(g for g in demo.gateways if g.site_id == site))

    assert len(blocks) == requests
    assert [b for b in blocks if station.images[site].read(b.start, b.count) is None] == []


def described(point: Point) -> dict[str, object]:
    """The point in the words of the depot's document: value = (raw + offset) · scale."""
    return {
        "function_code": point.function,
        "address": point.address,
        "data_type": point.type,
        "word_order": point.word_order if point.words > 1 else "big",
        "byte_order": point.byte_order,
        "scale": point.scale,
        "offset": point.offset / point.scale,
        "unit": point.unit,
        "resolution": pytest.approx(point.resolution) if point.quantity != "status" else 1.0,
        "fail_values": set(point.fail_values),
    }


def documented(row: dict[str, object]) -> dict[str, object]:
    fails = row["fail_values"]
    assert isinstance(fails, list)
    keys = ("function_code", "address", "data_type", "word_order", "byte_order", "scale", "offset", "resolution")
    unit = str(row["unit"])
    return {key: row[key] for key in keys} | {
        "unit": UNIT.get(unit, unit),
        "fail_values": {int(raw, 16) for raw in fails},
    }


def test_the_project_groups_see_value_quantity_and_line_only(demo: Workspace) -> None:
    groups = [c for c in demo.roster.chats.values() if c.audience is Audience.PROJECT]

    assert len(groups) == 2
    for chat in groups:
        seen = disclosed(demo.contracts[chat.contracts[0]], chat, demo.roster)
        assert seen == {Field.VALUE, Field.QUANTITY, Field.LINE}


def test_the_two_banks_share_no_reader_of_their_own_chats(demo: Workspace) -> None:
    chats = demo.roster.chats

    assert not set(chats["jia_bank"].members) & set(chats["yi_bank"].members)
    assert not set(chats["hengyun_group"].members) & set(chats["yi_bank"].members)
    assert not set(chats["haichuan_group"].members) & set(chats["jia_bank"].members)


def test_a_loss_is_asked_of_the_depot_where_it_happened(demo: Workspace) -> None:
    contract = demo.contracts["QD-DCZY-2026-018"]

    asked = {
        site: [
            demo.roster.named(d.person)
            for d in contract.duties_for(AlertKind.QTY_DROP, Severity.ORANGE, site)
            if d.ack_s
        ]
        for site in demo.sites
    }

    assert asked == {"changku": ["厂库王库管"], "gangchu": ["港储一库李主管"], "minchu": ["民储库值班长"]}


def test_prices_are_told_in_the_banks_own_chats_only(demo: Workspace) -> None:
    for contract in demo.contracts.values():
        for kind in (AlertKind.PRICE_STALE, AlertKind.PRICE_CRASH, AlertKind.PRICE_OUTLIER):
            for duty in contract.duties_for(kind, Severity.YELLOW):
                assert demo.roster.chats[duty.chat].audience is Audience.BANK
