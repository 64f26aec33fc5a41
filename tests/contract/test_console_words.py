"""Every word that the page asks for exists, and every word that exists is asked for."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bot.console
from bot.console.page.words import load_words
from bot.console.server import Refusal
from domain.farm import Quality

CONSOLE = Path(bot.console.__file__).parent
SOURCES = {p.name: p.read_text(encoding="utf-8") for p in (*CONSOLE.glob("static/*.js"), *CONSOLE.glob("page/*.j2"))}
PICKED = re.compile(r"const \{ ([\w, ]+) \} = (?:this\.)?(?:state\.)?words\.(\w+);")


def asked() -> Iterator[tuple[str, str]]:
    for name, text in SOURCES.items():
        for keys, table in PICKED.findall(text):
            yield from ((name, f"{table}.{key}") for key in keys.split(", "))
        for path in re.findall(r"\bwords\.(\w+(?:\.\w+)*)", PICKED.sub("", text)):
            yield name, path.removesuffix(".items")  # a template's loop over a table


def found(path: str) -> Any:
    """The words at ``path``, or the table of which the page picks one by a computed key or passes whole."""
    words: Any = load_words()
    for key in path.split("."):
        if not isinstance(words, dict):
            return words  # a method of a string or a list
        words = words[key]
    return words


def test_every_word_that_the_page_asks_for_exists() -> None:
    missing = []
    for name, path in asked():
        try:
            found(path)
        except KeyError:
            missing.append(f"{name}: words.{path}")
    assert missing == []


def test_every_word_is_asked_for() -> None:
    paths = {path for _, path in asked()}
    tables = {p for p in paths if isinstance(found(p), dict)}
    unused = [
        f"{table}.{key}"
        for table, words in load_words().items()
        if isinstance(words, dict) and table not in tables
        for key in words
        if not any(p == f"{table}.{key}" or p.startswith(f"{table}.{key}.") for p in paths)
    ]
    assert unused == []


def test_every_refusal_and_every_quality_bit_has_its_words() -> None:
    words = load_words()
    assert {r.value for r in Refusal} | {"read_only", "lever", "silent"} == set(words["refusals"])
    assert {q.name for q in Quality if q} == set(words["quality"])
    assert "{limit}" in words["refusals"]["too_long"]
