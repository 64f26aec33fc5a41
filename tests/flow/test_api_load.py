"""A program that asks much at a time: it is told to slow down, and neither another program nor a chat waits for it."""

import asyncio
import threading
from dataclasses import replace

import pytest

from bot.api.at_once import MOST
from bot.running import for_a_program
from skills import status
from tests.fakes.api_stage import api_stage


@pytest.fixture
async def stage(tmp_path):
    async with api_stage(tmp_path / "w") as stage:
        yield stage


async def test_of_one_token_a_few_are_served_at_once_and_another_is_served_meanwhile(stage, monkeypatch):
    token, other = await stage.token("chen"), await stage.token("zhao")
    inside, free = stage.interface.door.inside, asyncio.Event()
    run = inside.run

    async def held(skill, arguments, person, chat):
        if person.id == "chen":
            await free.wait()
        return await run(skill, arguments, person, chat)

    monkeypatch.setattr(inside, "run", held)
    waiting = [asyncio.create_task(stage.post("/api/skills/status", {}, token)) for _ in range(MOST)]
    await asyncio.sleep(0.05)
    for path, body in (("/api/skills/status", {}), ("/api/ask", {"question": "货还在吗"})):
        refused = await stage.post(path, body, token)
        assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (429, "at_once", "1")
    assert (await stage.get("/api/alarms", token)).status_code == 429
    assert (await stage.post("/api/skills/status", {}, other)).status_code == 200
    free.set()
    assert {a.status_code for a in await asyncio.gather(*waiting)} == {200}
    assert (await stage.post("/api/skills/status", {}, token)).status_code == 200


async def test_a_chats_question_does_not_wait_behind_those_of_programs(stage):
    running, roster = stage.house.app.answering.running, stage.house.app.workspace.roster
    person, chat, free = roster.people["chen"], roster.chats["a_bank"], threading.Event()

    def slow(view, arguments):
        free.wait(5)
        return status.SKILL.run(view, arguments)

    held = replace(status.SKILL, run=slow)
    with for_a_program():
        waiting = [asyncio.create_task(running.run(held, {}, person, chat)) for _ in range(3)]
    await asyncio.sleep(0)
    async with asyncio.timeout(2):
        answer = await running.run(status.SKILL, {}, person, chat)
    assert answer.kind == "status"
    assert not any(task.done() for task in waiting)
    free.set()
    await asyncio.gather(*waiting)


async def test_a_wrong_time_beside_a_cursor_is_told_too(stage):
    token = await stage.token("chen")
    wrong = await stage.get("/api/alarms", token, since="\U0005a28a", cursor="099~6", limit="125")
    assert (wrong.status_code, wrong.json()["faults"][0]["place"]) == (422, "query since")
    both = await stage.get("/api/alarms", token, since="2026-01-01T00:00:00Z", cursor="099~6")
    assert both.status_code == 200
