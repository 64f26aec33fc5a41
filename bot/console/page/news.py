"""What one page shows already, and what it must be told next: the difference and nothing more."""

from typing import Any

from bot.board import Desk
from bot.console.page.room import bubble_of, chats_of
from bot.console.page.rows import Rows, changed, rows_of
from bot.console.server import ChatServer

BOARD_S = 1.0  # shortest pause between two boards
_BEAT_S = 5.0  # a silent page is told the time so often, or it takes the line for dead


class News:
    """For one person looking at one chat; a page that changes either starts with new ones. Times: monotonic seconds."""

    def __init__(self, *, desk: Desk, server: ChatServer, person: str | None, chat: str | None) -> None:
        self._desk = desk
        self._server = server
        self._person = person
        self._log = server.log(chat) if chat is not None else None
        self._rev = 0
        self._chats: list[dict[str, Any]] | None = None
        self._rows: Rows = {}
        self._version: int | None = None
        self._at = 0.0
        self._looked_at: float | None = None
        self._told_at: float | None = None

    def next(self, now: float, *, visible: bool, toasts: list[str]) -> dict[str, Any] | None:
        """The next frame, or None when the page is up to date and knows that the line is alive."""
        news = self._board(now) | self._messages(visible=visible)
        if toasts:
            news["toasts"] = toasts
        if not news and self._told_at is not None and now - self._told_at < _BEAT_S:
            return None
        self._told_at = now
        return {"t": "news", "at": self._at} | news

    def _board(self, now: float) -> dict[str, Any]:
        if self._looked_at is not None and now - self._looked_at < BOARD_S:
            return {}
        self._looked_at = now
        board = self._desk.board(self._person)
        self._at = board.at.timestamp()
        if board.version == self._version:
            return {}
        self._version = board.version
        old, self._rows = self._rows, rows_of(board)
        rows, gone = changed(old, self._rows)
        return {"board": {"set": rows, "gone": gone}} if rows or gone else {}

    def _messages(self, *, visible: bool) -> dict[str, Any]:
        news: dict[str, Any] = {}
        if self._log is not None and self._log.rev != self._rev:
            news["log"] = [bubble_of(b, self._person, self._server) for b in self._log.since(self._rev)]
            self._rev = self._log.rev
        if self._log is not None and self._person is not None and visible:
            self._log.read(self._person)
        chats = chats_of(self._desk, self._server, self._person)
        if chats != self._chats:
            news["chats"] = self._chats = chats
        return news
