"""昨天17点T-112的货权: the pledge's batches, tanks and share as of a past moment, by what was known then."""

from collections.abc import Mapping
from dataclasses import replace

from domain.contract import Field
from domain.event import stamp
from skills import owners
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found
from skills.skill import Answer, Parameter, Skill, Status
from skills.span import span_of


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """As ``owners``, of the contracts as they stood. NO_DATA for a time before the first record."""
    contracts = asked(view, {})
    if isinstance(contracts, Answer):
        return contracts
    span = span_of(arguments.get("time", ""))
    if span is None:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "time"})
    at, named = span.end, ids(arguments, "tank")
    if at > view.now:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "future"})
    open_here = [c for c in contracts if Field.QUANTITY in view.may(c.id)]
    if not open_here:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.QUANTITY.value]})
    if named and not set(named) & {t for c in open_here for t in c.tank_ids()}:
        return not_found("tank")
    then = view.then(at)
    if then is None:
        return Answer(status=Status.NO_DATA, kind="then_when", facts={"about": "before", "at": stamp(at)})
    rows = [o for c in open_here for o in then.owned.get(c.id, ()) if not named or o.tank_id in named]
    return owners.told(view, [replace(o, stale=False) for o in rows], at=at)


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
    parameters=(
        Parameter(name="time", kind="time", required=True, about="时间,如 昨天17点"),
        Parameter(name="tank", kind="tank", about="罐号"),
    ),
    aliases=("当时货权",),
    answers=("owners",),
    suits=lambda _, slots: slots.get("time", "now") not in ("now", "today"),
)
