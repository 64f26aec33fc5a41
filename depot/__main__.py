"""`python -m depot`: run the simulated tank farm."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import sys
from pathlib import Path

from depot.load import PACKAGED, WorldError
from depot.process import Settings, run


def main(argv: list[str] | None = None) -> int:
    """Give the exit code: 0 after a clean stop, 2 if it could not start."""
    settings = _settings(argv)
    try:
        asyncio.run(run(settings))
    except (WorldError, OSError, RuntimeError) as error:
        sys.stderr.write(f"depot: {error}\n")
        return 2
    return 0


def _settings(argv: list[str] | None) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m depot", description="A simulated tank farm: Modbus TCP and HTTP.")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="a loopback address; no other is taken")
    parser.add_argument("--http-port", type=int, default=0, help="0: a free one")
    parser.add_argument("--modbus-ports", type=_three_ports, default=(0, 0, 0), help="gangchu,minchu,changku; 0: free")
    parser.add_argument("--world", type=Path, default=PACKAGED, help="folder of world files; default: the packaged one")
    parser.add_argument("--seed", type=int, default=1, help="fixes weather and noise")
    parser.add_argument("--tick", type=_tick, default=1.0, help="seconds between register updates, at most 1")
    parser.add_argument("--quiet", action="store_true", help="without the ordinary day's movements")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when standard input is closed")
    given = parser.parse_args(argv)
    return Settings(
        host=given.host,
        http_port=given.http_port,
        modbus_ports=given.modbus_ports,
        world=given.world,
        seed=given.seed,
        tick_s=given.tick,
        quiet=given.quiet,
        exit_with_parent=given.exit_with_parent,
    )


def _loopback(text: str) -> str:
    try:
        if ipaddress.IPv4Address(text).is_loopback:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r}: write a loopback address such as 127.0.0.1")


def _three_ports(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if len(parts) != 3 or not all(p.isdigit() and int(p) < 65536 for p in parts):
        raise argparse.ArgumentTypeError(f"{text!r}: write three ports, for example 0,0,0")
    return tuple(int(p) for p in parts)


def _tick(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r}: write 0.05 to 1 seconds")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
