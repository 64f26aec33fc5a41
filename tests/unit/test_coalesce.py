"""Many alerts at once are told together: nothing left out, nobody notified twice in one message, limits kept."""

from bot.channels.telegram.channel import CAPS
from bot.coalesce import BUTTONS, joint
from domain.delivery import Debt
from domain.message import Button, Mention, OutMessage
from domain.notice import Priority


def alert(n: int, *people: str) -> Debt:
    mentions = [x for p in people for x in (Mention(person_id=p, label=p), " ")]
    return Debt(
        key=f"k{n}",
        tenant="jia",
        chat="pool",
        priority=Priority.BREACH,
        message=OutMessage(
            spans=(f"【橙色预警】AL-20260312-{n:02d}\nT-{n} 减少 {n} 吨\n其他说明\n", *mentions),
            buttons=(Button(label="收到", token=f"v1|AL-20260312-{n:02d}|1|ack"),),
        ),
        template="raised",
        thread=f"AL-20260312-{n:02d}",
    )


def heading(n: int) -> str:
    return f"同时有 {n} 条预警"


def test_every_alert_its_people_and_its_button_are_there() -> None:
    told = joint([alert(n, "li", "wang") for n in range(1, 7)], CAPS, heading)
    assert len(told) == 1
    text = told[0].message.text
    assert text.startswith("同时有 6 条预警")
    assert all(f"AL-20260312-{n:02d}" in text and f"T-{n} 减少 {n} 吨" in text for n in range(1, 7))
    assert [b.label for b in told[0].message.buttons] == [f"收到 {n:02d}" for n in range(1, 7)]


def test_a_person_is_notified_once_and_named_each_time() -> None:
    [told] = joint([alert(n, "li") for n in range(1, 7)], CAPS, heading)
    assert [m.person_id for m in told.message.mentions] == ["li"]
    assert told.message.text.count("@li") == 6


def test_more_people_than_notify_make_more_messages() -> None:
    told = joint([alert(n, f"p{n}a", f"p{n}b") for n in range(1, 7)], CAPS, heading)
    assert all(len(t.message.mentions) <= CAPS.mentions_notified for t in told)
    assert sorted(m.person_id for t in told for m in t.message.mentions) == sorted(
        f"p{n}{x}" for n in range(1, 7) for x in "ab"
    )


def test_sixty_alerts_stay_within_the_limits_and_keep_their_order() -> None:
    told = joint([alert(n, "li") for n in range(1, 61)], CAPS, heading)
    assert all(len(t.message.text.encode("utf-16-le")) // 2 <= CAPS.text_limit for t in told)
    assert all(len(t.message.buttons) <= BUTTONS for t in told)
    found = [n for t in told for n in range(1, 61) if f"AL-20260312-{n:02d}\n" in t.message.text]
    assert found == list(range(1, 61))
    assert len({t.key for t in told}) == len(told) < 12
