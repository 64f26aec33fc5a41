"""``xiaoliuzi probe`` on a real depot: what a gauger reads on a narrow terminal."""

import shutil
import subprocess
import sys
from pathlib import Path

from datasources.workspace import retarget
from tests.fakes.stage import HOST, ROOT, depot


async def test_every_quantity_stands_on_a_line_of_its_own_with_registers_value_and_tonnes(tmp_path: Path) -> None:
    async with depot() as at:
        target = tmp_path / "w"
        shutil.copytree(ROOT / "examples" / "demo", target)
        retarget(target, modbus={s: (HOST, p) for s, p in at.modbus.items()}, http=at.url)
        done = subprocess.run(
            [sys.executable, "-m", "bot", "probe", str(target), "minchu"],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env={"COLUMNS": "80", "PATH": "/usr/bin"},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [level] = [line for line in done.stdout.splitlines() if line.startswith("V203 ") and " level " in line]
    assert "FC3" in level
    assert "0x" in level
    assert level.rstrip().endswith(" t")
    assert len({line.split()[0] for line in done.stdout.splitlines()}) == 18
