"""Names that nobody here knows: 海川那池子, 泰和的货值. Whose they are makes no difference, and shows none.

A name is heard as one by what stands beside it, and because no sentence that the model has learned from holds its
characters together. A figure about our own cargo would be a wrong answer to it.
"""

import re
from collections.abc import Container

from skills.understanding.frame import Frame, renamed
from skills.understanding.names import SIGNS, Mention

_OPENING = re.compile(
    r"(?:^|(?<=[ A-Z])|(?<=看看|看下|查下|问下|听说|顺便|里头|里面|告诉|知道|一下|请问|那个)|(?<=[那查问把跟和说里给是]))(?=[\u4e00-\u9fff]{2})"
)
_AFTER = re.compile(
    r"(?:那个?|这个?)?(?:池|库(?:区)?(?:的|有|还|里|多少|D|G|罐|货)|项目|公司|化工|石化|集团|能源|贸易|家(?!里)|群|的(?:货|池|项目|质押|抵押|押|本金|敞|余额|库存|G|呢|那|仓单|T|贷款|借款|欠|利息|总|预警|授信|保证金|保险)|那边|那头|那笔|那儿|现在|目前|还有|还剩|"
    r"押(?!率|物|品|的|在)|占了?(?:多|几)|呢$|有多少|货(?:值多少|值现|在不|还在|现在)|质押率|离监|离补|在(?:这|你|我|港|S|T|库|哪)|[存放]了?(?:多|几|在|了多)|手里|D(?:还|有|的?货|质押|押|多少吨|离|补|进|出))"
)
_NOT_A_NAME = re.compile(
    r"[吗呢吧啊多少几没不还有在是的了哪谁什么怎咋我你他她它们这那个把给再就也都又才刚先最只被将要会能可想请让叫到去来说看问查报发货罐值线仓单押价吨库区钱款量率完未需涨跌升降零一二两三四五六七八九十百千万亿半边压]"
)
_PAIRS = (
    "日终 日末 月终 年终 自家 眼下 全部 认定 同等 往后 要是 一总 截止 净流 整体 凭据 橙警 按揭 市面 眼前"
    " 目下 当下 早先 上头 底下 外面 里边 剩余 其余 另外 余下 总共 拢共 一共 合计 度数 股市 里厢 咱家 实打 前换 天整"
)
_WORDS = tuple(_PAIRS.split())
"""Pairs that no sentence may have held so far, and that name nobody."""
_FIGURES = re.compile(r"货|值|吨|押|线|余|欠|本金|利息|敞口|库存|警|占|出库|入库|呢|多少")
_SIZES = (4, 3, 2)


def estranged(frame: Frame, known: Container[str]) -> Frame:
    """The frame with a sign for a name that nobody knows. known: the pieces that the model has learned."""
    masked = frame.masked
    if not _FIGURES.search(masked):
        return frame
    for opening in _OPENING.finditer(masked):
        at = opening.start()
        for size in _SIZES:
            name = masked[at : at + size]
            if len(name) == size and _strange(name, known) and _AFTER.match(masked, at + size):
                said = Mention(kind="stranger", said=name, ids=())
                return renamed(frame, masked[:at] + SIGNS["stranger"] + masked[at + size :], said)
    return frame


def _strange(name: str, known: Container[str]) -> bool:
    """Chinese characters only, none of them a word by itself, and no two of them ever learned together."""
    if _NOT_A_NAME.search(name) or any(w in name for w in _WORDS) or not all("\u4e00" <= c <= "\u9fff" for c in name):
        return False
    return all(name[i : i + 2] not in known for i in range(len(name) - 1))
