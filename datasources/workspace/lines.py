"""``lines:`` of a contract: the lines of value as LTV or as coverage, notices that may be stricter, and the healing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field as Needs
from pydantic import ValidationInfo, model_validator

from datasources.workspace.number import Money, Ratio, ratio, real, whole
from datasources.workspace.part import NODE, Part
from datasources.workspace.place import Clerk
from datasources.workspace.tree import Section
from datasources.workspace.word import Label, Moment, names_of, one_of
from domain.contract import Line

RESTORE: Mapping[str, Line | None] = {**names_of(Line), "initial": None}
Multiple = Annotated[Decimal, ratio(high=Decimal(10), low=Decimal(1))]


class NoticePart(Part):
    """《控制线通知书》."""

    no: Label = Needs(description="the notice's number")
    amount: Money = Needs(description="the control line in CNY")
    effective_from: Moment = Needs(description="from when it holds, e.g. 2026-03-12T00:00:00+08:00")


class CoveragePart(Part):
    """The lines as coverage, value ÷ exposure, in place of the four ltv_* ratios."""

    initial: Multiple = Needs(description="e.g. 1.55 for 155 %")
    warn: Multiple = Needs(description="补货线, e.g. 1.43")
    control: Multiple = Needs(description="监管线, e.g. 1.33")
    disposal: Multiple = Needs(description="处置线, e.g. 1.18")


LTV_KEYS: Mapping[str, str] = {
    "ltv_initial": "初始质押率 as a ratio, e.g. 0.65",
    "ltv_warn": "补货线 as a ratio, e.g. 0.70",
    "ltv_control": "监管线 as a ratio, e.g. 0.75",
    "ltv_disposal": "处置线 as a ratio, e.g. 0.85",
}


def _one_form_of_lines(section: Section, clerk: Clerk) -> None:
    """The four ratios, or coverage; never both, never neither."""
    for key, remedy in LTV_KEYS.items():
        there = key in section.entries
        if "coverage" in section.entries and there:
            clerk.say(section, (key,), wrong="beside coverage", instead="delete one of the two", severity="error")
        elif "coverage" not in section.entries and not there:
            clerk.missing(section, key, remedy)


class LinesPart(Part):
    """The lines of value and when a breach counts as healed."""

    ltv_initial: Ratio | None = None
    ltv_warn: Ratio | None = None
    ltv_control: Ratio | None = None
    ltv_disposal: Ratio | None = None
    coverage: CoveragePart | None = None
    restore_target: Annotated[Line | None, one_of(RESTORE)] = Line.WARN
    hysteresis: Annotated[Decimal, ratio(high=Decimal("0.1"))] = Decimal("0.005")
    confirm_k: Annotated[int, whole(low=1, high=100)] = 2
    confirm_minutes: Annotated[float, real(low=0, high=10_000, unit="minutes")] = 30.0
    minimum_call: Money = Decimal(100_000)
    notices: tuple[NoticePart, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and NODE in data and isinstance(info.context, Clerk):
            _one_form_of_lines(data[NODE], info.context)
        return data
