"""``xiaoliuzi ask``: the same answer as in the chat, as a person and in a chat, without posting anything."""

import time
from collections.abc import Mapping
from typing import Any

from bot.app import App
from domain.people import Audience, Chat, Person


async def answer_as(app: App, request: Mapping[str, Any]) -> dict[str, Any]:
    """{'question', 'as', 'chat'} → {'status', 'skill', 'text', 'figures', 'latency_ms'}.

    as and chat are ids of the workspace; without them the first lender's person and their bank chat are taken.
    """
    started = time.perf_counter()
    person, chat = _who(app, request.get("as"), request.get("chat"))
    question = str(request.get("question", ""))
    found = await app.answering.answer(question, person, chat, addressed=True)
    assert found is not None, "an addressed question is never met with silence"
    answer, message = found
    return {
        "status": answer.status.value,
        "kind": answer.kind,
        "text": message.text,
        "figures": [{"name": f.name, "value": f.value, "unit": f.unit, "as_of": f.as_of} for f in answer.figures],
        "latency_ms": round((time.perf_counter() - started) * 1000, 1),
    }


def _who(app: App, person_id: object, chat_id: object) -> tuple[Person | None, Chat | None]:
    """The named person and chat, or the first bank chat and its first member."""
    roster = app.workspace.roster
    if person_id is None and chat_id is None:
        chat = next((c for c in roster.chats.values() if c.audience is Audience.BANK), None)
        person = roster.people[chat.members[0]] if chat is not None else None
        return person, chat
    person = roster.people.get(str(person_id)) if person_id is not None else None
    if chat_id is not None:
        chat = roster.chats.get(str(chat_id))
        if person is None and person_id is None and chat is not None:
            person = roster.people[chat.members[0]]
        return person, chat
    mine = [c for c in roster.chats.values() if person is not None and person.id in c.members]
    order = (Audience.BANK, Audience.PROJECT, Audience.PRIVATE)
    mine.sort(key=lambda c: order.index(c.audience) if c.audience in order else len(order))
    return person, mine[0] if mine else None
