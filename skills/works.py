"""报备: work at tanks is announced before it shows in the figures. It silences nothing; the lender reads it beside alarms."""

import re
from collections.abc import Mapping
from datetime import timedelta

from domain.contract import Contract
from domain.deed.deed import Deed, Wanted
from domain.deed.rights import ROLES
from domain.event import Json, stamp
from skills.acting import DENIED, proposed, unclear
from skills.ahead import working_end
from skills.heard import Heard, heard, said
from skills.negated import negated
from skills.ports import View
from skills.scope import ids
from skills.skill import Answer, Parameter, Skill
from skills.understanding import papers
from skills.understanding.normal import normal

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
    if negated(Deed.WORKS, text):
        return unclear(Deed.WORKS, "negated")
    tanks = _tanks(view, arguments)
    strange = _strange(text, ids(arguments, "tank")) if view.contracts() else []
    if not tanks or strange:
        return unclear(Deed.WORKS, "tanks", strange=strange)
    if maybe := _several(text, tanks):
        return unclear(Deed.WORKS, "which_tank", tanks=maybe)
    if len(tanks) > MOST:
        return unclear(Deed.WORKS, "many", most=MOST)
    contract = next(c for c in view.contracts() if set(tanks) & set(c.tank_ids()))
    told = heard(text, view.now)
    if told.past and told.span is None:
        return unclear(Deed.WORKS, "past")
    if told.unread and told.by is None and told.span is None:
        return unclear(Deed.WORKS, "hours")
    if told.doubtful:
        return unclear(Deed.WORKS, "amounts")
    body: Json = {
        "kind": arguments.get("kind") or "other",
        "tanks": tanks,
        **_times(told, view, contract),
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


_NO_TANK = "(?![0-9a-z.-]|的?[泵阀管线表])"
_NAME = rf"(?<![0-9a-z-])(?!dn|pn|ph|no)[a-z]{{1,3}}(?:-\d{{1,4}}|\d{{2,4}}){_NO_TANK}"
_WRITTEN = re.compile(rf"{_NAME}|(?<![0-9.])\d{{1,4}}(?:号罐|#罐)")
_BESIDE = re.compile(rf"(?<=[和与及跟])(?:{_NAME}|(?<![0-9.])\d{{1,4}}(?:号罐|#罐))|{_NAME}(?=[和与及跟])")
"""Beside a tank that is ours another number may be a pump's or a valve's: only one that is joined to it is a tank."""
LISTED = 5


def _strange(text: str, named: tuple[str, ...]) -> list[str]:
    """What is written like a tank and is none of those that are named, as it was written; at most ``LISTED``."""
    numbers = [re.sub(r"\D", "", tank) for tank in named]
    found: list[str] = []
    for clause in normal(text).clauses:
        left, _ = papers.found(clause)
        written = [m[0].upper() for m in (_BESIDE if numbers else _WRITTEN).finditer(left)]
        found += [w for w in written if not any(n.endswith(re.sub(r"\D", "", w).lstrip("0")) for n in numbers)]
    return list(dict.fromkeys(found))[:LISTED]


_NUMBERED = re.compile(r"(?<![0-9a-z.-])0*(\d{1,4})(?:号罐?|#罐?)(?![泵阀管线表])")


def _several(text: str, tanks: list[str]) -> list[str]:
    """Tanks between which a mere number cannot tell (8号罐: T-108, V208), unless they are written out as well."""
    plain = re.sub(r"[\s-]", "", text).upper()
    unwritten = [t for t in tanks if t.replace("-", "").upper() not in plain]
    for clause in normal(text).clauses:
        for written in _NUMBERED.finditer(clause):
            fits = [t for t in unwritten if re.sub(r"\D", "", t).endswith(written[1])]
            if len(fits) > 1:
                return fits[:LISTED]
    return []


def _times(told: Heard, view: View, contract: Contract) -> Json:
    starts = told.starts if told.starts is not None else view.now
    by = told.by
    if by is None and told.working_days is not None:
        by = working_end(contract.calendar, view.now, told.working_days)
    ends = by if by is not None and by > starts else starts + (told.span or USUAL)
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
        Parameter(name="tank", kind="tank", about="罐号", many=True),
        Parameter(name="site", kind="site", about="库区,全库作业时"),
        Parameter(name="kind", kind="choice", about="作业类型", choices=KINDS),
    ),
)
