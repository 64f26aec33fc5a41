"""昨天17点T-112的货权: the pledge's batches, tanks and share as of a past moment, by what was known then."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.contract import Field
from domain.event import stamp
from skills import owners
from skills.normal import normal
from skills.ports import View
from skills.scope import PARTIES, asked, not_found
from skills.skill import Answer, Parameter, Skill, Status
from skills.then import SIGN
from skills.times import found

_MEANT = re.compile("货权|哪几批|哪些批次|批次|占多少|占比|占几成")
_WORDS = re.compile(f"{SIGN}|货权占比|{_MEANT.pattern}|我们|咱们|那时|当时|的|里|罐|货|是|有|在|多少|各|[?? ]")
_TANK = re.compile(r"[a-z0-9-]*")
ANY_DAY = datetime.fromisoformat("2026-03-12T12:00:00+08:00")


def reads(text: str) -> Mapping[str, str] | None:
    """A question about the ownership at one time, of one tank or all; None for every other text."""
    clauses = normal(text).clauses
    if len(clauses) != 1:
        return None
    left, times = found(clauses[0], ANY_DAY, SIGN)
    if len(times) != 1 or _MEANT.search(left) is None or _TANK.fullmatch(_WORDS.sub("", left)) is None:
        return None
    return {"text": clauses[0]}


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """As ``owners``, of the contracts as they stood. NO_DATA for a time before the first record."""
    contracts = asked(view, {})
    if isinstance(contracts, Answer):
        return contracts
    left, times = found(" ".join(normal(arguments.get("text", "")).clauses), view.now, SIGN)
    if len(times) != 1:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "time"})
    at = times[0].end
    if at > view.now:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "future"})
    open_here = [c for c in contracts if Field.QUANTITY in view.may(c.id)]
    if not open_here:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.QUANTITY.value]})
    tank = _WORDS.sub("", left)
    named = [t for c in open_here for t in c.tank_ids() if tank in _names(view, t)]
    if tank and not named:
        return not_found("tank")
    then = view.then(at)
    if then is None:
        return Answer(status=Status.NO_DATA, kind="then_when", facts={"about": "before", "at": stamp(at)})
    rows = [o for c in open_here for o in then.owned.get(c.id, ()) if not tank or o.tank_id in named]
    return owners.told(view, [replace(o, stale=False) for o in rows], at=at)


def _names(view: View, tank_id: str) -> set[str]:
    tank = view.tank(tank_id)
    return {normal(name).text for name in (tank.id, tank.name, *tank.aliases)}


SKILL = Skill(
    name="owners_then",
    command="ownersthen",
    purpose="过去某一时点的货权(按当时所知)",
    examples=(
        "昨天17点T-112的货权",
        "3月11日15:00 T-112里我们的货是哪几批",
        "昨天12点我们在T-112占多少",
        "上周五17点的货权",
        "昨天的货权占比",
    ),
    roles=PARTIES,
    run=run,
    parameters=(Parameter(name="text", kind="text", required=True, about="时间,可加罐号,如 昨天17点 T-112"),),
    aliases=("当时货权",),
    reads=reads,
)
