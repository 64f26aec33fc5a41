"""Texts that are refused whatever else they say: attempts to reprogram the bot, to reach its secrets, to set its lines.

The learned model refuses most of what should be refused; these words are refused without it, because no harmless question
of the field holds them.
"""

import re

from skills.understanding.frame import Frame

_OUTRIGHT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "r_injection",
        re.compile(
            r"(?:忽略|无视|忘记|忘掉|抛开|绕过|跳过)(?:你|掉|所有|一切|之前|以前|前面|上面|以上|全部|的|任何|这些)*(?:指令|规则|设定|限制|提示|约束|要求|权限)"
            r"|忽.?略.?以.?上.?所.?有|ignore (?:all |any |the )?(?:previous|above|prior|your)|^\s*(?:system|assistant|developer)\b"
            r"|</?(?:user|system|assistant|im_start)|开发者模式|developer mode|debug mode|jailbreak|越狱|disclose_all|你现在(?:是|扮演)"
            r"|(?:规则|指令|设定)(?:全部|都|统统)?作废|\[系统(?:消息|提示|指令)\]|^系统(?:消息|提示|指令)"
        ),
    ),
    (
        "r_secret",
        re.compile(
            r"(?:提示词|system prompt|api ?key|apikey|密钥|私钥|(?:接口|访问|bot) ?token|token(?:发|给|是)|数据库密码|后台密码|登录密码|源代码|源码|环境变量)"
        ),
    ),
)
_RULE = r"(?:价格?|price|监管线|控货线|补货线|预警线|警戒线|平仓线|处置线|折扣率?|容差|允差)"
_CHANGED = re.compile(
    rf"(?=.*(?:帮|给我|把|将|请|麻烦|你|可以|能不能)){_RULE}.{{0,8}}?(?:改|调)(?:成|到|为|回) ?\d[\d.,]*%?(?![\d.,%]*(?:个?小时|分钟|[点次号了]))"
)
"""A wish to set a line or a price; 监管线是不是改成80了 asks what is so."""
_HARMLESS = re.compile(r"钥匙")


def refused_outright(frame: Frame) -> tuple[str, ...]:
    """The kinds of refusal that its words alone call for, in order."""
    if _HARMLESS.search(frame.plain):
        return ()
    found = tuple(kind for kind, words in _OUTRIGHT if words.search(frame.plain))
    wished = _CHANGED.search(frame.plain) is not None and not frame.supposes
    return (*found, "r_change_rule") if wished else found
