"""进出库: 有, 没有 or 无法核对 first; papers and gauges side by side, and only what the chat may see."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from domain.event import stamp
from skills import movement
from skills.ports import PaperMoves
from skills.skill import Answer, Status
from skills.understanding.understand import Clarify
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import CONTRACT, HY, NOW, TONNES, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_tanks import HeldTanks, order

WORDS = Words(Labels())
LIFT = {"T-107": [(1440, 5608.8), (240, 5608.8), (200, 5120.3)]}
LIFTED = (order("WO-0312-11", "T-107", "out", 488.5),)
YOUNG = {t: [(240, kg), (0, kg)] for t, kg in TONNES.items()} | {"T-107": [(240, 5608.8), (200, 5120.3)]}
THEFT = {"T-112": [(1440, 6163.2), (60, 6163.2), (38, 6080.2)]}


def window(**more: object) -> Window:
    return Window(**{"past": HeldTanks(tonnes=LIFT, moves=LIFTED), **more})  # type: ignore[arg-type]


def ask(seen: Window, **arguments: str) -> Answer:
    return movement.run(seen, arguments)


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("movement.moved", {}, {}),
        ("movement.group", {"where": "group", "who": "li"}, {"direction": "out"}),
        ("movement.still", {"past": HeldTanks()}, {}),
        ("movement.none_in", {}, {"direction": "in"}),
        ("movement.theft", {"past": HeldTanks(tonnes=THEFT)}, {"direction": "out"}),
        (
            "movement.unnoticed",
            {"past": HeldTanks(tonnes=LIFT, moves=(order("WO-1", "T-107", "out", 488.5, noticed=False),))},
            {"direction": "out"},
        ),
        ("movement.stale", {"past": HeldTanks(late=("gangchu",), told=NOW - timedelta(hours=5))}, {}),
        ("movement.stale_fell", {"past": HeldTanks(tonnes=THEFT, late=("gangchu",), told=None)}, {"direction": "out"}),
        ("movement.silent", {"past": HeldTanks(silent=("V203",))}, {"site": "minchu"}),
        ("movement.top", {}, {"top": "3"}),
        ("movement.young", {"past": HeldTanks(tonnes={t: [(90, kg), (0, kg)] for t, kg in TONNES.items()})}, {}),
        ("movement.young_moved", {"past": HeldTanks(tonnes=YOUNG, moves=LIFTED)}, {}),
        (
            "movement.transfer",
            {
                "past": HeldTanks(
                    tonnes={"T-112": [(1440, 6580.2), (90, 6080.2)], "T-113": [(1440, 5580.2), (90, 6080.2)]},
                    moves=(order("WO-2", "T-112", "transfer_out", 500), order("WO-2", "T-113", "transfer_in", 500)),
                )
            },
            {"direction": "out"},
        ),
        ("movement.last", {}, {"want": "last", "tank": "T-107,T-112"}),
        ("movement.unkept", {"past": None}, {}),
        ("movement.future", {}, {"time": f"{stamp(NOW + timedelta(hours=1))}/{stamp(NOW + timedelta(hours=2))}"}),
        ("movement.which_time", {}, {"time": "yesterday"}),
    ],
)
def test_it_reads_so(name: str, seen: dict[str, object], arguments: dict[str, str]) -> None:
    message = WORDS.answer(ask(window(**seen), **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(name, message)


def test_papers_and_gauges_are_both_told_and_their_gap() -> None:
    facts = ask(window(past=HeldTanks(tonnes=LIFT, moves=(order("WO-1", "T-107", "out", 480.0),)))).facts
    assert (facts["papers"]["out_kg"], facts["gauges"]["fell_kg"], facts["gap_kg"]) == (480_000, 488_500, -8_500)
    assert facts["gauges"]["unexplained"] == []  # within what the contract takes for no loss


@pytest.mark.parametrize(
    ("past", "state", "status"),
    [
        (HeldTanks(), "still", Status.OK),
        (HeldTanks(late=("gangchu",)), "unknown", Status.STALE),  # 没有 is never said on old papers
        (HeldTanks(silent=("V203",)), "unknown", Status.STALE),  # nor with a gauge that cannot tell
        (HeldTanks(tonnes=THEFT), "moved", Status.OK),
        (HeldTanks(tonnes=THEFT, late=("gangchu",)), "moved", Status.STALE),
    ],
)
def test_nothing_moved_is_said_only_where_papers_and_gauges_both_say_so(
    past: HeldTanks, state: str, status: Status
) -> None:
    answer = ask(window(past=past), direction="out")
    assert (answer.facts["state"], answer.status) == (state, status)


def test_of_the_time_before_recording_began_nobody_says_that_nothing_moved() -> None:
    young = HeldTanks(tonnes={t: [(90, kg), (0, kg)] for t, kg in TONNES.items()})
    answer = ask(window(past=young))
    assert (answer.status, answer.facts["begins"]) == (Status.STALE, stamp(NOW - timedelta(minutes=90)))
    assert WORDS.answer(answer).text.startswith("有液位记录以来")


def test_out_and_in_again_is_a_movement_although_nothing_is_missing() -> None:
    past = HeldTanks(tonnes={"V203": [(1440, 1650.2), (200, 1450.2), (100, 1650.2)]})
    [row] = ask(window(past=past)).facts["rows"]
    assert (row["tank"], row["net_kg"], row["rose_kg"], row["fell_kg"]) == ("V203", 0, 200_000, 200_000)


def test_a_tank_that_is_silent_now_is_not_comparable_and_what_it_lost_before_is_still_told() -> None:
    lost = HeldTanks(tonnes={"V203": [(1440, 1650.2), (60, 1650.2), (30, 1450.2), (12, 1450.2)]})
    answer = ask(window(past=lost, scenes={HY: scene(ages_s={"V203": 720.0, "C-01": 720.0})}))
    gauges = answer.facts["gauges"]
    assert (gauges["measured"], sorted(gauges["blind"]), gauges["fell_kg"]) == (7, ["C-01", "V203"], 200_000)
    assert answer.status is Status.STALE
    assert "7/9 罐可比" in WORDS.answer(answer).text
    assert "2 罐读数不新鲜,按最后读数计" in WORDS.answer(answer).text


def test_of_a_silent_tank_nobody_says_that_nothing_moved() -> None:
    answer = ask(window(past=HeldTanks(), scenes={HY: scene(ages_s={"C-01": 720.0})}), direction="out")
    assert answer.facts["state"] == "unknown"
    assert WORDS.answer(answer).text.startswith("无法核对。")


@pytest.mark.parametrize(
    ("text", "rows"),
    [("哪几个罐动得最厉害", 5), ("今天哪些罐变化最大", 5), ("昨天到现在变化最大的前3个罐", 3), ("今天动过没", 1)],
)
def test_the_tanks_that_moved_most_are_listed_where_they_are_asked_for(text: str, rows: int) -> None:
    assert len(ask(window(), top=text).facts["rows"]) == rows


def shared(past: HeldTanks) -> Window:
    """Half of T-112 is another owner's."""
    half = tuple(replace(p, share=Decimal("0.5")) if p.tank_id == "T-112" else p for p in CONTRACT.pledged)
    contract = replace(CONTRACT, pledged=half)
    return window(past=past, contract_list=(contract,), scenes={HY: scene(contract=contract)})


def test_the_gauge_of_a_shared_tank_accuses_nobody_and_clears_nobody() -> None:
    answer = ask(shared(HeldTanks(tonnes=THEFT)), tank="T-112", direction="out")
    assert (answer.facts["state"], answer.facts["gauges"]["unexplained"]) == ("unknown", [])
    text = WORDS.answer(answer).text
    assert text.startswith("无法核对。")
    assert "混存罐,无本项目作业单" in text
    assert "待核实" not in text


def test_orders_of_which_nobody_knows_whose_they_are_are_counted_by_number_only() -> None:
    class Unowned(HeldTanks):
        def orders(self, start: datetime, end: datetime) -> PaperMoves:
            return replace(super().orders(start, end), unowned={"T-112": 2})

    answer = ask(shared(Unowned()), direction="out")
    assert (answer.facts["state"], answer.facts["papers"]["out_kg"]) == ("unknown", 0)
    assert "混存罐另有 2 笔作业单未报货主,未计入。" in WORDS.answer(answer).text
    assert "未报货主,未计入" in WORDS.answer(ask(shared(Unowned()), want="last")).text


def test_a_transfer_between_tanks_is_no_outflow() -> None:
    moves = (order("WO-2", "T-112", "transfer_out", 500), order("WO-2", "T-113", "transfer_in", 500))
    tonnes = {"T-112": [(1440, 6580.2), (90, 6080.2)], "T-113": [(1440, 5580.2), (90, 6080.2)]}
    past = HeldTanks(tonnes=tonnes, moves=moves)
    assert ask(window(past=past), direction="out").facts["state"] == "still"
    assert ask(window(past=past)).facts["state"] == "moved"
    assert ask(window(past=past)).facts["papers"]["within_kg"] == 500_000


def test_a_gauge_that_is_silent_now_does_not_say_that_nothing_moved() -> None:
    past = HeldTanks(tonnes={"C-01": [(1440, 3102.0), (300, 3102.0)]})  # silent for five hours
    seen = window(past=past, scenes={HY: scene(ages_s={"C-01": 18_000.0})})
    assert ask(seen, tank="C-01").facts["gauges"]["unseen"] == ["C-01"]
    assert ask(seen, tank="C-01").facts["state"] == "unknown"


def test_what_lacks_a_notice_is_told_among_lenders_only() -> None:
    past = HeldTanks(tonnes=LIFT, moves=(order("WO-1", "T-107", "out", 488.5, noticed=False),))
    assert ask(window(past=past)).facts["papers"]["unnoticed_kg"] == 488_500
    assert "unnoticed_kg" not in ask(window(past=past, where="group", who="li")).facts["papers"]


def test_on_old_papers_no_outflow_is_said_to_lack_a_notice() -> None:
    moves = (order("WO-1", "T-107", "out", 488.5, noticed=False),)
    answer = ask(window(past=HeldTanks(tonnes=LIFT, moves=moves, late=("gangchu",))), direction="out")
    assert "unnoticed_kg" not in answer.facts["papers"]
    text = WORDS.answer(answer).text
    assert "有单无单无法核对" in text
    assert "未见提货通知" not in text


@pytest.mark.parametrize(("direction", "tanks"), [("out", ["T-107"]), ("in", ["V203"]), ("both", ["T-107", "V203"])])
def test_tanks_that_went_the_other_way_are_not_listed(direction: str, tanks: list[str]) -> None:
    filled = {"V203": [(1440, 1340.2), (200, 1340.2), (100, 1650.2)]}
    past = HeldTanks(tonnes=LIFT | filled, moves=(*LIFTED, order("WO-2", "V203", "in", 310.0)))
    assert [r["tank"] for r in ask(window(past=past), direction=direction).facts["rows"]] == tanks
    ranked = ask(window(past=past), direction=direction, top="变化最大的前5个罐").facts["rows"]
    assert [r["tank"] for r in ranked][: len(tanks)] == tanks


@pytest.mark.parametrize(
    "command", ["/movement T-999", "/movement 黄金", "/movement 今天 T-999", "/进出 昨天 C-99 出库"]
)
def test_a_name_that_nobody_knows_is_not_answered_for_the_whole_pool(command: str) -> None:
    found = hear(command)
    answer = found.answer() if isinstance(found, Clarify) else ask(window(), **one(found).arguments)
    assert answer.status is Status.CLARIFY
    assert WORDS.answer(answer).text == "没认出其中的名称。请写明项目、库区、品种或罐号。"


@pytest.mark.parametrize(
    "command", ["/movement", "/movement 今天", "/movement 出库", "/movement T-107", "/进出 前五个"]
)
def test_a_command_with_what_is_known_is_answered(command: str) -> None:
    assert ask(window(), **one(hear(command)).arguments).kind == "movement"


def test_a_span_that_ended_just_now_has_the_reading_of_now() -> None:
    fell = HeldTanks(tonnes={"T-112": [(1440, 6163.2), (60, 6163.2)]})  # of now there is the gauge's own reading alone
    past = {"past": fell, "scenes": {HY: scene(tonnes={"T-112": 6080.2})}}
    for late_s in (0, 5):
        span = f"{stamp(NOW - timedelta(hours=2))}/{stamp(NOW - timedelta(seconds=late_s))}"
        facts = ask(window(**past), time=span, tank="T-112").facts
        assert (facts["now"], facts["gauges"]["fell_kg"]) == (True, 83_000), late_s


def test_who_may_not_see_quantities_learns_nothing_of_movements() -> None:
    answer = ask(window(where="group", who="li", fields=frozenset({Field.VALUE})))
    assert (answer.status, answer.kind, answer.facts) == (Status.NOT_PERMITTED, "withheld", {"fields": ["quantity"]})


@pytest.mark.parametrize("top", ["2", "变化最大的前2个", "昨天到现在变化最大的前二个罐"])
def test_the_largest_changes_come_first(top: str) -> None:
    past = HeldTanks(tonnes=LIFT | THEFT, moves=LIFTED)
    assert [r["tank"] for r in ask(window(past=past), top=top).facts["rows"]] == ["T-107", "T-112"]


def test_a_sentence_that_asks_for_no_largest_ranks_nothing() -> None:
    for said in ("T-107今天动过没", "提前5分钟进库的有没有"):
        assert ask(window(), top=said).facts["top"] is None


def test_a_tank_of_another_pledge_is_not_found() -> None:
    assert ask(window(), tank="X-99").kind == "not_found"
