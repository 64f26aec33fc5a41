"""How many requests of one token may be under way together: one program in a hurry keeps no other, and no chat, waiting."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from bot.api.problem import Problem, problem

MOST = 4


class AtOnce:
    """Counts what is under way, by token. In memory."""

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one(self, token: str) -> Iterator[Problem | None]:
        """While one request of this token is served; the problem where it may not be, and then nothing is counted."""
        if self._under_way[token] >= MOST:
            yield _too_many()
            return
        self._under_way[token] += 1
        try:
            yield None
        finally:
            self._under_way[token] -= 1
            self._under_way += Counter()  # those of which none is under way are forgotten


def _too_many() -> Problem:
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "at_once",
        place="",
        detail=f"{MOST} requests of this token are under way",
        remedy="ask again in a second, with fewer at the same time",
        retry_after_s=1,
    )
