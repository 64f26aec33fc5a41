"""款已打、货已到: what somebody says was done. A claim is no evidence: nothing is booked, the lender is asked to look."""

from collections.abc import Mapping

from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from domain.event import Json, stamp
from skills.acting import for_alarm, one_contract, proposed, unclear, waiting
from skills.heard import Heard, heard, said
from skills.negated import negated
from skills.ports import View
from skills.scope import ids
from skills.skill import Answer, Parameter, Skill
from skills.span import span_of

WHAT = (
    ("payment", ("款", "钱", "还了", "付了", "打了", "利息", "本金", "保证金")),
    ("delivery", ("货到", "到货", "入库", "卸完", "补完", "补好", "进完")),
    ("clean", ("清完", "清罐")),
    ("stop_outflow", ("停发", "停了", "停止出库", "关阀")),
    ("restore_gauge", ("修好", "恢复", "通讯", "液位计")),
    ("recount", ("盘点", "盘完")),
    ("insurance", ("保险", "续保")),
)
"""What may have been done, and words for it; anything else is 'other'."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The claim as it would be passed on."""
    contract = one_contract(view, arguments, Deed.DONE)
    if isinstance(contract, Answer):
        return contract
    text = arguments.get("text", "")
    if not text.strip():
        return unclear(Deed.DONE, "what")
    if negated(Deed.DONE, text):
        return unclear(Deed.DONE, "negated")
    told = heard(text, view.now)
    if told.doubtful:
        return unclear(Deed.DONE, "amounts")
    mine = [a for c, a in waiting(view) if c.id == contract.id]
    named = for_alarm(view, contract, arguments)
    alarm = named[1] if named is not None else mine[0] if len(mine) == 1 else None
    body: Json = {
        "what": arguments.get("what") or "other",
        "qty_kg": told.qty_kg,
        "amount_cny": str(told.amount_cny) if told.amount_cny is not None else None,
        "said": said(text),
        **_more(told, arguments),
    }
    about = alarm.id if alarm is not None else None
    return proposed(view, Wanted(deed=Deed.DONE, contract_id=contract.id, alarm_id=about, body=body), alarm)


def _more(told: Heard, arguments: Mapping[str, str]) -> Json:
    """What else was said of it, only where it was: the share in percent, good, tanks, and when (UTC)."""
    goods, tanks = ids(arguments, "good"), ids(arguments, "tank")
    when = span_of(arguments.get("time", ""))
    return {
        **({"share": str(told.percent)} if told.percent is not None else {}),
        **({"good": goods[0]} if len(goods) == 1 else {}),
        **({"tanks": list(tanks)} if tanks else {}),
        **({"starts": stamp(when.start), "ends": stamp(when.end)} if when is not None else {}),
    }


SKILL = Skill(
    name="a_done",
    command="done",
    purpose="告知已付款、已到货等(由资金方核实,不入账)",
    examples=("款已经打了,三百万", "400吨已经卸完入库", "液位计修好了"),
    roles=ROLES[Deed.DONE],
    run=run,
    parameters=(
        Parameter(name="text", kind="text", required=True, about="做了什么"),
        Parameter(name="what", kind="choice", about="哪类事", choices=WHAT),
        Parameter(name="alarm", kind="alarm", about="为哪条预警"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="tank", kind="tank", about="罐号"),
        Parameter(name="time", kind="time", about="什么时候"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
)
