"""报备: work at tanks is announced before it shows in the figures. It silences nothing; the lender reads it beside alarms."""

from collections.abc import Mapping
from datetime import timedelta

from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from domain.event import Json, stamp
from skills.acting import DENIED, proposed, unclear
from skills.heard import Heard, heard, said
from skills.ports import View
from skills.scope import ids
from skills.skill import Answer, Parameter, Skill

KINDS = (
    ("clean", ("清罐", "清洗")),
    ("transfer", ("倒罐", "倒料", "转罐", "打料")),
    ("loading", ("装车", "装船", "装货")),
    ("unloading", ("卸船", "卸车", "卸货")),
    ("calibration", ("标定", "复检", "校验")),
    ("power", ("停电",)),
    ("network", ("割接", "断网", "网络", "光纤")),
    ("dewater", ("脱水", "切水")),
    ("heating", ("升温", "加热")),
    ("recirculation", ("循环",)),
    ("gauge_repair", ("检修", "维修", "修", "换表", "换液位计")),
)
"""Kinds of work and words for them; anything else is 'other'."""
USUAL = timedelta(hours=24)
"""How long an announcement stands that names no end."""
MOST = 20


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The work as it would be announced."""
    if view.denied:
        return DENIED
    text = arguments.get("text", "")
    tanks = _tanks(view, arguments)
    if not tanks:
        return unclear(Deed.WORKS, "tanks")
    if len(tanks) > MOST:
        return unclear(Deed.WORKS, "many", most=MOST)
    contract = next(c for c in view.contracts() if set(tanks) & set(c.tank_ids()))
    told = heard(text, view.now)
    body: Json = {
        "kind": arguments.get("kind") or "other",
        "tanks": tanks,
        **_times(told, view),
        "qty_kg": told.qty_kg,
        "said": said(text),
    }
    return proposed(view, Wanted(deed=Deed.WORKS, contract_id=contract.id, body=body))


def _tanks(view: View, arguments: Mapping[str, str]) -> list[str]:
    """The named tanks, else all of a named site, as far as they are pledged here; a depot's people name their own."""
    pledged = [t for c in view.contracts() for t in c.tank_ids()]
    named, sites = ids(arguments, "tank"), ids(arguments, "site")
    own = [t for t in dict.fromkeys(pledged) if view.runs(t)]
    return [t for t in own if t in named or (not named and view.tank(t).site_id in sites)]


def _times(told: Heard, view: View) -> Json:
    starts = told.starts if told.starts is not None else view.now
    ends = told.by if told.by is not None and told.by > starts else starts + (told.span or USUAL)
    return {"starts": stamp(starts), "ends": stamp(ends)}


SKILL = Skill(
    name="a_maintenance",
    command="works",
    purpose="报备罐区作业:清罐、倒罐、检修、停电等",
    examples=("八号罐今天下午清罐,提前报备", "五号倒六号大概五百吨,现在开泵", "今晚全库停电检修"),
    roles=ROLES[Deed.WORKS],
    run=run,
    parameters=(
        Parameter(name="text", kind="text", required=True, about="作业内容、时间、数量"),
        Parameter(name="tank", kind="tank", about="罐号"),
        Parameter(name="site", kind="site", about="库区,全库作业时"),
        Parameter(name="kind", kind="choice", about="作业类型", choices=KINDS),
    ),
)
