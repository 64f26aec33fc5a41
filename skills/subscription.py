"""单独提醒我: a person's own mark on a contract's figure, beside its lines and never instead of them; and how often reports come."""

import re
from collections.abc import Mapping
from decimal import Decimal

from domain.contract import Contract, Field
from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from domain.event import Json
from skills.acting import one_contract, proposed, unclear
from skills.heard import Heard, heard
from skills.ports import View
from skills.skill import Answer, Parameter, Skill

METRICS = (("value", ("货值", "市值", "总值", "值")), ("ltv", ("质押率", "抵押率", "押率")))
_FIELDS = {"value": Field.VALUE, "ltv": Field.LTV}
_EVERY_DAY = 1440
_SHORTEST, _LONGEST = 10, 7 * 1440
_STOP = re.compile(r"取消|不用|关掉|停掉|(?<!要)不要(?![忘漏低超高跌少])|(?<![特个分级类区])别(?![的人忘漏低超高跌少])")
"""A mark that is wanted no more; 别忘了 and 特别 stop nothing."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The mark, or the pace of reports, as it would be kept."""
    contract = one_contract(view, arguments, Deed.SUBSCRIBE)
    if isinstance(contract, Answer):
        return contract
    text = arguments.get("text", "")
    told = heard(text, view.now)
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
    return proposed(view, Wanted(deed=Deed.SUBSCRIBE, contract_id=contract.id, body={"interval_min": minutes}))


def _threshold(view: View, contract: Contract, arguments: Mapping[str, str], told: Heard, *, stops: bool) -> Answer:
    metric = "ltv" if told.percent is not None else arguments.get("metric") or "value"
    if metric not in _FIELDS:
        return unclear(Deed.SUBSCRIBE, "metric")
    if _FIELDS[metric] not in view.may(contract.id):
        return unclear(Deed.SUBSCRIBE, "not_shown")
    value = None if stops else _value(metric, told)
    if value is None and not stops:
        return unclear(Deed.SUBSCRIBE, "mark")
    body: Json = {"metric": metric, "value": str(value) if value is not None else None}
    return proposed(view, Wanted(deed=Deed.SUBSCRIBE, contract_id=contract.id, body=body))


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
