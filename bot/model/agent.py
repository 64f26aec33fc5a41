"""The one file that imports langchain: an agent over an OpenAI-compatible endpoint, within its limits.

Imported in a thread by ``bot.model.path``, never at the start. Every tool call goes to the question's ``Session``; the tools
themselves are declarations and run nothing. Tracing to anywhere is off, whatever the environment says.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field, replace
from typing import Any, cast

import httpx2
from jinja2 import TemplateError
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ToolCallRequest
from langchain_core.exceptions import LangChainException
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.tools import StructuredTool
from langchain_openai import ChatOpenAI
from langgraph.errors import GraphRecursionError
from langsmith import set_runtime_overrides
from langsmith.run_helpers import tracing_context
from openai import OpenAIError

from bot.model.session import Session
from bot.model.tools import Tool
from datasources.workspace.settings import ModelSettings

log = logging.getLogger(__name__)

SHARE = 0.6
"""Of the seconds, the most that one call may take while there is a second model to ask."""
MOST_CALLS = 8
"""Tool calls of one reply that are heard; nobody asks so many things at once."""
MOST_TOKENS = 10_000_000
"""No reply has used more, whatever its endpoint says."""
MOST_BYTES = 1_000_000
"""Of a reply; a longer one is no answer to anything."""
CUT = ("length", "content_filter")
"""Why a reply ends in the middle, as it says itself."""
FAILURES = (
    OpenAIError,
    LangChainException,
    GraphRecursionError,
    httpx2.HTTPError,
    OSError,
    TimeoutError,
    ValueError,  # a body that is no JSON, or not what was promised: pydantic's errors are ValueErrors
    TypeError,
    LookupError,
    AttributeError,  # the client reads fields of what it did not check
    RecursionError,  # a body of nothing but brackets
    ArithmeticError,
    TemplateError,
)
"""What an endpoint that does not keep its promises makes the client, or us, raise."""


@dataclass(slots=True, kw_only=True)
class Spent:
    """What a question has cost so far. tokens are estimated where the endpoint does not say.

    models: those that answered, in order. failed: (model, why) for each call that did not.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    models: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.tokens_in + self.tokens_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The runtime context: who may do what is in the session, never in a text. tools: as the endpoint reads them."""

    session: Session
    spent: Spent
    tools: list[dict[str, Any]]


class Malformed(ValueError):
    """A reply that cannot be read, or is beyond all measure; the client would take some of them for an empty answer."""


class Bounded(httpx2.AsyncByteStream):
    """A reply's body, up to ``MOST_BYTES``. Raises Malformed for what comes after."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        """stream: as the connection has it."""
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Its pieces."""
        read = 0
        async for piece in self._stream:
            read += len(piece)
            if read > MOST_BYTES:
                raise Malformed(f"a reply of more than {MOST_BYTES} bytes")
            yield piece

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._stream.aclose()


class Endpoint(ChatOpenAI):
    """The client, spared its walk through every type that a message of a request may have: a third of a question's time.

    It takes a stream for ended wherever that ends, and mends the arguments of a call that was cut: neither is done here.
    """

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        """The stream as it comes. Raises Malformed at its end where it was cut."""
        ended, calls = False, dict[object, str]()
        async for chunk in super()._astream(*args, **kwargs):
            ended = ended or bool((chunk.generation_info or {}).get("finish_reason"))
            for piece in getattr(chunk.message, "tool_call_chunks", ()):
                calls[piece["index"]] = calls.get(piece["index"], "") + (piece["args"] or "")
            yield chunk
        if not ended:
            raise Malformed("a stream that ends before its reply does")
        if not all(_object(arguments) for arguments in calls.values()):
            raise Malformed("tool calls that are no JSON objects")

    def _get_request_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the library would send, with the messages in the body as they are."""
        payload = super()._get_request_payload(*args, **kwargs)
        body = {**(payload.get("extra_body") or {}), "messages": payload["messages"]}
        return {**payload, "messages": [], "extra_body": body}


class Bounds(AgentMiddleware[Any, Question]):
    """Calls, tokens and the second model around every model call; the session around every tool call."""

    def __init__(self, settings: ModelSettings, models: Sequence[Endpoint]) -> None:
        """models: the first and, where there is one, the fallback."""
        super().__init__()
        self._settings = settings
        self._models = models

    async def awrap_model_call(
        self,
        request: ModelRequest[Question],
        handler: Callable[[ModelRequest[Question]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any] | AIMessage:
        """One reply, or an empty one that ends the run where a limit is reached. Raises the last model's failure."""
        question = request.runtime.context
        # The client walks through every schema of ``tools`` for each request; in the body as it is they cost nothing.
        spent, body = question.spent, {"extra_body": {"tools": question.tools}}
        request = request.override(tools=[], model_settings=body)
        question.session.begins()
        for n, model in enumerate(self._models):
            if spent.calls >= self._settings.calls or spent.tokens >= self._settings.tokens:
                return AIMessage(content="")
            spent.calls += 1
            try:
                async with asyncio.timeout(self._patience(n)):
                    response = await handler(request.override(model=model))
                return self._counted(response, request, model, spent)
            except FAILURES as e:
                spent.failed.append((model.model_name, type(e).__name__))
                log.warning("model.failed model=%s why=%s", model.model_name, type(e).__name__)
                if n + 1 == len(self._models):
                    raise
        raise AssertionError("there is at least one model")

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> ToolMessage:
        """The session judges and runs it; ``handler`` is never called."""
        del handler
        call, question = request.tool_call, cast("Question", request.runtime.context)
        said = await question.session.call(call["name"], call["args"])
        return ToolMessage(content=said, tool_call_id=call["id"] or "", name=call["name"])

    def _patience(self, n: int) -> float:
        alone = n + 1 == len(self._models)
        return self._settings.seconds if alone else self._settings.seconds * SHARE

    @staticmethod
    def _counted(
        response: ModelResponse[Any], request: ModelRequest[Question], model: Endpoint, spent: Spent
    ) -> ModelResponse[Any]:
        message = response.result[0]
        if not isinstance(message, AIMessage):
            raise Malformed(f"a {message.type!r} message in place of a reply")
        usage: Mapping[str, Any] = message.usage_metadata or {}
        spent.tokens_in += _used(usage, "input_tokens", sum(len(str(m.content)) for m in request.messages))
        spent.tokens_out += _used(usage, "output_tokens", len(str(message.content)))
        spent.models.append(model.model_name)
        if message.invalid_tool_calls and not message.tool_calls:
            raise Malformed("tool calls that are no JSON objects")
        if message.response_metadata.get("finish_reason") in CUT:
            raise Malformed("a reply that was cut")
        return replace(response, result=[_fewer(message), *response.result[1:]])


class Agent:
    """Asks the endpoint. One per event loop, because its connections belong to one; made in a thread, for it takes a while."""

    def __init__(self, settings: ModelSettings, key: str, system: str) -> None:
        """key: may be empty for an endpoint that asks for none. system: the rules."""
        _quieten()
        set_runtime_overrides(aio_to_thread=_in_place)
        self._settings = settings
        self._http = httpx2.AsyncClient(
            timeout=settings.seconds,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [_bound]},
        )
        names = [settings.name, *([settings.fallback] if settings.fallback else [])]
        models = [self._model(name, key) for name in names]
        # One graph for every question: which tools there are comes with the question's context.
        self._graph: Any = create_agent(
            models[0],
            [StructuredTool(name="none", description="none", args_schema={"type": "object"}, coroutine=_never)],
            system_prompt=system,
            context_schema=Question,
            middleware=[Bounds(settings, models)],
        )

    async def ask(self, question: str, tools: Iterable[Tool], session: Session, spent: Spent) -> str:
        """The model's own words at the end, '' for none; what it did is in ``session`` and ``spent``.

        Raises one of ``FAILURES``; TimeoutError after the settings' seconds. Cancelled, it stops at once.
        """
        context = Question(session=session, spent=spent, tools=[_declared(t) for t in tools])
        with tracing_context(enabled=False):
            async with asyncio.timeout(self._settings.seconds):
                state = await self._graph.ainvoke(
                    {"messages": [HumanMessage(content=question)]},
                    context=context,
                    config={"recursion_limit": 2 * self._settings.calls + 3, "callbacks": []},
                )
        content = state["messages"][-1].content
        return content if isinstance(content, str) else ""

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    def _model(self, name: str, key: str) -> Endpoint:
        return Endpoint(
            model=name,
            base_url=self._settings.base_url,
            api_key=key or "none",  # type: ignore[arg-type]  # a SecretStr is made of it
            max_retries=0,
            max_tokens=max(256, self._settings.tokens // self._settings.calls),  # type: ignore[call-arg]  # an alias
            streaming=self._settings.stream,
            stream_usage=True,
            use_responses_api=False,
            http_async_client=self._http,
        )


async def _bound(response: httpx2.Response) -> None:
    """Nothing of a reply is read beyond its bounds. Raises Malformed for a packed one: a little can unpack to anything."""
    packed = response.headers.get("content-encoding", "identity")
    if packed != "identity":
        raise Malformed(f"a reply packed as {packed[:20]!r}, which nobody asked for")
    response.stream = Bounded(cast("httpx2.AsyncByteStream", response.stream))


def _used(usage: Mapping[str, Any], name: str, estimated: int) -> int:
    """Tokens as the endpoint says, or estimated where what it says is no such number."""
    said = usage.get(name)
    return said if type(said) is int and 0 <= said <= MOST_TOKENS else estimated


def _object(arguments: str) -> bool:
    """Whether a call's arguments are whole; some endpoints send nothing where there are none. Raises ValueError where not."""
    return not arguments.strip() or isinstance(json.loads(arguments), dict)


def _fewer(message: AIMessage) -> AIMessage:
    """A reply without the calls beyond ``MOST_CALLS``: not run, not answered, not sent back."""
    kept = {
        "tool_calls": message.tool_calls[:MOST_CALLS],
        "invalid_tool_calls": message.invalid_tool_calls[:MOST_CALLS],
    }
    return message.model_copy(update=kept)


def _declared(tool: Tool) -> dict[str, Any]:
    return {"type": "function", "function": {"name": tool.name, "description": tool.about, "parameters": tool.schema}}


async def _never(**_: Any) -> str:
    raise AssertionError("tools are run by the session")


async def _in_place(default: object, ctx: Context, func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """What the library would do in a thread before and after every step to trace it: nothing, for tracing is off."""
    del default
    return ctx.run(func, *args, **kwargs)


def _quieten() -> None:
    """The client writes questions and headers at debug level; nothing of them belongs into a log."""
    for name in ("openai", "httpx2", "httpcore2", "langchain", "langsmith"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
