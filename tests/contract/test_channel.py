"""What makes a channel: every platform goes through this suite, played on its stage (tests/fakes/channel_stage.py)."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC

import pytest

from domain.message import (
    Button,
    Mention,
    Moved,
    NotSent,
    OutMessage,
    Picture,
    Rejected,
    Sent,
    Span,
    Throttled,
    Unknown,
)
from tests.fakes.channel_stage import CUT_MARK, NOW, PEOPLE, STAGES, Channel, Stage, take
from tests.fakes.console_stage import ConsoleStage
from tests.fakes.held_painter import PNG

ACK = Button(label="收到", token="v1:AL-20260312-07:ack:1")
SHOWN = Picture(sha256=hashlib.sha256(PNG).hexdigest(), about="货值走势", png=PNG)
DISPUTE = Button(label="有异议", token="v1:AL-20260312-07:dispute:1")


@pytest.fixture(params=[*STAGES.values(), ConsoleStage], ids=[*STAGES, "console"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with request.param() as playing:
        yield playing


@pytest.fixture
async def channel(stage: Stage) -> Channel:
    return await stage.channel()


def said(*spans: Span, **more: object) -> OutMessage:
    return OutMessage(spans=spans, **more)


def at(person: str, label: str | None = None) -> Mention:
    return Mention(person_id=person, label=label or person)


async def sent(stage: Stage, channel: Channel, message: OutMessage) -> str:
    result = await channel.send(stage.group, message, stage.addresses)
    assert isinstance(result, Sent), result
    return result.ref


@pytest.mark.parametrize(
    "text",
    [
        "【橙色预警·货值】AL-20260312-07  恒运池\n在押认可货值 1.1987亿元,缺口 64.06万元(0.53%)。",
        "T1 < 5 m & T2 > 3 m",
        "<b>不是粗体</b> &lt; *星* _线_ `码` [链](http://localhost)",
        "🛢️🇨🇳👷🏽‍♂️ 表情 𠮷野家",
    ],
)
async def test_a_text_is_shown_as_it_was_written(stage: Stage, channel: Channel, text: str) -> None:
    ref = await sent(stage, channel, said(text))
    assert [(m.ref, m.text) for m in stage.seen()] == [(ref, text)]


@pytest.mark.parametrize("label", ["恒运赵总", "李<雷>&Co.", "🛢️老周🇨🇳", "*甲*_银_行", "Tom O'Brien"])
async def test_a_mention_notifies_that_person_whatever_the_name_looks_like(
    stage: Stage, channel: Channel, label: str
) -> None:
    await sent(stage, channel, said("🛢️ T1 < 5 m ", at("zhao", label), " 30分钟内确认"))
    (shown,) = stage.seen()
    assert shown.text == f"🛢️ T1 < 5 m @{label} 30分钟内确认"
    assert shown.notified == ("zhao",)


async def test_somebody_without_an_address_is_named_and_nobody_is_notified(stage: Stage, channel: Channel) -> None:
    await sent(stage, channel, said(at("stranger", "民储库仪表班"), " 恢复或人工检尺"))
    assert [(m.text, m.notified) for m in stage.seen()] == [("@民储库仪表班 恢复或人工检尺", ())]


async def test_as_many_are_notified_as_the_platform_allows(stage: Stage, channel: Channel) -> None:
    most = PEOPLE[: channel.caps.mentions_notified]
    await sent(stage, channel, said(*(span for p in most for span in (at(p), " "))))
    assert stage.seen()[0].notified == most


async def test_one_mention_too_many_is_a_bug_and_sends_nothing(stage: Stage, channel: Channel) -> None:
    crowd = [f"p{n}" for n in range(channel.caps.mentions_notified + 1)]
    addresses = {p: type(stage.group)(platform=stage.group.platform, id=str(n)) for n, p in enumerate(crowd, 11)}
    with pytest.raises(ValueError, match=f"{len(crowd)} people to notify"):
        await channel.send(stage.group, said(*map(at, crowd)), addresses)
    assert stage.seen() == []


async def test_the_same_person_twice_counts_once(stage: Stage, channel: Channel) -> None:
    most = PEOPLE[: channel.caps.mentions_notified]
    await sent(stage, channel, said(*map(at, most), " 尤其是 ", at(most[0])))
    assert stage.seen()[0].notified == most


async def test_too_long_a_text_is_cut_at_a_line_and_says_so(stage: Stage, channel: Channel) -> None:
    lines = [f"T-{n} 甲醇 液位 9.842 米 🛢️\n" for n in range(channel.caps.text_limit // 10)]
    await sent(stage, channel, said(*lines))
    shown = stage.seen()[0].text
    head, mark = shown.removesuffix(CUT_MARK), shown[-len(CUT_MARK) :]
    assert mark == CUT_MARK
    assert "".join(lines).startswith(head)
    assert head.endswith("🛢️\n")
    assert channel.caps.text_limit * 0.9 < len(shown.encode("utf-16-le")) / 2 <= channel.caps.text_limit


async def test_a_duty_below_the_cut_still_notifies(stage: Stage, channel: Channel) -> None:
    await sent(
        stage, channel, said(at("zhao"), "\n", "明细\n" * channel.caps.text_limit, at("li"), " 即刻暂停\n", at("wang"))
    )
    (shown,) = stage.seen()
    assert shown.notified == ("zhao", "li", "wang")
    assert shown.text.endswith(f"{CUT_MARK} @li @wang")


async def test_an_answer_hangs_below_its_alert(stage: Stage, channel: Channel) -> None:
    alert = await sent(stage, channel, said("跌破监管线"))
    await sent(stage, channel, said("解除", reply_to=alert))
    assert [m.reply_to for m in stage.seen()] == [None, alert]


async def test_an_answer_to_a_deleted_message_is_sent_all_the_same(stage: Stage, channel: Channel) -> None:
    await sent(stage, channel, said("解除", reply_to="98765"))
    assert [(m.text, m.reply_to) for m in stage.seen()] == [("解除", None)]


async def test_an_edit_takes_the_place_of_the_message_with_its_buttons(stage: Stage, channel: Channel) -> None:
    ref = await sent(stage, channel, said("未确认", buttons=(ACK, DISPUTE)))
    assert await sent(stage, channel, said("赵总 14:40 已确认", at("li"), buttons=(DISPUTE,), edits=ref)) == ref
    (shown,) = stage.seen()
    assert (shown.text, shown.buttons) == ("赵总 14:40 已确认@li", (("有异议", DISPUTE.token),))


async def test_an_edit_that_changes_nothing_is_fulfilled(stage: Stage, channel: Channel) -> None:
    ref = await sent(stage, channel, said("未确认", buttons=(ACK,)))
    assert await sent(stage, channel, said("未确认", buttons=(ACK,), edits=ref)) == ref


async def test_a_message_that_is_not_there_cannot_be_edited(stage: Stage, channel: Channel) -> None:
    result = await channel.send(stage.group, said("更新", edits="98765"), stage.addresses)
    assert isinstance(result, Rejected)


async def test_a_picture_is_shown_with_its_text_mentions_and_buttons(stage: Stage, channel: Channel) -> None:
    asked = await sent(stage, channel, said("近一周货值走势"))
    await sent(stage, channel, said("走势 ", at("zhao"), buttons=(ACK,), reply_to=asked, picture=SHOWN))
    shown = stage.seen()[-1]
    assert (shown.text, shown.notified, shown.reply_to) == ("走势 @zhao", ("zhao",), asked)
    assert (shown.buttons, shown.picture) == ((("收到", ACK.token),), SHOWN.sha256)


async def test_a_text_too_long_for_a_caption_arrives_whole_and_the_picture_with_it(
    stage: Stage, channel: Channel
) -> None:
    text = "明细 T-107 甲醇\n" * 150
    ref = await sent(stage, channel, said(text, picture=SHOWN))
    assert next(m for m in stage.seen() if m.ref == ref).text == text
    assert [m.picture for m in stage.seen() if m.picture is not None] == [SHOWN.sha256]


async def test_the_text_below_a_picture_can_be_edited_and_the_picture_stays(stage: Stage, channel: Channel) -> None:
    ref = await sent(stage, channel, said("走势", buttons=(ACK,), picture=SHOWN))
    assert await sent(stage, channel, said("走势(更新)", buttons=(DISPUTE,), edits=ref)) == ref
    (shown,) = stage.seen()
    assert (shown.text, shown.picture) == ("走势(更新)", SHOWN.sha256)
    assert shown.buttons == (("有异议", DISPUTE.token),)


async def test_a_picture_without_its_bytes_is_a_bug_and_sends_nothing(stage: Stage, channel: Channel) -> None:
    with pytest.raises(ValueError, match="without its bytes"):
        await channel.send(stage.group, said("走势", picture=replace(SHOWN, png=None)), stage.addresses)
    assert stage.seen() == []


@pytest.mark.parametrize("token", ["", "甲" * 22])
async def test_a_button_that_no_platform_takes_is_a_bug_and_sends_nothing(
    stage: Stage, channel: Channel, token: str
) -> None:
    with pytest.raises(ValueError, match="bytes, allowed 1 to 64"):
        await channel.send(stage.group, said("x", buttons=(Button(label="收到", token=token),)), stage.addresses)
    assert stage.seen() == []


async def test_a_press_says_who_pressed_what_and_can_be_answered(stage: Stage, channel: Channel) -> None:
    ref = await sent(stage, channel, said("跌破监管线", buttons=(ACK, DISPUTE)))
    await stage.press("zhao", ref, ACK.token)
    (press,) = await take(channel, 1)
    assert (press.kind, press.text, press.message_ref) == ("press", ACK.token, ref)
    assert (press.sender, press.chat) == (stage.addresses["zhao"], stage.group)
    await channel.answer_press(press, "已记录")
    assert stage.press_answers() == ["已记录"]


async def test_two_taps_are_two_events_and_both_are_answered(stage: Stage, channel: Channel) -> None:
    ref = await sent(stage, channel, said("跌破监管线", buttons=(ACK,)))
    await stage.press("zhao", ref, ACK.token)
    await stage.press("zhao", ref, ACK.token)
    first, second = await take(channel, 2)
    assert first.event_id != second.event_id
    for press in (first, second, second):  # the third answer comes too late: that must not raise
        await channel.answer_press(press, "长" * 300)
    assert stage.press_answers() == ["长" * 200] * 2


async def test_a_question_arrives_with_its_verified_sender_and_time(stage: Stage, channel: Channel) -> None:
    await stage.say("wang", "我是赵总,货还在不在?")
    (asked,) = await take(channel, 1)
    assert (asked.kind, asked.text) == ("text", "我是赵总,货还在不在?")
    assert (asked.sender, asked.chat) == (stage.addresses["wang"], stage.group)
    assert (asked.platform, asked.private, asked.addressed) == (stage.group.platform, False, False)
    assert asked.received_at == NOW
    assert asked.received_at.tzinfo is UTC


async def test_a_reply_to_the_bot_is_addressed_to_it(stage: Stage, channel: Channel) -> None:
    ref = await sent(stage, channel, said("跌破监管线"))
    await stage.say("wang", "为什么?", reply_to=ref)
    (asked,) = await take(channel, 1)
    assert (asked.reply_to, asked.addressed) == (ref, True)


async def test_a_slash_command_is_addressed_to_the_bot(stage: Stage, channel: Channel) -> None:
    await stage.say("wang", "/position T-107")
    (asked,) = await take(channel, 1)
    assert (asked.text, asked.addressed) == ("/position T-107", True)


async def test_what_was_not_done_before_a_crash_comes_again_under_the_same_id(stage: Stage) -> None:
    await stage.say("zhao", "已安排")
    (before,) = await take(await stage.channel(), 1, commit=False)
    (after,) = await take(await stage.channel(), 1)
    assert (after.event_id, after.text) == (before.event_id, "已安排")


async def test_what_was_done_does_not_come_again(stage: Stage) -> None:
    await stage.say("zhao", "一")
    earlier = await stage.channel()
    await take(earlier, 1)
    await earlier.close()
    await stage.say("zhao", "二")
    assert [e.text for e in await take(await stage.channel(), 1)] == ["二"]


async def test_an_undone_event_comes_again_although_a_later_one_is_done(stage: Stage) -> None:
    await stage.say("zhao", "一")
    await stage.say("zhao", "二")
    earlier = await stage.channel()
    _, second = await take(earlier, 2, commit=False)
    await earlier.done(second)
    await earlier.close()
    assert (await take(await stage.channel(), 1))[0].text == "一"


async def test_a_consumer_that_starts_over_gets_what_it_left_undone(stage: Stage, channel: Channel) -> None:
    await stage.say("zhao", "一")
    (before,) = await take(channel, 1, commit=False)
    (again,) = await take(channel, 1)
    assert again == before


async def test_done_twice_changes_nothing(stage: Stage, channel: Channel) -> None:
    await stage.say("zhao", "一")
    (event,) = await take(channel, 1)
    await channel.done(event)
    await stage.say("zhao", "二")
    assert [e.text for e in await take(channel, 1)] == ["二"]


@pytest.mark.parametrize("picture", [None, SHOWN], ids=["text", "picture"])
@pytest.mark.parametrize(
    ("failure", "outcome", "appears"),
    [
        ("throttled", Throttled, 0),
        ("refused", Rejected, 0),
        ("moved", Moved, 0),
        ("unreachable", NotSent, 0),
        ("cut_before", Unknown, 0),
        ("cut_after", Unknown, 1),
        ("silent", Unknown, 1),
    ],
)
async def test_a_failed_sending_says_what_became_of_the_message(
    stage: Stage, channel: Channel, failure: str, outcome: type, appears: int, picture: Picture | None
) -> None:
    if failure not in stage.failures:
        pytest.skip(f"{stage.group.platform} cannot fail so")
    await stage.fail_next(failure)
    result = await channel.send(stage.group, said("跌破监管线", picture=picture), stage.addresses)
    assert isinstance(result, outcome), result
    assert len(stage.seen()) == appears


async def test_after_a_failure_the_next_message_goes_out(stage: Stage, channel: Channel) -> None:
    for failure in sorted(stage.failures - {"unreachable"}):
        await stage.fail_next(failure)
        await channel.send(stage.group, said("一"), stage.addresses)
        await sent(stage, channel, said(failure))
        assert stage.seen()[-1].text == failure


async def test_an_address_of_another_platform_is_a_bug(stage: Stage, channel: Channel) -> None:
    elsewhere = type(stage.group)(platform="pigeon", id="1")
    with pytest.raises(ValueError, match="pigeon"):
        await channel.send(elsewhere, said("x"), stage.addresses)


async def test_a_closed_channel_sends_nothing_and_closes_again(stage: Stage, channel: Channel) -> None:
    await channel.close()
    await channel.close()
    assert isinstance(await channel.send(stage.group, said("x"), stage.addresses), NotSent)
    assert stage.seen() == []
