"""The page's words, read once from the messages' home. Nothing here writes a sentence."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

WORDS_FILE = Path(__file__).parents[2] / "messages" / "zh" / "console.yaml"

Words = dict[str, Any]


def load_words(path: Path = WORDS_FILE) -> Words:
    """Words by key, as nested dicts and lists of plain values."""
    words = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    assert isinstance(words, dict), path.name
    return words
