"""Which receipts a question wants: those in pledge, in some other state, or to which something happened in a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.receipt.receipt import Standing, State
from skills.past import CHINA
from skills.span import Span

TICK = timedelta(microseconds=1)
WHICH = (
    ("live", ("没解押", "未解押", "没有解押", "没注销", "未注销", "没到期", "未到期", "没过期", "未过期")),
    ("expired", ("已过期", "已经过期", "过期了", "已到期", "到期了", "失效")),
    ("soon", ("快到期", "要到期", "将到期", "临期", "过期")),
    ("ending", ("到期",)),
    ("entered", ("新入池", "入池", "新进", "新增", "新入", "新押", "新质押")),
    ("partly", ("部分解押",)),
    ("released", ("已解押", "解押", "已释放", "释放")),
    ("cancelled", ("已注销", "注销")),
    ("split", ("已拆分", "拆分")),
    ("pledged", ("在押", "押着")),
)
"""What may be asked for, and the words for it, the narrower before the wider."""
_STATES: Mapping[str, frozenset[State]] = {
    "released": frozenset({State.RELEASED, State.PARTLY_RELEASED}),
    "partly": frozenset({State.PARTLY_RELEASED}),
    "cancelled": frozenset({State.CANCELLED}),
    "split": frozenset({State.SPLIT}),
}
_HIDES = {
    "live": frozenset(v for v, _ in WHICH) - {"live"},
    "expired": frozenset({"soon", "ending"}),
    "soon": frozenset({"ending"}),
    "partly": frozenset({"released"}),
}
"""A narrower word hides the wider ones that stand inside it: 没解押 asks for none that is released."""
_TIMED = frozenset({"ending", "entered"})
"""到期 and 入池 without a time: all that is in pledge, with its dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """which: values of ``WHICH``; none: those in pledge, or with a time all to which something happened in it."""

    which: tuple[str, ...]
    span: Span | None

    @classmethod
    def of(cls, named: Collection[str], span: Span | None) -> "Wanted":
        """Without what a narrower word hides or only a time makes sense of, and without 在押 where more is asked for."""
        hidden = frozenset[str]().union(*(_HIDES.get(w, frozenset()) for w in named), _TIMED if span is None else ())
        left = tuple(w for w, _ in WHICH if w in named and w not in hidden)
        others = tuple(w for w in left if w != "pledged")
        return cls(which=others or left, span=span)

    def holds(self, standing: Standing, notice_days: int, now: datetime) -> bool:
        """This receipt is asked for."""
        if not self.which:
            return standing.state.live if self.span is None else self._anything(standing)
        return any(self._is(w, standing, notice_days, now) for w in self.which)

    def order(self, standing: Standing) -> tuple[bool, str, str]:
        """What ends first comes first; of what is over, what happened first."""
        receipt = standing.receipt
        over = standing.changed_at.isoformat() if standing.state.over and standing.changed_at is not None else None
        ends = receipt.expires_on.isoformat() if receipt.expires_on is not None else None
        when = over or ends
        return when is None, when or "", receipt.no

    def _is(self, what: str, standing: Standing, notice_days: int, now: datetime) -> bool:
        live, receipt = standing.state.live, standing.receipt
        if what == "live" or (what == "pledged" and self.span is None):
            return live
        if what == "pledged":
            return self._held_at_the_end(standing)
        if what == "entered":
            return receipt.split_from is None and self._within(standing.pledged_at)
        if what in _STATES:
            return standing.state in _STATES[what] and (self.span is None or self._within(standing.changed_at))
        if what == "expired" and not receipt.expired(now):
            return False
        if self.span is not None:
            return live and self._ends_within(standing)
        return live and (what != "soon" or receipt.ends_within(notice_days, now))

    def _anything(self, standing: Standing) -> bool:
        """It came, changed or ends in the time."""
        seen = self._within(standing.pledged_at) or self._within(standing.changed_at)
        return seen or (standing.state.live and self._ends_within(standing))

    def _held_at_the_end(self, standing: Standing) -> bool:
        """It was in pledge when the time ended."""
        assert self.span is not None
        came, went = standing.pledged_at, standing.changed_at if standing.state.over else None
        return came is not None and came <= self.span.end and (went is None or went > self.span.end)

    def _within(self, at: datetime | None) -> bool:
        return at is not None and self.span is not None and self.span.start <= at <= self.span.end

    def _ends_within(self, standing: Standing) -> bool:
        """Its last day in China is one of the time's."""
        last, span = standing.receipt.expires_on, self.span
        if last is None or span is None:
            return False
        first, end = min(span.start, span.end - TICK), span.end - TICK
        return first.astimezone(CHINA).date() <= last <= end.astimezone(CHINA).date()
