"""What a promise to take the goods back would pay is said beside the sale, to the lender alone."""

from dataclasses import replace
from decimal import Decimal

from bot.words import Words
from domain.contract import Buyback
from domain.disposal import bought_back
from skills import disposal
from tests.data.words.hengyun import CONTRACT, HY, Labels, position, scene
from tests.data.words.window import Window

WORDS = Words(Labels())
BACK = replace(CONTRACT, buyback=Buyback(org="hy", price_ratio=Decimal("0.90")))


def test_the_buyback_pays_its_part_of_the_price_for_everything_that_counts() -> None:
    whole = sum(i.value_cny for i in position().items)
    assert bought_back(position(), Decimal(1)) == whole
    assert abs(bought_back(position(), Decimal("0.90")) - whole * Decimal("0.90")) < Decimal("0.05")


def test_the_worksheet_says_what_the_buyback_would_pay() -> None:
    view = Window(contract_list=(BACK,), scenes={HY: scene(contract=BACK)})
    said = WORDS.answer(disposal.SKILL.run(view, {})).text
    assert "回购承诺:按计价的 90.00% 全部接货,可得 1.1242亿元(为敞口的 124.38%)。" in said


def test_without_a_promise_nothing_is_said_of_one() -> None:
    view = Window(contract_list=(CONTRACT,), scenes={HY: scene()})
    assert "回购" not in WORDS.answer(disposal.SKILL.run(view, {})).text
