"""A Desk with a memory: the board changes when a test says so, and levers remember how they were pulled."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.board import AlarmRow, Board, GatewayRow, Lever, ProjectRow, TankRow
from domain.contract import Line, Severity
from domain.errors import SourceUnavailable
from domain.people import LENDER_ROLES, Chat, Person
from tests.fakes.desk_world import CHATS, CONTRACT, ORGANISATIONS, PEOPLE, ROLES, SITES, START

LINES = {
    Line.WARN: Decimal("129123428.57"),
    Line.CONTROL: Decimal("120515200.00"),
    Line.DISPOSAL: Decimal("106336941.18"),
}
VALUE = Decimal("119874600.00")


def lever(name: str, label: str, **parameters: dict[str, Any]) -> Lever:
    """As the depot describes its levers."""
    return Lever(name=name, label=label, parameters=parameters)


def number(label: str, default: float | None, low: float, high: float) -> dict[str, Any]:
    return {"label": label, "kind": "number", "required": False, "default": default, "min": low, "max": high}


TANK = {"label": "储罐", "kind": "tank", "required": True, "default": None}
LEVERS = (
    lever("drain", "偷放货", tank=TANK, rate_t_h=number("速率 吨/时", 120.0, 0.1, 1500.0)),
    lever("stop_drain", "停止偷放", tank={**TANK, "required": False}),
    lever("freeze", "液位计冻结", tank=TANK),
    lever("replay", "回放旧数据", tank=TANK, minutes=number("分钟", 10.0, 0.2, 120.0)),
    lever("cut_site", "断开库区", site={"label": "库区", "kind": "site", "required": True, "default": None}),
    lever(
        "price_crash",
        "价格暴跌",
        good={"label": "货品", "kind": "good", "required": True, "default": None},
        pct=number("跌幅 %", None, -99.0, 99.0),
    ),
    lever(
        "stale_feed",
        "报送停更",
        feed={"label": "报送", "kind": "choice", "required": True, "default": None, "allowed": ["book", "releases"]},
    ),
    lever("restore", "全部复原"),
)


class FakeDesk:
    """Matches bot.board.Desk. Change ``tanks``, ``alarms`` or ``projects`` and call ``touch``."""

    def __init__(self, *, demo: bool = True) -> None:
        self._demo = demo
        self.now = START
        self.version = 1
        self.tanks = [_tank(site, row) for site in SITES for row in _rows(site)]
        self.tanks[26] = replace(self.tanks[26], age_s=2490.0, state="silent", why=("MISSING",))  # V203
        self.tanks[51] = replace(self.tanks[51], age_s=372.0, state="stale", why=("OLD",))  # C-10
        self.alarms = list(ALARMS)
        self.projects = [_project()]
        self.pulled: list[tuple[str, dict[str, Any]]] = []
        self.depot_answers = True

    @property
    def demo(self) -> bool:
        return self._demo

    def touch(self, seconds: float = 0.0) -> None:
        """Time passes and something changed."""
        self.now += timedelta(seconds=seconds)
        self.version += 1

    def people(self) -> tuple[Person, ...]:
        return PEOPLE

    def label(self, person_id: str) -> str:
        person = next(p for p in PEOPLE if p.id == person_id)
        return ORGANISATIONS[person.org].short + person.name

    def role_name(self, person_id: str) -> str:
        return ROLES[next(p for p in PEOPLE if p.id == person_id).role]

    def chats(self, person_id: str | None) -> tuple[Chat, ...]:
        return tuple(c for c in CHATS if person_id is None or person_id in c.members)

    def board(self, person_id: str | None) -> Board:
        lender = person_id is None or next(p for p in PEOPLE if p.id == person_id).role in LENDER_ROLES
        projects = (
            self.projects if lender else [replace(p, ltv=None, coverage=None, exposure=None) for p in self.projects]
        )
        gateways = [
            GatewayRow(
                site_id=site,
                site_name=SITES[site][0],
                good=sum(t.site_id == site and t.state in ("fresh", "stale") for t in self.tanks),
                tanks=sum(t.site_id == site for t in self.tanks),
                last_poll_at=self.now - timedelta(seconds=4 + 3 * n),
            )
            for n, site in enumerate(SITES)
        ]
        return Board(
            at=self.now,
            version=self.version,
            tanks=tuple(self.tanks),
            projects=tuple(projects),
            alarms=tuple(self.alarms),
            gateways=tuple(gateways),
        )

    def levers(self) -> tuple[Lever, ...]:
        return LEVERS if self._demo else ()

    async def pull(self, name: str, parameters: Mapping[str, Any]) -> str:
        if not self.depot_answers:
            raise SourceUnavailable("depot: no answer to '/levers'")
        self.pulled.append((name, dict(parameters)))
        return "、".join(["已执行", *(str(v) for v in parameters.values())])


def _rows(site: str) -> list[str]:
    return [row.strip() for line in SITES[site][1].splitlines() for row in line.split("|")]


def _tank(site: str, row: str) -> TankRow:
    tank, good, filling, tonnes, temp = row.split()
    return TankRow(
        site_id=site,
        site_name=SITES[site][0],
        tank_id=tank,
        good_name=good,
        filling=float(filling),
        level_mm=12000 * float(filling),
        temp_c=float(temp),
        tonnes=float(tonnes),
        age_s=8.0 + sum(map(ord, tank)) % 40,
        state="fresh",
        why=(),
    )


def history(until: datetime = START, *, hours: int = 6) -> tuple[tuple[datetime, Decimal], ...]:
    """A value that breathes a little and falls twice."""
    points = []
    for n in range(hours * 30):
        at = until - timedelta(minutes=2 * (hours * 30 - 1 - n))
        value = Decimal(124918500) + Decimal(round(60000 * math.sin(n / 9) + 25000 * math.sin(n / 2.3)))
        value -= Decimal(1678135) if n > hours * 30 * 0.62 else 0
        value -= Decimal(3365765) if n > hours * 30 * 0.8 else 0
        points.append((at, value))
    return (*points[:-1], (until, VALUE))


def _project() -> ProjectRow:
    return ProjectRow(
        contract_id=CONTRACT,
        name=f"恒运池 {CONTRACT}",
        lender="甲银行",
        recognised=VALUE,
        last_known=VALUE + Decimal(2254000),
        lines=LINES,
        ltv=Decimal("0.7540"),
        exposure=Decimal("90386400.00"),
        fresh_ratio=Decimal("0.9819"),
        known=True,
        history=history(),
    )


ALARMS = (
    AlarmRow(
        alarm_id="AL-20260312-09",
        contract_id=CONTRACT,
        severity=Severity.RED,
        title="港储一库 T-112 货量异常下降 83.0吨",
        condition="active",
        raised_at=START - timedelta(minutes=2),
        waiting=("港储一库李主管",),
    ),
    AlarmRow(
        alarm_id="AL-20260312-07",
        contract_id=CONTRACT,
        severity=Severity.ORANGE,
        title="恒运池货值低于监管线 64.06万元",
        condition="active",
        raised_at=START - timedelta(minutes=40),
        waiting=("恒运赵总", "港储一库李主管"),
    ),
    AlarmRow(
        alarm_id="AL-20260312-03",
        contract_id=CONTRACT,
        severity=Severity.YELLOW,
        title="民储库 V203 液位计无数据",
        condition="active",
        raised_at=START - timedelta(minutes=41),
        waiting=(),
    ),
)
