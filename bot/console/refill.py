"""The console's logs after a restart: what the ledger says was sent there, edits applied."""

from collections.abc import Iterable

from bot.console.server import Past
from domain.delivery import Owed

KEPT = 400
"""The newest messages are shown again; the ledger has all of them."""


def past(sent: Iterable[Owed], *, name: str) -> list[Past]:
    """Messages that the console had, oldest first, as they stood at last. name: how the bot signs."""
    found: dict[str, Past] = {}
    refs: dict[str, str] = {}
    for owed in sent:
        debt = owed.debt
        if owed.ref is None or owed.sent_at is None:
            continue
        refs[debt.key] = owed.ref
        ref = refs.get(debt.edit_of, owed.ref) if debt.edit_of is not None else owed.ref
        first = found.get(ref)
        at = first.at if first is not None else owed.sent_at
        found[ref] = Past(chat=debt.chat, ref=ref, at=at, author=None, name=name, message=debt.message)
    return list(found.values())[-KEPT:]
