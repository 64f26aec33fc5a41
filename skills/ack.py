"""收到: the alarm that waits for this person, with its own button. The press answers, not the sentence."""

from collections.abc import Mapping

from domain.deed.rights import PARTIES
from skills.acting import meant, shown, unclear, waiting
from skills.alarm_named import NAMING
from skills.ports import View
from skills.skill import AlarmPress, Answer, Parameter, Skill, Status

DENIED_WORDS = tuple(no + verb for verb in ("收到", "确认", "看到") for no in ("没", "没有", "未", "不"))
"""What is said by somebody who confirms nothing."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The alarm, and the buttons that answer it."""
    if arguments.get("denied") and not view.denied:
        return unclear("ack", "negated")
    found = meant(view, arguments, "ack", waiting(view))
    if isinstance(found, Answer):
        return found
    contract, alarm = found
    facts = {"contract": contract.id, "alarm": shown(view, contract, alarm)}
    press = AlarmPress(alarm_id=alarm.id, told=alarm.told, actions=("ack", "arranged"))
    return Answer(status=Status.OK, kind="act_ack", facts=facts, press=press)


SKILL = Skill(
    name="a_ack",
    command="ack",
    purpose="确认收到等您回复的预警",
    examples=("收到,马上处理", "知道了", "确认收到这条预警"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="alarm", kind="alarm", about="预警编号,默认等您回复的那条"),
        *NAMING,
        Parameter(name="denied", kind="choice", about="说没收到时,不给按钮", choices=(("yes", DENIED_WORDS),)),
    ),
)
