"""Cases of the shipped events (tests/data/events/golden.jsonl) read as they were written."""

from decimal import Decimal
from pathlib import Path

from domain.case.case import CaseKind, Stage
from domain.case.fold import CASE_EVENTS, fold
from domain.event import CURRENT, current, parse

GOLDEN = Path(__file__).parents[1] / "data" / "events" / "golden.jsonl"
EVENTS = [current(parse(line).event) for line in GOLDEN.read_text("utf-8").splitlines()]
SHIPPED = [e for e in EVENTS if e.tenant == "ding"]


def test_the_shipped_release_folds_to_what_it_was():
    case = fold(None, [e for e in SHIPPED if e.body["case"] == "RC-20260312-01"])
    assert (case.kind, case.stage, case.why) == (CaseKind.RELEASE, Stage.EXECUTED, "lifted")
    assert (case.paid_cny, case.to_pay_cny) == (Decimal("130000.00"), Decimal("130000.00"))
    assert (case.notice.no, case.notice.signed_by, case.notice.sealed_by) == ("TH-0301", "wang", "chen")
    assert (case.verified_by, case.declined, case.lifted) == ("li", None, {("W-1", "T-1"): 99_800})
    assert case.asked == {"jia-bank": 1, "pool": 5}


def test_the_shipped_top_up_folds_to_what_it_was():
    case = fold(None, [e for e in SHIPPED if e.body["case"] == "TU-20260312-01"])
    assert (case.kind, case.stage, case.accepted_by) == (CaseKind.TOP_UP, Stage.EXECUTED, "chen")
    assert (case.into[0].receipt, case.brought) == ("CD-9", {("I-1", "T-3"): 100_000})
    assert case.progress == {"came_cny": "700000.00", "missing_cny": "0.00"}


def test_every_kind_of_event_that_a_case_folds_is_shipped():
    assert {e.kind for e in SHIPPED} == CASE_EVENTS == {k for k in CURRENT if k.startswith("case.")}
