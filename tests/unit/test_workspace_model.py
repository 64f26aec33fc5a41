"""[model] of xiaoliuzi.toml: off unless asked for, the key only in the environment, nothing in clear to strangers."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from datasources.workspace import Loaded, load
from datasources.workspace.settings import ModelSettings
from tests.fakes.mistakes import NOW, SOUND


def loaded(tmp_path: Path, *lines: str) -> Loaded:
    target = tmp_path / "w"
    shutil.copytree(SOUND, target)
    with (target / "xiaoliuzi.toml").open("a", encoding="utf-8") as file:
        file.write("\n[model]\n" + "\n".join(lines) + "\n")
    return load(target, now=NOW)


def test_without_the_block_there_is_no_model() -> None:
    workspace = load(SOUND, now=NOW).workspace
    assert workspace is not None
    assert workspace.settings.model is None


def test_a_block_that_is_not_enabled_means_no_model(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'base_url = "https://api.example.com/v1"')
    assert found.workspace is not None
    assert found.workspace.settings.model is None


def test_two_lines_are_enough_and_the_rest_is_careful(tmp_path: Path) -> None:
    found = loaded(tmp_path, "enabled = true", 'base_url = "https://api.example.com/v1/"', 'name = "qwen3-32b"')
    assert found.workspace is not None
    settings = found.workspace.settings.model
    assert settings == ModelSettings(base_url="https://api.example.com/v1", name="qwen3-32b")
    assert (settings.internal, settings.calls, settings.seconds) == (False, 4, 20.0)


def test_everything_can_be_said(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "enabled = true",
        'base_url = "http://127.0.0.1:8000/v1"',
        'name = "m-1"',
        'fallback = "m-2"',
        "internal = true",
        "stream = true",
        'key_variable = "BANK_MODEL_KEY"',
        "calls = 6",
        "tokens = 9000",
        "seconds = 12.5",
        "cny_per_million_in = 2.00",
        "cny_per_million_out = 8",
    )
    assert found.workspace is not None
    assert found.workspace.settings.model == ModelSettings(
        base_url="http://127.0.0.1:8000/v1",
        name="m-1",
        fallback="m-2",
        internal=True,
        stream=True,
        key_variable="BANK_MODEL_KEY",
        calls=6,
        tokens=9000,
        seconds=12.5,
        cny_per_million_in=Decimal("2.00"),
        cny_per_million_out=Decimal(8),
    )


@pytest.mark.parametrize(
    ("lines", "wrong", "instead"),
    [
        (["enabled = true", 'name = "m"'], "base_url: is missing", "or enabled = false"),
        (["enabled = true", 'base_url = "https://a.cn/v1"'], "name: is missing", "write name ="),
        (["enabled = true", 'name = "m"', 'base_url = "http://a.cn/v1"'], "would travel in clear", "write https"),
        (['base_url = "https://u:p@a.cn/v1"'], "user name or password", "environment"),
        (['key_variable = "sk-abcdefghijklmnopqrst"'], "not the name of an environment variable", "never the key"),
        (['api_key = "sk-abcdefghijklmnopqrst"'], "", "OPENAI_API_KEY"),
        (["calls = 0"], "out of range", "1 to 20"),
        (["seconds = 500"], "out of range", "at most 120"),
        (['internal = "yes"'], "yes/no", "true or false"),
    ],
)
def test_a_mistake_is_told_with_its_remedy_and_without_the_secret(
    tmp_path: Path, lines: list[str], wrong: str, instead: str
) -> None:
    found = loaded(tmp_path, *lines)
    assert found.workspace is None
    told = "\n".join(map(str, found.problems))
    assert wrong in told
    assert instead in told
    assert "abcdefghij" not in told


def test_an_own_endpoint_in_clear_is_only_warned_of(tmp_path: Path) -> None:
    found = loaded(tmp_path, "enabled = true", "internal = true", 'name = "m"', 'base_url = "http://10.0.0.9/v1"')
    (problem,) = found.problems
    assert (problem.severity, "in clear" in problem.wrong) == ("warning", True)
    assert found.workspace is not None
