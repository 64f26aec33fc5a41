"""小六子在吗, 谢谢: a word among colleagues. Thanks need no answer."""

import re
from collections.abc import Mapping

from domain.people import Role
from skills.ports import View
from skills.skill import Answer, Parameter, Skill, Status

_CALLS = re.compile(r"在吗|在不在|你好|您好|哈喽|hello|hi|真人|机器人|多大|你是谁|[?？]|早")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """A short word back where somebody calls; nothing where somebody thanks."""
    del view
    calls = _CALLS.search(arguments.get("text", "").lower()) is not None
    return Answer(status=Status.OK, kind="smalltalk" if calls else "silent", facts={})


SKILL = Skill(
    name="smalltalk",
    command="hello",
    purpose="打招呼",
    examples=("小六子在吗", "谢谢小六子", "辛苦了", "你是真人还是机器人呀", "早啊小六子"),
    roles=frozenset(Role),
    run=run,
    parameters=(Parameter(name="text", kind="text", about="随便说"),),
)
