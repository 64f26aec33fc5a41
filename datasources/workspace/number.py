"""How numbers are written in the workspace's files, and what to write instead of a mistake.

Values arrive as text, exactly as written. Money and ratios become Decimal, never by way of float.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from datasources.workspace.secret import shown
from datasources.workspace.word import refuse, written

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}|0[xX][0-9a-fA-F]{1,16}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,2})?", re.ASCII)
_HAN = {"万": 10_000, "亿": 100_000_000}


def number_within(*, low: float, high: float, above: float | None = None, unit: str = "") -> Callable[[Any], float]:
    """Reads a finite number in ``unit`` within low…high, both included, or strictly above ``above``."""
    in_unit = f" in {unit}" if unit else ""

    def read(value: Any) -> float:
        word = written(value)
        if not _NUMBER.fullmatch(word):
            refuse(f"{shown(word)} is not a number", f"write plain digits{in_unit}, e.g. 12.5")
        number = float(word)
        if not low <= number <= high or (above is not None and number <= above):
            floor = f"above {above:g}" if above is not None else f"{low:g} or more"
            refuse(f"{word} is out of range", f"write a number{in_unit}, {floor}, at most {high:g}")
        return number

    return read


def real(*, low: float = -1e12, high: float = 1e12, above: float | None = None, unit: str = "") -> BeforeValidator:
    """``number_within`` as a field's type."""
    return BeforeValidator(number_within(low=low, high=high, above=above, unit=unit))


def whole(*, low: int, high: int) -> BeforeValidator:
    """A whole number within low…high; hexadecimal as 0x1F4."""

    def read(value: Any) -> int:
        word = written(value)
        if not _WHOLE.fullmatch(word):
            refuse(f"{shown(word)} is not a whole number", f"write digits only, {low} to {high}")
        number = int(word, 16) if word[:2] in ("0x", "0X") else int(word)
        if not low <= number <= high:
            refuse(f"{word} is out of range", f"write a whole number from {low} to {high}")
        return number

    return BeforeValidator(read)


def ratio(*, high: Decimal = Decimal(1), low: Decimal = Decimal(0)) -> BeforeValidator:
    """A share as a ratio, 0.70 for 70 %, within low…high."""

    def read(value: Any) -> Decimal:
        word = written(value).strip()
        bare = word.removesuffix("%").strip()
        if not _NUMBER.fullmatch(bare):
            refuse(f"{shown(word)} is not a ratio", "write 0.70 for 70 %")
        number = Decimal(bare)
        if bare != word or max(high, Decimal(1)) < number <= 100 * max(high, Decimal(1)):
            refuse(f"{word} is not a ratio", f"write {(number / 100).normalize():f} for {bare} %")
        if not low <= number <= high:
            refuse(f"{word} is out of range", f"write a ratio from {low:f} to {high:f}, e.g. 0.005 for 0.5 %")
        return number

    return BeforeValidator(read)


def money(value: Any) -> Decimal:
    """An amount in CNY, to the fen at most, never negative."""
    word = written(value).strip()
    if _AMOUNT.fullmatch(word):
        return Decimal(word)
    bare = word.replace(",", "").replace("\uff0c", "").replace("_", "").removesuffix("元")
    unit = _HAN.get(bare[-1:], 1)
    digits = bare[:-1] if unit != 1 else bare
    if digits != word and re.fullmatch(r"\d{1,12}(\.\d{1,6})?", digits, re.ASCII):
        refuse(f"{shown(word)} is not plain digits", f"write {Decimal(digits) * unit:.2f} (元)")
    if re.fullmatch(r"\d+\.\d{3,}", word, re.ASCII):
        refuse(f"{word} is finer than one fen", f"write {Decimal(word):.2f}")
    return refuse(f"{shown(word)} is not an amount in CNY", "write digits and two decimals, e.g. 96000000.00")


def band(low: float, high: float, unit: str) -> BeforeValidator:
    """[from, to] in ``unit``, rising, within low…high."""
    one = number_within(low=low, high=high, unit=unit)

    def read(value: Any) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) != 2:
            refuse("is not a pair", f"write [from, to] in {unit}")
        first, last = one(value[0]), one(value[1])
        if first >= last:
            refuse(f"[{first:g}, {last:g}] does not rise", f"write [smaller, larger] in {unit}")
        return first, last

    return BeforeValidator(read)


Money = Annotated[Decimal, BeforeValidator(money)]
Ratio = Annotated[Decimal, ratio()]
Millimetres = Annotated[float, real(low=0, high=100_000, unit="mm")]
Metres = Annotated[float, real(low=0, above=0, high=200, unit="m")]
Seconds = Annotated[float, real(low=0, above=0, high=86_400, unit="seconds")]
Minutes = Annotated[float, real(low=0, above=0, high=100_000, unit="minutes")]
Hours = Annotated[float, real(low=0, above=0, high=10_000, unit="hours")]
Port = Annotated[int, whole(low=1, high=65_535)]
