"""One-liners, labels and duties: whatever the program may say by a key has its words."""

import ast
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import bot
from bot.tokens import ACTIONS
from bot.words import ACTS, Words
from domain.alarm import Answer
from domain.contract import AlertKind, Field, Line, Severity
from domain.farm import Quality
from domain.people import Role
from skills.registry import SKILLS
from tests.data.words.hengyun import NOW, Labels

WORDS = Words(Labels())


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("acts", ACTS),
        ("buttons", ACTIONS),
        ("answers", [a.value for a in Answer]),
        ("kinds", [k.value for k in AlertKind]),
        ("lines", [x.value for x in Line]),
        ("severities", [int(s) for s in Severity]),
        ("fields", [f.value for f in Field]),
        ("roles", [r.value for r in Role]),
        ("why", [q.name for q in Quality if q is not Quality.GOOD]),
    ],
)
def test_every_key_has_its_word(table: str, keys: list[object]) -> None:
    for key in keys:
        assert WORDS.label(table, key)


def test_there_is_no_duty_that_a_contract_could_not_name() -> None:
    with pytest.raises(KeyError):
        WORDS.label("acts", "pay_at_once")


def test_every_offer_has_its_label() -> None:
    from tests.data.words.window import Window

    for skill in SKILLS:
        answer = skill.run(Window(), {})
        assert len(WORDS.answer(answer).buttons) == len(answer.buttons)


@pytest.mark.parametrize(
    ("key", "values", "written"),
    [
        (
            "unbound_person",
            {"chat": "-100", "person": "42"},
            "还不认识您(您的平台号 42)。请联系资金方管理员登记后再使用。",
        ),
        (
            "unbound_chat",
            {"chat": "-100", "person": "42"},
            "本群尚未绑定项目(群号 -100)。请联系资金方管理员登记后再使用。",
        ),
        ("not_obliged", {"alarm": "AL-1"}, "您不是 AL-1 的责任人,操作未生效并已记录。"),
        ("already", {"alarm": "AL-1", "person": "张三", "at": NOW}, "AL-1 已由 张三 3月12日 14:32 回复,无需重复。"),
        ("acknowledged", {"alarm": "AL-1", "answer": "ack"}, 'AL-1:已记录您的回复"收到"。'),
        ("price_taken", {"alarm": "AL-1"}, "AL-1:已确认采用该报价,货值随即重算。"),
        ("too_long", {"most": "2000"}, "消息过长(最多 2000 字),请分开说。"),
    ],
)
def test_a_line_reads_so(key: str, values: dict[str, object], written: str) -> None:
    assert WORDS.line(key, **values) == written


def test_a_line_makes_no_mention_of_what_a_stranger_calls_himself() -> None:
    assert "@" not in WORDS.line("unbound_person", chat="c", person="@all\ue0000\ue001")


def test_a_line_without_its_value_is_a_bug_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        WORDS.line("not_obliged")
    with pytest.raises(KeyError):
        WORDS.line("no_such_line")


def test_an_answer_to_a_press_fits_the_platform() -> None:
    for key in ("not_obliged", "alarm_changed", "old_alarm", "closes_itself", "price_taken", "handled"):
        assert len(WORDS.line(key, alarm="AL-20260312-07")) <= 200


def test_every_line_that_the_bot_says_exists() -> None:
    said = {key for file in Path(bot.__file__).parent.rglob("*.py") for key in _keys(file)}
    known = {name for name in dir(WORDS._env.get_template("lines.j2").module) if not name.startswith("_")}
    assert said <= known, f"no words for {sorted(said - known)}"


def _keys(file: Path) -> set[str]:
    """The constant first arguments of every call of ``….line(…)`` in a module."""
    calls = (n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Call))
    lines = (c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "line" and c.args)
    found: set[str] = set()
    for call in lines:
        branches = [call.args[0]]
        if isinstance(call.args[0], ast.IfExp):
            branches = [call.args[0].body, call.args[0].orelse]
        found |= {b.value for b in branches if isinstance(b, ast.Constant) and isinstance(b.value, str)}
    return found
