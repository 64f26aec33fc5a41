"""Stages on which the channel contract is played: one per platform, each around that platform's fake.

A new platform adds one class here and its name to ``STAGES``.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from bot.channels.telegram import TelegramChannel, Timing
from domain.message import Address, Caps, Inbound, OutMessage, SendResult
from tests.fakes import bot_api_faults as faults
from tests.fakes.bot_api import FakeBotApi

CUT_MARK = "…(已截断,全文见控制台)"
NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
PEOPLE = ("zhao", "li", "wang", "chen", "jian", "lao_zhou")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A message of the bot as people read it now; ``notified`` are person ids, ``picture`` is a PNG's sha256."""

    ref: str
    text: str
    notified: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    reply_to: str | None
    picture: str | None = None


class Channel(Protocol):
    """What the contract asks of a channel."""

    platform: str
    caps: Caps

    async def start(self) -> list[Any]: ...
    async def send(self, to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> SendResult: ...
    def events(self) -> AsyncIterator[Inbound]: ...
    async def done(self, inbound: Inbound) -> None: ...
    async def answer_press(self, inbound: Inbound, text: str) -> None: ...
    async def close(self) -> None: ...


class Stage(AbstractAsyncContextManager["Stage"], Protocol):
    """A platform with a group, six people in it, and one stranger ('stranger', without an address)."""

    group: Address
    addresses: Mapping[str, Address]
    failures: frozenset[str]  # which of the contract's failures this platform can have

    async def channel(self) -> Channel:
        """A new, started channel on the same platform, as after a restart. The stage closes it in the end."""

    def seen(self) -> list[Seen]:
        """Every message of the bot in the group, oldest first, as it reads now."""

    async def say(self, person: str, text: str, *, reply_to: str | None = None) -> None:
        """A person writes in the group."""

    async def press(self, person: str, ref: str, token: str) -> None:
        """A person presses a button."""

    def press_answers(self) -> list[str]:
        """What those who pressed were shown, in order."""

    async def fail_next(self, failure: str) -> None:
        """The next sending ends so: one of ``failures``."""


class TelegramStage:
    """The fake Bot API with one group."""

    group = Address(platform="telegram", id="-1001")
    addresses: Mapping[str, Address] = {
        person: Address(platform="telegram", id=str(user_id)) for user_id, person in enumerate(PEOPLE, start=11)
    }
    failures = frozenset({"throttled", "refused", "moved", "unreachable", "cut_before", "cut_after", "silent"})

    def __init__(self) -> None:
        self.api = FakeBotApi()
        self._channels: list[TelegramChannel] = []

    async def __aenter__(self) -> Self:
        await self.api.__aenter__()
        self.api.world.group(-1001, members=map(int, (a.id for a in self.addresses.values())))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for channel in self._channels:
            await channel.close()
        await self.api.__aexit__(kind, error, trace)

    async def channel(self) -> TelegramChannel:
        """As the bot would make it, with short waits."""
        channel = telegram_channel(self.api)
        self._channels.append(channel)
        await channel.start()
        return channel

    def seen(self) -> list[Seen]:
        """The group's messages."""
        names = {int(address.id): person for person, address in self.addresses.items()}
        return [
            Seen(
                ref=str(m.message_id),
                text=m.text,
                notified=tuple(names[user] for user in m.notified),
                buttons=tuple(m.buttons),
                reply_to=None if m.reply_to is None else str(m.reply_to),
                picture=None if m.photo is None else hashlib.sha256(m.photo).hexdigest(),
            )
            for m in self.api.messages
            if m.chat_id == -1001
        ]

    async def say(self, person: str, text: str, *, reply_to: str | None = None) -> None:
        """Write in the group."""
        replied = None if reply_to is None else int(reply_to)
        await self.api.people.say(-1001, int(self.addresses[person].id), text, reply_to=replied)

    async def press(self, person: str, ref: str, token: str) -> None:
        """Press under a message in the group."""
        await self.api.people.press(-1001, int(self.addresses[person].id), int(ref), token)

    def press_answers(self) -> list[str]:
        """Texts of answerCallbackQuery."""
        return [text for _, text in self.api.press_answers]

    async def fail_next(self, failure: str) -> None:
        """Script a fault."""
        if failure == "unreachable":
            await self.api.vanish()
            return
        fault = {
            "throttled": faults.flooded(7),
            "refused": faults.KICKED,
            "moved": faults.migrated(-2002),
            "cut_before": faults.CUT,
            "cut_after": faults.CUT_AFTER,
            "silent": faults.HANG_AFTER,
        }[failure]
        self.api.fail_next(fault, method="sendMessage|sendPhoto")


STAGES: Mapping[str, type[Stage]] = {"telegram": TelegramStage}


def telegram_channel(api: FakeBotApi, *, token: str | None = None, **more: Any) -> TelegramChannel:
    """A channel to the fake, whose waits are short enough for tests."""
    timing = Timing(
        poll_s=1,
        read_s=0.3,
        connect_s=1.0,
        retry_first_s=0.01,
        retry_max_s=0.02,
        conflict_s=0.01,
        held_s=0.1,
        again_s=0.02,
    )
    settings = {"cut_mark": CUT_MARK, "now": lambda: NOW, "base_url": api.url, "timing": timing} | more
    return TelegramChannel(token or api.token, **settings)


async def take(channel: Channel, count: int, *, commit: bool = True) -> list[Inbound]:
    """The next ``count`` events, each done at once unless told not to. Raises TimeoutError after 5 s."""
    taken: list[Inbound] = []
    events = channel.events()
    async with asyncio.timeout(5):
        while len(taken) < count:
            taken.append(await anext(events))
            if commit:
                await channel.done(taken[-1])
    await events.aclose()
    return taken
