"""What the skills that act share: which alarm is meant, and the proposal that waits for a press. Nothing happens here."""

from collections.abc import Mapping

from domain.alarm import Alarm
from domain.contract import Contract
from domain.deed.deed import Deed, Wanted
from domain.event import Json
from domain.people import Audience
from skills.alarm_named import named, narrowed
from skills.alarms import about
from skills.ports import View
from skills.proposing import KEPT_MINUTES
from skills.scope import ids
from skills.skill import Answer, Status
from skills.which_alarm import Meant, Which

DENIED = Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})


def open_alarms(view: View) -> list[Meant]:
    """Every open alarm told in this chat, the most severe first within its contract."""
    return [(c, a) for c in view.contracts() for a in view.alarms(c.id)]


def waiting(view: View) -> list[Meant]:
    """Those that wait in this chat for an answer of this person, or of somebody whose deputy they are."""
    mine, heard = view.answers_for(), view.heard_in()
    return [(c, a) for c, a in open_alarms(view) if any(p.person in mine and p.chat in heard for p in a.waiting())]


def meant(view: View, arguments: Mapping[str, str], deed: str, among: list[Meant]) -> Meant | Answer:
    """The alarm that is named, the newest of ``among`` if that is said, or its only one; else the question back.

    Of a tank or kind that is named, one that is not among them may be meant all the same: what may be done of it, the
    skill says.
    """
    if view.denied:
        return DENIED
    which, known = named(arguments), open_alarms(view)
    if which.ids:
        numbered = Which(ids=which.ids).among(known)
        return numbered[0] if len(numbered) == 1 else unclear(deed, "alarm_gone")
    left = narrowed(which, arguments.get("text", ""), among, known)
    if left is None:
        return unclear(deed, "none_such")
    if len(left) == 1:
        return left[0]
    return unclear(deed, "which_alarm" if left else "no_alarm", alarms=[shown(view, *m) for m in left[:6]])


def for_alarm(view: View, contract: Contract, arguments: Mapping[str, str]) -> Meant | None:
    """The open alarm of this contract that is named, by number or as the newest; None where none is, or several are."""
    said = arguments.get("alarm", "")
    found = Which.of(said).among([(contract, a) for a in view.alarms(contract.id)]) if said else []
    return found[0] if len(found) == 1 else None


def one_contract(view: View, arguments: Mapping[str, str], deed: str) -> Contract | Answer:
    """The contract that is named, or the only one of this chat."""
    if view.denied:
        return DENIED
    named = ids(arguments, "contract")
    fits = [c for c in view.contracts() if not named or c.id in named]
    return fits[0] if len(fits) == 1 else unclear(deed, "project")


def shown(view: View, contract: Contract, alarm: Alarm) -> Json:
    """An alarm by its number and title, as this chat may read it."""
    return {
        "id": alarm.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "about": about(alarm, view.may(contract.id)),
    }


def proposed(view: View, wanted: Wanted, alarm: Alarm | None = None, **more: object) -> Answer:
    """The card of a deed: what was understood, and what a press would do."""
    contract = next(c for c in view.contracts() if c.id == wanted.contract_id)
    chat = view.chat
    facts: Json = {
        "deed": wanted.deed.value,
        "contract": contract.id,
        "alarm": shown(view, contract, alarm) if alarm is not None else None,
        "bank": chat is not None and chat.audience is Audience.BANK,
        "minutes": KEPT_MINUTES,
        **wanted.body,
        **more,
    }
    return Answer(status=Status.OK, kind="act", facts=facts, act=wanted)


def unclear(deed: str | Deed, what: str, **more: object) -> Answer:
    """Why this is no proposal yet, and how it is said."""
    facts: Json = {"deed": str(deed), "about": what, "alarms": [], **more}
    return Answer(status=Status.CLARIFY, kind="act_unclear", facts=facts)
