"""What people do in words is done to the very alarm, tank and sum that they have named, or asked back; nothing is dropped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.words import Words
from datasources.workspace.load import load
from domain.alarm import Alarm
from domain.contract import Severity
from domain.deed.deed import Promise
from skills.acts import ACTS
from skills.skill import Answer, Status
from skills.understanding.scope import within
from skills.understanding.understand import Silence
from tests.data.words import alarms
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import HY, NOW, Labels
from tests.data.words.window import Window

WORDS = Words(Labels())
BY_NAME = {s.name: s for s in ACTS}
DEMO = Path(__file__).parents[2] / "examples" / "demo"
BELOW = alarms.value_below_line().alarm
FELL = alarms.qty_drop_no_work_order().alarm
CRASH = alarms.price_crash().alarm
ALL = (BELOW, FELL, CRASH)


def answered(text: str, who: str, where: str = "group", open_alarms: tuple[Alarm, ...] = (), **more: object) -> Answer:
    """What these words come to, as they are heard."""
    asked = one(hear(text))
    window = Window(who=who, where=where, open_alarms=open_alarms, **more)  # type: ignore[arg-type]
    return BY_NAME[asked.skill].run(window, asked.arguments)


def card(answer: Answer) -> str:
    assert answer.act is not None, WORDS.answer(answer).text
    return WORDS.answer(answer).text


def asked_back(answer: Answer) -> str:
    assert (answer.status, answer.act, answer.press) == (Status.CLARIFY, None, None)
    return str(answer.facts["about"])


@pytest.mark.parametrize(
    "text", ["T-112这个报警不对,是雷达挂料了", "T-112误报了,是雷达挂料", "货量那条报警不对,是雷达挂料了"]
)
def test_an_objection_to_a_named_alarm_is_to_none_that_waits_besides(text: str) -> None:
    assert FELL.id in card(answered(text, "li", open_alarms=ALL))
    assert asked_back(answered(text, "zhao", open_alarms=ALL)) == "not_obliged"


def test_a_tank_in_the_reason_names_no_alarm() -> None:
    text = "这个报警不对,T-112是倒罐"
    assert asked_back(answered(text, "li", open_alarms=ALL)) == "which_alarm"
    assert asked_back(answered(text, "zhao", open_alarms=ALL)) == "which_alarm", "it may well be that of T-112"
    assert BELOW.id in card(answered(text, "zhao", open_alarms=(BELOW,)))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("跌价那条先静音两小时,在核实", CRASH),
        ("T-112那条静音两小时,在核实", FELL),
        ("补货线那条静音一小时,在核实", BELOW),
    ],
)
def test_a_pause_is_of_the_alarm_that_its_tank_or_kind_names(text: str, meant: Alarm) -> None:
    quiet = tuple(replace(a, severity=Severity.YELLOW) for a in ALL)
    assert meant.id in card(answered(text, "chen", "bank", quiet))


@pytest.mark.parametrize("text", ["T-120那条静音两小时,在核实", "T-999这条静音两小时,在核实"])
def test_of_a_tank_without_an_alarm_no_other_alarm_is_meant(text: str) -> None:
    yellow = (replace(BELOW, severity=Severity.YELLOW),)
    assert asked_back(answered(text, "chen", "bank", yellow)) == "none_such"


@pytest.mark.parametrize("severity", [Severity.ORANGE, Severity.RED])
def test_only_a_yellow_alarm_is_paused(severity: Severity) -> None:
    for text in ("静音两小时,在核实", f"{BELOW.id}静音两小时,在核实"):
        answer = answered(text, "wang", "bank", (replace(BELOW, severity=severity),))
        assert asked_back(answer) == "grave"
        assert "只有黄色预警可以静音" in WORDS.answer(answer).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("已经付了一半", "款已付,一半"),
        ("补了200吨甲醇", "货已到,甲醇 200吨"),
        ("T-107补了300吨柴油", "货已到,0#柴油 300吨,T-107"),
        ("昨天下午打了三百万", "款已付,300.00万元(3,000,000.00元),3月11日 12:00 至 3月11日 18:00"),
    ],
)
def test_a_claim_keeps_the_share_the_good_the_tank_and_the_time(text: str, told: str) -> None:
    assert told in card(answered(text, "zhao"))


def test_a_report_every_day_keeps_its_clock() -> None:
    answer = answered("每天早上9点报一次", "chen", "bank")
    assert "每天 09:00 报一次" in card(answer)
    assert answer.act is not None
    assert answer.act.body == {"interval_min": 1440, "clock": "09:00"}
    assert asked_back(answered("每天早上报一次", "chen", "bank")) == "clock"


@pytest.mark.parametrize(("text", "mark"), [("质押率超过0.76告诉我", "0.76"), ("质押率超过0.725告诉我", "0.725")])
def test_a_ratio_may_be_written_as_one(text: str, mark: str) -> None:
    answer = answered(text, "chen", "bank")
    assert answer.act is not None
    assert (answer.act.body["metric"], float(answer.act.body["value"])) == ("ltv", float(mark))


def test_a_mere_number_is_the_depots_own_tank_and_asked_back_where_it_may_be_several() -> None:
    both: Mapping[str, str] = {"text": "2号罐今天下午清罐", "tank": "T-112,C-02", "kind": "clean"}
    mine = BY_NAME["a_maintenance"].run(Window(who="li", where="group"), both)
    assert mine.act is not None
    assert mine.act.body["tanks"] == ["T-112"]
    answer = BY_NAME["a_maintenance"].run(Window(who="zhou", where="group"), both)
    assert "T-112、C-02" in WORDS.answer(answer).text
    assert asked_back(answer) == "which_tank"
    written = BY_NAME["a_maintenance"].run(
        Window(who="zhou", where="group"), {**both, "text": "T-112、C-02今天下午清罐"}
    )
    assert written.act is not None


def test_every_tank_that_a_number_may_mean_is_looked_at_where_work_is_announced() -> None:
    workspace = load(DEMO, now=NOW + timedelta(days=300)).sound()
    names = within(workspace, [workspace.contracts["QD-DCZY-2026-018"]])
    asked = one(hear("8号罐今天下午清罐,提前报备", names=names))
    assert set(asked.arguments["tank"].split(",")) == {"T-108", "C-08", "V208"}


def test_a_promise_made_twice_is_one() -> None:
    text = "明天12点前补400吨甲醇"
    first = answered(text, "zhao")
    assert first.act is not None
    stands = Promise(
        id="PM-20260312-01", tenant="jia", contract_id=HY, by="qian", chat="group", at=NOW, alarm_id=None, case_id=None,
        due=NOW + timedelta(hours=21, minutes=28), good="MEOH", qty_kg=400_000, amount_cny=None, said=text,
    )  # fmt: skip
    again = answered(text, "zhao", promised=(stands,))
    assert asked_back(again) == "stands"
    assert stands.id in WORDS.answer(again).text
    more = card(answered("明天12点前补300吨甲醇", "zhao", promised=(stands,)))
    assert "已有未到期承诺 PM-20260312-01;本次为另一笔" in more


@pytest.mark.parametrize("who", ["li", "zhou"])
def test_money_is_promised_by_the_borrower_only(who: str) -> None:
    assert "还款、打款由借款方承诺" in WORDS.answer(answered("下周三前还三百万", who, open_alarms=(BELOW,))).text
    assert answered("下周三前还三百万", "zhao", open_alarms=(BELOW,)).act is not None
    assert answered("明天12点前补400吨甲醇", who, open_alarms=(BELOW,)).act is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("收到,马上处理", "alarm"),
        ("T-104那条静音8小时", ""),
        ("监管线那条超时了,升级", ""),
        ("T-112这个报警不对,是雷达挂料了", "alarm"),
    ],
)
def test_a_deed_that_names_its_alarm_is_heard_without_an_address(text: str, told: str) -> None:
    assert one(hear(text, addressed=False, told=told)).skill.startswith("a_")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("收到", "alarm"),
        ("好的收到", "alarm"),
        ("收到,马上处理", ""),
        ("这条先静音两小时", "alarm"),
        ("我们明天12点前补400吨", "alarm"),
        ("T-112这个报警不对,是雷达挂料了", ""),
    ],
)
def test_a_word_between_people_is_left_alone(text: str, told: str) -> None:
    assert hear(text, addressed=False, told=told) == Silence()
