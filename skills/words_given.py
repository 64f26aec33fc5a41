"""谁报备了作业, 赵总答应什么时候补: what people have promised or announced here, in their words; never what has come of it."""

import re
from collections.abc import Mapping

from domain.event import Json, stamp
from skills.alarms import promise_shown, work_shown
from skills.ports import View
from skills.scope import PARTIES, among_lenders
from skills.skill import Answer, Parameter, Skill, Status

MOST = 8
"""So many are told; of more their number."""
_WORKS = re.compile(
    r"(?:谁|哪些|哪个|哪家|什么|啥|几个|有没有|有无|有谁).{0,8}报备|报备了?(?:哪些|什么|啥|几个|没有?|了?吗)"
)
_PROMISES = re.compile(
    r"(?:答应|承诺)了?.{0,6}(?:什么时候|啥时候|何时|几点|哪天|多少|几吨|什么|啥)"
    r"|(?:答应|承诺)[了过]?(?:吗|没有?$)|(?:谁|哪些|哪个|哪家|有没有|有谁).{0,8}(?:承诺|答应)"
)
_CALLED = re.compile(r"^@?小六子?[,，:：\s]*")
_PAST = re.compile(r"昨|前天|前[一二两三几\d]|上[个周月]|以前|历史|\d月|\d[号日](?!罐)")
_OTHER = re.compile(r"到期|兑现|取消|撤|怎么|如何|能不能|承诺书|保证|你|我们|该|违约|[\s,，。;；\n].")
"""Something else about them than what they are, our own word, or another question beside."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Promises that are open or have ended within a day, or work that is not over; both where neither is named.

    Those of another time are not looked up: it says so.
    """
    if view.denied:
        return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})
    wanted = arguments.get("what")
    contracts = view.contracts()
    promises = [promise_shown(view, p) for c in contracts for p in view.promises(c.id)]
    works = {(w.tenant, w.id): work_shown(w) for c in contracts for w in view.works(c.id)}
    facts: Json = {
        "lender": among_lenders(view),
        "past": "past" in arguments,
        "promises": _part(promises, "due") if wanted != "works" else None,
        "works": _part(list(works.values()), "starts") if wanted != "promises" else None,
        "at": stamp(view.now),
    }
    status = Status.NO_DATA if facts["past"] else Status.OK
    return Answer(status=status, kind="words_given", facts=facts)


def _part(rows: list[Json], by: str) -> Json:
    """The earliest first."""
    rows.sort(key=lambda row: (row[by], row["id"]))
    return {"rows": rows[:MOST], "more": max(0, len(rows) - MOST), "total": len(rows)}


def reads(text: str) -> Mapping[str, str] | None:
    """A question about what is announced or promised now; a word of one's own is none."""
    text = _CALLED.sub("", text.strip())
    if _OTHER.search(text):
        return None
    what = "works" if _WORKS.search(text) else "promises" if _PROMISES.search(text) else ""
    past = {"past": "yes"} if _PAST.search(text) else {}
    return {"what": what, **past} if what else None


SKILL = Skill(
    name="words_given",
    command="promises",
    purpose="谁承诺了什么、报备了哪些作业",
    examples=("谁报备了作业", "赵总答应什么时候补", "谁承诺了补货"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(
            name="what",
            kind="choice",
            about="承诺或报备",
            choices=(("promises", ("承诺",)), ("works", ("报备", "作业"))),
        ),
        Parameter(
            name="past", kind="choice", about="问的是以往的", choices=(("yes", ("昨天", "前天", "上周", "以前")),)
        ),
    ),
    aliases=("承诺", "报备情况"),
    reads=reads,
)
