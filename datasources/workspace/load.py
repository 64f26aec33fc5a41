"""Reads a workspace directory: every file, every check, every problem at once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from datasources.workspace.agreement import build_contract
from datasources.workspace.audience import check_audiences, check_parties
from datasources.workspace.buyback_checks import check_buyback
from datasources.workspace.chain import check_chain
from datasources.workspace.corrections import check_goods
from datasources.workspace.days import CALENDAR, build_calendar, check_calendar
from datasources.workspace.draft import GOODS, PEOPLE, Draft, read_draft
from datasources.workspace.duties import Company, check_duties
from datasources.workspace.eligibility import check_disposal, check_eligibility
from datasources.workspace.folder import Folder
from datasources.workspace.goods import build_goods
from datasources.workspace.insurance_checks import check_insurance, check_registration
from datasources.workspace.measures import check_tank
from datasources.workspace.other_terms_checks import check_other_terms
from datasources.workspace.people import build_roster, check_people
from datasources.workspace.pledge import Ground, check_pledges
from datasources.workspace.problem import Problem
from datasources.workspace.process_checks import check_processes
from datasources.workspace.questions_file import check_questions
from datasources.workspace.quotes import served
from datasources.workspace.receipt_checks import check_receipts
from datasources.workspace.registers import build_gateway
from datasources.workspace.release_checks import check_release
from datasources.workspace.rooms import rooms_kg
from datasources.workspace.secret import redacted
from datasources.workspace.settings_file import FILE, build_settings, check_settings
from datasources.workspace.sites import build_site, check_sites
from datasources.workspace.tanks import build_tank
from datasources.workspace.terms import check_cure, check_terms, first_of_each
from datasources.workspace.wiring import check_wiring
from datasources.workspace.workspace import Feeds, Loaded, Workspace
from domain.calendar import WorkingCalendar
from domain.good import Correction
from domain.tank import TankIndex


def load(directory: Path, *, now: datetime | None = None) -> Loaded:
    """The workspace in this directory and everything that is wrong with its files. Never raises for their content.

    now: for expired calibrations, stale balances and matured contracts; the clock's time by default. Must be aware.
    """
    now = now if now is not None else datetime.now(UTC)
    problems: list[Problem] = []
    if not directory.is_dir():
        gone = Problem(file=".", line=None, where="", wrong="is no directory", instead="`xiaoliuzi init DIR` makes one")
        return Loaded(workspace=None, problems=(gone,))
    folder = Folder(root=directory, problems=problems)
    draft = read_draft(folder, now)
    _check(draft, now)
    ordered = tuple(sorted(dict.fromkeys(_redacted(p) for p in problems), key=_place))
    broken = any(p.severity == "error" for p in ordered)
    return Loaded(workspace=None if broken else _build(draft, folder), problems=ordered)


def _check(draft: Draft, now: datetime) -> None:
    orgs = draft.people.names("organisations", "id")
    goods = draft.goods.names("goods", "code")
    settings, people = draft.settings.only, draft.people.only
    if settings is not None:
        check_settings(settings)
        known = draft.people.names("people", "id")
        if settings.part.questions is not None and known is not None:
            check_questions(settings, settings.part.questions, frozenset(known))
    if draft.calendar.only is not None:
        check_calendar(draft.calendar.only)
    if draft.goods.only is not None:
        check_goods(draft.goods.only)
    parts = draft.goods.only.part.goods if draft.goods.only is not None else ()
    check_sites(draft.sites.sheets, orgs=orgs, goods=goods)
    for sheet in draft.sites.sheets:
        for tank in sheet.part.tanks:
            check_tank(sheet, tank, draft.tables, now.date())
        check_chain(sheet, draft.tables, {g.code: g for g in parts})
    check_wiring(draft.sites.sheets, weighed={g.code for g in parts if g.correction is Correction.BULK})
    if people is not None:
        persons = people.declared("people", "id")
        telegram = settings is not None and settings.part.telegram_enabled
        check_people(people, orgs=orgs or set(), people=persons, telegram=telegram)
    _check_contracts(draft, goods, orgs, now)


def _check_contracts(draft: Draft, goods: set[str] | None, orgs: set[str] | None, now: datetime) -> None:
    sheets, people = draft.contracts.sheets, draft.people.only
    ground = _ground(draft, goods, orgs)
    company = Company(
        people=draft.people.names("people", "id"),
        chat_ids=draft.people.names("chats", "id"),
        chats={c.id: c for c in people.part.chats} if people is not None else {},
    )
    sites, calendar = _site_ids(draft), _calendar(draft)
    for sheet in sheets:
        check_terms(sheet, now)
        check_eligibility(sheet)
        check_disposal(sheet)
        check_cure(sheet, calendar)
    unique = first_of_each(sheets)
    check_pledges(unique, ground)
    check_receipts(unique, ground, rooms_kg(draft.sites.sheets, draft.tables, draft.goods.only))
    check_processes(unique, ground)
    for sheet in unique:
        check_duties(sheet, company, sites=sites, site_of=ground.site_of)
        check_release(sheet, company, {p.id: p for p in people.part.people} if people is not None else {}, ground)
        check_insurance(sheet, {o.id: o.name for o in people.part.organisations} if people is not None else {}, now)
        check_registration(sheet, now)
        check_other_terms(sheet, now)
        check_buyback(sheet, orgs, {p.id: p.org for p in people.part.people} if people is not None else {})
        if people is not None and orgs is not None and not people.broken:
            check_parties(sheet, orgs, people)
    if people is not None:
        ids = {s.part.id for s in sheets if s.part.id is not None}
        complete = draft.contracts.whole and len(ids) == len(sheets)
        check_audiences(people, unique, declared=ids if complete else None)


def _site_ids(draft: Draft) -> set[str] | None:
    """Every site's id, or None if a file is unreadable, broken there, or repeats another's id."""
    ids = {s.part.site.id for s in draft.sites.sheets if s.part.site is not None}
    return ids if draft.sites.whole and len(ids) == len(draft.sites.sheets) else None


def _calendar(draft: Draft) -> WorkingCalendar:
    """The working days that every contract counts by."""
    return build_calendar(draft.calendar.only.part if draft.calendar.only is not None else None)


def _ground(draft: Draft, goods: set[str] | None, orgs: set[str] | None) -> Ground:
    """What may be referred to; of two of the same id the first counts, and what is itself unknown is left out."""
    sites = [(s, s.part.site) for s in reversed(draft.sites.sheets) if s.part.site is not None]
    tanks = [(t, site) for s, site in sites for t in reversed(s.part.tanks)]
    settings = draft.settings.only
    return Ground(
        tanks=draft.sites.names("tanks", "id"),
        goods=goods,
        refs=served(settings, draft.refs) if settings is not None else None,
        good_of={t.id: t.good for t, _ in tanks if goods is None or t.good in goods},
        site_of={t.id: site.id for t, site in tanks},
        depot_of={site.id: site.depot for _, site in sites if orgs is None or site.depot in orgs},
        booked={site.id for s, site in sites if "feeds" in s.part.node.entries},
    )


def _build(draft: Draft, folder: Folder) -> Workspace:
    settings, goods, people = draft.settings.only, draft.goods.only, draft.people.only
    assert settings is not None
    assert goods is not None
    assert people is not None
    sites = [(site, s.part) for s in draft.sites.sheets if (site := s.part.site) is not None]
    calendar = _calendar(draft)
    depots = {t.id: site.depot for site, file in sites for t in file.tanks}
    contracts = [build_contract(s.part, calendar, depots) for s in draft.contracts.sheets]
    return Workspace(
        goods=build_goods(goods),
        index=TankIndex(tuple(build_tank(t, site.id, draft.tables) for site, file in sites for t in file.tanks)),
        sites={site.id: build_site(site, file.tanks) for site, file in sites},
        gateways=tuple(build_gateway(g, site.id) for site, file in sites for g in file.gateways),
        feeds=_feeds(draft),
        roster=build_roster(people),
        contracts={c.id: c for c in contracts},
        settings=build_settings(settings, draft.refs),
        content_hash=folder.content_hash(),
        files=dict(sorted(folder.digests.items())),
        contents=dict(sorted(folder.contents.items())),
    )


def _feeds(draft: Draft) -> tuple[Feeds, ...]:
    """One entry per address: a depot that runs several sites answers once for all of them."""
    found: dict[str, Feeds] = {}
    for sheet in draft.sites.sheets:
        site, feeds = sheet.part.site, sheet.part.feeds
        if site is not None and feeds is not None:
            before = found.get(feeds.url)
            found[feeds.url] = Feeds(
                url=feeds.url,
                site_ids=frozenset({site.id}) | (before.site_ids if before is not None else frozenset()),
                poll_s=min(feeds.poll_s, before.poll_s) if before is not None else feeds.poll_s,
            )
    return tuple(found.values())


def _redacted(problem: Problem) -> Problem:
    """Names and ids are repeated in many messages: whatever looks like a secret in them is not."""
    return replace(
        problem,
        where=redacted(problem.where),
        wrong=redacted(problem.wrong),
        instead=redacted(problem.instead),
    )


def _place(problem: Problem) -> tuple[int, str, int]:
    """xiaoliuzi.toml, goods, people, calendar, sites and their tables, contracts; within a file by line."""
    first = (FILE, GOODS, PEOPLE, CALENDAR)
    rank = first.index(problem.file) if problem.file in first else 9 if problem.file.startswith("contracts") else 5
    return rank, problem.file, problem.line or 0
