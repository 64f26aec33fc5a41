"""Slots of what is asked of the loan and its terms: the gap to a line, the rate, who owes what, what if, which term changes.

Knows nothing of the papers that prove a pledge (``documents``).
"""

import re
from collections.abc import Mapping

from domain.event import Json
from skills.understanding.frame import Frame
from skills.understanding.slots.said import (
    METRICS,
    Reader,
    Table,
    amount,
    chosen,
    every,
    first,
    line,
    number,
    person,
    want,
)

_TERMS: Table = (
    ("control_line", "监管线|控货线"), ("warn_line", "补货线|预警线|警戒线"), ("disposal_line", "平仓|处置"),
    ("cure_period", "几天|几日|多久|期限|宽限|时限|补货期"), ("haircut", "折扣|打几折|折率"), ("good_cap", "上限|占比"),
    ("cure_method", "能不能不补|不补货|替代|用钱|现金.{0,4}(?:行|可以|代替)"), ("loss_tolerance", "损耗|容差|误差"),
    ("swap_ratio", "换货|置换"), ("release_validity", "通知书|提货单"), ("price_source", "报价|价格|取价"),
    ("storage_fee_bearer", "仓储费|仓租"), ("ack_time", "分钟|确认|回复"), ("top_up_clause", "补货|补仓"),
)  # fmt: skip
_LINE_TERMS: Table = (
    ("warn_line", "补货线|预警线|警戒线"), ("control_line", "监管线|控货线"), ("disposal_line", "平仓线|处置线"),
)  # fmt: skip
_LOAN: Table = (
    ("principal_interest", "本息"), ("principal", "本金|还欠|欠"), ("interest_date", "利息几号|付息"),
    ("interest", "利息|罚息"), ("maturity", "到期|(?:哪天|什么时候|啥时候|几时|何时).{0,2}还"), ("overdue", "逾期"),
    ("facility_left", "额度|授信"), ("cash_margin", "保证金"), ("exposure", "敞口|余额"),
    ("repayment", "还了|还钱|还款"),
)  # fmt: skip
_GAP: Table = (
    ("cash_alternative", "不(?:用)?补货|[代替抵].{0,2}补货"),
    ("goods_needed", "补(?:多少|几|(?:货|仓)(?!线))|没补|缺口|多少(?:吨|货)|吨"),
    ("cash_needed", "打多少|多少[钱款]|保证金|补钱|现金|找钱"),
)  # fmt: skip
_CHANGEABLE: Table = (
    ("control_line", "监管线|控货线"), ("warn_line", "补货线|预警线|警戒线"), ("disposal_line", "处置线|平仓线"), ("cure_period", "期限|几天|宽"),
    ("haircut", "折扣"), ("tolerance", "允差|容差|误差"), ("cap", "上限"), ("price_source", "报价"), ("price", "价"),
)  # fmt: skip
EMPTIED = "拉[走空]|没了|全|[抽倒提清放拉]空|[抽放]干|一滴不剩|不算|空了|拿掉"
"""Of a tank that is supposed to hold nothing any more."""
_WHATIF_METRICS: Table = METRICS[:2] + METRICS[5:6]
"""The rate, the coverage, the value."""


def _gap(frame: Frame) -> Json:
    return line(frame) | want(frame, _GAP) | amount(frame, "money", "amount_cny")


def _ltv(frame: Frame) -> Json:
    return {"metric": "coverage"} if "覆盖" in frame.plain else {}


_BETWEEN = "(?:现在|大概|大约|目前|今天|按现价|按市价|能|货值|一共|总共|是)*"
_OF_GOODS = re.compile(rf"(?:^|[那请问现在如果按有买卖 ])M的?G{_BETWEEN}(?:值|卖|折|合)?(?:多少|几)(?:钱|货值|万)?")


def _value(frame: Frame) -> Json:
    """1500吨甲醇值多少钱: of goods by themselves, wherever they lie."""
    return amount(frame, "mass", "amount_t") if _OF_GOODS.search(frame.masked) else {}


def _loan(frame: Frame) -> Json:
    firms = frame.of("firm")
    return ({"party": firms[0].said} if firms else {}) | person(frame) | want(frame, _LOAN)


def _term(frame: Frame) -> Json:
    lines = every(_LINE_TERMS, frame.plain)
    name = first(_TERMS, frame.plain)
    if len(lines) > 1 and name in lines:
        return {"term": lines}
    if name in ("control_line", "warn_line") and re.search("几天|几日|多久|期限|时限", frame.plain):
        return {"term": "cure_period"} | line(frame)
    return {"term": name} if name else {}


def _whatif(frame: Frame) -> Json:
    supposed = _price_change(frame) | _quantity_change(frame) | _money(frame)
    return supposed | chosen(frame, "metric", _WHATIF_METRICS) | line(frame)


def _price_change(frame: Frame) -> Json:
    percents = frame.amount("percent")
    if not percents:
        return {}
    up = re.search("涨|升|高", frame.plain)
    return {"price_change_pct": number(percents[0].value if up else -percents[0].value)}


def _quantity_change(frame: Frame) -> Json:
    if frame.of("tank") and re.search(EMPTIED, frame.plain):
        return {"qty_change": "all_out"}
    masses = frame.amount("mass")
    if not masses:
        return {}
    out = re.search("提|放|出|拉|走", frame.plain) and not re.search("补|进|入", frame.plain)
    return {"qty_change": number(-masses[0].value if out else masses[0].value)}


def _money(frame: Frame) -> Json:
    if re.search("还|归还", frame.plain):
        return amount(frame, "money", "repay_cny")
    return amount(frame, "money", "cash_cny" if re.search("保证金|打", frame.plain) else "price_change_cny")


def _changed(frame: Frame) -> Json:
    value = re.search(r"(?:到|成|为|按|在) ?(\d+(?:\.\d+)?)(%?)", frame.plain)
    return chosen(frame, "term", _CHANGEABLE) | ({"value": value[1] + value[2]} if value else {})


SLOTS: Mapping[str, Reader] = {
    "q_gap": _gap,
    "q_ltv": _ltv,
    "q_loan": _loan,
    "q_term": _term,
    "q_value": _value,
    "q_whatif": _whatif,
    "r_change_rule": _changed,
}
