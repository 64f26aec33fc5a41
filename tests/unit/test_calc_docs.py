"""docs/calc.md is true: every flag stands in it, and every example prints what it shows."""

import re
from pathlib import Path

import pytest

from bot.command.calc.commands import COMMANDS
from bot.command.calc.flag import Flag, Kind
from tests.fakes.calculator import Calculator

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "calc.md").read_text("utf-8")
BLOCKS = [block for block in re.findall(r"^```\n(.*?)^```$", TEXT, re.S | re.M) if block.startswith("$ ")]
FLAGS = [(command.name, flag) for command in COMMANDS for flag in command.flags]
PRINTED = re.compile(r"打印时间 [\d-]+ [\d:]+")


@pytest.mark.parametrize(("name", "flag"), FLAGS, ids=lambda x: x.name if isinstance(x, Flag) else x)
def test_every_flag_stands_in_the_section_of_its_subcommand(name: str, flag: Flag) -> None:
    section = TEXT.split(f"\n## {name}\n")[1].split("\n## ")[0]
    for typed in [flag.name.upper()] if flag.kind is Kind.PLACE else flag.options:
        assert f"`{typed}`" in section
    assert flag.help in section


@pytest.mark.parametrize("flag", ["--json", "--batch FILE", "--out FILE", "--rounded"])
def test_what_all_share_is_told_once(flag: str) -> None:
    assert f"| `{flag}` |" in TEXT


def test_every_subcommand_has_an_example() -> None:
    shown = {line.split()[3] for block in BLOCKS for line in block.splitlines() if line.startswith("$ xiaoliuzi calc ")}
    assert shown == {command.name for command in COMMANDS}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[-1][:20])
def test_an_example_prints_what_the_page_shows(
    block: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    calc = Calculator(capsys, tmp_path)
    for example in block.removeprefix("$ ").split("\n$ "):
        typed, _, expected = example.partition("\n")
        if typed.startswith("cat "):
            (tmp_path / typed.split()[1]).write_text(expected + "\n", "utf-8")
            continue
        _, out, err = calc(typed.removeprefix("xiaoliuzi calc "))
        assert PRINTED.sub("", out + err).rstrip("\n") == PRINTED.sub("", expected).rstrip("\n")
