"""[api] of xiaoliuzi.toml: off by default, never in clear between machines, never on the console's port, no token in a file."""

import pytest

from datasources.workspace.settings import ApiSettings
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

TOML = "xiaoliuzi.toml"
API = "[telegram]\nenabled = true"
TOKEN = "xlz_0123456789ab_" + "x" * 43


def test_without_a_word_nothing_is_open(tmp_path):
    assert found(copy_of_sound(tmp_path)).workspace.settings.api == ApiSettings()
    assert ApiSettings().enabled is False


def test_what_is_written_counts(tmp_path):
    workspace = copy_of_sound(tmp_path)
    written = '[api]\nenabled = true\nhost = "0.0.0.0"\nproxied = true\nport = 9000\nper_minute = 5\nper_day = 50\n\n'
    change(workspace, TOML, API, written + API)
    assert found(workspace).workspace.settings.api == ApiSettings(
        enabled=True, host="0.0.0.0", port=9000, proxied=True, per_minute=5, per_day=50
    )


@cases(
    Mistake(
        name="open to the network",
        file=TOML,
        old=API,
        new='[api]\nhost = "0.0.0.0"\n\n' + API,
        at='host = "0.0.0.0"',
        wrong="api.host: 0.0.0.0 can be reached from other machines, and tokens would travel in clear",
        instead='write host = "127.0.0.1", or proxied = true once only a proxy with TLS can reach it',
    ),
    Mistake(
        name="on the console's port",
        file=TOML,
        old=API,
        new="[api]\nenabled = true\nport = 8080\n\n" + API,
        at="port = 8080",
        wrong="api.port: 8080 is the console's port",
        instead="write another one, e.g. 8081",
    ),
    Mistake(
        name="no quota at all",
        file=TOML,
        old=API,
        new="[api]\nper_minute = 0\n\n" + API,
        at="per_minute = 0",
        wrong="api.per_minute",
        instead="from 1 to 6000",
    ),
)
def test_a_mistake_is_told_in_its_place(mistake, tmp_path):
    assert_told_alone(mistake, tmp_path)


@pytest.mark.parametrize("line", [f'token = "{TOKEN}"', f'host = "{TOKEN}"'])
def test_a_token_in_the_file_is_refused_and_not_repeated(tmp_path, line):
    workspace = copy_of_sound(tmp_path)
    change(workspace, TOML, API, f"[api]\n{line}\n\n{API}")

    loaded = found(workspace)

    assert loaded.workspace is None
    assert TOKEN not in "\n".join(map(str, loaded.problems))
