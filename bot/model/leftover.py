"""What a question names, or says of a time, and nobody here can answer: a figure of ours beside it would be of something else.

Pure, and by shapes alone: whether the name is another lender's or nobody's makes no difference, and shows none. It is
wider than what the words alone go by (``strangers``, ``when``): there the learned sentences ask back what is not sure, here a
model may take any words for any question. What is held up wrongly is asked back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.model import firms, people
from skills.understanding.frame import Frame
from skills.understanding.model import learned
from skills.understanding.strangers import estranged

_NAMED = frozenset({"tank", "good", "site", "contract", "person", "bank", "stranger"})
"""Kinds of names; one that means nothing here is somebody else's, or nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """names: somebody or something is named that is not here. times: words of a time are left that were read for none."""

    names: bool
    times: bool


def leftover(frames: Iterable[Frame]) -> Leftover:
    """Of a question's clauses."""
    known = tuple(frames)
    return Leftover(
        names=any(_strange(f) for f in known),
        times=any(_timed(f.masked) for f in known),
    )


def _strange(frame: Frame) -> bool:
    if any(m.kind in _NAMED and not m.ids for m in frame.mentions):
        return True
    if estranged(frame, learned().weights).of("stranger"):
        return True
    masked = frame.masked
    return any(_listed(masked)) or any(_owners(masked)) or _PLACE.search(masked) is not None


def _listed(masked: str) -> Iterator[tuple[int, int]]:
    """Persons and firms by how their names look."""
    yield from people.unlisted(masked, frozenset())
    yield from firms.unlisted(masked, frozenset())


_OPENING = re.compile(r"(?:^|(?<=[ A-Z])|(?<=[那查问把跟和说里给是帮让叫替看算比下与及]))(?=[\u4e00-\u9fff]{2})")
"""Where a name may begin."""
_BEHIND = re.compile(
    r"[那这的池]|家(?![里当底电乡伙])|手[里上头]|[名旗]下|方面|[他她]们|还|有(?!没)|[能够算值折加现]|如今|目下|[一总拢]共|到底|究竟|大概"
)
"""What stands behind somebody who has something."""
_NO_NAME = re.compile(
    r"[里头各共都剩余总另外其它他俩吗呢吧啊多少几没不还有在是的了哪谁什么怎咋我你他她它您咱俺们这那个把给再就也都又才刚先最只被将要会能可想请让叫到去来说看问查报发货罐值线"
    r"仓单押价吨库区钱款量率完未需涨跌升降条破得往像并零一二两三四五六七八九十百千万亿半边压]"
)
"""Characters that are words by themselves, or the field's."""
_EVERYDAY = "旮瘩 旮旯 疙瘩 嘎达 噶哒 坛罐 老底 油水 玩意 宝贝 破烂 油料 货色 货品 物事 东东 物件 玩艺"
_WORDS = frozenset(_EVERYDAY.split())
"""Everyday words that no learned sentence holds, and that name nobody."""
_SIZES = (4, 3, 2)
_PLACE = re.compile(
    r"(?<![我咱俺们这那个该本整全])(?![出入进停提存])[\u4e00-\u9fff](?:库区?|罐区|码头|堆场)(?=[那这的])"
)
"""A place that nobody here knows: 厂库那堆."""


def _owners(masked: str) -> Iterator[str]:
    """Names of which no two characters were ever learned together, where somebody who has something is named."""
    for opening in _OPENING.finditer(masked):
        for size in _SIZES:
            name = masked[opening.start() : opening.start() + size]
            if len(name) == size and _BEHIND.match(masked, opening.start() + size) and _unlearned(name):
                yield name


def _unlearned(name: str) -> bool:
    chinese = all("\u4e00" <= c <= "\u9fff" for c in name)
    pairs = (name[n : n + 2] for n in range(len(name) - 1))
    return (
        chinese
        and name not in _WORDS
        and _NO_NAME.search(name) is None
        and not any(p in learned().weights for p in pairs)
    )


_OF_A_TIME = re.compile(
    r"D的?(?:那会儿?|那时候?|那阵子?|那个?点|那[天晚夜早]|这会儿|(?:的)?时候|左右|前后|上下|收[盘市]|[之以]?[前后])"
)
"""What goes on behind a time that was read."""
_ASKED = re.compile(
    r"[几哪]个?(?:[年月日天周]|季度|点钟?|小时|礼拜|星期)|多少[天年月]|多(?:长|少)时间|(?:什么|啥)时候?|何[时年月日]|时间"
)
"""A time is asked for, and none is said."""
_NO_TIME = re.compile(
    r"目前|提前|眼前|面前|跟前|前(?:面|台|端|提|者|景|途|缀)|之?前[十三五]|[日周月季年]报|日常|日均|日志|日照|日历|生日|节日|周转|周边|周围|周期|周全|月供|月台"
    r"|年化|年利|年审|年检|年息|天然|天津|天花|天气|天价|聊天|班[组长车次]|值班|当班|航班|[及实随按暂临同小准届定计]时|时[价效长段速]|每[天日周月年]"
    r"|整[天月年周]|夜班长|上班"
)
"""Words of which a time's sign is only a part."""
_UNITS = r"[日天月年旬夜周晨晚季班节]|礼拜|星期|俩?钟头|小时|刻钟|分钟|零点|正午|晌午|掌灯|黄昏|三更|[那当彼这]时|时候?"
_BEFORE = (
    r"前|头U|[昨昔]|往[日年常]|当[初年]|那(?:会|阵|工夫|个点)|头(?:[里先]|一?[回次])|上[回次趟]|开头|[最起][早初]|早[先些前间]"
    r"|[从先]前|过去|曾经|以往|历史|[原起]先|[以今往]后|后[儿日]|将来|日后"
)
_FEASTS = r"收[盘市]|开[盘春]|腊月|正月|初[一二三四五六七八九十]|除夕|双[十休]|立[春夏秋冬]|[春秋]分|[夏冬]至|汛期|岁末|[去今]岁|今宵"
_DATES = r"q[1-4]|(?<![\d.a-z-])\d{1,2}[-./]\d{1,2}(?![\d.%a-z-])|(?<!\d)(?:19|20)\d\d(?:\d{4})?(?!\d)"
_ENGLISH = (
    r"yesterday|tomorrow|tonight|ago|before|since|\b(?:last|next|previous)\b|week|month|quarter|year|day|hour|noon|night|morning"
    r"|evening"
)
_LIKE_A_TIME = re.compile("|".join((_UNITS, _BEFORE, _FEASTS, _DATES, _ENGLISH)))


def _timed(masked: str) -> bool:
    """Words of a time are left where every time that can be read is masked."""
    rest = _OF_A_TIME.sub("", masked)
    return _LIKE_A_TIME.search(_NO_TIME.sub("", _ASKED.sub("", rest))) is not None
