"""What is a word of ordinary Chinese, so that what is none may be a name.

No dictionary of its own: the pieces that the understanding has learned from sentences, the phrases that come with pypinyin,
the field's words and goods, and everyday words that those three leave out because they are masked or read in one way only
(``ordinary.txt``).
"""

from functools import lru_cache
from typing import cast

from bot.model.listed import words
from skills.understanding.goods import TRADED
from skills.understanding.model import learned
from skills.understanding.slips import REAL, WORDS


def is_word(piece: str) -> bool:
    """Whether people write this piece for something else than a name; of two to four characters."""
    return is_entry(piece) or piece in learned().weights


def is_entry(piece: str) -> bool:
    """Whether a dictionary has it; what was learned may also be the end of one word and the beginning of another."""
    return piece in _words() or piece in _phrases()


def is_ours(piece: str) -> bool:
    """Whether it is one of the everyday words or of the field's."""
    return piece in _words()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset((*words("ordinary"), *WORDS, *REAL, *TRADED))


@lru_cache(maxsize=1)
def _phrases() -> dict[str, object]:
    from pypinyin.constants import PHRASES_DICT  # in memory wherever the understanding hears sounds

    return cast("dict[str, object]", PHRASES_DICT)
