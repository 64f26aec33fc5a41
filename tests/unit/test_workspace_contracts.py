"""Mistakes in a contract's terms, its pledge and its prices, each told in its place with its remedy."""

from datetime import timedelta
from pathlib import Path

from datasources.workspace import load
from tests.fakes.mistakes import NOW, Mistake, assert_told_alone, cases, change, copy_of_sound, found

A = "contracts/a.yaml"
B = "contracts/b.yaml"
TOML = "xiaoliuzi.toml"
PRICES = "prices/daily.csv"


@cases(
    Mistake(
        name="warn-above-control",
        file=A,
        old="ltv_warn: 0.70",
        new="ltv_warn: 0.76",
        at="ltv_control",
        wrong="0.75 is not between ltv_warn 0.76 and 1",
        instead="ltv_warn < ltv_control",
    ),
    Mistake(
        name="equal-lines",
        file=A,
        old="ltv_initial: 0.65",
        new="ltv_initial: 0.70",
        at="ltv_warn",
        wrong="0.70 is not between ltv_initial 0.70 and 1",
        instead="ltv_initial < ltv_warn",
    ),
    Mistake(
        name="disposal-at-one",
        file=A,
        old="ltv_disposal: 0.85",
        new="ltv_disposal: 1",
        at="ltv_disposal",
        wrong="1 is not between ltv_control 0.75 and 1",
        instead="< 1",
    ),
    Mistake(
        name="initial-at-zero",
        file=A,
        old="ltv_initial: 0.65",
        new="ltv_initial: 0",
        at="ltv_initial",
        wrong="0 is not between 0 and 1",
        instead="0 < ltv_initial",
    ),
    Mistake(
        name="matures-before-it-begins",
        file=A,
        old="matures_on: 2028-12-31",
        new="matures_on: 2025-12-31",
        at="matures_on",
        wrong="2025-12-31 is not after effective_from 2026-01-01",
        instead="exchange the two",
    ),
    Mistake(
        name="matured",
        file=A,
        old="matures_on: 2028-12-31",
        new="matures_on: 2026-03-01",
        at="matures_on",
        wrong="the contract matured on 2026-03-01",
        instead="an extension",
        severity="warning",
    ),
    Mistake(
        name="stale-balances",
        file=A,
        old="stale_after_hours: 26",
        new="stale_after_hours: 6",
        at="as_of",
        wrong="the balances are 0 days old, current for 6 h",
        instead="today's balances",
        severity="warning",
    ),
    Mistake(
        name="balances-of-the-future",
        file=A,
        old="as_of: 2026-03-12T09:00:00+08:00",
        new="as_of: 2026-03-12T17:00:00+08:00",
        at="as_of",
        wrong="lies in the future",
        instead="when the lender stated",
    ),
    Mistake(
        name="notice-twice",
        file=A,
        old="    - {no: KZX-1,",
        new="    - {no: KZX-1, amount: 1.00, effective_from: 2026-02-02T00:00:00+08:00}\n    - {no: KZX-1,",
        at="120000000.00",
        wrong="notice 'KZX-1' is there twice",
        instead="delete one",
    ),
    Mistake(
        name="no-clause-for-a-line",
        file=A,
        old='control: "8.2", ',
        new="",
        at="clauses",
        wrong="names no clause for the control line",
        instead="control: '8.1'",
        severity="warning",
    ),
    Mistake(
        name="excluded-before-it-is-old",
        file=A,
        old="warn_minutes: 5, exclude_minutes: 30",
        new="warn_minutes: 45, exclude_minutes: 30",
        at="staleness",
        wrong="45 is not below exclude_minutes 30",
        instead="later left out",
    ),
    Mistake(
        name="contract-twice",
        file=B,
        old="id: B-1",
        new="id: A-1",
        at="id: A-1",
        wrong="contract 'A-1' is there already, in contracts/a.yaml",
        instead="delete one file",
    ),
    Mistake(
        name="lender-borrows",
        file=A,
        old="borrower: trader",
        new="borrower: bank_a",
        at="borrower",
        wrong="is the lender itself",
        instead="the borrower's organisation",
        others=3,
    ),
    Mistake(
        name="unknown-party",
        file=A,
        old="depots: [north, south]",
        new="depots: [north, south, east]",
        at="depots",
        wrong="depots[3]: organisation 'east' is unknown",
        instead="under organisations",
    ),
    Mistake(
        name="good-twice",
        file=A,
        old="  - {code: DIESEL0,",
        new="  - {code: METHANOL, haircut: 0, price_ref: METHANOL-SD}\n  - {code: DIESEL0,",
        at="haircut: 0,",
        wrong="good 'METHANOL' is there twice",
        instead="delete one",
    ),
)
def test_a_mistake_in_the_terms_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@cases(
    Mistake(
        name="unknown-tank",
        file=A,
        old="tanks: [T-1, T-2]",
        new="tanks: [T-1, T-2, T-22]",
        at="T-22",
        wrong="pledged[1].tanks[3]: tank 'T-22' is unknown",
        instead="write 'T-2'",
    ),
    Mistake(
        name="tank-pledged-twice",
        file=A,
        old="tanks: [T-1, T-2]",
        new="tanks: [T-1, T-2, T-1]",
        at="T-2, T-1",
        wrong="tank 'T-1' is pledged twice in this contract",
        instead="delete one",
    ),
    Mistake(
        name="double-pledge",
        file=B,
        old="owner: haichuan",
        new="owner: hengyun",
        at="pledged",
        wrong="'hengyun' in tank 'T-2' is pledged already, to contract A-1 (一货多押)",
        instead="contracts/a.yaml, or write share:",
    ),
    Mistake(
        name="good-not-accepted",
        file=B,
        old="tanks: [T-2]",
        new="tanks: [T-2, T-1]",
        at="pledged",
        wrong="tank 'T-1' holds 'METHANOL', which this contract does not accept",
        instead="add the good under goods",
    ),
    Mistake(
        name="site-of-another-depot",
        file=A,
        old="depots: [north, south]",
        new="depots: [north]",
        at="S-1",
        wrong="tank 'S-1' stands at a site of 'south', which is no depot of this contract",
        instead="add 'south' to depots",
        others=2,
    ),
    Mistake(
        name="no-book-to-part-a-tank",
        file=A,
        old="owner: hengyun, share: 0.50,",
        new="owner: hengyun,",
        at="S-1",
        wrong="site 'south' has no feeds",
        instead="share: 1.00",
    ),
    Mistake(
        name="frozen-in-two-tanks",
        file=A,
        old="tanks: [T-1, T-2], owner: hengyun",
        new="tanks: [T-1, T-2], owner: hengyun, frozen_kg: 500",
        at="frozen_kg: 500",
        wrong="500 kg would be frozen in each of 2 tanks",
        instead="an entry of its own",
    ),
    Mistake(
        name="nothing-pledged",
        file=B,
        old="pledged: [{tanks: [T-2], owner: haichuan}]",
        new="pledged: []",
        at="pledged",
        wrong="names no tank",
        instead="the pledged tanks",
    ),
    Mistake(
        name="unknown-good",
        file=A,
        old="  - {code: DIESEL0,",
        new="  - {code: NAPHTHA, haircut: 0, price_ref: DIESEL-SD}\n  - {code: DIESEL0,",
        at="NAPHTHA",
        wrong="good 'NAPHTHA' is unknown",
        instead="goods.yaml",
    ),
    Mistake(
        name="good-without-a-price",
        file=A,
        old="price_ref: DIESEL-SD",
        new="price_ref: DIESEL-EC",
        at="DIESEL-EC",
        wrong="no price source serves 'DIESEL-EC'",
        instead="write 'DIESEL-SD'",
    ),
    Mistake(
        name="cap-that-can-never-be-filled",
        file=A,
        old="tank: 0.50",
        new="tank: 0.30",
        at="caps",
        wrong="0.30 × 3 tanks is below 1",
        instead="at least 0.34",
    ),
    Mistake(
        name="goods-in-the-borrowers-own-depot",
        file="sites/south.yaml",
        old="depot: south",
        new="depot: trader",
        told_in=A,
        at="S-1",
        wrong="stands at a site of 'trader'",
        instead="add 'trader' to depots",
    ),
)
def test_a_mistake_in_the_pledge_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


@cases(
    Mistake(
        name="bad-price",
        file=PRICES,
        old="2410.00",
        new="2410元",
        at="2410元",
        wrong="'price' is '2410元'",
        instead="plain decimals",
    ),
    Mistake(
        name="naive-publication",
        file=PRICES,
        old="2026-03-12T15:00:00+08:00",
        new="2026-03-12T15:00:00",
        at="METHANOL-SD",
        wrong="'published_at' is '2026-03-12T15:00:00'",
        instead="times need a zone",
    ),
    Mistake(
        name="missing-column",
        file=PRICES,
        old="unit,price",
        new="price",
        at="ref,good",
        wrong="has no column unit",
        instead="ref,good,provider",
        others=1,
    ),
    Mistake(
        name="missing-price-file",
        file=TOML,
        old="prices/daily.csv",
        new="prices/day.csv",
        at="day.csv",
        wrong="file 'prices/day.csv' is missing",
        instead="correct the path",
    ),
    Mistake(
        name="csv-with-url",
        file=TOML,
        old='path = "prices/daily.csv"',
        new='path = "prices/daily.csv"\nurl = "http://127.0.0.1:1/"',
        at="url",
        wrong="url: does not belong to kind csv",
        instead="delete it",
    ),
    Mistake(
        name="http-without-url",
        file=TOML,
        old='url = "http://127.0.0.1:15080/prices"\n',
        new="",
        at="[[prices]]",
        wrong="url: is missing for kind http",
        instead='url = "http',
    ),
    Mistake(
        name="source-twice",
        file=TOML,
        old='id = "quotes"',
        new='id = "daily"',
        at='id = "daily"',
        wrong="source 'daily' is there twice",
        instead="another id",
    ),
    Mistake(
        name="console-open-to-others",
        file=TOML,
        old='host = "127.0.0.1"',
        new='host = "0.0.0.0"',
        at="0.0.0.0",
        wrong="the console has no sign-in",
        instead="127.0.0.1",
    ),
    Mistake(
        name="token-in-clear",
        file=TOML,
        old="enabled = true",
        new='enabled = true\nbase_url = "http://203.0.113.5/bot"',
        at="base_url",
        wrong="token would travel in clear",
        instead="https",
    ),
    Mistake(
        name="password-in-an-address",
        file=TOML,
        old="http://127.0.0.1:15080/prices",
        new="http://me:secret@127.0.0.1:15080/prices",
        at="url",
        wrong="contains a user name or password",
        instead="environment",
    ),
    Mistake(
        name="one-file-for-two-stores",
        file=TOML,
        old="state/ledger.duckdb",
        new="state/series.duckdb",
        at="ledger",
        wrong="is the series' file",
        instead="two different files",
    ),
    Mistake(
        name="unknown-setting",
        file=TOML,
        old="port = 8080",
        new="prot = 8080",
        at="prot",
        wrong="console.prot: is an unknown key",
        instead="write 'port'",
    ),
    Mistake(
        name="unknown-section",
        file=TOML,
        old="[rules.remind_minutes]",
        new="[rulez.remind_minutes]",
        at="[rulez",
        wrong="rulez: is an unknown key",
        instead="write 'rules'",
    ),
)
def test_a_mistake_in_the_settings_or_prices_is_told_where_it_stands(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)


def test_fixed_shares_of_one_tank_may_serve_two_contracts_up_to_the_whole(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, "{tanks: [T-1, T-2], owner: hengyun}", "{tanks: [T-1, T-2], owner: hengyun, share: 0.60}")
    change(workspace, B, "owner: haichuan", "owner: hengyun, share: 0.40")
    assert found(workspace).problems == ()

    change(workspace, B, "share: 0.40", "share: 0.41")
    assert [p.where for p in found(workspace).problems] == ["pledged[1].tanks[1]"]


def test_a_source_that_says_nothing_of_its_references_serves_any(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, TOML, 'refs = ["DIESEL-SD"]\n', "")
    change(workspace, A, "price_ref: DIESEL-SD", "price_ref: DIESEL-EC")

    assert found(workspace).problems == ()


def test_goods_in_the_pledgors_own_depot_are_a_warning(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, "depots: [north, south]", "depots: [north, south, trader]")

    (problem,) = found(workspace).problems

    assert (problem.where, problem.severity) == ("depots[3]", "warning")
    assert "质权设立" in problem.wrong


def test_the_lenders_own_depot_is_a_warning(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, "depots: [north, south]", "depots: [north, south, bank_a]")

    (problem,) = found(workspace).problems

    assert problem.severity == "warning"
    assert "the lender's own depot" in problem.wrong


def test_balances_grow_stale_with_the_clock_and_not_before(tmp_path: Path) -> None:
    workspace = copy_of_sound(tmp_path)
    assert load(workspace, now=NOW + timedelta(hours=18)).problems == ()

    stale = load(workspace, now=NOW + timedelta(hours=20)).problems

    assert [(p.file, p.where) for p in stale] == [(A, "exposure.as_of"), (B, "exposure.as_of")]
