"""Not permitted is not none: with strangers in the chat no count is told, and no field is called the lender's alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.words import Words
from domain.contract import Field
from domain.people import Audience, Chat
from skills import alarms, alarms_then, alert_why, disposal, duty, headroom, report, status
from skills.ports import Movements
from skills.scope import reasoned
from skills.skill import Answer, Skill, Status
from tests.data.words import alarms as told_alarms
from tests.data.words.hengyun import HY, NOW, Labels, prices, scene
from tests.data.words.window import QUIET, Window

WORDS = Words(Labels())
PARTLY = "本群有未核实成员,仅部分显示"
BELOW = told_alarms.value_below_line().alarm
DROP = told_alarms.qty_drop_no_work_order().alarm
DAY = f"{(NOW - timedelta(days=1)).isoformat()}/{NOW.isoformat()}"


class Open(Window):
    """The lender's own chat with somebody unknown in it: nothing is granted there."""

    @property
    def chat(self) -> Chat | None:
        own = super().chat
        return replace(own, audience=Audience.PROJECT, verified=False) if own is not None else None

    def may(self, contract_id: str) -> frozenset[Field]:
        return frozenset()


def said(skill: Skill, view: Window, arguments: Mapping[str, str] | None = None) -> str:
    return WORDS.answer(reasoned(view, skill.run(view, arguments or {}))).text


@pytest.mark.parametrize(
    ("skill", "arguments"),
    [
        (duty.SKILL, {"want": "unacked"}),
        (alarms.SKILL, {}),
        (alarms_then.SKILL, {"time": DAY}),
        (alert_why.SKILL, {"tank": "T-113", "alert": "this"}),
        (report.SKILL, {}),
    ],
)
@pytest.mark.parametrize("some", [(), (DROP, BELOW)])
def test_with_strangers_there_nothing_is_counted_and_nothing_is_called_none(
    skill: Skill, arguments: dict[str, str], some: tuple[object, ...]
) -> None:
    view = Open(open_alarms=some, lately=some, now=NOW + timedelta(hours=2))  # type: ignore[arg-type]
    text = said(skill, view, arguments)
    assert PARTLY in text
    assert not [
        w for w in ("都已回复", "无未结", "没有报过", "未结 ", "条(", " 条,", "没有涉及", "没有预警") if w in text
    ]
    names = [f.name for f in skill.run(view, arguments).figures]
    assert not [n for n in names if "alarms" in n or "waited" in n]


def test_the_status_still_says_that_something_is_missing() -> None:
    assert said(status.SKILL, Open(open_alarms=(DROP,))).startswith("有减少,待核实")


def test_to_the_lenders_own_people_a_field_is_never_called_the_lenders_alone_there() -> None:
    text = said(status.SKILL, Open())
    assert "仅对资金方开放" not in text
    assert text.endswith("此处不显示。")


def test_what_others_may_read_elsewhere_is_only_not_shown_here() -> None:
    closed = Window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    text = said(status.SKILL, closed)
    assert "质押率仅对资金方开放。" in text
    assert "货值、各线此处不显示。" in text  # the contract opens them to the borrower


def test_of_what_is_asked_only_the_closed_part_is_named() -> None:
    worth = Window(where="group", who="li", fields=frozenset({Field.QUANTITY, Field.VALUE}))
    assert headroom.SKILL.run(worth, {}).facts["fields"] == [Field.LINE.value]


def test_an_estimate_of_a_sale_is_withheld_under_its_own_name() -> None:
    seen = Window(where="group", who="zhao", fields=frozenset({Field.EXPOSURE, Field.VALUE}))
    assert said(disposal.SKILL, seen) == "处置测算仅对资金方开放。"


def test_a_report_without_figures_says_so() -> None:
    empty = Window(where="group", who="li", fields=frozenset())
    assert "):数量和货值不在此显示。" in said(report.SKILL, empty)


@pytest.mark.parametrize(
    ("fields", "says"),
    [(frozenset(Field), "数据完整,状态正常"), (frozenset(Field) - {Field.LINE}, "数据完整")],
)
def test_how_the_lines_stand_is_not_told_by_a_word_where_they_are_closed(fields: frozenset[Field], says: str) -> None:
    above = scene(quotes=prices(NOW, MEOH="3000"))
    text = said(status.SKILL, Window(where="group", who="li", fields=fields, scenes={HY: above}))
    assert f"无未结预警,{says}。" in text


LIFTED = Movements(since=NOW, in_kg=0, out_kg=159_800, out_noticed_kg=158_300, as_of=NOW, stale=False)


def test_missing_notices_are_told_among_the_lenders_own_people_only() -> None:
    assert "(其中 1.5吨 未见提货通知)" in said(status.SKILL, Window(moved=LIFTED))
    for where, who in (("group", "zhao"), ("group", "li")):
        group = Window(where=where, who=who, moved=LIFTED)
        assert "今日:进 0吨,出 159.8吨。" in said(status.SKILL, group)
        assert "unnoticed_kg" not in status.SKILL.run(group, {}).facts["contracts"][0]["moved"]
    noticed = replace(LIFTED, out_noticed_kg=159_800)
    assert "均有提货通知" in said(status.SKILL, Window(moved=noticed))
    assert "提货通知" not in said(status.SKILL, Window(where="group", who="li", moved=noticed))


def test_orders_of_a_shared_tank_without_an_owner_are_said_not_to_be_counted() -> None:
    text = said(status.SKILL, Window(moved=replace(QUIET, unowned=2)))
    assert "混存罐另有 2 笔作业单未报货主,未计入" in text


def test_reasons_are_added_to_withheld_fields_and_to_nothing_else() -> None:
    plain = Answer(status=Status.OK, kind="help", facts={"withheld": "x"})
    assert reasoned(Window(), plain) is plain
