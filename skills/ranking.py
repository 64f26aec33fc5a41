"""排名与门槛: which tanks, goods or sites come first or last, or lie beyond a threshold. What is unknown is ranked nowhere."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from domain.contract import Field
from domain.event import Json
from domain.position import Freshness
from skills.chosen import Row, of, picked
from skills.past import at_moment
from skills.ports import Stand, View
from skills.scope import WITH_INSPECTORS, asked, ids, withheld
from skills.skill import Answer, AnswerButton, Figure, Parameter, Skill, Status
from skills.tank_rows import as_of, rows_of, tank_row, total_of
from skills.understanding.limits import Limit, read

MOST = 8
"""So many rows are told one by one."""
FEW = 3
"""So many are shown where no number is asked for, so that the first can be compared."""
NAMED = 6
"""So many names stand in the first line."""
UNITS = {"value": "CNY", "qty": "kg", "level": "mm", "water": "mm", "temp": "°C", "fill": "%"}
OF_TANKS = frozenset({"level", "water", "temp", "fill"})
"""No good or site has these."""
_SCALES = {"qty": 1000, "level": 1000, "water": 1000}


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The rows in order, or those beyond the threshold; now, or at the end of ``time``. CLARIFY for what cannot be ranked."""
    return at_moment(view, arguments, tell) if "time" in arguments else tell(view, arguments)


def tell(view: Stand, arguments: Mapping[str, str]) -> Answer:
    """The same of the moment that ``view`` is of. STALE where any of the compared tanks cannot be seen now."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    top, limit, unread = read(arguments.get("which", ""))
    metric, by = limit.metric if limit else arguments.get("metric", "qty"), arguments.get("by", "tank")
    if unread or (by != "tank" and metric in OF_TANKS):
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "ranking"})
    everything = rows_of(view, contracts)
    if not everything:
        return Answer(status=Status.NO_DATA, kind="no_position", facts={})
    rows = picked(view, everything, arguments, needs=Field.QUANTITY)
    if isinstance(rows, Answer):
        return rows
    needs = (Field.VALUE, Field.QUANTITY) if metric == "value" else (Field.QUANTITY,)
    seen = [r for r in rows if set(needs) <= view.may(r[0].id)]
    if not seen:
        missing = withheld(view, tuple(c for c, _ in rows), needs)
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": missing})
    made = _tanks(view, seen, metric) if by == "tank" else _groups(view, seen, by, metric)
    facts = _facts(made, arguments, by=by, metric=metric, top=top, limit=limit)
    facts |= {
        "as_of": as_of(seen),
        "tanks": len({i.holding.tank_id for _, i in seen}),
        "blind": sum(i.holding.freshness is not Freshness.FRESH for _, i in seen),
        "then": None,
        "withheld": withheld(view, tuple({c.id: c for c, _ in rows}.values()), needs),
    }
    return Answer(
        status=Status.STALE if facts["blind"] else Status.OK,
        kind="ranking",
        facts=facts,
        figures=_figures(facts),
        buttons=_buttons(facts),
    )


def _facts(
    made: list[Json], arguments: Mapping[str, str], *, by: str, metric: str, top: int | None, limit: Limit | None
) -> Json:
    """Rows in order, those that are asked for, and the names of what is unknown."""
    least = arguments.get("order") == "least" or (limit is not None and not limit.above)
    known = [r for r in made if r["rank"] is not None]
    known.sort(key=lambda r: Decimal(r["rank"]), reverse=not least)
    found = [r for r in known if limit is None or _beyond(Decimal(r["rank"]), limit)]
    wanted = found[:top] if top else found
    tied = [r for r in found if r["rank"] == found[0]["rank"]] if found else []
    shown = wanted[:MOST] if limit is not None or top else found[: max(FEW, min(len(tied), MOST))]
    return {
        "by": by,
        "metric": metric,
        "order": "least" if least else "most",
        "top": top,
        "limit": _limit(limit),
        "filters": {n: list(ids(arguments, n)) for n in ("contract", "tank", "good", "site")},
        "n": len(wanted) if limit is not None or top else len(tied),
        "first": [r[by] for r in (wanted if limit is not None or top else tied)][:NAMED],
        "of": len(known),
        "level_with": [r[by] for r in found[len(wanted) :] if r["rank"] == wanted[-1]["rank"]][:NAMED]
        if wanted
        else [],
        "rows": shown,
        "more": len(wanted) - len(shown) if limit is not None or top else 0,
        "nearest": known[0] if limit is not None and not wanted and known else None,
        "unknown": [r[by] for r in made if r["rank"] is None],
    }


def _limit(limit: Limit | None) -> Json | None:
    """In the units of the rows: kg, mm, CNY, °C or percent."""
    if limit is None:
        return None
    value = limit.value * _SCALES.get(limit.metric, 1)
    return {"value": f"{value:f}", "above": limit.above, "inclusive": limit.inclusive}


def _beyond(value: Decimal, limit: Limit) -> bool:
    bound = limit.value * _SCALES.get(limit.metric, 1)
    if value == bound:
        return limit.inclusive
    return (value > bound) is limit.above


def _tanks(view: Stand, rows: list[Row], metric: str) -> list[Json]:
    """A row for every tank with its figure; a tank with two pledges once, with what both hold."""
    made: dict[str, Json] = {}
    for contract, i in rows:
        row = tank_row(view, contract, i)
        row |= {"rank": _of_tank[metric](view, row)}
        before = made.get(row["tank"])
        if before is not None and metric in ("value", "qty") and None not in (before["rank"], row["rank"]):
            row["rank"] = str(Decimal(before["rank"]) + Decimal(row["rank"]))
            row["kg"] += before["kg"]
        made[row["tank"]] = row
    return list(made.values())


def _plain(key: str) -> Callable[[Stand, Json], str | None]:
    def read_row(view: Stand, row: Json) -> str | None:
        del view
        return None if row.get(key) is None else str(row[key])

    return read_row


def _fill(view: Stand, row: Json) -> str | None:
    """Percent of the safe filling height."""
    highest = view.tank(row["tank"]).max_level_mm
    return None if row["level_mm"] is None or not highest else str(100 * row["level_mm"] / highest)


_of_tank: Mapping[str, Callable[[Stand, Json], str | None]] = {
    "value": _plain("value_cny"),
    "qty": _plain("kg"),
    "level": _plain("level_mm"),
    "water": _plain("water_mm"),
    "temp": _plain("temp_c"),
    "fill": _fill,
}


def _groups(view: Stand, rows: list[Row], by: str, metric: str) -> list[Json]:
    """Goods or sites. What lies in tanks that count for nothing now is said (``left_out``), and never taken for nothing."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(of(row, by), []).append(row)
    made = []
    for key, part in groups.items():
        counted = [r for r in part if _counts(r, metric)]
        total = total_of(view, part)
        rank = total.get("value_cny" if metric == "value" else "kg") if counted else None
        made.append(
            {by: key, **total, "left_out": len(part) - len(counted), "rank": None if rank is None else str(rank)}
        )
    return made


def _counts(row: Row, metric: str) -> bool:
    """Its figure is in the sum: it is known, or for a value the contract takes it out on purpose."""
    item = row[1]
    if metric == "qty":
        return item.holding.physical_kg is not None
    return item.barred or (item.counted and item.holding.physical_kg is not None and item.price.cny_t is not None)


def _figures(facts: Json) -> tuple[Figure, ...]:
    by, unit = facts["by"], UNITS[facts["metric"]]
    return tuple(
        Figure(name=f"{r[by]}.{facts['metric']}", value=r["rank"], unit=unit, as_of=r.get("taken_at") or facts["as_of"])
        for r in facts["rows"]
    )


def _buttons(facts: Json) -> tuple[AnswerButton, ...]:
    """All of what was compared."""
    arguments = {n: ",".join(found) for n, found in facts["filters"].items() if found}
    label = {"tank": "tanks", "good": "goods", "site": "sites"}[facts["by"]]
    return (AnswerButton(label=label, skill="tanks", arguments={**arguments, "by": facts["by"]}),)


def suits(intent: str, slots: Json) -> bool:
    """Only what was read as a ranking."""
    del intent
    return "which" in slots


SKILL = Skill(
    name="ranking",
    command="rank",
    purpose="排名与门槛:哪些罐、品种、库区最多最少,超过或低于多少",
    examples=(
        "货值最高的三个罐",
        "哪个库货值最低",
        "存货最少的品种",
        "液位超过9米的甲醇罐",
        "哪些罐快满了",
        "哪个罐里货最多",
    ),
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(name="tank", kind="tank", about="只在这些罐里比"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
        Parameter(name="time", kind="time", about="过去某一时点,默认现在"),
        Parameter(
            name="by",
            kind="choice",
            about="比罐、品种还是库区",
            choices=(("good", ("品种",)), ("site", ("库区", "哪个库")), ("tank", ("罐",))),
        ),
        Parameter(
            name="metric",
            kind="choice",
            about="比什么,默认数量;液位、温度、底水、装满程度只按罐比",
            choices=(
                ("value", ("货值",)),
                ("level", ("液位",)),
                ("temp", ("温度",)),
                ("water", ("水高", "有水")),
                ("fill", ("最满", "快满", "最空")),
                ("qty", ("存货", "数量", "吨数")),
            ),
        ),
        Parameter(
            name="order",
            kind="choice",
            about="从高到低或从低到高",
            choices=(("least", ("最少", "最低", "最小")), ("most", ("最多", "最高", "最大"))),
        ),
        Parameter(name="which", kind="text", about="前几名或门槛,如 前3、超过9米、低于50万、1000吨以上"),
    ),
    aliases=("排名",),
    answers=("q_breakdown", "q_tank"),
    suits=suits,
)
