"""A bank's own system follows the alarms of its chat: every one once, page by page, and none that the chat may not know."""

import pytest

from domain.message import Crowd
from tests.fakes.api_stage import api_stage


@pytest.fixture
async def stage(tmp_path):
    """A tank has lost much, and a value line is crossed."""
    async with api_stage(tmp_path / "w") as stage:
        await stage.house.read(T_1=1200)
        await stage.house.read(times=3)
        yield stage


def steps(told):
    return [(a["event"], a["kind"]) for a in told["alarms"]]


RAISED = [("raised", "qty_drop"), ("raised", "value_below_line")]


async def test_alarms_come_in_order_with_their_figures_and_a_cursor(stage):
    token = await stage.token("chen")
    told = (await stage.get("/api/alarms", token)).json()

    assert steps(told) == RAISED
    value = told["alarms"][1]
    assert (value["severity"], value["condition"], value["open"]) == ("yellow", "active", True)
    assert value["facts"]["value_cny"] == "5135954.20"
    assert (told["more"], (await stage.get("/api/alarms", token, cursor=told["cursor"])).json()["alarms"]) == (
        False,
        [],
    )


async def test_pages_hold_every_event_once(stage):
    token, found, cursor = await stage.token("chen"), [], None
    while True:
        query = {"cursor": cursor} if cursor is not None else {}
        told = (await stage.get("/api/alarms", token, limit=1, **query)).json()
        found += steps(told)
        cursor = told["cursor"]
        if not told["more"]:
            break
    assert found == RAISED

    await stage.house.say("zhao", "a_group", "收到")
    later = (await stage.get("/api/alarms", token, cursor=cursor)).json()
    assert [(a["event"], a["by"]) for a in later["alarms"]] == [("acknowledged", None)]


async def test_who_answered_is_named_where_the_chat_knows_them(stage):
    await stage.house.say("zhao", "a_group", "收到")
    told = (await stage.get("/api/alarms", await stage.token("li"))).json()
    assert [a["by"] for a in told["alarms"] if a["event"] == "acknowledged"] == ["zhao"]


async def test_figures_that_the_chat_may_not_see_are_not_there(stage):
    told = (await stage.get("/api/alarms", await stage.token("li"))).json()
    value = next(a for a in told["alarms"] if a["kind"] == "value_below_line")
    assert "value_cny" in value["facts"]
    assert not {"ltv", "exposure_cny", "lines_ltv"} & value["facts"].keys()
    assert "cash_cny" not in value["facts"]["top_up"]


async def test_another_lenders_alarms_do_not_exist(stage):
    told = (await stage.get("/api/alarms", await stage.token("ma"))).json()
    assert (told["alarms"], told["cursor"]) == ([], None)


async def test_since_a_time_leaves_out_what_was_before(stage):
    token = await stage.token("chen")
    assert steps((await stage.get("/api/alarms", token, since="2026-03-12T06:32:00Z")).json()) == RAISED
    assert (await stage.get("/api/alarms", token, since="2026-03-12T15:00:00+08:00")).json()["alarms"] == []


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"since": "昨天"}, "query since"),
        ({"since": "2026-03-12T06:32:00"}, "query since"),
        ({"cursor": "2026-03-12"}, "query cursor"),
        ({"cursor": "1~2~3"}, "query cursor"),
        ({"cursor": "9" * 17 + "~0"}, "query cursor"),
        ({"limit": "0"}, "query limit"),
        ({"limit": "201"}, "query limit"),
        ({"limit": "٣"}, "query limit"),
        ({"person": "wang"}, "query person"),
    ],
)
async def test_a_query_that_cannot_be_is_told(stage, query, place):
    answer = await stage.get("/api/alarms", await stage.token("chen"), **query)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["place"] == place


async def test_the_largest_cursor_is_only_a_time_far_away(stage):
    answer = await stage.get("/api/alarms", await stage.token("chen"), cursor="9" * 16 + "~999999")
    assert (answer.status_code, answer.json()["alarms"]) == (200, [])


async def bank_chat_of(house, *, strangers):
    """Everybody of bank A's own chat is there, and so many more."""
    roster = house.house.workspace.roster
    there = frozenset(str(roster.people[m].telegram_id) for m in roster.chats["a_bank"].members)
    crowd = Crowd(members=len(there) + strangers, present=there, admins=frozenset())
    house.channel.crowds[house.platform_id("a_bank")] = crowd
    await house.app.membership.step()


async def test_what_only_the_lender_may_know_is_not_lost_while_somebody_unknown_reads_along(tmp_path):
    async with api_stage(tmp_path / "v") as stage:
        token = await stage.token("chen")
        await bank_chat_of(stage.house, strangers=1)
        await stage.house.read(T_1=1200)
        await stage.house.read(times=3)

        told = await stage.get("/api/alarms", token)
        assert (told.status_code, told.json()["code"], told.headers["retry-after"]) == (503, "unverified", "600")

        await bank_chat_of(stage.house, strangers=0)
        assert steps((await stage.get("/api/alarms", token)).json()) == RAISED


async def test_an_alarm_that_is_just_being_committed_comes_with_the_next_page(tmp_path, monkeypatch):
    async with api_stage(tmp_path / "r") as stage:
        token, memory, between = await stage.token("chen"), stage.house.app.memory, []
        await stage.house.market("0.96")
        await stage.house.read(times=3)
        cursor = (await stage.get("/api/alarms", token)).json()["cursor"]
        plain = memory.commit

        async def commit(**what):
            done = await plain(**what)
            if sum(e.kind.startswith("alarm.") for e in what["events"]) > 1:
                between.append((await stage.get("/api/alarms", token, cursor=cursor)).json())
            return done

        monkeypatch.setattr(memory, "commit", commit)
        await stage.house.read(T_1=900)
        await stage.house.read(times=4)
        (early,) = between
        later = (await stage.get("/api/alarms", token, cursor=early["cursor"])).json()

        whole = steps((await stage.get("/api/alarms", token)).json())
        assert steps(early) == []
        assert steps(early) + steps(later) == whole[1:]
