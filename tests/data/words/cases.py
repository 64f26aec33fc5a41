"""Lives of cases over 恒运池, step by step through ``domain.case``: what each step owes in each chat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.case import acts
from domain.case.case import Case, CaseKind, CaseLine, Stage
from domain.case.check import Ask, ask_of, checked
from domain.case.fold import fold
from domain.case.notice import CaseNotice, owed
from domain.case.terms import NoticeSource, ReleaseTerms, Step, StepDuty, StepRule, SwapTerms
from domain.case.watch import watched
from domain.contract import Contract
from domain.event import Event, Json
from domain.movement import Direction, WorkOrder
from domain.notice import Notice
from domain.scene import DepotPapers
from tests.data.words.hengyun import CONTRACT, INDEX, NOW, ROSTER, TONNES, scene

TWO_HOURS = 7200.0


def _rule(step: Step, *duties: tuple[str, str], site: str | None = None, up: tuple[str, ...] = ()) -> StepRule:
    people = tuple(StepDuty(person=p, chat=c, ack_s=TWO_HOURS, escalate_to=up) for p, c in duties)
    return StepRule(step=step, duties=people, site=site)


TERMS = ReleaseTerms(
    notice=NoticeSource.REGISTERED,
    swap=SwapTerms(),
    steps=(
        _rule(Step.PAYMENT, ("wang", "bank"), up=("lin",)),
        _rule(Step.SIGN, ("wang", "bank"), up=("lin",)),
        _rule(Step.COUNTERSIGN, ("chen", "bank"), up=("lin",)),
        _rule(Step.VERIFY, ("li", "group"), site="gangchu"),
        _rule(Step.LIFT, ("zhao", "group")),
        _rule(Step.BRING, ("zhao", "group")),
        _rule(Step.ACCEPT, ("wang", "bank"), up=("lin",)),
    ),
)
PLEDGED = replace(CONTRACT, release=TERMS)
RICH = {"T-107": 6120.3}
OUT = (CaseLine(tank_id="T-112", good="MEOH", kg=500_000),)
INTO = (CaseLine(tank_id="T-107", good="D0", kg=300_000),)


@dataclass(frozen=True, kw_only=True)
class CaseTold:
    """A case after an event, and what the event owes."""

    event: Event
    case: Case
    owed: tuple[CaseNotice, ...]

    def at(self, chat: str, template: str) -> CaseNotice | None:
        """The notice of this template in this chat, if there is one."""
        found = (o for o in self.owed if o.notice.chat == chat and o.notice.template == template)
        return next(found, None)


class Life:
    """One case, led through its life; ``told`` keeps every step."""

    def __init__(
        self,
        kind: CaseKind,
        *,
        out: tuple[CaseLine, ...] = (),
        into: tuple[CaseLine, ...] = (),
        cash: Decimal | None = None,
        tonnes: Mapping[str, float] | None = None,
    ) -> None:
        """Filed at NOW by the borrower in the group. tonnes: what the tanks hold instead of the usual."""
        self.tonnes = {**TONNES, **(RICH if tonnes is None else tonnes)}
        self.now = NOW
        self.told: list[CaseTold] = []
        check = self._check(Ask(kind=kind, out=out, into=into, cash_cny=cash or Decimal(0)))
        number = f"{acts.PREFIX[kind]}-20260312-01"
        events = acts.filed(
            PLEDGED, number=number, kind=kind, out=out, into=into, cash_cny=cash, check=check, by="zhao", chat="group",
            index=INDEX, now=NOW,
        )  # fmt: skip
        self.case = self._tell(None, events)

    def paid(self, amount: Decimal | None = None, by: str = "wang") -> "Life":
        """The lender has the money, all of it unless said otherwise."""
        paying = amount or self.case.unpaid_cny
        return self._act(acts.paid, amount=paying, check=self._checked(paying), by=by)

    def signed(self, by: str = "wang", no: str = "TH-0301") -> "Life":
        """A first person registers the notice."""
        until = NOW + timedelta(days=2, hours=2, minutes=28)
        return self._act(acts.signed, no=no, valid_until=until, check=self._checked(), by=by)

    def sealed(self, by: str = "chen") -> "Life":
        """A second one confirms it."""
        return self._act(acts.sealed, by=by)

    def verified(self, by: str = "li") -> "Life":
        """The depot has held the paper against it."""
        return self._act(acts.verified, by=by)

    def accepted(self, by: str = "wang") -> "Life":
        """The lender takes what came."""
        return self._act(acts.accepted, check=self._checked(), by=by)

    def declined(self, reason: str, by: str = "li") -> "Life":
        """The depot will not let the goods go."""
        self._later()
        self.case = self._tell(self.case, acts.declined(self.case, reason=reason, by=by, now=self.now))
        return self

    def ended(self, stage: Stage, why: str, by: str) -> "Life":
        """Refused, withdrawn or revoked by somebody."""
        self._later()
        self.case = self._tell(self.case, acts.ended(self.case, stage, why=why, by=by, now=self.now))
        return self

    def reminded(self) -> "Life":
        """The time of those who are waited for has passed."""
        self.now += timedelta(hours=2, minutes=5)
        self.case = self._tell(self.case, acts.remind(self.case, pause_s=600, now=self.now))
        return self

    def moved(self, direction: Direction, kg: int, *, closed: bool = False, days: int = 0) -> "Life":
        """The depot's work order has come so far."""
        self.now += timedelta(days=days, minutes=30)
        line = self.case.out[0] if direction is Direction.OUT else self.case.into[0]
        order = WorkOrder(
            no="WO-0312-11", site_id="gangchu", tank_id=line.tank_id, direction=direction, good=line.good,
            planned_kg=line.kg, done_kg=kg, opened_at=NOW + timedelta(minutes=1),
            release_no=self.case.notice.no if self.case.notice is not None else None,
            closed_at=self.now if closed else None,
        )  # fmt: skip
        before = self.case.lifted_kg() if direction is Direction.OUT else -self.case.brought_kg()
        signed = -kg if direction is Direction.OUT else kg
        self.tonnes[line.tank_id] += (signed + before) / 1000
        papers = {"gangchu": DepotPapers(work_orders=(order,), work_orders_as_of=self.now, releases_as_of=self.now)}
        contract = self._contract(self.case.paid_cny)
        position = scene(self.now, contract=contract, tonnes=self.tonnes).position
        events = watched(self.case, [self.case], contract, papers=papers, position=position, index=INDEX, now=self.now)
        self.case = self._tell(self.case, events)
        return self

    def at(self, chat: str, template: str) -> CaseNotice:
        """The newest notice of this template in this chat."""
        found = [o for t in self.told for o in [t.at(chat, template)] if o is not None]
        assert found, f"no {template} in {chat}"
        return found[-1]

    def _act(self, decide: Callable[..., list[Event]], **what: Any) -> "Life":
        self._later()
        self.case = self._tell(self.case, decide(self.case, PLEDGED, INDEX, now=self.now, **what))
        return self

    def _later(self) -> None:
        self.now += timedelta(minutes=20)

    def _checked(self, paying: Decimal = Decimal(0)) -> Json:
        return self._check(ask_of(self.case, paying=paying))

    def _check(self, ask: Ask) -> Json:
        now: datetime = self.now
        contract = self._contract(ask.repaid - ask.paying)
        world = scene(now, contract=contract, tonnes=self.tonnes)
        return checked(contract, world.position, ask, cases=(), prices=world.prices, blocked=False)

    def _contract(self, repaid: Decimal) -> Contract:
        """The contract with the exposure that is left."""
        exposure = PLEDGED.exposure
        return replace(PLEDGED, exposure=replace(exposure, principal=exposure.principal - repaid))

    def _tell(self, case: Case | None, events: list[Event]) -> Case:
        for event in events:
            case = fold(case, [event])
            self.told.append(CaseTold(event=event, case=case, owed=tuple(owed(event, case, PLEDGED, ROSTER))))
        assert case is not None
        return case


def release() -> Life:
    """500 t of methanol, as filed."""
    return Life(CaseKind.RELEASE, out=OUT)


def swap() -> Life:
    """300 t of diesel for 500 t of methanol."""
    return Life(CaseKind.SWAP, out=OUT, into=INTO)


def top_up() -> Life:
    """1,000 t of diesel and 2 million, where 924.89万元 are missing."""
    line = CaseLine(tank_id="T-107", good="D0", kg=1_000_000)
    return Life(CaseKind.TOP_UP, into=(line,), cash=Decimal("2000000.00"), tonnes={"T-112": 5997.2})


LIVES: Mapping[str, Callable[[], Life]] = {
    "filed": release,
    "filed_low": lambda: Life(CaseKind.RELEASE, out=OUT, tonnes={}),
    "paid_partly": lambda: release().paid(Decimal("500000.00")),
    "paid": lambda: release().paid(),
    "signed": lambda: release().paid().signed(),
    "sealed": lambda: release().paid().signed().sealed(),
    "verified": lambda: release().paid().signed().sealed().verified(),
    "declined": lambda: release().paid().signed().sealed().declined("通知书印章不清"),
    "declined_mute": lambda: release().paid().signed().sealed().declined(""),
    "lifting": lambda: release().paid().signed().sealed().verified().moved(Direction.OUT, 320_500),
    "executed": lambda: release().paid().signed().sealed().verified().moved(Direction.OUT, 499_600, closed=True),
    "expired": lambda: (
        release()
        .paid()
        .signed()
        .sealed()
        .verified()
        .moved(Direction.OUT, 320_500)
        .moved(Direction.OUT, 320_500, closed=True, days=3)
    ),
    "revoked": lambda: release().paid().signed().sealed().ended(Stage.REVOKED, "借款人申请取消", "chen"),
    "refused": lambda: release().ended(Stage.REFUSED, "", "wang"),
    "withdrawn": lambda: release().ended(Stage.WITHDRAWN, "", "zhao"),
    "reminded": lambda: release().reminded(),
    "swap_filed": swap,
    "swap_brought": lambda: swap().moved(Direction.IN, 300_200, closed=True),
    "swap_accepted": lambda: swap().moved(Direction.IN, 300_200, closed=True).accepted(),
    "top_up_filed": top_up,
    "top_up_partly": lambda: top_up().moved(Direction.IN, 400_000).paid(Decimal("500000.00")),
    "top_up_brought": lambda: top_up().paid().moved(Direction.IN, 1_000_300, closed=True),
    "top_up_executed": lambda: top_up().paid().moved(Direction.IN, 1_000_300, closed=True).accepted(),
}
"""Where each life stands when it is told."""


def told_under(contract: Contract, case: Case) -> Notice:
    """The group's card of a case under another contract's disclosure."""
    event = Event(tenant=case.tenant, kind="case.filed", v=1, occurred_at=NOW, actor=case.by, body={"case": case.id})
    found = (o.notice for o in owed(event, case, contract, ROSTER) if o.notice.chat == "group")
    return next(found)
