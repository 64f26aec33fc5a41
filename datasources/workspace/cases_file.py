"""A file ``contracts/*.test.yaml`` as it is written: its keys, what each may be, and what to write instead."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field as Needs

from datasources.workspace.number import Money, real
from datasources.workspace.part import Part, free_keys
from datasources.workspace.steps import Place, Series, Span
from datasources.workspace.word import Id, Label, Moment, RelativePath, Text, names_of, one_of
from domain.case.case import Stage
from domain.contract import AlertKind, Line, Severity
from domain.movement import Direction

Tonnes = Annotated[float, real(low=0, high=10_000_000, unit="t")]
SEVERITIES = {s.name.lower(): s for s in Severity}


class State(StrEnum):
    """What an alarm became: active (raised, made worse or better, come again) or returned."""

    ACTIVE = "active"
    RETURNED = "returned"


class OrderPart(Part):
    """A depot's work order on one tank. Without done_t it moves evenly from start to end; without end it stays open."""

    no: Label = Needs(description="the order's number")
    tank: Label = Needs(description="a tank of the contract")
    direction: Annotated[Direction, one_of(names_of(Direction))] = Needs(description=f"one of {', '.join(Direction)}")
    planned_t: Tonnes = Needs(description="tonnes in air")
    done_t: Series | None = None
    start: Place = Needs(description="when it is opened, e.g. 2h")
    end: Place | None = None
    release: Label | None = None


class ReleasePart(Part):
    """A sealed 提货通知书 of the lender."""

    no: Label = Needs(description="the notice's number, which an order names as its release")
    tank: Label = Needs(description="a tank of the contract")
    t: Tonnes = Needs(description="tonnes in air")
    start: Place = Needs(description="when it is issued, e.g. 0h")
    end: Place = Needs(description="until when it is valid, e.g. 48h")


class RequestPart(Part):
    """A borrower's request to take goods out, lived through by the live casework; each step at its time, if it may."""

    no: Label = Needs(description="the number under which the notice is registered; work orders name it as release")
    tank: Label = Needs(description="a tank of the contract")
    t: Tonnes = Needs(description="tonnes in air")
    receipt: Label | None = None
    filed: Place = Needs(description="when the borrower asks, e.g. 2h")
    paid: Place | None = None
    amount: Money | None = None
    sealed: Place | None = None
    becomes: Annotated[Stage, one_of(names_of(Stage))] | None = None


class InputPart(Part):
    """Synthetic series, one value per interval, and the depot's papers."""

    price: Annotated[dict[Label, Series], free_keys] = Needs(default_factory=dict)
    price_file: RelativePath | None = None
    mass_t: Annotated[dict[Label, Series], free_keys] = Needs(description="tank: tonnes in air, e.g. {T-101: 1200x10}")
    exposure: Series | None = None
    book_t: Annotated[dict[Label, Series], free_keys] = Needs(default_factory=dict)
    workorders: tuple[OrderPart, ...] = ()
    releases: tuple[ReleasePart, ...] = ()
    requests: tuple[RequestPart, ...] = ()


class ExpectPart(Part):
    """One step of an alarm that must happen."""

    at: Place = Needs(description="how long after the start, e.g. 3m, or a time with its zone")
    kind: Annotated[AlertKind, one_of(names_of(AlertKind))] = Needs(description=f"one of {', '.join(AlertKind)}")
    state: Annotated[State, one_of(names_of(State))] = State.ACTIVE
    severity: Annotated[Severity, one_of(SEVERITIES)] | None = None
    line: Annotated[Line, one_of(names_of(Line))] | None = None
    value_cny: Money | None = None
    mentions: tuple[Id, ...] | None = None


class NonePart(Part):
    """A span in which no alarm becomes active."""

    start: Place = Needs(description="the first moment of it, e.g. 0m")
    end: Place = Needs(description="the last moment of it, e.g. 5m")
    kinds: tuple[Annotated[AlertKind, one_of(names_of(AlertKind))], ...] = ()


class CasePart(Part):
    """One test."""

    name: Text = Needs(description="what the test shows, in one line")
    start: Moment = Needs(description="the first moment, e.g. 2026-03-12T09:00:00+08:00")
    interval: Span = Needs(description="between two values of a series, e.g. 1m or 1d")
    until: Place | None = None
    confirm_after: Span | None = None
    input: InputPart = Needs(description="price, mass_t")
    expect: tuple[ExpectPart, ...] = ()
    none: tuple[NonePart, ...] = ()


class CasesFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {
        "contract": "the contract's id",
        "cases": "the tests, each with name, start, interval, input and expect",
    }
    contract: Label | None = None
    cases: tuple[CasePart, ...] = ()
