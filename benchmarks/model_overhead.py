"""What the path with a model costs beside the endpoint: our code, langchain and the client, over a real socket.

    python -m benchmarks.model_overhead [--questions 60]

The endpoint is a process of its own that answers at once, in JSON or as a stream; the skills are run, their answers rendered.
Taken off each question is the median of the same requests by a bare client, sent in turn with the questions, so that what else
the machine does weighs on both. Includes what the words alone would have cost: reading the question, running the skills.
``cpu``: processor time of this process, likewise beside the bare client's; on a machine that does much else, the better figure.
"""

import argparse
import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import quantile
from bot.model.path import ModelPath
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import ModelEndpoint, Reply, say
from tests.fakes.model_stage import ModelStage, use

TARGET_MS = 50.0
WARM = 5
"""Questions of each kind before the first that counts."""
ONE, TWO = "T-1 里头大概还剩多少", "T-1 和 S-1 里头各剩多少"


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds on the clock, and of the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """internal: the lender's own endpoint. stream: SSE. calls: tools called at once, or 'in turn', one after the other."""

    internal: bool
    stream: bool
    calls: str

    def __str__(self) -> str:
        """As a row is headed."""
        return f"{'own' if self.internal else 'foreign'} {'SSE' if self.stream else 'JSON'}, {self.calls}"

    @property
    def question(self) -> str:
        """The words that bring it about."""
        return ONE if self.calls == "1 call" else TWO


KINDS = tuple(
    Kind(internal=i, stream=s, calls=c)
    for i, s, c in product((True, False), (False, True), ("1 call", "2 calls", "2 in turn"))
)


def script(request: dict[str, Any]) -> Reply:
    """The tanks that the question names, at once or one after the other (model 'in turn'); nothing when all were asked."""
    messages = request["messages"]
    asked = str(messages[1]["content"])
    named = [words for words in ("«罐1»", "«罐2»", "T-1", "S-1") if words in asked]
    done = sum(m["role"] == "tool" for m in messages)
    if done >= len(named):
        return say("")
    wanted = named[done : done + 1] if request["model"] == "in turn" else named
    return use(*(("tanks", {"tank": words}) for words in wanted))


async def main(questions: int) -> None:
    """Import, warm, ask."""
    stage = await ModelStage.rise(await HouseStage.calm(Path(tempfile.mkdtemp(prefix="xiaoliuzi-model-")) / "w"))
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    await stage.kept(internal=True)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"import and warm, in a thread: {(time.perf_counter() - began) * 1000:.0f} ms, {grown:.0f} MB")
    print(f"beside the endpoint, ms; load {_load()}")
    every: list[Took] = []
    with _endpoint() as url:
        for kind in KINDS:
            every += await _measured(stage, kind, url, questions)
    print(_row("all kinds", every))
    reached = _at(0.95, [t.wall for t in every])
    print(f"p95 {reached:.1f} ms, target {TARGET_MS:.0f} ms; load {_load()}")
    await stage.fall()


async def _measured(stage: ModelStage, kind: Kind, url: str, questions: int) -> list[Took]:
    """One kind's overheads, printed with the ratio of its whole time to the bare requests'."""
    model = {"name": "in turn" if kind.calls == "2 in turn" else "at once"}
    settings: dict[str, Any] = {"internal": kind.internal, "stream": kind.stream, **model}
    stage.endpoint.plays(script)
    await _answered(stage, await stage.kept(**settings), kind)
    bodies = list(stage.endpoint.asked)
    path = await stage.kept(base_url=url, **settings)
    took: list[Took] = []
    bare: list[Took] = []
    async with httpx.AsyncClient() as http:
        for n in range(WARM + questions):
            whole, alone = await _answered(stage, path, kind), await _sent(http, url, bodies)
            if n >= WARM:
                took.append(whole)
                bare.append(alone)
    floor = Took(_at(0.5, [t.wall for t in bare]), _at(0.5, [t.cpu for t in bare]))
    beside = [Took(t.wall - floor.wall, t.cpu - floor.cpu) for t in took]
    ratio = _at(0.5, [t.wall for t in took]) / floor.wall
    print(f"{_row(str(kind), beside)}   {len(bodies)} bare requests {floor.wall:4.1f}, ratio {ratio:3.1f}", flush=True)
    return beside


async def _answered(stage: ModelStage, path: ModelPath, kind: Kind) -> Took:
    """From the words to what is said: read without a model, then with it, then rendered."""
    answering, words = stage.house.app.answering, stage.house.app.words
    began, cpu = time.perf_counter(), time.process_time()
    answering.hearing.hear(kind.question, stage.view("wang", "a_bank"), addressed=True)
    told = await path.answer(stage.asked(kind.question))
    said = [words.answer(a).text for a in told.answers]
    took = Took((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000)
    assert len(said) == (1 if kind.question == ONE else 2), told
    return took


async def _sent(http: httpx.AsyncClient, url: str, bodies: list[dict[str, Any]]) -> Took:
    """The endpoint's own time: the same requests by a plain client."""
    began, cpu = time.perf_counter(), time.process_time()
    for body in bodies:
        (await http.post(f"{url}/chat/completions", json=body)).raise_for_status()
    return Took((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000)


def _row(name: str, took: Sequence[Took]) -> str:
    wall, cpu = [t.wall for t in took], [t.cpu for t in took]
    return (
        f"{name:<24} n={len(took):<4} p50={_at(0.5, wall):6.1f}  p95={_at(0.95, wall):6.1f}  max={max(wall):6.1f}   "
        f"cpu p50={_at(0.5, cpu):5.1f}  p95={_at(0.95, cpu):5.1f}"
    )


def _at(share: float, values: Sequence[float]) -> float:
    return quantile(sorted(values), share)


@contextmanager
def _endpoint() -> Iterator[str]:
    """The endpoint's URL, served by another process until the block ends."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    yield ours.recv()
    process.terminate()
    process.join()


def _serve(pipe: Connection) -> None:
    async def serving() -> None:
        async with ModelEndpoint(script, keeps=False) as endpoint:
            pipe.send(endpoint.url)
            await asyncio.Event().wait()

    asyncio.run(serving())


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=60)
    asyncio.run(main(parser.parse_args().questions))
