"""A workspace's files as far as they could be read, each by itself: the material of the cross-checks."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic

from datasources.workspace.contracts import ContractFile
from datasources.workspace.days import CALENDAR, CalendarFile
from datasources.workspace.folder import Folder
from datasources.workspace.goods import GoodsFile
from datasources.workspace.part import P, Sheet, read
from datasources.workspace.people import PeopleFile
from datasources.workspace.problem import Problem
from datasources.workspace.quotes import Refs, read_quotes
from datasources.workspace.settings_file import FILE, SettingsFile
from datasources.workspace.sites import SiteFile, read_tables
from datasources.workspace.tanks import Tables
from datasources.workspace.toml import toml_tree
from datasources.workspace.tree import Section, TreeError, yaml_tree

GOODS, PEOPLE = "goods.yaml", "people.yaml"


@dataclass(slots=True, kw_only=True)
class Group(Generic[P]):
    """All files of one kind. ``whole``: none of them was unreadable, so an unknown name is really unknown."""

    sheets: list[Sheet[P]] = field(default_factory=list)
    whole: bool = True

    def names(self, listing: str, key: str) -> set[str] | None:
        """What the elements of a list call themselves in all files; None if one could not be read."""
        return {n for s in self.sheets for n in s.declared(listing, key)} if self.whole else None

    @property
    def only(self) -> Sheet[P] | None:
        """The one file of its kind, or None if it could not be read."""
        return self.sheets[0] if self.sheets else None


@dataclass(slots=True, kw_only=True)
class Draft:
    """The files as far as they could be read."""

    settings: Group[SettingsFile]
    goods: Group[GoodsFile]
    people: Group[PeopleFile]
    sites: Group[SiteFile]
    contracts: Group[ContractFile]
    calendar: Group[CalendarFile]
    tables: Tables = field(default_factory=dict)
    refs: Refs = field(default_factory=dict)


def read_draft(folder: Folder, now: datetime) -> Draft:
    """Read everything that the directory holds; ``now`` is when the price files are looked at."""
    draft = Draft(
        settings=read_group(folder, SettingsFile, [FILE], toml_tree),
        goods=read_group(folder, GoodsFile, [GOODS]),
        people=read_group(folder, PeopleFile, [PEOPLE]),
        sites=read_group(folder, SiteFile, folder.names("sites", ".yaml")),
        contracts=read_group(folder, ContractFile, folder.names("contracts", ".yaml")),
        calendar=read_group(folder, CalendarFile, [CALENDAR] if os.path.lexists(folder.root / CALENDAR) else []),
    )
    draft.tables = read_tables(folder, draft.sites.sheets)
    if draft.settings.only is not None:
        draft.refs = read_quotes(folder, draft.settings.only, now)
    return draft


def read_group(
    folder: Folder, model: type[P], paths: list[str], parse: Callable[[str], Section] | None = None
) -> Group[P]:
    """These files as their model, each as far as it could be read; their mistakes go to the folder's problems."""
    group: Group[P] = Group(whole=bool(paths))
    for path in paths:
        text = folder.text(path)
        root = None
        if text is not None:
            root = _tree(folder, path, text) if parse is None else _parsed(folder, path, text, parse)
        if root is None:
            group.whole = False
        else:
            group.sheets.append(read(model, root, path, folder.problems))
    return group


def _tree(folder: Folder, path: str, text: str) -> Section | None:
    def parse(text: str) -> Section:
        root, repeats = yaml_tree(text)
        for repeat in repeats:
            folder.problems.append(
                Problem(
                    file=path,
                    line=repeat.line,
                    where=repeat.key,
                    wrong=f"{repeat.key!r} is there already, in line {repeat.first_line}",
                    instead="delete one of the two",
                )
            )
        return root

    return _parsed(folder, path, text, parse)


def _parsed(folder: Folder, path: str, text: str, parse: Callable[[str], Section]) -> Section | None:
    try:
        return parse(text)
    except TreeError as e:
        problem = Problem(file=path, line=e.line, where="", wrong=e.wrong, instead=e.instead)
        folder.problems.append(problem)
        return None
