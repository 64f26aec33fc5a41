"""走势: start, end, lowest, highest and why; only what the chat may see, and nothing where nothing was recorded."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from domain.event import stamp
from domain.position import Position
from reports.charts.chart import Course
from skills import tanks, trend
from skills.ports import Moved
from skills.skill import Answer, Status
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, prices, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_history import HeldHistory, week

WORDS = Words(Labels())
HOUR = timedelta(hours=1)
OTHER = replace(CONTRACT, name="海川池", id="RZ-DCZY-2026-007")


def earlier() -> Position:
    """A week ago: dearer methanol and 488.5 t more diesel."""
    dear = prices(NOW)
    dear["MEOH"] = replace(dear["MEOH"], cny_t=Decimal(2650))
    return replace(scene(tonnes={"T-107": 5608.8}, quotes=dear).position, at=NOW - timedelta(days=7))


def window(**more: object) -> Window:
    moved = Moved(in_kg=0, out_kg=488_500, net_kg={"T-107": -488_500}, as_of=NOW, stale=False)
    past = week(NOW)
    return Window(
        **{
            "past": HeldHistory([(a, str(v), k) for a, v, k in past.rows], past.levels_mm, moved),
            "first": earlier(),
            **more,
        }
    )


def ask(seen: Window, **arguments: str) -> Answer:
    return trend.run(seen, arguments)


def facts_text(answer: Answer) -> str:
    text = WORDS.answer(answer).text
    assert text.count("\n") < 12
    return text


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("trend.bank", {}, {}),
        ("trend.group", {"where": "group", "who": "zhao"}, {}),
        ("trend.ltv", {}, {"metric": "value,ltv"}),
        ("trend.level", {}, {"tank": "T-107"}),
        ("trend.price", {}, {"metric": "price", "good": "MEOH,D0"}),
        ("trend.part", {}, {"metric": "value,qty", "good": "MEOH"}),
        ("trend.stale", {"scenes": {HY: scene(ages_s={"V203": 720.0})}}, {}),
        ("trend.short", {"past": week(NOW, days=2), "first": None, "began": NOW}, {}),
        ("trend.compare", {}, {"compare": f"{stamp(NOW - timedelta(days=7))}/{stamp(NOW - timedelta(days=7))}"}),
        ("trend.before", {"began": NOW}, {"compare": stamp(NOW - timedelta(days=40))}),
        ("trend.nothing", {"past": HeldHistory([]), "scenes": {HY: None}, "began": NOW}, {}),
        ("trend.which_tank", {}, {"metric": "level"}),
        ("trend.which_time", {}, {"time": "yesterday"}),
        ("trend.future", {}, {"time": f"{stamp(NOW + HOUR)}/{stamp(NOW + 2 * HOUR)}"}),
        ("trend.which_contract", {"contract_list": (CONTRACT, OTHER), "scenes": {HY: scene(), OTHER.id: scene()}}, {}),
    ],
)  # fmt: skip
def test_it_reads_so(name: str, seen: dict[str, object], arguments: dict[str, str]) -> None:
    class Both(Labels):
        def contract(self, contract_id: str) -> str:
            return {HY: CONTRACT.name, OTHER.id: OTHER.name}[contract_id]

    message = Words(Both()).answer(ask(window(**seen), **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(name, message)


def test_the_ends_the_change_and_the_extremes_are_those_of_the_record() -> None:
    answer = ask(window())
    value, tonnes = answer.facts["measures"]
    assert value["first"] == {"at": stamp(NOW - timedelta(days=7)), "value": str(earlier().recognised)}
    assert value["last"]["value"] == str(scene().position.recognised)
    assert Decimal(value["change"]) == scene().position.recognised - earlier().recognised
    assert value["low"]["value"] == str(min(Decimal(value["last"]["value"]), *(v for _, v, _ in week(NOW).rows)))
    assert tonnes["unit"] == "kg"
    assert {f.name for f in answer.figures} >= {f"{HY}.value.first", f"{HY}.qty.low"}


def test_the_causes_add_up_to_the_change_of_the_value() -> None:
    facts = ask(window()).facts
    parts = facts["causes"]["parts"].values()
    assert sum(map(Decimal, parts)) == Decimal(facts["measures"][0]["change"])
    assert Decimal(facts["causes"]["parts"]["booked_cny"]) < 0
    assert Decimal(facts["causes"]["parts"]["price_cny"]) < 0


def test_a_chat_that_may_not_see_the_value_gets_tonnes_and_no_figure_of_the_value() -> None:
    answer = ask(window(where="group", who="li", fields=frozenset({Field.QUANTITY})))
    assert [m["metric"] for m in answer.facts["measures"]] == ["qty"]
    assert answer.facts["withheld"] == ["value"]
    assert answer.picture is not None
    assert "cny" not in str(answer.picture.facts)
    assert answer.facts["causes"] is None
    assert "仅对资金方开放" in facts_text(answer)


@pytest.mark.parametrize(
    ("fields", "arguments"),
    [
        (frozenset(), {}),
        (frozenset({Field.QUANTITY}), {"metric": "ltv"}),
        (frozenset({Field.VALUE}), {"metric": "value", "tank": "T-107"}),  # beside a public price it tells the tonnes
        (frozenset({Field.VALUE}), {"metric": "level", "tank": "T-107"}),
    ],
)
def test_what_may_not_be_seen_is_refused_and_not_called_missing(
    fields: frozenset[Field], arguments: dict[str, str]
) -> None:
    answer = ask(window(where="group", who="li", fields=fields), **arguments)
    assert (answer.status, answer.kind, answer.picture) == (Status.NOT_PERMITTED, "withheld", None)


def test_lines_are_drawn_only_where_they_may_be_seen() -> None:
    bank, blind = ask(window()), ask(window(fields=frozenset({Field.VALUE, Field.QUANTITY})))
    assert bank.picture is not None
    assert blind.picture is not None
    assert [x["line"] for x in bank.picture.facts["panels"][0]["limits"]] == ["warn", "control"]
    assert blind.picture.facts["panels"][0]["limits"] == []


def test_a_stale_position_is_never_told_as_current() -> None:
    answer = ask(window(scenes={HY: scene(ages_s={"V203": 720.0})}))
    assert answer.status is Status.STALE
    assert "不完整" in facts_text(answer)
    assert "正常" not in facts_text(answer)


def test_a_tank_of_another_pledge_is_not_found() -> None:
    answer = ask(window(), tank="X-99")
    assert (answer.status, answer.kind, answer.facts) == (Status.NO_DATA, "not_found", {"what": "tank"})


def test_a_gap_of_hours_breaks_the_line_and_is_said() -> None:
    rows = [r for r in week(NOW).rows if not NOW - 30 * HOUR < r[0] < NOW - 20 * HOUR]
    answer = ask(window(past=HeldHistory([(a, str(v), k) for a, v, k in rows])))
    assert answer.facts["measures"][0]["gaps"] == 1
    assert answer.picture is not None
    values = [v for _, v in answer.picture.facts["panels"][0]["curves"][0]["points"]]
    assert values.count(None) == 1
    assert "断开" in facts_text(answer)


def test_a_year_is_drawn_in_some_hundred_points_with_its_extremes() -> None:
    answer = ask(window(past=week(NOW, days=300)), time=f"{stamp(NOW - timedelta(days=299))}/{stamp(NOW)}")
    assert answer.picture is not None
    points = [Decimal(v) for _, v in answer.picture.facts["panels"][0]["curves"][0]["points"] if v is not None]
    assert len(points) <= 505
    assert str(min(points)) == answer.facts["measures"][0]["low"]["value"]
    assert str(max(points)) == answer.facts["measures"][0]["high"]["value"]


def test_a_span_that_ended_just_now_ends_with_the_figure_of_now_and_its_staleness() -> None:
    stale = window(scenes={HY: scene(ages_s={"V203": 720.0})})
    until = ask(stale, time=f"{stamp(NOW - HOUR)}/{stamp(NOW - timedelta(seconds=5))}", metric="value")
    assert (until.status, until.facts["now"], until.facts["end"]) == (Status.STALE, True, stamp(NOW))
    assert until.facts["measures"][0]["last"]["at"] == stamp(NOW)
    over = ask(stale, time=f"{stamp(NOW - HOUR)}/{stamp(NOW - timedelta(minutes=5))}", metric="value")
    assert (over.status, over.facts["now"]) == (Status.OK, False)


def test_a_moment_alone_is_a_beginning() -> None:
    at = NOW - timedelta(days=2)
    facts = ask(window(), time=f"{stamp(at)}/{stamp(at)}", metric="qty").facts
    assert (facts["start"], facts["end"]) == (stamp(at), stamp(NOW))


def test_the_picture_says_what_the_text_says() -> None:
    answer = ask(window())
    assert answer.picture is not None
    chart = WORDS.picture(answer.picture)
    assert isinstance(chart, Course)
    assert chart.title == "恒运池 认可货值、实存走势 3月5日 14:32 至 3月12日 14:32"
    assert [p.title for p in chart.panels] == ["认可货值", "实存"]
    assert chart.panels[0].curves[0].name in facts_text(answer)
    assert "截至 3月12日 14:32" in chart.notes[0]
    for mark in chart.panels[0].curves[0].marks:
        assert mark.text.split(" ")[1] in facts_text(answer)


@pytest.mark.parametrize("by", ["tank", "good", "site"])
def test_a_breakdown_comes_with_its_bars(by: str) -> None:
    answer = tanks.run(Window(), {"by": by})
    assert answer.picture is not None
    bars = WORDS.picture(answer.picture)
    assert len(bars.bars) == len(answer.facts["rows"]) + (answer.facts["more"] is not None)
    assert sum(b.value_cny or 0 for b in bars.bars) == pytest.approx(float(answer.facts["total"]["value_cny"]))


def test_bars_of_a_chat_without_values_hold_none() -> None:
    answer = tanks.run(Window(where="group", who="li", fields=frozenset({Field.QUANTITY})), {"by": "good"})
    assert answer.picture is not None
    assert WORDS.picture(answer.picture).value_title is None
    assert all(b["value_cny"] is None for b in answer.picture.facts["bars"])


def test_one_tank_needs_no_picture() -> None:
    assert tanks.run(Window(), {"tank": "T-107"}).picture is None


def test_times_are_read_in_utc_only_with_a_zone() -> None:
    assert ask(window(), time="2026-03-10T00:00:00").facts["about"] == "time"
    assert ask(window(), time=f"{stamp(NOW)}/{stamp(NOW - HOUR)}").facts["about"] == "time"
    assert isinstance(NOW, datetime)


def test_a_time_of_which_nothing_could_be_seen_is_unknown_and_no_zero() -> None:
    day = timedelta(days=1)
    rows = [(NOW - 6 * day, "0", 40_000_000), (NOW - 3 * day, "126000000", 40_000_000), (NOW - day, "0", 40_000_000)]
    unseen = scene(ages_s={t: float("inf") for t in CONTRACT.tank_ids()}).position
    facts = ask(window(past=HeldHistory(rows), first=unseen), metric="value").facts
    value = next(m for m in facts["measures"] if m["metric"] == "value")
    assert (value["first"]["value"], value["low"]["value"] != "0") == ("126000000", True)
    assert facts["begins"] == stamp(NOW - 3 * day)
    assert facts["causes"] is None


def test_a_comparison_with_such_a_time_has_no_answer() -> None:
    rows = [(NOW - timedelta(days=6), "0", 40_000_000), (NOW - timedelta(days=1), "126000000", 40_000_000)]
    unseen = scene(ages_s={t: float("inf") for t in CONTRACT.tank_ids()}).position
    then = stamp(NOW - timedelta(days=5))
    answer = ask(window(past=HeldHistory(rows), first=unseen), compare=f"{then}/{then}", metric="value")
    assert (answer.status, answer.facts["about"]) == (Status.NO_DATA, "unseen")
    assert "没有可确认的货值" in WORDS.answer(answer).text
