"""What is kept of every answer, with a model or without: the event ``question.answered`` in the lender's chain.

Who asked what and where, which skills ran with which arguments, how long it took, and the digest of what was said; the words
themselves stand in the outbox under the event's ``message``. Pure.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.event import Event, Json
from domain.message import OutMessage
from domain.people import Chat, Person
from skills.skill import Answer, Skill, Status

KIND, VERSION = "question.answered", 2
KEPT = 500
"""Characters of a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A skill that was run with its bound arguments, and its answer. told: the answer was among what was said."""

    skill: Skill
    arguments: Mapping[str, str]
    answer: Answer
    told: bool = True


def kept(
    question: str | None, done: Iterable[Done], person: Person, chat: Chat, *,
    tenant: str, now: datetime, by: str, outcome: str,
) -> Event:  # fmt: skip
    """The event of an answer that no model helped with, before it is said.

    question: None where the words were not meant for the bot, or there were none. by: 'words' or 'button'. outcome:
    'answered' or 'asked_back'. Raises ValueError for a naive time.
    """
    rows = tuple(done)
    body = {"chat": chat.id, "by": by, "outcome": outcome, **asked(question, rows)}
    return Event(tenant=tenant, kind=KIND, v=VERSION, occurred_at=now, actor=person.id, body=body)


def asked(question: str | None, done: Iterable[Done]) -> Json:
    """{'question', 'skills'}. Words are left out, of arguments too, where they were not meant for the bot, or were refused.

    What was refused is in ``question.refused`` by its digest.
    """
    rows = tuple(done)
    words = None if any(d.answer.status is Status.REFUSED for d in rows) else question
    return {
        "question": words[:KEPT] if words is not None else None,
        "skills": [
            {
                "skill": d.skill.name,
                "arguments": _arguments(d, private=words is None),
                "status": d.answer.status.value,
                "told": d.told,
            }
            for d in rows
        ],
    }


def said(event: Event, message: OutMessage, *, via: str, latency_ms: float, key: str | None = None) -> Event:
    """The same event once it is known what is said. via: 'chat', 'api' or 'command'. key: of the outbox, where it is owed there.

    latency_ms: from the words to the answer, a model's part included.
    """
    digest = hashlib.sha256(message.text.encode("utf-8", "replace")).hexdigest()
    more = {"via": via, "said": digest, "message": key, "latency_ms": round(latency_ms)}
    return replace(event, body={**event.body, **more})


def _arguments(done: Done, *, private: bool) -> dict[str, str]:
    """Ids, times and amounts as they are; a text of the asker's own only where the question is kept."""
    texts = {p.name for p in done.skill.parameters if p.kind == "text"} if private else set()
    return {name: value for name, value in done.arguments.items() if name not in texts}
