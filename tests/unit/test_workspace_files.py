"""Files that cannot be read as files: told with place and remedy, bounded, and never hiding the other files' mistakes."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.workspace import Problem, load
from datasources.workspace.folder import MAX_BYTES
from tests.fakes.mistakes import NOW, SOUND, change, copy_of_sound, found

GOODS = "goods.yaml"
A = "contracts/a.yaml"
NORTH = "sites/north.yaml"


def only(workspace: Path, file: str) -> Problem:
    """The one problem of this file; the others may have been hidden by nothing."""
    loaded = found(workspace)
    assert loaded.workspace is None
    (problem,) = [p for p in loaded.problems if p.file == file]
    return problem


@pytest.mark.parametrize(
    ("text", "line", "wrong", "instead"),
    [
        ("", None, "is empty", "xiaoliuzi init"),
        ("\n# only a comment\n", 1, "is empty", "xiaoliuzi init"),
        ("goods: [\n", 2, "is not YAML", "brackets"),
        ("goods:\n\t- {code: A}\n", 2, "indented with a tab", "spaces"),
        ("goods: {code: A\nname: B}\n", 2, "is not YAML", "close the bracket"),
        ("a: b: c\n", 1, "is not YAML", "ASCII colon"),
        ("- a\n- b\n", 1, "is not a block of key: value", "begin with a key"),
        ("goods: []\n---\ngoods: []\n", 2, "second document", "one document"),
        ("goods: &x [a]\nmore: *x\n", 2, "uses the YAML alias *x", "write the value out"),
        ("goods: !!python/object:os.system [a]\n", 1, "uses the YAML tag", "delete the tag"),
        ("goods: " + "[" * 40 + "]" * 40 + "\n", 1, "nested deeper than 16", "flatter"),
        ("? [a, b]\n: c\n", 1, "list or block as key", "plain word"),
        ("goods: \x07\n", 1, "a character that YAML forbids", "control character"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_unreadable_yaml_is_told_with_its_line(
    tmp_path: Path, text: str, line: int | None, wrong: str, instead: str
) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / GOODS).write_text(text, encoding="utf-8")

    problem = only(workspace, GOODS)

    assert (problem.line, problem.severity) == (line, "error")
    assert wrong in problem.wrong
    assert instead in problem.instead


def test_a_repeated_key_is_told_with_both_lines(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, "borrower: trader", "borrower: trader\nlender: bank_b")

    problem = only(workspace, A)

    assert (problem.line, problem.wrong) == (5, "'lender' is there already, in line 3")
    assert problem.instead == "delete one of the two"


def test_a_billion_laughs_is_refused_at_its_first_alias(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    bomb = ['a: &a ["lol"]'] + [f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    (workspace / GOODS).write_text("\n".join(bomb), encoding="utf-8")

    assert only(workspace, GOODS).line == 2


def test_a_file_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    with (workspace / GOODS).open("w") as file:
        file.truncate(10_000_000)

    problem = only(workspace, GOODS)

    assert "is 10,000,000 bytes large" in problem.wrong
    assert f"{MAX_BYTES:,}" in problem.wrong


def test_a_file_in_gbk_is_told_by_its_line(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    text = (workspace / GOODS).read_text(encoding="utf-8")
    (workspace / GOODS).write_bytes(text.encode("gbk"))

    problem = only(workspace, GOODS)

    assert (problem.line, problem.instead) == (2, "save it as UTF-8 (in Excel: CSV UTF-8)")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    for file in (GOODS, "tables/T-1.csv", "prices/daily.csv", "xiaoliuzi.toml"):
        (workspace / file).write_bytes(b"\xef\xbb\xbf" + (workspace / file).read_bytes())

    assert found(workspace).problems == ()


def test_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    for path in workspace.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert found(workspace).problems == ()


def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / GOODS).unlink()
    (workspace / GOODS).symlink_to(workspace / GOODS)

    assert only(workspace, GOODS).wrong == "is a loop of symbolic links"


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / GOODS).rename(tmp_path / GOODS)
    (workspace / GOODS).symlink_to(tmp_path / GOODS)

    assert only(workspace, GOODS).wrong == "lies outside the workspace"


def test_a_link_within_the_workspace_is_followed(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / GOODS).rename(workspace / "goods-2026.yaml")
    (workspace / GOODS).symlink_to("goods-2026.yaml")

    assert found(workspace).problems == ()


def test_a_pipe_or_a_directory_is_no_file(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / GOODS).unlink()
    os.mkfifo(workspace / GOODS)
    (workspace / "people.yaml").unlink()
    (workspace / "people.yaml").mkdir()

    assert only(workspace, GOODS).wrong == "is not a file"
    assert only(workspace, "people.yaml").wrong == "is not a file"


@pytest.mark.parametrize("file", ["xiaoliuzi.toml", GOODS, "people.yaml"])
def test_a_missing_file_is_told_and_nothing_else_is_blamed(tmp_path: Path, file: str) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / file).unlink()

    (problem,) = found(workspace).problems

    assert (problem.file, problem.line, problem.wrong) == (file, None, "is missing")


@pytest.mark.parametrize("folder", ["sites", "contracts"])
def test_a_missing_folder_is_told_and_nothing_else_is_blamed(tmp_path: Path, folder: str) -> None:
    workspace = copy_of_sound(tmp_path)
    shutil.rmtree(workspace / folder)

    (problem,) = found(workspace).problems

    assert (problem.file, problem.wrong) == (f"{folder}/", "has no .yaml file")


def test_no_directory_at_all() -> None:
    loaded = load(SOUND / "nowhere", now=NOW)

    assert loaded.workspace is None
    assert loaded.problems[0].wrong == "is no directory"


def test_a_file_with_the_wrong_ending_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / NORTH).rename(workspace / "sites/north.yml")

    assert "rename it to end in .yaml" in only(workspace, "sites/north.yml").instead


def test_a_contracts_own_tests_are_not_taken_for_a_contract(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / "contracts/a.test.yaml").write_text("cases: []\n", encoding="utf-8")

    assert found(workspace).problems == ()


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, "xiaoliuzi.toml", "port = 8080", "port = ")

    problem = only(workspace, "xiaoliuzi.toml")

    assert (problem.line, problem.instead) == (10, "write key = value; texts in double quotes")


def test_one_broken_file_hides_no_mistake_of_the_others(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    (workspace / NORTH).write_text("site: [", encoding="utf-8")
    change(workspace, "people.yaml", "deputy: wang", "deputy: wong")
    change(workspace, A, "ltv_warn: 0.70", "ltv_warn: 70")
    change(workspace, "contracts/b.yaml", "price_ref: DIESEL-SD", "price_ref: DIESEL")

    told = [(p.file, p.line) for p in found(workspace).problems]

    assert told == [("people.yaml", 11), (NORTH, 1), (A, 20), ("contracts/b.yaml", 10)]


TOKEN = "110201543:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.mark.parametrize(
    ("file", "old", "new", "variable"),
    [
        ("xiaoliuzi.toml", "enabled = true", f'enabled = true  # "{TOKEN}"', "TELEGRAM_BOT_TOKEN"),
        ("people.yaml", "telegram_id: 602", f"telegram_id: {TOKEN}", "TELEGRAM_BOT_TOKEN"),
        ("contracts/a.yaml", "tanks: [T-1, T-2]", f"tanks: [T-1, '{TOKEN}']", "TELEGRAM_BOT_TOKEN"),
        ("sites/south.yaml", "id: S-1", f"id: '{TOKEN}', nmae: x", "TELEGRAM_BOT_TOKEN"),
        ("goods.yaml", "aliases: [柴油]", "aliases: [sk-abcdefghijklmnopqrst]", "OPENAI_API_KEY"),
    ],
)
def test_a_secret_in_a_file_is_refused_and_never_repeated(
    tmp_path: Path, file: str, old: str, new: str, variable: str
) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, file, old, new)

    loaded = found(workspace)

    assert loaded.workspace is None
    assert any(variable in p.instead and p.line is not None for p in loaded.problems)
    said = "\n".join(map(str, loaded.problems))
    assert TOKEN not in said
    assert "sk-abc" not in said


def test_a_key_for_a_secret_points_to_the_environment(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, "xiaoliuzi.toml", "enabled = true", 'enabled = true\ntoken = "x"')

    problem = only(workspace, "xiaoliuzi.toml")

    assert (problem.line, problem.where) == (14, "telegram.token")
    assert "TELEGRAM_BOT_TOKEN" in problem.instead


FILES = sorted(str(p.relative_to(SOUND)) for p in SOUND.rglob("*.*"))
NASTY = [
    "",
    "\t",
    "[",
    "}",
    "~",
    "*a",
    "&a ",
    '"',
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\x00",
    "0x",
    "1e999",
    "-1",
    "万",
    "：",
    "[]",
    "{}",
]


@settings(max_examples=80, deadline=None)
@given(file=st.sampled_from(FILES), at=st.floats(0, 1), cut=st.integers(0, 30), put=st.sampled_from(NASTY))
def test_no_slip_of_the_pen_makes_it_raise(
    tmp_path_factory: pytest.TempPathFactory, file: str, at: float, cut: int, put: str
) -> None:
    workspace = tmp_path_factory.mktemp("slip") / "workspace"
    shutil.copytree(SOUND, workspace)
    text = (workspace / file).read_text(encoding="utf-8")
    start = int(at * len(text))
    (workspace / file).write_text(text[:start] + put + text[start + cut :], encoding="utf-8")

    loaded = found(workspace)

    assert (loaded.workspace is None) == any(p.severity == "error" for p in loaded.problems)
    for problem in loaded.problems:
        assert problem.wrong
        assert problem.instead
        lines = len((workspace / problem.file).read_bytes().splitlines()) if problem.line is not None else 0
        assert problem.line is None or 1 <= problem.line <= lines + 1, str(problem)
    shutil.rmtree(workspace)
