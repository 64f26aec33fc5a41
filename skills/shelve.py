"""静音: an alarm's reminders pause for a while, by the lender and with a reason. Only a yellow one, never for good."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.alarm import LONGEST_SHELF
from domain.contract import Severity
from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from domain.event import stamp
from skills.acting import meant, open_alarms, proposed, unclear
from skills.alarm_named import NAMING
from skills.heard import Heard, heard, said
from skills.negated import negated
from skills.ports import View
from skills.skill import Answer, Parameter, Skill

USUAL = timedelta(hours=1)
"""Where nobody says how long."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Which alarm, until when and why."""
    text = arguments.get("text", "")
    if not view.denied and negated(Deed.SNOOZE, text):
        return unclear(Deed.SNOOZE, "negated")
    quiet = [(c, a) for c, a in open_alarms(view) if a.severity is Severity.YELLOW]
    found = meant(view, arguments, Deed.SNOOZE, quiet)
    if isinstance(found, Answer):
        loud = not quiet and not view.denied and bool(open_alarms(view))
        return unclear(Deed.SNOOZE, "grave") if loud and found.facts["about"] == "no_alarm" else found
    contract, alarm = found
    if alarm.severity is not Severity.YELLOW:
        return unclear(Deed.SNOOZE, "grave")
    told = heard(text, view.now)
    if not told.worded:
        return unclear(Deed.SNOOZE, "reason")
    if told.unread and told.span is None and told.by is None:
        return unclear(Deed.SNOOZE, "length")
    until = _until(told, view.now)
    if until <= view.now:
        return unclear(Deed.SNOOZE, "over")
    if until > view.now + LONGEST_SHELF:
        return unclear(Deed.SNOOZE, "too_long", most_s=LONGEST_SHELF.total_seconds())
    body = {"until": stamp(until), "said": said(text)}
    return proposed(view, Wanted(deed=Deed.SNOOZE, contract_id=contract.id, alarm_id=alarm.id, body=body), alarm)


def _until(told: Heard, now: datetime) -> datetime:
    """A time that is over ends it at once, which is no pause."""
    if told.span is not None:
        return now + told.span
    if told.by is not None:
        return told.by
    if told.working_days is not None:
        return now + timedelta(days=told.working_days)
    return now if told.over else now + USUAL


SKILL = Skill(
    name="a_snooze",
    command="snooze",
    purpose="暂停一条黄色预警的重复提醒(最长4小时)",
    examples=("这条先静音两小时", "先别重复提醒了,在核实", "静音到18点"),
    roles=ROLES[Deed.SNOOZE],
    run=run,
    parameters=(
        Parameter(name="text", kind="text", required=True, about="多久和理由"),
        Parameter(name="alarm", kind="alarm", about="预警编号,默认唯一未结的一条"),
        *NAMING,
    ),
)
