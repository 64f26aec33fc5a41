"""What people type about a filed case: /paid RC-… 6474200, /notice RC-… TH-0301 至3月14日17:00, /refuse RC-… why.

Reads text and decides nothing: neither who may, nor whether its turn has come.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.casework import CaseValues
from bot.proposal_command import amount_of
from domain.calendar import CHINA
from domain.case.case import plain_no
from domain.case.rights import CaseAct
from domain.statement import PaymentKind
from skills.cases import NUMBER

COMMANDS: Mapping[str, CaseAct] = {
    "paid": CaseAct.PAID,
    "notice": CaseAct.SIGN,
    "countersign": CaseAct.COUNTERSIGN,
    "verify": CaseAct.VERIFY,
    "decline": CaseAct.DECLINE,
    "refuse": CaseAct.REFUSE,
    "withdraw": CaseAct.WITHDRAW,
    "revoke": CaseAct.REVOKE,
    "accept": CaseAct.ACCEPT,
    "到账": CaseAct.PAID,
    "提货通知": CaseAct.SIGN,
    "复核": CaseAct.COUNTERSIGN,
    "核验": CaseAct.VERIFY,
    "拒绝出库": CaseAct.DECLINE,
    "驳回": CaseAct.REFUSE,
    "撤回": CaseAct.WITHDRAW,
    "撤销": CaseAct.REVOKE,
    "接收": CaseAct.ACCEPT,
}
LONGEST_NO = 40
"""Characters of a notice's number."""
LONGEST_REASON = 120
_COMMAND = re.compile(r"^\s*/([A-Za-z]+|[\u4e00-\u9fff]+)(?:@\w+)?(?:\s+(.*))?$", re.DOTALL)
_UNTIL = re.compile(
    r"(?:有效期?)?[至到]?(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})[日号]? ?(?:(\d{1,2})[:点时](\d{2})?分?)?"
)
_YEAR_TURNS = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommand:
    """An act on a case with what it says besides. unclear: what of it could not be read: amount, number, until."""

    case_id: str
    act: CaseAct
    values: CaseValues
    unclear: str | None = None


def command_of(text: str, now: datetime) -> CaseCommand | None:
    """The command, or None for any other text; one without a case's number right behind it is none of ours."""
    match = _COMMAND.match(unicodedata.normalize("NFKC", text))
    act = COMMANDS.get(match[1].lower()) if match is not None else None
    words = (match[2] or "").split() if match is not None else []
    if act is None or not words or NUMBER.fullmatch(words[0]) is None:
        return None
    case_id, rest = words[0].upper(), words[1:]
    if act is CaseAct.PAID:
        values, unclear = _paid(rest), "amount"
    elif act is CaseAct.SIGN:
        values, unclear = _signed(rest, now), "until" if rest else "number"
    else:
        return CaseCommand(case_id=case_id, act=act, values=CaseValues(reason=" ".join(rest)[:LONGEST_REASON]))
    if values is None:
        return CaseCommand(case_id=case_id, act=act, values=CaseValues(), unclear=unclear)
    return CaseCommand(case_id=case_id, act=act, values=values)


def _paid(words: list[str]) -> CaseValues | None:
    """6474200, 647.42万, 保证金 200万; no amount means all that is still to pay."""
    margin = any(w in ("保证金", "margin") for w in words)
    kind = PaymentKind.MARGIN if margin else PaymentKind.REPAYMENT
    figures = [w for w in words if w not in ("保证金", "margin", "还款", "repayment")]
    if not figures:
        return CaseValues(payment=kind)
    amount = amount_of(figures[0]) if len(figures) == 1 else None
    return CaseValues(amount=amount, payment=kind) if amount is not None else None


def _signed(words: list[str], now: datetime) -> CaseValues | None:
    if not words or len(words[0]) > LONGEST_NO or not any(c.isdigit() for c in words[0]):
        return None
    no, rest = plain_no(words[0]), " ".join(words[1:]).strip("[]() ")
    if not rest:
        return CaseValues(no=no)
    until = until_of(rest, now)
    return CaseValues(no=no, valid_until=until) if until is not None else None


def until_of(text: str, now: datetime) -> datetime | None:
    """至3月14日17:00 in China, of the year in which it lies nearest; a day alone is over with its midnight."""
    match = _UNTIL.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute = (int(g) if g else None for g in match.groups())
    local = now.astimezone(CHINA)
    try:
        at = datetime(year or local.year, month or 0, day or 0, hour or 0, minute or 0, tzinfo=CHINA)
        if year is None and at < local - _YEAR_TURNS:
            at = at.replace(year=local.year + 1)  # which may have no 29 February
        return at if hour is not None else at + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
