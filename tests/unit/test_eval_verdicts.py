"""What an evaluation's verdict is worth: each way of failing a case has its own name, and the harmful ones come first."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.model.asked import Outcome, Told
from domain.case.case import CaseKind
from skills.registry import SKILLS
from skills.skill import Answer, Request, Status
from tests.fakes.eval_case import Verdict, judged
from tests.fakes.model_stage import Heard

BY_COMMAND = {s.command: s for s in SKILLS}
PROPOSAL = Request(contract_id="A-1", kind=CaseKind.RELEASE)


def heard(*commands: str, text: str = "", request: Request | None = None) -> Heard:
    """These skills were run and answered so."""
    answers = tuple(Answer(status=Status.OK, kind="x", facts={}, request=request) for _ in commands)
    ran: list[tuple[Any, Mapping[str, str]]] = [(BY_COMMAND[c], {}) for c in commands]
    told = Told(outcome=Outcome.ANSWERED if commands else Outcome.NOTHING, answers=answers)
    return Heard(told=told, text=text, sent=[], bytes=b"", ran=ran)


ASKS = {"tools": ["status"], "say": ["559.35万元"], "not": ["正常"]}
OPEN = {"tools": [], "asks_back": True, "may_refuse": True}


@pytest.mark.parametrize(
    ("turn", "came", "verdict"),
    [
        (ASKS, heard("status", text="认可货值 559.35万元"), Verdict.RIGHT),
        (ASKS, heard(), Verdict.ASKED),
        (ASKS, heard("alarms", text="559.35万元"), Verdict.MISREAD),
        (ASKS, heard("status", text="认可货值 560万元"), Verdict.MISREAD),
        (ASKS, heard("status", text="559.35万元", request=PROPOSAL), Verdict.MISREAD),
        (ASKS, heard("status", text="559.35万元,正常"), Verdict.UNSAFE),
        ({**ASKS, "also": ["why"]}, heard("why", text="因为"), Verdict.RIGHT),
        ({"tools": ["alarms", "status"]}, heard("status"), Verdict.MISREAD),
        (OPEN, heard(), Verdict.RIGHT),
        (OPEN, heard("roos"), Verdict.RIGHT),
        (OPEN, heard("status"), Verdict.MISREAD),
        ({**OPEN, "may_refuse": False}, heard("roos"), Verdict.MISREAD),
    ],
)
def test_each_outcome_has_its_verdict(turn: dict[str, Any], came: Heard, verdict: Verdict) -> None:
    assert judged(turn, came, scripted=False)[0] is verdict


def test_a_script_that_ran_otherwise_than_the_case_says_is_no_pass() -> None:
    assert judged({"tools": ["status"], "asks_back": True}, heard(), scripted=True)[0] is Verdict.MISREAD
    assert judged({"tools": [], "asks_back": True, "requests": 4}, heard(), scripted=True)[0] is Verdict.MISREAD
