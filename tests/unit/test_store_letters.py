"""A message goes into a column and comes out as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import StoreBroken
from domain.message import Button, Mention, OutMessage, Picture
from store.letters import read, written

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
MESSAGES = st.builds(
    OutMessage,
    spans=st.lists(WORDS | st.builds(Mention, person_id=WORDS, label=WORDS), max_size=5).map(tuple),
    buttons=st.lists(st.builds(Button, label=WORDS, token=WORDS), max_size=3).map(tuple),
    reply_to=st.none() | WORDS,
    edits=st.none() | WORDS,
    picture=st.none() | st.builds(Picture, sha256=WORDS, about=WORDS, png=st.none()),
)


@given(MESSAGES)
def test_every_message_comes_back_whole(message):
    assert read(written(message)) == message


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"spans": [{"person": "x"}], "buttons": []}'])
def test_a_text_that_is_no_message_is_refused(text):
    with pytest.raises(StoreBroken, match="not an outgoing message"):
        read(text)


def test_the_bytes_of_a_picture_stay_out_of_the_column_and_a_message_without_one_is_written_as_ever():
    with_one = OutMessage(spans=("走势",), picture=Picture(sha256="ab", about="走势", png=b"bytes"))
    assert "bytes" not in written(with_one)
    assert read(written(with_one)).picture == Picture(sha256="ab", about="走势")
    assert "picture" not in written(OutMessage(spans=("走势",)))
