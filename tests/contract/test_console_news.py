"""What a page is told, and how often: the board at most once a second, silence broken by a beat."""

from bot.console.channel import ConsoleChannel
from bot.console.page.news import News
from domain.message import OutMessage
from tests.fakes.desk import FakeDesk
from tests.fakes.desk_talk import post
from tests.fakes.desk_world import BOT, CHATS

PLAIN = OutMessage(spans=("今日摘要",))


def opened(desk: FakeDesk, *, person: str | None = "li") -> tuple[ConsoleChannel, News]:
    channel = ConsoleChannel(CHATS, name=BOT, now=lambda: desk.now)
    return channel, News(desk=desk, server=channel.server, person=person, chat="hengyun-pool")


def told(news: News, now: float, *, visible: bool = True) -> set[str]:
    frame = news.next(now, visible=visible, toasts=[])
    return set(frame) - {"t", "at"} if frame is not None else set()


async def test_the_first_news_bring_everything_and_the_next_nothing() -> None:
    desk = FakeDesk()
    channel, news = opened(desk)
    await post(channel, PLAIN)
    assert told(news, 0.0) == {"board", "log", "chats"}
    assert news.next(0.5, visible=True, toasts=[]) is None


def test_a_board_that_changes_all_the_time_is_told_once_a_second() -> None:
    desk = FakeDesk()
    _, news = opened(desk)
    boards = 0
    for tenth in range(31):
        desk.alarms = desk.alarms[1:] or FakeDesk().alarms
        desk.touch()
        boards += "board" in told(news, tenth / 10)
    assert boards == 4


def test_silence_is_broken_by_the_time() -> None:
    _, news = opened(FakeDesk())
    told(news, 0.0)
    assert news.next(4.9, visible=True, toasts=[]) is None
    beat = news.next(5.0, visible=True, toasts=[])
    assert beat is not None
    assert set(beat) == {"t", "at"}


async def test_a_message_does_not_wait_for_the_board() -> None:
    channel, news = opened(FakeDesk())
    told(news, 0.0)
    await post(channel, PLAIN)
    assert told(news, 0.1) == {"log"}


async def test_what_nobody_sees_stays_unread() -> None:
    channel, news = opened(FakeDesk())
    told(news, 0.0)
    await post(channel, PLAIN)
    hidden = news.next(1.0, visible=False, toasts=[])
    assert hidden is not None
    assert hidden["chats"][0]["unread"] == 1
    seen = news.next(2.0, visible=True, toasts=[])
    assert seen is not None
    assert seen["chats"][0]["unread"] == 0


async def test_a_page_without_a_person_keeps_no_unread() -> None:
    channel, news = opened(FakeDesk(demo=False), person=None)
    await post(channel, PLAIN)
    first = news.next(0.0, visible=True, toasts=[])
    assert first is not None
    assert [c["unread"] for c in first["chats"]] == [0, 0, 0]
