"""Points a copy of a workspace at other addresses, comments and all else kept: for the demo and for tests."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from datasources.workspace.settings_file import FILE
from datasources.workspace.toml import key_lines, toml_tree
from datasources.workspace.tree import Listing, Node, Scalar, Section, TreeError, yaml_tree
from domain.errors import WorkspaceInvalid

Edit = tuple[Scalar, str]
EditMaker = Callable[[Section], Iterable[Edit]]
_TOML_VALUE = re.compile(r"(=\s*)([^#]*?)(\s*(?:#.*)?)$")


def retarget(
    directory: Path,
    *,
    modbus: Mapping[str, tuple[str, int]],
    http: str,
    console_port: int | None = None,
    as_of: datetime | None = None,
) -> None:
    """Rewrite a workspace in place.

    modbus: host and port by site id. http: scheme, host and port that all feeds and price sources get, paths kept.
    as_of: when the lender stated the balances of all contracts; must be aware. Raises WorkspaceInvalid for files
    that cannot be read or do not have what is to be written.
    """
    for path in sorted((directory / "sites").glob("*.yaml")):
        _rewrite(path, lambda root: _site_edits(root, modbus, http))
    if as_of is not None:
        if as_of.utcoffset() is None:
            raise WorkspaceInvalid(f"as_of {as_of.isoformat()} has no time zone")
        for path in sorted((directory / "contracts").glob("*.yaml")):
            if not path.name.endswith(".test.yaml"):
                _rewrite(path, lambda root: [(_scalar(root, "exposure", "as_of"), f'"{as_of.isoformat()}"')])
    _rewrite_settings(directory / FILE, http, console_port)


def _site_edits(root: Section, modbus: Mapping[str, tuple[str, int]], http: str) -> Iterator[Edit]:
    site = _scalar(root, "site", "id").text or ""
    if site not in modbus:
        raise WorkspaceInvalid(f"site {site!r}: no address given, only for {sorted(modbus)}")
    host, port = modbus[site]
    gateways = root.entries.get("gateways")
    if not isinstance(gateways, Listing) or len(gateways.items) != 1:
        raise WorkspaceInvalid(f"site {site!r}: one gateway is expected")
    yield _scalar(gateways.items[0], "host"), host
    yield _scalar(gateways.items[0], "port"), str(port)
    if "feeds" in root.entries:
        url = _scalar(root, "feeds", "url")
        yield url, f'"{_moved(url.text or "", http)}"'


def _scalar(node: Node, *keys: str) -> Scalar:
    for key in keys:
        if not isinstance(node, Section) or key not in node.entries:
            raise WorkspaceInvalid(f"line {node.line}: {'.'.join(keys)!r} is not written there")
        node = node.entries[key]
    if not isinstance(node, Scalar):
        raise WorkspaceInvalid(f"line {node.line}: {'.'.join(keys)!r} is not one value")
    return node


def _moved(url: str, http: str) -> str:
    return http.rstrip("/") + urlsplit(url).path.rstrip("/")


def _rewrite(path: Path, edits: EditMaker) -> None:
    text = _text(path)
    try:
        root, _ = yaml_tree(text)
    except TreeError as e:
        raise WorkspaceInvalid(f"{path.name!r}: {e}") from e
    for scalar, new in sorted(edits(root), key=lambda edit: -edit[0].start):
        text = text[: scalar.start] + new + text[scalar.end :]
    path.write_bytes(text.encode())


def _rewrite_settings(path: Path, http: str, console_port: int | None) -> None:
    text = _text(path)
    try:
        root = toml_tree(text)
    except TreeError as e:
        raise WorkspaceInvalid(f"{path.name!r}: {e}") from e
    at = key_lines(text)
    lines = text.splitlines(keepends=True)
    if console_port is not None:
        _scalar(root, "console", "port")
        _put(lines, at.get(("console", "port")), str(console_port))
    prices = root.entries.get("prices")
    for i, source in enumerate(prices.items if isinstance(prices, Listing) else []):
        if isinstance(source, Section) and "url" in source.entries:
            _put(lines, at.get(("prices", i, "url")), f'"{_moved(_scalar(source, "url").text or "", http)}"')
    path.write_bytes("".join(lines).encode())


def _put(lines: list[str], number: int | None, value: str) -> None:
    if number is None:
        raise WorkspaceInvalid(f"{FILE}: write [console] and [[prices]] as headers, each key on a line of its own")
    line = lines[number - 1]
    bare = line.rstrip("\r\n")
    lines[number - 1] = _TOML_VALUE.sub(lambda m: m[1] + value + m[3], bare, count=1) + line[len(bare) :]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise WorkspaceInvalid(f"{path.name!r} cannot be read: {e}") from e
