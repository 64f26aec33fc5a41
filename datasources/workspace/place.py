"""Where in a file something stands: the line, and a path that a person recognises; and who writes mistakes down."""

from dataclasses import dataclass

from datasources.workspace.problem import Problem, Severity, suggestion
from datasources.workspace.secret import SECRET_KEYS
from datasources.workspace.tree import Listing, Node, Scalar, Section

NAMING_KEYS = ("id", "code", "no", "ref", "tank", "person", "kind", "name")
Key = str | int


@dataclass(frozen=True, slots=True)
class Clerk:
    """Writes down the mistakes of one file. places: the path of every block of its tree."""

    file: str
    root: Section
    problems: list[Problem]
    places: dict[int, str]

    def unknown(self, section: Section, key: str, known: list[str]) -> None:
        """A key that nobody reads, usually a misspelling."""
        instead = suggestion(key, known, add="delete it")
        if key.lower() in SECRET_KEYS:
            instead = f"delete it and set the environment variable {SECRET_KEYS[key.lower()]}"
        elif "：" in key:
            instead = "write an ASCII colon and a space in place of '：'"
        self.say(section, (key,), wrong="is an unknown key", instead=instead, severity="error")

    def missing(self, section: Section, key: str, remedy: str | None) -> None:
        """A key that must be there, or has no value."""
        instead = f"write '{key}: …', {remedy}" if remedy else f"write '{key}: …'"
        self.say(section, (key,), wrong="is missing or empty", instead=instead, severity="error")

    def say(self, start: Section, keys: tuple[Key, ...], *, wrong: str, instead: str, severity: Severity) -> None:
        """A problem at a place below ``start``, as far down as the file goes."""
        self.problems.append(
            Problem(
                file=self.file,
                line=_line(start, keys),
                where=_below(start, self.places.get(id(start), ""), keys),
                wrong=wrong,
                instead=instead,
                severity=severity,
            )
        )


def _line(start: Section, keys: tuple[Key, ...]) -> int:
    node: Node = start
    line = start.line
    for key in keys:
        match node:
            case Section() if key in node.entries:
                line, node = node.key_lines[str(key)], node.entries[str(key)]
            case Listing() if isinstance(key, int) and key < len(node.items):
                node = node.items[key]
                line = node.line
            case _:
                break
    return line


def places_in(root: Section) -> dict[int, str]:
    """The path of every block below a root, as a person recognises it (tanks[T-107]), by the block's identity."""
    found = {id(root): ""}
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, words = waiting.pop()
        below: list[tuple[Key, Node]] = []
        if isinstance(node, Section):
            below = list(node.entries.items())
        elif isinstance(node, Listing):
            below = list(enumerate(node.items))
        for key, child in below:
            if not isinstance(child, Scalar):
                path = _extended(words, key, child)
                found[id(child)] = path
                waiting.append((child, path))
    return found


def _extended(words: str, key: Key, node: Node | None) -> str:
    if isinstance(key, int):
        return f"{words}[{_name(node) or key + 1}]"
    return f"{words}.{key}" if words else key


def _below(start: Section, words: str, keys: tuple[Key, ...]) -> str:
    """The path of a place below ``start``, whose own path is ``words``."""
    node: Node | None = start
    for key in keys:
        match node:
            case Section():
                node = node.entries.get(str(key))
            case Listing() if isinstance(key, int) and key < len(node.items):
                node = node.items[key]
            case _:
                node = None
        words = _extended(words, key, node)
    return words


def _name(node: Node | None) -> str | None:
    if not isinstance(node, Section):
        return None
    named = (node.entries.get(key) for key in NAMING_KEYS)
    return next((n.text for n in named if isinstance(n, Scalar) and n.text), None)
