"""What a text says about an intent, in the forms of the evaluation file; and how it becomes a skill's arguments."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from bot.command.asking import intents_of
from domain.event import Json
from skills.understanding.frame import frames_of, joined
from skills.understanding.normal import normal
from skills.understanding.slots.intents import slots_of
from skills.understanding.understand import Clarify
from skills.understanding.vocabulary import Vocabulary
from tests.data.words.hearing import HERE, after, hear, one
from tests.data.words.hengyun import NOW

KNOWN = Vocabulary.of(HERE)
with (Path(__file__).parent.parent / "data" / "words" / "utterances.csv").open(encoding="utf-8") as opened:
    ROWS = list(csv.DictReader(opened))
NEEDED = 0.90


def slots(intent: str, text: str) -> Json:
    return slots_of(intent, joined(tuple(frames_of(normal(text), KNOWN, NOW))))


def told(row: dict[str, str]) -> list[tuple[str, Json]]:
    """The intents of a row, each with its slots."""
    found: Any = json.loads(row["slots"])
    return list(zip(row["intent"].split("|"), found if isinstance(found, list) else [found], strict=True))


def test_nearly_every_slot_of_the_evaluation_file_is_read() -> None:
    right, missed = 0, []
    for row in ROWS:
        heard = intents_of(after(row["context"], row["utterance"]))
        for intent, wanted in told(row):
            got = next((h["slots"] for h in heard if h["skill"] == intent), {})
            right += sum(got.get(k) == v for k, v in wanted.items())
            missed += [(row["id"], k, v, got.get(k)) for k, v in wanted.items() if got.get(k) != v]
    assert right >= NEEDED * (right + len(missed)), missed


@pytest.mark.parametrize(
    ("intent", "text", "wanted"),
    [
        ("q_gap", "离补货线还有多远", {"line": "warn", "time": "now"}),
        ("q_gap", "要补多少货", {"want": "goods_needed", "time": "now"}),
        ("q_breakdown", "T-107和T-112分别多少吨", {"tanks": ["T-107", "T-112"], "by": "tank", "metric": "qty"}),
        ("q_breakdown", "分库区看看", {"by": "depot"}),
        ("q_movement", "昨天进了多少货", {"time": "D-1", "direction": "in"}),
        ("a_swap_request", "进乙二醇350吨,出甲醇200吨", {"good_in": "乙二醇", "qty_in_t": 350, "good_out": "甲醇", "qty_out_t": 200}),
        ("a_swap_request", "用柴油300吨换出甲醇500吨", {"good_in": "柴油", "qty_in_t": 300, "good_out": "甲醇", "qty_out_t": 500}),
        ("a_inspect_result", "12号罐检尺9.31米 温度24.5 水高3公分", {"tank": "12", "level_m": 9.31, "temp_c": 24.5, "water_mm": 30}),
        ("a_snooze", "静音一个半小时", {"alert": "last", "duration_min": 90}),
        ("q_receipt", "仓单CD-0087还押着吗", {"receipt_id": "CD-0087", "want": "pledge_status"}),
        ("q_receipt", "仓单K1在哪个罐", {"receipt_id": "K1", "want": "tank"}),
        ("q_value", "3月11日下午3点货值多少", {"time": "2026-03-11T15:00"}),
    ],
)  # fmt: skip
def test_slots_read_so(intent: str, text: str, wanted: Json) -> None:
    assert slots(intent, text) == wanted


@pytest.mark.parametrize(
    ("text", "skill", "arguments"),
    [
        ("T-112和T-113还有多少吨", "tanks", {"tank": "T-112,T-113"}),
        ("3、5和7号罐液位多少", "tanks", {"tank": "V203,V205,T-107"}),
        ("甲醇、乙二醇还有多少吨", "tanks", {"good": "MEOH,MEG"}),
        ("甲醇再跌5%会怎样", "what_if", {"good": "MEOH", "percent": "-5"}),
        ("仓单CD-0087还押着吗", "receipt", {"receipt": "CD-0087"}),
        ("T-112的货从哪来的", "owners", {"tank": "T-112", "by": "lineage"}),
    ],
)
def test_names_become_ids_and_amounts_decimals(text: str, skill: str, arguments: dict[str, str]) -> None:
    question = one(hear(text))
    assert (question.skill, question.arguments) == (skill, arguments)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("昨天17点那批货前天17点值多少", "time"),
        ("甲苯还有多少吨", "name"),
        ("T-999什么情况", "tank"),
        ("甲醇跌2300会怎样", "amount"),
        ("谁负责T-107", "place"),
        ("T-999昨天进了多少货", "tank"),
        ("T-999的货从哪来的", "tank"),
        ("甲苯的货权", "name"),
    ],
)
def test_what_no_argument_can_hold_is_asked_back(text: str, about: str) -> None:
    found = hear(text)
    assert isinstance(found, Clarify)
    assert found.about == about


def test_what_is_supposed_of_tonight_is_reckoned_with_now() -> None:
    """D035."""
    question = one(hear("要是今晚把3号罐全拉走,质押率到多少"))
    assert (question.skill, question.arguments) == ("what_if", {"tank": "V203", "how": "gone"})
