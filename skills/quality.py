"""质量: density, water, temperature and purity of tanks: what is measured, what only a certificate says, what nobody knows."""

from collections.abc import Mapping

from domain.event import Json, stamp
from domain.people import Role
from domain.position import BARRED, Freshness, Item
from domain.tank import DensityFrom
from skills.chosen import chosen, named
from skills.ports import Chain, View
from skills.scope import PARTIES, ids
from skills.skill import Answer, Figure, Parameter, Skill, Status

METRICS = ("density", "water", "temp", "purity")
MOST = 7
_ORDER = {"low": 0, "high": 0, "unknown": 1, "normal": 2, "unset": 3}
"""Of interest first; a tank for which no band is agreed tells nothing."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Rows of the chosen tanks, those too cold or too warm first, of water the wettest. STALE where one cannot be judged by now."""
    rows = chosen(view, arguments)
    if isinstance(rows, Answer):
        return rows
    wanted = ids(arguments, "metric")
    wet, metrics = wanted == ("water",), _metrics(wanted) if wanted != ("water",) or len(rows) == 1 else ["water"]
    made = sorted((_row(view, i) for _, i in rows), key=_wettest if wet else _strangest)
    shown = [r for r in made if not wet or r["water_mm"] or len(made) == 1]
    states = [r["temp"]["state"] for r in made]
    blind = sum(not r["fresh"] for r in made)
    taken = [r["taken_at"] for r in made if r["taken_at"] is not None]
    facts: Json = {
        "metrics": metrics,
        "filters": named(arguments),
        "rows": shown[:MOST],
        "more": max(0, len(shown) - MOST),
        "water": _water(made) if wet else None,
        "tanks": len(made),
        "states": {s: states.count(s) for s in _ORDER},
        "blind": blind,
        "as_of": max(taken, default=None),
    }
    return Answer(
        status=Status.STALE if blind else Status.OK, kind="quality", facts=facts, figures=_figures(facts, metrics)
    )


def _strangest(row: Json) -> tuple[int, str]:
    return _ORDER[row["temp"]["state"]], row["tank"]


def _wettest(row: Json) -> tuple[float, str]:
    return -(row["water_mm"] or 0.0), row["tank"]


def _water(made: list[Json]) -> Json:
    """How many tanks have water at the bottom; an old reading of water is told as such, an old one of none tells nothing."""
    unknown = sum(r["water_mm"] is None or (not r["fresh"] and not r["water_mm"]) for r in made)
    wet = sum(bool(r["water_mm"]) for r in made)
    return {"wet": wet, "unknown": unknown, "dry": len(made) - wet - unknown}


def _metrics(asked: tuple[str, ...]) -> list[str]:
    """What is asked for, all where nothing is; density and water are told together, for each speaks of the other."""
    wanted = {*asked, *(("density", "water") if {"density", "water"} & set(asked) else ())}
    return [m for m in METRICS if m in wanted] or list(METRICS)


def _row(view: View, item: Item) -> Json:
    held = item.holding
    reading, good = view.reading(held.tank_id), view.goods[held.good]
    fresh = held.freshness is Freshness.FRESH
    return {
        "tank": held.tank_id,
        "good": held.good,
        "fresh": fresh,
        "taken_at": stamp(held.taken_at) if held.taken_at is not None else None,
        "age_s": round((view.now - held.taken_at).total_seconds()) if held.taken_at is not None else None,
        "temp": {"c": reading.temp_c, **_kept(reading.temp_c if fresh else None, good.storage_temp_c)},
        "density": _density(view, held.tank_id, reading.chain),
        "water_mm": reading.water_mm,
        "sediment_water_percent": good.sediment_water_percent or None,
        "purity_percent": good.purity_percent,
        "certificate": {
            "no": good.certificate_no,
            "on": good.certified_on.isoformat() if good.certified_on is not None else None,
        },
        "off_spec": item.why_not == f"{BARRED}off_spec",
    }


def _kept(temp_c: float | None, band: tuple[float, float] | None) -> Json:
    """Whether the good keeps at this temperature; 'unset' where nobody has said at which it does."""
    if band is None:
        state = "unset"
    elif temp_c is None:
        state = "unknown"
    else:
        state = "low" if temp_c < band[0] else "high" if temp_c > band[1] else "normal"
    return {"state": state, "low_c": band[0] if band else None, "high_c": band[1] if band else None}


def _density(view: View, tank_id: str, chain: Chain | None) -> Json:
    """The density that the tonnes are made with, and what else observes it. measured: by an instrument, now."""
    tank = view.tank(tank_id)
    good = view.goods[tank.good]
    fitted = tank.density_from is not DensityFrom.CERTIFICATE
    measured = fitted and chain is not None and "DENSITY_FROM_CERTIFICATE" not in chain.remarks
    return {
        "kg_m3": chain.density_kg_m3 if measured and chain is not None else good.density_kg_m3,
        "measured": measured,
        "ref_c": good.ref_temp_c,
        "certificate_kg_m3": good.density_kg_m3,
        "online_gap_kg_m3": chain.online_gap_kg_m3 if chain is not None else None,
        "hydrostatic_gap_kg_m3": chain.hydrostatic_gap_kg_m3 if chain is not None else None,
    }


def _figures(facts: Json, metrics: list[str]) -> tuple[Figure, ...]:
    rows = [
        (f"{r['tank']}.{name}", value, unit, r["taken_at"])
        for r in facts["rows"]
        for metric, name, value, unit in (
            ("temp", "temp_c", r["temp"]["c"], "°C"),
            ("density", "density_kg_m3", r["density"]["kg_m3"], "kg/m³"),
            ("water", "water_mm", r["water_mm"], "mm"),
            ("purity", "purity_percent", r["purity_percent"], "%"),
        )
        if metric in metrics and value is not None
    ]
    return tuple(Figure(name=n, value=str(round(v, 4)), unit=u, as_of=at) for n, v, u, at in rows)


SKILL = Skill(
    name="q_quality",
    command="quality",
    purpose="密度、含水、温度、纯度:实测还是证书,温度正不正常",
    examples=("T-107密度多少 含水多少", "甲醛罐温度正常不", "沥青温度多少", "甲醇纯度多少"),
    roles=PARTIES | {Role.INSPECTOR},
    run=run,
    parameters=(
        Parameter(
            name="metric",
            kind="choice",
            about="看什么,默认全部",
            choices=(
                ("density", ("密度", "标密")),
                ("water", ("含水", "水分", "底水", "水高")),
                ("temp", ("温度", "罐温", "多少度")),
                ("purity", ("纯度", "含量", "浓度")),
            ),
        ),
        Parameter(name="tank", kind="tank", about="罐"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
    aliases=("质量", "温度"),
)
