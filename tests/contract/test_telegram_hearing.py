"""What only Telegram says and how its long polling is survived: kinds of updates, names and commands, lost servers."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.channels.telegram.polling import Offsets
from tests.fakes import bot_api_faults as faults
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.bot_api_world import BOT_ID
from tests.fakes.channel_stage import NOW, take, telegram_channel

GROUP, ZHAO = -1001, 11


@pytest.fixture
async def api():
    async with FakeBotApi() as serving:
        serving.world.group(GROUP, members=(ZHAO,))
        serving.people.named(ZHAO, "赵<b>总</b>🛢")
        yield serving


@pytest.fixture
async def channel(api):
    talking = telegram_channel(api)
    await talking.start()
    yield talking
    await talking.close()


async def texts(channel, count):
    return [e.text for e in await take(channel, count)]


@pytest.mark.parametrize(
    ("written", "text", "addressed"),
    [
        ("货还在不在?", "货还在不在?", False),
        ("@xiaoliuzi_bot 货还在不在?", "货还在不在?", True),
        ("看下 @XiaoLiuZi_Bot T-107", "看下 T-107", True),
        ("问@xiaoliuzi_bot", "问", True),
        ("写信给 a@xiaoliuzi_bot", "写信给 a@xiaoliuzi_bot", False),
        ("@xiaoliuzi_bot2 在吗", "@xiaoliuzi_bot2 在吗", False),
        ("/position T-107", "/position T-107", True),
        ("/position@xiaoliuzi_bot T-107", "/position T-107", True),
        ("/货值", "/货值", True),
        ("/ 分之一", "/ 分之一", False),
        ("今天 3/5 张", "今天 3/5 张", False),
    ],
)
async def test_the_bot_knows_when_it_is_spoken_to(api, channel, written, text, addressed):
    await api.people.say(GROUP, ZHAO, written)
    (heard,) = await take(channel, 1)
    assert (heard.text, heard.addressed) == (text, addressed)


async def test_a_command_to_another_bot_is_not_ours(api, channel):
    await api.people.say(GROUP, ZHAO, "/help@other_bot")
    await api.people.say(GROUP, ZHAO, "之后")
    assert await texts(channel, 1) == ["之后"]


async def test_in_private_everything_is_addressed(api, channel):
    api.world.meet({"id": ZHAO, "first_name": "赵总"})
    await api.people.say(ZHAO, ZHAO, "货还在不在?")
    (heard,) = await take(channel, 1)
    assert (heard.private, heard.addressed, heard.chat, heard.sender_name) == (True, True, heard.sender, "赵<b>总</b>🛢")


async def test_a_place_a_photo_and_a_document_arrive(api, channel):
    await api.people.post(GROUP, ZHAO, location={"latitude": 36.0671, "longitude": 120.3826})
    photo = {"file_id": "f1", "file_unique_id": "u1", "width": 1, "height": 1}
    await api.people.post(GROUP, ZHAO, photo=[photo], caption="@xiaoliuzi_bot T-112 检尺 9.31米")
    await api.people.post(GROUP, ZHAO, document={"file_id": "f2", "file_unique_id": "u2"})
    place, picture, paper = await take(channel, 3)
    assert (place.kind, place.text) == ("location", "36.067100,120.382600")
    assert (picture.kind, picture.text, picture.addressed) == ("file", "T-112 检尺 9.31米", True)
    assert (paper.kind, paper.text) == ("file", "")
    assert place.message_ref != picture.message_ref


async def test_everybody_who_joins_is_an_event_of_their_own(api, channel):
    update = await api.people.join(GROUP, 21, 22, BOT_ID)  # the bot's own coming arrives as my_chat_member
    await api.people.say(GROUP, 21, "之后")
    assert [(e.kind, e.sender.id, e.event_id) for e in await take(channel, 3)] == [
        ("joined", "21", f"{update}/21"),
        ("joined", "22", f"{update}/22"),
        ("text", "21", f"{update + 1}"),
    ]


async def test_half_a_batch_of_joins_comes_again_as_a_whole(api, channel):
    await api.people.join(GROUP, 21, 22)
    first, _ = await take(channel, 2, commit=False)
    await channel.done(first)
    assert [e.sender.id for e in await take(channel, 2)] == ["21", "22"]


async def test_coming_and_going_by_any_way(api, channel):
    api.world.allowed = {"message", "my_chat_member", "chat_member"}  # as after an earlier poll of ours
    await api.people.leave(GROUP, ZHAO)
    await api.people.change(GROUP, ZHAO, 21, old="left", new="member")
    await api.people.change(GROUP, ZHAO, 21, old="member", new="administrator")  # a promotion: nobody came
    await api.people.change(GROUP, ZHAO, 21, old="administrator", new="kicked")
    await api.people.change(GROUP, ZHAO, BOT_ID, old="member", new="kicked")
    await api.people.change(ZHAO, ZHAO, BOT_ID, old="member", new="kicked")  # blocked in private
    assert [(e.kind, e.sender.id, e.private) for e in await take(channel, 5)] == [
        ("left", str(ZHAO), False),
        ("joined", "21", False),
        ("left", "21", False),
        ("left", str(BOT_ID), False),
        ("left", str(ZHAO), True),
    ]


async def test_a_group_that_becomes_a_supergroup_says_its_new_id(api, channel):
    await api.people.upgrade(GROUP, ZHAO, -2002)
    (moved,) = await take(channel, 1)
    assert (moved.kind, moved.chat.id, moved.text) == ("migrated", str(GROUP), "-2002")


async def test_edits_stickers_and_channel_posts_are_passed_over(api, channel):
    await api.people.edit(GROUP, ZHAO, "改过的话")
    await api.people.post(GROUP, ZHAO, pinned_message=None)
    await api.people.say(GROUP, ZHAO, "之后")
    assert await texts(channel, 1) == ["之后"]
    assert channel.malformed == 0


@pytest.mark.parametrize(
    "garbage",
    [
        {"update_id": 1, "message": {"text": "没有编号也没有群"}},
        {"update_id": 1, "message": "not an object"},
        {"update_id": 1, "callback_query": {"id": "q", "from": {}}},
        {"update_id": "one"},
        "not an update",
    ],
)
async def test_a_malformed_update_is_counted_and_passed_over(api, channel, caplog, garbage):
    await api.world.queue_raw(garbage)
    await api.people.say(GROUP, ZHAO, "之后")
    assert await texts(channel, 1) == ["之后"]
    assert channel.malformed == 1
    (line,) = (r.getMessage() for r in caplog.records)
    assert line.startswith("telegram.update_malformed why=")
    assert "编号" not in line


async def test_nothing_but_garbage_does_not_make_the_poller_spin(api, channel, caplog):
    await api.world.queue_raw("not an update")
    waiting = asyncio.create_task(take(channel, 1))
    await api.polled(2)
    await api.people.say(GROUP, ZHAO, "之后")
    assert [e.text for e in await waiting] == ["之后"]
    assert "telegram.polling_lost why=TelegramError:no update has an update_id" in caplog.text


async def test_a_malformed_update_does_not_come_again(api, channel):
    await api.world.queue_raw({"update_id": 1, "message": "not an object"})
    await api.people.say(GROUP, ZHAO, "之后")
    await texts(channel, 1)
    await channel.close()
    assert api.world.updates == []


async def test_an_event_carries_the_moment_at_which_it_was_heard(api):
    heard_at = NOW + timedelta(hours=3)
    clock = iter([NOW, heard_at])
    channel = telegram_channel(api, now=lambda: next(clock))
    await api.people.say(GROUP, ZHAO, "收到")
    assert [e.received_at for e in await take(channel, 1)] == [heard_at]
    await channel.close()


async def test_lone_surrogates_in_a_text_do_not_pass(api, channel):
    await api.people.say(GROUP, ZHAO, "坏\ud83d字")
    assert await texts(channel, 1) == ["坏\ufffd字"]


async def test_a_lost_server_is_one_line_and_its_return_another(api, channel, caplog):
    caplog.set_level(logging.INFO, logger="bot")
    await api.people.say(GROUP, ZHAO, "之后")
    for fault in (faults.CUT, faults.server_error(), faults.GARBAGE, faults.flooded(0)):
        api.fail_next(fault, method="getUpdates")
    assert await texts(channel, 1) == ["之后"]
    assert [r.getMessage().split()[0] for r in caplog.records] == ["telegram.polling_lost", "telegram.polling_back"]


async def test_a_second_poller_is_called_by_its_name(api, channel, caplog):
    api.fail_next(faults.CONFLICT, method="getUpdates")
    api.fail_next(faults.CONFLICT, method="getUpdates")
    await api.people.say(GROUP, ZHAO, "之后")
    assert await texts(channel, 1) == ["之后"]
    assert [r.getMessage().split()[0] for r in caplog.records] == ["telegram.polling_conflict"]


async def test_when_two_bots_poll_both_live_and_say_so(api, channel, caplog):
    second = telegram_channel(api)
    older = asyncio.create_task(take(channel, 1, commit=False))
    await api.polled(1)
    newer = asyncio.create_task(take(second, 1, commit=False))
    await api.polled(3)
    await api.people.say(GROUP, ZHAO, "一次")
    assert [e.text for e in (*await older, *await newer)] == ["一次", "一次"]
    assert "telegram.polling_conflict" in caplog.text
    await second.close()


async def test_a_flood_wait_is_obeyed(api, channel):
    api.fail_next(faults.flooded(1), method="getUpdates")
    await api.people.say(GROUP, ZHAO, "之后")
    begin = asyncio.get_running_loop().time()
    await texts(channel, 1)
    assert asyncio.get_running_loop().time() - begin >= 1.0


async def test_events_flow_although_the_start_failed(api):
    api.webhook = "https://example.org/hook"  # the start would have removed it
    channel = telegram_channel(api)
    api.fail_next(faults.DROP, method="getMe")
    assert [n.code for n in await channel.start()] == ["unreachable"]
    api.fail_next(faults.DROP, method="getMe")
    await api.people.say(GROUP, ZHAO, "/position@xiaoliuzi_bot")
    assert await texts(channel, 1) == ["/position"]
    await channel.close()


async def test_an_idle_group_is_waited_for_not_asked_again_and_again(api, channel):
    waiting = asyncio.create_task(take(channel, 1))
    await api.polled(1)
    await api.people.say(GROUP, ZHAO, "终于")
    assert [e.text for e in await waiting] == ["终于"]
    assert api.count("getUpdates") == 1


async def test_an_event_in_hand_is_not_handed_out_again_in_the_same_life(api, channel, caplog):
    await api.people.say(GROUP, ZHAO, "一")
    events = channel.events()
    first = await anext(events)
    following = asyncio.ensure_future(anext(events))
    await api.people.say(GROUP, ZHAO, "二")
    assert not (await asyncio.wait({following}, timeout=0.2))[0]
    assert api.count("getUpdates") == 1
    assert "telegram.events_held open=1" in caplog.text
    await channel.done(first)
    assert (await following).text == "二"
    await events.aclose()


async def test_what_takes_a_while_holds_up_nothing_and_comes_again_only_in_another_life(api, channel):
    await api.people.say(GROUP, ZHAO, "慢")
    events = channel.events()
    slow = await anext(events)
    following = asyncio.ensure_future(anext(events))
    await channel.aside(slow)
    for text in ("一", "二"):
        await api.people.say(GROUP, ZHAO, text)
        heard = await asyncio.wait_for(following, 2)
        assert heard.text == text
        await channel.done(heard)
        following = asyncio.ensure_future(anext(events))
    following.cancel()
    await asyncio.wait({following})
    assert [e.text for e in await take(channel, 3)] == ["慢", "一", "二"]


async def test_once_what_took_a_while_is_done_an_idle_group_is_waited_for(api, channel):
    await api.people.say(GROUP, ZHAO, "慢")
    events = channel.events()
    slow = await anext(events)
    following = asyncio.ensure_future(anext(events))
    await channel.aside(slow)
    await api.polled(2)
    await channel.done(slow)
    await asyncio.wait({following}, timeout=0.1)
    asked = api.count("getUpdates")
    assert not (await asyncio.wait({following}, timeout=0.2))[0]
    assert api.count("getUpdates") == asked
    following.cancel()
    await asyncio.wait({following})


async def test_closing_confirms_what_is_done(api, channel):
    await api.people.say(GROUP, ZHAO, "一")
    await take(channel, 1)
    assert len(api.world.updates) == 1
    await channel.close()
    assert api.world.updates == []


async def test_closing_does_not_wait_for_a_server_that_is_gone(api, channel):
    await api.people.say(GROUP, ZHAO, "一")
    await take(channel, 1)
    await api.vanish()
    await channel.close()


def test_the_offset_stays_at_the_oldest_undone_update():
    offsets = Offsets()
    for update_id in (5, 6, 7):
        offsets.saw(update_id, {str(update_id)})
    offsets.saw(8, set())
    assert offsets.next == 5
    offsets.done("6")
    assert offsets.next == 5
    offsets.done("5")
    assert offsets.next == 7
    offsets.done("7")
    offsets.done("7")
    assert offsets.next == 9


def test_the_offset_waits_for_an_update_that_takes_a_while_too():
    offsets = Offsets()
    for update_id in (5, 6):
        offsets.saw(update_id, {str(update_id)})
    offsets.aside("5")
    offsets.done("6")
    assert (offsets.next, offsets.open, offsets.held) == (5, 1, 0)
    assert (offsets.given(5), offsets.given(6), offsets.given(7)) == (True, True, False)
    offsets.done("5")
    assert (offsets.next, offsets.open) == (7, 0)


def test_a_new_consumer_does_not_wait_for_what_the_old_one_held():
    offsets = Offsets()
    offsets.saw(5, {"5/1", "5/2"})
    offsets.done("5/1")
    offsets.rewind()
    assert (offsets.next, offsets.open) == (5, 0)
