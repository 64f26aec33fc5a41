"""What somebody says beside their wish: why they ask (报给分行用, 填表用, 领导等着), or that they are new here."""

import re
from collections.abc import Sequence

from skills.understanding.frame import Frame

_WHY = (
    r"(?:我?要|好)?[报交递呈]给.{1,6}[用看]|(?:我|要|好)?[填写做备]\S{0,6}用|(?:审计|汇报|开会|归档|存档|交班|贷审会|对账)(?:要|时)?用(?:的)?"
    r"|\S{0,4}(?:领导|老板|行长|主任)(?:等着|在等|急?着?要|催着?|要看|要用)\S{0,3}|(?:车|司机|货车)\S{0,5}等着\S{0,3}"
    r"|我?(?:马上|等下|一会儿?)要?(?:开会|汇报|交班)"
)
_NEW = (
    r"(?:我|俺|我们|本人)?(?:就?是)?(?:今天|昨天)?(?:刚刚?|才|新|new)(?:来|到岗|接手|调来|调过来|入职|换岗|过来)\S{0,8}?"
    r"(?:的|的?(?:客户经理|贷后|实习生|值班员|同事|经办))?"
)
_ASIDE = re.compile(f"{_WHY}|{_NEW}")
_ABLE = re.compile("行长|主任|总|领导|监管局|管理员|授权|权限")
"""Who claims to be one of these is not only new."""


def wishes(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The clauses without such asides; all where there is nothing else."""
    return tuple(f for f in frames if not _aside(f.plain.replace(" ", ""))) or tuple(frames)


def _aside(plain: str) -> bool:
    new = re.fullmatch(_NEW, plain) is not None
    return _ASIDE.fullmatch(plain) is not None and not (new and _ABLE.search(plain))
