"""What is withheld in the world of ``leak_stage``, with what a reader must be granted for it; written down by hand.

Figures are taken from what the house holds, never from what it tells: who may read them is the matter, not what they are.
"""

from collections.abc import Iterator
from decimal import Decimal

from domain.contract import Line
from domain.position import Position
from tests.fakes.leak_search import Secret
from tests.fakes.leak_stage import LeakStage

Row = tuple[str, tuple[str, ...], str, Decimal | str]
NAMES = {
    "A-1": (
        ("禾晟", "A-1", "赵总", "孙经理", "CD-0001", "CD-0002", "CD-0003", "TH-0707", "T-1", "S-1", "谭总部"),
        ("甲内部群", "PZAJ20263702ZX998877", "贷审会", "多押", "AL-20260312-02", "禾晟炼厂", "一货", "未见提货通知"),
    ),
    "A-2": (("通达", "A-2", "冯厂长", "樊会计", "S-2"), ("甲全行群",)),
    "B-1": (
        ("海川", "B-1", "钱董", "何秘书", "HC-0601", "HC-0602", "HC-0603", "Q-31", "苯乙烯", "STYRENE", "东堡", "刘襄理", "乙银行"),
        ("乙内部群", "骆处长", "一货", "多押", "AL-20260312-02"),
    ),
}  # fmt: skip
"""Of each pledge: names that nobody outside it hears, and words that only its lender's own chats hear."""
SOURCES = {"A-1": "青岛核心柜面", "A-2": "通达台账", "B-1": "日照信贷台"}
THEIRS = (("W-73", 18_900), ("W-73 and A's own", 36_200))
"""Of 海川's order in the tank of both: what it moved, and what a sum with A's own would be."""


def secrets_of(stage: LeakStage) -> list[Secret]:
    """Everything withheld of every contract."""
    found = []
    for contract in stage.house.workspace.contracts:
        rows = [*_names(contract), *_money(stage, contract), *_goods(stage, contract)]
        rows += _papers_of_a(stage) if contract == "A-1" else []
        rows += _papers_of_b() if contract == "B-1" else []
        for name, needs, kind, value in rows:
            found.append(Secret(name=name, contract=contract, needs=frozenset(needs), kind=kind, value=value))
    return found


def _names(contract: str) -> Iterator[Row]:
    party, bank = NAMES[contract]
    yield from ((n, ("party",), "text", n) for n in party)
    yield from ((n, ("bank",), "text", n) for n in bank)
    yield SOURCES[contract], ("exposure",), "text", SOURCES[contract]


def _papers_of_b() -> Iterator[Row]:
    """Its own order in the shared tank; and one that names no owner, which is told to nobody."""
    yield "W-73", ("quantity",), "text", "W-73"
    yield from ((name, ("quantity",), "kg", Decimal(kg)) for name, kg in THEIRS)
    yield "W-74", ("nobody",), "text", "W-74"
    yield "W-74 kg", ("nobody",), "kg", Decimal(26_800)


def _position(stage: LeakStage, contract: str) -> Position:
    found = stage.house.scene(stage.house.workspace.contracts[contract], stage.clock.now()).position
    assert found.known, contract
    return found


def _money(stage: LeakStage, contract: str) -> Iterator[Row]:
    terms, p = stage.house.contract_now(contract, stage.clock.now()), _position(stage, contract)
    v, e = p.recognised, p.exposure
    yield "value", ("value",), "cny", v
    yield "exposure", ("exposure",), "cny", e
    assert p.ltv is not None
    yield "ltv", ("ltv",), "ratio", p.ltv
    yield "coverage", ("ltv",), "ratio", 1 / p.ltv
    for part in ("principal", "accrued_interest", "fees_due", "cash_margin"):
        yield part, ("cash",), "cny", getattr(terms.exposure, part)
    for line in Line:
        at = p.line_values[line]
        yield f"{line} line", ("line",), "cny", at
        yield f"{line} ratio", ("ltv",), "ratio", terms.lines.ltv_of(line)
        yield f"to {line}", ("value", "line"), "cny", v - at
        yield f"fall to {line}", ("value", "line"), "ratio", 1 - at / v
        yield f"gap of {line}", ("value", "line"), "ratio", v / at - 1
    yield "repayment", ("cash",), "cny", e - terms.lines.ltv_warn * v


def _goods(stage: LeakStage, contract: str) -> Iterator[Row]:
    p = _position(stage, contract)
    for i in p.items:
        tank = i.holding.tank_id
        yield f"{tank} value", ("value", "quantity"), "cny", i.value_cny
        yield f"{tank} kg", ("quantity",), "kg", Decimal(i.holding.physical_kg or 0)
        yield f"{tank} pledged", ("quantity",), "kg", Decimal(i.holding.pledged_kg or 0)
        if not _shared(stage, tank):
            yield f"{tank} level", ("quantity",), "mm", Decimal(str(stage.levels[tank]))
        assert i.price.cny_t is not None
        yield f"{i.holding.good} price", ("value",), "cny_t", i.price.cny_t
    yield "all kg", ("quantity",), "kg", Decimal(sum(i.holding.physical_kg or 0 for i in p.items))


def _shared(stage: LeakStage, tank: str) -> bool:
    """Two pledges lie in it: both may read its level."""
    return sum(tank in c.tank_ids() for c in stage.house.workspace.contracts.values()) > 1


def _papers_of_a(stage: LeakStage) -> Iterator[Row]:
    """What the file and the life of A-1 hold besides."""
    (case,) = stage.house.cases_of("A-1")
    assert case.to_pay_cny
    yield "paid", ("cash",), "cny", case.to_pay_cny
    yield "case kg", ("quantity",), "kg", Decimal(23_700)
    yield "work order kg", ("quantity",), "kg", Decimal(17_300)
    yield "promised kg", ("firm",), "kg", Decimal(43_700)
    yield "initial ratio", ("ltv",), "ratio", Decimal("0.6171")
    yield "notice amount", ("line",), "cny", Decimal("4913700.00")
    yield "notice no", ("line",), "text", "KZX-4471"
    yield "minimum call", ("line",), "cny", Decimal("87300.00")
    yield "haircut of METHANOL", ("value",), "ratio", Decimal("0.0437")
    yield "haircut of DIESEL0", ("value",), "ratio", Decimal("0.0219")
    yield "cap", ("value",), "ratio", Decimal("0.9713")
    yield "insured", ("value",), "cny", Decimal("6284100.00")
    yield "disposal haircut", ("bank",), "ratio", Decimal("0.1133")
    yield "disposal cost", ("bank",), "cny_t", Decimal("37.61")
    yield "buyback ratio", ("bank",), "ratio", Decimal("0.9817")
