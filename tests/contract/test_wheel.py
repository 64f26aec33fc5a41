"""The wheel holds exactly the packages and the demo, and works in an environment of its own, far from this tree.

Its dependencies are those of ``make dev``: ``tests/unit/test_docs.py`` holds the two lists together.
"""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"bot", "skills", "rules", "datasources", "reports", "prompts", "store", "domain", "depot"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_packages_and_the_demo_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {n.split("/")[0] for n in names if ".dist-info" not in n}
    assert tops == PACKAGES
    demo = {n.removeprefix("bot/example_demo/") for n in names if n.startswith("bot/example_demo/")}
    here = ROOT / "examples" / "demo"
    assert demo == {p.relative_to(here).as_posix() for p in here.rglob("*") if p.is_file()}
    assert not [n for n in names if n.endswith((".duckdb", ".pyc", "run.json"))]


def test_it_holds_the_lists_of_words_beside_the_code_that_reads_them(wheel: Path) -> None:
    lists = {p.relative_to(ROOT).as_posix() for p in (ROOT / "bot" / "model").glob("*.txt")}
    assert lists
    assert lists <= set(zipfile.ZipFile(wheel).namelist())


def test_it_checks_and_runs_the_demo_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    env_dir = tmp_path / "env"
    venv.create(env_dir)  # our own pip installs into it: a pip of its own would take ten seconds to unpack
    python = env_dir / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", str(wheel)], check=True, capture_output=True)
    libraries = Path(sysconfig.get_paths()["purelib"])  # the same set that make dev installs, without this tree
    (next(env_dir.glob("lib/python*/site-packages")) / "libraries.pth").write_text(f"{libraries}\n", "utf-8")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    where = subprocess.run(
        [python, "-c", "import bot, pathlib; print(pathlib.Path(bot.__file__).parent / 'example_demo')"],
        check=True, capture_output=True, text=True, cwd=tmp_path, env=clean,
    ).stdout.strip()  # fmt: skip
    assert Path(where).is_relative_to(env_dir)
    tool = env_dir / "bin" / "xiaoliuzi"
    checked = subprocess.run(
        [tool, "check", where], capture_output=True, text=True, cwd=tmp_path, env=clean, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert "56 tanks" in checked.stdout
    _short_demo(tool, tmp_path, clean)


def _short_demo(tool: Path, cwd: Path, env: dict[str, str]) -> None:
    demo = subprocess.Popen(
        [tool, "demo", "--port", "0"], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert demo.stdout is not None
    try:
        url = next(found[0] for line in demo.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        page = urllib.request.urlopen(url, timeout=10).read().decode()
        assert "小六子" in page
    finally:
        demo.send_signal(signal.SIGTERM)
        _, errors = demo.communicate(timeout=30)
    assert demo.returncode == 0, errors
