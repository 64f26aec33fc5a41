"""Forms of words so plain that nobody has to weigh what they mean: 甲醇跌到2200, 还三百万够不够, 是不是已经破了补货线.

Where the learned model is not sure, and only if nothing else is said.
"""

import re

from skills.understanding.combined import combined_in, left_of
from skills.understanding.frame import Frame

_LINE = "(?:补货线|预警线|警戒线|监管线|控货线|控制线|处置线|平仓线)"
_WHETHER = "(?:是不是|有没有|是否|会不会|难道)?(?:现在|目前)?(?:已经|已)?"
_ASKED = "(?:吗|没有|没|么|呢|嘛)?"
_BROKEN = re.compile(
    rf"(?:货值|现在|目前)*{_WHETHER}(?:跌破|击破|破|低于|跌到)了?{_LINE}(?:以下|下面|之下)?了?{_ASKED}"
)
_COMPARED = re.compile(
    rf"(?:现在|目前)?(?:总|认可)?货值{_WHETHER}(?:低于|高于|不到|超过|超|过)R(?:以下|以上)?了?{_ASKED}"
)
_CASH = re.compile(
    rf"(?:还?要|得|需要)?(?:还|打|补)多少(?:款|钱|保证金|本金)(?:才|就)?(?:能|可以)?(?:才)?(?:回到|恢复到|达到|补到|回|到){_LINE}(?:以上|上面)?"
)
_TAIL = re.compile(
    rf"(?:那么?|如果|要是|假如|万一|若|然后|同时|并且|而且|以后|之后|后|的话|再|又|还|会|能|就|了?够不够|够吗|够么|够|怎样|怎么样|咋样|"
    rf"货值|质押率|余量|剩下|剩|有|是|变成|变|多少|几|破线|不破|破|回到|{_LINE}|吗|呢|么|不)*"
)
_GONE = re.compile(
    r"(?:要是|如果|假如|万一)?T的?货?(?:要是|如果|万一)?(?:全|都)?没了(?:的话)?(?:会)?(?:怎么样|怎样|咋样|如何)(?:呢)?"
)
_GIVEN = frozenset({"好的", "好", "行", "嗯", "好嘞", "ok", "okay"})
"""Words by which somebody takes what was said."""
_ASKS = re.compile("[多少几吗呢么]|怎|咋|不够|不破|如果|要是|假如|万一")
_ENOUGH = re.compile("够|余量")
"""提100吨沥青够不够 asks what may leave."""
_HAPPENED = re.compile("了|已")


def plainly(frame: Frame) -> str | None:
    """The intent, None where the words are of no such form."""
    masked = frame.masked.replace(" ", "")
    if frame.whens:
        return None
    if masked in _GIVEN:
        return "smalltalk"
    if _GONE.fullmatch(masked):
        return "q_whatif"
    if (_BROKEN.fullmatch(masked) and frame.asks) or _CASH.fullmatch(masked):
        return "q_gap"
    if _COMPARED.fullmatch(masked) and frame.asks:
        return "q_value"
    return "q_whatif" if _supposes(frame) else None


def _supposes(frame: Frame) -> bool:
    """A price that would be another may stand by itself; goods or money that would move must be asked about."""
    found = combined_in(frame)
    if found is None:
        return False
    rest = left_of(frame)
    if "mass" in found and _ENOUGH.search(rest):
        return False
    moves = "mass" in found or "money" in found
    return _TAIL.fullmatch(rest) is not None and not _HAPPENED.search(rest) and (not moves or bool(_ASKS.search(rest)))
