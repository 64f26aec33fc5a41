"""The model's libraries are nobody's need: one file imports them, when it is asked for; without them all goes on."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.command.reaching import TIMEOUT_S
from bot.model.asked import Outcome
from bot.running import DEADLINE_S
from datasources.workspace.model_file import MOST_S
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import ModelEndpoint
from tests.fakes.model_stage import ModelStage

ROOT = Path(__file__).parents[2]
LIBRARIES = {"langchain", "langchain_core", "langchain_openai", "langgraph", "langsmith", "openai", "httpx2"}
ONLY = "bot/model/agent.py"


def test_one_file_imports_them_and_nobody_imports_it_at_the_start() -> None:
    for room in ("bot", "skills", "rules", "datasources", "reports", "prompts", "store", "domain", "depot"):
        for path in (ROOT / room).rglob("*.py"):
            names, text = set(), path.read_text("utf-8")
            if not any(word in text for word in (*LIBRARIES, "agent")):  # so nothing of that name is imported either
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Import):
                    names |= {a.name for a in node.names}
                elif isinstance(node, ast.ImportFrom):
                    names.add(node.module or "")
            place = path.relative_to(ROOT).as_posix()
            assert place == ONLY or not {n.split(".")[0] for n in names} & LIBRARIES, place
            assert "bot.model.agent" not in names, place


def test_the_bot_starts_and_is_wired_without_them() -> None:
    hide = f"import sys; sys.modules.update(dict.fromkeys({sorted(LIBRARIES)!r}))\n"
    code = hide + "import bot.wiring, bot.model.path; print('up')"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout == "up\n", run.stderr


async def test_without_the_libraries_a_question_is_asked_back_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "langchain.agents", None)
    monkeypatch.delitem(sys.modules, "bot.model.agent", raising=False)
    house = await HouseStage.calm(tmp_path / "w")
    async with ModelEndpoint() as endpoint:
        stage = ModelStage(house, endpoint)
        path = stage.path(endpoint.url)
        assert not await path.warm()
        assert (await path.answer(stage.asked("现在到底值多少钱"))).outcome is Outcome.OFF
        assert endpoint.asked == []
    house.fall()
    assert "model.off why=missing" in caplog.text


async def test_without_a_key_a_foreign_endpoint_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    house = await HouseStage.calm(tmp_path / "w")
    async with ModelEndpoint() as endpoint:
        path = ModelStage(house, endpoint).path(endpoint.url, internal=False, key_variable="NO_SUCH_KEY")
        assert not await path.warm()
    house.fall()
    assert "model.off why=no_key variable=NO_SUCH_KEY" in caplog.text


def test_a_command_waits_longer_than_a_question_at_a_model_may_take() -> None:
    assert TIMEOUT_S >= MOST_S + DEADLINE_S
