"""The OpenAPI 3.1 document, assembled from the skills' declarations and the models of ``bot.api.replies``."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.door import proposes
from bot.api.following import CURSOR, FIELDS, MOST
from bot.api.parameters import model_of
from bot.api.problem import MEDIA_TYPE
from bot.api.replies import AlarmsReply, AnswerReply, AskBody, AskReply, HealthReply, ProblemReply
from domain.event import Json
from skills.skill import Skill

REFERENCES = "#/components/schemas/{model}"
WHY = {
    "401": "no token, or one that is not valid any more",
    "403": "known, but not for this token's person",
    "404": "no such place, skill or name within what this token may see",
    "405": "another method is served here",
    "408": "the body did not come in time",
    "409": "a name that fits several, or values that do not go together",
    "413": "the body is too long",
    "415": "a body that is no JSON",
    "422": "a body or a query that does not fit; faults say where, and what to write",
    "429": "too many requests; Retry-After says when to come again",
    "503": "too many requests are under way, or not everybody in the lender's chat is known; Retry-After says when",
}


def document(skills: Iterable[Skill]) -> Json:
    """The whole document, JSON values only."""
    skills = tuple(skills)
    replies: list[type[BaseModel]] = [AnswerReply, AskReply, AlarmsReply, HealthReply, ProblemReply]
    bodies: list[type[BaseModel]] = [AskBody, *(model_of(s) for s in skills)]
    names, schemas = models_json_schema(
        [*((m, "serialization") for m in replies), *((m, "validation") for m in bodies)],
        by_alias=True,
        ref_template=REFERENCES,
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "小六子 xiaoliuzi",
            "version": version("xiaoliuzi"),
            "description": "Questions and alarms of pledged cargo. A token stands for one person in one chat.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            "/api/health": {"get": _open("health", "The process answers", names[HealthReply, "serialization"])},
            "/api/openapi.json": {"get": _open("document", "This document", {"type": "object"})},
            "/api/ask": {
                "post": _posted(
                    "ask", "A question in plain words", names[AskBody, "validation"], names[AskReply, "serialization"]
                )
            },
            "/api/alarms": {"get": _followed(names[AlarmsReply, "serialization"])},
            **{
                f"/api/skills/{s.name}": {
                    "post": _skill(s, names[model_of(s), "validation"], names[AnswerReply, "serialization"])
                }
                for s in skills
            },
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _skill(skill: Skill, body: Json, reply: Json) -> Json:
    only = " Only proposed here: it is filed in the chat." if proposes(skill) else ""
    about = f"例:{' / '.join(skill.examples[:4])}。{only}"
    return {**_posted(f"skill_{skill.name}", skill.purpose, body, reply), "description": about, "tags": ["skills"]}


def _posted(name: str, summary: str, body: Json, reply: Json) -> Json:
    codes = ("401", "404", "405", "408", "409", "413", "415", "422", "429", "503")
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": _ok(reply), **_problems(codes)},
    }


def _followed(reply: Json) -> Json:
    schemas: Mapping[str, Json] = {
        "since": {"type": "string", "format": "date-time"},
        "cursor": {"type": "string", "pattern": f"^{CURSOR}$"},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50},
    }
    return {
        "operationId": "alarms",
        "summary": "Alarms as they happen, oldest first",
        "parameters": [
            {"name": name, "in": "query", "description": about, "schema": schemas[name]}
            for name, about in FIELDS.items()
        ],
        "responses": {"200": _ok(reply), **_problems(("401", "403", "405", "413", "422", "429", "503"))},
    }


def _open(name: str, summary: str, reply: Json) -> Json:
    """Without a token."""
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "responses": {"200": _ok(reply), **_problems(("405", "503"))},
    }


def _ok(schema: Json) -> Json:
    return {"description": "answered", "content": {"application/json": {"schema": schema}}}


def _problems(codes: tuple[str, ...]) -> dict[str, Any]:
    reply = {"$ref": REFERENCES.format(model=ProblemReply.__name__)}
    return {code: {"description": WHY[code], "content": {MEDIA_TYPE: {"schema": reply}}} for code in codes}
