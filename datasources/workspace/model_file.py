"""``[model]`` of ``xiaoliuzi.toml``: which endpoint helps to understand questions, whose it is, and how much it may cost.

The key is never in the file: only the name of the environment variable that holds it.
"""

import re
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from datasources.workspace.number import Money, real, whole
from datasources.workspace.part import Part, Sheet
from datasources.workspace.secret import shown
from datasources.workspace.settings import ModelSettings
from datasources.workspace.word import Flag, Label, Url, refuse, written

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
LEAST_S, MOST_S = 1, 120


def variable(value: Any) -> str:
    """The name of an environment variable."""
    word = written(value)
    if not _VARIABLE.fullmatch(word):
        refuse(f"{shown(word)} is not the name of an environment variable", "write e.g. OPENAI_API_KEY, never the key")
    return word


class ModelPart(Part):
    """[model]."""

    enabled: Flag = False
    base_url: Url | None = None
    name: Label | None = None
    fallback: Label | None = None
    internal: Flag = False
    stream: Flag = False
    key_variable: Annotated[str, BeforeValidator(variable)] = "OPENAI_API_KEY"
    calls: Annotated[int, whole(low=1, high=20)] = 4
    tokens: Annotated[int, whole(low=500, high=1_000_000)] = 30_000
    seconds: Annotated[float, real(low=LEAST_S, high=MOST_S, unit="seconds")] = 20.0
    cny_per_million_in: Money = Decimal(0)
    cny_per_million_out: Money = Decimal(0)


def check_model(sheet: Sheet[Any], part: ModelPart, *, loopback: bool) -> None:
    """Which endpoint, which model, and that nothing travels in clear to a foreign one. loopback: it is on this machine."""
    if not part.enabled:
        return
    for key, example in (("base_url", "https://api.example.com/v1"), ("name", "qwen3-32b")):
        if getattr(part, key) is None:
            sheet.error(part, key, wrong="is missing", instead=f'write {key} = "{example}", or enabled = false')
    if part.base_url is None or loopback or urlsplit(part.base_url).scheme == "https":
        return
    if part.internal:
        sheet.warn(part, "base_url", wrong="questions, answers and the key travel in clear", instead="write https")
    else:
        sheet.error(part, "base_url", wrong="questions and the key would travel in clear", instead="write https")


def build_model(part: ModelPart | None) -> ModelSettings | None:
    """The settings; None where no model helps."""
    if part is None or not part.enabled or part.base_url is None or part.name is None:
        return None
    return ModelSettings(
        base_url=part.base_url,
        name=part.name,
        fallback=part.fallback,
        internal=part.internal,
        stream=part.stream,
        key_variable=part.key_variable,
        calls=part.calls,
        tokens=part.tokens,
        seconds=part.seconds,
        cny_per_million_in=part.cny_per_million_in,
        cny_per_million_out=part.cny_per_million_out,
    )
