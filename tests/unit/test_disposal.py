"""The disposal worksheet: order, proceeds, days, and what the sales leave uncovered."""

from decimal import Decimal

from domain.disposal import Plan, SaleTerms, worksheet
from domain.position import Position
from tests.data.words.hengyun import NOW, position, prices

D = Decimal
HASTE = {
    "MEOH": SaleTerms(haircut=D("0.08"), cost_cny_t=D(40), t_per_day=D(3000), lead_days=2),
    "D0": SaleTerms(haircut=D("0.05"), cost_cny_t=D(60), t_per_day=D(1500), lead_days=1),
    "B70": SaleTerms(haircut=D("0.20")),
}


def pool() -> Position:
    return position(tonnes={"T-112": 18240.6, "T-113": 0.0, "T-120": 0.0, "C-01": 6204.0, "C-02": 0.0})


def test_without_a_plan_the_goods_sell_at_market_the_most_valuable_first() -> None:
    sheet = worksheet(pool())
    assert [s.good for s in sheet.sales] == ["MEOH", "D0", "B70", "MEG", "MTBE"]
    assert sheet.proceeds_cny == pool().recognised
    assert (sheet.shortfall_cny, sheet.covered_by) == (0, "B70")


def test_the_smallest_loss_in_haste_goes_first_unless_the_contract_names_an_order() -> None:
    assert [s.good for s in worksheet(pool(), Plan(terms=HASTE)).sales] == ["MEG", "MTBE", "D0", "MEOH", "B70"]
    named = worksheet(pool(), Plan(order=("D0", "MEOH"), terms=HASTE))
    assert [s.good for s in named.sales][:2] == ["D0", "MEOH"]


def test_proceeds_are_after_the_haircut_and_the_cost_and_cover_the_exposure_one_after_another() -> None:
    sheet = worksheet(pool(), Plan(order=("D0", "MEOH"), terms=HASTE))
    diesel, methanol = sheet.sales[:2]
    assert diesel.proceeds_cny == D("33207705.65")  # 5,120.3 t × (6,890 × 0.95 − 60)
    assert methanol.proceeds_cny == D("39713434.32")  # 18,240.6 t × (2,410 × 0.92 − 40)
    assert methanol.covered_cny == D("72921139.97")
    assert methanol.coverage == D("72921139.97") / D("90386400.00")
    assert (diesel.sold_by_day, methanol.sold_by_day) == (5, 9)


def test_what_all_sales_leave_uncovered_is_said() -> None:
    poor = position(tonnes=dict.fromkeys(("T-112", "T-113", "T-120", "C-01", "C-02"), 0.0))
    sheet = worksheet(poor)
    assert sheet.covered_by is None
    assert sheet.shortfall_cny == poor.exposure - sheet.proceeds_cny


def test_a_good_that_costs_more_than_it_brings_brings_nothing_and_one_without_a_price_is_not_sold() -> None:
    dear = worksheet(pool(), Plan(terms={"MTBE": SaleTerms(cost_cny_t=D(9000))}))
    assert next(s for s in dear.sales if s.good == "MTBE").proceeds_cny == 0
    worthless = worksheet(position(quotes=prices(NOW, MTBE="-36.98")))
    assert worthless.unsold == ("MTBE",)
