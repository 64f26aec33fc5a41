"""A release over the real wires: Bot API over HTTP, the bot a process of its own that is killed half-way."""

import asyncio
from pathlib import Path

from tests.fakes.bot_api import FakeBotApi
from tests.fakes.bot_api_world import Shown
from tests.fakes.stage import Line, bot, depot, measured, write_workspace

BANK = -5000
RM, RISK, BORROWER, CLERK = 900, 901, 1000, 950
CASE = "RC-"


async def until(api: FakeBotApi, chat: int, wanted: str, *, button: str | None = None) -> Shown:
    """The newest message of the chat that says this (and has this button)."""
    async with asyncio.timeout(30):
        while True:
            for shown in reversed(api.messages):
                fits = button is None or button in dict(shown.buttons)
                if shown.chat_id == chat and wanted in shown.text and fits:
                    return shown
            await asyncio.sleep(0.02)


async def press(api: FakeBotApi, who: int, shown: Shown, label: str) -> None:
    await api.people.press(shown.chat_id, who, shown.message_id, dict(shown.buttons)[label])


TERMS = """release:
  validity_hours: 24
  steps:
    - {step: payment, tell: [{person: rm, chat: k0, ack_minutes: 60}]}
    - {step: sign, tell: [{person: rm, chat: k0, ack_minutes: 60}]}
    - {step: countersign, tell: [{person: risk, chat: k0, ack_minutes: 60}]}
    - {step: verify, tell: [{person: clerk, chat: g0, ack_minutes: 60}]}
"""
MORE = f"""people:
  - {{id: risk, name: 陈工, org: bank, role: risk_officer, telegram_id: {RISK}}}
  - {{id: clerk, name: 李主管, org: gangchu, role: depot, telegram_id: {CLERK}}}
"""
CHANGES = (
    ("people:\n", MORE),
    ("contracts: [B-000], members: [rm, p0]", "contracts: [B-000], members: [rm, risk, p0, clerk]"),
    ("contracts: [B-000], members: [rm]}", f"contracts: [B-000], members: [rm, risk], telegram_chat_id: {BANK}}}"),
)


def with_release(target: Path) -> None:
    """Contract B-000 gets terms of release, a second person of the bank, and the depot's clerk."""
    people = (target / "people.yaml").read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert old in people, old
        people = people.replace(old, new)
    (target / "people.yaml").write_text(people, encoding="utf-8")
    contract = target / "contracts" / "B-000.yaml"
    contract.write_text(contract.read_text(encoding="utf-8") + TERMS, encoding="utf-8")


async def test_a_release_goes_from_a_sentence_to_the_depots_check_and_survives_a_kill(tmp_path: Path) -> None:
    async with depot() as at, FakeBotApi(privacy=False) as api:
        line: Line = next(x for x in await measured(at, 30.0) if x.tank.startswith("T-"))
        api.world.group(line.chat, members=(RM, RISK, BORROWER, CLERK))
        api.world.group(BANK, members=(RM, RISK))
        target = tmp_path / "workspace"
        write_workspace(target, at, [line], telegram=api.url, on_delay=2)
        with_release(target)
        env = {"TELEGRAM_BOT_TOKEN": api.token}
        async with bot(target, env=env) as process:
            await api.polled(1, within_s=20)
            proposal = await proposed(api, line)
            await press(api, BORROWER, proposal, "提交申请")
            card = await until(api, BANK, "状态:待资金方确认收款")
            assert card.notified == [RM]
            await press(api, RM, card, "确认收款")
            money = await until(api, BANK, "须由资金方另一人复核", button="复核确认")
            assert money.notified == [RISK]
            await press(api, RM, money, "复核确认")
            await press(api, RISK, money, "复核确认")
            await until(api, BANK, "状态:待资金方登记提货通知")
            process.kill()

        async with bot(target, env=env):
            case = card.text[card.text.index(CASE) :].split()[0]
            await api.people.say(BANK, RM, f"/notice {case} TH-0301")
            registered = await until(api, BANK, "须由另一人复核后生效", button="复核")
            assert registered.notified == [RISK]
            await press(api, RM, registered, "复核")
            await press(api, RISK, registered, "复核")
            asked = await until(api, line.chat, "复核,已生效", button="已核验")
            assert asked.notified == [CLERK]
            await press(api, CLERK, asked, "已核验")
            edited = await until(api, line.chat, "库方已核验:港储一库李主管")
            assert len(edited.versions) > 1, "the card is edited, not posted again"
            await api.people.say(line.chat, CLERK, "提货通知 TH-0301 有效吗")
            assert "提货通知 TH-0301:有效" in (await until(api, line.chat, "以通知书原件为准")).text
        assert refused(target) == ["rm", "rm"], "who proposed the money, or registered the notice, cannot confirm it"


async def proposed(api: FakeBotApi, line: Line) -> Shown:
    """Asked until the bot has valued the pledge once: before that there is nothing to propose."""
    for _ in range(60):
        await api.people.say(line.chat, BORROWER, f"申请提货 {line.tank} 5吨")
        await asyncio.sleep(1.0)
        if api.messages and "提交申请" in dict(api.messages[-1].buttons):
            return api.messages[-1]
    raise AssertionError("never proposed")


def refused(target: Path) -> list[str]:
    from store.ledger import Ledger

    ledger = Ledger.open(target / "state" / "ledger.duckdb")
    try:
        return [r.event.actor for r in ledger.events() if r.event.kind == "person.refused"]
    finally:
        ledger.close()
