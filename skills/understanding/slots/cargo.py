"""Slots of what is asked of the goods: how much, in which tank, of which quality, what came and went, how it went on.

Knows nothing of what is owed for them (``lending``) nor of the gauges that measure them (``depot``).
"""

import re
from collections.abc import Mapping

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.normal import number_of
from skills.understanding.rankings import ranking
from skills.understanding.slots.said import METRICS, Reader, Table, chosen, every, first
from skills.understanding.when import PRESENT

_TANK_METRICS: Table = (
    ("ullage", "空高|还能装|空容"), ("level", "液位|多高|几米|罐位|水位"), ("temp", "温度|多少度|几度|温"), ("fill", "满|空着|几成|装到"),
    ("good", "装的|装啥|装什么|什么货|啥货|里面是"), ("water", "水高|底水"),
)  # fmt: skip
_QUALITIES: Table = (
    ("density", "密度|标密"),
    ("water", "含水|水分|进水|水高|底水"),
    ("temp", "温度|多少度|热|冷|凝"),
    ("purity", "纯度|含量|浓度"),
)
_BREAKDOWN: Table = (("qty", "吨|数量|多少货|存"), ("value", "钱|值|金额"))


def _tank(frame: Frame) -> Json:
    return chosen(frame, "metric", _TANK_METRICS)


def _quantity(frame: Frame) -> Json:
    if "吨" in frame.plain or re.search(r"\bt\b", frame.plain):
        return {"unit": "t"}
    return {"unit": "m3"} if "方" in frame.plain else {}


def _breakdown(frame: Frame) -> Json:
    if found := ranking(frame):
        return found
    named = frame.of("tank") or frame.of("good")
    sites = len({m.said for m in frame.of("site")}) > 1
    text = frame.masked.replace("库存", "")  # a site's own name says nothing of how it is cut
    by = first(
        (("depot", "S|库|仓|地方" if sites else "库|仓|地方"), ("tank", "" if named else "罐"), ("good", "")), text
    )
    metrics = every(_BREAKDOWN, frame.plain)
    shown: Json = {"by": by}
    return shown | ({"metric": metrics[0] if len(metrics) == 1 else metrics} if metrics else {})


def _movement(frame: Frame) -> Json:
    found = _direction(frame.plain)
    top = re.search(r"前(\d+|[一二三四五六七八九十](?!共))|最.{0,4}(?:的)?([一二三四五六七八九十\d]+)个", frame.plain)
    return found | ({"top": number_of(top[1] or top[2]), "rank_by": "abs_change"} if top is not None else {})


def _direction(plain: str) -> Json:
    out, into = re.search("出|提|拉|发|走|装|放", plain), re.search("进(?!出)|入|卸|来", plain)
    if re.search("进出|出入|出.{0,8}进|进.{0,8}出", plain) or (out and into):
        return {"direction": "both"}
    if out:
        return {"direction": "out"}
    return {"direction": "in"} if into else {}


def _trend(frame: Frame) -> Json:
    metrics = every(METRICS, frame.plain)
    if "value" in metrics and any(m in metrics for m in ("ltv", "coverage", "price")) and "货值" not in frame.plain:
        metrics.remove("value")
    shown: Json = {"metric": metrics[0] if len(metrics) == 1 else metrics or "value"}
    tokens = [w.token for w in frame.whens if w.token != PRESENT]
    return shown | ({"compare": tokens[0]} if tokens and re.search("比|较", frame.plain) else {})


def _quality(frame: Frame) -> Json:
    metrics = every(_QUALITIES, frame.plain)
    return {"metric": metrics} if metrics else {}


SLOTS: Mapping[str, Reader] = {
    "q_quantity": _quantity,
    "q_tank": _tank,
    "q_breakdown": _breakdown,
    "q_movement": _movement,
    "q_trend": _trend,
    "q_quality": _quality,
}
