"""这个数哪来的: of when the figures are, which way they came, and what anybody can hold them against."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.words import Words
from domain.contract import Field
from skills.evidence import SKILL
from skills.ports import Proof, SiteFeed
from skills.skill import Status
from tests.data.words import alarms
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import HY, NOW, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
AGO = NOW - timedelta(seconds=46)
NORTH = SiteFeed(
    site_id="gangchu",
    tanks=4,
    measured=4,
    newest_at=AGO,
    oldest_at=AGO,
    gateways=1,
    orders_at=AGO,
    releases_at=AGO,
    ledger_at=None,
)
SOUTH = replace(NORTH, site_id="minchu", tanks=3, measured=3, orders_at=None)
PLANT = replace(NORTH, site_id="changku", tanks=2, measured=2, gateways=2, ledger_at=AGO)
NEVER = replace(NORTH, site_id="minchu", tanks=3, measured=0, newest_at=None, oldest_at=None, orders_at=None)
PROOF = Proof(batch=812, rows=4320, taken_at=AGO, sha256="a" * 64, seq=97, head="b" * 64)
WINDOW = Window(feeds=(NORTH, SOUTH, PLANT), proved=PROOF)
GROUP = replace(WINDOW, who="zhao", where="group")


def text(view: Window, **arguments: str) -> str:
    return WORDS.answer(SKILL.run(view, arguments)).text


@pytest.mark.parametrize(
    ("case", "arguments"),
    [
        ("all", {}),
        ("data_time", {"target": "data_time"}),
        ("hash", {"target": "hash"}),
        ("raw_data", {"target": "raw_data", "tank": "T-107"}),
    ],
)
def test_it_reads_so(case: str, arguments: dict[str, str]) -> None:
    for chat, view in (("bank", WINDOW), ("group", GROUP)):
        message = WORDS.answer(SKILL.run(view, arguments))
        assert message.text.count("\n") < 12
        assert_snapshot(f"evidence.{case}.{chat}", message)


def test_a_silent_tank_makes_the_answer_stale_and_is_counted() -> None:
    answer = SKILL.run(replace(WINDOW, scenes={HY: scene(ages_s={"V203": 4000.0})}), {"target": "data_time"})
    assert answer.status is Status.STALE
    assert "1/9 罐读数不新鲜" in WORDS.answer(answer).text


def test_before_the_first_reading_there_is_nothing_to_check() -> None:
    answer = SKILL.run(replace(WINDOW, feeds=(NEVER,), scenes={HY: None}), {})
    assert (answer.status, answer.figures) == (Status.NO_DATA, ())
    assert "还没有任何有效读数" in WORDS.answer(answer).text


def test_photos_are_said_not_to_be_kept() -> None:
    answer = SKILL.run(WINDOW, {"target": "photo"})
    assert answer.status is Status.NO_DATA
    assert WORDS.answer(answer).text.startswith("目前没有照片、截图或视频存证")


def test_the_chain_is_the_lenders_own() -> None:
    assert "链头 bbbbbbbbbbbbbbbb…" in text(WINDOW, target="hash")
    assert "bbbb" not in text(GROUP, target="hash")
    assert "第 97 条" not in text(GROUP, target="hash")


def test_who_states_the_balance_is_told_only_where_the_exposure_is_open() -> None:
    assert "余额:bank,3月12日 09:32" in text(WINDOW, target="data_source")
    assert "余额:" not in text(GROUP, target="data_source")


def test_a_level_is_told_only_where_quantities_are_open() -> None:
    closed = replace(GROUP, fields=frozenset({Field.VALUE}))
    (shown,), (hidden,) = (SKILL.run(view, {"tank": "T-107"}).facts["tanks"] for view in (GROUP, closed))
    assert "level_mm" in shown
    assert hidden.keys().isdisjoint({"level_mm", "temp_c", "water_mm"})


def test_the_source_of_a_price_is_the_answer_about_prices() -> None:
    priced = replace(WINDOW, yesterday=WINDOW.prices(WINDOW.contracts()[0].id, WINDOW.now))
    assert SKILL.run(priced, {"target": "price_source", "good": "MEOH"}).kind == "price"


def test_a_numbered_alarm_is_held_against_its_rule_and_figures() -> None:
    alarm = alarms.value_below_line().alarm
    for chat, view in (("bank", WINDOW), ("group", GROUP)):
        message = WORDS.answer(SKILL.run(replace(view, open_alarms=(alarm,)), {"alert": alarm.id}))
        assert message.text.count("\n") < 12
        assert_snapshot(f"evidence.alarm.{chat}", message)


@pytest.mark.parametrize("more", [{}, {"target": "photo"}, {"target": "price_source"}, {"tank": "T-107"}])
def test_a_number_that_no_alarm_has_here_is_said(more: dict[str, str]) -> None:
    answer = SKILL.run(WINDOW, {"alert": "AL-20260312-99", **more})
    assert WORDS.answer(answer).text == "本群没有该编号的预警。"


def test_a_command_with_a_tanks_number_is_about_the_tank() -> None:
    for number in ("T-107", "107"):
        assert [t["tank"] for t in SKILL.run(WINDOW, {"alert": number}).facts["tanks"]] == ["T-107"]


def test_an_alarms_number_is_heard() -> None:
    for text in ("/evidence AL-20260312-07", "AL-20260312-07的证据"):
        assert one(hear(text)).arguments == {"alert": "AL-20260312-07"}


def test_a_tank_outside_is_as_if_it_did_not_exist() -> None:
    assert SKILL.run(WINDOW, {"tank": "X-9"}).kind == "not_found"


def test_without_a_store_nothing_is_said_of_digests() -> None:
    assert "摘要" not in text(replace(WINDOW, proved=None))
