"""What buttons send back: short, ASCII, and nothing but what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tokens import ACTIONS, Offer, Pressed, offer_token, parse_offer, parse_token, token

IDS = st.from_regex(r"AL-[0-9]{8}-[0-9]{2,4}", fullmatch=True)


@given(IDS, st.integers(min_value=1, max_value=99999), st.sampled_from(sorted(ACTIONS)))
def test_a_token_comes_back_as_it_was_pressed(alarm_id: str, revision: int, action: str) -> None:
    text = token(alarm_id, revision, action)
    assert text.isascii()
    assert len(text) <= 64
    assert parse_token(text) == Pressed(alarm_id=alarm_id, revision=revision, action=action)


@pytest.mark.parametrize(
    ("alarm_id", "action"),
    [("AL-20260312-07", "release"), ("AL|7", "ack"), ("预警7", "ack"), ("A" * 64, "ack"), ("", "ack")],
)
def test_what_does_not_fit_a_button_is_refused(alarm_id: str, action: str) -> None:
    with pytest.raises(ValueError, match="button"):
        token(alarm_id, 1, action)


@given(st.text(max_size=80))
def test_any_other_text_is_no_press(text: str) -> None:
    pressed = parse_token(text)
    assert pressed is None or token(pressed.alarm_id, pressed.revision, pressed.action).split("|")[3] == pressed.action


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        "v1|AL-1|x|ack",
        "v1|AL-1|1|open",
        "v2|AL-1|1|ack",
        "v1|AL-1|-1|ack",
        "v1|AL-1|1|ack|",
        "v1||1|ack",
        "v1|AL-1|²|ack",
    ],
)
def test_a_forged_token_is_no_press(text: str) -> None:
    assert parse_token(text) is None


def test_an_offer_comes_back_with_its_arguments() -> None:
    text = offer_token("tanks", {"by": "site", "contract": "QD-DCZY-2026-018"})
    assert text is not None
    assert len(text) <= 64
    assert parse_offer(text) == Offer(skill="tanks", arguments={"by": "site", "contract": "QD-DCZY-2026-018"})


def test_an_offer_that_does_not_fit_makes_no_button() -> None:
    assert offer_token("tanks", {"good": "甲醇和乙二醇和丙酮"}) is None


@pytest.mark.parametrize("text", ["q1|", "q1||a=b", "v1|AL-1|1|ack", "收到", "q1|tanks|a|b"])
def test_any_other_text_is_no_offer(text: str) -> None:
    assert parse_offer(text) is None
