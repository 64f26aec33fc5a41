"""How words are written in the workspace's files: names, ids, dates, addresses, choices; and what to write instead."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from datasources.workspace.problem import suggestion
from datasources.workspace.secret import shown

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_LABEL = re.compile(r"[^\s|\x00-\x1f\x7f]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
T = TypeVar("T")


def refuse(wrong: str, instead: str) -> NoReturn:
    """Reject a value: what is wrong with it and what to write instead."""
    raise PydanticCustomError("workspace", "{wrong}; {instead}", {"wrong": wrong, "instead": instead})


def written(value: Any) -> str:
    """The value's text; refuses a list or a block."""
    if not isinstance(value, str):
        refuse("is a list or a block", "write one value")
    return value


def text(value: Any) -> str:
    """One line of words, for example a name."""
    line = written(value).strip()
    if not line or len(line) > 200 or not line.isprintable():
        refuse(f"{shown(line)} is not one line of 1–200 printable characters", "write a short name")
    return line


def label(value: Any) -> str:
    """A name given by others: a tank, a contract, a good, a price reference."""
    name = written(value)
    if not _LABEL.fullmatch(name):
        refuse(f"{shown(name)} has a space or '|', or more than 64 characters", "write it without them")
    return name


def identifier(value: Any) -> str:
    """An id of ours: ASCII, used in logs and addresses."""
    name = written(value)
    if not _ID.fullmatch(name):
        refuse(f"{shown(name)} is not an id", "write ASCII letters, digits, '_', '-' or '.', at most 40, e.g. 'zhao'")
    return name


def flag(value: Any) -> bool:
    """Yes or no, written true or false."""
    word = written(value)
    if word not in ("true", "false"):
        refuse(f"{shown(word)} is not a yes/no value", "write true or false")
    return word == "true"


def day(value: Any) -> date:
    """A calendar date."""
    word = written(value)
    try:
        return date.fromisoformat(word if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word, re.ASCII) else "")
    except ValueError:
        refuse(f"{shown(word)} is not a date", "write year-month-day, e.g. 2026-03-12")


def moment(value: Any) -> datetime:
    """A moment with its time zone, as UTC."""
    word = written(value)
    try:
        when = datetime.fromisoformat(word)
    except ValueError:
        refuse(f"{shown(word)} is not a time", "write e.g. 2026-03-12T09:00:00+08:00")
    if when.tzinfo is None or len(word) < len("2026-03-12T09:00"):
        day_only = f"{when.isoformat()}+08:00"
        refuse(f"{shown(word)} has no time zone", f"write {day_only} if that is China time (北京时间)")
    return when.astimezone(UTC)


def url(value: Any) -> str:
    """An http(s) address without user name or password and without a trailing slash."""
    word = written(value)
    parts = urlsplit(word)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", word):
        refuse(f"{shown(word)} is not a web address", "write e.g. http://10.0.0.5:8080/feeds")
    if "@" in parts.netloc:
        refuse("contains a user name or password", "delete everything up to the '@' and let the environment hold it")
    return word.rstrip("/")


def host(value: Any) -> str:
    """A host name or IPv4 address, without scheme and port."""
    word = written(value)
    if not _HOST.fullmatch(word):
        refuse(f"{shown(word)} is not a host", "write a name or IPv4 address only; the port goes to 'port'")
    return word


def path(value: Any) -> str:
    """A path relative to the workspace, with forward slashes."""
    word = written(value)
    parts = word.split("/")
    if not word or "\\" in word or not word.isprintable() or any(p in ("", ".", "..") for p in parts):
        refuse(f"{shown(word)} is not a path inside the workspace", "write e.g. tables/T-111.csv")
    return word


def one_of(choices: Mapping[str, T]) -> BeforeValidator:
    """One of these words."""

    def read(value: Any) -> T:
        word = written(value)
        if word not in choices:
            refuse(f"{shown(word)} is unknown", suggestion(word, choices, add=f"one of {', '.join(choices)}"))
        return choices[word]

    return BeforeValidator(read)


def names_of(kind: type[Enum]) -> dict[str, Any]:
    """An enumeration's members by their written value."""
    return {str(member.value): member for member in kind}


Text = Annotated[str, BeforeValidator(text)]
Label = Annotated[str, BeforeValidator(label)]
Id = Annotated[str, BeforeValidator(identifier)]
Flag = Annotated[bool, BeforeValidator(flag)]
Day = Annotated[date, BeforeValidator(day)]
Moment = Annotated[datetime, BeforeValidator(moment)]
Url = Annotated[str, BeforeValidator(url)]
Host = Annotated[str, BeforeValidator(host)]
RelativePath = Annotated[str, BeforeValidator(path)]
