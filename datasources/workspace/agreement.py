"""A contract's file, free of errors → the domain's contract: minutes become seconds, gaps become the usual terms."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from datasources.workspace.buyback import build_buyback
from datasources.workspace.contracts import (
    ContractFile,
    DutyRulePart,
    EligiblePart,
    ExposurePart,
    StalenessPart,
    TolerancesPart,
)
from datasources.workspace.days import build_cure
from datasources.workspace.disposal import build_disposal
from datasources.workspace.insurance import build_insurance, build_registration
from datasources.workspace.lines import CoveragePart, LinesPart
from datasources.workspace.loan import build_loan
from datasources.workspace.other_terms import build_storage_fee
from datasources.workspace.price_terms import price_terms
from datasources.workspace.process import build_process
from datasources.workspace.receipts import build_receipts
from datasources.workspace.release import build_release
from domain.account import exposure_on
from domain.calendar import WorkingCalendar
from domain.contract import (
    Caps,
    Contract,
    ControlLineNotice,
    Coverage,
    Duty,
    DutyRule,
    EligibleGood,
    Exposure,
    IneligibleTank,
    Lines,
    PledgedTank,
    Staleness,
    Tolerances,
)
from domain.money import ZERO

HOUR_S = 3600.0
MINUTE_S = 60.0


def build_contract(
    file: ContractFile, calendar: WorkingCalendar, depot_of: Mapping[str, str] = MappingProxyType({})
) -> Contract:
    """The contract, with the workspace's calendar if it names one. depot_of: the depot of each tank.

    The file must be complete: ``read`` has told of every missing key before.
    """
    assert file.id is not None
    assert file.name is not None
    assert file.lender is not None
    assert file.borrower is not None
    assert file.effective_from is not None
    assert file.matures_on is not None
    assert file.exposure is not None
    assert file.lines is not None
    assert file.quantity_rule is not None
    caps = file.caps
    return Contract(
        id=file.id,
        name=file.name,
        lender=file.lender,
        borrower=file.borrower,
        depots=tuple(file.depots),
        supervisor=file.supervisor,
        effective_from=file.effective_from,
        matures_on=file.matures_on,
        exposure=_exposure(file.exposure),
        lines=_lines(file.lines),
        goods={g.code: _good(g, file, calendar.trading()) for g in file.goods},
        caps=Caps(good=caps.good, site=caps.site, tank=caps.tank, owner=caps.owner) if caps is not None else Caps(),
        disposal=build_disposal(file.disposal),
        ineligible=tuple(IneligibleTank(tank_id=i.tank, why=i.why, since=i.since) for i in file.ineligible),
        quantity_rule=file.quantity_rule,
        pledged=tuple(
            PledgedTank(tank_id=tank, owner=p.owner, share=p.share, frozen_kg=p.frozen_kg, batches=p.batches)
            for p in file.pledged
            for tank in p.tanks
        ),
        duties=tuple(_rule(r) for r in file.duties),
        disclosure={field: frozenset(roles) for field, roles in file.disclosure.items()},
        clauses=dict(file.clauses),
        tolerances=_tolerances(file.tolerances),
        staleness=_staleness(file.staleness),
        on_delay=file.on_delay,
        calendar=calendar if file.calendar is not None else None,
        cure=build_cure(file.cure),
        receipts=build_receipts(file.receipts, {t: p.owner for p in file.pledged for t in p.tanks}, depot_of),
        receipt_notice_days=file.receipt_notice_days,
        process=tuple(build_process(p) for p in file.process),
        buyback=build_buyback(file.buyback),
        release=build_release(file.release),
        insurance=build_insurance(file.insurance),
        registration=build_registration(file.registration),
        cure_methods=file.cure_methods,
        storage_fee=build_storage_fee(file.storage_fee),
    )


def _exposure(part: ExposurePart) -> Exposure:
    stated = Exposure(
        principal=part.principal if part.principal is not None else ZERO,
        accrued_interest=part.accrued_interest,
        fees_due=part.fees_due,
        cash_margin=part.cash_margin,
        basis=part.basis,
        as_of=part.as_of,
        source=part.source,
        stale_after_s=part.stale_after_hours * HOUR_S,
    )
    if not part.drawings:
        return stated
    return exposure_on(replace(stated, loan=build_loan(part)), part.as_of)


def _ratios(part: LinesPart) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Initial, warn, control and disposal as LTV: as written, or 1 ÷ coverage; ``check`` saw that one form is there."""
    if part.coverage is not None:
        own = part.coverage
        return 1 / own.initial, 1 / own.warn, 1 / own.control, 1 / own.disposal
    assert part.ltv_initial is not None
    assert part.ltv_warn is not None
    assert part.ltv_control is not None
    assert part.ltv_disposal is not None
    return part.ltv_initial, part.ltv_warn, part.ltv_control, part.ltv_disposal


def _coverage(part: CoveragePart | None) -> Coverage | None:
    if part is None:
        return None
    return Coverage(initial=part.initial, warn=part.warn, control=part.control, disposal=part.disposal)


def _lines(part: LinesPart) -> Lines:
    initial, warn, control, disposal = _ratios(part)
    return Lines(
        ltv_initial=initial,
        ltv_warn=warn,
        ltv_control=control,
        ltv_disposal=disposal,
        coverage=_coverage(part.coverage),
        restore_target=part.restore_target,
        notices=tuple(
            ControlLineNotice(no=n.no, amount=n.amount, effective_from=n.effective_from) for n in part.notices
        ),
        hysteresis=part.hysteresis,
        confirm_k=part.confirm_k,
        confirm_s=part.confirm_minutes * MINUTE_S,
        minimum_call=part.minimum_call,
    )


def _good(part: EligiblePart, file: ContractFile, trading: WorkingCalendar) -> EligibleGood:
    terms = price_terms(part, file.price_terms, trading)
    haircut = part.haircut + (file.wip_haircut or ZERO if part.wip else ZERO)
    return EligibleGood(code=part.code, haircut=haircut, price=terms, max_share=part.max_share, wip=part.wip)


def _rule(part: DutyRulePart) -> DutyRule:
    return DutyRule(
        kind=part.kind,
        severity=part.severity,
        site=part.site,
        duties=tuple(
            Duty(
                person=d.person,
                chat=d.chat,
                ack_s=d.ack_minutes * MINUTE_S if d.ack_minutes is not None else None,
                act=d.act,
                escalate_to=tuple(d.escalate_to),
            )
            for d in part.tell
        ),
    )


def _tolerances(part: TolerancesPart | None) -> Tolerances:
    if part is None:
        return Tolerances()
    return Tolerances(
        static_ratio=float(part.static_ratio),
        static_t=part.static_t,
        window_s=part.window_minutes * MINUTE_S,
        book_ratio=float(part.book_ratio),
        book_confirm_s=part.book_confirm_minutes * MINUTE_S,
        natural_loss={good: float(ratio) for good, ratio in part.natural_loss.items()},
    )


def _staleness(part: StalenessPart | None) -> Staleness:
    if part is None:
        return Staleness()
    return Staleness(
        warn_s=part.warn_minutes * MINUTE_S,
        exclude_s=part.exclude_minutes * MINUTE_S,
        restore_s=part.restore_minutes * MINUTE_S,
        feed_s=part.feed_minutes * MINUTE_S,
        book_s=part.book_hours * HOUR_S,
    )
