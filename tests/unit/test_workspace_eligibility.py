"""Terms of what counts, and feeds of balances: mistakes told in their place with their remedy, and what sound files become."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from domain.contract import Caps, Ineligibility, IneligibleTank
from domain.sale import Plan, SaleTerms
from tests.fakes.mistakes import Mistake, assert_told_alone, cases, change, copy_of_sound, found

A = "contracts/a.yaml"
TOML = "xiaoliuzi.toml"
CAPS = "caps: {good: 0.80, tank: 0.50}"
GOOD = "{code: METHANOL, haircut: 0.05,"
FEED = '[[loans]]\nid = "core"\nurl = "http://10.0.0.6:8080/balances"\n'
REMIND = "[rules.remind_minutes]"


@cases(
    Mistake(
        name="wip-without-haircut",
        file=A,
        old=GOOD,
        new=f"{GOOD} wip: true,",
        at="METHANOL",
        wrong="good 'METHANOL' is semi-finished, but the contract names no wip_haircut",
        instead="add 'wip_haircut: 0.10'",
    ),
    Mistake(
        name="wip-haircut-for-nothing",
        file=A,
        old=CAPS,
        new=f"{CAPS}\nwip_haircut: 0.10",
        at="wip_haircut",
        wrong="no good of this contract is semi-finished",
        instead="wip: true",
        severity="warning",
    ),
    Mistake(
        name="haircuts-above-one",
        file=A,
        old=f"goods:\n  - {GOOD}",
        new=f"wip_haircut: 0.96\ngoods:\n  - {GOOD} wip: true,",
        at="METHANOL",
        wrong="haircut 0.05 and wip_haircut 0.96 together are above 1",
        instead="at most 0.04",
    ),
    Mistake(
        name="owner-cap-too-low",
        file=A,
        old=CAPS,
        new="caps: {good: 0.80, tank: 0.50, owner: 0.60}",
        at="caps",
        wrong="0.60 × 1 owner is below 1",
        instead="write at least 1.00",
    ),
    Mistake(
        name="ineligible-elsewhere",
        file=A,
        old=CAPS,
        new=f"{CAPS}\nineligible: [{{tank: T-3, why: lien, since: 2026-03-01}}]",
        at="ineligible",
        wrong="tank 'T-3' is not pledged to this contract",
        instead="T-",
    ),
    Mistake(
        name="ineligible-for-no-known-reason",
        file=A,
        old=CAPS,
        new=f"{CAPS}\nineligible: [{{tank: T-1, why: rust, since: 2026-03-01}}]",
        at="ineligible",
        wrong="'rust' is unknown",
        instead="dispute",
    ),
    Mistake(
        name="disposal-of-a-stranger",
        file=A,
        old=CAPS,
        new=f"{CAPS}\ndisposal: {{order: [METHANOL, GOLD]}}",
        at="disposal",
        wrong="good 'GOLD' is none that this contract accepts",
        instead="delete it",
    ),
    Mistake(
        name="disposal-twice",
        file=A,
        old=CAPS,
        new=f"{CAPS}\ndisposal: {{goods: [{{code: METHANOL}}, {{code: METHANOL, haircut: 0.1}}]}}",
        at="disposal",
        wrong="good 'METHANOL' is there twice",
        instead="delete one",
    ),
    Mistake(
        name="loans-twice",
        file=TOML,
        old=REMIND,
        new=f"{FEED}{FEED}{REMIND}",
        at="core",
        wrong="source 'core' is there twice",
        instead="write another id",
    ),
    Mistake(
        name="loans-nowhere",
        file=TOML,
        old=REMIND,
        new=f'[[loans]]\nid = "core"\n{REMIND}',
        at="loans",
        wrong="url: is missing",
        instead="where it answers",
    ),
)
def test_each_mistake_is_told_alone(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


def test_sound_terms_become_the_contract_and_gaps_change_nothing(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    plain = found(workspace).sound().contracts["A-1"]
    assert (plain.caps.owner, plain.ineligible, plain.disposal) == (None, (), Plan())
    change(workspace, A, GOOD, f"{GOOD} wip: true,")
    disposal = "disposal: {order: [DIESEL0], haircut: 0.10, lead_days: 5, goods: [{code: METHANOL, t_per_day: 300}]}"
    terms = f"wip_haircut: 0.10\nineligible: [{{tank: T-1, why: lien, since: 2026-03-01}}]\n{disposal}"
    change(workspace, A, CAPS, f"caps: {{good: 0.80, tank: 0.50, owner: 1.00}}\n{terms}")
    change(workspace, TOML, REMIND, f"{FEED}{REMIND}")
    w = found(workspace).sound()
    contract = w.contracts["A-1"]
    assert contract.caps == Caps(good=Decimal("0.80"), tank=Decimal("0.50"), owner=Decimal("1.00"))
    assert (contract.goods["METHANOL"].haircut, contract.goods["METHANOL"].wip) == (Decimal("0.15"), True)
    assert contract.goods["DIESEL0"].haircut == Decimal("0.10")
    assert contract.ineligible == (IneligibleTank(tank_id="T-1", why=Ineligibility.LIEN, since=date(2026, 3, 1)),)
    usual = SaleTerms(haircut=Decimal("0.10"), lead_days=5)
    assert contract.disposal.of("DIESEL0") == usual
    assert contract.disposal.of("METHANOL") == SaleTerms(
        haircut=Decimal("0.10"), lead_days=5, t_per_day=Decimal("300.0")
    )
    assert [(s.id, s.poll_s) for s in w.settings.loans] == [("core", 300.0)]
