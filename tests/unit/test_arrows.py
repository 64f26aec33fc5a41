"""The house's arrows, read from the imports themselves: who may know whom, and what the pure rooms may not touch."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "skills", "rules", "datasources", "reports", "prompts", "store", "domain", "depot")
MAY_KNOW = {
    "domain": set(),
    "rules": {"domain"},
    "datasources": {"domain"},
    "store": {"domain"},
    "reports": {"domain"},
    "prompts": set(),
    "depot": set(),
    "skills": {"domain", "rules", "reports"},
    "bot": {"domain", "rules", "datasources", "store", "reports", "skills", "prompts"},
}
ONLY_IN = {
    "duckdb": ("store",),
    "apscheduler": ("bot/schedule.py",),
    "telegram": ("bot/channels/telegram",),
    "pymodbus": ("datasources/gauges", "depot"),
    "starlette": ("bot/console", "bot/api", "bot/command/serving.py", "depot"),
    "uvicorn": ("bot/command/serving.py", "depot"),
    "httpx": ("datasources", "bot/channels", "bot/cli.py", "bot/command", "bot/demo.py", "bot/levers.py"),
    "ruamel": ("datasources/workspace", "depot"),
    "matplotlib": ("reports/charts",),
    "fontTools": ("reports/fonts",),
    "rapidfuzz": ("skills", "datasources/workspace"),
    "typer": ("bot/cli.py", "bot/command"),
    "rich": ("bot/cli.py", "bot/command"),
}


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    """Not kept: a million nodes that Python would look through for garbage until the end."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write absolute imports"
            names.add(node.module or "")
    return frozenset(names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_whom_it_may(room: str) -> None:
    for path in files(room):
        ours = {name.split(".")[0] for name in imported(path)} & set(ROOMS)
        assert ours <= MAY_KNOW[room] | {room}, f"{path.relative_to(ROOT)} imports {ours - MAY_KNOW[room] - {room}}"


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_stays_in_its_place(library: str) -> None:
    for room in ROOMS:
        for path in files(room):
            place = path.relative_to(ROOT).as_posix()
            if library in {name.split(".")[0] for name in imported(path)}:
                assert place.startswith(ONLY_IN[library]), f"{place} imports {library}"


@pytest.mark.parametrize("room", ["domain", "rules"])
def test_the_pure_rooms_read_no_clock_and_open_nothing(room: str) -> None:
    for path in files(room):
        names = {name.split(".")[0] for name in imported(path)}
        forbidden = {"asyncio", "os", "io", "pathlib", "socket", "time", "threading", "logging", "random"}
        assert not names & forbidden, f"{path.name} imports {names & forbidden}"
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"open", "print", "input"}, f"{path.name}:{node.lineno} calls {called}"
                assert not called.endswith((".now", ".utcnow", ".today")), f"{path.name}:{node.lineno} reads a clock"


def test_no_cycle_between_the_files_of_a_room() -> None:
    graph = {}
    for room in ROOMS:
        for path in files(room):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            graph[name] = {n for n in imported(path) if n.split(".")[0] == room}
    seen: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"cycle: {' → '.join((*trail, name))}"
        if name not in seen:
            for other in graph.get(name, ()):
                if other in graph and other != name:
                    visit(other, (*trail, name))
            seen.add(name)

    for name in graph:
        visit(name, ())
