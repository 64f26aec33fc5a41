"""The page's WebSocket, spoken to directly: who is let in, what is told, what is refused, what happens to junk."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.fakes.console_site import Site, console_site
from tests.fakes.desk_world import CONTRACT

SAY = {"t": "say", "key": "k1", "chat": "hengyun-pool", "text": "@小六子 货在不在?", "reply": None}


class Page:
    """An open page without a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def tell(self, **frame: Any) -> None:
        await self._socket.send(json.dumps(frame))

    async def next(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind."""
        async with asyncio.timeout(5):
            while True:
                frame: dict[str, Any] = json.loads(await self._socket.recv())
                if frame["t"] == kind:
                    return frame

    async def closed_with(self) -> int | None:
        async with asyncio.timeout(5):
            while True:
                try:
                    await self._socket.recv()
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd is not None else None


@asynccontextmanager
async def page(site: Site, **hello: Any) -> AsyncIterator[Page]:
    async with connect(f"ws://127.0.0.1:{site.port}/console/line", origin=site.url.rstrip("/")) as socket:
        opened = Page(socket)
        await opened.tell(t="hello", **hello)
        yield opened


async def test_a_page_is_told_who_it_is_and_what_there_is() -> None:
    async with console_site() as site, page(site, me="li") as li:
        room = await li.next("room")
        assert (room["me"], room["chat"], room["demo"]) == ("li", "hengyun-pool", True)
        assert [g["org"] for g in room["people"]] == ["甲银行", "恒运", "港储一库", "民储库", "港联监管"]
        news = await li.next("news")
        assert len([key for key in news["board"]["set"] if key.startswith("tank/")]) == 56
        assert [c["id"] for c in news["chats"]] == ["hengyun-pool", "li-private"]
        assert news["log"][-1]["buttons"][0]["label"] == "收到"


async def test_a_question_is_acknowledged_and_answered() -> None:
    async with console_site() as site, page(site, me="li") as li:
        await li.next("news")
        await li.tell(**SAY)
        assert (await li.next("said"))["key"] == "k1"
        authors = [b["author"] for b in (await li.next("news"))["log"]]
        if authors == ["li"]:
            authors += [b["author"] for b in (await li.next("news"))["log"]]
        assert authors == ["li", None]


async def test_a_message_repeated_after_a_lost_line_is_said_once() -> None:
    async with console_site() as site:
        for _ in range(2):
            async with page(site, me="li") as li:
                await li.next("room")
                await li.tell(**SAY)
                await li.next("said")
        log = site.channel.server.log("hengyun-pool")
        assert log is not None
        assert sum(b.author == "li" for b in log.since(0)) == 1


async def test_each_sees_only_the_own_chats_and_figures() -> None:
    async with console_site() as site, page(site, me="li", chat="jiayin-bank") as li, page(site, me="wang") as wang:
        assert (await li.next("room"))["chat"] == "hengyun-pool"
        mine, theirs = await li.next("news"), await wang.next("news")
        assert mine["board"]["set"][f"project/{CONTRACT}"]["exposure"] is None
        assert theirs["board"]["set"][f"project/{CONTRACT}"]["exposure"] == "9,038.64万元"
        await li.tell(**{**SAY, "chat": "jiayin-bank"})
        assert (await li.next("refused"))["why"] == "not_member"


async def test_outside_the_demo_nobody_acts() -> None:
    async with console_site(demo=False) as site, page(site, me="wang") as viewer:
        room = await viewer.next("room")
        assert (room["me"], room["people"], room["levers"], room["demo"]) == (None, [], [], False)
        news = await viewer.next("news")
        assert len(news["chats"]) == 3
        button = news["log"][-1]["buttons"][0]["token"]
        await viewer.tell(**SAY)
        await viewer.tell(t="press", key="k2", chat="hengyun-pool", ref=news["log"][-1]["ref"], token=button)
        assert [(await viewer.next("refused"))["why"] for _ in range(2)] == ["read_only"] * 2
        await viewer.tell(t="pull", key="k3", name="restore", parameters={})
        assert (await viewer.next("pulled"))["why"] == "read_only"
        assert (site.channel.server.waiting, site.desk.pulled) == ([], [])


async def test_a_lever_is_pulled_with_its_parameters_or_says_why_not() -> None:
    async with console_site() as site, page(site, me="li") as li:
        await li.next("room")
        await li.tell(t="pull", key="a", name="drain", parameters={"tank": "T-112", "rate_t_h": 226})
        assert await li.next("pulled") == {"t": "pulled", "key": "a", "ok": True, "text": "已执行、T-112、226"}
        await li.tell(t="pull", key="b", name="drain", parameters={"valve": 1})
        assert (await li.next("pulled"))["why"] == "lever"
        site.desk.depot_answers = False
        await li.tell(t="pull", key="c", name="restore", parameters={})
        answer = await li.next("pulled")
        assert (answer["ok"], "no answer" in answer["text"]) == (False, True)
        assert site.desk.pulled == [("drain", {"tank": "T-112", "rate_t_h": 226})]


@pytest.mark.parametrize("junk", ["", "nonsense", '{"t":"say"}', '{"t":"fire"}', '{"t":"look","visible":1,"more":2}'])
async def test_junk_closes_the_line_and_nothing_else(junk: str) -> None:
    async with console_site() as site, connect(f"ws://127.0.0.1:{site.port}/console/line") as socket:
        await socket.send(junk)
        assert await Page(socket).closed_with() == 1003
        async with page(site, me="li") as other:
            await other.next("room")


async def test_a_lone_surrogate_cannot_break_the_chat() -> None:
    async with console_site() as site, page(site, me="li") as li:
        await li.next("room")
        await li._socket.send('{"t":"say","key":"k","chat":"hengyun-pool","text":"\\ud800 x","reply":null}')
        assert await li.closed_with() == 1003


async def test_a_foreign_web_page_is_not_let_in() -> None:
    async with console_site() as site:
        url = f"ws://127.0.0.1:{site.port}/console/line"
        async with connect(url, origin="http://evil.example") as socket:
            assert await Page(socket).closed_with() == 1008
        rebound = {"Host": f"evil.example:{site.port}"}
        async with httpx.AsyncClient() as http:
            assert (await http.get(site.url, headers=rebound)).status_code == 400
            assert (await http.get(site.url)).status_code == 200


async def test_the_page_needs_nothing_from_outside_and_forbids_it() -> None:
    async with console_site() as site, httpx.AsyncClient() as http:
        answer = await http.get(site.url)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "http://" not in answer.text.replace(site.url, "")
        assert "https://" not in answer.text
