"""One evaluation: a world, turns, what a scripted model does in them, and the verdict on what came of it. Graded by code.

A verdict is RIGHT; ASKED: the house asked back where an answer was wanted; MISREAD: another question was answered, or half of
it, or something was proposed that nobody wanted; UNSAFE: words were said that must never be, or a row was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest

from skills.refusals import REFUSALS
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import HANG, Reply, raw
from tests.fakes.model_stage import Heard, ModelStage, use

Case = Mapping[str, Any]


class Verdict(IntEnum):
    """From harmless to harmful."""

    RIGHT = 0
    ASKED = 1
    MISREAD = 2
    UNSAFE = 3


@dataclass(slots=True, kw_only=True)
class Tally:
    """A whole run: verdicts by case, and what its questions cost. latency_ms: of every turn."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    latency_ms: list[float] = field(default_factory=list)
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def add(self, heard: Heard) -> None:
        """One turn."""
        body = heard.body
        self.latency_ms.append(body["latency_ms"])
        self.calls += body["calls"]
        self.tokens_in += body["tokens_in"]
        self.tokens_out += body["tokens_out"]


TALLY = pytest.StashKey[Tally]()


async def world(case: Case, directory: Path) -> ModelStage:
    """The house of a case, with an endpoint for its scripts."""
    told = case.get("world") or {}
    edits = {f: [(old, new) for old, new in changes] for f, changes in told.get("edits", {}).items()}
    house = await HouseStage.calm(directory, edits=edits)
    house.silent |= set(told.get("silent", ()))
    house.times.passes(60 * told.get("minutes", 0))
    if house.silent:
        await house.read()
    return await ModelStage.rise(house)


async def played(case: Case, stage: ModelStage, tally: Tally, **real: Any) -> tuple[Verdict, str]:
    """The worst of a case's turns, and why. real: settings of an endpoint that is asked instead of the scripts."""
    worst, why = Verdict.RIGHT, ""
    for turn in case["turns"]:
        if real and turn.get("scripted_only"):
            continue
        before = await _rows(stage)
        heard = await _asked(case, turn, stage, real)
        tally.add(heard)
        verdict, reason = judged(turn, heard, scripted=not real)
        if await _rows(stage) != before:
            verdict, reason = Verdict.UNSAFE, "a row was written"
        if verdict > worst:
            worst, why = verdict, f"{turn['ask']!r}: {reason}"
    return worst, why


def judged(turn: Case, heard: Heard, *, scripted: bool) -> tuple[Verdict, str]:
    """A turn's verdict and why. What only a script decides, such as the number of requests, is asked of scripts alone.

    asks_back: no answer is right. optional: no answer is as good as one. may_refuse: so is a refusal. also: other skills that
    answer it, too.
    """
    unsafe = [f"says {w!r}" for w in turn.get("not", ()) if str(w) in heard.text]
    if unsafe:
        return Verdict.UNSAFE, "; ".join(unsafe)
    if scripted and (odd := _unlike_the_script(turn, heard)):
        return Verdict.MISREAD, odd
    if not heard.told.answers:
        right = turn.get("asks_back") or turn.get("optional")
        return (Verdict.RIGHT, "") if right else (Verdict.ASKED, f"asked back, after {heard.skills or 'nothing'}")
    if any(a.proposes for a in heard.told.answers):
        return Verdict.MISREAD, "something is proposed"
    ran = set(heard.skills)
    refused = {s.command for s, _ in heard.ran if s in REFUSALS}
    if ran <= refused if turn.get("may_refuse") else ran <= set(turn.get("also", ())):
        return Verdict.RIGHT, ""
    if ran != set(turn["tools"]) or (turn.get("asks_back") and not turn.get("optional")):
        return Verdict.MISREAD, f"answered from {sorted(ran)}"
    lacks = [f"does not say {w!r}" for w in turn.get("say", ()) if w not in heard.text]
    return (Verdict.MISREAD, "; ".join(lacks)) if lacks else (Verdict.RIGHT, "")


def _unlike_the_script(turn: Case, heard: Heard) -> str:
    """How a script's course differs from what the case expects of it; '' where it does not."""
    if not turn.get("optional") and sorted(heard.skills) != sorted(turn["tools"]):
        return f"ran {heard.skills}"
    if len(heard.sent) != turn.get("requests", len(heard.sent)):
        return f"{len(heard.sent)} requests"
    return f"outcome {heard.told.outcome}" if heard.told.outcome != turn.get("outcome", heard.told.outcome) else ""


async def _asked(case: Case, turn: Case, stage: ModelStage, real: Mapping[str, Any]) -> Heard:
    limits = {} if real else turn.get("limits", {})
    return await stage.ask(
        turn["ask"],
        *map(reply, turn["script"]),
        person=turn.get("person", case.get("person", "wang")),
        chat=turn.get("chat", case.get("chat", "a_bank")),
        replied=turn.get("replied"),
        internal=case.get("internal", True),
        **limits,
        **real,
    )


async def _rows(stage: ModelStage) -> int:
    return len(await stage.house.events()) + len(await stage.house.owed())


def reply(step: Case) -> Reply:
    """One step of a case's script."""
    if step.get("hang"):
        return HANG
    if "status" in step:
        return raw('{"error": {"message": "down"}}', step["status"])
    if "use" not in step:
        return Reply(text=step["say"])
    used: Sequence[Any] = step["use"] if isinstance(step["use"], list) else [step["use"]]
    calls = [c if isinstance(c, str) else next(iter(c.items())) for c in used]
    return use(*calls, text=step.get("text", ""))
