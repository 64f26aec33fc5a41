"""The board as rows of JSON, by key, so that only what changed is sent. Pure; times are seconds since 1970 UTC."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.board import AlarmRow, Board, GatewayRow, ProjectRow, TankRow
from bot.console.page.figures import at_most, money, percent
from domain.contract import Line

Row = dict[str, Any]
Rows = dict[str, Row]


def rows_of(board: Board) -> Rows:
    """Every row of the board; ``n`` is its place among its kind. A history is a row of its own: it is the longest."""
    rows: Rows = {}
    for n, tank in enumerate(board.tanks):
        rows[f"tank/{tank.site_id}/{tank.tank_id}"] = _tank(tank, board.at) | {"n": n}
    for n, project in enumerate(board.projects):
        rows[f"project/{project.contract_id}"] = _project(project) | {"n": n}
        rows[f"history/{project.contract_id}"] = _history(project)
    for n, alarm in enumerate(board.alarms):
        rows[f"alarm/{alarm.alarm_id}"] = _alarm(alarm) | {"n": n}
    for n, gateway in enumerate(board.gateways):
        rows[f"gateway/{gateway.site_id}"] = _gateway(gateway) | {"n": n}
    return rows


def changed(old: Mapping[str, Row], new: Mapping[str, Row]) -> tuple[Rows, list[str]]:
    """Rows to set and keys that are gone."""
    return {key: row for key, row in new.items() if old.get(key) != row}, [key for key in old if key not in new]


def _tank(tank: TankRow, at: datetime) -> Row:
    return {
        "site": tank.site_id,
        "siteName": tank.site_name,
        "id": tank.tank_id,
        "good": tank.good_name,
        "filling": _rounded(tank.filling, 3),
        "level": _rounded(tank.level_mm, 1),
        "temp": _rounded(tank.temp_c, 1),
        "tonnes": _rounded(tank.tonnes, 1),
        "taken": _rounded(at.timestamp() - tank.age_s, 1) if tank.age_s is not None else None,
        "state": tank.state,
        "why": list(tank.why),
    }


def _project(project: ProjectRow) -> Row:
    return {
        "id": project.contract_id,
        "name": project.name,
        "lender": project.lender,
        "recognised": money(project.recognised),
        "lastKnown": money(project.last_known) if project.last_known != project.recognised else None,
        "known": project.known,
        "fresh": at_most(project.fresh_ratio),
        "ltv": percent(project.ltv) if project.ltv is not None else None,
        "coverage": percent(project.coverage) if project.coverage is not None else None,
        "exposure": money(project.exposure) if project.exposure is not None else None,
        "lines": [_line(line, project) for line in Line if line in project.lines],
    }


def _line(line: Line, project: ProjectRow) -> Row:
    amount = project.lines[line]
    gap = project.recognised - amount
    return {
        "line": line.value,
        "amount": money(amount),
        "y": float(amount),
        "side": "above" if gap > 0 else "below" if gap < 0 else "at",
        "gap": money(abs(gap)),
    }


def _history(project: ProjectRow) -> Row:
    return {"points": [[round(at.timestamp()), _whole(value)] for at, value in project.history]}


def _alarm(alarm: AlarmRow) -> Row:
    return {
        "id": alarm.alarm_id,
        "severity": int(alarm.severity),
        "title": alarm.title,
        "condition": alarm.condition,
        "since": alarm.raised_at.timestamp(),
        "waiting": list(alarm.waiting),
    }


def _gateway(gateway: GatewayRow) -> Row:
    return {
        "site": gateway.site_id,
        "siteName": gateway.site_name,
        "good": gateway.good,
        "tanks": gateway.tanks,
        "polled": gateway.last_poll_at.timestamp() if gateway.last_poll_at is not None else None,
    }


def _whole(value: Decimal) -> int:
    return int(value.to_integral_value())


def _rounded(value: float | None, places: int) -> float | None:
    return round(value, places) if value is not None else None
