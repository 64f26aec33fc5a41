"""Texts and entities as Telegram counts them: UTF-16 units, five people, one place to cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.channel import CAPS
from bot.channels.telegram.compose import compose, sound, units
from domain.message import Address, Mention, OutMessage
from tests.fakes.bot_api_text import check_entities, check_length

CUT_MARK = "…(已截断,全文见控制台)"
ADDRESSES = {f"p{n}": Address(platform="telegram", id=str(n)) for n in range(1, 6)}

words = st.text(alphabet=st.sampled_from("甲醇T1<>&\n \t🛢👷🏽é"), max_size=12)
passages = st.builds(lambda line, times: line * times, words, st.integers(1, 400))
people = st.builds(
    Mention, person_id=st.sampled_from([*ADDRESSES, "stranger"]), label=words.filter(lambda w: len(w) < 9)
)
spans = st.lists(st.one_of(passages, people), min_size=1, max_size=14)


def written(*parts: str | Mention):
    return compose(OutMessage(spans=parts), ADDRESSES, caps=CAPS, cut_mark=CUT_MARK)


@given(spans)
def test_whatever_is_written_fits_and_every_entity_covers_its_name(parts):
    composed = written(*parts)
    assert units(composed.text) <= 4096
    check_entities(composed.text, [{"offset": e.offset, "length": e.length} for e in composed.entities])
    utf16 = composed.text.encode("utf-16-le")
    for entity in composed.entities:
        covered = utf16[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
        assert covered == f"@{entity.user.first_name}"


@given(spans)
def test_everybody_with_an_address_is_notified_once_however_long_the_text(parts):
    wanted = {int(ADDRESSES[p.person_id].id) for p in parts if isinstance(p, Mention) and p.person_id in ADDRESSES}
    composed = written(*parts)
    assert [e.user.id for e in composed.entities] == list(dict.fromkeys(e.user.id for e in composed.entities))
    assert composed.notifies == wanted


@given(spans)
def test_a_text_that_fits_is_left_alone(parts):
    message = OutMessage(spans=tuple(parts))
    fits = units(message.text) <= 4096
    assert (written(*parts).text == message.text) == fits


@pytest.mark.parametrize("text", ["甲" * 4096, "🛢" * 2048, "a" * 4095 + "\n"])
def test_exactly_4096_units_pass_uncut(text):
    assert written(text).text == text
    check_length(text)


@pytest.mark.parametrize("text", ["甲" * 4097, "🛢" * 2049, "a" + "🛢" * 2048])
def test_one_unit_more_and_without_a_line_is_cut_between_characters(text):
    cut = written(text).text
    assert cut.endswith("\n" + CUT_MARK)
    assert text.startswith(cut.removesuffix("\n" + CUT_MARK))
    assert 4095 <= units(cut) <= 4096


def test_a_name_is_never_cut_in_two():
    name = "青岛港储一库夜班值班长李主管"
    composed = written("甲" * 4070, Mention(person_id="p1", label=name), "。" * 30)
    assert composed.text.endswith(f"甲\n{CUT_MARK} @{name}")
    assert composed.text.count("青岛") == 1
    assert composed.notifies == {1}


def test_names_that_alone_fill_a_message_are_a_bug():
    with pytest.raises(ValueError, match="no room is left"):
        written("x", Mention(person_id="p1", label="长" * 5000))


def test_lone_surrogates_become_a_mark_that_every_writer_accepts():
    assert sound("坏\ud83d字 🛢") == "坏\ufffd字 🛢"
    assert sound("坏\ud83d字 🛢").encode()


def test_of_two_mentions_of_one_person_the_first_is_the_one_that_notifies():
    twice = written("给 ", Mention(person_id="p1", label="赵总"), " 再给 ", Mention(person_id="p1", label="赵总"))
    assert [(e.offset, e.length) for e in twice.entities] == [(2, 3)]


@pytest.mark.parametrize("elsewhere", [Address(platform="console", id="1"), None])
def test_only_a_telegram_address_makes_a_telegram_mention(elsewhere):
    addresses = {"p1": elsewhere} if elsewhere else {}
    message = OutMessage(spans=(Mention(person_id="p1", label="赵总"),))
    composed = compose(message, addresses, caps=CAPS, cut_mark=CUT_MARK)
    assert (composed.text, composed.entities) == ("@赵总", ())
