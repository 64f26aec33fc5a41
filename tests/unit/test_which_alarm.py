"""Which alarm words and arguments mean: numbers, the newest, the one pointed at; and how a model's words become them."""

import pytest

from bot.model.binding import WordsBinder
from domain.contract import Severity
from skills.alert_why import SKILL as WHY
from skills.receipts import RECEIPTS
from skills.understanding.binding import pointed_at
from skills.understanding.understand import vocabulary_of
from skills.which_alarm import Which
from tests.data.words.hearing import HERE
from tests.data.words.hengyun import NOW

BINDER = WordsBinder(vocabulary_of(HERE), NOW)


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("", Which()),
        ("AL-20260312-07,al-20260312-09", Which(ids=("AL-20260312-07", "AL-20260312-09"))),
        ("last", Which(word="last")),
        ("LAST/ORANGE", Which(word="last", severity=Severity.ORANGE)),
        ("this/red", Which(word="this", severity=Severity.RED)),
    ],
)
def test_an_argument_names_an_alarm(said: str, which: Which) -> None:
    assert Which.of(said) == which


@pytest.mark.parametrize(
    ("plain", "argument"),
    [
        ("刚才那条报警为啥报", "last"),
        ("最近一条橙色预警", "last/orange"),
        ("最新的红色预警", "last/red"),
        ("这条先静音", "this"),
        ("那个报警不对", "this"),
        ("刚才货值为什么掉了", None),
        ("最近有什么预警", None),
        ("现在有几条没处理完的预警", None),
        ("库方收到没", None),
    ],
)
def test_words_point_at_an_alarm_or_do_not(plain: str, argument: str | None) -> None:
    assert pointed_at(plain) == argument


def test_a_models_words_for_an_alarm_and_a_time_ahead_are_read_as_the_askers_would_be() -> None:
    assert BINDER.bind(WHY, {"alert": "刚才那条橙色预警"}) == {"alert": "last/orange"}
    assert BINDER.bind(WHY, {"alert": "al-20260312-07"}) == {"alert": "AL-20260312-07"}
    march = "2026-02-28T16:00:00Z/2026-03-31T16:00:00Z"
    assert BINDER.bind(RECEIPTS, {"time": "这个月", "which": "到期"}) == {"time": march, "which": "ending"}
    assert BINDER.said("这个月").whole[march] in BINDER.said("这个月").times
