"""有异议: the alarm stays as it is; the objection and its reason stand beside it, as the person's own words."""

from collections.abc import Mapping

from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from skills.acting import meant, proposed, unclear, waiting
from skills.alarm_named import NAMING
from skills.heard import heard, said
from skills.negated import negated
from skills.ports import View
from skills.skill import Answer, Parameter, Skill


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The objection to an alarm that obliges this person."""
    found = meant(view, arguments, Deed.DISPUTE, waiting(view))
    text = arguments.get("text", "")
    if not view.denied and negated(Deed.DISPUTE, text):
        return unclear(Deed.DISPUTE, "negated")
    if isinstance(found, Answer):
        return found
    contract, alarm = found
    mine = view.answers_for()
    if not any(p.person in mine and p.ack_due is not None for p in alarm.parties):
        return unclear(Deed.DISPUTE, "not_obliged")
    if not heard(text, view.now).worded:
        return unclear(Deed.DISPUTE, "why")
    body = {"said": said(text)}
    return proposed(view, Wanted(deed=Deed.DISPUTE, contract_id=contract.id, alarm_id=alarm.id, body=body), alarm)


SKILL = Skill(
    name="a_dispute",
    command="dispute",
    purpose="对预警提出异议(写明理由)",
    examples=("这个报警不对,是雷达挂料了", "这条报警有异议,有提货单", "误报了,是倒罐"),
    roles=ROLES[Deed.DISPUTE],
    run=run,
    parameters=(
        Parameter(name="text", kind="text", required=True, about="理由"),
        Parameter(name="alarm", kind="alarm", about="预警编号,默认等您回复的那条"),
        *NAMING,
    ),
)
