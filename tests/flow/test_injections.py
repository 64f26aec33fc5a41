"""Orders hidden in words: whoever writes them wherever, nothing is done, nobody is called, nothing of them is live.

The lines stand in ``tests/data/injections.csv``. Each goes into every place from which text reaches people or a model; what
comes out is held against the same with a harmless word in that place.
"""

import asyncio
import csv
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.case_command import COMMANDS as OF_CASES
from bot.channels.telegram.channel import CAPS
from bot.channels.telegram.compose import compose
from bot.naming import WorkspaceNames
from bot.proposal_command import COMMANDS as OF_PROPOSALS
from bot.reply import Reply
from bot.words import Words
from datasources.workspace import load
from domain.alarm import Alarm
from domain.event import Event, Json
from domain.message import OutMessage
from domain.movement import Direction, ReleaseNotice, WorkOrder
from domain.notice import Notice, owed
from skills.registry import SKILLS
from skills.skill import Answer
from skills.understanding.scope import within
from skills.understanding.understand import understand
from tests.fakes.api_stage import api_stage
from tests.fakes.house_ground import Edits, write_ground
from tests.fakes.house_sources import quote
from tests.fakes.house_stage import NOW, HouseStage
from tests.fakes.leak_stage import LeakStage
from tests.fakes.model_endpoint import say
from tests.fakes.model_stage import ModelStage, use

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
HARMLESS = "平平常常"
MANY: Edits = {
    "xiaoliuzi.toml": [
        (
            "[process]",
            "[questions]\nper_person_per_hour = 3600\nper_chat_per_hour = 3600\n[api]\nper_minute = 6000\n[process]",
        )
    ]
}
RECORD = frozenset({"person.refused", "question.refused", "notice.asked", "api.refused", "question.answered"})
"""Events that only say what was said."""
SPECIAL = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def lines() -> list[str]:
    """The corpus; \\uXXXX, \\n and the like are written out in the file."""
    with (DATA / "injections.csv").open(encoding="utf-8", newline="") as file:
        return [_unescaped(row["text"]) * int(row["times"]) for row in csv.DictReader(file)]


def _unescaped(text: str) -> str:
    signs = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}
    made = re.sub(r"\\(?:u([0-9a-f]{4})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else signs.get(m[2], m[0]), text)
    return made.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


LINES = lines()


def live(message: OutMessage, base: OutMessage | None = None) -> list[str]:
    """What of a message would do something in Telegram that ``base``, the same without the injection, does not do."""
    text = "".join(s for s in message.spans if isinstance(s, str))
    own = "".join(s for s in base.spans if isinstance(s, str)) if base is not None else ""
    found = [f"@: {text[i : i + 12]!r}" for i in [text.find("@")] if i >= 0]
    found += [repr(c) for c in text if c != "\n" and unicodedata.category(c) in SPECIAL]
    found += [
        f"address {a!r}" for a in re.findall(r"\w+://\S+|[A-Za-z0-9-]+\.[A-Za-z]{2,}", text, re.ASCII) if a not in own
    ]
    commands = set(re.findall(r"(?<![\w/])/[A-Za-z]\w*", text)) - set(re.findall(r"(?<![\w/])/[A-Za-z]\w*", own))
    found += [f"command {c}" for c in sorted(commands)]
    if base is not None:
        found += ["more lines"] if text.count("\n") > own.count("\n") else []
        found += ["evaluated"] if ("49" in text) > ("49" in own or "49" in message.text) or "7777777" in text else []
        found += (
            ["other mentions"]
            if message.mentions != base.mentions and len(message.mentions) != len(base.mentions)
            else []
        )
    composed = compose(message, {}, caps=CAPS, cut_mark="…")
    return found + (["an entity"] if composed.entities else [])


class Evil:
    """Everything is called ``line``."""

    def __init__(self) -> None:
        self.line = HARMLESS

    def good(self, code: str) -> str:
        del code
        return self.line

    tank = site = contract = person = good


FREE = frozenset({"source", "insurer", "beneficiary", "no", "paper", "batch", "said", "where", "notice_no", "number",
                  "receipt", "waiting_no", "reason"})  # fmt: skip
"""Keys of facts that hold what people, files or feeds have written."""


def told_with(facts: Any, line: str) -> Any:
    """The facts with this line for every free text in them."""
    if isinstance(facts, Mapping):
        return {k: line if k in FREE and isinstance(v, str) else told_with(v, line) for k, v in facts.items()}
    return [told_with(v, line) for v in facts] if isinstance(facts, list) else facts


@dataclass(kw_only=True)
class World:
    """Answers, notices and what was owed in a life full of papers."""

    answers: list[Answer] = field(default_factory=list)
    notices: list[tuple[Notice, Alarm]] = field(default_factory=list)
    deeds: list[Event] = field(default_factory=list)
    stage: LeakStage


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    async def lived() -> World:
        stage = await LeakStage.lived(tmp_path_factory.mktemp("injections") / "w")
        found = World(stage=stage)
        roster = stage.house.workspace.roster
        for skill in SKILLS:
            for asked in (f"/{skill.command}", f"/{skill.command} T-1", skill.examples[0]):
                reply = await stage.app.answering.answer(asked, roster.people["wang"], roster.chats["a_bank"], addressed=True, after="")  # fmt: skip
                found.answers += reply.answers if reply is not None else ()
        for event in await stage.events("alarm.raised", "alarm.shelved", "alarm.acknowledged"):
            alarm = stage.house.alarms[event.tenant, event.body["alarm"]]
            contract = stage.house.workspace.contracts[alarm.contract_id]
            found.notices += [(n, alarm) for n in owed(event, alarm, contract, roster)]
        found.deeds = await stage.events("promise.made", "work.announced")
        stage.fall()
        return found

    return asyncio.run(lived())


def test_the_corpus_is_wide() -> None:
    assert len(LINES) >= 150
    assert len(set(LINES)) == len(LINES)


def test_a_name_or_a_paper_in_an_answer_is_only_text(world: World) -> None:
    """Names of goods, tanks, sites, projects, people; receipts, notices, orders, insurers, price sources."""
    kinds = {a.kind: a for a in world.answers}
    evil, wrong = Evil(), []
    words = Words(evil)
    base = {k: words.answer(replace(a, facts=told_with(a.facts, HARMLESS))) for k, a in kinds.items()}
    for n, line in enumerate(LINES):
        evil.line = line
        for k, (kind, answer) in enumerate(kinds.items()):
            if (n + k) % 3 == 0:
                said = words.answer(replace(answer, facts=told_with(answer.facts, line)))
                wrong += [(kind, line[:40], x) for x in live(said, base[kind])]
                assert len(said.text) < 4096
    assert len(kinds) > 30
    assert wrong == []


def test_a_name_or_a_paper_in_an_alarm_calls_nobody_else(world: World) -> None:
    evil, wrong, roster = Evil(), [], world.stage.house.workspace.roster
    words = Words(evil)

    def told(notice: Notice, alarm: Alarm, line: str) -> OutMessage:
        evil.line = line
        contract = world.stage.house.workspace.contracts[alarm.contract_id]
        facts = told_with(alarm.facts, line)
        body: Json = told_with(notice.body, line)
        return words.notice(replace(notice, body=body), replace(alarm, facts=facts), contract, roster, now=NOW)

    base = [told(n, a, HARMLESS) for n, a in world.notices]
    for n, line in enumerate(LINES):
        for k, (notice, alarm) in enumerate(world.notices):
            if (n + k) % 4 == 0:
                said = told(notice, alarm, line)
                wrong += [(notice.template, line[:40], x) for x in live(said, base[k])]
                assert tuple(m.person_id for m in said.mentions) == notice.mentions
                assert len(said.text) <= 2 * len(base[k].text) + 900
    assert len(world.notices) > 8
    assert wrong == []


TOLD: Mapping[str, Callable[[str], Json]] = {
    "commit": lambda t: {"promise": "PM-1", "contract": "A-1", "by": "zhao", "where": t, "qty_kg": 1000, "good": "METHANOL",
                         "amount_cny": None, "due": "2026-03-12T09:00:00Z", "alarm": None, "said": t},
    "tell": lambda t: {"what": "result", "tanks": ["T-1"], "to": "lender", "said": t, "by": "shi", "where": t, "contract": "A-1",
                       "at": "2026-03-12T06:00:00Z"},
    "done": lambda t: {"claim": "CL-1", "what": "other", "qty_kg": None, "amount_cny": None, "said": t, "by": "zhao", "where": t,
                       "contract": "A-1", "alarm": None, "at": "2026-03-12T06:00:00Z"},
    "works": lambda t: {"work": "WK-1", "kind": "clean", "tanks": ["T-1"], "starts": "2026-03-12T06:00:00Z", "said": t,
                        "ends": "2026-03-12T09:00:00Z", "qty_kg": None, "by": "li", "where": t, "contract": "A-1"},
    "membership": lambda t: {"chat": "a_open", "name": t, "why": "more", "members": 3, "bound": 2, "verified": False,
                             "at": "2026-03-12T06:00:00Z"},
}  # fmt: skip


@pytest.mark.parametrize("deed", TOLD)
def test_somebodys_words_are_quoted_short_where_the_lender_is_told_of_them(deed: str) -> None:
    evil, wrong = Evil(), []
    words = Words(evil)
    base = words.told(deed, TOLD[deed](HARMLESS))
    for line in LINES:
        evil.line = line
        said = words.told(deed, TOLD[deed](line))
        wrong += [(line[:40], x) for x in live(said, base)]
        assert len(said.text) <= len(base.text) + 600
    assert wrong == []


@pytest.mark.parametrize("key", ["refused_told", "notice_unknown"])
def test_a_chats_title_and_a_number_are_only_text_in_a_line_to_the_bank(key: str) -> None:
    words, wrong = Words(Evil()), []
    given: Mapping[str, Callable[[str], dict[str, object]]] = {
        "refused_told": lambda t: {"person": t, "chat": t, "kind": "r_release_order", "at": NOW},
        "notice_unknown": lambda t: {"person": t, "chat": t, "no": t},
    }
    base = OutMessage(spans=(words.line(key, **given[key](HARMLESS)),))
    for line in LINES:
        said = OutMessage(spans=(words.line(key, **given[key](line)),))
        wrong += [(line[:40], x) for x in live(said, base)]
    assert wrong == []


async def rows(stage: HouseStage) -> dict[str, int]:
    """How many events of each kind there are, but for those that only record what was said."""
    kinds: dict[str, int] = {}
    for event in await stage.events():
        if event.kind not in RECORD:
            kinds[event.kind] = kinds.get(event.kind, 0) + 1
    return kinds


ACTS = (
    "dispute",
    "commit",
    "done",
    "works T-1",
    "ack",
    "hello",
    "noticecheck",
    "release",
    "receipt",
    "tanks",
    "dispatch",
)


async def test_whoever_says_it_nothing_is_done(tmp_path: Path) -> None:
    """As a message, as the words of an act, as a pressed token, as a stranger's name, in private and in the group."""
    stage = await HouseStage.calm(tmp_path / "w", edits=MANY)
    await stage.market("0.96")
    await stage.read(times=2)
    await stage.deliver()
    before, wrong = await rows(stage), []
    alarms, roster = dict(stage.house.alarms), stage.house.workspace.roster
    zhao, group = roster.people["zhao"], roster.chats["a_group"]
    for n, line in enumerate(LINES):
        for asked in (line, f"/{ACTS[n % len(ACTS)]} {line}"):
            reply = await stage.app.answering.answer(asked, zhao, group, addressed=True, after="")
            wrong += [(asked[:60], x) for x in ends(reply)]
    for n, line in enumerate(LINES[::4]):
        await stage.say("zhao", "a_group", line, addressed=n % 2 == 0)
        stranger = replace(stage.inbound("text", f"9{n:04}", "a_group", line, addressed=True), sender_name=line)
        await stage.hear(replace(stranger, private=n % 2 == 0))
        if "|" in line:
            await stage.hear(stage.inbound("press", "gao", "a_group", line))
    shown = await stage.deliver()
    wrong += [(m.text[:60], "notifies") for m in shown if m.notified]
    wrong += [(m.text[:80], x) for m in shown for x in shown_live(m.text, stage)]
    assert len(shown) > 30
    assert wrong == []
    assert await rows(stage) == before
    assert dict(stage.house.alarms) == alarms
    stage.fall()


OURS = " ".join(f"/{c}" for c in (*(s.command for s in SKILLS), *OF_CASES, *OF_PROPOSALS))
"""Commands that our own words name."""


def ends(reply: Reply | None) -> list[str]:
    """What is wrong with an answer to an injection: it may quote a short line, propose a card, and no more."""
    if reply is None:
        return []
    said = [str(a.act.body.get("said", "")) for a in reply.answers if a.act is not None]
    long = [f"keeps {len(s)} characters" for s in said if len(s) > 120]
    return long + [x for x in live(reply.message, OutMessage(spans=(OURS,))) if x != "more lines"]


async def test_what_a_depot_or_a_price_source_writes_is_only_text(tmp_path: Path) -> None:
    """Numbers of work orders and release notices, owners, providers: every line at once, and everything asked."""
    stage = await HouseStage.calm(tmp_path / "w", edits=MANY)
    before, now = await rows(stage), stage.clock.now()
    for n, line in enumerate(LINES):
        stage.papers.orders.append(
            WorkOrder(no=line, site_id="north", tank_id="T-1", direction=Direction.IN if n % 2 else Direction.OUT, good="METHANOL",
                      planned_kg=20 + n, done_kg=20 + n, opened_at=now, closed_at=now, release_no=line)
        )  # fmt: skip
        stage.papers.notices.append(
            ReleaseNotice(no=line, owner=line, site_id="north", tank_id="T-1", good="METHANOL", mass_kg=20 + n, issued_at=now,
                          valid_until=now, sealed=bool(n % 2))
        )  # fmt: skip
        if n % 15 == 0:
            stage.times.passes(1)
            odd = quote("METHANOL-SD", "2400", stage.clock.now(), provider=line)
            await stage.app.pricing.take([replace(odd, region=line, basis=line, source_id=line)])
    await stage.app.pricing.take([quote("METHANOL-SD", "9999", stage.clock.now(), provider="<b>@all</b> {{7*7}}")])
    await stage.paper()
    await stage.read(times=3, T_1=2400.0)
    roster = stage.house.workspace.roster
    wrong = []
    for who, chat in (("wang", "a_bank"), ("zhao", "a_group"), ("li", "a_group")):
        for skill in SKILLS:
            reply = await stage.app.answering.answer(
                f"/{skill.command}", roster.people[who], roster.chats[chat], addressed=True
            )
            wrong += [(skill.command, x) for x in ends(reply)]
    shown = await stage.deliver()
    wrong += [(m.text[:80], x) for m in shown for x in shown_live(m.text, stage)]
    assert wrong == []
    assert {k for k, n in (await rows(stage)).items() if n != before.get(k, 0)} <= FED
    assert {p for m in shown for p in m.notified} <= {"chen", "li", "wang", "zhao"}
    stage.fall()


FED = frozenset({"alarm.raised", "alarm.changed", "alarm.renewed", "price.judged"})
"""What readings, papers and prices themselves bring about."""


def shown_live(text: str, stage: HouseStage) -> list[str]:
    """What of a shown message would do something, but for mentions that are owed."""
    for person in stage.house.workspace.roster.people:
        text = text.replace(f"@{stage.house.workspace.roster.named(person)}", "")
    return [x for x in live(OutMessage(spans=(text,)), OutMessage(spans=(OURS,))) if x != "more lines"]


async def test_a_programs_arguments_are_only_text(tmp_path: Path) -> None:
    async with api_stage(tmp_path / "w", edits=MANY) as stage:
        before, token = await rows(stage.house), await stage.token("zhao")
        before = await rows(stage.house)
        for n, line in enumerate(LINES):
            skill, argument = PLACES[n % len(PLACES)]
            said = await stage.post(f"/api/skills/{skill}", {argument: line[:2000]}, token)
            assert said.status_code in (200, 404, 409, 422), (line, said.text)
            assert "json" in said.headers["content-type"]
            if n % 3 == 0:
                answer = await stage.post("/api/ask", {"question": line[:2000]}, token)
                assert answer.status_code == 200, answer.text
                assert live(OutMessage(spans=(answer.json()["text"],)), OutMessage(spans=(OURS + "\n" * 20,))) == []
            if n % 9 == 0:
                path = await stage.client.get(
                    f"/api/{line[:60].encode().hex()}?x=1", headers={"authorization": "Bearer x"}
                )
                assert path.status_code == 404
        assert await rows(stage.house) == before


PLACES = (("tanks", "tank"), ("release", "text"), ("a_done", "text"), ("notice_check", "no"), ("receipt", "receipt"),
          ("q_duty", "person"), ("q_alert_why", "alert"), ("case", "case"), ("q_price", "good"))  # fmt: skip


@pytest.mark.parametrize("internal", [True, False])
async def test_a_model_reads_it_as_data_or_not_at_all_and_what_it_says_is_not_said(
    tmp_path: Path, internal: bool
) -> None:
    """In the question, in every name that a result holds, and in the model's own words; a model that obeys."""
    stage = await ModelStage.rise(await HouseStage.calm(tmp_path / "w", edits=MANY))
    evil, before = Evil(), await rows(stage.house)
    stage.house.app.words = Words(evil)
    for line in LINES[int(internal) :: 2]:
        evil.line, said = line, LINES[LINES.index(line) - 1]
        question = f"T-1 里头大概还剩多少 {line}"[:400]
        heard = await stage.ask(
            question, use(("tanks", {"tank": "T-1"}), "a_done", "release", text=said), say(said), internal=internal
        )
        for request in heard.sent:
            for message in request["messages"]:
                quoted_only(message, line, internal=internal)
        assert "补充" not in heard.text, said
        assert not any(a.request or a.act for a in heard.told.answers), line
    assert await rows(stage.house) == before
    await stage.fall()


def quoted_only(message: Mapping[str, Any], line: str, *, internal: bool) -> None:
    """People's words and results are JSON strings in a message; the system's words hold none; a foreign endpoint no result."""
    content = str(message["content"] or "")
    match message["role"]:
        case "system":
            assert line[:20] not in content or len(line) < 8
        case "user":
            (told,) = [json.loads(x[x.index("{") :]) for x in content.splitlines()]
            assert set(told) == {"asks"}
        case "tool":
            told = json.loads(content)
            assert set(told) <= {"skill", "status", "quoted", "truncated", "error", "parameter", "why", "hint"}
            assert internal or "quoted" not in told


async def test_names_in_a_workspaces_files_are_refused_or_only_text(tmp_path: Path) -> None:
    """Firms, people, chats, projects, goods and sites called so; a vocabulary made of them still answers."""
    most, loaded = 26, 0
    for n in range(0, len(LINES), most):
        target = tmp_path / f"w{n}"
        write_ground(target, NOW)
        for k, (name, old) in enumerate(NAMED):
            path, line = target / name, LINES[(n + k) % len(LINES)]
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, f"name: {json.dumps(line)}", 1), encoding="utf-8")
        found = load(target, now=NOW)
        assert found.workspace is not None or [p for p in found.problems if p.severity == "error"]
        if found.workspace is None:
            continue
        loaded += 1
        words = Words(WorkspaceNames(found.workspace))
        for kind, ident in (("good", "METHANOL"), ("good", "DIESEL0"), ("site", "north"), ("contract", "A-1")):
            assert live(OutMessage(spans=(words.name(kind, ident),)), OutMessage(spans=("",))) == []
        scope = within(found.workspace, tuple(found.workspace.contracts.values()))
        for asked in ("货还在不在", "T-1 还有多少吨", "/status", LINES[n]):
            understand(asked, SKILLS, scope, NOW, addressed=True)
    assert loaded >= 1


NAMED = (
    ("goods.yaml", "name: 甲醇"), ("goods.yaml", 'name: "0#柴油"'), ("sites/north.yaml", "name: 港储一库"), ("sites/south.yaml", "name: 民储库"),
    ("contracts/a.yaml", "name: 恒运池"), ("contracts/b.yaml", "name: 海川池"),
    *(("people.yaml", f"name: {n}") for n in ("恒运化工", "海川化工", "甲银行青岛分行", "王经理", "陈工", "刘经理", "赵总", "孙经理", "钱总", "李主管", "周班长",
                                             "高班长", "甲内部", "恒运池", "乙内部", "海川池", "运维")),
)  # fmt: skip


def test_no_page_of_the_console_makes_markup_of_data() -> None:
    """All that is not ours arrives as JSON and becomes text nodes; nothing there reads a text as HTML or as code."""
    sinks = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc|\|\s*safe\b"
    )
    files = [*(ROOT / "bot" / "console").glob("**/*.js"), *(ROOT / "bot" / "console").glob("**/*.j2")]
    assert len(files) > 10
    assert [f.name for f in files if sinks.search(f.read_text(encoding="utf-8"))] == []
