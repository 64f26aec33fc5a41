"""Slots of what is asked and told of the work at a depot: its gauges, inspections and their results, repairs and shifts.

What a gauge shows is asked of the goods (``cargo``).
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.slots.said import Reader, Table, amount, chosen, first, number, person, want

_SENSOR: tuple[tuple[str, str, str], ...] = (
    ("check", "flatline", "一动不动|不动|卡死|直线|不变|定住|冻"),
    ("status", "offline", "断|掉|离|没数|没信号|失联|不来"),
    ("status", "online", "在线|上线"),
    ("status", "fault", "坏|故障"),
)
_DEVICES: Table = (
    ("camera", "摄像头|监控|探头.{0,2}视频"),
    ("temp", "温度"),
    ("flow", "流量"),
    ("level", "液位计|雷达|液位|液面"),
)
_INSPECTION: Table = (
    ("result", "结果|量出|查出|核出|多少|怎么说|相符|结论|出来没"), ("tasks", "任务|几个单|单子"), ("status", "完了|办完|去看了没|接单"),
    ("eta", "到哪|到没|到了|几点|多久|哪儿|来没|到|来"),
)  # fmt: skip
_KINDS: Table = (
    ("clean", "清罐|清洗|清完"), ("transfer", "倒罐|倒料|倒|打料|转罐|往T"), ("loading", "装车|装船|装货"), ("unloading", "卸船|卸车|卸货"),
    ("calibration", "标定|复检|校验"), ("power", "停电"), ("network", "割接|断网|网络|光纤"), ("dewater", "脱水|切水"), ("heating", "升温|加热"),
    ("recirculation", "循环"), ("gauge_repair", "换.{0,2}(?:液位计|表)|修|维修|检修"),
)  # fmt: skip
_SHIFTS = {"早": "morning", "白": "day", "中": "afternoon"}


def _sensor(frame: Frame) -> Json:
    found: Json = next(({key: name} for key, name, words in _SENSOR if re.search(words, frame.plain)), {})
    if "几天" in frame.plain:
        found["time"] = "last_days"
    return found | chosen(frame, "device", _DEVICES)


def _inspection(frame: Frame) -> Json:
    return person(frame) | want(frame, _INSPECTION) | _task(frame)


def _task(frame: Frame) -> Json:
    tasks = frame.paper("task")
    return {"task": tasks[0]} if tasks else {}


def _accept(frame: Frame) -> Json:
    found = amount(frame, "span", "eta_min") | _task(frame)
    tokens = [w.token for w in frame.whens if w.token.startswith("T")]
    return found | ({"eta": tokens[0]} if tokens and "eta_min" not in found else {})


def _result(frame: Frame) -> Json:
    found = amount(frame, "level", "level_m") | amount(frame, "temp", "temp_c")
    if "temp_c" not in found and (m := re.search(r"(?:温度|罐温|温|t=)\s*(-?\d+(?:\.\d+)?)", frame.plain)):
        found["temp_c"] = number(Decimal(m[1]))
    if m := re.search(r"(?:水高|底水|水位|水|w=)\s*(\d+(?:\.\d+)?)\s*(公分|cm|厘米)?(?!\d|吨|%)", frame.plain):
        found["water_mm"] = number(Decimal(m[1]) * (10 if m[2] else 1))
    return found


def _maintenance(frame: Frame) -> Json:
    kind = first(_KINDS, frame.plain)
    tanks = frame.of("tank")
    found: Json = {"kind": kind} if kind else {}
    if kind == "transfer" and len(tanks) == 2:
        found |= {"tank_from": tanks[0].said, "tank_to": tanks[1].said}
    found |= amount(frame, "mass", "qty_t")
    if m := re.search(r"(早|白|中|夜|晚)班", frame.plain):
        found["shift"] = _SHIFTS.get(m[1], "night")
    return found


SLOTS: Mapping[str, Reader] = {
    "q_sensor": _sensor,
    "q_inspection": _inspection,
    "a_inspect_accept": _accept,
    "a_inspect_result": _result,
    "a_dispatch": person,
    "a_maintenance": _maintenance,
}
