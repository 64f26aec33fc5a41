"""The template environment: strict, plain text, with the figures and names that templates may use."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from bot.wording import figures
from bot.wording.plain import named, plain

MESSAGES = Path(__file__).parent.parent / "messages"


class Compiled(BytecodeCache):
    """What a process has compiled once, for every environment after the first."""

    def __init__(self) -> None:
        """Empty."""
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept of this template's very text."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class Names(Protocol):
    """How people call things; a KeyError says that the id is unknown."""

    def good(self, code: str) -> str:
        """A good's name."""

    def tank(self, tank_id: str) -> str:
        """A tank's name."""

    def site(self, site_id: str) -> str:
        """A site's name."""

    def contract(self, contract_id: str) -> str:
        """A contract's short name."""

    def person(self, person_id: str) -> str:
        """Organisation and name, as the group says it."""


def environment(names: Names, language: str = "zh") -> Environment:
    """An environment over ``bot/messages/<language>``. Values given to its templates must be harmless already."""
    # No HTML is made here: messages are plain text, and every text from outside has passed bot.wording.plain.
    env = Environment(
        loader=FileSystemLoader(MESSAGES / language),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=COMPILED,
    )
    for name in ("good", "tank", "site", "contract", "person"):
        env.filters[name] = named(getattr(names, name))
    env.filters |= _filters()
    env.globals |= {"yi_apart": figures.yi_apart, "t_apart": figures.t_apart, "pct_apart": figures.pct_apart}
    env.globals["labels"] = env.get_template("labels.j2").module
    return env


def label(env: Environment, table: str, key: Any) -> str:
    """One entry of ``labels.j2``. Raises KeyError for an unknown table or key."""
    tables: Mapping[str, Mapping[Any, str]] = vars(env.globals["labels"])
    return tables[table][key]


def _filters() -> dict[str, Callable[..., str]]:
    written = (
        "yi",
        "yi_up",
        "exact",
        "yi_down",
        "signed",
        "t",
        "t_whole",
        "t_up",
        "t_more",
        "t_down",
        "rate",
        "pct",
        "points",
        "share",
        "price",
        "metres",
        "celsius",
    )
    steps = ("m3", "factor", "density", "gap", "twice_t")
    times = ("mdhm", "mdahm", "day", "hm", "ago", "age", "minutes")
    return {name: getattr(figures, name) for name in (*written, *steps, *times)} | {"plain": plain}


def tidy(text: str) -> str:
    """A rendered text without the lines that its conditions left empty."""
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line.strip())
