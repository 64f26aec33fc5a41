"""A contract that counts a mean and has a fallback, lived through the whole bot and a restart."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from domain.position import GoodPrice
from tests.fakes.house_stage import HouseStage, texts

PLAIN = "price_ref: METHANOL-SD}"
MEAN = "price_ref: METHANOL-SD, method: lower_of, days: 3, fallbacks: [{ref: DIESEL-SD}]}"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits={"contracts/a.yaml": [(PLAIN, MEAN)]})
    yield stage
    stage.fall()


def methanol(stage: HouseStage) -> GoodPrice:
    return stage.house.prices_for(stage.house.workspace.contracts["A-1"], stage.clock.now())["METHANOL"]


async def test_the_lower_of_mean_and_last_prices_the_pool_also_after_a_restart(stage: HouseStage) -> None:
    await stage.pass_time(86400)
    await stage.price({"METHANOL-SD": "2520"})
    assert methanol(stage).cny_t == Decimal("2460.00")

    await stage.restart()
    assert methanol(stage).cny_t == Decimal("2460.00")
    assert methanol(stage).origin is not None


async def test_an_old_quote_gives_way_to_the_fallback(stage: HouseStage) -> None:
    await stage.pass_time(86400)
    await stage.price({"DIESEL-SD": "7000"})
    price = methanol(stage)
    assert price.origin is not None
    assert (price.cny_t, price.origin.instead_of) == (7000, "METHANOL-SD")


async def test_a_person_decides_on_the_quote_and_is_shown_the_price_that_it_would_make(tmp_path: Path) -> None:
    mean = MEAN.replace("lower_of", "average")
    stage = await HouseStage.calm(tmp_path / "w", edits={"contracts/a.yaml": [(PLAIN, mean)]})
    await stage.pass_time(3600 * 20)
    await stage.price({"METHANOL-SD": "2000"})
    told = next(m for m in await stage.deliver() if m.chat == "-1001" and "收到报价" in m.text)
    assert "收到报价 2,000元/吨,与上一报价相差过大" in told.text
    assert "参考价由 2,400 变为 2,200元/吨" in told.text

    confirm = next(name for name, token in told.buttons if token.endswith("confirm_price"))
    assert "已确认采用" in (await stage.press("chen", told, confirm) or "")
    assert (methanol(stage).cny_t, methanol(stage).quarantined) == (Decimal("2200.00"), None)
    assert "异常报价已处理" in texts(await stage.deliver())
    stage.fall()
