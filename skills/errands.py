"""Inspection in words only: tasks, arrivals and hand dips are not kept yet. What was said may be passed on, marked as said."""

from collections.abc import Callable, Mapping

from domain.deed.deed import Deed, Wanted
from domain.event import Json
from domain.people import LENDER_ROLES, Role
from skills.acting import DENIED, one_contract, proposed, unclear
from skills.heard import said
from skills.negated import negated
from skills.ports import View
from skills.scope import ids
from skills.skill import Answer, Parameter, Skill, Status

FIELD = frozenset({Role.INSPECTOR, Role.SUPERVISOR})
_TEXT = Parameter(name="text", kind="text", required=True, about="原话")
_TANK = Parameter(name="tank", kind="tank", about="罐号")


def _run(what: str) -> Callable[[View, Mapping[str, str]], Answer]:
    def run(view: View, arguments: Mapping[str, str]) -> Answer:
        if view.denied:
            return DENIED
        text = said(arguments.get("text", ""))
        to = _to(view, what)
        if not text or not to:
            return Answer(status=Status.NO_DATA, kind="errand", facts={"what": what})
        if negated(what, text):
            return unclear(Deed.TELL, "negated", errand=what)
        contract = one_contract(view, arguments, Deed.TELL)
        if isinstance(contract, Answer):
            return contract
        tanks = [t for t in ids(arguments, "tank") if t in contract.tank_ids()]
        body: Json = {"what": what, "tanks": tanks, "to": to, "said": text}
        return proposed(view, Wanted(deed=Deed.TELL, contract_id=contract.id, body=body))

    return run


def _to(view: View, what: str) -> str:
    """Who would be told: the supervisor, where they read along anyway; of an inspector's words the lender."""
    if what != "dispatch":
        return "lender"
    return "supervisor" if view.supervisors() else ""


def _skill(name: str, command: str, what: str, purpose: str, roles: frozenset[Role], *examples: str) -> Skill:
    return Skill(
        name=name,
        command=command,
        purpose=purpose,
        examples=examples,
        roles=roles,
        run=_run(what),
        parameters=(_TEXT, _TANK),
    )


DISPATCH = _skill(
    "a_dispatch", "dispatch", "dispatch", "请监管方派人去看(仅转告,任务登记尚未启用)", LENDER_ROLES | {Role.SUPERVISOR},
    "派个人去看一下七号罐", "让监管去现场核一下", "派人去检尺",
)  # fmt: skip
ACCEPT = _skill(
    "a_inspect_accept", "accepttask", "accept", "接受核查(仅转告,任务登记尚未启用)", FIELD,
    "任务接了", "我四十分钟到", "收到任务,马上出发",
)  # fmt: skip
CHECKIN = _skill(
    "a_inspect_checkin", "checkin", "checkin", "到场(仅转告,打卡尚未启用)", FIELD,
    "已到港储一库", "我到现场了", "到库区门口了",
)  # fmt: skip
RESULT = _skill(
    "a_inspect_result", "dipresult", "result", "检尺结果(仅转告,人工检尺尚不入账)", FIELD,
    "十二号罐检尺九米三一", "量完了,没有底水", "检尺结果正常",
)  # fmt: skip
