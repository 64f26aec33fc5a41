"""Random scripts over several cases: what must hold whatever people and depots do, in whatever order."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.case import acts
from domain.case.case import ENDS, IN_FORCE, Case, CaseKind, CaseLine, Stage
from domain.case.check import Ask, reserved
from domain.case.fold import fold
from domain.case.watch import watched
from domain.errors import CaseError
from domain.event import Event, canonical
from domain.movement import Direction, WorkOrder
from tests.fakes.case_life import PAYMENT_FIRST, T1, T3, check_of, papers, position
from tests.fakes.pledge import INDEX, NOW

POSITION = position()
CHECK = check_of(Ask(kind=CaseKind.RELEASE, out=(T1,)))
LENDERS = st.sampled_from(["wang", "chen", "lin"])
NOTICES = ("TH-1", "TH-2", "TH-3")
ENDINGS = st.sampled_from([Stage.REFUSED, Stage.WITHDRAWN, Stage.REVOKED])


class Cases(RuleBasedStateMachine):
    """Requests filed, paid, signed, sealed, verified, ended; orders opened, grown, closed; time going on."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.events: dict[str, list[Event]] = {}
        self.live: dict[str, Case] = {}
        self.orders: dict[str, WorkOrder] = {}

    def _take(self, case: Case | None, events: list[Event]) -> None:
        for event in events:
            number = event.body["case"]
            self.events.setdefault(number, []).append(event)
            self.live[number] = fold(self.live.get(number), [event])

    def _pick(self, n: int) -> Case | None:
        cases = list(self.live.values())
        return cases[n % len(cases)] if cases else None

    def _try(self, n: int, act) -> None:
        case = self._pick(n)
        if case is None:
            return
        try:
            self._take(case, act(case))
        except CaseError:
            assert self.live[case.id] == case

    @rule(kind=st.sampled_from(CaseKind), kg=st.integers(1, 50_000))
    def files(self, kind: CaseKind, kg: int) -> None:
        if len(self.live) == 4:
            return
        out = (CaseLine(tank_id="T-1", good="METHANOL", kg=kg),) if kind is not CaseKind.TOP_UP else ()
        into = (CaseLine(tank_id=T3.tank_id, good=T3.good, kg=kg),) if kind is not CaseKind.RELEASE else ()
        self._take(
            None,
            acts.filed(
                PAYMENT_FIRST, number=f"RC-{len(self.live)}", kind=kind, out=out, into=into, cash_cny=None,
                check={**CHECK, "to_pay_cny": "100.00" if kind is CaseKind.RELEASE else "0.00"}, by="zhao",
                chat="pool", index=INDEX, now=self.now,
            ),
        )  # fmt: skip

    @rule(n=st.integers(0, 9), amount=st.sampled_from(["40.00", "100.00"]), by=LENDERS)
    def pays(self, n: int, amount: str, by: str) -> None:
        money = Decimal(amount)
        self._try(n, lambda c: acts.paid(c, PAYMENT_FIRST, INDEX, amount=money, check=c.check, by=by, now=self.now))

    @rule(n=st.integers(0, 9), by=LENDERS)
    def signs(self, n: int, by: str) -> None:
        def act(case: Case) -> list[Event]:
            no = NOTICES[int(case.id[-1]) % 3] + case.id
            return acts.signed(
                case, PAYMENT_FIRST, INDEX, no=no, valid_until=None, check=case.check, by=by, now=self.now
            )

        self._try(n, act)

    @rule(n=st.integers(0, 9), by=LENDERS)
    def seals(self, n: int, by: str) -> None:
        self._try(n, lambda c: acts.sealed(c, PAYMENT_FIRST, INDEX, by=by, now=self.now))

    @rule(n=st.integers(0, 9))
    def verifies(self, n: int) -> None:
        self._try(n, lambda c: acts.verified(c, PAYMENT_FIRST, INDEX, by="li", now=self.now))

    @rule(n=st.integers(0, 9))
    def declines(self, n: int) -> None:
        self._try(n, lambda c: acts.declined(c, reason="x", by="li", now=self.now))

    @rule(n=st.integers(0, 9), by=LENDERS)
    def accepts(self, n: int, by: str) -> None:
        self._try(n, lambda c: acts.accepted(c, PAYMENT_FIRST, INDEX, check=c.check, by=by, now=self.now))

    @rule(n=st.integers(0, 9), stage=ENDINGS)
    def ends(self, n: int, stage: Stage) -> None:
        self._try(n, lambda c: acts.ended(c, stage, why="", by="wang", now=self.now))

    @rule(n=st.integers(0, 9), kg=st.integers(0, 60_000), closed=st.booleans(), inward=st.booleans())
    def loads(self, n: int, kg: int, closed: bool, inward: bool) -> None:
        case = self._pick(n)
        if case is None:
            return
        no = f"W-{len(self.orders)}"
        self.orders[no] = WorkOrder(
            no=no, site_id="gangchu", tank_id="T-3" if inward else "T-1", good="X", planned_kg=kg, done_kg=kg,
            direction=Direction.IN if inward else Direction.OUT, opened_at=self.now,
            closed_at=self.now if closed else None,
            release_no=None if inward or case.notice is None else case.notice.no,
        )  # fmt: skip

    @rule(hours=st.integers(1, 30))
    def looks(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        paper = {"gangchu": papers(*self.orders.values(), at=self.now)}
        for case in [c for c in self.live.values() if c.open]:
            self._take(
                case,
                watched(
                    case, self.live.values(), PAYMENT_FIRST, papers=paper, position=POSITION, index=INDEX, now=self.now
                ),
            )  # fmt: skip

    @invariant()
    def folded_from_the_beginning_it_is_the_same(self) -> None:
        for number, events in self.events.items():
            assert fold(None, events) == self.live[number]
            assert canonical([e.body for e in events])

    @invariant()
    def a_notice_in_force_was_registered_and_confirmed_by_two(self) -> None:
        for case in self.live.values():
            if case.stage in IN_FORCE or (case.stage in (Stage.REVOKED, Stage.EXECUTED) and case.out):
                assert case.notice is not None
                assert case.notice.sealed_by is not None
                assert case.notice.sealed_by != case.notice.signed_by

    @invariant()
    def nothing_happens_after_an_end(self) -> None:
        for events in self.events.values():
            kinds = [e.kind for e in events]
            assert "case.ended" not in kinds[:-1]

    @invariant()
    def no_kilogram_is_counted_for_two_cases_or_beyond_its_order(self) -> None:
        for moved in ("lifted", "brought"):
            keys = [(key, kg) for c in self.live.values() for key, kg in getattr(c, moved).items()]
            assert len({key for key, _ in keys}) == len(keys)
            assert all(kg == self.orders[no].done_kg for (no, _), kg in keys)

    @invariant()
    def what_is_kept_back_is_what_is_sealed_and_not_lifted(self) -> None:
        force = [c for c in self.live.values() if c.stage in IN_FORCE]
        left = sum(max(0, c.out_kg - c.lifted_kg("T-1")) for c in force)
        assert sum(reserved(self.live.values()).values()) == left
        assert all(c.waits == () for c in self.live.values() if c.stage in ENDS)


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
