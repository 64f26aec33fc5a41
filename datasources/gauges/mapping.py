"""How a gateway's registers become readings: the mapping a bank writes from the depot's register document.

Knows nothing of tanks' geometry, of files, or of sockets.
"""

from dataclasses import dataclass
from typing import Literal

Quantity = Literal["level", "water", "temp", "density", "air", "p1", "p3", "status"]
DataType = Literal["int16", "uint16", "int32", "uint32", "float32", "float64"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRule:
    """Bits of a status register: where ``(status & mask) == equals`` (or any bit of mask if equals is None)."""

    mask: int
    equals: int | None = None
    means: Literal["busy", "device"] = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One quantity of one tank. air: around the tank; p1, p3: lower transmitter and vapour space, gauge pressure.

    value = (raw · scale) + offset, in ``unit``; the adapter converts to mm, °C, kg/m³, kPa.
    byte_order: 'big' = AB inside each word, 'little' = BA. word_order: 'big' = high word first.
    resolution: the gauge's own grid in ``unit``, to which a decoded float is rounded; 0 = leave it.
    fail_values: raw unsigned register contents by which the device says "failed".
    low, high: believable range in ``unit`` after scaling. max_age_s: None = the gateway's.
    """

    quantity: Quantity
    function: Literal[3, 4]
    address: int
    type: DataType
    byte_order: Literal["big", "little"] = "big"
    word_order: Literal["big", "little"] = "big"
    scale: float = 1.0
    offset: float = 0.0
    unit: Literal["mm", "cm", "m", "C", "F", "K", "kg/m3", "g/cm3", "kPa", "bar", "mbar", "Pa", "bits"] = "mm"
    resolution: float = 0.0
    fail_values: tuple[int, ...] = ()
    status: tuple[StatusRule, ...] = ()
    low: float | None = None
    high: float | None = None
    max_age_s: float | None = None

    @property
    def words(self) -> int:
        """Registers that this point occupies."""
        return {"int16": 1, "uint16": 1, "int32": 2, "uint32": 2, "float32": 2, "float64": 4}[self.type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One Modbus TCP device and the tanks behind it. Exactly one owner in this program talks to it.

    max_registers: the longest contiguous read it allows (125 by the protocol). gap_registers: unmapped registers
    that may be read along to save a request (0 for devices that refuse them). frozen_after_s: with no register of
    the whole gateway changed for so long, its data is taken to be old although it answers; 0 = off.
    """

    site_id: str
    host: str
    port: int
    unit: int
    poll_s: float = 1.0
    timeout_s: float = 1.0
    max_age_s: float = 30.0
    max_registers: int = 120
    gap_registers: int = 0
    frozen_after_s: float = 0.0
    points: dict[str, tuple[Point, ...]]  # tank id → its quantities
