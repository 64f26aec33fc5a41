"""Every template for every audience, as people read it: one file each in tests/data/words."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from domain.holding import Books
from domain.position import PriceStanding
from skills.registry import SKILLS
from skills.skill import Answer, Status
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, HY, NOW, ROSTER, TONNES, Labels, prices, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import QUIET, Window

WORDS = Words(Labels())
OTHER = replace(CONTRACT, name="海川池", id="RZ-DCZY-2026-007")


class TwoLabels(Labels):
    """Names of two contracts."""

    def contract(self, contract_id: str) -> str:
        return {HY: CONTRACT.name, OTHER.id: OTHER.name}[contract_id]


@pytest.mark.parametrize("chat", ["bank", "group"])
@pytest.mark.parametrize("case", alarms.CASES)
def test_an_alarm_reads_so(case: str, chat: str) -> None:
    told = alarms.CASES[case]()
    if chat not in told.notices:
        assert "dup_pledge" in case or case in {
            "price_stale",
            "price_outlier",
            "price_outlier_mean",
            "returned_price",
        }, "only the bank is obliged there"
        return
    notice = told.notices[chat]
    message = WORDS.notice(notice, told.alarm, CONTRACT, ROSTER, now=told.event.occurred_at)
    assert_snapshot(f"{case}.{chat}", message)


def _windows() -> dict[str, Window]:
    old = prices(NOW)
    old["MEOH"] = replace(old["MEOH"], standing=PriceStanding.STALE, published_at=NOW - timedelta(days=3))
    old["MTBE"] = replace(old["MTBE"], cny_t=None, published_at=None, standing=PriceStanding.MISSING)
    old["D0"] = replace(old["D0"], quarantined=Decimal(5000))
    late = replace(CONTRACT, exposure=replace(CONTRACT.exposure, as_of=NOW - timedelta(days=3)))
    site = {**dict.fromkeys(("V203", "V205", "V206"), 4000.0), "T-112": float("inf")}
    books = Books(kg={("T-112", "恒运化工"): 6_200_000}, tank_kg={"T-112": 6_200_000}, as_of=NOW)
    drop, fell = alarms.qty_drop_no_work_order().alarm, alarms.value_below_line().alarm
    quiet = replace(QUIET, stale=True, as_of=NOW - timedelta(hours=2))
    return {
        "bank": Window(moved=replace(QUIET, out_kg=962_400, out_noticed_kg=962_400)),
        "group": Window(where="group", who="zhao", moved=replace(QUIET, out_kg=962_400, out_noticed_kg=900_000)),
        "normal": Window(scenes={HY: scene(tonnes={"T-112": 8380.2})}),
        "some_silent": Window(scenes={HY: scene(ages_s={"V203": 720.0, "T-107": 720.0})}),
        "site_silent": Window(scenes={HY: scene(ages_s=site)}),
        "all_silent": Window(scenes={HY: scene(age_s=4000.0)}, moved=quiet),
        "reduced": Window(scenes={HY: scene(tonnes={"T-112": 5997.2})}, open_alarms=(fell, drop)),
        "short": Window(scenes={HY: scene(books=books)}),
        "gone": Window(scenes={HY: scene(tonnes=dict.fromkeys(TONNES, 0.0))}),
        "old_sources": Window(scenes={HY: scene(quotes=old, contract=late, book_stale=True)}, contract_list=(late,)),
        "unvalued": Window(scenes={HY: None}),
        "denied": Window(who=None),
        "nothing_granted": Window(where="group", who="li", fields=frozenset()),
        "quantity_only": Window(where="group", who="li", fields=frozenset({Field.QUANTITY})),
    }


@pytest.mark.parametrize("case", _windows())
def test_the_status_reads_so(case: str) -> None:
    message = _answered("status", _windows()[case])
    assert message.text.count("\n") < 12
    assert_snapshot(f"status.{case}", message)


def test_the_status_of_two_contracts_reads_so() -> None:
    both = {HY: scene(), OTHER.id: scene(ages_s={"V203": 900.0})}
    window = Window(scenes=both, contract_list=(CONTRACT, OTHER), open_alarms=(alarms.value_below_line().alarm,))
    message = Words(TwoLabels()).answer(SKILLS[0].run(window, {}))
    assert message.text.count("\n") < 12
    assert_snapshot("status.two_contracts", message)


@pytest.mark.parametrize(
    ("case", "arguments"),
    [
        ("all", {}),
        ("one", {"tank": "T-107"}),
        ("silent", {"tank": "C-01"}),
        ("never", {"tank": "V205"}),
        ("by_good", {"by": "good"}),
        ("by_site", {"by": "site"}),
        ("good", {"good": "MEOH"}),
        ("site", {"site": "minchu"}),
        ("unknown", {"tank": "X-9"}),
    ],
)
def test_the_tanks_read_so(case: str, arguments: dict[str, str]) -> None:
    ages = {"V203": 900.0, "V205": float("inf"), "C-01": 2400.0}
    message = _answered("tanks", Window(scenes={HY: scene(ages_s=ages)}), **arguments)
    assert message.text.count("\n") < 12
    assert_snapshot(f"tanks.{case}", message)


@pytest.mark.parametrize(
    ("case", "arguments"),
    [
        ("most", {"metric": "value", "which": "前3"}),
        ("least", {"order": "least"}),
        ("sites", {"by": "site", "metric": "value", "order": "least"}),
        ("beyond", {"which": "液位超过9米", "good": "MEOH"}),
        ("none_beyond", {"which": "货值低于50万"}),
        ("full", {"which": "快满了"}),
        ("wet", {"which": "哪个罐有水"}),
    ],
)
def test_rankings_read_so(case: str, arguments: dict[str, str]) -> None:
    ages = {"V203": 900.0, "V205": float("inf"), "C-01": 2400.0}
    levels = {"T-112": 13000.0, "C-02": 1200.0}
    message = _answered("ranking", Window(scenes={HY: scene(ages_s=ages, levels_mm=levels)}), **arguments)
    assert message.text.count("\n") < 12
    assert_snapshot(f"ranking.{case}", message)


def test_rankings_read_so_where_values_are_withheld() -> None:
    seen = Window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    assert_snapshot("ranking.group", _answered("ranking", seen, order="least"))
    assert_snapshot("ranking.withheld", _answered("ranking", seen, metric="value"))


def test_open_alarms_read_so() -> None:
    told = (alarms.changed(), alarms.qty_drop_no_work_order(), alarms.sensor_offline_site(), alarms.price_stale())
    window = Window(open_alarms=tuple(t.alarm for t in told), now=NOW + timedelta(minutes=45))
    assert_snapshot("alarms.bank", _answered("alarms", window))
    assert_snapshot("alarms.group", _answered("alarms", replace(window, where="group", who="li")))
    assert_snapshot("alarms.none", _answered("alarms", Window()))


def test_the_help_reads_so() -> None:
    assert_snapshot("help.bank", _answered("help", Window()))
    assert_snapshot("help_call.bank", _answered("help", Window(), what="call"))
    assert_snapshot("help_call.depot", _answered("help", Window(where="group", who="li"), what="call"))
    assert_snapshot("help_operators", WORDS.answer(Answer(status=Status.OK, kind="help_operators", facts={})))


def _answered(skill: str, window: Window, **arguments: str):
    found = next(s for s in SKILLS if s.name == skill)
    return WORDS.answer(found.run(window, arguments))
