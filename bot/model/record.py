"""What is kept of a question that the model helped with: the event ``question.answered``."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.answer_kept import KIND, VERSION, Done, asked
from bot.model.asked import Asked, Outcome
from bot.model.session import Ran, Refusal
from datasources.workspace.settings import ModelSettings
from domain.event import Event, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How it went. remark: 'dropped' where the model said something, which nobody reads; '' where it said nothing.

    Events of before may also have 'kept'. models: those that answered, failed: (model, why) for every call that did not.
    """

    outcome: Outcome
    latency_ms: int
    calls: int
    tokens_in: int
    tokens_out: int
    models: tuple[str, ...]
    failed: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    why: str = ""


def answered(
    question: Asked, ran: Sequence[Ran], said: Sequence[Ran], refused: Sequence[Refusal], course: Course,
    settings: ModelSettings, *, tenant: str, prompt: str,
) -> Event:  # fmt: skip
    """The event, for the lender's chain. prompt: the hash of the words for the model. Raises ValueError for a naive time.

    The text is kept only where it was meant for the bot; its arguments are ids, as an answer's buttons carry them. What is
    said in the end is added by ``bot.answer_kept.said``.
    """
    done = [Done(skill=r.skill, arguments=r.arguments, answer=r.answer, told=r in said) for r in ran]
    body: Json = {
        "chat": question.chat.id,
        **asked(question.question if question.addressed else None, done),
        "by": "model",
        "outcome": course.outcome.value,
        "why": course.why,
        "refused": [r.value for r in refused],
        "remark": course.remark,
        "models": list(course.models),
        "failed": [{"model": model, "why": why} for model, why in course.failed],
        "internal": settings.internal,
        "prompt": prompt,
        "latency_ms": course.latency_ms,
        "calls": course.calls,
        "tokens_in": course.tokens_in,
        "tokens_out": course.tokens_out,
        "cost_cny": cost(settings, course.tokens_in, course.tokens_out),
    }
    return Event(tenant=tenant, kind=KIND, v=VERSION, occurred_at=question.now, actor=question.person.id, body=body)


def cost(settings: ModelSettings, tokens_in: int, tokens_out: int) -> str | None:
    """CNY as a decimal with six places; None where the file names no prices, or such as give a sum beyond all measure."""
    if not (settings.cny_per_million_in or settings.cny_per_million_out):
        return None
    whole = settings.cny_per_million_in * tokens_in + settings.cny_per_million_out * tokens_out
    try:
        return f"{(whole / 1_000_000).quantize(Decimal('0.000001'))}"
    except InvalidOperation:
        return None
