"""The pacer never exceeds a limit in any window, and reports never stand in a breach's way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.pacing import Pacer
from domain.message import Caps

TELEGRAM = Caps(
    text_limit=4096, mentions_notified=5, can_edit=True, per_chat_seconds=1.0, per_chat_per_minute=20, per_second=30
)
BREACH, ESCALATION, LIFT, REPORT = 0, 1, 2, 5
TICK = 1e-6  # one rounding of a sum of floats

# what somebody wants to send: after how long a pause, where, how urgent
wishes = st.lists(
    st.tuples(st.floats(0, 5), st.sampled_from("abcd"), st.sampled_from([BREACH, ESCALATION, LIFT, REPORT])),
    max_size=150,
)


def send_all(pacer, asked):
    """Everybody waits for their turn, one after the other; (moment, chat, priority) of each sending."""
    now, sent = 0.0, []
    for pause, chat, priority in asked:
        now = pacer.next_at(chat, now + pause, priority=priority)
        pacer.record(chat, now)
        sent.append((now, chat, priority))
    return sent


def busiest(moments, window_s):
    """The most sendings in any half-open window of that length."""
    return max((sum(t <= u < t + window_s - TICK for u in moments) for t in moments), default=0)


@given(wishes)
def test_no_window_anywhere_exceeds_a_limit(asked):
    sent = send_all(Pacer(TELEGRAM), asked)
    assert busiest([t for t, _, _ in sent], 1.0) <= 30
    for chat in "abcd":
        here = [t for t, c, _ in sent if c == chat]
        assert busiest(here, 60.0) <= 20
        assert busiest(here, 1.0) <= 1


def test_a_burst_over_many_chats_keeps_to_thirty_a_second():
    sent = send_all(Pacer(TELEGRAM), [(0, chat, BREACH) for chat in range(100)])
    assert [sum(t == second for t, _, _ in sent) for second in (0.0, 1.0, 2.0, 3.0)] == [30, 30, 30, 10]


def test_twenty_a_minute_then_a_wait_for_the_first_to_leave_the_window():
    sent = send_all(Pacer(TELEGRAM), [(0, "a", BREACH)] * 21)
    assert [t for t, _, _ in sent] == [*map(float, range(20)), 60.0]


def test_reports_leave_five_of_a_minute_to_what_is_urgent():
    pacer = Pacer(TELEGRAM)
    sent = send_all(pacer, [(0, "a", REPORT)] * 15)
    assert sent[-1][0] == 14.0
    assert pacer.next_at("a", 14.0, priority=LIFT) == 60.0
    assert pacer.next_at("a", 14.0, priority=ESCALATION) == 15.0


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from("abcd"), st.just(REPORT)), max_size=150), st.floats(0, 2))
def test_a_breach_waits_behind_reports_for_nothing_but_the_pause_between_two_messages(reports, pause):
    pacer = Pacer(TELEGRAM)
    sent = send_all(pacer, reports)
    begin = now = (sent[-1][0] if sent else 0.0) + pause
    last = max((t for t, chat, _ in sent if chat == "a"), default=-1.0)
    for nth in range(5):
        now = pacer.next_at("a", now, priority=BREACH)
        pacer.record("a", now)
        assert now <= max(begin, last + 1.0) + nth * 1.0 + TICK


def test_five_breaches_go_out_at_once_although_reports_fill_the_second():
    pacer = Pacer(TELEGRAM)
    send_all(pacer, [(0, f"report {n}", REPORT) for n in range(25)])
    assert pacer.next_at("one more", 0.0, priority=REPORT) == 1.0
    assert [t for t, _, _ in send_all(pacer, [(0, f"breach {n}", BREACH) for n in range(5)])] == [0.0] * 5


def test_a_throttled_chat_waits_and_the_others_do_not():
    pacer = Pacer(TELEGRAM)
    pacer.blocked_until("a", 37.0)
    pacer.blocked_until("a", 12.0)  # an older answer that came late does not shorten it
    assert pacer.next_at("a", 5.0, priority=BREACH) == 37.0
    assert pacer.next_at("b", 5.0, priority=BREACH) == 5.0
    assert pacer.next_at("a", 40.0, priority=BREACH) == 40.0


def test_asking_costs_nothing():
    pacer = Pacer(TELEGRAM)
    assert {pacer.next_at("a", 3.0, priority=REPORT) for _ in range(50)} == {3.0}


def test_a_sender_that_read_the_clock_late_does_not_open_the_window():
    pacer = Pacer(TELEGRAM)
    pacer.record("a", 10.0)
    pacer.record("b", 9.5)
    assert pacer.next_at("b", 9.5, priority=BREACH) == 11.0


@pytest.mark.parametrize(("per_minute", "reports"), [(20, 15), (6, 1), (5, 1), (1, 1)])
def test_a_small_allowance_still_lets_one_report_through(per_minute, reports):
    caps = Caps(
        text_limit=1, mentions_notified=1, can_edit=False, per_chat_seconds=0.0, per_chat_per_minute=per_minute,
        per_second=100,
    )  # fmt: skip
    sent = send_all(Pacer(caps), [(0, "a", REPORT)] * (reports + 1))
    assert [t for t, _, _ in sent] == [0.0] * reports + [60.0]
