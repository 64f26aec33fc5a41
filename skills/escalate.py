"""升级: those whom the contract names above the late ones are asked now, before the alarm's own clock would do it."""

from collections.abc import Mapping

from domain.alarm import escalate
from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from skills.acting import meant, open_alarms, proposed, unclear
from skills.alarm_named import NAMING
from skills.heard import said
from skills.negated import negated
from skills.ports import View
from skills.skill import Answer, Parameter, Skill


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Which alarm, and whom the contract names."""
    late = [(c, a) for c, a in open_alarms(view) if a.waiting()]
    text = arguments.get("text", "")
    if not view.denied and negated(Deed.ESCALATE, text):
        return unclear(Deed.ESCALATE, "negated")
    found = meant(view, arguments, Deed.ESCALATE, late)
    if isinstance(found, Answer):
        answered = not late and not view.denied and bool(open_alarms(view))
        return unclear(Deed.ESCALATE, "answered") if answered and found.facts["about"] == "no_alarm" else found
    contract, alarm = found
    if not alarm.waiting():
        return unclear(Deed.ESCALATE, "answered")
    actor = view.actor
    events = escalate(alarm, actor.id if actor is not None else "", now=view.now)
    if not events:
        return unclear(Deed.ESCALATE, "nobody_above")
    body = {"said": said(text)}
    wanted = Wanted(deed=Deed.ESCALATE, contract_id=contract.id, alarm_id=alarm.id, body=body)
    chat = view.chat
    here = [p for p in events[0].body["escalated_to"] if chat is not None and p in chat.members]
    return proposed(view, wanted, alarm, up=here, elsewhere=len(events[0].body["escalated_to"]) > len(here))


SKILL = Skill(
    name="a_escalate",
    command="escalate",
    purpose="把未回复的预警立即升级到合同约定的上级",
    examples=("超时了,升级", "往上报", "升级到分行领导"),
    roles=ROLES[Deed.ESCALATE],
    run=run,
    parameters=(
        Parameter(name="alarm", kind="alarm", about="预警编号,默认唯一未回复的一条"),
        *NAMING,
        Parameter(name="text", kind="text", about="理由"),
    ),
)
