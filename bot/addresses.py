"""Which platform address belongs to which person and chat of the workspace, and where a chat has moved since."""

from collections.abc import Iterable, Mapping

from domain.event import Event
from domain.message import Address, Inbound
from domain.people import Chat, Person, Roster

UNBOUND = "@"
"""A debt to a chat that the workspace does not know names it as @platform:id."""


class Addresses:
    """Both directions of the binding. A Telegram group that became a supergroup keeps its workspace chat."""

    def __init__(self, roster: Roster, *, telegram: bool, moved: Iterable[Event] = ()) -> None:
        """telegram: chats with a Telegram id are served there, all others on the console. moved: chat.moved events."""
        self._roster = roster
        self._telegram = telegram
        self._telegram_ids = {c.id: c.telegram_chat_id for c in roster.chats.values()}
        for event in moved:
            self.move(event.body["chat"], event.body["to"])

    def move(self, chat_id: str, telegram_chat_id: str) -> bool:
        """The chat now lives at a new Telegram id. False: it is no chat of the workspace."""
        if chat_id not in self._telegram_ids:
            return False
        self._telegram_ids[chat_id] = int(telegram_chat_id)
        return True

    def find(self, chat_id: str) -> Address | None:
        """As ``of_chat``; None for a chat that the workspace does not know any more."""
        known = chat_id.startswith(UNBOUND) or chat_id in self._telegram_ids
        return self.of_chat(chat_id) if known else None

    def of_chat(self, chat_id: str) -> Address:
        """Where to send for this chat. Raises KeyError for a chat that is neither bound nor written as unbound."""
        if chat_id.startswith(UNBOUND):
            platform, _, ident = chat_id.removeprefix(UNBOUND).partition(":")
            return Address(platform=platform, id=ident)
        telegram_id = self._telegram_ids[chat_id]
        if self._telegram and telegram_id is not None:
            return Address(platform="telegram", id=str(telegram_id))
        return Address(platform="console", id=chat_id)

    def of_people(self, platform: str) -> Mapping[str, Address]:
        """Person id → address, for everybody who can be mentioned on this platform."""
        people = self._roster.people.values()
        if platform == "console":
            return {p.id: Address(platform=platform, id=p.id) for p in people}
        return {p.id: Address(platform=platform, id=str(p.telegram_id)) for p in people if p.telegram_id is not None}

    def person(self, inbound: Inbound) -> Person | None:
        """The verified sender, or None for a stranger."""
        if inbound.platform == "console":
            return self._roster.people.get(inbound.sender.id)
        return self._roster.by_telegram(int(inbound.sender.id)) if inbound.sender.id.lstrip("-").isdigit() else None

    def chat(self, inbound: Inbound) -> Chat | None:
        """The workspace's chat in which this happened, or None where it is not bound."""
        if inbound.platform == "console":
            return self._roster.chats.get(inbound.chat.id)
        bound = (c for c, t in self._telegram_ids.items() if t is not None and str(t) == inbound.chat.id)
        chat_id = next(bound, None)
        return self._roster.chats[chat_id] if chat_id is not None else None


def unbound(address: Address) -> str:
    """The debt's name for a chat that the workspace does not know."""
    return f"{UNBOUND}{address.platform}:{address.id}"
