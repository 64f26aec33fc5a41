"""A chat platform in memory: it shows what people see, remembers every attempt, and fails as a script says."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.ports import ChannelNotice
from domain.errors import SourceError
from domain.message import Address, Caps, Crowd, Inbound, OutMessage, SendResult, Sent, Unknown

CAPS = Caps(
    text_limit=4096,
    mentions_notified=50,
    can_edit=True,
    per_chat_seconds=0.0,
    per_chat_per_minute=100_000,
    per_second=100_000,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as a chat shows it now. notified: person ids at its arrival. edits: how often it was rewritten."""

    ref: str
    chat: str
    text: str
    notified: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    reply_to: str | None
    edits: int = 0

    def token(self, label: str) -> str:
        """What the button with this label sends back."""
        return dict(self.buttons)[label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A script's step: the answer is lost on the way back. arrived: people see the message all the same."""

    arrived: bool


@dataclass(slots=True)
class HeldChannel:
    """Implements ``bot.ports.Channel``. It outlives the bot's process, as a platform does."""

    caps: Caps = CAPS
    platform: str = "telegram"
    shown: dict[str, Shown] = field(default_factory=dict)
    attempts: list[tuple[str, OutMessage]] = field(default_factory=list)
    toasts: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    hanging: dict[str, asyncio.Event] = field(default_factory=dict)
    hung: asyncio.Event = field(default_factory=asyncio.Event)
    crowds: dict[str, Crowd | SourceError] = field(default_factory=dict)
    _script: defaultdict[str, deque[SendResult | Lost]] = field(default_factory=lambda: defaultdict(deque))

    def then(self, chat: str, *outcomes: SendResult | Lost) -> None:
        """The next attempts in this chat (the platform's id) end so; after that everything arrives again."""
        self._script[chat].extend(outcomes)

    def healthy(self) -> None:
        """Forget what was scripted."""
        self._script.clear()

    def hang(self, chat: str) -> asyncio.Event:
        """Attempts in this chat wait until the event is set; ``hung`` is set once one does."""
        self.hanging[chat] = asyncio.Event()
        return self.hanging[chat]

    def show_hung(self, chat: str) -> None:
        """The attempt that hangs in this chat has reached it; only its answer has not come back."""
        self._show(chat, next(message for to, message in reversed(self.attempts) if to == chat))

    def of(self, chat: str) -> list[Shown]:
        """What the chat shows, oldest first."""
        return [m for m in self.shown.values() if m.chat == chat]

    async def start(self) -> list[ChannelNotice]:
        """Always there."""
        return []

    async def send(self, to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> SendResult:
        """One attempt."""
        self.attempts.append((to.id, message))
        if to.id in self.hanging:
            self.hung.set()
            await self.hanging[to.id].wait()
        await asyncio.sleep(0)
        outcome = self._script[to.id].popleft() if self._script[to.id] else None
        if outcome is None or outcome == Lost(arrived=True):
            assert all(m.person_id in addresses for m in message.mentions), "a mention without an address"
            ref = self._show(to.id, message)
            return Sent(ref=ref) if outcome is None else Unknown(why="answer lost")
        return Unknown(why="answer lost") if isinstance(outcome, Lost) else outcome

    def _show(self, chat: str, message: OutMessage) -> str:
        earlier = self.shown.get(message.edits) if message.edits is not None else None
        assert earlier is None or earlier.chat == chat
        ref = earlier.ref if earlier is not None else f"{chat}/{len(self.shown) + 1}"
        buttons = tuple((b.label, b.token) for b in message.buttons)
        if earlier is not None:
            self.shown[ref] = replace(earlier, text=message.text, buttons=buttons, edits=earlier.edits + 1)
        else:
            notified = tuple(m.person_id for m in message.mentions)
            self.shown[ref] = Shown(
                ref=ref, chat=chat, text=message.text, notified=notified, buttons=buttons, reply_to=message.reply_to
            )
        return ref

    async def events(self) -> AsyncIterator[Inbound]:
        """Nothing by itself: the stage hands events to the inbox."""
        for nothing in ():
            yield nothing

    async def done(self, inbound: Inbound) -> None:
        """The event is forgotten."""
        self.forgotten.append(inbound.event_id)

    async def aside(self, inbound: Inbound) -> None:
        """Nothing waits for an event to be done."""

    async def crowd(self, chat: Address, people: Sequence[str]) -> Crowd:
        """As ``crowds`` has it by the platform's id; else everybody who is asked for, and nobody else."""
        found = self.crowds.get(chat.id, Crowd(members=len(people), present=frozenset(people), admins=frozenset()))
        if isinstance(found, SourceError):
            raise found
        return found

    async def answer_press(self, inbound: Inbound, text: str) -> None:
        """Show a line to whoever pressed."""
        self.toasts.append((inbound.sender.id, text))

    async def close(self) -> None:
        """Nothing to close."""
