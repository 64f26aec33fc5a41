"""The way of an import through the loopback interface: only with the token, and never a half for a whole."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from starlette.applications import Starlette

from bot.api.loopback import routes
from bot.clock import Clock
from bot.command.importing.serving import told_by
from bot.command.importing.tally import Tally, Told
from bot.command.reaching import bring_in
from bot.memory import Memory
from datasources.imports.problem import RowProblem
from domain.errors import SourceMalformed, SourceUnavailable
from store.ledger import Ledger
from store.series import Series
from tests.fakes.house_ground import ground, write_ground

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
PROBLEM = RowProblem(line=3, column="tank", wrong="blank", instead="write it")
HALF = Told(tally=Tally(rows=2, added=1, bad=1), problems=(PROBLEM,), notes=("a note",), done=5, total=10)
REQUEST = {"kind": "readings", "path": "history.csv", "timezone": None}


@contextmanager
def answering(directory, status, *lines):
    """A bot that answers so, and the run.json that leads to it."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write("".join(json.dumps(line) + "\n" for line in lines).encode())

        def log_message(self, *args):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (directory / "run.json").write_text(json.dumps({"port": server.server_port, "token": "t"}))
        yield
        server.shutdown()


def told(directory):
    return list(bring_in(directory, None, REQUEST))


def test_a_word_travels_whole(tmp_path):
    whole = Told(tally=HALF.tally, problems=(), notes=(), done=10, total=10, final=True)
    with answering(tmp_path, 200, HALF.as_json(), whole.as_json()):
        assert told(tmp_path) == [HALF, whole]


@pytest.mark.parametrize(
    ("status", "lines", "error", "says"),
    [
        (200, [HALF.as_json()], SourceUnavailable, "half-way: import the file again"),
        (200, [], SourceUnavailable, "half-way"),
        (200, [HALF.as_json(), {"error": "the disk is full"}], SourceMalformed, "the disk is full"),
        (404, [], SourceUnavailable, "answered 404: restart it"),
    ],
)
def test_a_course_that_does_not_reach_its_end_is_no_success(tmp_path, status, lines, error, says):
    with answering(tmp_path, status, *lines), pytest.raises(error, match=says):
        told(tmp_path)


@pytest.fixture
async def web(tmp_path):
    """The bot's own interface over an empty memory, and that memory."""

    class Half:
        workspace = (write_ground(tmp_path / "w", NOW), ground(tmp_path / "w", NOW))[1][0]
        memory = Memory(Ledger.open(":memory:"), Series.open(":memory:"))
        clock = Clock(lambda: NOW)

    app = Starlette(routes=routes("secret", {}, {"import": told_by(Half)}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        yield client, Half.memory
    Half.memory.close()


async def asked(client, path, *, token="secret"):
    request = {"kind": "readings", "path": str(path), "timezone": None}
    answer = await client.post("/api/import", json=request, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, [json.loads(line) for line in answer.text.splitlines()]


async def test_without_the_token_no_file_is_read(web, tmp_path):
    client, memory = web
    (tmp_path / "h.csv").write_text("tank,taken_at,level_mm,water_mm,temp_c\nT-1,2026-03-12T06:00:00Z,1,0,20\n")
    assert (await asked(client, tmp_path / "h.csv", token="guess"))[0] == 401
    assert await memory.series(lambda s: s.sealed(1)) is None


async def test_the_bot_tells_every_block_and_the_end(web, tmp_path):
    client, memory = web
    (tmp_path / "h.csv").write_text(
        "tank,taken_at,level_mm,water_mm,temp_c\nT-1,2026-03-12T06:00:00Z,1,0,20\nx,,1,0,2\n"
    )
    status, (block, end) = await asked(client, tmp_path / "h.csv")
    assert (status, block["final"], end["final"]) == (200, False, True)
    assert [p["column"] for p in block["problems"]] == ["tank", "taken_at"]
    assert end["tally"] == {"rows": 2, "added": 1, "already": 0, "bad": 1, "unusable": 0}
    seals = await memory.ledger(lambda book: list(book.events(tenant="@", kinds={"series.sealed"})))
    assert [seal["batch"] for r in seals for seal in r.event.body["batches"]] == [1]


async def test_a_file_that_is_not_there_is_an_answer_and_the_next_import_works(web, tmp_path):
    client, _ = web
    assert "gone.csv" in (await asked(client, tmp_path / "gone.csv"))[1][0]["error"]
    (tmp_path / "h.csv").write_text("tank,taken_at,level_mm,water_mm,temp_c\n")
    assert (await asked(client, tmp_path / "h.csv"))[1][-1]["final"]
