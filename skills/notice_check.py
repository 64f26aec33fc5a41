"""提货通知有效吗: whether a release notice with this number is in force. Says nothing about any loan.

For the depot that holds a paper in its hand, and for the inspector beside it: a number that this chat's contracts do
not know is 查无此号, whoever else may know it.
"""

import re
from collections.abc import Mapping

from domain.case.case import IN_FORCE, Case, Stage, plain_no
from domain.case.terms import NoticeSource
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.movement import ReleaseNotice
from domain.people import Role
from skills.ports import View
from skills.scope import PARTIES
from skills.skill import Answer, Parameter, Skill, Status

_ASKED = re.compile(r"(?:提货通知书?|提货单|通知书)(?:号|编号)?\s?[:：]?\s?([A-Za-z][A-Za-z0-9_/-]{1,39})")
_BARE = re.compile(r"(?<![A-Za-z0-9_/-])([Tt][Hh]-?\d{3,12})(?![A-Za-z0-9_/-])")
"""A number that says by itself what it is of: TH-0231."""
_STATES = r"有效|真的|真假|作废|过期|撤销|能用|用完|提完|^(?:请|帮我)?(?:核对|核验)"
_WHETHER = re.compile(rf"{_STATES}|吗|[?？]")
_STATE = re.compile(rf"(?:{_STATES}).*(?:吗|没|[?？])|^(?:请|帮我)?(?:核对|核验)")
LONGEST = 40
"""Characters of a notice's number."""
ENDED = {Stage.EXECUTED: "used", Stage.EXPIRED: "expired", Stage.REVOKED: "revoked"}


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """How the notice of this number stands among the contracts of this chat."""
    if view.denied:
        return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})
    words = arguments.get("no", "").split()
    if not words or not any(c.isdigit() for c in words[0]):
        return Answer(status=Status.CLARIFY, kind="notice_check", facts={"state": "which"})
    no = plain_no(words[0])[:LONGEST]
    found = [(c, case) for c in view.contracts() for case in view.cases(c.id) if _numbered(case, no)]
    facts: Json = {"no": no, "at": stamp(view.now)}
    if not found:
        return _unknown(view, facts)
    contract, case = max(found, key=lambda f: (f[1].stage in IN_FORCE, f[1].filed_at))
    return Answer(status=Status.OK, kind="notice_check", facts=facts | _standing(view, contract, case))


def reads(text: str) -> Mapping[str, str] | None:
    """提货通知 TH-0301 有效吗: the number, where its validity is asked."""
    asked, bare = _ASKED.search(text), _BARE.search(text)
    if asked is not None:
        known = any(c.isdigit() for c in asked[1]) and _WHETHER.search(text) is not None
        return {"no": asked[1]} if known else None
    return {"no": bare[1]} if bare is not None and _STATE.search(text) is not None else None


def _numbered(case: Case, no: str) -> bool:
    return case.notice is not None and case.notice.named(no)


def _unknown(view: View, facts: Json) -> Answer:
    """Only where every notice is registered here does an unknown number say that there is none."""
    terms = [c.release for c in view.contracts()]
    registered = all(t is not None and t.notice is NoticeSource.REGISTERED for t in terms)
    if registered:
        return Answer(status=Status.OK, kind="notice_check", facts={**facts, "state": "unknown"})
    listed = next((n for c in view.contracts() if (n := view.papered(c.id, facts["no"])) is not None), None)
    facts |= {"state": "cannot_check", "listed": _listed(listed) if listed is not None else None}
    return Answer(status=Status.NO_DATA, kind="notice_check", facts=facts)


def _listed(notice: ReleaseNotice) -> Json:
    """What the depot says of a number that the lender has not registered; its amount is for the paper to say."""
    return {"tank": notice.tank_id, "sealed": notice.sealed, "until": stamp(notice.valid_until)}


def _standing(view: View, contract: Contract, case: Case) -> Json:
    """The state and what the paper says; how much is left of it only while it is good."""
    assert case.notice is not None
    state = state_of(case, view)
    facts: Json = {"state": state, "contract": contract.id, "until": stamp(case.notice.valid_until)}
    lines: list[Json] = [{"tank": x.tank_id, "good": x.good} for x in case.out]
    if Field.QUANTITY in view.may(contract.id):
        lines = [{**row, "kg": x.kg} for row, x in zip(lines, case.out, strict=True)]
        facts |= {"kg": case.out_kg, "left_kg": max(0, case.out_kg - case.lifted_kg())}
    return {**facts, "lines": lines}


def state_of(case: Case, view: View) -> str:
    """valid, used, expired, revoked; not_yet: registered, and not confirmed by a second person of the lender."""
    if case.stage in ENDED:
        return ENDED[case.stage]
    if case.stage not in IN_FORCE or case.notice is None:
        return "not_yet" if case.open else "revoked"
    return "valid" if view.now <= case.notice.valid_until else "expired"


SKILL = Skill(
    name="notice_check",
    command="noticecheck",
    purpose="核对提货通知号是否有效",
    examples=(
        "提货通知 TH-0301 有效吗",
        "提货通知书 TH-0301 是真的吗",
        "提货单 TH-0301 还能用吗",
        "核对提货通知 TH-0301",
        "提货通知 TH-0301 过期了吗",
    ),
    roles=PARTIES | {Role.INSPECTOR},
    run=run,
    parameters=(Parameter(name="no", kind="text", required=True, about="通知书号"),),
    aliases=("notice_check", "核对通知"),
    reads=reads,
)
