"""Every folder here is one evaluation: a world, what is asked, what a scripted model does, and what must come of it.

Graded by code: skills that were run, words that must and must not be said, whether the house asks back. A real endpoint is
held to the same, but for cases that are only about a script (``scripted_only``).
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from skills.skill import Answer
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import Reply, raw
from tests.fakes.model_stage import ModelStage, use

HERE = Path(__file__).parent
CASES = {f.parent.name: YAML(typ="safe").load(f.read_text("utf-8")) for f in sorted(HERE.glob("*/case.yaml"))}


def reply(step: dict[str, Any]) -> Reply:
    """One step of a case's script."""
    if "status" in step:
        return raw('{"error": {"message": "down"}}', step["status"])
    if "use" not in step:
        return Reply(text=step["say"])
    used = step["use"] if isinstance(step["use"], list) else [step["use"]]
    calls = [c if isinstance(c, str) else next(iter(c.items())) for c in used]
    return use(*calls, text=step.get("text", ""))


@pytest.fixture(params=CASES)
async def played(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[dict[str, Any], ModelStage]]:
    """A case and its world."""
    case = CASES[request.param]
    world = case.get("world", {})
    edits = {f: [(old, new) for old, new in changes] for f, changes in world.get("edits", {}).items()}
    house = await HouseStage.calm(tmp_path / "w", edits=edits)
    house.silent |= set(world.get("silent", ()))
    house.times.passes(60 * world.get("minutes", 0))
    if house.silent:
        await house.read()
    stage = await ModelStage.rise(house)
    yield case, stage
    await stage.fall()


async def test_case(played: tuple[dict[str, Any], ModelStage], request: pytest.FixtureRequest) -> None:
    case, stage = played
    url = request.config.getoption("--endpoint", default=None)
    real = {} if url is None else {"base_url": url, "name": request.config.getoption("--model"), "seconds": 60}
    if url is not None:
        real["key_variable"] = "OPENAI_API_KEY"
    for turn in case["turns"]:
        if url is not None and turn.get("scripted_only"):
            continue
        heard = await stage.ask(
            turn["ask"],
            *map(reply, turn["script"]),
            person=turn.get("person", case.get("person", "wang")),
            chat=turn.get("chat", case.get("chat", "a_bank")),
            replied=turn.get("replied"),
            internal=case.get("internal", True),
            **real,
        )
        if not (turn.get("optional") and not heard.skills):
            assert sorted(heard.skills) == sorted(turn["tools"]), heard.text
        assert bool(turn.get("asks_back")) == (heard.told.answers == ()) or turn.get("optional"), heard.text
        for words in turn.get("say", ()):
            assert words in heard.text
        for words in turn.get("not", ()):
            assert str(words) not in heard.text
        assert not any(filed(a) for a in heard.told.answers)


def filed(answer: Answer) -> bool:
    """Nothing is ever more than proposed; here not even that."""
    return answer.request is not None


def test_there_are_enough_cases_and_each_says_what_it_is_about() -> None:
    assert len(CASES) >= 20
    assert all(case["about"] and case["turns"] for case in CASES.values())
