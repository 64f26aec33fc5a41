"""What people call a kind of alarm when they ask about one: the word of its title, and what else the field says."""

from collections.abc import Mapping

from domain.contract import AlertKind

_AT_AN_ALARM = ("预警", "报警", "告警", "那条", "这条", "红色", "橙色", "黄色")
"""Behind a word that is also said of the goods themselves: 货值预警 is an alarm, 货值 is none."""
_OWN: Mapping[AlertKind, tuple[str, ...]] = {
    AlertKind.BLIND_BREACH: ("数据不足",),
    AlertKind.SENSOR_OFFLINE: ("数据中断", "数据断", "断线", "掉线", "离线", "断数", "失联"),
    AlertKind.PRICE_STALE: ("报价过期", "价格过期", "报价陈旧"),
    AlertKind.PRICE_OUTLIER: ("异常报价", "报价异常", "价格异常", "异常价格"),
    AlertKind.BOOK_GAP: ("账实",),
    AlertKind.YIELD_GAP: ("投入产出", "收率"),
    AlertKind.LIFT: ("超提", "超通知提货", "拒绝出库", "过期提货"),
    AlertKind.DUP_PLEDGE: ("一货多押", "重复质押"),
    AlertKind.RECEIPT_EXPIRING: ("仓单到期", "仓单临期"),
}
_SHARED: Mapping[AlertKind, tuple[str, ...]] = {
    AlertKind.VALUE_BELOW_LINE: ("货值", "跌破监管线", "跌破补货线", "跌破处置线"),
    AlertKind.QTY_DROP: ("货量", "无单减少", "无单出库", "货量异常"),
    AlertKind.PRICE_STALE: ("价格", "报价"),
    AlertKind.PRICE_CRASH: ("跌价", "价格", "报价"),
    AlertKind.PRICE_OUTLIER: ("价格", "报价"),
    AlertKind.LIFT: ("提货",),
    AlertKind.RECEIPT_EXPIRING: ("仓单",),
}
WORDS: Mapping[AlertKind, tuple[str, ...]] = {
    kind: (*_OWN.get(kind, ()), *_SHARED.get(kind, ())) for kind in AlertKind if kind in _OWN or kind in _SHARED
}
"""Every word of a kind."""
KINDS = tuple(
    (kind.value, (*_OWN.get(kind, ()), *(w + at for w in _SHARED.get(kind, ()) for at in _AT_AN_ALARM)))
    for kind in AlertKind
)
"""The choices of a parameter: each kind and the words that mean it; 价格那条 is any of the three about prices."""

SAID_OF_ALARMS = frozenset(k.value for k in AlertKind if k not in _OWN)
"""Kinds that are never named but with such a word, so that 货值 in it is not asked about itself."""
