"""仪表: who is silent, behind which gateway and for how much; and levels that stay flat where most of the span was read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.words import Words
from domain.contract import Field
from domain.deed.deed import Work
from domain.event import stamp
from domain.farm import Quality
from skills import sensor
from skills.skill import Answer, Status
from tests.data.words import alarms
from tests.data.words.hengyun import HY, INDEX, NOW, TONNES, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_tanks import HeldTanks, level_range

WORDS = Words(Labels())
MINCHU = {"V203": 2400.0, "V205": 2460.0, "V206": 2400.0}
MOVING = {t: level_range(9000.0, 9100.0) for t in TONNES}
LAST_DAY = f"{stamp(NOW - timedelta(days=1))}/{stamp(NOW + timedelta(hours=1))}"
REPAIR = Work(
    id="W-1", tenant="jia", contract_id=HY, by="yibiao", chat="bank", at=NOW - timedelta(hours=1), kind="gauge_repair",
    tanks=("V203",), starts=NOW - timedelta(minutes=30), ends=NOW + timedelta(hours=2), qty_kg=None, said="换液位计",
)  # fmt: skip
STILL = MOVING | {"V205": level_range(7412.0, 7413.0, warm_c=1.1), "V206": level_range(6000.0, 6002.0)}


def silent(**ages_s: float) -> Window:
    return Window(scenes={HY: scene(ages_s={t.replace("_", "-"): s for t, s in ages_s.items()})})


def flat(**more: Any) -> Window:
    return Window(**{"past": HeldTanks(ranges=STILL), **more})


def ask(seen: Window, **arguments: str) -> Answer:
    return sensor.run(seen, arguments)


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("sensor.online", Window(), {}),
        ("sensor.silent", silent(V203=720.0, T_107=2400.0), {}),
        ("sensor.gateway", silent(**MINCHU), {}),
        ("sensor.never", silent(C_01=float("inf")), {"site": "changku"}),
        ("sensor.group", Window(where="group", who="li", scenes=silent(V203=720.0).scenes, fields=frozenset()), {}),
        ("sensor.camera", Window(), {"device": "camera"}),
        ("sensor.then", Window(lately=(alarms.sensor_offline_site().alarm,)), {"time": LAST_DAY}),
        ("sensor.then_none", Window(), {"time": LAST_DAY}),
        ("sensor.works", replace(silent(V203=720.0), announced=(REPAIR,)), {}),
        ("sensor.flat", flat(), {"check": "flatline"}),
        ("sensor.flat_group", flat(where="group", who="li"), {"check": "flatline"}),
        ("sensor.moving", flat(past=HeldTanks(ranges=MOVING)), {"check": "flatline"}),
        ("sensor.unread", flat(past=HeldTanks(ranges={})), {"check": "flatline", "site": "minchu"}),
        ("sensor.unkept", Window(past=None), {"check": "flatline"}),
    ],
)
def test_it_reads_so(name: str, seen: Window, arguments: dict[str, str]) -> None:
    message = WORDS.answer(ask(seen, **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(name, message)


def test_tanks_behind_one_silent_gateway_are_one_line() -> None:
    facts = ask(silent(**MINCHU, T_107=2400.0)).facts
    assert [(g["gateway"], len(g["tanks"])) for g in facts["rows"]] == [(True, 3), (False, 1)]
    assert (facts["online"], facts["tanks"]) == (5, 9)


def test_the_unseen_part_of_the_value_needs_the_value() -> None:
    seen = silent(V203=720.0)
    assert float(ask(seen).facts["blind_ratio"]) == pytest.approx(1650.2 * 5460 / 124_918_500, abs=2e-3)
    group = Window(where="group", who="li", scenes=seen.scenes, fields=frozenset({Field.QUANTITY}))
    assert "blind_ratio" not in ask(group).facts


def test_announced_work_is_said_while_it_lasts_and_silences_nothing() -> None:
    over = replace(REPAIR, ends=NOW - timedelta(minutes=1))
    for work, said in ((REPAIR, ["gauge_repair"]), (over, []), (replace(REPAIR, tanks=("T-107",)), [])):
        facts = ask(replace(silent(V203=720.0), announced=(work,))).facts
        assert (facts["rows"][0]["works"], facts["online"]) == (said, 8)


def test_a_silence_that_ended_before_the_span_is_no_part_of_it() -> None:
    ended = replace(alarms.sensor_offline_site().alarm, returned_at=NOW - timedelta(days=2))
    assert ask(Window(lately=(ended,)), time=LAST_DAY).facts["total"] == 0


def test_a_level_that_stays_within_two_millimetres_is_flat() -> None:
    assert [r["tank"] for r in ask(flat(), check="flatline").facts["rows"]] == ["V205", "V206"]
    wider = {"V205": level_range(7412.0, 7414.1)}
    assert ask(flat(past=HeldTanks(ranges=MOVING | wider)), check="flatline").facts["found"] == 0


def test_what_the_temperature_did_is_told_among_lenders_only() -> None:
    assert ask(flat(), check="flatline").facts["rows"][0]["range_c"] == 1.1
    assert "range_c" not in ask(flat(where="group", who="li"), check="flatline").facts["rows"][0]


def test_a_gauge_that_was_read_for_a_day_says_nothing_of_three() -> None:
    past = HeldTanks(ranges=MOVING | {"V205": level_range(7412.0, 7413.0, days=1.0, samples=144)})
    answer = ask(flat(past=past), check="flatline")
    assert (answer.status, answer.facts["unread"], answer.facts["found"]) == (Status.STALE, ["V205"], 0)


def test_an_empty_tank_is_flat_and_is_no_news() -> None:
    there = scene(tonnes={"V205": 0.0})
    facts = ask(flat(scenes={HY: there}), check="flatline").facts
    assert ([r["tank"] for r in facts["rows"]], facts["empty"]) == (["V206"], 1)


def test_levels_need_the_quantity_but_silence_does_not() -> None:
    nothing = Window(where="group", who="li", fields=frozenset(), past=HeldTanks(ranges=STILL))
    assert ask(nothing, check="flatline").status is Status.NOT_PERMITTED
    assert ask(nothing).status is Status.OK


@pytest.mark.parametrize("device", ["flow", "camera"])
def test_what_is_not_read_is_said_to_be_so(device: str) -> None:
    answer = ask(Window(), device=device)
    assert (answer.status, answer.kind) == (Status.NO_DATA, "sensor_device")
    assert "未接入" in WORDS.answer(answer).text


def test_a_gauge_that_did_not_answer_last_is_not_online_though_its_reading_still_counts() -> None:
    seen = Window()
    scene_ = seen.scenes[HY]
    assert scene_ is not None
    quality = scene_.farm.quality.copy()
    quality[INDEX.row["V203"]] = Quality.MISSING
    unheard = replace(seen, scenes={HY: replace(scene_, farm=replace(scene_.farm, quality=quality))})
    facts = ask(unheard).facts
    assert ([r["tanks"] for r in facts["rows"]], facts["online"]) == ([["V203"]], facts["tanks"] - 1)
    assert facts["blind_ratio"] == "0"
