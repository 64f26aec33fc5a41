"""Why an alarm's condition is clear again: the cause that its 解除 must name, with the figures of now."""

from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import AlertKind, Line
from domain.event import Json, parse_stamp
from domain.money import ZERO, total
from domain.scene import DepotPapers, Scene
from rules import quantity_drop
from rules.value_line import goods_facts, value_facts


def recovery(alarm: Alarm, scene: Scene, memory: object = None) -> Json:
    """The facts of a return: ``cause`` and, for a pool alarm, today's figures against the line that it was about.

    memory: what the alarm's rule remembers; without it no mass is known to have come back.
    """
    match alarm.kind:
        case AlertKind.VALUE_BELOW_LINE | AlertKind.BLIND_BREACH:
            now = value_facts(scene, Line(alarm.facts["line"]), None, None)
            blind = alarm.kind is AlertKind.BLIND_BREACH
            return {"cause": "gauge" if blind else _value_cause(alarm, scene), "now": now}
        case AlertKind.QTY_DROP:
            return {"cause": _drop_cause(alarm, scene, memory), "now": None}
        case AlertKind.SENSOR_OFFLINE:
            return {"cause": "gauge", "now": None}
        case AlertKind.BOOK_GAP:
            return {"cause": "reconciled", "now": None}
        case AlertKind.DUP_PLEDGE:
            return {"cause": "adds_up", "now": None}
        case AlertKind.RECEIPT_EXPIRING:
            return {"cause": "renewed", "now": None}
        case AlertKind.YIELD_GAP:
            return {"cause": "in_band", "now": None}
        case AlertKind.LIFT:
            return {"cause": "resumed" if alarm.facts["check"] == "refused_lift" else "papers", "now": None}
        case AlertKind.PRICE_STALE | AlertKind.PRICE_CRASH | AlertKind.PRICE_OUTLIER:
            return {"cause": "price", "now": None}


def _value_cause(alarm: Alarm, scene: Scene) -> str:
    """What did most of the lifting since the alarm was told: price, restock, or repay."""
    then = alarm.facts["goods"]
    price = quantity = ZERO
    for code, now in goods_facts(scene.position).items():
        kg0, p0 = (int(then[code]["kg"]), Decimal(then[code]["cny_t"])) if code in then else (0, ZERO)
        price += (Decimal(now["cny_t"]) - p0) * kg0 / 1000
        quantity += (int(now["kg"]) - kg0) * Decimal(now["cny_t"]) / 1000
    repaid = Decimal(alarm.facts["exposure_cny"]) - scene.position.exposure
    parts = {"price": price, "restock": quantity, "repay": repaid}
    best = max(parts, key=lambda k: parts[k])
    lifted = total(v for v in parts.values() if v > 0)
    return best if lifted > 0 and parts[best] >= lifted * 2 / 3 else "mixed"


def _drop_cause(alarm: Alarm, scene: Scene, memory: object) -> str:
    """Papers explain it that came late, or can be checked again; the mass came back; or the outflow has only stopped."""
    told, tank = alarm.facts, alarm.subject
    papers = scene.papers.get(told["site"], DepotPapers())
    since = parse_stamp(told["since"])
    orders = [o for o in papers.work_orders if o.tank_id == tank and quantity_drop.covers(o, since)]
    late = any(o.no not in told["work_orders"] for o in orders)
    if late or (told["check"] in _ON_PAPER and quantity_drop.papers_say(scene, papers, orders, tank)[0] == "ok"):
        return "papers"
    back = isinstance(memory, quantity_drop.Memory) and quantity_drop.came_back(scene, memory, tank)
    return "refilled" if back else "quiet"


_ON_PAPER = ("cannot_check", "no_release")
"""What a loss was held against that papers alone can mend, with no order that is new."""
