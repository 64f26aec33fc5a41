"""Every folder here is one evaluation: a world, what is asked, what a scripted model does, and what must come of it.

Graded by code (``tests.fakes.eval_case``). A real endpoint is held to the same, but for cases that are only about a script
(``scripted_only``): what it misread or got wrong fails, what it asked back about is an expected failure.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from ruamel.yaml import YAML

from tests.fakes.eval_case import TALLY, Case, Tally, Verdict, played, world
from tests.fakes.model_endpoint import ModelEndpoint
from tests.fakes.model_router import route
from tests.fakes.model_stage import ModelStage

HERE = Path(__file__).parent
CASES = {f.parent.name: YAML(typ="safe").load(f.read_text("utf-8")) for f in sorted(HERE.glob("*/case.yaml"))}

Stages = Callable[[Case], Awaitable[ModelStage]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stages]:
    """The world of a case; cases of the same world share it, for none leaves anything in it."""
    risen: dict[str, ModelStage] = {}

    async def stage(case: Case) -> ModelStage:
        key = repr(case.get("world"))
        if key not in risen:
            risen[key] = await world(case, tmp_path_factory.mktemp("eval") / "w")
        return risen[key]

    yield stage
    for one in risen.values():
        await one.fall()


@pytest.fixture
def real(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Settings of the endpoint that is asked instead of the scripts; empty without one."""
    url = request.config.getoption("--endpoint", default=None)
    if url is None:
        return {}
    if "OPENAI_API_KEY" not in os.environ:  # an endpoint of one's own may ask for none
        monkeypatch.setenv("OPENAI_API_KEY", "none")
    named = {"name": request.config.getoption("--model"), "seconds": request.config.getoption("--seconds")}
    return {"base_url": url, "key_variable": "OPENAI_API_KEY", "stream": request.config.getoption("--sse"), **named}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CASES)
async def test_case(name: str, stages: Stages, real: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if real and all(turn.get("scripted_only") for turn in CASES[name]["turns"]):
        pytest.skip("only about a script")
    tally = request.config.stash.setdefault(TALLY, Tally())
    tally.verdicts[name], why = await played(CASES[name], await stages(CASES[name]), tally, **real)
    if real and tally.verdicts[name] is Verdict.ASKED:
        pytest.xfail(why)
    assert tally.verdicts[name] is Verdict.RIGHT, why


@pytest.mark.asyncio(loop_scope="module")
async def test_an_endpoint_that_nobody_scripted_is_never_unsafe_and_often_right(stages: Stages) -> None:
    """The dumb router, which knows neither the cases nor the house, plays every case that is not about a script."""
    tally = Tally()
    async with ModelEndpoint(route) as endpoint:
        for name, case in CASES.items():
            if not all(turn.get("scripted_only") for turn in case["turns"]):
                tally.verdicts[name], _ = await played(case, await stages(case), tally, base_url=endpoint.url, name="r")
    assert Verdict.UNSAFE not in tally.verdicts.values(), tally.verdicts
    assert list(tally.verdicts.values()).count(Verdict.RIGHT) > len(tally.verdicts) // 2


def test_there_are_enough_cases_and_each_says_what_it_is_about() -> None:
    assert len(CASES) >= 40
    assert all(case["about"] and case["turns"] for case in CASES.values())
