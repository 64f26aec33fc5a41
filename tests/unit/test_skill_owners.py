"""货权: which batches, what part, where from; words as people read them, and silence about everybody else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from skills.owners import MOST, SKILL
from skills.ports import Origin, Owned, OwnLot
from skills.skill import Status
from tests.data.words.hengyun import HY, NOW, Labels
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
DAY = timedelta(days=1)


def lot(batch: str | None, kg: int, days_ago: int = 9, *, pledged: bool = True) -> OwnLot:
    return OwnLot(batch=batch, kg=kg, deliverable_kg=kg * 95 // 100, since=NOW - days_ago * DAY, pledged=pledged)


SOUND = Owned(
    contract_id=HY,
    tank_id="T-112",
    site_id="gangchu",
    good="MEOH",
    lots=(lot("HY-0301", 800_000, 11), lot(None, 406_400, 7)),
    others_kg=723_800,
    share=Decimal("0.625"),
    kg=1_206_400,
    ledger_kg=1_206_400,
    book_kg=1_206_000,
    agrees=True,
    physical_kg=1_204_900,
    within=True,
    opened_at=NOW - 11 * DAY,
    closed_kg=0,
    refused=0,
    as_of=NOW,
    stale=False,
)
TROUBLED = replace(
    SOUND,
    tank_id="T-113",
    lots=(lot("HY-0301", 800_000), lot("HY-0302", 400_000, pledged=False)),
    share=Decimal("0.35"),
    kg=700_000,
    ledger_kg=800_000,
    book_kg=700_000,
    agrees=False,
    physical_kg=None,
    within=False,
    closed_kg=5,
    refused=2,
    stale=True,
)


def step(kind: str, tank: str, kg: int, days_ago: int, to_tank: str | None = None, paper: str | None = None) -> Origin:
    return Origin(
        batch="HY-0301", kind=kind, at=NOW - days_ago * DAY, tank_id=tank, to_tank=to_tank, kg=kg, paper=paper
    )


STEPS = (
    step("title", "T-120", 900_000, 13),
    step("transfer", "T-120", 850_000, 12, "T-113", "WO-0228-01"),
    step("transfer", "T-113", 820_000, 11, "T-112", "WO-0301-04"),
    step("inbound", "T-112", 20_000, 10),
)


def answer(*stakes: Owned, window: Window | None = None, **arguments: str):
    return SKILL.run(replace(window or Window(), stakes=stakes, steps=STEPS), arguments)


@pytest.mark.parametrize(
    ("case", "stakes", "arguments"),
    [
        ("tank", (SOUND,), {"tank": "T-112"}),
        ("troubled", (TROUBLED,), {"tank": "T-113"}),
        ("several", (SOUND, TROUBLED), {}),
        ("lineage", (SOUND,), {"tank": "T-112", "by": "lineage"}),
        ("none", (), {"tank": "T-112"}),
    ],
)
def test_it_reads_so(case: str, stakes: tuple[Owned, ...], arguments: dict[str, str]) -> None:
    message = WORDS.answer(answer(*stakes, **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"owners.{case}", message)


def test_only_lenders_hear_the_sum_of_the_others() -> None:
    assert answer(SOUND).facts["others_kg"] == 723_800
    assert answer(SOUND, window=Window(who="zhao", where="group")).facts["others_kg"] is None


def test_where_something_is_wrong_it_is_no_plain_answer_and_comes_first() -> None:
    assert answer(SOUND).status is Status.OK
    assert answer(replace(SOUND, within=None, physical_kg=None)).status is Status.OK
    for wrong in ({"agrees": False}, {"refused": 1}, {"stale": True}, {"within": False}):
        assert answer(replace(SOUND, **wrong)).status is Status.STALE  # type: ignore[arg-type]
    assert [r["tank"] for r in answer(SOUND, TROUBLED).facts["rows"]] == ["T-113", "T-112"]


def test_where_quantities_are_withheld_nothing_is_told() -> None:
    assert answer(SOUND, window=Window(fields=frozenset({Field.VALUE}))).status is Status.NOT_PERMITTED


def test_filters_name_tanks_goods_and_sites_and_an_unknown_tank_is_unknown() -> None:
    assert answer(SOUND, TROUBLED, tank="T-113").facts["tank"] == "T-113"
    assert answer(SOUND, good="D0").kind == "no_ledger"
    assert answer(SOUND, site="gangchu").facts["tank"] == "T-112"
    assert answer(SOUND, tank="X-9").kind == "not_found"


def test_the_origin_of_several_tanks_is_asked_back() -> None:
    assert (answer(SOUND, TROUBLED, by="lineage").status, answer(SOUND, by="lineage").status) == (
        Status.CLARIFY,
        Status.OK,
    )


def test_many_batches_are_summed() -> None:
    many = replace(SOUND, lots=tuple(lot(f"B-{i}", 1000) for i in range(MOST + 4)))
    assert answer(many).facts["more"] == {"n": 4, "kg": 4000}
    assert WORDS.answer(answer(many)).text.count("\n") < 14
