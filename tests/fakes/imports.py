"""What tests of ``xiaoliuzi import`` bring in, and how they read its answer."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.typed import typed

ROOT = Path(__file__).parents[2]


def demo_copy(target):
    """The demo's workspace with its console on any free port."""
    shutil.copytree(ROOT / "examples" / "demo", target)
    settings = target / "xiaoliuzi.toml"
    settings.write_text(settings.read_text("utf-8").replace("port = 8080", "port = 0"), "utf-8")
    return target


def brought(directory, kind, file, *options):
    """Exit code and the answer for machines."""
    done = typed("import", directory, kind, file, "--json", *options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def counts(answer):
    return answer["rows"], answer["added"], answer["already"], answer["bad"]


def history(path, rows):
    """So many minute readings of one tank after the other minute, of eight tanks."""
    tanks = ("V201", "V202", "V203", "V204", "V205", "V206", "V207", "V208")
    begin = datetime(2025, 3, 12, tzinfo=UTC)
    with path.open("w", encoding="utf-8") as file:
        file.write("tank,taken_at,level_mm,water_mm,temp_c\n")
        for n in range(rows):
            at = begin + timedelta(minutes=n // len(tanks))
            file.write(f"{tanks[n % len(tanks)]},{at.isoformat()},{1000 + n % 700},0,20.5\n")
