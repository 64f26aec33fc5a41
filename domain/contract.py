"""A pledge contract as data: who, how much is owed, what counts, which lines, who must be told. No arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import IntEnum, StrEnum

from domain.calendar import WorkingCalendar
from domain.case.terms import ReleaseTerms
from domain.insurance import Policy
from domain.loan import Claim, Loan
from domain.other_terms import CureMethod, StorageFee
from domain.people import Role
from domain.process import Process
from domain.receipt.receipt import Receipt
from domain.registration import Registration
from domain.sale import Plan


class Severity(IntEnum):
    """黄 < 橙 < 红. A message names it in words, so that it survives black-and-white print."""

    YELLOW = 1
    ORANGE = 2
    RED = 3


class AlertKind(StrEnum):
    """What an alert is about (docs/pledge.md)."""

    VALUE_BELOW_LINE = "value_below_line"
    BLIND_BREACH = "blind_breach"
    QTY_DROP = "qty_drop"
    SENSOR_OFFLINE = "sensor_offline"
    PRICE_STALE = "price_stale"
    PRICE_CRASH = "price_crash"
    PRICE_OUTLIER = "price_outlier"
    BOOK_GAP = "book_gap"
    DUP_PLEDGE = "dup_pledge"
    RECEIPT_EXPIRING = "receipt_expiring"
    YIELD_GAP = "yield_gap"
    LIFT = "lift"


class Line(StrEnum):
    """The lines of value, from the highest (reached first) to the lowest."""

    WARN = "warn"
    CONTROL = "control"
    DISPOSAL = "disposal"


LINE_SEVERITY: Mapping[Line, Severity] = {
    Line.WARN: Severity.YELLOW,
    Line.CONTROL: Severity.ORANGE,
    Line.DISPOSAL: Severity.RED,
}


class ExposureBasis(StrEnum):
    """What counts as owed."""

    PRINCIPAL = "principal"
    PRINCIPAL_INTEREST = "principal_interest"
    PRINCIPAL_INTEREST_FEES_LESS_MARGIN = "principal_interest_fees_less_margin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Balances in CNY at ``as_of``, as the lender stated them; older than ``stale_after_s`` is never 正常.

    loan: where the file has movements in place of balances. They are confirmed until ``as_of``, the balances here
    are what they come to then, and ``domain.account.exposure_at`` says what they come to at any other moment.
    allocation: what money pays first, where the file says so. paid_since: money confirmed as received since ``as_of``,
    taken off the balances already.
    """

    principal: Decimal
    accrued_interest: Decimal
    fees_due: Decimal
    cash_margin: Decimal
    basis: ExposureBasis
    as_of: datetime
    source: str
    stale_after_s: float
    loan: Loan | None = None
    allocation: tuple[Claim, ...] = ()
    paid_since: Decimal = Decimal("0.00")

    @property
    def amount(self) -> Decimal:
        """敞口 in CNY after the contract's basis (docs/pledge.md); never below zero."""
        match self.basis:
            case ExposureBasis.PRINCIPAL:
                owed = self.principal
            case ExposureBasis.PRINCIPAL_INTEREST:
                owed = self.principal + self.accrued_interest
            case ExposureBasis.PRINCIPAL_INTEREST_FEES_LESS_MARGIN:
                owed = self.principal + self.accrued_interest + self.fees_due - self.cash_margin
        return max(owed, Decimal("0.00"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLineNotice:
    """《控制线通知书》: an absolute control line in CNY from ``effective_from`` on, until a later one."""

    no: str
    amount: Decimal
    effective_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Lines written as coverage, V ÷ E (1.43 = 143 %), falling from initial to disposal, all above 1."""

    initial: Decimal
    warn: Decimal
    control: Decimal
    disposal: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """LTV ratios (0.70 = 70 %), rising from initial to disposal, and the notices that may be stricter.

    coverage: the contract's own words where it writes coverage; the ratios are then 1 ÷ coverage, for telling only.
    """

    ltv_initial: Decimal
    ltv_warn: Decimal
    ltv_control: Decimal
    ltv_disposal: Decimal
    restore_target: Line | None = Line.WARN  # None: back to the initial ratio
    notices: tuple[ControlLineNotice, ...] = ()
    hysteresis: Decimal = Decimal("0.005")
    confirm_k: int = 2
    confirm_s: float = 1800.0
    minimum_call: Decimal = Decimal(100000)
    coverage: Coverage | None = None

    def ltv_of(self, line: Line | None) -> Decimal:
        """The LTV of a line; None: the initial one."""
        ratios = {Line.WARN: self.ltv_warn, Line.CONTROL: self.ltv_control, Line.DISPOSAL: self.ltv_disposal}
        return self.ltv_initial if line is None else ratios[line]

    def coverage_of(self, line: Line | None) -> Decimal | None:
        """The coverage of a line as the contract writes it; None where it writes LTV."""
        own = self.coverage
        if own is None:
            return None
        return {None: own.initial, Line.WARN: own.warn, Line.CONTROL: own.control, Line.DISPOSAL: own.disposal}[line]

    def worth_of(self, line: Line | None, exposure: Decimal) -> Decimal:
        """What V must not fall below for a line, CNY, not rounded: E × coverage, or E ÷ LTV. None: the initial ratio."""
        coverage = self.coverage_of(line)
        return exposure / self.ltv_of(line) if coverage is None else exposure * coverage

    def lent_on(self, value: Decimal) -> Decimal:
        """What may be owed on so much V under the initial ratio, CNY, not rounded: V × LTV, or V ÷ coverage."""
        return value * self.ltv_initial if self.coverage is None else value / self.coverage.initial


class PriceMethod(StrEnum):
    """Which price counts: the newest, the mean over publication days (N 日均价), or the lower of the two (孰低)."""

    LAST = "last"
    AVERAGE = "average"
    LOWER_OF = "lower_of"


class Tax(StrEnum):
    """Whether a price holds value-added tax (含税) or not."""

    INCLUDED = "tax_included"
    EXCLUDED = "tax_excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTerms:
    """One quote that a good may follow, and how it is meant. bbl_per_t: barrels in a tonne, for one per barrel."""

    ref: str
    quoted: Tax | None = None
    bbl_per_t: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FxTerms:
    """The quote that says what one ``currency`` is in CNY, and the age beyond which it is stale."""

    currency: str
    ref: str
    stale_after_s: float = 172800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTerms:
    """How a good is priced: the quotes it follows, how they become CNY per tonne, and when they may not be trusted.

    stale_after_s: age of the publication; beyond it ``stale_haircut`` is added. stale_trading_days: counted in the
    source's ``trading`` days instead. crash_day: a fall within one fixing that is an event of its own. outlier: a
    step that is not believed without a second source or a person. fallbacks: in order. valued: the contract's own
    tax basis, reached from ``quoted`` by ``vat`` (0.13).
    """

    ref: str
    stale_after_s: float = 172800.0
    stale_haircut: Decimal = Decimal("0.05")
    crash_day: Decimal = Decimal("0.05")
    outlier: Decimal = Decimal("0.08")
    agree: Decimal = Decimal("0.02")
    method: PriceMethod = PriceMethod.LAST
    days: int = 5
    fallbacks: tuple[QuoteTerms, ...] = ()
    quoted: Tax | None = None
    valued: Tax | None = None
    vat: Decimal | None = None
    fx: tuple[FxTerms, ...] = ()
    bbl_per_t: Decimal | None = None
    stale_trading_days: int | None = None
    trading: WorkingCalendar | None = None

    @property
    def sources(self) -> tuple[QuoteTerms, ...]:
        """The quotes to follow, the first one first; a fallback means what the first means unless it says otherwise."""
        first = QuoteTerms(ref=self.ref, quoted=self.quoted, bbl_per_t=self.bbl_per_t)
        others = (
            QuoteTerms(ref=f.ref, quoted=f.quoted or self.quoted, bbl_per_t=f.bbl_per_t or self.bbl_per_t)
            for f in self.fallbacks
        )
        return (first, *others)

    @property
    def refs(self) -> tuple[str, ...]:
        """Every reference that the price may rest on, exchange rates included."""
        return (*(s.ref for s in self.sources), *(f.ref for f in self.fx))


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibleGood:
    """A good that the contract accepts, its haircut (0.05 = 5 %) and its largest share of the pool.

    wip: semi-finished (半成品); ``haircut`` holds what the contract adds for that.
    """

    code: str
    haircut: Decimal
    price: PriceTerms
    max_share: Decimal | None = None
    wip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Largest shares of the pool's value; what lies above is not recognised. None = no cap."""

    good: Decimal | None = None
    site: Decimal | None = None
    tank: Decimal | None = None
    owner: Decimal | None = None


class Ineligibility(StrEnum):
    """Why a tank counts for nothing while it lasts."""

    DISPUTE = "dispute"  # 权属争议
    OFF_SPEC = "off_spec"  # 质量不合格
    CUSTOMS = "customs"  # 海关监管
    LIEN = "lien"  # 留置或欠付仓储费


@dataclass(frozen=True, slots=True, kw_only=True)
class IneligibleTank:
    """A pledged tank of which nothing is recognised from the beginning of ``since`` in China on."""

    tank_id: str
    why: Ineligibility
    since: date


class QuantityRule(StrEnum):
    """Which mass counts: what the gauges say, or the lower of gauges and book (孰低)."""

    PHYSICAL = "physical"
    LOWER_OF_BOOK = "lower_of_book"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgedTank:
    """A tank in which the borrower's cargo is pledged. ``owner``: the depot book's name of that owner.

    share: fixed part of the tank (0–1) for a contract without a book; None = the owner's part of the ledger or book.
    batches: identified goods (特定物): only these batches of the owner, which needs a ledger; (): all of them.
    frozen_kg: booked out of the pledge, for example under dispute.
    """

    tank_id: str
    owner: str
    share: Decimal | None = None
    frozen_kg: int = 0
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Whom the contract obliges for an alert: this person must be @-mentioned in this chat.

    ack_s: must acknowledge within so many seconds of the alert; None = only informed (知悉).
    act: key of the words that say what is to be done. escalate_to: mentioned when the time has passed.
    """

    person: str
    chat: str
    ack_s: float | None
    act: str
    escalate_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """For alerts of this kind, severity and site (None = any): these duties."""

    kind: AlertKind
    severity: Severity | None
    duties: tuple[Duty, ...]
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """When a tank's loss counts: beyond ``static_ratio`` of the holding or ``static_t`` tonnes, the larger.

    book_ratio: how far book and gauge may lie apart, as a part of the book; told once it has lasted book_confirm_s.
    natural_loss: by good, what may be lost in a month (0.002 = 0.2 %) since stock was last taken in the ledger (自然损耗).
    """

    static_ratio: float = 0.003
    static_t: float = 3.0
    window_s: float = 1800.0
    book_ratio: float = 0.005
    book_confirm_s: float = 1800.0
    natural_loss: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """Ages in seconds: of a gauge (warn, then out of the recognised value) and of the depot's feeds.

    restore_s: a gauge that was silent must speak so long before its alarm returns.
    """

    warn_s: float = 300.0
    exclude_s: float = 1800.0
    restore_s: float = 600.0
    feed_s: float = 300.0
    book_s: float = 86400.0


class Field(StrEnum):
    """Figures that a contract may disclose or keep within the bank."""

    VALUE = "value"
    QUANTITY = "quantity"
    LINE = "line"
    LTV = "ltv"
    EXPOSURE = "exposure"
    CASH = "cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyback:
    """回购: this organisation takes the goods at ``price_ratio`` of the price that counts (0.95 = 95 %)."""

    org: str
    price_ratio: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CureTerm:
    """补足期限: ``working_days`` after the day of the alert (1 or more), at ``at`` o'clock in China."""

    working_days: int
    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One facility. ``lender`` is the tenant. ``clauses``: alert kind → clause number quoted in messages.

    calendar: the working days that ``cure`` counts by; a severity without a term has no deadline.
    ineligible: tanks that do not count for now. receipts: pledged at signing; None: all of the owner's cargo is pledged (浮动质押), not what receipts cover.
    insurance, registration, cure_methods, storage_fee: what the file records of them; (), None: nothing, which is not
    that there is none.
    """

    id: str
    name: str
    lender: str
    borrower: str
    depots: tuple[str, ...]
    supervisor: str | None
    effective_from: date
    matures_on: date
    exposure: Exposure
    lines: Lines
    goods: Mapping[str, EligibleGood]
    caps: Caps
    quantity_rule: QuantityRule
    pledged: tuple[PledgedTank, ...]
    duties: tuple[DutyRule, ...]
    disclosure: Mapping[Field, frozenset[Role]]
    clauses: Mapping[str, str]
    tolerances: Tolerances
    staleness: Staleness
    on_delay: int = 2
    calendar: WorkingCalendar | None = None
    cure: Mapping[Severity, CureTerm] = field(default_factory=dict)
    ineligible: tuple[IneligibleTank, ...] = ()
    disposal: Plan = field(default_factory=Plan)
    process: tuple[Process, ...] = ()
    buyback: Buyback | None = None
    release: ReleaseTerms | None = None
    receipts: tuple[Receipt, ...] | None = None
    receipt_notice_days: int = 7
    insurance: tuple[Policy, ...] = ()
    registration: Registration | None = None
    cure_methods: tuple[CureMethod, ...] = ()
    storage_fee: StorageFee | None = None

    def duties_for(self, kind: AlertKind, severity: Severity, site: str | None = None) -> tuple[Duty, ...]:
        """Everybody whom the contract obliges for this alert, in the order written; the most exact rule wins."""
        fits = [
            rule
            for rule in self.duties
            if rule.kind is kind and rule.severity in (None, severity) and rule.site in (None, site)
        ]
        chosen = max(fits, key=lambda r: (r.site is not None, r.severity is not None), default=None)
        return chosen.duties if chosen is not None else ()

    def tank_ids(self) -> tuple[str, ...]:
        """The pledged tanks, in the order written."""
        return tuple(p.tank_id for p in self.pledged)
