"""What went before a text: the same person's last turn, or a message of the bot's that they answer; and ellipses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.event import Json
from skills.understanding.frame import Frame

_TASK = re.compile(r"^[【〔\[]?(?:派单|任务|核查任务)")
_ALARM = re.compile(r"^[【〔\[]|预警|告警")
_WHICH_TANK = re.compile(r"哪个罐|罐号")
_FILLERS = re.compile(
    r"那么|那边|那儿|那|这边|呢|嘞|咧|的话|的|也要|也|再|换成|改成|换|改|只看|只|光看|光|就|和|跟|还有|另外|看看|看下|看|查下|查|一下|吧|啊|呀|哈|嘛|了|来|给我|发我|"
    r"说|要|个|单看|单独|单|里|中|时候|候|们|样|咋|如何|怎么|怎样|情况|边|头|拉长到|缩到|罐|库|号|多少|几|是|呗|哦|噢|下|方面|这个|那个|品种|区"
)
_SIGNS = re.compile(r"[TGSCDPMROHNAEUQ]")
_LINES = re.compile(r"(?:监管|控货|控制|警戒|补货|预警|平仓|处置)线")
_STRONG = re.compile(r"多少|几|咋|如何|怎么|怎样|情况|样")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The same person's last understood question in this chat, at most ten minutes ago.

    missing: the bot asked back for this kind of name, so that a bare name answers it.
    """

    intent: str
    slots: Json = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""


def told_by(context: str) -> str:
    """What kind of message went before, as a feature: '', 'task', 'alarm', 'asked' (which tank?) or 'answer'."""
    if not context:
        return ""
    if _TASK.search(context[:8]):
        return "task"
    if _WHICH_TANK.search(context) and context.rstrip().endswith(("?", "？", "罐号")):
        return "asked"
    return "alarm" if _ALARM.match(context) else "answer"


def is_ellipsis(frame: Frame) -> bool:
    """Names, times or amounts with nothing asked of them: only what went before says what is meant."""
    masked = _LINES.sub("N", frame.masked.replace(" ", ""))
    if not _SIGNS.search(masked) or len(masked) > 12:
        return False
    left = _SIGNS.sub("", masked)
    if _STRONG.search(left) and not re.search(r"呢|嘞|咧|^那", left):
        return False
    return not _FILLERS.sub("", left)
