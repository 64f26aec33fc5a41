"""What buttons send back: short, ASCII, and nothing but what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tokens import (
    ACTIONS,
    CasePressed,
    Offer,
    Pressed,
    RequestPressed,
    case_token,
    offer_token,
    parse_case,
    parse_offer,
    parse_request,
    parse_token,
    request_token,
    token,
)
from domain.case.rights import CaseAct

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


CASES = st.from_regex(r"(RC|SW|TU)-[0-9]{8}-[0-9]{2,4}", fullmatch=True)


@given(CASES, st.integers(min_value=1, max_value=99999), st.sampled_from(CaseAct))
def test_a_press_on_a_case_comes_back_as_it_was(case_id: str, revision: int, act: CaseAct) -> None:
    text = case_token(case_id, revision, act)
    assert len(text) <= 64
    assert parse_case(text) == CasePressed(case_id=case_id, revision=revision, act=act)
    assert parse_token(text) is parse_offer(text) is parse_request(text) is None


def test_a_press_on_a_proposal_comes_back_as_it_was() -> None:
    for file in (True, False):
        assert parse_request(request_token("0a1b2c3d4e", file=file)) == RequestPressed(request="0a1b2c3d4e", file=file)


@pytest.mark.parametrize("text", ["c1|RC-1|1|open", "c1|RC-1|x|paid", "c1||1|paid", "c1|RC-1|1", "v1|RC-1|1|paid", ""])
def test_a_forged_press_on_a_case_is_none(text: str) -> None:
    assert parse_case(text) is None


@pytest.mark.parametrize("text", ["r1||file", "r1|x|open", "r1|x", "c1|x|file", "r1|x|file|"])
def test_a_forged_press_on_a_proposal_is_none(text: str) -> None:
    assert parse_request(text) is None


def test_a_case_that_does_not_fit_a_button_is_refused() -> None:
    with pytest.raises(ValueError, match="button"):
        case_token("RC" * 40, 1, CaseAct.PAID)
