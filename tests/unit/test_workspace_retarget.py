"""Pointing a copy elsewhere changes addresses and nothing else."""

from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path

import pytest

from datasources.workspace import retarget
from domain.errors import WorkspaceInvalid
from tests.fakes.mistakes import SOUND, change, copy_of_sound, found

MODBUS = {"north": ("127.0.0.1", 40001), "south": ("localhost", 40002)}
AS_OF = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)
EXPOSURE_OF_B = (
    '+exposure: {principal: 3000000.00, basis: principal, as_of: "2026-03-12T07:30:00+00:00", source: 信贷系统, '
    "stale_after_hours: 26}"
)


def changed_lines(copy: Path) -> list[str]:
    lines: list[str] = []
    for path in sorted(SOUND.rglob("*.*")):
        before = path.read_text(encoding="utf-8").splitlines()
        after = (copy / path.relative_to(SOUND)).read_text(encoding="utf-8").splitlines()
        lines += [
            line for line in unified_diff(before, after, n=0, lineterm="") if line[0] == "+" and line[:3] != "+++"
        ]
    return lines


def test_addresses_ports_and_balances_move_and_comments_stay(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)

    retarget(copy, modbus=MODBUS, http="http://127.0.0.1:40080/", console_port=40443, as_of=AS_OF)

    assert changed_lines(copy) == [
        '+  as_of: "2026-03-12T07:30:00+00:00"   # kept',
        EXPOSURE_OF_B,
        '+feeds: {url: "http://127.0.0.1:40080"}',
        "+    port: 40001",
        "+  - host: localhost",
        "+    port: 40002",
        "+port = 40443   # kept",
        '+url = "http://127.0.0.1:40080/prices"',
    ]
    workspace = found(copy).sound()
    assert [(g.host, g.port) for g in workspace.gateways] == [("127.0.0.1", 40001), ("localhost", 40002)]
    assert workspace.settings.prices[1].location == "http://127.0.0.1:40080/prices"
    assert workspace.settings.console.port == 40443
    assert {c.exposure.as_of for c in workspace.contracts.values()} == {AS_OF}


def test_what_is_not_asked_for_stays(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)

    retarget(copy, modbus={"north": ("127.0.0.1", 15021), "south": ("127.0.0.1", 15022)}, http="http://127.0.0.1:15080")

    assert changed_lines(copy) == []


def test_a_site_without_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceInvalid, match="'south': no address given"):
        retarget(copy_of_sound(tmp_path), modbus={"north": ("127.0.0.1", 1)}, http="http://127.0.0.1:1")


def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceInvalid, match="no time zone"):
        retarget(
            copy_of_sound(tmp_path),
            modbus=MODBUS,
            http="http://127.0.0.1:1",
            as_of=datetime(2026, 3, 12),  # noqa: DTZ001
        )


def test_a_port_that_is_not_written_cannot_be_moved(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    change(copy, "sites/south.yaml", "    port: 15022\n", "")

    with pytest.raises(WorkspaceInvalid, match="'port' is not written"):
        retarget(copy, modbus=MODBUS, http="http://127.0.0.1:1")


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    copy = copy_of_sound(tmp_path)
    change(copy, "sites/south.yaml", "gateways:", "gateways: [")

    with pytest.raises(WorkspaceInvalid, match=r"south\.yaml"):
        retarget(copy, modbus=MODBUS, http="http://127.0.0.1:1")
