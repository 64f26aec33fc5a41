"""Whose chain and outbox something said in a chat belongs to: a lender reads nothing there that is another's business."""

from collections.abc import Iterable, Mapping

from domain.contract import Contract
from domain.people import Chat

NOBODY = "@"
"""The house's own, which no lender reads."""


def tenant_of(chat: Chat, contracts: Mapping[str, Contract], asked: Iterable[Mapping[str, str]] = ()) -> str:
    """The only lender of the contracts that these arguments name, else of their tanks, else of the chat; else nobody's."""
    mine = [contracts[c] for c in chat.contracts]
    asked = list(asked)
    named, tanks = _named(asked, "contract"), _named(asked, "tank")
    meant = [c for c in mine if c.id in named] or [c for c in mine if not tanks.isdisjoint(c.tank_ids())]
    lenders = {c.lender for c in meant or mine}
    return lenders.pop() if len(lenders) == 1 else NOBODY


def _named(asked: Iterable[Mapping[str, str]], kind: str) -> set[str]:
    return {name for arguments in asked for name in arguments.get(kind, "").split(",")}
