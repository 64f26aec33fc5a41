"""What a button sends back: which alarm or case, as of which telling, and what the person does; or a further question.

At most 64 bytes of ASCII (Bot API callback_data). A token is a claim about what was pressed, never about who may.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from domain.case.rights import CaseAct

MOST_BYTES = 64
ACTIONS = frozenset({"ack", "arranged", "dispute", "close", "confirm_price", "reject_price"})
CASE_ACTIONS = frozenset(a.value for a in CaseAct)
DECISIONS = frozenset({"confirm", "withdraw"})
_ALARM, _OFFER, _CASE, _REQUEST, _PROPOSAL = "v1", "q1", "c1", "r1", "p1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A press on an alarm's button. revision: the telling on which the button stood."""

    alarm_id: str
    revision: int
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A press on an answer's button: the skill to run next."""

    skill: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePressed:
    """A press on a case's card. revision: the case as the card showed it."""

    case_id: str
    revision: int
    act: CaseAct


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPressed:
    """A press on a proposal: ``file`` it, or else drop it."""

    request: str
    file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A press on a proposal's card."""

    proposal_id: str
    action: str


def token(alarm_id: str, revision: int, action: str) -> str:
    """v1|alarm|revision|action. Raises ValueError for an unknown action, or what does not fit into a button."""
    text = f"{_ALARM}|{alarm_id}|{revision}|{action}"
    if action not in ACTIONS or parse_token(text) is None:
        raise ValueError(f"button {text!r}: at most {MOST_BYTES} bytes of ASCII, actions {sorted(ACTIONS)}")
    return text


def parse_token(text: str) -> Pressed | None:
    """The press that this token means, or None for anything that ``token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 4 or parts[0] != _ALARM:
        return None
    _, alarm_id, revision, action = parts
    if not alarm_id or not (revision.isdigit() and len(revision) <= 9) or action not in ACTIONS:
        return None
    return Pressed(alarm_id=alarm_id, revision=int(revision), action=action)


def offer_token(skill: str, arguments: Mapping[str, str]) -> str | None:
    """q1|skill|arguments, or None where they do not fit: then there is no button, and people ask in words."""
    text = f"{_OFFER}|{skill}|{urlencode(sorted(arguments.items()))}"
    return text if _fits(text) else None


def parse_offer(text: str) -> Offer | None:
    """The question that this token offers, or None for anything that ``offer_token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 3 or parts[0] != _OFFER or not parts[1]:
        return None
    return Offer(skill=parts[1], arguments=dict(parse_qsl(parts[2])))


def case_token(case_id: str, revision: int, act: CaseAct) -> str:
    """c1|case|revision|act. Raises ValueError for what does not fit into a button."""
    text = f"{_CASE}|{case_id}|{revision}|{act.value}"
    if parse_case(text) is None:
        raise ValueError(f"button {text!r}: at most {MOST_BYTES} bytes of ASCII")
    return text


def parse_case(text: str) -> CasePressed | None:
    """The press on a case that this token means, or None for anything that ``case_token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 4 or parts[0] != _CASE:
        return None
    _, case_id, revision, act = parts
    if not case_id or not (revision.isdigit() and len(revision) <= 9) or act not in CASE_ACTIONS:
        return None
    return CasePressed(case_id=case_id, revision=int(revision), act=CaseAct(act))


def request_token(request: str, *, file: bool) -> str:
    """r1|request|file or drop; request: the short id under which a proposal is kept."""
    return f"{_REQUEST}|{request}|{'file' if file else 'drop'}"


def parse_request(text: str) -> RequestPressed | None:
    """The press on a proposal, or None for anything that ``request_token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 3 or parts[0] != _REQUEST or parts[2] not in ("file", "drop") or not parts[1]:
        return None
    return RequestPressed(request=parts[1], file=parts[2] == "file")


def decision_token(proposal_id: str, action: str) -> str:
    """p1|proposal|action. Raises ValueError for an unknown action, or what does not fit into a button."""
    text = f"{_PROPOSAL}|{proposal_id}|{action}"
    if parse_decision(text) is None:
        raise ValueError(f"button {text!r}: at most {MOST_BYTES} bytes of ASCII, actions {sorted(DECISIONS)}")
    return text


def parse_decision(text: str) -> Decided | None:
    """The press that this token means, or None for anything that ``decision_token`` did not write."""
    parts = text.split("|")
    if not _fits(text) or len(parts) != 3 or parts[0] != _PROPOSAL or not parts[1] or parts[2] not in DECISIONS:
        return None
    return Decided(proposal_id=parts[1], action=parts[2])


def _fits(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= MOST_BYTES
