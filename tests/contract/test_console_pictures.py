"""The console shows a picture to the pages that were told of it, and to nobody else."""

import hashlib
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from bot.console.channel import ConsoleChannel
from bot.console.page import build
from bot.console.page.room import bubble_of
from domain.message import Address, OutMessage, Picture, Sent
from tests.fakes.console_site import served
from tests.fakes.desk import FakeDesk
from tests.fakes.desk_world import BOT, CHATS
from tests.fakes.held_painter import PNG

SHA = hashlib.sha256(PNG).hexdigest()
SHOWN = Picture(sha256=SHA, about="恒运池 货值走势", png=PNG)
POOL = Address(platform="console", id="hengyun-pool")


@pytest.fixture
def channel() -> ConsoleChannel:
    desk = FakeDesk(demo=True)
    return ConsoleChannel(CHATS, name=BOT, now=lambda: desk.now)


async def kept(sha256: str) -> bytes | None:
    """A ledger with one picture."""
    return PNG if sha256 == SHA else None


async def src(channel: ConsoleChannel, picture: Picture = SHOWN) -> str:
    """Where a page is told to get the picture of a message."""
    result = await channel.send(POOL, OutMessage(spans=("走势",), picture=picture), {})
    assert isinstance(result, Sent)
    log = channel.server.log("hengyun-pool")
    assert log is not None
    bubble = log.get(result.ref)
    assert bubble is not None
    assert bubble.message.picture == replace(picture, png=None)  # its bytes stay in the ledger
    told = bubble_of(bubble, "zhao", channel.server)["picture"]
    assert told["about"] == "恒运池 货值走势"
    return told["src"]


async def got(channel: ConsoleChannel, path: str, **headers: str) -> httpx.Response:
    app = Starlette()
    build(app, FakeDesk(demo=True), channel, pictures=kept)
    async with served(app) as port, httpx.AsyncClient() as http:
        return await http.get(
            f"http://127.0.0.1:{port}{path}", headers={k.replace("_", "-"): v for k, v in headers.items()}
        )


async def test_a_page_that_was_told_of_it_gets_the_picture_and_no_copy_stays(channel: ConsoleChannel) -> None:
    answer = await got(channel, await src(channel), sec_fetch_site="same-origin")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "headers"),
    [
        (("?key=", "?no="), {}),
        (("?key=", "?key=0"), {}),
        (("?key=", "?key=%C3%A9"), {}),
        (("", ""), {"sec_fetch_site": "cross-site"}),
        (("", ""), {"host": "evil.example"}),
        (("", ""), {"origin": "http://evil.example"}),
    ],
)
async def test_nobody_else_gets_it(channel: ConsoleChannel, changes: tuple[str, str], headers: dict[str, str]) -> None:
    path = (await src(channel)).replace(*changes)
    answer = await got(channel, path, **headers)
    assert answer.status_code == 403
    assert PNG not in answer.content


async def test_the_key_of_one_picture_opens_no_other(channel: ConsoleChannel) -> None:
    other = await src(channel, replace(SHOWN, sha256="f" * 64))
    assert (await got(channel, other.replace("f" * 64, SHA))).status_code == 403


async def test_the_key_of_another_process_opens_nothing(channel: ConsoleChannel) -> None:
    stranger = ConsoleChannel(CHATS, name=BOT, now=lambda: FakeDesk(demo=True).now)
    assert (await got(channel, await src(stranger))).status_code == 403


async def test_what_is_kept_no_more_is_said(channel: ConsoleChannel) -> None:
    assert (await got(channel, await src(channel, replace(SHOWN, sha256="f" * 64)))).status_code == 404
