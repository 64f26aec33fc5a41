"""The adapters' checklist names things that exist and marks every rule for every adapter."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
TABLES = [
    [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines() if "---" not in line]
    for block in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
]
RULES, MARKS, ADAPTERS = TABLES[:3]


def test_every_rule_is_marked_for_every_adapter_and_each_exemption_has_a_reason():
    assert [row[0] for row in MARKS] == [row[0] for row in RULES]
    assert MARKS[0][1:] == [row[0] for row in ADAPTERS[1:]]
    for row in MARKS[1:]:
        assert len(row) == len(MARKS[0])
        assert all(re.fullmatch(r"done|exempt: .{10,}", mark) for mark in row[1:]), row


def test_every_file_that_the_checklist_names_exists():
    named = [path for row in ADAPTERS[1:] for cell in row[1:] for path in re.findall(r"`([^`]+)`", cell)]

    assert len(named) >= 2 * len(ADAPTERS[1:])
    assert [path for path in named if not (ROOT / path).exists()] == []
