"""The starter workspace: passes ``check`` but for the values that its owner must put in, and never overwrites."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.workspace import init, load
from domain.errors import WorkspaceInvalid
from tests.fakes.mistakes import change, line_of

NOW = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


def test_the_starter_has_no_error_and_names_what_is_to_be_replaced(tmp_path: Path) -> None:
    written = init(tmp_path / "new")

    loaded = load(tmp_path / "new", now=NOW)

    assert loaded.workspace is not None
    assert set(loaded.workspace.files) == {
        str(p.relative_to(tmp_path / "new")) for p in written if ".test." not in p.name
    }
    assert [(p.file, p.where.rpartition(".")[2]) for p in loaded.problems] == [
        *[("people.yaml", "telegram_id")] * 6,
        *[("people.yaml", "telegram_chat_id")] * 2,
        ("sites/north.yaml", "host"),
        ("contracts/example.yaml", "as_of"),
    ]
    assert all("替换" in line_of(tmp_path / "new", problem) for problem in loaded.problems)


def test_with_the_values_put_in_the_starter_is_silent(tmp_path: Path) -> None:
    init(tmp_path)
    change(tmp_path, "xiaoliuzi.toml", "enabled = true", "enabled = false")
    change(tmp_path, "sites/north.yaml", "host: 192.0.2.10", "host: 10.1.2.3")
    change(tmp_path, "contracts/example.yaml", "as_of: 2026-01-01T09:00:00", "as_of: 2026-03-12T09:00:00")

    assert load(tmp_path, now=NOW).problems == ()


def test_an_empty_directory_is_filled(tmp_path: Path) -> None:
    assert tmp_path / "xiaoliuzi.toml" in init(tmp_path)


def test_a_directory_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "goods.yaml").write_text("mine", encoding="utf-8")

    with pytest.raises(WorkspaceInvalid, match="not empty"):
        init(tmp_path)

    assert [p.name for p in tmp_path.iterdir()] == ["goods.yaml"]


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    with pytest.raises(WorkspaceInvalid, match="cannot be written"):
        init(tmp_path / "file")
