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
_FIELD = re.compile(
    r"(?:的|[那这](?:笔|批|个|单)?|现在|目前|近期?)?(?:货|敞口|保证金|监管|补货|控货|警戒|平仓|处置|[红橙黄]?色?预警|报警|账|[进出走](?:了|货|过|库)|登记|中登|谁|"
    r"最[多少近]|贷款|借款|放款|授信|逾期|能不能|可不可|[日周月]报|走势|离|差|仓单|保险|保单|到期|质押|抵押|押|余|欠|还|库存|存|本金|利息|利率|为什么|为啥|"
    r"为何|怎么|多少|几|值|够|有没有|是不是|在不在|[DTGQMRP])"
)
"""What is asked of a cargo or a loan: beside it a name is one if it does not even grow together with it."""
_NOT_A_NAME = re.compile(
    r"[吗呢吧啊多少几没不还有在是的了哪谁什么怎咋我你他她它们这那个把给再就也都又才刚先最只被将要会能可想请让叫到去来说看问查报发货罐值线仓单押价吨库区钱款量率完未需涨跌升降条破得往像并跟按催光拿附若改各现零一二两三四五六七八九十百千万亿半边压]"
)
_PAIRS = (
    "日终 日末 月终 年终 自家 眼下 全部 认定 同等 往后 要是 一总 截止 净流 整体 凭据 橙警 按揭 市面 眼前"
    " 目下 当下 早先 上头 底下 外面 里边 剩余 其余 另外 余下 总共 拢共 一共 合计 度数 股市 里厢 咱家 实打 前换 天整 算起 依照 以及 浮动 资产 高高 净增 日均 约当 下挫"
    " 超耗 用信 钳位 连本 按制 为盘 为编 为此 按照 港口 取价 尚余 本期 国内 盈亏 权属 买方 用掉 出份 格趟 和台 昨收 苯换"
)
_WORDS = tuple(_PAIRS.split())
"""Pairs that no sentence may have held so far, and that name nobody."""
_FIGURES = re.compile(
    r"货|值|吨|押|线|余|欠|本金|利息|敞口|库存|警|占|出库|入库|呢|多少|贷|登记|仓单|保险|保单|逾期|[日周月]报|账|最[多少]|能提|能放"
)
_SIZES = (4, 3, 2)


def estranged(frame: Frame, known: Container[str]) -> Frame:
    """The frame with a sign for a name that nobody knows. known: the pieces that the model has learned."""
    masked = frame.masked
    if not _FIGURES.search(masked):
        return frame
    for beside, sizes in ((_told, _SIZES), (_asked, _SIZES[::-1])):
        for opening in _OPENING.finditer(masked):
            at = opening.start()
            for size in sizes:
                name = masked[at : at + size]
                if len(name) == size and _strange(name, known) and beside(masked, at, at + size, known):
                    said = Mention(kind="stranger", said=name, ids=())
                    return renamed(frame, masked[:at] + SIGNS["stranger"] + masked[at + size :], said)
    return frame


def _told(masked: str, start: int, end: int, known: Container[str]) -> bool:
    """What follows makes it a name."""
    del start, known
    return _AFTER.match(masked, end) is not None


def _asked(masked: str, start: int, end: int, known: Container[str]) -> bool:
    """Something is asked of it, and it begins the clause or does not grow together with what follows."""
    return _FIELD.match(masked, end) is not None and (start == 0 or masked[end - 1 : end + 1] not in known)


def _strange(name: str, known: Container[str]) -> bool:
    """Chinese characters only, none of them a word by itself, and no two of them ever learned together."""
    if _NOT_A_NAME.search(name) or any(w in name for w in _WORDS) or not all("\u4e00" <= c <= "\u9fff" for c in name):
        return False
    return all(name[i : i + 2] not in known for i in range(len(name) - 1))
