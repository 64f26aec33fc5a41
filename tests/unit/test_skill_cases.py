"""What skills say of open cases: only where they were told, and never counting twice what a notice lets out."""

from dataclasses import replace
from decimal import Decimal

from domain.contract import Field
from domain.people import Audience, Chat
from skills import cases, headroom, notice_check
from tests.data.words.cases import LIVES, PLEDGED, RICH, Life
from tests.data.words.hengyun import HY, ROSTER, scene
from tests.data.words.window import Window


def window(*lives: Life, where: str = "bank", who: str = "chen", **what) -> Window:
    world = scene(contract=PLEDGED, tonnes=RICH)
    made = tuple(life.case for life in lives)
    return replace(Window(who=who, where=where, scenes={HY: world}, contract_list=(PLEDGED,), case_list=made), **what)


def room(seen: Window) -> Decimal:
    (contract,) = headroom.run(seen, {}).facts["contracts"]
    return Decimal(contract["value_cny"])


def test_what_a_notice_in_force_lets_out_is_not_offered_again():
    before, sealed = room(window()), room(window(LIVES["sealed"]()))
    assert before - sealed == Decimal("1205000.00"), "500 t of methanol at 2,410"
    half = room(window(LIVES["lifting"]()))
    assert before - half == Decimal("432595.00"), "179.5 t are still to be lifted"
    for name in ("filed", "paid", "signed", "executed", "revoked", "refused"):
        assert room(window(LIVES[name]())) == before, name


def test_an_ended_case_is_not_open_but_can_be_asked_for():
    seen = window(LIVES["executed"]())
    assert cases.run(seen, {}).facts["total"] == 0
    assert cases.one(seen, {"case": "rc-20260312-01"}).facts["stage"] == "executed"


def test_a_case_is_told_only_where_it_was_filed_or_asked_about():
    side = Chat(id="side", name="旁群", audience=Audience.PROJECT, contracts=(HY,), members=("li", "zhao"))

    class Aside(Window):
        """Another chat of the same contract."""

        @property
        def chat(self) -> Chat:
            return side

    def aside(fields: frozenset[Field]) -> Window:
        made = (LIVES["sealed"]().case,)
        return Aside(who="li", contract_list=(PLEDGED,), case_list=made, fields=fields)

    assert ROSTER.chats.get("side") is None
    assert cases.run(aside(frozenset()), {}).facts["total"] == 0
    assert cases.one(aside(frozenset()), {"case": "RC-20260312-01"}).kind == "not_found"
    assert cases.run(aside(frozenset({Field.QUANTITY})), {}).facts["total"] == 1


def test_a_number_alone_or_with_a_question_is_one():
    for text in ("RC-20260312-01", "rc-20260312-01？", "RC-20260312-01 到哪一步了", "查 SW-20260312-01"):
        assert cases.reads(text) is not None, text
    assert notice_check.reads("提货通知：TH-0301 有效？") == {"no": "TH-0301"}


def test_a_case_without_its_number_is_asked_back():
    assert cases.one(window(), {}).facts == {"case": None}


def test_a_number_in_passing_is_no_question():
    for text in ("RC-20260312-01 已安排车辆", "RC-20260312-01 已核查,同意", "提货通知 TH-0301 已核对", "TH-0301 收到"):
        for skill in (cases.CASE, notice_check.SKILL):
            assert skill.reads is not None
            assert skill.reads(text) is None, text
