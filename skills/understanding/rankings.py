"""Rankings and thresholds over tanks, goods and sites: 货值最高的三个罐, 厂库跟民储库比哪个货多, 液位超过9米的甲醇罐, 哪些罐快满了.

Such a sentence asks for the goods as they lie, whatever else its words remind of; what is about prices, movements, alarms
or terms is left to those who know them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.event import Json
from skills.understanding.asking import Meant
from skills.understanding.frame import Frame, joined
from skills.understanding.limits import ABOVE, BELOW, COUNT, EMPTY_OR_FULL, SIGN, WET, limit_in, top_in
from skills.understanding.model import learned
from skills.understanding.strangers import estranged
from skills.understanding.when import PRESENT

INTENT = "q_breakdown"
KEPT = frozenset({"q_tank"})
"""What it may be called as well: 2号跟6号哪个更满 is a question about tanks."""
_OTHER = re.compile(
    r"变|动|出|(?<!还)进|提|拉|卸|发|涨|跌|升|降|掉|丢|漏|换|补|放|报|警|差|对(?!比)|价(?!值)|占|历史|曾|天|周|月|年|合同|条款|协议|"
    r"能|允许|线|账|单(?!个)|率|密度|含|纯度|质|保险|检|算|设|通知|告诉|喊|叫|盯|推|@|波动|走势|曲线|为什么|为啥|谁负责|几点|"
    r"什么时候|如果|假如|要是|货主|银行|服务|别家|其他|别的|[多少]得|[多少]了"
)
"""Words of what is no ranking of what lies there now."""
_OF = r"(?:储罐|油罐|罐|品种|货种|库区|仓库|库)"
_MOST = "高|多|大|满|热|贵|值钱|重"
_LEAST = "低|少|小|空|冷|凉|不值钱|轻|矮"
_EXTREME = rf"最(?:{_LEAST}|{_MOST})"
_ENDS = re.compile(_EXTREME)
_WHICH = r"(?:哪(?:[一两几些]?[个只家边种样座]?|些)|谁)"
_METRIC = r"(?:货值|存货|存量|库存|货量|吨数|数量|液位|罐位|温度|里面|里|货|钱|水)"
_BOUND = rf"(?:(?:{BELOW}|{ABOVE}){SIGN}(?:以上|以下|以内|开外)?|{SIGN}(?:以上|以下|以内|开外))"
_RANKED = re.compile(
    rf"哪(?:[一两几些]?[个只家边种样座]?|些)(?:的)?(?:G|S)?(?:{_OF}|货)(?:里|里面)?(?:的)?{_METRIC}*{_EXTREME}"
    rf"|{_EXTREME}的?(?:前?{COUNT}个?)?(?:的)?(?:G|S|的)*{_OF}"
    rf"|{_EXTREME}的?(?:是|在)?{_WHICH}(?:G)?{_OF}"
    rf"|(?:{_OF}|S)(?:里|中|里面|当中)?(?:的)?{_METRIC}*{_WHICH}{_METRIC}*{_EXTREME}"
    rf"|前{COUNT}名?的?(?:个|大)?(?:G|S)*{_OF}|{_OF}.{{0,6}}(?:排)?前{COUNT}名?$"
)
_BOUNDED = re.compile(
    rf"{_BOUND}的?(?:G|S|的|有哪些)*{_OF}"
    rf"|(?:{_WHICH}|多少个?|几个|有没有|有)(?:G|S)*(?:的)?{_OF}(?:的)?{_METRIC}*(?:有)?{_BOUND}"
    rf"|(?:{_WHICH}|有没有|有)(?:G|S)*{_OF}(?:是|{EMPTY_OR_FULL}|{WET})*(?:{EMPTY_OR_FULL}|{WET})"
    rf"|(?:{EMPTY_OR_FULL}|{WET})了?的(?:G|S)*{_OF}"
)
_COMPARED = re.compile(
    rf"(?:[GST](?:和|跟|与|同|比|还是|、|的)*){{2,}}{_METRIC}*(?:相比|比|中|里)?{_WHICH}{_OF}?的?{_METRIC}*(?:更|最)?(?P<end>{_LEAST}|{_MOST})些?$"
)
_ALONE = re.compile("(?:T[和、]*){2,}")
"""Nothing but tanks: V201到V203."""
_TAIL = re.compile(r"(?:[?。!吗呢啊呀嘛]|一些|是哪个|有哪些|是哪些|都?有谁)+$")
_METRICS = (
    ("value", "货值|值|金额|贵|多少钱"),
    ("level", "液位|罐位|液面"),
    ("temp", "温度|热|冷|凉"),
    ("water", "水"),
    ("fill", "满|空|见底"),
)
_GROUPS = (("good", "品种|货种|[种样]货|哪[种样]"), ("depot", "库区|仓库|库(?!存)"), ("tank", "罐"))


def ranked(sure: tuple[Meant, ...], frames: Sequence[Frame]) -> tuple[Meant, ...]:
    """What was heard, with the ranking in the place of what the classifier took it for. frames: of the text's clauses."""
    if any(m.intent.startswith("r_") or m.inherited for m in sure):
        return sure
    frames = tuple(estranged(f, learned().weights) for f in frames)
    whole = joined(frames)
    if _ALONE.fullmatch(_compact(whole.masked)):
        return (Meant(intent="q_tank", frame=whole, chance=sure[0].chance if sure else 1.0),)
    if len(sure) <= 1 and ranks(whole):
        if not sure:
            return (Meant(intent=INTENT, frame=whole, chance=1.0),) if _of_now(whole) else ()
        return (_called(replace(sure[0], frame=whole)),)
    if len(sure) == 1 and (parts := _parted(sure[0], frames)):
        return parts
    return tuple(_called(m) if ranks(m.frame) else m for m in sure)


def _called(meant: Meant) -> Meant:
    """The same as a ranking, unless it is one of a course: 近一周货值最低的罐."""
    return meant if meant.intent in KEPT or not _of_now(meant.frame) else replace(meant, intent=INTENT)


def _parted(meant: Meant, frames: Sequence[Frame]) -> tuple[Meant, ...]:
    """哪个罐最少,质押率多少: the ranking, and what else is asked; nothing where there is no such part."""
    mine = tuple(f for f in frames if ranks(f) and _of_now(f))
    rest = tuple(f for f in frames if f not in mine)
    if not mine or not rest or meant.intent == INTENT or not any(f.asks for f in rest):
        return ()
    both = (Meant(intent=INTENT, frame=joined(mine), chance=meant.chance), replace(meant, frame=joined(rest)))
    return both if frames[0] in mine else both[::-1]


def ranks(frame: Frame) -> bool:
    """It asks which tanks, goods or sites of ours come first, or lie beyond a threshold."""
    if frame.of("stranger") or frame.of("person") or any(not m.ids for m in frame.of("bank")):
        return False
    text = _compact(frame.masked)
    if _OTHER.search(text) or len({order_in(m[0]) for m in _ENDS.finditer(text)}) > 1:
        return False
    if frame.of("tank"):
        return _COMPARED.search(text) is not None
    return any(p.search(text) for p in (_RANKED, _BOUNDED, _COMPARED))


def ranking(frame: Frame) -> Json:
    """The slots of a ranking: by, metric, order and top or the limit in words (``which``); none of anything else."""
    if not ranks(frame):
        return {}
    text = _compact(frame.masked)
    compared = _COMPARED.search(text)
    limit, top = None if compared else limit_in(frame.plain), top_in(frame.plain)
    named = next((k for k in ("tank", "site", "good") if len({m.said for m in frame.of(k)}) > 1), "tank")
    by = {"site": "depot"}.get(named, named) if compared else _by(text)
    metric = limit.metric if limit else metric_in(text, by)
    which = frame.plain if _BOUNDED.search(text) and not compared else f"前{top}" if top else ""
    found: Json = {"by": by, "metric": metric, "which": which}
    if limit is None:
        found["order"] = order_in(compared["end"] if compared else text)
    return found | ({"top": top} if top else {})


def _compact(masked: str) -> str:
    return _TAIL.sub("", masked.replace(" ", ""))


def _by(text: str) -> str:
    """What is ranked: the last that is named, 甲醇罐里哪个 and 三个库里哪个罐."""
    found = [(m.end(), name) for name, words in _GROUPS for m in re.finditer(words, text)]
    return max(found)[1] if found else "tank"


def _of_now(frame: Frame) -> bool:
    """Of the present, or of one moment: 近一周货值最低的罐 is a course."""
    return all(w.token in (PRESENT, "today") or ("T" in w.token and ".." not in w.token) for w in frame.whens)


def metric_in(text: str, by: str) -> str:
    """What it is ranked by: value, level, temp, water, fill, else the quantity; 最高的罐 by level, 最高的库 by value."""
    said = next((name for name, words in _METRICS if re.search(words, text)), None)
    high = re.search("最?[高低矮]些?$|最[高低矮]", text) is not None
    return said or ("qty" if not high else "level" if by == "tank" else "value")


def order_in(text: str) -> str:
    """'least' or 'most'."""
    return "least" if re.search(rf"最(?:{_LEAST})|^(?:{_LEAST})$|倒数", text) else "most"
