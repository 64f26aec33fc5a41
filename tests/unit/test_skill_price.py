"""今天什么价: what counts, against the day before, from where and of when; and what is old, waiting or set by hand is said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import PriceMethod, PriceTerms
from domain.event import stamp
from domain.manual_price import counted
from domain.position import GoodPrice, PriceStanding
from domain.price_origin import ManualPrice, PriceOrigin, QuoteUsed
from skills.price import SKILL
from skills.skill import Status
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, prices, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
YESTERDAY = prices(NOW - timedelta(days=1), MEOH="2410", D0="6800")
TODAY = prices(NOW, MEOH="2318")
HAND = ManualPrice(
    good="D0",
    cny_t=Decimal(6500),
    at=NOW - timedelta(hours=1),
    until=NOW + timedelta(hours=23),
    proposed_by="wang",
    by="chen",
)
WAITS = QuoteUsed(ref="SD", price=Decimal(2100), currency="CNY", published_at=NOW - timedelta(minutes=5))
ORIGIN = PriceOrigin(method=PriceMethod.LAST, ref="SD", quotes=(WAITS,))


def window(**quotes) -> Window:
    return Window(scenes={HY: scene(quotes={**TODAY, **quotes})}, yesterday=YESTERDAY)


def text(view: Window, **arguments: str) -> str:
    return WORDS.answer(SKILL.run(view, arguments)).text


def test_every_good_in_the_tanks_reads_so() -> None:
    answer = SKILL.run(window(), {})
    assert answer.status is Status.OK
    assert_snapshot("price.all.bank", WORDS.answer(answer))
    assert_snapshot("price.all.group", WORDS.answer(SKILL.run(replace(window(), who="zhao", where="group"), {})))


def test_a_fall_is_told_against_the_end_of_the_day_before() -> None:
    answer = SKILL.run(window(), {"good": "MEOH"})
    assert "2,318元/吨" in WORDS.answer(answer).text
    assert "较昨日末 2,410(3月11日 10:32 发布) 跌 92元(-3.82%)" in WORDS.answer(answer).text
    assert [(f.name, f.value, f.unit) for f in answer.figures] == [(f"{HY}.price.MEOH", "2318", "CNY/t")]


@pytest.mark.parametrize(
    ("good", "said"),
    [("D0", "较昨日末 6,800(3月11日 10:32 发布) 涨 90元(+1.32%)"), ("MTBE", "与昨日末(3月11日 10:32 发布)持平")],
)
def test_a_rise_and_no_change(good: str, said: str) -> None:
    assert said in text(window(), good=good)


@dataclass(frozen=True, kw_only=True)
class Course(Window):
    """Methanol by hour before now; 72 hours back and more nothing is known."""

    quotes: tuple[tuple[float, str], ...] = ()

    def prices(self, contract_id: str, at: datetime) -> Mapping[str, GoodPrice]:
        found = [(NOW - timedelta(hours=h), cny) for h, cny in self.quotes if NOW - timedelta(hours=h) <= at]
        if not found:
            none = replace(TODAY["MEOH"], standing=PriceStanding.MISSING, cny_t=None, published_at=None)
            return {**TODAY, "MEOH": none}
        return {**TODAY, "MEOH": replace(TODAY["MEOH"], published_at=found[-1][0], cny_t=Decimal(found[-1][1]))}


@pytest.mark.parametrize(
    ("quotes", "said"),
    [
        (((6, "2410"), (5, "2390"), (1, "2318")), "较首个报价 2,410(3月12日 08:32 发布) 跌 92元(-3.82%)"),
        (((48, "2410"), (24, "2318")), "持平;其间无新报价,较上一报价 2,410(3月10日 14:32 发布) 跌 92元(-3.82%)"),
        (((2, "2318"),), "此前没有别的报价可比"),
        (((30, "2318"),), "此前没有别的报价可比"),
    ],
    ids=["young", "no quote today", "one quote", "one quote of yesterday"],
)
def test_a_named_goods_change_is_told_against_what_there_is(quotes: tuple[tuple[float, str], ...], said: str) -> None:
    assert said in text(Course(quotes=quotes), good="MEOH")


def test_a_change_is_told_from_when_it_is_asked() -> None:
    seen = Course(quotes=((60, "2500"), (30, "2410"), (1, "2318")))
    span = f"{stamp(NOW - timedelta(hours=40))}/{stamp(NOW)}"
    assert "较 3月10日 22:32 2,500(3月10日 02:32 发布) 跌 182元" in text(seen, good="MEOH", time=span)


def test_an_old_price_is_called_old_and_compared_with_nothing() -> None:
    old = replace(TODAY["MEOH"], standing=PriceStanding.STALE, published_at=NOW - timedelta(days=3))
    answer = SKILL.run(window(MEOH=old), {"good": "MEOH"})
    assert answer.status is Status.STALE
    assert "报价已过期,3天前,不是当前价" in WORDS.answer(answer).text
    assert "昨日" not in WORDS.answer(answer).text


def test_no_price_is_not_zero() -> None:
    none = replace(TODAY["MEOH"], standing=PriceStanding.MISSING, cny_t=None, published_at=None)
    answer = SKILL.run(window(MEOH=none), {"good": "MEOH"})
    assert (answer.status, answer.figures) == (Status.NO_DATA, ())
    assert WORDS.answer(answer).text == "甲醇 无报价。"


def test_a_quote_that_waits_is_said_and_its_figure_told_to_lenders_only() -> None:
    view = window(MEOH=replace(TODAY["MEOH"], quarantined=Decimal(2100), origin=replace(ORIGIN, waiting=WAITS)))
    assert SKILL.run(view, {"good": "MEOH"}).status is Status.STALE
    assert "另有一笔报价待资金方确认,未采用:2,100元/吨" in text(view, good="MEOH")
    group = text(replace(view, who="zhao", where="group"), good="MEOH")
    assert "待资金方确认" in group
    assert "2,100" not in group


def test_a_price_set_by_hand_names_its_two_people_to_lenders_only() -> None:
    view = window(D0=counted(TODAY["D0"], (HAND,), PriceTerms(ref="D0"), NOW))
    assert "手工价,资金方 3月12日 13:32 核定,3月13日 13:32 止,甲银行王经理提议、甲银行风控陈工复核" in text(
        view, good="D0"
    )
    assert "王经理" not in text(replace(view, who="zhao", where="group"), good="D0")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"instead_of": "XX"}, "约定报价缺失或过期,按备用报价"),
        ({"method": PriceMethod.LOWER_OF, "days": 5}, "5 个发布日均价与最新价孰低(仅有 1 日)"),
    ],
)
def test_how_it_came_about_is_said_where_it_is_more_than_the_newest_quote(change: dict, said: str) -> None:
    assert said in text(window(MEOH=replace(TODAY["MEOH"], origin=replace(ORIGIN, **change))), good="MEOH")


def test_a_past_time_is_that_days_and_a_coming_one_has_none() -> None:
    span = stamp(NOW - timedelta(days=2))
    answer = SKILL.run(window(), {"good": "MEOH", "time": f"{span}/{span}"})
    assert "以上为 3月10日 14:32 合同计值所用单价,按当时所知。" in WORDS.answer(answer).text
    late = stamp(NOW + timedelta(days=1))
    assert SKILL.run(window(), {"time": f"{late}/{late}"}).status is Status.CLARIFY
    early = stamp(NOW - timedelta(days=60))
    assert SKILL.run(window(), {"time": f"{early}/{early}"}).status is Status.NO_DATA


def test_a_span_that_is_not_over_is_now() -> None:
    today = f"{stamp(NOW - timedelta(hours=14))}/{stamp(NOW + timedelta(hours=9))}"
    assert text(window(), good="MEOH", time=today) == text(window(), good="MEOH")


def test_a_span_that_ended_just_now_is_now_too() -> None:
    lately = f"{stamp(NOW - timedelta(hours=1))}/{stamp(NOW - timedelta(seconds=5))}"
    assert SKILL.run(window(), {"good": "MEOH", "time": lately}).facts["past"] is False


def test_where_values_are_withheld_so_are_prices() -> None:
    answer = SKILL.run(replace(window(), who="li", where="group", fields=frozenset()), {})
    assert (answer.status, answer.figures) == (Status.NOT_PERMITTED, ())
    assert "2,318" not in WORDS.answer(answer).text


def test_another_contracts_good_is_as_if_it_did_not_exist() -> None:
    assert SKILL.run(window(), {"good": "SOYOIL"}).kind == "not_found"


def test_the_same_price_under_two_contracts_is_told_once() -> None:
    other = replace(CONTRACT, id="B-2")
    both = replace(window(), contract_list=(CONTRACT, other), scenes=dict.fromkeys((HY, "B-2"), scene(quotes=TODAY)))
    answer = SKILL.run(both, {"good": "MEOH"})
    assert [r["contracts"] for r in answer.facts["rows"]] == [[HY, "B-2"]]
    assert len(answer.figures) == 2
