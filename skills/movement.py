"""进出库: whether cargo moved in a span, by the depot's work orders and by the gauges, and how far the two agree."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from domain.event import Json, stamp
from skills.chosen import Row, chosen, named
from skills.movement_data import Papers, TankMove, tank_moves
from skills.past import up_to
from skills.ports import View
from skills.scope import PARTIES, among_lenders
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import Span, span_of

CHINA = timezone(timedelta(hours=8))
LONGEST = timedelta(days=31)
LATELY, LONG_AGO = timedelta(days=7), timedelta(days=30)
FEW = 5
MOST = 5
"""So many tanks are told one by one."""
TOP = 7
_DIGITS = "零一二三四五六七八九十"
IN, OUT = ("in",), ("out",)
WITHIN = ("transfer_in", "transfer_out")
PLANT = ("process_in", "process_out")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """First whether it moved. STALE where papers or gauges do not reach; NO_DATA where nothing is kept.

    CLARIFY for words that name something which nobody knows here.
    """
    if _strange(arguments):
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "name"})
    rows = chosen(view, arguments)
    if isinstance(rows, Answer):
        return rows
    span = _span(view, arguments, rows)
    if isinstance(span, Answer):
        return span
    last = arguments.get("want") == "last"
    found = _lately(view, rows, span) if last else tank_moves(view, rows, span)
    if found is None:
        return _which("unkept", status=Status.NO_DATA)
    return (_last if last else _answer)(view, *found, span, arguments)


def _lately(view: View, rows: list[Row], span: Span) -> tuple[list[TankMove], Papers] | None:
    """Tanks that moved in the last day of the span by the day, which is read finer, the others by all of it."""
    day = tank_moves(view, rows, Span(start=max(span.start, span.end - timedelta(days=1)), end=span.end))
    if day is None:
        return None
    moved = {m.tank_id: m for m in day[0] if m.part is not None and m.part.moved}
    others = [r for r in rows if r[1].holding.tank_id not in moved]
    long_ago = tank_moves(view, others, span) if others else ([], day[1])
    return None if long_ago is None else ([*moved.values(), *long_ago[0]], day[1])


def _span(view: View, arguments: Mapping[str, str], rows: list[Row]) -> Span | Answer:
    time = arguments.get("time")
    if time is None:
        start = view.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        if arguments.get("want") == "last":
            start = view.now - (LONG_AGO if len(rows) <= FEW else LATELY)
        return Span(start=start, end=view.now)
    span = span_of(time)
    if span is None:
        return _which("time")
    end = up_to(span.end, view.now) if span.end > span.start else view.now
    if span.start >= end:
        return _which("future")
    return Span(start=max(span.start, end - LONGEST), end=end)


def _which(about: str, *, status: Status = Status.CLARIFY) -> Answer:
    return Answer(status=status, kind="past_which", facts={"about": about})


def _answer(view: View, moves: list[TankMove], papers: Papers, span: Span, arguments: Mapping[str, str]) -> Answer:
    direction, top = arguments.get("direction", "both"), _top(arguments)
    unseen = [m.tank_id for m in moves if m.change is None]
    blind = [m.tank_id for m in moves if m.change is not None and m.blind]
    begins = max((m.since for m in moves if m.since is not None and m.change is not None), default=None)
    open_ = papers.stale or unseen or blind or _unsure(moves, direction)
    state = "moved" if _moved(moves, direction) else "unknown" if open_ else "still"
    order = [m for m in sorted(moves, key=lambda m: -_size(m)) if direction == "both" or m.went(direction)]
    told = order[:top] if top else [m for m in order if m.by_paper or _beyond(m)]
    shown = told[: top or MOST]
    facts: Json = {
        "state": state,
        "direction": direction,
        "top": top,
        "filters": named(arguments),
        **_times(span, view.now),
        "begins": _stamp(begins),
        "tanks": len(moves),
        "papers": _papers(view, moves, papers, direction),
        "gauges": _gauges(moves, unseen, blind),
        "gap_kg": None if papers.stale else _gap(moves),
        "rows": [_row(m) for m in shown],
        "more": len(told) - len(shown) if not top else 0,
    }
    return Answer(
        status=Status.STALE if papers.stale or unseen or blind or begins else Status.OK,
        kind="movement",
        facts=facts,
        figures=_figures(facts),
    )


def _top(arguments: Mapping[str, str]) -> int | None:
    """How many of the largest changes are asked for, as a figure or in a sentence (前5个, 动得最厉害); None: not asked for."""
    text = arguments.get("top", "")
    found = _RANKED.search(text)
    if found is None:
        return FEW if _GREATEST.search(text) and "罐" in text else None
    said = found[1] or found[2] or found[3]
    return max(1, min(int(said) if said.isdecimal() else _DIGITS.index(said), TOP))


_GREATEST = re.compile("最(?:厉害|大|多|明显|频繁|狠|猛)")
_COUNT = r"(\d{1,2}|[一二三四五六七八九十])"
_RANKED = re.compile(rf"最.*前\s*{_COUNT}|(?<!提)前\s*{_COUNT}\s*[个大名只](?!小时|钟|月|星期|班)|^(\d{{1,2}})$")
_CODE = re.compile(r"(?:^|[\s,、\uff0c])[A-Za-z]{1,2}-?\d{2,4}(?:$|[\s,、\uff0c])", re.ASCII)
"""A tank's number by itself, as they are written."""
_ASKS = re.compile(
    "[动静变进出入来提拉装卸发放走倒打抽掉涨跌升降减增加多少量没吗么呢哪谁]|[今当]|现在|目前|刚|\\b(?:in|out|today)\\b",
    re.IGNORECASE,
)
"""A word of one who asks what moved; nothing but a name has none."""


def _strange(arguments: Mapping[str, str]) -> bool:
    """``top`` holds what was typed after the command, and that is a name which no argument took: T-999, 黄金."""
    text = arguments.get("top", "").strip()
    if not text or any(kind in arguments for kind in ("tank", "good", "site", "contract")):
        return False
    alone = arguments.keys() <= {"top"} and _top(arguments) is None and not _ASKS.search(text)
    return alone or _CODE.search(text) is not None


def _size(move: TankMove) -> int:
    return abs(move.change.net_kg if move.change is not None else move.papers_kg)


def _beyond(move: TankMove) -> bool:
    return move.change is not None and move.change.moved


def _moved(moves: list[TankMove], direction: str) -> bool:
    """Something went the way that is asked about, on paper or, unexplained by papers, by the gauges."""
    if direction == "both":
        return any(m.by_paper or _beyond(m) for m in moves)
    out = direction == "out"
    return any(m.kg(direction) or (m.unexplained(out=out) and not m.shared) for m in moves)


def _unsure(moves: list[TankMove], direction: str) -> bool:
    """An order moved nobody knows whose cargo, or a shared tank moved so as no order of the pledge's own explains."""
    out = direction == "out"
    return any(m.unowned or (direction != "both" and m.shared and m.unexplained(out=out)) for m in moves)


def _papers(view: View, moves: list[TankMove], papers: Papers, direction: str) -> Json:
    out = [m for t in moves for m in t.moves if m.direction == "out" and m.kg]
    facts: Json = {
        "in_kg": sum(m.kg(*IN) for m in moves),
        "out_kg": sum(m.kg(*OUT) for m in moves),
        "within_kg": sum(x.kg for m in moves for x in m.moves if x.direction == "transfer_out")
        or sum(m.kg(*WITHIN) for m in moves),
        "plant_kg": sum(m.kg(*PLANT) for m in moves),
        "as_of": stamp(papers.as_of) if papers.as_of is not None else None,
        "stale": papers.stale,
        "sites": list(papers.sites),
        "unowned": sum(m.unowned for m in moves),
    }
    if among_lenders(view) and direction != "in" and not papers.stale:
        facts["unnoticed_kg"] = sum(m.kg for m in out if not m.noticed)
    return facts


def _gauges(moves: list[TankMove], unseen: list[str], blind: list[str]) -> Json:
    """What they say; of a blind tank what it last said, but it is none that can be compared."""
    seen = [m for m in moves if m.change is not None]
    return {
        "measured": len(seen) - len(blind),
        "blind": blind,
        "at": _stamp(max((m.change.end[0] for m in seen if m.change is not None), default=None)),
        "rose_kg": sum(m.change.rose_kg for m in seen if m.change is not None),
        "fell_kg": sum(m.change.fell_kg for m in seen if m.change is not None),
        "unseen": unseen,
        "unexplained": [
            {"tank": m.tank_id, "kg": kg, "out": out}
            for m in seen
            for out in (True, False)
            if not m.shared and (kg := m.unexplained(out=out))
        ],
    }


def _gap(moves: list[TankMove]) -> int | None:
    """Net change by gauges less that by work orders, over the tanks that moved; None where none could be compared.

    A shared tank's gauge moves with others' cargo too, of which nothing is told here.
    """
    both = [m for m in moves if m.change is not None and not m.shared and (m.by_paper or m.change.moved)]
    return sum(m.change.net_kg - m.papers_kg for m in both if m.change is not None) if both else None


def _row(move: TankMove) -> Json:
    change, orders = move.change, [m for m in move.moves if m.kg]
    return {
        "tank": move.tank_id,
        "good": move.good,
        "net_kg": change.net_kg if change is not None else None,
        "rose_kg": change.rose_kg if change is not None else None,
        "fell_kg": change.fell_kg if change is not None else None,
        "moved": _beyond(move),
        "shared": move.shared,
        "moved_at": _stamp(change.moved_at) if change is not None else None,
        "papers_kg": move.papers_kg,
        "orders": [m.no for m in orders],
    }


def _times(span: Span, now: datetime) -> Json:
    return {"start": stamp(span.start), "end": stamp(span.end), "now": span.end >= now}


def _last(view: View, moves: list[TankMove], papers: Papers, span: Span, arguments: Mapping[str, str]) -> Answer:
    """When each tank last moved, the latest first."""
    rows = [_last_row(m) for m in moves]
    rows.sort(key=lambda r: max(r["moved_at"] or "", (r["order"] or {}).get("at", "")), reverse=True)
    unseen = [m.tank_id for m in moves if m.part is None]
    facts: Json = {
        "filters": named(arguments),
        **_times(span, view.now),
        "rows": rows[:TOP],
        "more": max(0, len(rows) - TOP),
        "unseen": unseen,
        "stale": papers.stale,
        "as_of": _stamp(papers.as_of),
        "unowned": sum(m.unowned for m in moves),
    }
    status = Status.STALE if papers.stale or unseen else Status.OK
    return Answer(status=status, kind="movement_last", facts=facts)


def _last_row(move: TankMove) -> Json:
    orders, part = [m for m in move.moves if m.kg], move.part
    last = max(orders, key=lambda m: m.closed_at or m.opened_at, default=None)
    return {
        "tank": move.tank_id,
        "good": move.good,
        "since": _stamp(part.start[0]) if part is not None else None,
        "until": _stamp(part.end[0]) if part is not None else None,
        "moved_at": _stamp(part.moved_at) if part is not None else None,
        "order": {
            "no": last.no,
            "direction": last.direction,
            "kg": last.kg,
            "at": stamp(last.closed_at or last.opened_at),
            "open": last.closed_at is None,
        }
        if last is not None
        else None,
    }


def _stamp(at: datetime | None) -> str | None:
    return stamp(at) if at is not None else None


def _figures(facts: Json) -> tuple[Figure, ...]:
    papers, gauges = facts["papers"], facts["gauges"]
    rows = [
        ("papers.in", papers["in_kg"], papers["as_of"]),
        ("papers.out", papers["out_kg"], papers["as_of"]),
        ("gauges.rose", gauges["rose_kg"], gauges["at"]),
        ("gauges.fell", gauges["fell_kg"], gauges["at"]),
        *((f"{r['tank']}.net", r["net_kg"], gauges["at"]) for r in facts["rows"]),
    ]
    return tuple(Figure(name=n, value=str(v), unit="kg", as_of=at) for n, v, at in rows if v is not None)


SKILL = Skill(
    name="q_movement",
    command="movement",
    purpose="进出库:某段时间动没动、进出多少(作业单与液位各一份)",
    examples=("昨天夜里有没有出过库", "今天一共进了多少出了多少", "T-107今天动过没", "昨天到现在变化最大的前5个罐"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="time", kind="time", about="起止时间,默认今天零点至今"),
        Parameter(name="tank", kind="tank", about="罐"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
        Parameter(
            name="direction",
            kind="choice",
            about="只看进或只看出",
            choices=(
                ("both", ("进出", "动过", "进了多少出了多少")),
                ("out", ("出库", "出过", "出货", "拉走", "提走")),
                ("in", ("进库", "入库", "进货", "卸货")),
            ),
        ),
        Parameter(name="top", kind="text", about="变化最大的前几个罐,如 前5个"),
        Parameter(
            name="want", kind="choice", about="上次动罐的时间", choices=(("last", ("上次", "最近一次", "最后一次")),)
        ),
    ),
    aliases=("进出", "动罐"),
)
