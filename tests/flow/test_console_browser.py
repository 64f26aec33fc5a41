"""The console in a real browser: a newcomer's main story, both sizes, hostile text, a restart under an open page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.console.server import Refusal
from tests.fakes.console_site import Site, console_site
from tests.fakes.desk import FakeDesk

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")

expect = playwright.expect

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
HOSTILE = "T1 < 5 m & <img src=x onerror=\"document.title='hacked'\">\n<script>document.title='hacked'</script>"
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

pytestmark = [
    pytest.mark.skipif(shutil.which(CHROMIUM) is None, reason=f"{CHROMIUM} is missing (apt: chromium)"),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with playwright.async_playwright() as driver:
        launched = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield launched
        await launched.close()


class Complaints(list[str]):
    """What the browser's console said and which requests left this machine."""

    def watch(self, page: Any) -> None:
        page.on("console", lambda m: self.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.append(f"error: {e}"))
        page.on("request", lambda r: None if "//127.0.0.1:" in r.url else self.append(f"left: {r.url}"))
        page.on("requestfailed", lambda r: self.append(f"failed: {r.url}"))
        page.on("response", lambda r: self.append(f"{r.status}: {r.url}") if r.status >= 400 else None)


@asynccontextmanager
async def opened(
    browser: Any, site: Site, *, me: str = "li", size: dict[str, int] = DESKTOP
) -> AsyncIterator[tuple[Any, Complaints]]:
    """A page on which ``me`` looks at the first chat, and what the browser complained of."""
    context = await browser.new_context(viewport=size, is_mobile=size is PHONE, has_touch=size is PHONE)
    context.set_default_timeout(10_000)
    page, complaints = await context.new_page(), Complaints()
    complaints.watch(page)
    await page.goto(f"{site.url}#{me}")
    await page.wait_for_selector(".bubble", state="attached")
    try:
        yield page, complaints
    finally:
        await context.close()


async def test_a_depot_sees_its_alert_and_acknowledges_it(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        alert = page.locator(".bubble.red")
        assert (await alert.locator(".head").inner_text()).startswith("【红色预警·货量】")
        assert await alert.locator(".at.me").inner_text() == "@港储一库李主管"
        assert await alert.locator(".at:not(.me)").inner_text() == "@港联监管老周"
        await alert.get_by_role("button", name="收到").click()
        await page.wait_for_selector(".bubble.red .acts.spent")
        assert "港储一库李主管" in (await alert.locator(".text").inner_text()).splitlines()[-1]
        pressed = alert.get_by_role("button", name="收到")
        assert await pressed.is_disabled()
        assert await pressed.get_attribute("aria-pressed") == "true"
        assert await page.locator("#toasts p").inner_text() == "已记录:收到"
        assert complaints == []


async def test_a_refused_press_says_why_and_may_be_tried_again(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, _):
        site.channel.server.press = lambda *_, **__: Refusal.BUSY
        button = page.locator(".bubble.red").get_by_role("button", name="收到")
        await button.click()
        await expect(page.locator("#toasts p")).to_contain_text("还没处理完")
        await expect(button).to_be_enabled()


async def test_a_question_is_answered_below_it(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        await page.fill("#box", "@小六子 货还在不在？")
        await page.press("#box", "Enter")
        answer = page.locator(".bubble.bot", has=page.locator(".quote"))
        assert "在。56 罐 24 种货" in await answer.locator(".text").inner_text()
        assert "@小六子 货还在不在？" in await answer.locator(".quote").inner_text()
        assert await page.input_value("#box") == ""
        assert complaints == []


async def test_enter_that_confirms_a_chinese_word_does_not_send(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, _):
        await page.fill("#box", "huozai")
        await page.evaluate(
            "box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
        )
        assert await page.input_value("#box") == "huozai"
        await page.press("#box", "Shift+Enter")
        assert await page.input_value("#box") == "huozai\n"
        assert site.channel.server.waiting == []


async def test_hostile_text_is_shown_as_text(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        site.desk.tanks[0] = replace(site.desk.tanks[0], good_name="<b>油</b>")
        site.desk.alarms[0] = replace(site.desk.alarms[0], title=HOSTILE)
        site.desk.touch()
        await page.fill("#box", HOSTILE)
        await page.press("#box", "Enter")
        assert await page.locator(".bubble.mine .text").inner_text() == HOSTILE
        await expect(page.locator(".alarms .title").first).to_contain_text("<img src=x")
        assert await page.locator(".farm td.good").first.inner_text() == "<b>油</b>"
        assert await page.locator("img, .bubble script, .farm b").count() == 0
        assert await page.title() == "小六子"
        assert complaints == []


async def test_a_reply_hangs_below_the_alert(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, _):
        alert = page.locator(".bubble.red")
        await alert.hover()
        await alert.get_by_role("button", name="回复").click()
        await page.fill("#box", "正在查")
        await page.press("#box", "Enter")
        quote = await page.locator(".bubble.mine .quote").inner_text()
        assert quote.startswith("小六子：【红色预警·货量】AL-20260312-09")


async def test_a_lever_is_offered_with_defaults_and_pulled(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        cards = page.locator(".card")
        names = ["偷放一罐", "价格下跌", "冻结液位", "断开一库", "停更通知", "恢复"]
        assert await cards.locator("b").all_inner_texts() == names
        await cards.first.click()
        dialog = page.locator("dialog[open]")
        assert await dialog.get_by_label("储罐").input_value() == "T-112"
        await dialog.get_by_label("吨/时").fill("300")
        await dialog.get_by_role("button", name="执行").click()
        await expect(page.locator("#result")).to_contain_text("已执行")
        assert site.desk.pulled == [("drain", {"tank": "T-112", "rate_t_h": 300})]
        site.desk.depot_answers = False
        await cards.last.click()
        await expect(page.locator("#result")).to_contain_text("恢复：未执行")
        assert complaints == []


async def test_the_board_changes_by_itself_and_says_what_is_not_fresh(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        row = page.locator("tr[data-key='T-112']")
        assert await page.locator(".farm tbody tr").count() == 56
        assert await page.locator("tr[data-key=V203] .age").inner_text() == "失联41分"
        tank = next(n for n, t in enumerate(site.desk.tanks) if t.tank_id == "T-112")
        silent = replace(site.desk.tanks[tank], state="stale", age_s=400.0, tonnes=None, filling=None)
        site.desk.tanks[tank] = silent
        site.desk.alarms = site.desk.alarms[:1]
        site.desk.touch()
        await expect(page.locator(".alarms article")).to_have_count(1)
        assert (await row.locator(".tonnes").inner_text(), await row.locator(".age").inner_text()) == ("—", "过时6分")
        assert await page.locator(".chart text.name").all_text_contents() == [
            "补货线 1.2912亿",
            "监管线 1.2052亿",
            "现在 1.1987亿",
            "处置线 1.0634亿",
        ]
        assert await page.locator(".alarms .severity").inner_text() == "红"
        assert complaints == []


async def test_the_sample_questions_name_a_tank_that_is_on_the_board(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        samples = page.locator("#samples button")
        await expect(samples.nth(1)).to_have_text("T-107 现在多少吨？")
        site.desk.tanks = [t for t in site.desk.tanks if t.tank_id == "V203"]
        site.desk.touch()
        await expect(samples.nth(1)).to_have_text("V203 现在多少吨？")
        site.desk.tanks = []
        site.desk.touch()
        await expect(samples).to_have_count(2)
        assert complaints == []


async def test_an_unknown_value_is_on_no_side_of_any_line(browser: Any) -> None:
    desk = FakeDesk()
    desk.projects = [replace(desk.projects[0], known=False)]
    async with console_site(desk=desk) as site, opened(browser, site, me="wang") as (page, _):
        assert await page.locator(".value .amount").inner_text() == "货值无法确认"
        assert await page.locator(".value .standing").inner_text() == ""
        assert "质押率" not in await page.locator(".value .facts").inner_text()


async def test_another_person_sees_other_chats_and_figures(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, _):
        assert "质押率" not in await page.locator("#value").inner_text()
        await page.select_option("#me", "wang")
        await page.wait_for_selector("#chats [data-key=jiayin-bank]")
        assert await page.locator("#chats .name").all_inner_texts() == ["恒运池", "甲银行贷后"]
        assert await page.locator("[data-key=jiayin-bank] .badge").inner_text() == "1"
        await expect(page.locator("#value")).to_contain_text("质押率 75.40%")
        await page.click("#chats [data-key=jiayin-bank]")
        await expect(page.locator("#log")).to_contain_text("今日摘要")
        assert await page.locator("[data-key=jiayin-bank] .badge").is_hidden()


async def test_at_a_desk_nothing_scrolls_but_the_panes(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, complaints):
        assert await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
            DESKTOP["width"],
            DESKTOP["height"],
        ]
        assert await page.evaluate("farm.scrollHeight <= farm.clientHeight && farm.scrollWidth <= farm.clientWidth")
        assert complaints == []


async def test_a_phone_shows_one_pane_at_a_time_and_never_scrolls_sideways(browser: Any) -> None:
    async with console_site() as site, opened(browser, site, size=PHONE) as (page, complaints):
        await page.fill("#box", "@小六子 货还在不在？现在大概多少货值？")
        await page.press("#box", "Enter")
        await page.wait_for_selector(".bubble.bot .quote")
        for pane in ("chat", "farm", "value", "alarms", "levers"):
            await page.click(f"#tabs [data-pane={pane}]")
            visible = await page.evaluate(
                "[...document.querySelectorAll('.pane')].filter(p => p.offsetWidth).map(p => p.id)"
            )
            assert visible == [f"pane-{pane}"]
            assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
            assert await page.evaluate("innerWidth") == PHONE["width"]
        assert complaints == []


@pytest.mark.skipif(not CJK.exists(), reason=f"{CJK.name} is missing (apt: fonts-noto-cjk)")
async def test_chinese_is_set_in_a_chinese_font(browser: Any) -> None:
    async with console_site() as site, opened(browser, site) as (page, _):
        session = await page.context.new_cdp_session(page)
        await session.send("DOM.enable")
        await session.send("CSS.enable")
        root = await session.send("DOM.getDocument")
        node = await session.send(
            "DOM.querySelector", {"nodeId": root["root"]["nodeId"], "selector": ".bubble.red .text"}
        )
        fonts = await session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
        assert {f["familyName"] for f in fonts["fonts"]} == {"Noto Sans CJK SC"}


async def test_outside_the_demo_the_page_only_shows(browser: Any) -> None:
    async with console_site(demo=False) as site, opened(browser, site) as (page, complaints):
        assert "只读" in await page.locator(".top").inner_text()
        assert await page.locator("#composer, #levers, #me, .reply").count() == 0
        assert await page.locator(".acts button:enabled").count() == 0
        assert await page.locator("#chats button").count() == 3
        assert complaints == []


async def test_an_open_page_survives_a_restart_of_the_bot(browser: Any) -> None:
    desk, before = FakeDesk(), AsyncExitStack()
    site = await before.enter_async_context(console_site(desk=desk))
    async with opened(browser, site) as (page, _):
        await page.fill("#box", "写到一半")
        await before.aclose()
        await page.wait_for_selector("[data-lost]")
        assert "以下停在 15:12" in await page.locator("#clock").inner_text()
        await page.press("#box", "Enter")
        assert await page.locator(".bubble.pending .text").inner_text() == "写到一半"
        async with console_site(desk=desk, port=site.port) as again:
            await page.wait_for_selector("body:not([data-lost])")
            await page.wait_for_selector(".bubble.mine:not(.pending)")
            log = again.channel.server.log("hengyun-pool")
            assert log is not None
            assert [b.message.text for b in log.since(0) if b.author == "li"] == ["写到一半"]
            assert await page.locator(".bubble.pending").count() == 0
