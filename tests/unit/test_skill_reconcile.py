"""账实: by the rule's own tolerance, worst first; nothing is said to agree on an old book or a silent gauge."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.words import Words
from domain.contract import Field
from domain.holding import Books
from domain.position import Position
from domain.scene import Scene
from skills import reconcile
from skills.skill import Answer, Status
from tests.data.words.hengyun import HY, NOW, TONNES, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_tanks import HeldTanks, order

WORDS = Words(Labels())


def booked(*, stale: bool = False, ages_s: dict[str, float] | None = None, **tonnes: float) -> Scene:
    """The depot's book as the gauges have it, but for T_112=6200.0 and the like; None-like -1: not in the book."""
    said = {t: round(1000 * tonnes.get(t.replace("-", "_"), kg)) for t, kg in TONNES.items()}
    kg = {(t, "恒运化工"): mass for t, mass in said.items() if mass >= 0}
    books = Books(kg=kg, tank_kg={t: mass for (t, _), mass in kg.items()}, as_of=NOW - timedelta(hours=7))
    return scene(books=books, book_stale=stale, ages_s=ages_s)


def covered(there: Scene, **tonnes: float) -> Scene:
    """Receipts cover so much in some tanks, and all of the others."""
    items = tuple(
        replace(i, holding=replace(i.holding, pledged_kg=round(1000 * tonnes.get(t.replace("-", "_"), TONNES[t]))))
        for i in there.position.items
        for t in (i.holding.tank_id,)
    )
    position: Position = replace(there.position, items=items)
    return replace(there, position=position)


def window(there: Scene | None = None, **more: Any) -> Window:
    return Window(**{"scenes": {HY: there or booked()}, "past": HeldTanks(), **more})


def ask(seen: Window, **arguments: str) -> Answer:
    return reconcile.run(seen, arguments)


@pytest.mark.parametrize(
    ("name", "seen", "arguments"),
    [
        ("reconcile.agrees", window(), {}),
        ("reconcile.short", window(booked(T_112=6200.0, V203=1600.0)), {}),
        ("reconcile.group", window(booked(T_112=6200.0), where="group", who="li"), {}),
        ("reconcile.one", window(booked(T_112=6082.2)), {"tank": "T-112"}),
        ("reconcile.by_site", window(booked(T_112=6200.0)), {"by": "site"}),
        ("reconcile.old_book", window(booked(stale=True, T_112=6200.0)), {}),
        ("reconcile.no_book", window(scene(), booked_at=None), {}),
        ("reconcile.blind", window(booked(ages_s={"C-01": 2400.0}), past=HeldTanks(late=("gangchu",))), {}),
        (
            "reconcile.working",
            window(
                booked(T_112=6200.0),
                past=HeldTanks(moves=[order("WO-9", "T-112", "out", 50.0, hours_ago=1.2)]),
            ),
            {"tank": "T-112"},
        ),
        ("reconcile.receipts", window(covered(booked(), T_107=5400.0)), {}),
    ],
)
def test_it_reads_so(name: str, seen: Window, arguments: dict[str, str]) -> None:
    message = WORDS.answer(ask(seen, **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(name, message)


def test_the_worst_gap_comes_first_and_its_size_is_exact() -> None:
    rows = ask(window(booked(T_112=6200.0, V203=1600.0))).facts["rows"]
    assert [(r["tank"], r["state"], r["gap_kg"]) for r in rows[:2]] == [
        ("T-112", "short", -119_800),
        ("V203", "over", 50_200),
    ]


@pytest.mark.parametrize(("booked_t", "state"), [(6110.75, "ok"), (6110.76, "short")])
def test_the_tolerance_is_that_of_the_rule(booked_t: float, state: str) -> None:
    """0.5 % of the book: 6 110.75 t allow 30.55 t."""
    [row] = ask(window(booked(T_112=booked_t)), tank="T-112").facts["rows"]
    assert row["state"] == state


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (window(), Status.OK),
        (window(booked(stale=True)), Status.STALE),
        (window(booked(ages_s={"C-01": 2400.0})), Status.STALE),
        (window(past=HeldTanks(late=("gangchu",))), Status.STALE),
        (window(past=None), Status.STALE),
        (window(booked_at=None), Status.NO_DATA),
    ],
)
def test_it_agrees_only_where_everything_is_of_now(seen: Window, status: Status) -> None:
    answer = ask(seen)
    assert answer.status is status
    said = WORDS.answer(answer).text
    assert ("对得上" in said and "作业单不是最新" not in said) == (status is Status.OK)


def test_a_tank_that_is_being_worked_in_is_no_mismatch() -> None:
    past = HeldTanks(moves=[order("WO-9", "T-112", "out", 50.0, hours_ago=1.2)])
    facts = ask(window(booked(T_112=6200.0), past=past), tank="T-112").facts
    assert facts["states"]["working"] == 1
    assert facts["states"]["short"] == 0


def test_a_sum_leaves_out_what_cannot_be_compared() -> None:
    facts = ask(window(booked(ages_s={"C-01": 2400.0})), by="good").facts
    bitumen = next(r for r in facts["rows"] if r["good"] == "B70")
    assert (bitumen["tanks"], bitumen["compared"], bitumen["book_kg"]) == (2, 1, 3_102_000)


def test_receipts_for_more_than_can_be_delivered_are_told() -> None:
    told = ask(window(covered(booked(), T_107=5400.0))).facts["receipts"]
    assert told["short"] == [{"tank": "T-107", "kg": 279_700}]


def test_the_value_of_a_gap_needs_the_value() -> None:
    seen = window(booked(T_112=6200.0), where="group", who="li", fields=frozenset({Field.QUANTITY}))
    assert "value_cny" not in ask(seen).facts["rows"][0]
    assert ask(window(booked(T_112=6200.0))).facts["rows"][0]["value_cny"] == "288718.00"


def test_who_may_not_see_quantities_is_refused() -> None:
    answer = ask(window(where="group", who="li", fields=frozenset({Field.VALUE})))
    assert (answer.status, answer.kind) == (Status.NOT_PERMITTED, "withheld")
