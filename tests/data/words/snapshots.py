"""Compares a rendered message with its file here. UPDATE_SNAPSHOTS=1 in the environment writes the files anew."""

import os
from pathlib import Path

from domain.message import OutMessage

HERE = Path(__file__).parent


def shown(message: OutMessage) -> str:
    """The text, then whom it notifies and what it offers."""
    people = " ".join(m.person_id for m in message.mentions) or "-"
    buttons = " ".join(f"[{b.label}]" for b in message.buttons) or "-"
    return f"{message.text}\n---\nnotifies: {people}\nbuttons: {buttons}\n"


def assert_snapshot(name: str, message: OutMessage) -> None:
    """The message is what ``name``.txt shows."""
    file = HERE / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        file.write_text(shown(message), encoding="utf-8")
    assert file.exists(), f"no snapshot {name}: run with UPDATE_SNAPSHOTS=1 and read what it wrote"
    assert shown(message) == file.read_text(encoding="utf-8")
