"""Where sentences are heard: the chats of the demo's first project, at a fixed moment."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from datasources.workspace import load
from skills.understanding.scope import within
from skills.understanding.vocabulary import Vocabulary

NOW = datetime(2026, 3, 12, 14, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STRANGERS = (
    "泰和",
    "鼎盛",
    "金海",
    "中润",
    "宏达",
    "海川池",
    "海川化工",
    "海川",
    "侮川池",
    "海川能源",
    "海川石化",
    "海传池",
    "haichuan pool",
    "haichuan",
)
"""Who is nobody to the first project, as the sentences write them."""
DEMO = Path("examples/demo")


@lru_cache(maxsize=2)
def vocabulary(*, learning: bool = False) -> Vocabulary:
    """The names that the first project's chats know. learning: other banks' names in the sentences are signs too."""
    workspace = load(DEMO, now=NOW).workspace
    assert workspace is not None, "the demo's workspace is sound"
    scope = within(workspace, [next(iter(workspace.contracts.values()))])
    return Vocabulary.of(replace(scope, strangers=STRANGERS) if learning else scope)
