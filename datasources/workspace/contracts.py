"""``contracts/*.yaml``: one pledge contract each, in the words of the contract: minutes, hours, ratios, CNY."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field as Needs
from pydantic import ValidationInfo, model_validator

from datasources.workspace.buyback import BuybackPart
from datasources.workspace.days import CALENDARS, CurePart
from datasources.workspace.disposal import DisposalPart
from datasources.workspace.insurance import PolicyPart, RegistrationPart
from datasources.workspace.lines import LinesPart
from datasources.workspace.loan import Movements
from datasources.workspace.number import Hours, Minutes, Money, Ratio, ratio, real, whole
from datasources.workspace.other_terms import Method, StorageFeePart
from datasources.workspace.part import NODE, Part, free_keys
from datasources.workspace.place import Clerk
from datasources.workspace.price_terms import PricedPart, PriceTermsPart
from datasources.workspace.process import ProcessPart
from datasources.workspace.receipts import ReceiptPart
from datasources.workspace.release import ReleasePart
from datasources.workspace.word import Day, Flag, Id, Label, Moment, Text, names_of, one_of
from domain.contract import AlertKind, ExposureBasis, Field, Ineligibility, Line, QuantityRule, Severity
from domain.people import Role

SEVERITIES: Mapping[str, Severity] = {s.name.lower(): s for s in Severity}
TERMS = (
    "cure", "cure_methods", "haircut", "caps", "price", "tolerance", "swap", "release", "insurance", "registration",
    "storage_fee",
)  # fmt: skip
CLAUSE_KEYS: Mapping[str, str] = {k: k for k in (*(str(k.value) for k in (*AlertKind, *Line)), *TERMS)}
"""A clause is quoted per alert kind; the three lines of value may each have their own, and so may these terms."""
ACTS: Mapping[str, str] = {
    act: act
    for act in (
        "know",
        "top_up",
        "stop_outflow",
        "explain_movement",
        "restore_gauge",
        "dip_tank",
        "restore_papers",
        "recount",
        "verify_on_site",
        "check_price",
        "check_receipts",
        "renew_receipts",
        "explain_lift",
        "supervise",
        "follow_up",
        "decide",
        "buy_back",
    )
}
"""What a person may be asked to do; the sentences are with the messages, and a test holds the two together."""


class ExposurePart(Movements):
    """敞口: balances as the lender stated them, or the movements from which they follow; one form, never both."""

    principal: Money | None = None  # needed where there are no drawings
    accrued_interest: Money = Decimal("0.00")
    fees_due: Money = Decimal("0.00")
    cash_margin: Money = Decimal("0.00")
    basis: Annotated[ExposureBasis, one_of(names_of(ExposureBasis))] = Needs(
        description=f"what counts as owed: one of {', '.join(ExposureBasis)}"
    )
    as_of: Moment = Needs(description="when the lender stated them, e.g. 2026-03-12T09:00:00+08:00")
    source: Text = Needs(description="where they come from, e.g. 核心系统日终余额")
    stale_after_hours: Hours = Needs(description="the age beyond which they no longer count as current, e.g. 26")

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and NODE in data and isinstance(info.context, Clerk):
            section = data[NODE]
            if "drawings" not in section.entries and "principal" not in data:
                info.context.missing(section, "principal", "本金 in CNY, e.g. 96000000.00")
        return data


class EligiblePart(PricedPart):
    """A good that the contract accepts."""

    code: Label = Needs(description="a code of goods.yaml")
    haircut: Ratio = Needs(description="折扣 as a ratio, e.g. 0.05 for 5 %; 0 for none")
    max_share: Ratio | None = None
    wip: Flag = False


class CapsPart(Part):
    """集中度上限: largest shares of the pool's value."""

    good: Ratio | None = None
    site: Ratio | None = None
    tank: Ratio | None = None
    owner: Ratio | None = None


class IneligiblePart(Part):
    """A pledged tank that does not count for now."""

    tank: Label = Needs(description="a tank of this contract, e.g. T-107")
    why: Annotated[Ineligibility, one_of(names_of(Ineligibility))] = Needs(
        description=f"one of {', '.join(Ineligibility)}"
    )
    since: Day = Needs(description="the first day on which it does not count, year-month-day")


class PledgePart(Part):
    """Tanks in which the borrower's cargo is pledged."""

    tanks: tuple[Label, ...] = Needs(description="the pledged tanks, e.g. [T-101, T-102]")
    owner: Label = Needs(description="the owner's name in the depot's book, e.g. hengyun")
    share: Ratio | None = None
    frozen_kg: Annotated[int, whole(low=0, high=10**12)] = 0
    batches: tuple[Label, ...] = ()


class DutyPart(Part):
    """One person whom the contract obliges; without ack_minutes only informed (知悉)."""

    person: Id = Needs(description="an id of people.yaml")
    chat: Id = Needs(description="the chat in which that person is @-mentioned")
    act: Annotated[str, one_of(ACTS)] = Needs(description=f"what is to be done: one of {', '.join(ACTS)}")
    ack_minutes: Minutes | None = None
    escalate_to: tuple[Id, ...] = ()


class DutyRulePart(Part):
    """Who must be told of an alert of this kind, and of this severity and site if they are named."""

    kind: Annotated[AlertKind, one_of(names_of(AlertKind))] = Needs(description=f"one of {', '.join(AlertKind)}")
    severity: Annotated[Severity, one_of(SEVERITIES)] | None = None
    site: Id | None = None
    tell: tuple[DutyPart, ...] = Needs(description="the people, in the order in which the message names them")


class TolerancesPart(Part):
    """允差: when a tank's loss counts."""

    static_ratio: Annotated[Decimal, ratio(high=Decimal("0.1"))] = Decimal("0.003")
    static_t: Annotated[float, real(low=0, high=10_000, unit="t")] = 3.0
    window_minutes: Minutes = 30.0
    book_ratio: Annotated[Decimal, ratio(high=Decimal("0.1"))] = Decimal("0.005")
    book_confirm_minutes: Minutes = 30.0
    natural_loss: Annotated[dict[str, Annotated[Decimal, ratio(high=Decimal("0.05"))]], free_keys] = Needs(
        default_factory=dict
    )


class StalenessPart(Part):
    """Ages beyond which gauges and feeds are said to be old, and are left out."""

    warn_minutes: Minutes = 5.0
    exclude_minutes: Minutes = 30.0
    restore_minutes: Minutes = 10.0
    feed_minutes: Minutes = 5.0
    book_hours: Hours = 24.0


class ContractFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {
        "id": "the contract's number, e.g. QD-DCZY-2026-018",
        "name": "how the group calls it, e.g. 恒运池",
        "lender": "the lender's organisation id",
        "borrower": "the borrower's organisation id",
        "depots": "the depots' organisation ids, e.g. [north]",
        "effective_from": "year-month-day",
        "matures_on": "year-month-day",
        "exposure": "the balances that the lender stated",
        "lines": "ltv_initial, ltv_warn, ltv_control, ltv_disposal",
        "goods": "the goods that count, each with haircut and price_ref",
        "quantity_rule": f"one of {', '.join(QuantityRule)}",
        "pledged": "which tanks and whose cargo",
        "duties": "who must be told of which alert",
        "disclosure": "which roles outside the bank may see which figure; [] for nobody",
    }
    id: Label | None = None
    name: Text | None = None
    lender: Id | None = None
    borrower: Id | None = None
    depots: tuple[Id, ...] = ()
    supervisor: Id | None = None
    effective_from: Day | None = None
    matures_on: Day | None = None
    exposure: ExposurePart | None = None
    lines: LinesPart | None = None
    price_terms: PriceTermsPart | None = None
    goods: tuple[EligiblePart, ...] = ()
    wip_haircut: Ratio | None = None
    caps: CapsPart | None = None
    ineligible: tuple[IneligiblePart, ...] = ()
    disposal: DisposalPart | None = None
    quantity_rule: Annotated[QuantityRule, one_of(names_of(QuantityRule))] | None = None
    pledged: tuple[PledgePart, ...] = ()
    duties: tuple[DutyRulePart, ...] = ()
    disclosure: Annotated[
        dict[Annotated[Field, one_of(names_of(Field))], tuple[Annotated[Role, one_of(names_of(Role))], ...]], free_keys
    ] = Needs(default_factory=dict)
    clauses: Annotated[dict[Annotated[str, one_of(CLAUSE_KEYS)], Text], free_keys] = Needs(default_factory=dict)
    tolerances: TolerancesPart | None = None
    staleness: StalenessPart | None = None
    on_delay: Annotated[int, whole(low=1, high=100)] = 2
    calendar: Annotated[str, one_of(CALENDARS)] | None = None
    cure: CurePart | None = None
    receipts: tuple[ReceiptPart, ...] | None = None
    receipt_notice_days: Annotated[int, whole(low=1, high=365)] = 7
    process: tuple[ProcessPart, ...] = ()
    buyback: BuybackPart | None = None
    release: ReleasePart | None = None
    insurance: tuple[PolicyPart, ...] = ()
    registration: RegistrationPart | None = None
    cure_methods: tuple[Method, ...] = ()
    storage_fee: StorageFeePart | None = None

    @property
    def tank_ids(self) -> list[str]:
        """The pledged tanks, in the order written, repeats included."""
        return [tank for pledge in self.pledged for tank in pledge.tanks]
