"""The Model Context Protocol side: the skills that only ask, as tools, by the official SDK. Knows neither token nor chat.

Two callables say what there is and what a tool answers, so that the same server stands behind HTTP and behind stdio.
"""

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from domain.event import Json

Context = ServerRequestContext[Any, Any]
List = Callable[[Context], Awaitable[Json]]
Call = Callable[[Context, str, Json], Awaitable[Json]]

INSTRUCTIONS = (
    "Figures of pledged cargo come only from these tools. Say them as they are given, with unit and time; "
    "never compute or guess one. status 'stale' means that not all of it is of now: say so."
)


def server(tools: List, call: Call) -> Server[Any]:
    """A server. tools → {'tools': […]} or {'problem': …}; call → {'answer': …} or {'problem': …}."""

    async def on_list(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        del params
        found = await tools(context)
        if "problem" in found:
            raise MCPError(INVALID_PARAMS, _told(found["problem"]), found["problem"])
        return ListToolsResult(tools=[_tool(t) for t in found["tools"]])

    async def on_call(context: Context, params: CallToolRequestParams) -> CallToolResult:
        found = await call(context, params.name, params.arguments or {})
        if "problem" in found:
            text = TextContent(type="text", text=_told(found["problem"]))
            return CallToolResult(content=[text], structured_content=None, is_error=True)
        answer = found["answer"]
        return CallToolResult(content=[TextContent(type="text", text=answer["text"])], structured_content=answer)

    return Server(
        "xiaoliuzi",
        version=version("xiaoliuzi"),
        title="小六子",
        instructions=INSTRUCTIONS,
        on_list_tools=on_list,
        on_call_tool=on_call,
    )


def _tool(tool: Json) -> Tool:
    return Tool(
        name=tool["name"],
        title=tool["title"],
        description=tool["description"],
        input_schema=tool["input_schema"],
        output_schema=tool["output_schema"],
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _told(problem: Json) -> str:
    faults = "; ".join(f"{f['place']} {f['detail']}: {f['remedy']}".strip() for f in problem["faults"])
    return f"{problem['code']}: {faults}"
