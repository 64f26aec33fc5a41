"""What only Telegram does when a message goes out: its errors, its silence about mentions, its token in every address."""

import logging
import traceback

import httpx
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TimedOut

from bot.channels.telegram.connection import _proxy
from bot.channels.telegram.outcome import outcome_of
from bot.ports import ChannelNotice
from domain.errors import SourceUnavailable
from domain.message import Address, Button, Mention, Moved, NotSent, OutMessage, Rejected, Sent, Throttled, Unknown
from tests.fakes import bot_api_faults as faults
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.bot_api_faults import Fault
from tests.fakes.channel_stage import take, telegram_channel

GROUP, OTHER, PRIVATE = (Address(platform="telegram", id=i) for i in ("-1001", "-1002", "11"))
ALERT = OutMessage(spans=("跌破监管线",))


@pytest.fixture
async def api():
    async with FakeBotApi() as serving:
        serving.world.group(-1001, members=(11,))
        serving.world.group(-1002)
        yield serving


@pytest.fixture
async def channel(api):
    talking = telegram_channel(api)
    yield talking
    await talking.close()


def caused(error, cause):
    error.__cause__ = cause
    return error


# docs/pledge.md, run against python-telegram-bot 22.8: the cause tells apart what the exception's type does not
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (caused(TimedOut(), httpx.ConnectTimeout("")), NotSent),
        (caused(TimedOut(), httpx.PoolTimeout("")), NotSent),
        (caused(NetworkError("x"), httpx.ConnectError("")), NotSent),
        (caused(NetworkError("x"), httpx.ProxyError("")), NotSent),
        (caused(TimedOut(), httpx.ReadTimeout("")), Unknown),
        (caused(TimedOut(), httpx.WriteTimeout("")), Unknown),
        (caused(NetworkError("x"), httpx.ReadError("")), Unknown),
        (caused(NetworkError("x"), httpx.WriteError("")), Unknown),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("")), Unknown),
        (NetworkError("Bad Gateway"), Unknown),
        (ChatMigrated(-2002), Moved),
        (BadRequest("chat not found"), Rejected),
        (Forbidden("bot was kicked"), Rejected),
        (InvalidToken(), Rejected),
    ],
)
def test_every_error_has_its_outcome(error, outcome):
    assert isinstance(outcome_of(error), outcome)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (
            faults.DROP,
            Unknown(why="NetworkError: httpx.RemoteProtocolError: Server disconnected without sending a response."),
        ),
        (faults.server_error(500), Unknown(why="NetworkError: Internal Server Error")),
        (faults.server_error(502), Unknown(why="NetworkError: Bad Gateway")),
        (Fault(kind="status", code=504), Unknown(why="NetworkError: Gateway Timeout (504)")),
        (faults.GARBAGE, Unknown(why="TelegramError: Invalid server response")),
        (Fault(kind="status", code=200, body="{}"), Unknown(why="TelegramError: Invalid server response")),
        (Fault(kind="status", code=200, body="[]"), Unknown(why="TelegramError: Invalid server response")),
        (Fault(kind="status", code=403), NotSent(why="Forbidden: Forbidden (403)")),
        (Fault(kind="status", code=403, body="[]"), NotSent(why="Forbidden: Forbidden (403)")),
        (faults.UNAUTHORIZED, Rejected(why="InvalidToken: Unauthorized")),
        (faults.BLOCKED, Rejected(why="Forbidden: Forbidden: bot was blocked by the user")),
        (faults.flooded(7), Throttled(after_s=7.0)),
        (faults.migrated(-2002), Moved(address="-2002")),
    ],
)
async def test_a_refusal_over_the_wire_says_why_without_quoting_bodies(api, channel, fault, outcome):
    api.fail_next(fault)
    assert await channel.send(GROUP, ALERT, {}) == outcome


async def test_a_reset_before_processing_and_one_after_look_alike(api, channel):
    for fault, appeared in ((faults.CUT, 0), (faults.CUT_AFTER, 1)):
        api.fail_next(fault)
        assert await channel.send(GROUP, ALERT, {}) == Unknown(why="NetworkError: httpx.ReadError: ")
        assert len(api.messages) == appeared


async def test_a_throttled_group_does_not_hold_up_the_others(api, channel):
    api.fail_next(faults.flooded(30), chat=-1001)
    assert await channel.send(GROUP, ALERT, {}) == Throttled(after_s=30.0)
    assert isinstance(await channel.send(OTHER, ALERT, {}), Sent)


async def test_whom_the_bot_never_met_cannot_be_written_to_in_private(channel):
    assert await channel.send(PRIVATE, ALERT, {}) == Rejected(why="BadRequest: Chat not found")


async def test_an_edit_may_name_more_people_than_a_message_may_notify(api, channel):
    people = {f"p{n}": Address(platform="telegram", id=str(n)) for n in range(1, 8)}
    api.world.group(-1001, members=range(1, 8))
    ref = (await channel.send(GROUP, ALERT, {})).ref
    named = tuple(Mention(person_id=p, label=p) for p in people)
    assert await channel.send(GROUP, OutMessage(spans=named, edits=ref), people) == Sent(ref=ref)
    assert api.messages[0].text == "@p1@p2@p3@p4@p5@p6@p7"


async def test_an_answer_hangs_below_the_question(api, channel):
    await api.people.say(-1001, 11, "货还在不在?")
    (asked,) = await take(channel, 1)
    await channel.send(GROUP, OutMessage(spans=("在。",), reply_to=asked.message_ref), {})
    assert str(api.messages[0].reply_to) == asked.message_ref


async def test_an_unknown_outcome_of_an_edit_may_be_tried_again(api, channel):
    ref = (await channel.send(GROUP, ALERT, {})).ref
    edit = OutMessage(spans=("已解除",), edits=ref)
    api.fail_next(faults.CUT_AFTER, method="editMessageText")
    assert isinstance(await channel.send(GROUP, edit, {}), Unknown)
    assert await channel.send(GROUP, edit, {}) == Sent(ref=ref)
    assert api.messages[0].versions == ["跌破监管线", "已解除"]


async def test_a_mention_that_telegram_dropped_is_logged_by_user_id(api, channel, caplog):
    both = {"zhao": PRIVATE, "new": Address(platform="telegram", id="77")}
    message = OutMessage(spans=(Mention(person_id="zhao", label="赵总"), Mention(person_id="new", label="新人")))
    assert isinstance(await channel.send(GROUP, message, both), Sent)
    assert api.messages[0].notified == [11]
    assert [r.getMessage() for r in caplog.records] == ["telegram.mention_dropped chat=-1001 users=77"]


async def test_links_are_not_previewed_and_nothing_is_parsed(api, channel):
    await channel.send(GROUP, ALERT, {})
    params = api.calls[-1][1]
    assert '"is_disabled": true' in params["link_preview_options"]
    assert "parse_mode" not in params


async def test_neither_token_nor_bodies_reach_logs_reprs_or_errors(api, caplog):
    secret = "4242:AAH-loopback_secret"
    api.token = secret
    caplog.set_level(logging.DEBUG)
    channel = telegram_channel(api, token=secret)
    await channel.start()
    for fault in (None, faults.GARBAGE, faults.DROP, faults.HANG, faults.UNAUTHORIZED):
        if fault is not None:
            api.fail_next(fault)
        assert secret not in repr(await channel.send(GROUP, ALERT, {}))
    api.token = "another"
    stranger = telegram_channel(api, token=secret)
    with pytest.raises(SourceUnavailable) as refused:
        await stranger.start()
    await stranger.close()
    told = "".join(traceback.format_exception(refused.value)) + repr(channel) + repr(channel._wire) + str(vars(channel))
    assert secret not in told
    logged = "\n".join(r.getMessage() + (r.exc_text or "") for r in caplog.records)
    assert secret not in logged
    assert "跌破" not in logged
    assert api.count("sendMessage") == 5  # the true token did travel: the server accepted it
    await channel.close()


async def test_a_wrong_token_is_refused_with_its_remedy(api):
    channel = telegram_channel(api, token="1:wrong")
    with pytest.raises(SourceUnavailable, match=r"@BotFather gave into TELEGRAM_BOT_TOKEN"):
        await channel.start()
    await channel.close()


async def test_a_token_with_stray_white_space_is_taken(api):
    channel = telegram_channel(api, token=f" {api.token}\n")
    await channel.start()
    await channel.close()


async def test_a_server_out_of_reach_may_come_back_and_is_no_reason_not_to_start(api):
    await api.vanish()
    channel = telegram_channel(api)
    assert await channel.start() == [
        ChannelNotice(code="unreachable", facts={"base_url": api.url, "why": "NetworkError"})
    ]
    assert isinstance(await channel.send(GROUP, ALERT, {}), NotSent)
    await channel.close()


async def test_a_page_from_a_proxy_is_not_a_refused_token(api, channel):
    api.fail_next(Fault(kind="status", code=404), method="getMe")
    assert [n.code for n in await channel.start()] == ["unreachable"]


async def test_a_base_url_may_end_as_the_library_wants_it(api):
    channel = telegram_channel(api, base_url=f"{api.url}/bot/")
    assert [n.code for n in await channel.start()] == ["privacy_mode_on"]
    await channel.close()


@pytest.mark.parametrize(
    ("privacy", "joinable", "codes"),
    [(True, True, ["privacy_mode_on"]), (False, True, []), (True, False, ["privacy_mode_on", "groups_forbidden"])],
)
async def test_the_start_tells_what_the_bot_will_not_hear(privacy, joinable, codes):
    async with FakeBotApi(privacy=privacy, joinable=joinable) as api:
        channel = telegram_channel(api)
        found = await channel.start()
        assert found == [ChannelNotice(code=c, facts={"username": "xiaoliuzi_bot"}) for c in codes]
        await channel.close()


async def test_the_start_removes_a_webhook_and_sets_the_command_menu(api):
    api.webhook = "https://example.org/hook"
    channel = telegram_channel(api, commands=(("position", "货值与质押率"),))
    await channel.start()
    assert api.webhook is None
    assert api.commands == [{"command": "position", "description": "货值与质押率"}]
    await channel.close()


@pytest.mark.parametrize(
    ("labels", "rows"),
    [(("收到", "已安排", "有异议", "分罐明细", "证据"), [4, 1]), (("按库区查看明细", "导出", "证据"), [2, 1])],
)
async def test_buttons_stand_in_rows_that_fit_a_phone(api, channel, labels, rows):
    buttons = tuple(Button(label=label, token=f"v1:{n}") for n, label in enumerate(labels))
    await channel.send(GROUP, OutMessage(spans=("x",), buttons=buttons), {})
    markup = api.calls[-1][1]["reply_markup"]
    assert [row.count("callback_data") for row in markup.split("], [")] == rows


@pytest.mark.parametrize(
    ("base_url", "proxy"),
    [
        ("https://api.telegram.org", "http://proxy.bank:3128"),
        ("https://bot-api.bank.internal", None),
        ("http://127.0.0.1:8081", None),
    ],
)
def test_the_environments_proxy_is_used_except_for_what_is_near(monkeypatch, base_url, proxy):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.bank:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.bank:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.bank:3128")
    monkeypatch.setenv("no_proxy", "bank.internal")
    monkeypatch.setenv("NO_PROXY", "bank.internal")
    assert _proxy(base_url) == proxy
