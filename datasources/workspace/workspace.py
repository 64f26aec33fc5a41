"""A bank's workspace as values: everything that its files say, independent of where they lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from datasources.gauges.mapping import Gateway
from datasources.workspace.problem import Problem
from datasources.workspace.settings import Settings
from domain.contract import Contract
from domain.errors import WorkspaceInvalid
from domain.good import Good
from domain.people import Roster
from domain.tank import Site, TankIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """One address that gives the book, work orders and release notices of these sites."""

    url: str
    site_ids: frozenset[str]
    poll_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """All files as read at one moment. Mappings are by id or code, in file order.

    index: all tanks, sites in the order of their file names. content_hash: sha256 over path and content of every
    file read; files: sha256 of each, by path relative to the workspace; contents: their bytes. Paths in ``settings`` are
    relative too.
    """

    goods: Mapping[str, Good]
    index: TankIndex
    sites: Mapping[str, Site]
    gateways: tuple[Gateway, ...]
    feeds: tuple[Feeds, ...]
    roster: Roster
    contracts: Mapping[str, Contract]
    settings: Settings
    content_hash: str
    files: Mapping[str, str]
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What ``load`` found: the workspace, or None if any problem is an error; and all problems, in file order."""

    workspace: Workspace | None
    problems: tuple[Problem, ...]

    def sound(self) -> Workspace:
        """The workspace. Raises WorkspaceInvalid with every error, a line each."""
        if self.workspace is None:
            raise WorkspaceInvalid("\n".join(str(p) for p in self.problems if p.severity == "error"))
        return self.workspace
