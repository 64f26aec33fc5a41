"""What an open page may ask, checked at the door. A frame that fits none of these closes the connection."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_Id = Annotated[str, Field(max_length=200)]


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Act):
    """I am here, as ``me``, looking at ``chat``; also when either changes."""

    t: Literal["hello"]
    me: _Id | None = None
    chat: _Id | None = None


class Look(_Act):
    """The page is before somebody's eyes, or no longer (unread counts stand on it)."""

    t: Literal["look"]
    visible: bool


class Say(_Act):
    """Send a message. key: the page's own id of it; a repeat after a lost connection changes nothing."""

    t: Literal["say"]
    key: _Id
    chat: _Id
    text: str
    reply: _Id | None = None


class Press(_Act):
    """Press a button of a message."""

    t: Literal["press"]
    key: _Id
    chat: _Id
    ref: _Id
    token: _Id


class Pull(_Act):
    """Pull a lever."""

    t: Literal["pull"]
    key: _Id
    name: _Id
    parameters: dict[_Id, str | bool | int | float | None]


Act = Annotated[Hello | Look | Say | Press | Pull, Field(discriminator="t")]
ACT: TypeAdapter[Act] = TypeAdapter(Act)
