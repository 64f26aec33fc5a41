"""What the interface answers, as pydantic models: the shape of the JSON, and its place in the OpenAPI document."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from skills.skill import Status


class Reply(BaseModel):
    """Any answer; nothing is sent that the document does not know."""

    model_config = ConfigDict(extra="forbid")


class FigureReply(Reply):
    """One figure for machines; value is a decimal string, as_of ISO 8601 in UTC."""

    name: str
    value: str
    unit: str
    as_of: str | None


class ProposalReply(Reply):
    """What would change something is only proposed here. It is filed by a press in the chat, by a person who may."""

    executed: Literal[False] = False
    chat: Annotated[str, Field(description="the chat in which to ask for it, and to confirm it")]
    remedy: Annotated[str, Field(description="what to do")]


class AnswerReply(Reply):
    """A skill's answer. status is about the answer, the HTTP status about the request."""

    skill: str
    status: Annotated[
        Status,
        Field(description="stale: answered, but not all of it is of now. not_permitted is never the same as no_data"),
    ]
    kind: str
    text: Annotated[str, Field(description="as it would stand in the chat")]
    figures: list[FigureReply]
    as_of: Annotated[str | None, Field(description="the oldest time that a figure is of")]
    asked_at: str
    latency_ms: float
    proposal: ProposalReply | None


class IntentReply(Reply):
    """What was understood: a skill and its arguments."""

    skill: str
    slots: dict[str, Any]


class AskReply(Reply):
    """The answer to a question in plain words, as `xiaoliuzi ask --json` gives it."""

    intents: list[IntentReply]
    status: str
    kind: str
    text: str
    figures: list[FigureReply]
    latency_ms: float


class AlarmReply(Reply):
    """One step of an alarm's life, as this chat may know it; what is named of the alarm itself is of now."""

    at: str
    event: Literal[
        "raised",
        "changed",
        "renewed",
        "returned",
        "acknowledged",
        "reminded",
        "lapsed",
        "shelved",
        "unshelved",
        "closed",
    ]
    alarm: str
    contract: str
    kind: str
    severity: Annotated[Literal["yellow", "orange", "red"], Field(description="at this step")]
    title: str
    condition: Literal["active", "returned"]
    open: bool
    data_at: Annotated[str | None, Field(description="the time of the readings or prices that it was judged by")]
    facts: Annotated[
        dict[str, Any] | None, Field(description="figures with units in their names, those that the chat may see")
    ]
    by: Annotated[str | None, Field(description="person id, of an answer or a close; null outside the chat")]


class AlarmsReply(Reply):
    """A page of alarms, oldest first."""

    alarms: list[AlarmReply]
    cursor: Annotated[
        str | None, Field(description="give it back as cursor= to go on behind this page; null: nothing yet")
    ]
    more: Annotated[bool, Field(description="there is a further page already")]
    as_of: str


class HealthReply(Reply):
    """The process answers. Holds no data."""

    status: Literal["ok"] = "ok"


class FaultReply(Reply):
    """One mistake in a request."""

    place: Annotated[str, Field(description="JSON pointer into the body, or 'header X', or 'query X'")]
    detail: str
    remedy: str


class ProblemReply(Reply):
    """Why a request is not served (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: Annotated[str, Field(description="stable for machines")]
    detail: str
    remedy: str
    faults: list[FaultReply]


class AskBody(BaseModel):
    """A question in plain Chinese, or a slash command."""

    model_config = ConfigDict(extra="forbid", strict=True)
    question: Annotated[str, Field(min_length=1, max_length=2000, description="as one would type it in the chat")]
    after: Annotated[
        str | None, Field(min_length=1, max_length=2000, description="the question before it, which this one leans on")
    ] = None
