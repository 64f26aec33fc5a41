"""One value in a register map: where it is, how it is packed, and packing it.

value = (raw + offset) × scale. Word order says which 16-bit word comes first, byte order how
the two bytes stand inside each word (little = swapped, the BADC of the manuals).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Literal

Order = Literal["big", "little"]
DataType = Literal["float32", "int32", "uint32", "uint16"]
Quantity = Literal["level", "temperature", "water", "density", "p1", "p3", "ambient", "status", "heartbeat"]

_FORMATS: dict[DataType, str] = {"float32": ">f", "int32": ">i", "uint32": ">I", "uint16": ">H"}
_NAN_FLOAT32 = 0x7FC00000
_RANGES: dict[DataType, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "uint16": (0, 2**16 - 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value's place and form. tank None: the whole site's. fail_raws[0] is what we send."""

    tank: str | None
    quantity: Quantity
    function_code: Literal[3, 4]
    address: int
    data_type: DataType
    word_order: Order
    byte_order: Order
    scale: float
    offset: float
    unit: str
    resolution: float
    fail_raws: tuple[int, ...]
    refresh_s: int

    @property
    def count(self) -> int:
        """Registers it takes."""
        return 1 if self.data_type == "uint16" else 2

    def pack(self, value: float | None) -> list[int]:
        """The registers of a value in the point's unit; None packs the fail value."""
        if value is None or math.isnan(value):
            assert self.fail_raws, f"{self.quantity} cannot fail"
            return self.arrange(self.fail_raws[0].to_bytes(2 * self.count, "big"))
        if self.data_type == "float32":
            return self.arrange(struct.pack(">f", value / self.scale - self.offset))
        raw = round(value / self.scale - self.offset)
        low, high = _RANGES[self.data_type]
        return self.arrange(struct.pack(_FORMATS[self.data_type], min(max(raw, low), high)))

    def arrange(self, big_endian: bytes) -> list[int]:
        """Bytes in textbook order to registers in this point's orders."""
        words = [big_endian[i : i + 2] for i in range(0, len(big_endian), 2)]
        if self.word_order == "little":
            words.reverse()
        return [int.from_bytes(word, self.byte_order) for word in words]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusBits:
    """How to read a status point. Any bad bit: no value is valid. Any busy bit: no product level."""

    bad_mask: int
    busy_mask: int
    meaning: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap:
    """A site's whole map. statuses: one status point per tank; reserved reads as zero."""

    site: str
    maker: str
    unit_id: int
    points: tuple[Point, ...]
    statuses: tuple[Point, ...]
    status_bits: StatusBits
    reserved: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]

    @property
    def function_code(self) -> int:
        return self.points[0].function_code


FLOAT32_FAILS = (_NAN_FLOAT32,)
