"""What the path with a model costs beside the endpoint: a question of two replies and one skill, over a loopback endpoint.

    python -m benchmarks.model_overhead [--questions 200]

The endpoint answers at once; the time of its own server and of the skill are measured apart and taken off.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.figures import spread
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import Reply, say
from tests.fakes.model_stage import ModelStage, use

QUESTION = "T-1 里头大概还剩多少"


def one_skill(request: dict) -> Reply:
    """A tool call first, nothing after its result."""
    last = request["messages"][-1]["role"]
    handle = "«罐1»" if "«罐1»" in str(request["messages"]) else "T-1"
    return say("") if last == "tool" else use(("tanks", {"tank": handle}))


async def main(questions: int) -> None:
    """Import, warm, ask."""
    stage = await ModelStage.rise(await HouseStage.calm(Path(tempfile.mkdtemp(prefix="xiaoliuzi-model-")) / "w"))
    stage.endpoint.plays(one_skill)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    await stage.kept(internal=True)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"import and warm, in a thread: {(time.perf_counter() - began) * 1000:.0f} ms, {grown:.0f} MB")
    bare = await _bare(stage, questions)
    print(spread("two bare requests to the endpoint", bare))
    floor = sorted(bare)[len(bare) // 2]
    for name, internal in (("own", True), ("foreign", False)):
        cpu = time.process_time()
        took = await _asked(stage, questions, internal=internal)
        cpu = (time.process_time() - cpu) / questions * 1000
        print(spread(f"question → answers, {name} endpoint", took))
        print(spread("  beside the endpoint", [t - floor for t in took]))
        print(f"  of processor, the skill and the endpoint included: {cpu:.1f} ms")
    await stage.fall()


async def _bare(stage: ModelStage, questions: int) -> list[float]:
    """The endpoint's own time: two requests as large as a question's, by a plain client."""
    await (await stage.kept(internal=True)).answer(stage.asked(QUESTION))
    bodies, took = list(stage.endpoint.asked), []
    async with httpx.AsyncClient() as http:
        for _ in range(questions):
            began = time.perf_counter()
            for body in bodies:
                (await http.post(f"{stage.endpoint.url}/chat/completions", json=body)).raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
    return took


async def _asked(stage: ModelStage, questions: int, *, internal: bool) -> list[float]:
    path, took = await stage.kept(internal=internal), []
    asked = stage.asked(QUESTION)
    for _ in range(questions):
        began = time.perf_counter()
        told = await path.answer(asked)
        took.append((time.perf_counter() - began) * 1000)
        assert told.answers
    return took


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200)
    asyncio.run(main(parser.parse_args().questions))
