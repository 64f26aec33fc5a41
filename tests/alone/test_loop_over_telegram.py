"""One reading and one question live their whole lives: depot over Modbus TCP → bot process → Bot API over HTTP."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.bot_api import FakeBotApi
from tests.fakes.bot_api_world import Shown
from tests.fakes.stage import ROOT, Line, bot, depot, measured, write_workspace

DROP_MM = 30.0
PERSON = 1000  # the borrower of the first line
STRANGER = 77


async def until(api: FakeBotApi, chat: int, wanted: str, *, within_s: float = 25) -> Shown:
    """The newest message of the chat whose text holds ``wanted``."""
    async with asyncio.timeout(within_s):
        while True:
            for shown in reversed(api.messages):
                if shown.chat_id == chat and wanted in shown.text:
                    return shown
            await asyncio.sleep(0.02)


async def lever(url: str, name: str, **given: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=url, timeout=10) as http:
        answer = await http.post(f"/levers/{name}", json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


async def test_a_reading_and_a_question_live_their_whole_lives(tmp_path: Path) -> None:
    async with depot() as at, FakeBotApi(privacy=False) as api:
        line: Line = (await measured(at, DROP_MM))[6]
        api.world.group(line.chat, members=(900, PERSON))
        target = tmp_path / "workspace"
        write_workspace(target, at, [line], telegram=api.url, on_delay=2)
        async with bot(target, env={"TELEGRAM_BOT_TOKEN": api.token}):
            await api.polled(1, within_s=20)
            await asyncio.to_thread(_until_answered, target, "在")

            await lever(at.url, "set_level", tank=line.tank, delta_mm=-line.drop_mm)
            alert = await until(api, line.chat, "【黄色预警·货值】")
            assert alert.notified == [PERSON]
            assert "补货线" in alert.text
            assert [label for label, _ in alert.buttons][:3] == ["收到", "已安排", "有异议"]
            token = alert.buttons[0][1]

            api.world.meet({"id": STRANGER, "is_bot": False, "first_name": "路人"})
            await api.people.press(line.chat, STRANGER, alert.message_id, token)
            await api.people.press(line.chat, 900, alert.message_id, token)
            await api.people.press(line.chat, PERSON, alert.message_id, token)
            answered = await until(api, line.chat, "收到")
            assert answered.message_id == alert.message_id, "an answer edits the alert"

            await lever(at.url, "set_level", tank=line.tank, delta_mm=line.drop_mm)
            lifted = await until(api, line.chat, "【解除】")
            assert lifted.reply_to == alert.message_id

            await api.people.say(line.chat, PERSON, "货还在不在?现在大概多少货值?")
            answer = await until(api, line.chat, "今日:")
            assert answer.text.startswith("在")

            offline = command("ask", str(target), "现在质押货值多少", "--json")
            assert json.loads(offline.stdout)["status"] == "ok", offline.stderr
            verified = command("verify", str(target))
            assert verified.returncode == 0, verified.stdout
        events = _events(target)
        assert [e for e in events if e.startswith("alarm.")] == [
            "alarm.raised",
            "alarm.acknowledged",
            "alarm.returned",
            "alarm.closed",
        ]
        assert events.count("person.refused") == 1, "the relationship manager is not obliged; the stranger is unknown"


def _until_answered(target: Path, start: str) -> None:
    """Wait until the bot has valued the pledge once."""
    for _ in range(60):
        answer = command("ask", str(target), "货还在不在", "--json")
        if answer.returncode == 0 and json.loads(answer.stdout)["text"].startswith(start):
            return
    pytest.fail(f"never answered: {answer.stdout} {answer.stderr}")


def _events(target: Path) -> list[str]:
    from store.ledger import Ledger

    ledger = Ledger.open(target / "state" / "ledger.duckdb")
    try:
        return [r.event.kind for r in ledger.events()]
    finally:
        ledger.close()
