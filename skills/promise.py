"""承诺: so much goods or money by a time. The alarm stays open; whether it came is judged by papers and confirmed money."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from domain.alarm import Alarm
from domain.case.case import CaseKind
from domain.contract import AlertKind, Contract
from domain.deed.deed import Deed, Promise, Wanted
from domain.deed.promise import same_promise
from domain.deed.rights import ROLES
from domain.event import Json, stamp
from domain.people import Role
from skills.acting import for_alarm, one_contract, proposed, unclear, waiting
from skills.ahead import working_end
from skills.goods_said import unknown_good
from skills.heard import Heard, heard, said
from skills.negated import negated
from skills.ports import View
from skills.scope import ids
from skills.skill import Answer, Parameter, Skill
from skills.understanding.spans import CHINA
from skills.which_alarm import Which


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """What is promised by when, for which alarm or top-up."""
    contract = one_contract(view, arguments, Deed.COMMIT)
    if isinstance(contract, Answer):
        return contract
    text = arguments.get("text", "")
    if negated(Deed.COMMIT, text):
        return unclear(Deed.COMMIT, "negated")
    told = heard(text, view.now)
    if told.doubtful:
        return unclear(Deed.COMMIT, "amounts")
    if not told.qty_kg and not told.amount_cny:  # nought of either is no promise
        return unclear(Deed.COMMIT, "what")
    if told.amount_cny and view.actor is not None and view.actor.role is not Role.BORROWER:
        return unclear(Deed.COMMIT, "money")
    due = _due(told, contract, view.now)
    if due is None:
        return unclear(Deed.COMMIT, "past" if told.past else "date" if told.working_days is not None else "when")
    if not ids(arguments, "good") and (strange := unknown_good(text, view.now)):
        return unclear(Deed.COMMIT, "good", strange=strange)
    alarm = _alarm(view, contract, arguments)
    goods = ids(arguments, "good")
    body: Json = {
        "case": _case(view, contract),
        "good": goods[0] if len(goods) == 1 else None,
        "qty_kg": told.qty_kg or None,
        "amount_cny": str(told.amount_cny) if told.amount_cny else None,
        "due": stamp(due),
        "said": said(text),
    }
    about = alarm.id if alarm is not None else None
    wanted = Wanted(deed=Deed.COMMIT, contract_id=contract.id, alarm_id=about, body=body)
    standing = _standing(view, contract.id)
    if (same := next((p for p in standing if same_promise(p, wanted)), None)) is not None:
        return unclear(Deed.COMMIT, "stands", promise=same.id)
    return proposed(view, wanted, alarm, standing=[p.id for p in standing])


def _standing(view: View, contract_id: str) -> list[Promise]:
    """Promises of this person's organisation whose time is not over."""
    actor = view.actor
    mine = {p.id for p in view.people() if actor is not None and p.org == actor.org}
    return [p for p in view.promises(contract_id) if p.ended is None and p.by in mine]


def _due(told: Heard, contract: Contract, now: datetime) -> datetime | None:
    by = told.by
    if by is None and told.working_days is not None:
        by = working_end(contract.calendar, now, told.working_days)
    if by is not None:
        midnight = by.astimezone(CHINA).time() == time()
        return by - timedelta(minutes=1) if midnight else by  # 周五前 ends on Friday, not on Saturday at 0:00
    return now + told.span if told.span is not None else None


def _alarm(view: View, contract: Contract, arguments: Mapping[str, str]) -> Alarm | None:
    """The alarm that is named, else the one that waits for this person, else the one about the value."""
    named = for_alarm(view, contract, arguments)
    if named is not None or Which.of(arguments.get("alarm", "")).ids:
        return named[1] if named is not None else None
    value = next((a for a in view.alarms(contract.id) if a.kind is AlertKind.VALUE_BELOW_LINE), None)
    mine = [a for c, a in waiting(view) if c.id == contract.id]
    return value if value is not None else mine[0] if len(mine) == 1 else None


def _case(view: View, contract: Contract) -> str | None:
    """The only open top-up."""
    found = [x.id for x in view.cases(contract.id) if x.open and x.kind is CaseKind.TOP_UP]
    return found[0] if len(found) == 1 else None


SKILL = Skill(
    name="a_commit",
    command="commit",
    purpose="承诺何时补多少货或款(预警不因此解除)",
    examples=("我们明天中午12点前补400吨到库", "周五前还款三百万", "两小时内补到200吨"),
    roles=ROLES[Deed.COMMIT],
    run=run,
    parameters=(
        Parameter(name="text", kind="text", required=True, about="数量或金额,以及时限"),
        Parameter(name="alarm", kind="alarm", about="为哪条预警"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
)
