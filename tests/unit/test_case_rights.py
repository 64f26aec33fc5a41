"""Who may do what: role, organisation and chat, all three."""

from dataclasses import replace

import pytest

from domain.case.rights import DEPOT_ACTS, LENDER_ACTS, CaseAct, depots_of, may, may_file
from domain.people import Audience, Chat, Person, Role
from tests.fakes.case_life import PAYMENT_FIRST, T1, request
from tests.fakes.pledge import INDEX, ROSTER, SITES

BANK, POOL = ROSTER.chats["jia-bank"], ROSTER.chats["pool"]
CASE = request()
HERE = frozenset({"gangchu"})


def allowed(person: Person, chat: Chat) -> set[CaseAct]:
    return {act for act in CaseAct if may(act, person, chat, PAYMENT_FIRST, CASE, HERE)}


def of(role: Role, org: str) -> Person:
    return Person(id="x", name="某人", org=org, role=role)


def room(audience: Audience) -> Chat:
    return Chat(id="r", name="群", audience=audience, contracts=("C-1",), members=("x",))


def test_the_lender_decides_in_its_own_chat():
    assert allowed(ROSTER.people["wang"], BANK) == LENDER_ACTS
    assert allowed(ROSTER.people["wang"], POOL) == set()


def test_where_a_stranger_may_read_along_the_lender_decides_nothing():
    assert allowed(ROSTER.people["wang"], replace(BANK, verified=False)) == set()


def test_the_depot_of_the_goods_verifies_and_refuses_in_any_chat_it_is_in():
    assert allowed(ROSTER.people["li"], POOL) == DEPOT_ACTS


def test_the_borrower_takes_the_request_back_and_decides_nothing():
    assert allowed(ROSTER.people["zhao"], POOL) == {CaseAct.WITHDRAW}


@pytest.mark.parametrize(
    "person",
    [
        of(Role.RISK_OFFICER, "yi"),
        of(Role.DEPOT, "mingchu"),
        of(Role.BORROWER, "haichuan"),
        of(Role.SUPERVISOR, "gangchu"),
        of(Role.INSPECTOR, "jia"),
    ],
    ids=lambda p: f"{p.role}-{p.org}",
)
@pytest.mark.parametrize("audience", [Audience.BANK, Audience.PROJECT])
def test_nobody_else_does_anything(person, audience):
    assert allowed(person, room(audience)) == set()


def test_a_depot_of_the_contract_where_none_of_the_goods_lie_does_nothing():
    assert not may(CaseAct.VERIFY, ROSTER.people["li"], POOL, PAYMENT_FIRST, CASE, frozenset({"mingchu"}))
    assert depots_of([T1], INDEX, SITES) == HERE


def test_who_is_no_member_or_in_a_chat_of_another_contract_does_nothing():
    stranger = Chat(id="r", name="群", audience=Audience.BANK, contracts=("C-2",), members=("wang",))
    outside = Chat(id="r", name="群", audience=Audience.BANK, contracts=("C-1",), members=("chen",))
    assert allowed(ROSTER.people["wang"], stranger) == allowed(ROSTER.people["wang"], outside) == set()


@pytest.mark.parametrize(("person", "files"), [("zhao", True), ("wang", True), ("chen", False), ("li", False)])
def test_the_borrower_files_and_the_relationship_manager_on_its_behalf(person, files):
    assert may_file(ROSTER.people[person], POOL, PAYMENT_FIRST) is files
