"""What a person of the lender proposes, as typed: /controlline NO AMOUNT [from], /setprice GOOD PRICE [hours], /paid AMOUNT …

Reads text and decides nothing: neither who may propose, nor whether it holds. What is about receipts: ``receipt_command.py``.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from bot.receipt_command import cancel, same_number, split
from domain.calendar import CHINA
from domain.contract import Contract
from domain.event import Json, stamp
from domain.good import Good
from domain.money import fen
from domain.proposal import ProposalKind
from domain.receipt.receipt import Standing
from domain.statement import PaymentKind

COMMANDS: Mapping[str, ProposalKind] = {
    "controlline": ProposalKind.CONTROL_LINE,
    "控制线": ProposalKind.CONTROL_LINE,
    "setprice": ProposalKind.MANUAL_PRICE,
    "手工价": ProposalKind.MANUAL_PRICE,
    "paid": ProposalKind.PAYMENT,
    "到账": ProposalKind.PAYMENT,
    "splitreceipt": ProposalKind.RECEIPT_SPLIT,
    "拆分仓单": ProposalKind.RECEIPT_SPLIT,
    "分割仓单": ProposalKind.RECEIPT_SPLIT,
    "cancelreceipt": ProposalKind.RECEIPT_CANCEL,
    "注销仓单": ProposalKind.RECEIPT_CANCEL,
}
PAID_FOR: Mapping[str, PaymentKind] = {
    "margin": PaymentKind.MARGIN,
    "保证金": PaymentKind.MARGIN,
    "repayment": PaymentKind.REPAYMENT,
    "还款": PaymentKind.REPAYMENT,
}
MOST_CNY = Decimal(10**13)
MOST_CNY_T = Decimal(10**7)
HOURS, MOST_HOURS = 24, 168
LONGEST_NO = 40
_COMMAND = re.compile(r"^\s*/([A-Za-z]+|[\u4e00-\u9fff]+)(?:@\w+)?(?:\s+(.*))?$", re.DOTALL)
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,13})(\.\d{1,8})?(万|亿)?元?", re.ASCII)
_UNITS = {"": 1, "万": 10_000, "亿": 100_000_000}
_HOURS = re.compile(r"(\d{1,3})(?:h|小时)?", re.ASCII)
_CASE = re.compile(r"[A-Z]{2}-\d{8}-\d{2,4}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A whole proposal of one contract; ``body`` as ``domain.proposal.ProposalKind`` lists it."""

    kind: ProposalKind
    contract_id: str
    body: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A command that cannot be taken. what: 'usage', 'contract', 'good', 'case', 'notice_known' or 'receipt_unknown'."""

    kind: ProposalKind
    what: str


def command_of(text: str) -> tuple[ProposalKind, list[str]] | None:
    """The command and its words, in plain width; None for any other text."""
    match = _COMMAND.match(unicodedata.normalize("NFKC", text))
    kind = COMMANDS.get(match[1].lower()) if match is not None else None
    if match is None or kind is None:
        return None
    return kind, (match[2] or "").split()


def read(
    kind: ProposalKind,
    words: Sequence[str],
    contracts: Sequence[Contract],
    goods: Mapping[str, Good],
    now: datetime,
    receipts: Sequence[Standing] = (),
) -> Wanted | Unclear:
    """The proposal that these words make. contracts: those of the chat, receipts: theirs.

    One contract must be named where there are several; a receipt names it too.
    """
    rest = list(words)
    named = next((c for c in contracts if rest and rest[0] in (c.id, c.name)), None)
    if named is not None:
        rest = rest[1:]
    contract = named or (contracts[0] if len(contracts) == 1 else _holder(rest, contracts, receipts))
    if contract is None:
        return Unclear(kind=kind, what="contract")
    mine = [s for s in receipts if s.contract_id == contract.id]
    match kind:
        case ProposalKind.CONTROL_LINE:
            found = _line(rest, contract, now)
        case ProposalKind.MANUAL_PRICE:
            found = _price(rest, contract, goods)
        case ProposalKind.PAYMENT:
            found = _payment(rest, now)
        case ProposalKind.RECEIPT_SPLIT:
            found = split(rest, mine)
        case ProposalKind.RECEIPT_CANCEL:
            found = cancel(rest, mine)
    if isinstance(found, str):
        return Unclear(kind=kind, what=found)
    return Wanted(kind=kind, contract_id=contract.id, body=found)


def _holder(words: Sequence[str], contracts: Sequence[Contract], receipts: Sequence[Standing]) -> Contract | None:
    """The one contract of which the first word is a receipt."""
    held = {s.contract_id for s in receipts if words and same_number(words[0], s.receipt.no)}
    return next((c for c in contracts if held == {c.id}), None)


def _line(words: list[str], contract: Contract, now: datetime) -> Json | str:
    if len(words) not in (2, 3) or len(words[0]) > LONGEST_NO:
        return "usage"
    if any(n.no == words[0] for n in contract.lines.notices):
        return "notice_known"
    amount = amount_of(words[1])
    since = moment_of(words[2], now) if len(words) == 3 else now
    if amount is None or since is None:
        return "usage"
    return {"no": words[0], "amount": str(amount), "effective_from": stamp(since)}


def _price(words: list[str], contract: Contract, goods: Mapping[str, Good]) -> Json | str:
    if len(words) not in (2, 3):
        return "usage"
    code = next((c for c in contract.goods if words[0] in _names(goods[c])), None)
    if code is None:
        return "good"
    price = amount_of(words[1])
    hours = _HOURS.fullmatch(words[2]) if len(words) == 3 else None
    valid = int(hours[1]) if hours is not None else HOURS
    if price is None or price > MOST_CNY_T or (len(words) == 3 and hours is None) or not 1 <= valid <= MOST_HOURS:
        return "usage"
    return {"good": code, "price": str(price), "valid_for_h": valid}


def _names(good: Good) -> set[str]:
    return {unicodedata.normalize("NFKC", n) for n in (good.code, good.name, *good.aliases)}


def _payment(words: list[str], now: datetime) -> Json | str:
    """The amount first; then, in any order, what it is for and when it came. A case takes its money on its own card."""
    amount = amount_of(words[0]) if words else None
    if amount is None:
        return "usage"
    body: Json = {"amount": str(amount), "kind": PaymentKind.REPAYMENT.value, "at": stamp(now), "case": None}
    for word in words[1:]:
        if word in PAID_FOR:
            body["kind"] = PAID_FOR[word].value
        elif _CASE.fullmatch(word):
            return "case"
        elif (at := moment_of(word, now)) is not None and at <= now:
            body["at"] = stamp(at)
        else:
            return "usage"
    return body


def amount_of(word: str) -> Decimal | None:
    """CNY to the fen, above 0: 1000000, 1,000,000.00, 100万, 1.21亿元; None for anything else."""
    match = _AMOUNT.fullmatch(word)
    if match is None:
        return None
    amount = Decimal(match[1].replace(",", "") + (match[2] or "")) * _UNITS[match[3] or ""]
    return fen(amount) if 0 < amount <= MOST_CNY and amount == fen(amount) else None


def moment_of(word: str, now: datetime) -> datetime | None:
    """A day (its beginning in China), a time of today, or both (2026-03-13T09:00); None for anything else."""
    today = now.astimezone(CHINA).date().isoformat()
    try:
        found = datetime.fromisoformat(f"{today}T{word}" if re.fullmatch(r"\d{1,2}:\d{2}", word) else word)
        at = found if found.tzinfo is not None else found.replace(tzinfo=CHINA)
        at.astimezone(UTC)  # no event can carry a time that UTC has not
    except (ValueError, OverflowError):
        return None
    return at
