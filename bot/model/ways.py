"""The ways to write one name, as a pattern: by its characters, in pinyin, and with the signs left out that may break it.

Knows no workspace: whose names there are is for ``handles`` to say.
"""

import re

from bot.model.shapes import closed, half, simple

CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_PAUSE = ",，.。;；!！?？:：、\"'“”‘’()（）《》【】…"
_WITHIN = rf"(?<=[\u4e00-\u9fff])[^\w\s{_PAUSE}]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[._·](?=[\u4e00-\u9fff])"
_LATIN = r"(?<=[^\W_])(?:[^\w\s,，、:：%]|_)+(?=[^\W_])"
_BROKEN = re.compile(_WITHIN)
_ANYHOW = re.compile(rf"(?<=[\u4e00-\u9fff])[\W_]+(?=[\u4e00-\u9fff])|{_LATIN}")


def way(name: str) -> str:
    """In lower case, simplified characters and closed."""
    return simple(closed(half(name))[0]).lower()


def bare(written: str) -> str:
    """A way without any sign: t-101 is t101."""
    return "".join(c for c in written if c.isalnum())


def mended(text: str, *, pauses: bool) -> tuple[str, list[int]]:
    """The text without signs inside of words, and the place of each of its characters in ``text``.

    Between Chinese characters those that nobody sets between two words or clauses (恒*运*池); with ``pauses`` all of them
    (恒,运池), and those between letters and digits too (T/1/0/1).
    """
    dropped = {n for m in (_ANYHOW if pauses else _BROKEN).finditer(text) for n in range(m.start(), m.end())}
    places = [n for n in range(len(text)) if n not in dropped]
    return "".join(text[n] for n in places), places


def bounded(name: str) -> str:
    """A pattern of the name as it stands; a Latin one is one only where no letter goes on."""
    written = re.escape(name)
    before = r"(?<![A-Za-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + written + after


def any_way(written: str) -> str:
    """A way to write a name as a pattern; each character of a Chinese one also in pinyin."""
    if not CHINESE.fullmatch(written):
        return bounded(written)
    first, *between, last = (f"{c}|{s}" for c, s in zip(written, syllables(written), strict=True))
    inner = "".join(f"(?:{piece}) ?" for piece in between)
    return f"(?:(?<![a-z])(?:{first})|{written[0]}) ?{inner}(?:{written[-1]}|(?:{last})(?![a-z]))"


def syllables(words: str) -> list[str]:
    """In pinyin without tones; what is not Chinese stays, run by run."""
    from pypinyin import lazy_pinyin  # a quarter of a second, and only where a model is asked

    return lazy_pinyin(words)
