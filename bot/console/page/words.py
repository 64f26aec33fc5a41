"""The page's words, read once from the messages' home. Nothing here writes a sentence."""

import tomllib
from pathlib import Path
from typing import Any

WORDS_FILE = Path(__file__).parents[2] / "messages" / "zh" / "console.toml"

Words = dict[str, Any]


def load_words(path: Path = WORDS_FILE) -> Words:
    """Words by key, as nested dicts and lists of plain values, in the file's order."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
