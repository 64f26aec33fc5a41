"""A release notice that only the depot's list knows: what stands there is said, and that nobody here has verified it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.words import Words
from domain.case.terms import NoticeSource
from domain.movement import ReleaseNotice
from skills import notice_check
from skills.skill import Status
from tests.data.words.cases import PLEDGED
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import NOW, Labels
from tests.data.words.window import Window

WORDS = Words(Labels())
LISTED = ReleaseNotice(
    no="TH-0231", owner="hengyun", site_id="gangchu", tank_id="T-107", good="DIESEL0", mass_kg=300_000,
    issued_at=NOW, valid_until=NOW + timedelta(hours=30), sealed=True,
)  # fmt: skip


def on_paper(*papers: ReleaseNotice) -> Window:
    assert PLEDGED.release is not None
    contract = replace(PLEDGED, release=replace(PLEDGED.release, notice=NoticeSource.DEPOT_PAPER))
    return Window(who="li", where="group", contract_list=(contract,), papers=papers)


@pytest.mark.parametrize("text", ["提货单TH-0231还有效吗", "TH-0231还有效吗", "TH-0231提完了没有"])
def test_a_number_in_the_depots_list_is_told_as_the_depots_word(text: str) -> None:
    answer = notice_check.run(on_paper(LISTED), one(hear(text)).arguments)
    told = WORDS.answer(answer).text
    assert answer.status is Status.NO_DATA
    assert "无法核对" in told
    assert "库方清单列有此号(T-107,已盖章,至 3月13日(周五)20:32)" in told
    assert "真伪请向资金方核实原件" in told


def test_a_number_that_no_list_holds_is_said_to_be_registered_nowhere() -> None:
    told = WORDS.answer(notice_check.run(on_paper(), {"no": "TH-0231"})).text
    assert "系统未登记此号" in told
    assert "库方清单" not in told


@pytest.mark.parametrize("text", ["TH-0231多少吨?", "TH-0231的车到了吗", "TH-0231 已提完,请核对"])
def test_something_else_about_a_number_asks_nothing_of_its_validity(text: str) -> None:
    assert notice_check.reads(text) is None
