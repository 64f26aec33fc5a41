"""A model that is dumb but honest, behind the same socket: it reads the request and nothing else, and picks tools by our own
learned weights, as far as they go without a single name. What it calls it fills with words of the question.

    python -m tests.fakes.model_router     # prints its URL and serves until it is stopped
"""

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import Any

from domain.tank import TankIndex
from skills.registry import SKILLS
from skills.understanding.asking import spoken_to
from skills.understanding.features import features_of
from skills.understanding.frame import Frame, frames_of, joined
from skills.understanding.model import learned
from skills.understanding.normal import normal
from skills.understanding.scope import Scope
from skills.understanding.vocabulary import Vocabulary
from tests.fakes.model_endpoint import ModelEndpoint, Reply, call, say

SURE = 0.3
"""Chance from which a tool is called."""
_NOBODY = Vocabulary.of(Scope(index=TankIndex(()), goods={}, sites={}, contracts={}))
_TANK = r"«罐\d»|[A-Z]-\d+|\d+号罐"
_WORDS = {
    "tank": _TANK,
    "good": r"«品种\d»|甲醇|柴油|汽油|原油",
    "contract": r"«项目\d»|[一-龥]{2}池",
    "time": r"(?:昨天|前天|今天)?\d{1,2}点|昨天|前天",
    "percent": r"[跌涨](?:\d+%|«数\d»)",
    "mass": r"[提补出]?(?:\d+|«数\d»)吨",
}
"""What a word for an argument looks like, by the argument's name."""


def route(request: dict[str, Any]) -> Reply:
    """One round of calls, then nothing."""
    messages = request["messages"]
    if messages[-1]["role"] == "tool":
        return say("")
    asks = json.loads(messages[-1]["content"].split("提问人的话:")[-1])["asks"]
    offered = {t["function"]["name"]: t["function"]["parameters"] for t in request["tools"]}
    calls = [(name, _filled(offered[name], asks)) for name in _tools(asks) if name in offered]
    lacking = any(set(offered[name]["required"]) - given.keys() for name, given in calls)
    return call(*calls) if calls and not lacking else say("")


def _tools(asks: str) -> list[str]:
    """The likeliest intent's skill, if it is likely enough."""
    best = spoken_to(learned()).guesses(features_of(_frame(asks)))[0]
    return [s.name for s in SKILLS if best.intent in s.intents and best.chance >= SURE][:1]


def _frame(asks: str) -> Frame:
    bare = re.sub(r"«\W?", "", re.sub(_TANK, "7号罐", asks)).replace("»", "")
    return joined(tuple(frames_of(normal(bare), _NOBODY, datetime.now(UTC))))


def _filled(schema: dict[str, Any], asks: str) -> dict[str, str]:
    found = {n: "和".join(re.findall(_WORDS[n], asks)) for n in schema["properties"] if n in _WORDS}
    if "text" in schema["required"]:
        found["text"] = asks
    return {name: words for name, words in found.items() if words}


async def main() -> None:
    """Serve until stopped."""
    async with ModelEndpoint(route, keeps=False) as endpoint:
        print(endpoint.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
