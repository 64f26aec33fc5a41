"""Many alerts at once in a chat that takes twenty messages a minute: told together, so that each is told in time.

Nothing is left out: every alert's first lines, every @, a button for each that waits for an answer. The single
messages are dropped in the same commit that owes the joint ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.delivery import Debt
from domain.message import Button, Caps, Mention, OutMessage, Span
from domain.notice import Priority, notice_key

FROM = 6
"""So many alerts waiting in one chat are told together: at one a second the last would still be in time, but a chat
that has used up its minute would hold it back for up to sixty more."""
LINES = 2
"""Of each alert: its head and what happened, number first."""
BUTTONS = 8


def joint(debts: Sequence[Debt], caps: Caps, heading: Callable[[int], str]) -> list[Debt]:
    """The joint messages of these alerts of one chat, in their order; each within the platform's limits.

    heading: how many alerts → the first line. An alert is never split over two messages.
    """
    groups: list[list[Debt]] = []
    for debt in debts:
        if not groups or not _fits([*groups[-1], debt], caps):
            groups.append([])
        groups[-1].append(debt)
    return [_told(group, heading(len(debts))) for group in groups]


def _fits(group: Sequence[Debt], caps: Caps) -> bool:
    people = {m.person_id for d in group for m in d.message.mentions}
    length = sum(len(_head(d)) + sum(len(m.label) + 2 for m in d.message.mentions) for d in group)
    return len(group) <= BUTTONS and len(people) <= caps.mentions_notified and 2 * length + 200 <= caps.text_limit


def _told(group: Sequence[Debt], heading: str) -> Debt:
    spans: list[Span] = [heading]
    named: set[str] = set()
    for debt in group:
        spans.append(f"\n{_head(debt)}")
        for mention in debt.message.mentions:
            spans += ["\n" if mention is debt.message.mentions[0] else " ", _once(mention, named)]
    first = group[0]
    return replace(
        first,
        key=notice_key("together", *(d.key for d in group)),
        message=OutMessage(spans=tuple(spans), buttons=tuple(b for d in group if (b := _button(d)) is not None)),
        template="together",
        thread=None,
        priority=Priority.BREACH,
    )


def _once(mention: Mention, named: set[str]) -> Span:
    """A person is notified once per message, and named wherever they are obliged."""
    if mention.person_id in named:
        return f"@{mention.label}"
    named.add(mention.person_id)
    return mention


def _head(debt: Debt) -> str:
    return "\n".join(debt.message.text.splitlines()[:LINES])


def _button(debt: Debt) -> Button | None:
    """The alert's first answer, with the end of its number."""
    if not debt.message.buttons or debt.thread is None:
        return None
    first = debt.message.buttons[0]
    return Button(label=f"{first.label} {debt.thread[-2:]}", token=first.token)
