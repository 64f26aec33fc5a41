"""``make bench``: every figure of the README, one after the other, each in a process of its own. About half an hour."""

import subprocess
import sys

RUNS = (
    ("benchmarks.start",),
    ("benchmarks.latency", "--minutes", "10", "--on-delay", "2"),
    ("benchmarks.latency", "--minutes", "10", "--on-delay", "1"),
    ("benchmarks.answer",),
    ("benchmarks.model_overhead",),
    ("benchmarks.year",),
    ("benchmarks.measure",),
    ("benchmarks.positions",),
    ("benchmarks.replay",),
)

for run in RUNS:
    print(f"\n== python -m {' '.join(run)}", flush=True)
    if subprocess.run([sys.executable, "-m", *run], check=False).returncode != 0:
        sys.exit(f"{run[0]} failed")
