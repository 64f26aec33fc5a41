"""分罐明细: what each tank holds, or each good or site in sum. Shows the pledge's part, never another owner's cargo."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal

from domain.contract import Contract, Field
from domain.event import Json
from domain.position import Freshness, Item
from skills.chosen import Row, of, picked
from skills.course_picture import breakdown_picture
from skills.past import at_moment, past
from skills.ports import Stand, View
from skills.scope import WITH_INSPECTORS, asked, ids, withheld
from skills.skill import Answer, AnswerButton, Figure, Parameter, Skill, Status
from skills.tank_rows import as_of, rows_of, tank_row, total_of
from skills.ullage import ullage

MOST = 9
"""So many rows; the rest is summed, so that an answer stays within twelve lines."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Rows of the visible tanks that the filters leave, in tanks, goods or sites; now, or at the end of ``time``."""
    return at_moment(view, arguments, tell) if "time" in arguments else tell(view, arguments)


def tell(view: Stand, arguments: Mapping[str, str]) -> Answer:
    """The same of the moment that ``view`` is of."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    everything = rows_of(view, contracts)
    if not everything:
        return Answer(status=Status.NO_DATA, kind="no_position", facts={})
    rows = picked(view, everything, arguments, needs=Field.QUANTITY)
    if isinstance(rows, Answer):
        return rows
    if not any(Field.QUANTITY in view.may(c.id) for c, _ in rows):
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.QUANTITY.value]})
    by, shares = arguments.get("by", "tank"), arguments.get("want") == "share"
    made = _grouped(view, rows, by) if by in ("good", "site") else _each(view, rows)
    if shares and by in ("good", "site"):
        made = [r | {"share": _share(r, total_of(view, everything))} for r in made]
    if len(rows) == 1 and by not in ("good", "site"):
        made[0] |= _explained(view, *rows[0])
    if arguments.get("want") == "ullage" and by not in ("good", "site"):
        made = [r | ullage(view, r) for r in made]
    blind = sum(i.holding.freshness is not Freshness.FRESH for _, i in rows)
    facts: Json = {
        "by": by if by in ("good", "site") else "tank",
        "filters": {n: list(ids(arguments, n)) for n in ("contract", "tank", "good", "site")},
        "rows": made[:MOST],
        "more": _sum(view, rows, made[MOST:]) if made[MOST:] else None,
        "total": total_of(view, rows),
        "as_of": as_of(rows),
        "blind": blind,
        "share": _share(total_of(view, rows), total_of(view, everything))
        if shares and len(rows) < len(everything)
        else None,
        "then": None,
        "withheld": withheld(view, tuple({c.id: c for c, _ in rows}.values()), (Field.VALUE, Field.QUANTITY)),
    }
    return Answer(
        status=Status.STALE if blind else Status.OK,
        kind="tanks",
        facts=facts,
        figures=_figures(facts),
        buttons=_buttons(facts, arguments),
        picture=breakdown_picture(facts),
    )


def _each(view: Stand, rows: list[Row]) -> list[Json]:
    """Tanks, those that cannot be seen first, then the fullest."""
    order = sorted(rows, key=lambda r: (r[1].holding.freshness is Freshness.FRESH, -(r[1].holding.physical_kg or 0)))
    return [tank_row(view, c, i) for c, i in order]


def _explained(view: Stand, contract: Contract, i: Item) -> Json:
    """How the tank's reading became tonnes; only where the whole tank is pledged and its quantity may be told."""
    chain = view.reading(i.holding.tank_id).chain
    if chain is None or i.holding.share != 1 or Field.QUANTITY not in view.may(contract.id):
        return {}
    return {"chain": asdict(chain) | {"remarks": list(chain.remarks)}}


def _grouped(view: Stand, rows: list[Row], by: str) -> list[Json]:
    """Goods or sites, the most valuable first."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(of(row, by), []).append(row)
    made = [{by: key, **total_of(view, part)} for key, part in groups.items()]
    return sorted(made, key=lambda r: (-Decimal(r.get("value_cny") or 0), -(r.get("kg") or 0)))


def _share(part: Json, whole: Json) -> Json:
    """The part of the tonnes, and of the value where that may be seen, both before caps; None of nothing."""
    kg, cny = whole.get("kg"), Decimal(whole.get("value_cny") or 0)
    return {
        "kg": str(Decimal(part["kg"]) / kg) if kg else None,
        "value": str(Decimal(part["value_cny"]) / cny) if cny else None,
        "whole_kg": kg,
        "whole_cny": whole.get("value_cny"),
    }


def _sum(view: Stand, rows: list[Row], left: list[Json]) -> Json:
    """The rows that did not find room."""
    key = next(k for k in ("tank", "good", "site") if k in left[0])
    names = {r[key] for r in left}
    return {"n": len(left), **total_of(view, [r for r in rows if of(r, key) in names])}


def _figures(facts: Json) -> tuple[Figure, ...]:
    units = (("kg", "kg"), ("level_mm", "mm"), ("temp_c", "°C"), ("value_cny", "CNY"))
    named = [("total", facts["total"])]
    named += [(r.get("tank") or r.get("good") or r["site"], r) for r in facts["rows"]]
    return tuple(
        Figure(name=f"{name}.{n}", value=str(row[n]), unit=unit, as_of=row.get("taken_at") or facts["as_of"])
        for name, row in named
        for n, unit in units
        if row.get(n) is not None
    )


def _buttons(facts: Json, arguments: Mapping[str, str]) -> tuple[AnswerButton, ...]:
    """The other ways to cut the same tanks."""
    others = [] if len(facts["rows"]) < 2 else [b for b in ("tank", "good", "site") if b != facts["by"]]
    labels = {"tank": "tanks", "good": "goods", "site": "sites"}
    return tuple(AnswerButton(label=labels[b], skill="tanks", arguments={**arguments, "by": b}) for b in others)


def suits(intent: str, slots: Json) -> bool:
    """Of a past moment the whole's value is told with its lines (``skills.then``); its tonnes, and every part, here.

    A ranking is told by ``skills.ranking``.
    """
    if "which" in slots:
        return False  # a ranking
    return not past(slots) or intent not in ("q_value", "q_status") or bool(_PARTS & slots.keys())


_PARTS = frozenset({"tank", "tanks", "good", "goods", "depot", "depots"})
"""Slots that name a part of the pledge."""

SKILL = Skill(
    name="tanks",
    command="tanks",
    purpose="分罐明细,可按罐、品种、库区看",
    examples=(
        "T-107现在什么情况",
        "3号罐液位多少",
        "按品种分一下",
        "分库区看看各多少吨多少钱",
        "分罐明细",
        "甲醇还有多少吨",
        "港储一库各罐情况",
        "T-107里装的什么货",
        "T-107温度多少",
        "T-107还有多少吨",
        "T-107液位和温度",
        "看下T-107",
        "T-107怎么样了",
        "T-107值多少钱",
        "甲醇现在货值多少",
        "甲醇都在哪些罐",
        "甲醇在哪几个罐里",
        "T-107里有多少货",
        "T-107存了多少吨",
        "T-107现存多少",
        "柴油在哪个罐",
        "罐的液位",
        "T-107温度多少度",
        "港储一库的罐有多少吨",
        "各罐里装的什么货",
        "甲醇分罐明细",
        "各罐液位列一下",
        "每个罐有多少吨货",
        "按库区分一下",
        "各品种分别多少吨",
        "港储一库有多少吨货值多少钱",
        "储罐列表",
        "罐存情况",
        "T-107是空的还是满的",
        "T-107液位高度几米",
        "品种构成",
        "库区分布情况",
        "昨天17点T-107液位多少",
    ),
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(name="tank", kind="tank", about="罐号,可多个"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
        Parameter(name="time", kind="time", about="过去某一时点,默认现在"),
        Parameter(
            name="by",
            kind="choice",
            about="按罐、品种或库区",
            choices=(
                ("good", ("按品种", "分品种", "各品种", "品种构成", "品种分布", "每种货", "按货分", "各种货")),
                (
                    "site",
                    (
                        "按库区",
                        "分库区",
                        "各库区",
                        "库区分布",
                        "每个库区",
                        "各个库区",
                        "各库",
                        "每个库",
                        "三个库",
                        "哪个库",
                    ),
                ),
                ("tank", ("分罐", "按罐", "各罐", "每个罐", "各个罐")),
            ),
        ),
        Parameter(
            name="want",
            kind="choice",
            about="占全部的比例,或空高",
            choices=(
                ("share", ("占比", "占多少", "占几成", "百分之几", "比例", "占总", "占全部", "占整", "占了多少")),
                ("ullage", ("空高", "空距")),
            ),
        ),
    ),
    aliases=("分罐", "明细", "罐"),
    answers=("q_breakdown", "q_tank", "q_quantity", "q_value", "q_status"),
    suits=suits,
)
