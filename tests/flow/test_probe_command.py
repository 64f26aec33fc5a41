"""``xiaoliuzi probe`` on a real depot: what a gauger reads on a narrow terminal."""

import asyncio
import shutil
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from datasources.workspace import retarget
from tests.fakes.stage import HOST, ROOT, depot


async def test_every_quantity_stands_on_a_line_of_its_own_with_registers_value_and_tonnes(tmp_path: Path) -> None:
    async with depot() as at:
        target = tmp_path / "w"
        shutil.copytree(ROOT / "examples" / "demo", target)
        retarget(target, modbus={s: (HOST, p) for s, p in at.modbus.items()}, http=at.url)
        asked = (sys.executable, "-m", "bot", "probe", str(target), "minchu")
        process = await asyncio.create_subprocess_exec(
            *asked, cwd=ROOT, stdout=PIPE, stderr=PIPE, env={"COLUMNS": "80", "PATH": "/usr/bin"}
        )
        printed, complaint = (part.decode() for part in await asyncio.wait_for(process.communicate(), 60))
    assert process.returncode == 0, complaint
    [level] = [line for line in printed.splitlines() if line.startswith("V203 ") and " level " in line]
    assert "FC3" in level
    assert "0x" in level
    assert level.rstrip().endswith(" t")
    assert len({line.split()[0] for line in printed.splitlines()}) == 18
