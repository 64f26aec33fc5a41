"""A bank's workspace: the directory of files that says what is pledged, to whom it is told, and how it is measured.

``load`` reads it and finds every mistake at once; ``init`` writes a starter; ``retarget`` points a copy elsewhere.
"""

from datasources.workspace.load import load
from datasources.workspace.problem import Problem
from datasources.workspace.retarget import retarget
from datasources.workspace.settings import (
    ConsoleSettings,
    PriceSource,
    RuleSettings,
    Settings,
    StoreSettings,
    TelegramSettings,
)
from datasources.workspace.starter import init
from datasources.workspace.workspace import Feeds, Loaded, Workspace

__all__ = [
    "ConsoleSettings",
    "Feeds",
    "Loaded",
    "PriceSource",
    "Problem",
    "RuleSettings",
    "Settings",
    "StoreSettings",
    "TelegramSettings",
    "Workspace",
    "init",
    "load",
    "retarget",
]
