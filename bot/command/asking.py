"""``xiaoliuzi ask``: the same answer as in the chat, as a person and in a chat, without posting anything."""

import base64
import time
from collections.abc import Mapping
from typing import Any

from bot.app import App
from bot.reply import SILENT, Reply
from domain.delivery import Debt
from domain.event import Event
from domain.people import Audience, Chat, Person
from skills.understanding.understand import Result, Silence


async def answer_as(app: App, request: Mapping[str, Any], *, via: str = "command") -> dict[str, Any]:
    """One answer (``answer_one``), or with 'batch', a list of such requests, {'rows': an answer to each}."""
    batch = request.get("batch")
    if batch is None:
        return await answer_one(app, request, via=via)
    if not isinstance(batch, list) or not all(isinstance(r, dict) for r in batch):
        return {"error": "batch: a list of questions is needed"}
    return {"rows": [await answer_one(app, r, via=via) for r in batch]}


async def answer_one(app: App, request: Mapping[str, Any], *, via: str = "command") -> dict[str, Any]:
    """{'question', 'as', 'chat', 'after', 'picture'} → {'intents', 'status', 'kind', 'text', 'figures', 'latency_ms'}.

    intents: [{'skill', 'slots'}] by the names of the evaluation file. after: what went before, '' for nothing.

    as and chat are ids of the workspace; without them the first lender's person and their bank chat are taken. What a
    program asks (via 'api') is kept like a question in the chat, with all that it brings about besides: what is refused
    is recorded, and the lender told of it. Of the operator's own questions those are kept that a model read.
    """
    started = time.perf_counter()
    person, chat = _who(app, request.get("as"), request.get("chat"))
    question = str(request.get("question", ""))
    after = request.get("after")
    reply = await app.answering.answer(
        question, person, chat, addressed=True, after=None if after is None else str(after)
    )
    if reply is None:  # a text of nothing but marks and pictures
        empty = {"intents": [], "status": "clarify", "kind": SILENT, "text": "", "figures": []}
        return {**empty, "latency_ms": round((time.perf_counter() - started) * 1000, 1)}
    if via == "api" or reply.modelled:
        events: list[Event] = []
        debts: list[Debt] = []
        if via == "api" and person is not None and chat is not None:
            events, debts = app.answering.aside(reply, question, person, chat)
        await app.judging.record([*reply.kept(reply.message, via=via), *events], debts)
    figures = [f for a in reply.answers for f in a.figures]
    return {
        "intents": intents_of(reply.heard),
        "status": reply.status.value,
        "kind": reply.answers[0].kind,
        "text": reply.message.text,
        "figures": [{"name": f.name, "value": f.value, "unit": f.unit, "as_of": f.as_of} for f in figures],
        "latency_ms": round((time.perf_counter() - started) * 1000, 1),
        **(await _picture(app, reply) if request.get("picture") else {}),
    }


def intents_of(heard: Result) -> list[dict[str, Any]]:
    """What was meant, in order; 'clarify' where nobody knows."""
    if isinstance(heard, Silence):
        return []
    found = [{"skill": q.intent, "slots": q.slots} for q in heard.questions]
    return found or [{"skill": "clarify", "slots": {}}]


async def _picture(app: App, reply: Reply) -> dict[str, Any]:
    """The first picture of the answers as Base64; None where there is none, or none can be drawn."""
    wanted = next((a.picture for a in reply.answers if a.picture is not None), None)
    drawn = await app.pictures.drawn(wanted) if wanted is not None else None
    return {"picture": None if drawn is None else base64.b64encode(drawn[0]).decode()}


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
