"""The long lists of words and characters that tell a name from a word, read once from the text files beside."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=4)
def words(name: str) -> frozenset[str]:
    """All words of ``<name>.txt``."""
    return frozenset(_text(name).split())


@lru_cache(maxsize=8)
def characters(name: str, kind: str) -> frozenset[str]:
    """The characters of ``<name>.txt`` in the lines that begin with ``kind``."""
    lines = (line.split() for line in _text(name).splitlines())
    return frozenset(c for first, signs in lines if first == kind for c in signs)


def _text(name: str) -> str:
    return files("bot.model").joinpath(f"{name}.txt").read_text("utf-8")
