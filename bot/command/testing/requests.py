"""A test's requests to take goods out, lived through by those who would: filed, paid, registered by two, lifted, ended.

The casework is the live one, so that money which has not come keeps a notice from being registered here as there. A
step that may not be taken is not taken, and the test goes on.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.case_outcome import stands
from bot.casework import CaseValues, Casework
from datasources.workspace import Workspace
from datasources.workspace.cases_papers import Request
from domain.case.case import Case, CaseKind
from domain.case.rights import CaseAct, may_file
from domain.contract import Contract
from domain.errors import CaseError, SourceMalformed
from domain.people import LENDER_ROLES, Audience, Chat, Person

Pay = Callable[[Case, CaseValues, tuple[Person, Person], Chat], Awaitable[None]]
"""Two people of the lender confirm money for a case, in this chat. Raises CaseError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who acts, and where: whoever may ask, two people of the lender, the project's chat and the lender's own."""

    asks: Person
    signs: Person
    seals: Person
    project: Chat
    bank: Chat

    @classmethod
    def of(cls, workspace: Workspace, contract: Contract) -> "Cast":
        """From the workspace's people. Raises SourceMalformed where somebody is missing."""
        roster = workspace.roster
        chats = [c for c in roster.chats.values() if contract.id in c.contracts]
        bank = next((c for c in chats if c.audience is Audience.BANK), None)
        asking = ((c, roster.people[m]) for c in chats if c is not bank for m in c.members)
        found = next(((c, p) for c, p in asking if may_file(p, c, contract)), None)
        staff = (roster.people[m] for m in (bank.members if bank is not None else ()))
        signing = [p for p in staff if p.org == contract.lender and p.role in LENDER_ROLES]
        if found is None or bank is None or len(signing) < 2:
            needs = "a borrower in a project's chat, and two people of the lender in its own"
            raise SourceMalformed(f"contract {contract.id!r}: a test with requests needs {needs}")
        return cls(asks=found[1], signs=signing[0], seals=signing[1], project=found[0], bank=bank)


class Requests:
    """Every request of a test, by its notice's number."""

    def __init__(
        self, casework: Casework, pay: Pay, contract: Contract, cast: Cast | None, asked: Sequence[Request]
    ) -> None:
        """cast: None where nothing is asked."""
        self._casework = casework
        self._pay = pay
        self._contract = contract
        self._cast = cast
        self._asked = asked
        self._filed: dict[str, str] = {}
        self._done: set[tuple[str, str]] = set()

    async def step(self, now: datetime) -> None:
        """Try what is due by now, each step once, in the order of a case."""
        for request in self._asked:
            for step, at in (("filed", request.filed), ("paid", request.paid), ("sealed", request.sealed)):
                if at is not None and at <= now and (request.no, step) not in self._done:
                    self._done.add((request.no, step))
                    await self._take(request, step)

    async def _take(self, request: Request, step: str) -> None:
        assert self._cast is not None, "a request has its cast"
        cast, seen = self._cast, ("test", f"{request.no}:{step}")
        if step == "filed":
            filed = await self._casework.file(
                self._contract, CaseKind.RELEASE, out=[request.line], into=[], cash=None, by=cast.asks,
                chat=cast.project, seen=seen,
            )  # fmt: skip
            if filed.case is not None:
                self._filed[request.no] = filed.case.id
        elif step == "paid":
            await self._paid(request, cast)
        else:
            await self._act(request, CaseAct.SIGN, cast.signs, CaseValues(no=request.no))
            await self._act(request, CaseAct.COUNTERSIGN, cast.seals, CaseValues())

    async def _paid(self, request: Request, cast: Cast) -> None:
        case, values = self._case(request), CaseValues(amount=request.amount)
        if case is not None and not stands(case, CaseAct.PAID, values):
            with suppress(CaseError):
                await self._pay(case, values, (cast.signs, cast.seals), cast.bank)

    async def _act(self, request: Request, act: CaseAct, person: Person, values: CaseValues) -> None:
        assert self._cast is not None, "a request has its cast"
        case_id = self._filed.get(request.no)
        if case_id is not None:
            await self._casework.act(case_id, act, person, self._cast.bank, ("test", f"{request.no}:{act}"), values)

    def differences(self) -> Iterator[str]:
        """Every request that did not become what the test says."""
        for request in self._asked:
            case = self._case(request)
            stage = case.stage.value if case is not None else "not filed"
            if request.becomes is not None and stage != request.becomes:
                yield f"- request {request.no} becomes {request.becomes.value}"
                yield f"+ it is {stage}"

    def _case(self, request: Request) -> Case | None:
        assert self._cast is not None, "a request has its cast"
        case_id = self._filed.get(request.no)
        return self._casework.case(case_id, self._cast.bank) if case_id is not None else None
