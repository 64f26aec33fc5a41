"""Tokens of the interface: shown once, kept as a hash, found only whole, and over when they are over."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.api.keyring import Keyring, issued, listed, managed
from bot.api.quota import Quota
from bot.api.refusals import KEPT, Refusals
from bot.api.token import Secret, folded, made
from domain.event import canonical, parse_stamp
from tests.fakes.house_ground import ground, write_ground

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
WISH = {"do": "create", "person": "chen", "chat": "a_bank", "name": "核心系统", "days": 30}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    directory = tmp_path_factory.mktemp("api") / "w"
    write_ground(directory, NOW)
    return ground(directory, NOW)[0]


def secret(name="x"):
    return made(tenant="bank_a", name=name, person="chen", chat="a_bank", now=NOW, expires_at=NOW + timedelta(days=1))


def test_a_token_is_found_by_its_whole_text_only():
    one, other = secret(), secret()
    keyring = Keyring(folded({}, [one.event, other.event]))
    ident = one.text.split("_")[1]

    assert keyring.find(one.text) == keyring.get(ident)
    for wrong in (
        one.text[:-1],
        one.text + "x",
        f"xlz_{ident}_{other.text.split('_', 2)[2]}",
        f"xlz_{ident}_",
        f"xlz_{ident}",
        "xlz__",
        "",
        "é" * 50,
        "x" * 10_000,
    ):
        assert keyring.find(wrong) is None, wrong[:40]


def test_what_is_kept_does_not_hold_the_secret():
    one = secret()
    kept = canonical(one.event.body) + repr(one) + repr(Keyring(folded({}, [one.event])).all())
    assert one.text.split("_", 2)[2] not in kept


def test_a_token_is_made_for_a_member_of_a_chat_with_contracts(workspace):
    found = issued(workspace, WISH, NOW)

    assert isinstance(found, Secret)
    assert found.event.tenant == "bank_a"
    assert parse_stamp(found.event.body["expires_at"]) == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"person": "nobody"}, "no person 'nobody' in people.yaml; write one of "),
        ({"person": None}, "no person None"),
        ({"chat": "attic"}, "no chat 'attic' in people.yaml; write one of "),
        ({"chat": "b_bank"}, "'chen' is no member of 'b_bank'; write one of "),
        ({"name": " "}, "write what the token is for"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "a\nb"}, "write what the token is for"),
        ({"days": 0}, "write a whole number from 1 to 3650"),
        ({"days": "x"}, "write a whole number from 1 to 3650"),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_what_to_write(workspace, wish, says):
    found = issued(workspace, {**WISH, **wish}, NOW)
    assert isinstance(found, str)
    assert says in found


def test_a_revoked_token_stays_in_the_list_and_is_not_revoked_twice(workspace):
    given, events = managed(workspace, Keyring({}), WISH, NOW)
    keyring = Keyring(folded({}, events))
    revoke = {"do": "revoke", "id": given["id"]}

    _, ended = managed(workspace, keyring, revoke, NOW)
    keyring.take(ended)

    assert [t["state"] for t in listed(keyring, NOW)] == ["revoked"]
    assert "was revoked" in managed(workspace, keyring, revoke, NOW)[0]["error"]
    assert "no token 'x'" in managed(workspace, keyring, {"do": "revoke", "id": "x"}, NOW)[0]["error"]
    assert "write create, list or revoke" in managed(workspace, keyring, {"do": "steal"}, NOW)[0]["error"]


def test_a_quota_counts_each_token_by_itself_and_begins_anew():
    quota = Quota(per_minute=2, per_day=3)
    at = NOW.replace(second=10)

    assert [quota.take("a", at) for _ in range(3)] == [None, None, 50]
    assert quota.take("b", at) is None
    assert quota.take("a", at + timedelta(minutes=1)) is None
    assert quota.take("a", at + timedelta(minutes=2)) > 60_000  # the day's
    assert quota.take("a", at + timedelta(days=1)) is None


async def test_a_flood_of_refusals_is_counted_and_not_written_one_by_one():
    now, written = [NOW], []

    async def commit(events):
        written.extend(events)

    refusals = Refusals(commit, lambda: now[0])
    for _ in range(50):
        await refusals.tell("unknown_token", "ask")
    await refusals.step()
    assert [e.body["count"] for e in written] == [1]

    now[0] += timedelta(minutes=1)
    await refusals.step()
    await refusals.step()
    assert [e.body["count"] for e in written] == [1, 49]
    assert {(e.tenant, e.kind, e.actor) for e in written} == {("@", "api.refused", "system")}


async def test_many_different_refusals_are_told_together_at_last():
    written = []

    async def commit(events):
        written.extend(events)

    refusals = Refusals(commit, lambda: NOW)
    for n in range(KEPT + 20):
        await refusals.tell("unknown_token", f"place-{n}")

    assert len(written) == KEPT + 1
    assert written[-1].body["why"] == "many"
