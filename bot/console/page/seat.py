"""One open page: hears what its person does and tells what is new, at most so often, and only what changed."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.board import Desk
from bot.console.ear import Ear
from bot.console.heard import Speaker
from bot.console.page.acts import ACT, Act, Hello, Look, Press, Pull, Say
from bot.console.page.news import BOARD_S, News
from bot.console.page.room import lever_of, people_of
from bot.console.server import TEXT_LIMIT, ChatServer, Refusal
from domain.errors import SourceError
from domain.message import Inbound

_GATHER_S = 0.1  # messages that come together travel together
_PULL_S = 20.0
_KEYS = 1_000
_UNSUPPORTED = 1003  # RFC 6455 7.4.1: data of a kind that is not accepted


@dataclass(slots=True)
class Hall:
    """What all open pages share. assets: names this build of the page. keys: acts already taken in, bounded."""

    desk: Desk
    server: ChatServer
    assets: str
    keys: dict[str, None] = field(default_factory=dict)

    def first_time(self, key: str) -> bool:
        """False when a page repeats an act whose receipt it did not see."""
        if key in self.keys:
            return False
        self.keys[key] = None
        if len(self.keys) > _KEYS:
            del self.keys[next(iter(self.keys))]
        return True


class Seat:
    """Nothing piles up for a page that does not read: each frame is made when it can be sent."""

    def __init__(self, socket: WebSocket, hall: Hall) -> None:
        self._socket = socket
        self._hall = hall
        self._ear = Ear(person=None)
        self._news: News | None = None
        self._visible = True
        self._group = asyncio.TaskGroup()

    async def serve(self) -> None:
        """Until the page goes away."""
        self._hall.server.ears.add(self._ear)
        try:
            async with self._group:
                self._group.create_task(self._tell_on())
                await self._hear_on()
        except* WebSocketDisconnect:
            pass
        finally:
            self._hall.server.ears.remove(self._ear)

    async def _hear_on(self) -> None:
        while True:
            frame = await self._socket.receive()
            if frame["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(frame.get("code", 1005))
            try:
                act = ACT.validate_json(frame.get("text") or "")
            except ValidationError as error:
                await self._socket.close(_UNSUPPORTED)
                raise WebSocketDisconnect(_UNSUPPORTED) from error
            await self._do(act)

    async def _do(self, act: Act) -> None:
        match act:
            case Hello():
                await self._greet(act)
            case Look():
                self._visible = act.visible
                self._ear.wake.set()
            case Pull():
                self._group.create_task(self._pull(act))
            case Say() | Press():
                why = self._act(act)
                answer = {"t": "said"} if why is None else {"t": "refused", "why": why}
                await self._send(answer | {"key": act.key})

    async def _greet(self, hello: Hello) -> None:
        desk = self._hall.desk
        people = [p.id for p in desk.people()] if desk.demo else []
        person = _chosen(hello.me, people)
        chat = _chosen(hello.chat, [c.id for c in desk.chats(person)])
        self._news, self._ear.person = None, person
        await self._send(
            {
                "t": "room",
                "assets": self._hall.assets,
                "demo": desk.demo,
                "me": person,
                "chat": chat,
                "people": people_of(desk),
                "levers": [lever_of(lever) for lever in desk.levers()] if desk.demo else [],
                "bot": self._hall.server.bot_name,
                "limit": TEXT_LIMIT,
            }
        )
        self._news = News(desk=desk, server=self._hall.server, person=person, chat=chat)
        self._ear.wake.set()

    def _act(self, act: Say | Press) -> str | None:
        """Say or press as the person of this page; the reason when it was refused."""
        desk, person = self._hall.desk, self._ear.person
        if not desk.demo or person is None:
            return "read_only"
        if not self._hall.first_time(act.key):
            return None
        who = Speaker(id=person, name=desk.label(person))
        done: Inbound | Refusal
        match act:
            case Say():
                done = self._hall.server.say(who, chat=act.chat, text=act.text, reply_to=act.reply)
            case Press():
                done = self._hall.server.press(who, chat=act.chat, ref=act.ref, token=act.token)
        return done.value if isinstance(done, Refusal) else None

    async def _pull(self, act: Pull) -> None:
        desk = self._hall.desk
        lever = next((lever for lever in desk.levers() if lever.name == act.name), None) if desk.demo else None
        answer: dict[str, Any] = {"ok": False}
        if lever is None or not act.parameters.keys() <= lever.parameters.keys():
            answer["why"] = "lever" if desk.demo else "read_only"
        else:
            try:
                async with asyncio.timeout(_PULL_S):
                    answer = {"ok": True, "text": await desk.pull(act.name, act.parameters)}
            except SourceError as error:
                answer["text"] = str(error)
            except TimeoutError:
                answer["why"] = "silent"
        await self._send({"t": "pulled", "key": act.key} | answer)

    async def _tell_on(self) -> None:
        while True:
            self._ear.wake.clear()
            await self._tell()
            try:
                async with asyncio.timeout(BOARD_S):
                    await self._ear.wake.wait()
                await asyncio.sleep(_GATHER_S)
            except TimeoutError:
                continue

    async def _tell(self) -> None:
        if self._news is None:
            return
        toasts = list(self._ear.toasts)
        self._ear.toasts.clear()
        frame = self._news.next(time.monotonic(), visible=self._visible, toasts=toasts)
        if frame is not None:
            await self._send(frame)

    async def _send(self, frame: dict[str, Any]) -> None:
        await self._socket.send_json(frame)


def _chosen(wanted: str | None, allowed: list[str]) -> str | None:
    """What was asked for if it is allowed, else the first that is."""
    return wanted if wanted in allowed else next(iter(allowed), None)
