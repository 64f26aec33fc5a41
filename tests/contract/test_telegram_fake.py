"""The fake Bot API is strict where the true one is: else a green suite would prove nothing."""

import asyncio
import json

import httpx
import pytest

from tests.fakes import bot_api_faults as faults
from tests.fakes.bot_api import FakeBotApi

GROUP = -1001


@pytest.fixture
async def api():
    async with FakeBotApi() as serving:
        serving.world.group(GROUP, members=range(1, 8))
        yield serving


@pytest.fixture
async def call(api):
    async with httpx.AsyncClient(base_url=f"{api.url}/bot{api.token}/") as client:

        async def calling(method, **params):
            flat = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
            return (await client.post(method, data=flat)).json()

        yield calling


async def html(call, text):
    return await call("sendMessage", chat_id=GROUP, text=text, parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("T1 < 5 m", 'Unsupported start tag "" at byte offset 3'),
        ("甲<李雷>", 'Unsupported start tag "" at byte offset 3'),
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", "Unexpected end tag at byte offset 7"),
    ],
)
async def test_bad_html_is_refused(api, call, text, why):
    assert await html(call, text) == {
        "ok": False,
        "error_code": 400,
        "description": f"Bad Request: can't parse entities: {why}",
    }
    assert api.messages == []


async def test_html_is_parsed_before_it_is_shown(call):
    sent = await html(
        call, '🛢 <b>T1 &lt; 5 m</b> <a href="tg://user?id=3">@老周</a> &#x4e00;<a href="http://localhost/">x</a>'
    )
    assert sent["result"]["text"] == "🛢 T1 < 5 m @老周 一x"
    assert [(e["type"], e["offset"], e["length"]) for e in sent["result"]["entities"]] == [
        ("bold", 3, 8),
        ("text_mention", 12, 3),
    ]


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("a" * 4096, True),
        ("a" * 4097, False),
        ("🛢" * 2048, True),
        ("🛢" * 2049, False),
        ("&amp;" * 4096, True),
        (" \n", False),
    ],
)
async def test_the_length_is_counted_in_utf16_units_after_parsing(call, text, ok):
    assert (await html(call, text))["ok"] is ok


@pytest.mark.parametrize(
    ("offset", "length", "ok"), [(0, 2, True), (2, 2, True), (1, 2, False), (0, 1, False), (2, 3, False), (0, 0, False)]
)
async def test_an_entity_must_lie_on_whole_characters_of_the_text(call, offset, length, ok):
    entity = {"type": "bold", "offset": offset, "length": length}
    assert (await call("sendMessage", chat_id=GROUP, text="🛢🛢", entities=[entity]))["ok"] is ok


@pytest.mark.parametrize(("token", "ok"), [("x" * 64, True), ("x" * 65, False), ("甲" * 21, True), ("甲" * 22, False)])
async def test_button_data_counts_bytes(call, token, ok):
    keys = {"inline_keyboard": [[{"text": "收到", "callback_data": token}]]}
    answer = await call("sendMessage", chat_id=GROUP, text="x", reply_markup=keys)
    assert answer["ok"] is ok
    assert ok or answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


async def test_strangers_are_dropped_and_only_the_first_five_are_notified(api, call):
    await html(call, "".join(f'<a href="tg://user?id={n}">@{n}</a> ' for n in (99999, 1, 2, 3, 4, 5, 6)))
    assert api.messages[0].notified == [1, 2, 3, 4, 5]
    assert [e["user"]["id"] for e in api.messages[0].entities] == [1, 2, 3, 4, 5, 6]


async def test_edits_notify_nobody(api, call):
    await call("sendMessage", chat_id=GROUP, text="x")
    mention = '<a href="tg://user?id=1">@1</a>'
    await call("editMessageText", chat_id=GROUP, message_id=1, text=mention, parse_mode="HTML")
    assert (api.messages[0].text, api.messages[0].notified) == ("@1", [])


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"message_id": 1, "text": "x"}, "message is not modified"),
        ({"message_id": 7, "text": "x"}, "message to edit not found"),
        ({"message_id": 1, "text": ""}, "message text is empty"),
    ],
)
async def test_edits_that_are_refused(call, params, why):
    await call("sendMessage", chat_id=GROUP, text="x")
    assert why in (await call("editMessageText", chat_id=GROUP, **params))["description"]


async def test_buttons_alone_can_change(api, call):
    keys = {"inline_keyboard": [[{"text": "收到", "callback_data": "a"}]]}
    await call("sendMessage", chat_id=GROUP, text="x", reply_markup=keys)
    assert (await call("editMessageReplyMarkup", chat_id=GROUP, message_id=1))["ok"]
    assert api.messages[0].buttons == []
    assert not (await call("editMessageReplyMarkup", chat_id=GROUP, message_id=1))["ok"]


async def test_a_reply_needs_its_message_unless_told_otherwise(call):
    gone = {"message_id": 7}
    assert not (await call("sendMessage", chat_id=GROUP, text="x", reply_parameters=gone))["ok"]
    gone["allow_sending_without_reply"] = True
    assert (await call("sendMessage", chat_id=GROUP, text="x", reply_parameters=gone))["ok"]


async def test_unknown_chats_methods_tokens_and_presses_are_refused(api, call):
    assert (await call("sendMessage", chat_id=-7, text="x"))["description"] == "Bad Request: chat not found"
    assert (await call("sendPigeon"))["error_code"] == 404
    assert "query is too old" in (await call("answerCallbackQuery", callback_query_id="q7"))["description"]
    async with httpx.AsyncClient() as stranger:
        assert (await stranger.get(f"{api.url}/bot1:x/getMe")).status_code == 401


async def test_who_is_in_the_chat(api, call):
    assert (await call("getChat", chat_id=GROUP))["result"]["type"] == "supergroup"
    assert (await call("getChatMemberCount", chat_id=GROUP))["result"] == 8
    await api.people.leave(GROUP, 7)
    found = [(await call("getChatMember", chat_id=GROUP, user_id=n))["result"]["status"] for n in (6, 7)]
    assert found == ["member", "left"]


async def test_long_polling_waits_and_the_offset_forgets(api, call):
    waiting = asyncio.create_task(call("getUpdates", timeout=5))
    await api.polled(1)
    first = await api.people.say(GROUP, 1, "一")
    second = await api.people.say(GROUP, 1, "二")
    assert [u["update_id"] for u in (await waiting)["result"]] in ([first], [first, second])
    again = (await call("getUpdates", offset=first))["result"]
    assert [u["update_id"] for u in again] == [first, second]
    assert [u["update_id"] for u in (await call("getUpdates", offset=second, limit=1))["result"]] == [second]
    assert (await call("getUpdates", offset=second + 1))["result"] == []
    assert (await call("getUpdates"))["result"] == []


async def test_the_newer_of_two_pollers_wins_and_a_webhook_beats_both(api, call):
    older = asyncio.create_task(call("getUpdates", timeout=5))
    await api.polled(1)
    assert (await call("getUpdates"))["ok"]
    assert (await older)["error_code"] == 409
    api.webhook = "https://example.org/hook"
    assert (await call("getUpdates"))["error_code"] == 409
    await call("deleteWebhook")
    assert (await call("getUpdates"))["ok"]


async def test_updates_of_kinds_nobody_asked_for_are_not_kept(api, call):
    await api.people.edit(GROUP, 1, "kept: nothing was asked yet")
    await call("getUpdates", allowed_updates=["message"], offset=-1)
    await api.people.edit(GROUP, 1, "not kept")
    await api.people.say(GROUP, 1, "kept")
    assert ["edited_message" in u for u in api.world.updates] == [True, False]


async def test_a_fault_hits_once_and_only_where_it_was_laid(api, call):
    api.fail_next(faults.flooded(7), chat=-5)
    api.fail_next(faults.migrated(-2002))
    moved = await call("sendMessage", chat_id=GROUP, text="x")
    assert moved["parameters"] == {"migrate_to_chat_id": -2002}
    assert (await call("sendMessage", chat_id=GROUP, text="x"))["ok"]
    api.world.group(-5)
    assert (await call("sendMessage", chat_id=-5, text="x"))["parameters"] == {"retry_after": 7}


async def test_unplugged_nothing_is_processed_until_plugged_in_again(api, call):
    with api.unplugged(), pytest.raises(httpx.ReadError):
        await call("sendMessage", chat_id=GROUP, text="x")
    assert (await call("sendMessage", chat_id=GROUP, text="x"))["result"]["message_id"] == 1


async def test_messages_can_be_awaited_in_order_and_carry_their_arrival(api, call):
    waiting = asyncio.create_task(api.next_message())
    await call("sendMessage", chat_id=GROUP, text="一")
    await call("sendMessage", chat_id=GROUP, text="二")
    first, second = await waiting, await api.next_message()
    assert (first.text, second.text) == ("一", "二")
    assert 0 < first.arrived_ns <= second.arrived_ns
    with pytest.raises(TimeoutError):
        await api.next_message(within_s=0.01)
