"""单独提醒我: a person's own mark on a contract's figure, beside its lines and never instead of them; and how often reports come."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from domain.contract import Contract, Field
from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from domain.event import Json
from skills.acting import one_contract, proposed, unclear
from skills.heard import Heard, heard
from skills.ports import View
from skills.scope import not_here
from skills.skill import Answer, Parameter, Skill
from skills.understanding.spans import CHINA

METRICS = (("value", ("货值", "市值", "总值", "值")), ("ltv", ("质押率", "抵押率", "押率")))
_NAMED = {"value": re.compile("货值|市值|总值|价值"), "ltv": re.compile("质押率|抵押率|押率|ltv", re.IGNORECASE)}
_OTHERS = re.compile("敞口|本金|欠款|余额|利息|保证金|覆盖率|价|液位|温度|水高|吨|库存|存量|数量|货量")
"""Figures that nobody can be reminded of; 价值 and 市值 are none of them."""
_OVER = re.compile("高于|高过|超过|超出|大于|多于|涨到|涨过|涨破|升到|升过|升破|突破|以上")
_UNDER = re.compile("低于|低过|小于|少于|不到|不足|跌到|跌破|跌穿|降到|降破|掉到|掉破|破了|以下")
_FIELDS = {"value": Field.VALUE, "ltv": Field.LTV}
_EVERY_DAY = 1440
_SHORTEST, _LONGEST = 10, 7 * 1440
_STOP = re.compile(r"取消|不用|关掉|停掉|(?<!要)不要(?![忘漏低超高跌少])|(?<![特个分级类区])别(?![的人忘漏低超高跌少])")
"""A mark that is wanted no more; 别忘了 and 特别 stop nothing."""
_RATIO = re.compile(r"(?<![\d.A-Za-z-])0\.\d{1,4}(?![\d.%亿万元吨成])")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The mark, or the pace of reports, as it would be kept."""
    contract = one_contract(view, arguments, Deed.SUBSCRIBE)
    if isinstance(contract, Answer):
        return contract
    text = arguments.get("text", "")
    told = _heard(text, arguments, view.now)
    minutes = _minutes(text, told)
    stops = _STOP.search(text) is not None
    if stops and minutes is not None and told.amount_cny is None and told.percent is None:
        return unclear(Deed.SUBSCRIBE, "negated")
    if told.doubtful and not stops:
        return unclear(Deed.SUBSCRIBE, "amounts")
    if minutes is None or told.amount_cny is not None or told.percent is not None:
        return _threshold(view, contract, arguments, told, stops=stops)
    if not _SHORTEST <= minutes <= _LONGEST:
        return unclear(Deed.SUBSCRIBE, "pace", least=_SHORTEST, most=_LONGEST // 1440)
    if minutes == _EVERY_DAY and (told.starts is not None or told.past):
        if told.starts is None or told.starts != told.by:
            return unclear(Deed.SUBSCRIBE, "clock")
        clock = f"{told.starts.astimezone(CHINA):%H:%M}"
        return _proposed(view, contract, {"interval_min": minutes, "clock": clock})
    return _proposed(view, contract, {"interval_min": minutes})


def _proposed(view: View, contract: Contract, body: Json) -> Answer:
    return proposed(view, Wanted(deed=Deed.SUBSCRIBE, contract_id=contract.id, body=body))


def _heard(text: str, arguments: Mapping[str, str], now: datetime) -> Heard:
    """With 质押率超过0.76 as 76 %: a ratio written as one, where nothing else is said to be the mark."""
    told = heard(text, now)
    ratios = _RATIO.findall(text) if arguments.get("metric") == "ltv" else []
    if told.percent is not None or told.amount_cny is not None or len(ratios) != 1:
        return told
    return replace(told, percent=Decimal(ratios[0]) * 100)


def _threshold(view: View, contract: Contract, arguments: Mapping[str, str], told: Heard, *, stops: bool) -> Answer:
    metric = _metric(arguments, told)
    if metric is None:
        return unclear(Deed.SUBSCRIBE, "metric")
    if _FIELDS[metric] not in view.may(contract.id):
        return unclear(Deed.SUBSCRIBE, "not_shown", not_here=not_here(view, [_FIELDS[metric].value]))
    if not stops and _turned(metric, arguments.get("text", "")):
        return unclear(Deed.SUBSCRIBE, "direction")
    value = None if stops else _value(metric, told)
    if value is None and not stops:
        return unclear(Deed.SUBSCRIBE, "mark")
    body: Json = {"metric": metric, "value": str(value) if value is not None else None}
    return _proposed(view, contract, body)


def _metric(arguments: Mapping[str, str], told: Heard) -> str | None:
    """value or ltv, as it is named; of no name what the figure is one of. None: another figure is to be watched."""
    text, chosen = arguments.get("text", ""), arguments.get("metric")
    named = next((m for m, words in _NAMED.items() if words.search(text)), None)
    if named is None and (_OTHERS.search(text) or chosen not in (None, *_FIELDS)):
        return None
    return named or ("ltv" if told.percent is not None else chosen or "value")


def _turned(metric: str, text: str) -> bool:
    """The other way than it can be watched: a value is told when it falls below its mark, a ratio when it rises above."""
    over, under = _OVER.search(text) is not None, _UNDER.search(text) is not None
    return over and not under if metric == "value" else under and not over


def _value(metric: str, told: Heard) -> Decimal | None:
    """CNY, or a ratio; None where nothing usable is said."""
    if metric == "value":
        return told.amount_cny if told.amount_cny else None
    return told.percent / 100 if told.percent is not None and 0 < told.percent < 1000 else None


def _minutes(text: str, told: Heard) -> int | None:
    if told.span is not None:
        return int(told.span.total_seconds() // 60)
    if "每小时" in text or "每个小时" in text:
        return 60
    return _EVERY_DAY if any(w in text for w in ("每天", "每日", "一天一")) else None


SKILL = Skill(
    name="a_set_frequency",
    command="notifyme",
    purpose="货值或质押率到某个数时单独提醒我",
    examples=("货值低于一亿二的时候单独提醒我", "质押率超过七成二告诉我", "这个项目改成每小时报一次"),
    roles=ROLES[Deed.SUBSCRIBE],
    run=run,
    parameters=(
        Parameter(name="text", kind="text", required=True, about="指标和数值,或报送间隔"),
        Parameter(name="metric", kind="choice", about="指标", choices=METRICS),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
)
