"""What one person may see in one chat: the only window from a question to the house."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from bot.archive import Archive
from bot.case_figures import figures
from bot.feeding import site_feeds
from bot.gauged import reading_of
from bot.house import House
from bot.owned import origins, owned
from bot.past import Stood
from bot.wording.telling import lifted, readable
from domain.alarm import Alarm
from domain.case.case import Case, plain_no
from domain.case.check import Ask
from domain.case.cover import under_notice
from domain.contract import Contract, Field, Severity
from domain.deed.deed import Promise, Work
from domain.deed.rights import takes_part
from domain.event import Json
from domain.good import Good
from domain.movement import ReleaseNotice
from domain.notice import BANK_ONLY, disclosed
from domain.own_orders import Owners
from domain.people import LENDER_ROLES, Audience, Chat, Person, Role
from domain.position import GoodPrice, Position
from domain.receipt.receipt import Standing
from domain.scene import DepotPapers
from domain.tank import Site, Tank
from skills.ports import History, Movements, Origin, Owned, Proof, Reading, SiteFeed, Then

ENDED_SHOWN = timedelta(days=1)
"""A promise that has ended is shown so much longer."""
INSPECTED = frozenset({Field.QUANTITY})
"""What an inspector may ask for at most: no money, no ratios."""
Look = Callable[[datetime], Stood | None]


class ChatView:
    """Bounds of a question: the chat's contracts, the actor's own contracts, and what *every* member may read."""

    def __init__(
        self,
        house: House,
        actor: Person | None,
        chat: Chat | None,
        now: datetime,
        look: Look | None = None,
        archive: Archive | None = None,
    ) -> None:
        """actor and chat come from the platform's ids; None is a stranger or an unbound chat. look: into the past.

        archive: what was recorded; None where nothing was.
        """
        self._house = house
        self._look = look
        self._archive = archive
        self._actor, self._chat, self._now = actor, as_it_is(house, chat), now
        self._contracts = self._visible()

    @property
    def now(self) -> datetime:
        """The moment of the question."""
        return self._now

    @property
    def actor(self) -> Person | None:
        """Who asks."""
        return self._actor

    @property
    def chat(self) -> Chat | None:
        """Where it is asked."""
        return self._chat

    @property
    def denied(self) -> bool:
        """Nothing may be shown."""
        return not self._contracts

    def contracts(self) -> tuple[Contract, ...]:
        """Contracts bound to the chat that the actor takes part in."""
        return self._contracts

    def may(self, contract_id: str) -> frozenset[Field]:
        """What everybody in the chat may see of it; an inspector asks of tanks only, whatever the chat may read."""
        contract = self._one(contract_id)
        assert self._chat is not None
        seen = disclosed(contract, self._chat, self._house.workspace.roster)
        return seen & INSPECTED if self._actor is not None and self._actor.role is Role.INSPECTOR else seen

    def position(self, contract_id: str) -> Position | None:
        """The position of this very moment, on the newest readings."""
        contract = self._one(contract_id)
        if self._house.projects[contract_id].position is None:
            return None
        return self._house.scene(contract, self._now).position

    def then(self, at: datetime) -> Then | None:
        """How the visible contracts stood at a past moment; None before anything was recorded, or without a memory."""
        found = self._look(at) if self._look is not None else None
        if found is None:
            return None
        mine = {c.id for c in self._contracts} & found.positions.keys()
        return Then(
            terms=found.terms,
            of_then=found.of_then,
            contracts={i: found.contracts[i] for i in mine},
            positions={i: found.positions[i] for i in mine},
            owned={i: found.owned[i] for i in mine},
            readings={t: r for i in mine for t in found.contracts[i].tank_ids() if (r := found.readings.get(t))},
        )

    def alarms(self, contract_id: str) -> tuple[Alarm, ...]:
        """Open alarms told in this chat, most severe first."""
        contract = self._one(contract_id)
        chat = self._chat
        assert chat is not None
        mine = [a for a in self._house.open_alarms(contract.id).values() if self._told_here(a, chat)]
        return tuple(sorted(mine, key=lambda a: (-a.severity, a.raised_at)))

    def told(self, alarm: Alarm) -> bool:
        """Whether this alarm, open or closed, is told in this chat at all."""
        chat, mine = self._chat, any(c.id == alarm.contract_id for c in self._contracts)
        return chat is not None and mine and self._told_here(alarm, chat)

    def alarms_since(self, contract_id: str, since: datetime) -> tuple[Alarm, ...]:
        """Alarms told in this chat that were raised or closed since then, oldest first."""
        mine = [a for a in self._house.alarms_of(self._one(contract_id).id) if self.told(a)]
        fresh = (a for a in mine if a.raised_at >= since or (a.closed_at is not None and a.closed_at >= since))
        return tuple(sorted(fresh, key=lambda a: a.raised_at))

    def history(self, contract_id: str) -> History | None:
        """The contract's recorded past."""
        contract = self._one(contract_id)
        return self._archive.of(contract, self._now) if self._archive is not None else None

    def movements(self, contract_id: str, since: datetime) -> Movements:
        """What the depots' papers say about this contract's tanks."""
        contract = self._one(contract_id)
        owners, papers = self._owners(contract), self._papers(contract)
        spoken = [p.work_orders_as_of for p in papers]
        as_of = None if None in spoken or not spoken else min(t for t in spoken if t is not None)
        told = [o for p in papers for o in p.work_orders if self._since(o.opened_at, o.closed_at, since)]
        orders = owners.mine(told)
        releases = [n for p in papers for n in p.releases]
        cases = self._house.cases_of(contract.id)
        out = [o for o in orders if o.direction == "out"]
        limit = contract.staleness.feed_s
        return Movements(
            since=since,
            in_kg=sum(o.done_kg for o in orders if o.direction == "in"),
            out_kg=sum(o.done_kg for o in out),
            out_noticed_kg=sum(o.done_kg for o in out if under_notice(contract, cases, o, releases)),
            as_of=as_of,
            stale=as_of is None or (self._now - as_of).total_seconds() > limit,
            unowned=sum(o.done_kg > 0 for o in owners.unowned(told)),
        )

    def papered(self, contract_id: str, no: str) -> ReleaseNotice | None:
        """As the depots have sent it; another owner's in the same tank is none of this contract's."""
        contract = self._one(contract_id)
        mine = {(p.tank_id, p.owner) for p in contract.pledged}
        listed = (n for p in self._papers(contract) for n in p.releases)
        return next((n for n in listed if plain_no(n.no) == no and (n.tank_id, n.owner) in mine), None)

    def receipts(self, contract_id: str) -> tuple[Standing, ...]:
        """The contract's receipts; for a depot's person those that lie, in part at least, with that depot."""
        contract, actor = self._one(contract_id), self._actor
        book = self._house.receipts.books[contract.lender]
        if contract.receipts is None or actor is None:
            return ()
        if actor.role is not Role.DEPOT:
            return book.of(contract.id)
        workspace = self._house.workspace
        mine = {t for s in workspace.sites.values() if s.depot == actor.org for t in s.tank_ids}
        return tuple(s for s in book.of(contract.id) if mine & s.receipt.parts.keys())

    def arrived(self, contract_id: str, since: datetime) -> Mapping[str, int]:
        """What work orders brought in, by good; an order opened earlier counts if it was still open then."""
        contract = self._one(contract_id)
        index, owners = self._house.workspace.index, self._owners(contract)
        came: dict[str, int] = {}
        for o in owners.mine(o for p in self._papers(contract) for o in p.work_orders):
            if o.direction == "in" and self._since(o.opened_at, o.closed_at, since):
                good = index.tanks[index.row[o.tank_id]].good
                came[good] = came.get(good, 0) + o.done_kg
        return came

    def told_facts(self, alarm: Alarm) -> Json:
        """The figures that an alarm told here was last told by, but for those that may not be read here."""
        return readable(alarm, self._one(alarm.contract_id), self.may(alarm.contract_id)) if self.told(alarm) else {}

    def lifted_facts(self, alarm: Alarm) -> Json:
        """The figures with which an alarm told here returned, but for those that may not be read here."""
        return lifted(alarm, self.may(alarm.contract_id)) if self.told(alarm) else {}

    def book_as_of(self, contract_id: str) -> datetime | None:
        """Of when the oldest book of the contract's sites is; None where one never spoke."""
        index = self._house.workspace.index
        return self._house.book_as_of({index.tanks[index.row[t]].site_id for t in self._one(contract_id).tank_ids()})

    def gateway(self, tank_id: str) -> str | None:
        """The gateway behind which a visible tank is: its site and its place among the site's gateways, never an address."""
        tank = self.tank(tank_id)
        mine = [g for g in self._house.workspace.gateways if g.site_id == tank.site_id]
        return next((f"{tank.site_id}/{n}" for n, g in enumerate(mine, 1) if tank_id in g.points), None)

    def red(self, contract_id: str) -> bool:
        """Of all open alarms, told here or not: what a release would meet is the same in every chat.

        But for those that only the lender may know of: outside its own chats nothing shows that they are there.
        """
        chat = self._chat
        lender = chat is not None and (chat.audience is Audience.BANK or self._is_lender(chat))
        found = self._house.open_alarms(self._one(contract_id).id).values()
        return any(a.severity is Severity.RED and (lender or a.kind not in BANK_ONLY) for a in found)

    def cases(self, contract_id: str) -> tuple[Case, ...]:
        """Every case of the contract, wherever it was filed: the same parties read its card."""
        return tuple(self._house.cases_of(self._one(contract_id).id))

    def checked(self, contract_id: str, ask: Ask) -> Json | None:
        """The figures of a request, on the newest readings."""
        contract = self._one(contract_id)
        if self._house.projects[contract_id].position is None:
            return None
        open_alarms = self._house.open_alarms(contract.id).values()
        return figures(self._house.scene(contract, self._now), ask, open_alarms)

    def owned(self, contract_id: str) -> tuple[Owned, ...]:
        """The contract's tanks that a depot's ownership ledger knows."""
        return owned(self._house, self._one(contract_id), self._now)

    def origins(self, contract_id: str, tank_id: str) -> tuple[Origin, ...]:
        """Where the pledge owner's batches in one of its tanks came from."""
        return origins(self._house, self._one(contract_id), tank_id, self._now)

    def prices(self, contract_id: str, at: datetime) -> Mapping[str, GoodPrice]:
        """What every good of the contract counted for at ``at``."""
        return self._house.prices_for(self._one(contract_id), at)

    def site_feeds(self, contract_id: str) -> tuple[SiteFeed, ...]:
        """Where the contract's figures come from, by site."""
        return site_feeds(self._house, self._one(contract_id))

    def proof(self, contract_id: str) -> Proof | None:
        """The newest batch of readings and the end of the lender's chain."""
        contract = self._one(contract_id)
        return self._archive.proof(contract) if self._archive is not None else None

    def heard_in(self) -> frozenset[str]:
        """Chats whose telling is known here: this one; alone with one person, all that they are members of."""
        chat = self._chat
        if self.denied or chat is None:
            return frozenset()
        if chat.audience is not Audience.PRIVATE:
            return frozenset({chat.id})
        mine, alone = {c.id for c in self._contracts}, set(chat.members)
        known = self._house.workspace.roster.chats.values()
        return frozenset({chat.id, *(c.id for c in known if alone <= set(c.members) and mine & set(c.contracts))})

    def members(self) -> tuple[Person, ...]:
        """Everybody in this chat."""
        if self.denied or self._chat is None:
            return ()
        return tuple(self._house.workspace.roster.people[m] for m in self._chat.members)

    def people(self) -> tuple[Person, ...]:
        """Its members, and those of the chats that are heard here; in the lender's own chats the people of all parties."""
        chat, known = self._chat, self._house.workspace.roster
        if chat is None or not (chat.audience is Audience.BANK or self._is_lender(chat)):
            heard = (known.chats[c].members for c in sorted(self.heard_in()) if c in known.chats)
            mine = dict.fromkeys(m.id for m in self.members())
            return tuple(known.people[m] for m in dict.fromkeys((*mine, *chain.from_iterable(heard))))
        firms = {f for c in self._contracts for f in (c.lender, c.borrower, c.supervisor, *c.depots)}
        return tuple(p for p in known.people.values() if p.org in firms)

    def reading(self, tank_id: str) -> Reading:
        """The newest reading of a visible tank."""
        return reading_of(self._house, self.tank(tank_id).id)

    def tank(self, tank_id: str) -> Tank:
        """A tank pledged under a visible contract. Raises KeyError for any other."""
        if not any(tank_id in c.tank_ids() for c in self._contracts):
            raise KeyError(tank_id)
        index = self._house.workspace.index
        return index.tanks[index.row[tank_id]]

    def answers_for(self) -> frozenset[str]:
        """The actor, and everybody whose deputy they are."""
        if self._actor is None:
            return frozenset()
        people = self._house.workspace.roster.people.values()
        return frozenset({self._actor.id, *(p.id for p in people if p.deputy == self._actor.id)})

    def supervisors(self) -> tuple[str, ...]:
        """The supervisor's people among the members."""
        people, members = self._house.workspace.roster.people, self._chat.members if self._chat is not None else ()
        mine = {c.supervisor for c in self._contracts}
        return tuple(m for m in members if people[m].role is Role.SUPERVISOR and people[m].org in mine)

    def runs(self, tank_id: str) -> bool:
        """A depot's person speaks for its own tanks, everybody else for all that they see."""
        site = self._house.workspace.sites[self.tank(tank_id).site_id]
        return self._actor is not None and (self._actor.role is not Role.DEPOT or self._actor.org == site.depot)

    def promises(self, contract_id: str) -> tuple[Promise, ...]:
        """Promises made here; in the lender's own chats wherever they were made."""
        contract, known = self._one(contract_id), self._house.deeds.promises.values()
        fresh = (p for p in known if p.ended_at is None or self._now - p.ended_at <= ENDED_SHOWN)
        return tuple(p for p in fresh if p.contract_id == contract.id and self._said_here(p.chat))

    def works(self, contract_id: str) -> tuple[Work, ...]:
        """Work announced here at tanks of the contract, until it is over."""
        contract, tanks = self._one(contract_id), set(self._one(contract_id).tank_ids())
        known = (w for w in self._house.deeds.works.values() if w.tenant == contract.lender and w.ends > self._now)
        return tuple(w for w in known if tanks & set(w.tanks) and self._said_here(w.chat))

    def _said_here(self, chat_id: str) -> bool:
        chat = self._chat
        lender = chat is not None and (chat.audience is Audience.BANK or self._is_lender(chat))
        return lender or chat_id in self.heard_in()

    @property
    def goods(self) -> Mapping[str, Good]:
        """Goods by code."""
        return self._house.workspace.goods

    @property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""
        return self._house.workspace.sites

    def _visible(self) -> tuple[Contract, ...]:
        actor, chat = self._actor, self._chat
        if actor is None or chat is None or actor.id not in chat.members or chat.audience is Audience.OPERATORS:
            return ()
        bound = [self._house.contract_now(c, self._now) for c in chat.contracts]
        return tuple(c for c in bound if takes_part(actor, c))

    def _told_here(self, alarm: Alarm, chat: Chat) -> bool:
        lender = chat.audience is Audience.BANK or self._is_lender(chat)
        if lender or alarm.kind in BANK_ONLY:
            return lender
        if self._house.workspace.roster.chats.get(chat.id, chat).audience is Audience.BANK:
            return True  # with strangers in it the lender's chat is told of alarms as before, but for their figures
        heard = self.heard_in()
        return any(p.chat in heard for p in alarm.parties)

    def _is_lender(self, chat: Chat) -> bool:
        roles = {self._house.workspace.roster.people[m].role for m in chat.members}
        return chat.audience is Audience.PRIVATE and roles <= LENDER_ROLES

    def _papers(self, contract: Contract) -> list[DepotPapers]:
        """What the depots of the contract's tanks have sent, site by site."""
        index = self._house.workspace.index
        sites = {index.tanks[index.row[t]].site_id for t in contract.tank_ids()}
        return [self._house.papers.get(s, DepotPapers()) for s in sorted(sites)]

    def _owners(self, contract: Contract) -> Owners:
        """Whose orders are the pledge's own, by the depots' books and ledger of now."""
        return Owners.of(contract, self._house.books, self._house.ledger)

    def _one(self, contract_id: str) -> Contract:
        return next(c for c in self._contracts if c.id == contract_id)

    @staticmethod
    def _since(opened_at: datetime, closed_at: datetime | None, since: datetime) -> bool:
        return opened_at >= since or closed_at is None or closed_at >= since


def as_it_is(house: House, chat: Chat | None) -> Chat | None:
    """The chat as its membership stands now: where strangers may read along, none is the lender's own."""
    known = house.workspace.roster.chats.get(chat.id, chat) if chat is not None else None
    if known is None or known.verified or known.audience is not Audience.BANK:
        return known
    return replace(known, audience=Audience.PROJECT)
