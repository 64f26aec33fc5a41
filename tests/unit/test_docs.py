"""The documents tell the truth about names that the code defines; nothing a user can type or read is undocumented."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import app
from domain.contract import AlertKind
from rules.registry import REGISTRY
from skills.registry import SKILLS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
ROOMS = ("bot", "skills", "rules", "datasources", "store", "domain")


@pytest.mark.parametrize(
    "command", sorted(c.name or c.callback.__name__ for c in app.registered_commands if c.callback)
)
def test_every_command_is_in_both_readmes(command: str) -> None:
    typed = "make demo" if command == "demo" else f"xiaoliuzi {command} "
    assert typed in README
    assert typed in CHINESE


@pytest.mark.parametrize("rule", [r.name.split("/")[0] for r in REGISTRY])
def test_every_rule_is_in_the_architecture(rule: str) -> None:
    assert f"`{rule}`" in ARCHITECTURE


def test_every_kind_of_alert_belongs_to_one_rule() -> None:
    kinds = [k for r in REGISTRY for k in r.kinds]
    assert sorted(kinds) == sorted(AlertKind)


def test_every_skill_says_what_it_is_for_and_how_people_ask() -> None:
    for skill in SKILLS:
        assert skill.purpose, skill.name
        assert len(skill.examples) >= 3, skill.name
        assert re.fullmatch(r"[a-z]{2,32}", skill.command), skill.command


@pytest.mark.parametrize("document", ["docs/architecture.md", "README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for name in re.findall(r"`((?:bot|skills|rules|datasources|store|domain|tests|docs)/[\w/.*-]+)", text):
        path = name.rstrip("./")
        assert list(ROOT.glob(path)), f"{document} names {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_and_class_has_a_docstring(room: str) -> None:
    bare = []
    for path in sorted((ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        nested = {id(n) for f in functions for n in ast.walk(f) if n is not f}
        for node in [*functions, *(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef))]:
            public = not node.name.startswith("_") and id(node) not in nested
            if public and ast.get_docstring(node) is None:
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not bare, bare


def test_the_two_lists_of_dependencies_agree_and_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [x for x in (ROOT / "dev-requirements.txt").read_text("utf-8").splitlines() if x and not x.startswith("#")]
    assert set(project["dependencies"]) <= set(lines)
    pinned = {re.split(r"[=;\s]", x)[0] for x in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    names = {re.split(r"[<>=,]", x)[0] for x in lines}
    assert {n.lower().replace(".", "-") for n in names} <= {p.replace(".", "-") for p in pinned}


def test_no_constraint_names_a_place_to_download_from() -> None:
    assert not re.search(r"https?:|file:|@ ", (ROOT / "constraints.txt").read_text("utf-8"))
