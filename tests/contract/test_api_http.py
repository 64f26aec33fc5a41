"""The interface over HTTP: who gets in, what is answered, and that every bad request is told what is wrong."""

import asyncio
import hashlib
import re
from datetime import timedelta

import httpx
import pytest

from bot.api.bounded import BODY_S, MOST_AT_ONCE, MOST_BYTES, Bounded
from bot.api.house import SERVED
from tests.fakes.api_stage import api_stage, headers
from tests.fakes.case_ground import RELEASING

QUICK = {"xiaoliuzi.toml": [("[telegram]", "[api]\nper_minute = 3\n\n[telegram]")]}


@pytest.fixture
async def stage(tmp_path):
    async with api_stage(tmp_path / "w") as stage:
        yield stage


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    told = answer.json()
    complete = all({"place", "detail", "remedy"} <= f.keys() and f["remedy"] for f in told["faults"])
    media = answer.headers["content-type"] == "application/problem+json"
    return (answer.status_code, told["status"], told["code"]) == (status, status, code) and complete and media


async def test_a_skill_answers_with_text_figures_and_their_time(stage):
    answer = await stage.post("/api/skills/status", {"contract": "恒运池"}, await stage.token("chen"))

    told = answer.json()
    assert (answer.status_code, told["status"], told["skill"], told["proposal"]) == (200, "ok", "status", None)
    assert "认可货值 559.35万元" in told["text"]
    value = next(f for f in told["figures"] if f["name"] == "A-1.value_cny")
    assert (value["value"], value["unit"], value["as_of"]) == ("5593521.40", "CNY", "2026-03-12T06:32:11Z")
    assert told["as_of"] == min(f["as_of"] for f in told["figures"])


async def test_stale_figures_are_said_to_be_stale(stage):
    token = await stage.token("chen")
    stage.pass_time(3600)
    told = (await stage.post("/api/skills/status", {}, token)).json()
    assert told["status"] == "stale"
    assert "正常" not in told["text"]


async def test_a_token_sees_what_its_person_sees_in_its_chat(stage):
    bank = (await stage.post("/api/skills/status", {}, await stage.token("chen"))).json()
    group = (await stage.post("/api/skills/status", {}, await stage.token("zhao"))).json()
    assert "A-1.ltv" in {f["name"] for f in bank["figures"]}
    assert "A-1.ltv" not in {f["name"] for f in group["figures"]}
    assert "质押率仅对资金方开放" in group["text"]


async def test_another_lenders_token_learns_nothing_of_this_one(stage):
    token = await stage.token("ma")
    mine = re.compile(r"A-1|S-1|T-1(?![0-9])|甲银行|5593521|559\.35")
    for skill in SERVED:
        for body in ({}, {"tank": "T-1"}, {"contract": "A-1"}, {"contract": "恒运池"}, {"text": "恒运池 T-1 昨天17点"}):
            told = (await stage.post(f"/api/skills/{skill.name}", body, token)).text
            assert not mine.search(told), (skill.name, body, told)


async def test_a_question_in_plain_words_is_answered_as_on_the_command_line(stage):
    told = (await stage.post("/api/ask", {"question": "货还在吗"}, await stage.token("chen"))).json()
    assert {"intents", "status", "text", "figures", "latency_ms"} <= told.keys()
    assert "认可货值 559.35万元" in told["text"]


async def test_a_refusal_is_no_skill_of_a_program_s_but_its_words_are_still_refused(stage):
    token = await stage.token("chen")
    assert is_problem(await stage.post("/api/skills/r_release_order", {}, token), 404, "no_skill")
    told = (await stage.post("/api/ask", {"question": "放500吨出去"}, token)).json()
    assert (told["status"], told["intents"][0]["skill"]) == ("refused", "r_release_order")


async def test_a_question_of_a_program_s_is_kept_with_its_answer_s_digest(stage):
    await stage.post("/api/ask", {"question": "货还在吗"}, await stage.token("chen"))
    (event,) = await stage.house.events("question.answered")
    assert (event.actor, event.body["via"], event.body["question"]) == ("chen", "api", "货还在吗")
    assert len(event.body["said"]) == 64


async def test_what_is_refused_a_program_is_recorded_and_told_the_lender_as_in_the_chat(stage):
    """No words of it, only their digest; a second time within the hour is recorded and not told again."""
    words = "放500吨出去"
    for _ in range(2):
        await stage.post("/api/ask", {"question": words}, await stage.token("li"))

    found = [(e.tenant, e.actor, e.body) for e in await stage.house.events("question.refused")]
    digest = hashlib.sha256(words.encode()).hexdigest()
    assert [(t, a, b["kind"], b["digest"], b["told"]) for t, a, b in found] == [
        ("bank_a", "li", "r_release_order", digest, True),
        ("bank_a", "li", "r_release_order", digest, False),
    ]
    assert [o.debt.chat for o in await stage.house.owed() if o.debt.template == "refused_told"] == ["a_bank"]


async def test_a_notice_that_nobody_knows_is_told_the_lender_also_where_a_program_asks_in_words(tmp_path):
    async with api_stage(tmp_path / "n", edits=RELEASING) as stage:
        await stage.post("/api/ask", {"question": "提货通知 TH-9001 有效吗"}, await stage.token("li"))
        assert [(e.actor, e.body["no"]) for e in await stage.house.events("notice.asked")] == [("li", "TH-9001")]
        assert [o.debt.chat for o in await stage.house.owed()] == ["a_bank"]


async def test_what_would_change_something_is_only_proposed(stage):
    before = await stage.house.events()
    told = (await stage.post("/api/skills/bring", {"text": "补 T-1 甲醇 100吨"}, await stage.token("zhao"))).json()

    assert told["proposal"]["executed"] is False
    assert "a person of the right role files and confirms it there" in told["proposal"]["remedy"]
    assert [e.kind for e in (await stage.house.events())[len(before) :]] == ["token.created"]
    assert await stage.house.owed() == []


@pytest.mark.parametrize("place", ["skills/status", "skills/nope", "ask"])
async def test_without_a_valid_token_there_is_nothing(stage, place):
    token = await stage.token("chen")
    for given, code in ((None, "no_token"), (token[:-1], "unknown_token"), ("x", "unknown_token")):
        answer = await stage.post(f"/api/{place}", {"question": "货还在吗"}, given)
        assert is_problem(answer, 401, code)
        assert answer.headers["www-authenticate"] == "Bearer"
    assert is_problem(await stage.get("/api/alarms"), 401, "no_token")
    assert is_problem(await stage.client.post("/mcp", json={}), 401, "no_token")


async def test_a_token_ends_by_time_and_by_the_operators_hand(stage):
    old, taken = await stage.token("chen", days=1), await stage.token("chen", days=9)
    stage.pass_time(timedelta(days=1).total_seconds())
    await stage.interface.token({"do": "revoke", "id": taken.split("_")[1]})

    assert is_problem(await stage.post("/api/ask", {"question": "x"}, old), 401, "expired")
    assert is_problem(await stage.post("/api/ask", {"question": "x"}, taken), 401, "revoked")


async def test_every_refusal_is_an_event_with_whom_it_concerned(stage):
    token = await stage.token("li")
    await stage.post("/api/skills/exposure", {}, token)
    await stage.post("/api/ask", {"question": "x"}, "xlz_0_0")
    await stage.interface.token({"do": "revoke", "id": token.split("_")[1]})
    await stage.get("/api/alarms", token)

    told = [(e.tenant, e.actor, e.body["why"], e.body["what"]) for e in await stage.house.events("api.refused")]
    assert sorted(told) == [
        ("@", "system", "unknown_token", "ask"),
        ("bank_a", "li", "not_permitted", "skills/exposure"),
        ("bank_a", "li", "revoked", "alarms"),
    ]


async def test_tokens_outlive_a_restart(stage):
    token = await stage.token("chen")
    kept = await type(stage.interface).of(stage.house.app)
    assert (await kept.tools({"token": token}))["tools"]
    kept.close()


async def test_a_token_may_ask_so_often_and_no_more(tmp_path):
    async with api_stage(tmp_path / "w", edits=QUICK) as stage:
        token, other = await stage.token("chen"), await stage.token("zhao")
        codes = [(await stage.post("/api/skills/status", {}, token)).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        refused = await stage.post("/api/skills/status", {}, token)
        assert is_problem(refused, 429, "quota")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert (await stage.post("/api/skills/status", {}, other)).status_code == 200

        stage.pass_time(60)
        assert (await stage.post("/api/skills/status", {}, token)).status_code == 200


async def test_a_wrong_place_method_media_or_size_is_told(stage):
    token = await stage.token("chen")
    post, head = stage.client.post, headers(token)
    assert is_problem(await stage.get("/"), 404, "not_found")
    assert is_problem(await stage.post("/api/skills/nope", {}, token), 404, "no_skill")
    assert is_problem(await stage.post("/api/skills/%2e%2e%2f", {}, token), 404, "not_found")
    wrong = await stage.get("/api/ask", token)
    assert is_problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"
    for media in ("text/plain", "application/xml", ""):
        answer = await post("/api/skills/status", content=b"{}", headers={**head, "content-type": media})
        assert is_problem(answer, 415, "media_type")
    packed = {**head, "content-type": "application/json", "content-encoding": "gzip"}
    assert is_problem(await post("/api/skills/status", content=b"\x1f\x8b", headers=packed), 415, "media_type")
    long = {"question": "x" * (MOST_BYTES + 1)}
    assert is_problem(await stage.post("/api/ask", long, token), 413, "too_long")
    assert is_problem(await stage.post("/api/ask", {"question": "x", "as": "wang"}, token), 422, "arguments")


async def test_a_body_longer_than_it_said_is_refused(stage):
    async def pieces():
        for _ in range(MOST_BYTES // 1000 + 2):
            yield b"x" * 1000

    answer = await stage.client.post("/api/ask", content=pieces(), headers=headers(await stage.token("chen")))
    assert is_problem(answer, 413, "too_long")


async def served(app, receive):
    """What an ASGI application answers to a POST whose body comes from ``receive``."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    return sent


async def test_a_slow_body_is_given_up():
    async def never():
        await asyncio.sleep(BODY_S)

    sent = await served(Bounded(None, body_s=0.01), never)
    assert sent[0]["status"] == 408


async def test_who_goes_away_in_the_middle_is_not_answered():
    async def gone():
        return {"type": "http.disconnect"}

    assert await served(Bounded(None), gone) == []


async def test_too_many_at_once_are_asked_to_come_again():
    release = asyncio.Event()

    async def app(scope, receive, send):
        await release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def empty():
        return {"type": "http.request", "body": b"", "more_body": False}

    bounded = Bounded(app)
    waiting = [asyncio.create_task(served(bounded, empty)) for _ in range(MOST_AT_ONCE)]
    await asyncio.sleep(0)
    assert (await served(bounded, empty))[0]["status"] == 503
    release.set()
    assert {sent[0]["status"] for sent in await asyncio.gather(*waiting)} == {200}


async def test_a_fault_of_ours_is_said_and_logged_not_shown(caplog):
    async def broken(scope, receive, send):
        raise RuntimeError("secret")

    async def empty():
        return {"type": "http.request", "body": b"", "more_body": False}

    sent = await served(Bounded(broken), empty)
    assert sent[0]["status"] == 500
    assert b"secret" not in sent[1]["body"]
    assert "api.failed" in caplog.text


async def test_health_holds_no_data_and_needs_no_token(stage):
    answer = await stage.get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
