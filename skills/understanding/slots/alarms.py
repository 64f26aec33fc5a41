"""Slots of what is asked about alarms and answered to them: which, why, whose, later, higher, not so, how often.

An alarm that is not numbered is the last one; which that is in a chat, nobody knows here.
"""

import re
from collections.abc import Mapping

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.slots.said import METRICS, Reader, Table, alert, amount, chosen, first, number, person, want
from skills.understanding.when import PRESENT

_SEVERITIES: Table = (("red", "红"), ("orange", "橙"), ("yellow", "黄"))
_NEWEST = re.compile("(?:刚才|刚刚|最近|最新|最后|上)的?(?:那|这)?一(?:条|个)|刚才那[条个]")
"""One alarm, and no list of them."""
_LEFT = (re.compile("没|未|还有|挂着|剩|现在|目前|几条"), re.compile("还有|没(?!有)|未|挂着|剩"))
"""Only those that are still open are asked for; the second of today's: 今天有没有报警 asks for all of them."""
_REASONS: Table = (
    ("gauge_fouling", "挂料"), ("transfer", "倒罐|倒"), ("temperature", "热胀|温度|晒"), ("gauge_fault", "表|雷达|液位计|坏"), ("weighbridge", "磅"),
    ("has_order", "提货单|有单|通知"), ("price_source", "价"), ("lab", "化验"),
)  # fmt: skip
_DUTY: Table = (
    ("unacked", "收到|没回|回了|吱声|看到|回复|确认|没应|不理|没吭|吭声|没动静|没反应"), ("on_duty", "值班|当班|谁盯"), ("escalate_next", "下一个"),
    ("responsible", "该谁|归谁|谁管|负责|责任|谁处理|找谁|谁跟|谁去|算谁|处理"),
)  # fmt: skip
_LEADERS: Table = (
    ("branch_head", "分行"), ("head_office", "总行"), ("supervisor_hq", "总部|监管公司"), ("bank_leader", "行领导|行长|银行领导"),
    ("depot_head", "库区|库方领导|总经理"),
)  # fmt: skip


def _alerts(frame: Frame) -> Json:
    found = chosen(frame, "severity", _SEVERITIES)
    times = {w.token for w in frame.whens} - {PRESENT}
    if _LEFT[times == {"today"}].search(frame.plain) and times <= {"today"}:
        found["status"] = "open"
    if frame.paper("alarm") or _NEWEST.search(frame.plain.replace(" ", "")):
        found |= alert(frame)
    return found


def _why(frame: Frame) -> Json:
    found: Json = amount(frame, "money", "amount_cny")
    metric = "value" if "货值" in frame.plain else first(METRICS, frame.plain)
    attributed = re.search("还是|占|因为.{0,6}还|原因构成|归因", frame.plain)
    if metric and re.search("跌|掉|少|降|涨|高|缩", frame.plain):
        found["metric"] = metric
    else:
        found |= alert(frame)
    return found | ({"want": "attribution"} if attributed else {})


def _duty(frame: Frame) -> Json:
    asked = want(frame, _DUTY)
    whose = {} if asked.get("want") == "on_duty" else person(frame)
    return asked | whose | (alert(frame) if frame.paper("alarm") else {})


def _snooze(frame: Frame) -> Json:
    found = alert(frame)
    if spans := frame.amount("span"):
        return found | {"duration_min": number(spans[0].value)}
    tokens = [w.token for w in frame.whens if w.token not in ("now", "today")]
    return found | ({"until": tokens[-1]} if tokens else {})


def _escalate(frame: Frame) -> Json:
    return alert(frame) | chosen(frame, "target", _LEADERS)


def _dispute(frame: Frame) -> Json:
    return alert(frame) | chosen(frame, "reason", _REASONS)


def _frequency(frame: Frame) -> Json:
    threshold = (
        amount(frame, "money", "threshold_cny")
        | amount(frame, "percent", "threshold_pct")
        | amount(frame, "mass", "threshold_t")
    )
    if threshold:
        return {"kind": "subscribe", **chosen(frame, "metric", METRICS), **threshold}
    if spans := frame.amount("span"):
        return {"interval_min": number(spans[0].value)}
    if re.search("每(?:个)?小时|小时报", frame.plain):
        return {"interval_min": 60}
    return {"interval_min": 1440} if re.search("每天|每日|一天", frame.plain) else {}


SLOTS: Mapping[str, Reader] = {
    "q_alerts": _alerts,
    "q_alert_why": _why,
    "q_duty": _duty,
    "a_ack": alert,
    "a_snooze": _snooze,
    "a_escalate": _escalate,
    "a_dispute": _dispute,
    "a_set_frequency": _frequency,
}
