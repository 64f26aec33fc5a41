"""How the true Bot API reads a text: HTML or entities, counted in UTF-16 units after parsing."""

import re
from typing import Any

TEXT_LIMIT = 4096
_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z0-9-]*)(?P<rest>[^<>]*)>?")
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot);|&#(?:x[0-9a-fA-F]+|[0-9]+);")
_HREF = re.compile(r"""\s+href=(?:"([^"]*)"|'([^']*)')\s*$""")
_USER = re.compile(r"tg://user\?id=([0-9]+)$")


class TextError(Exception):
    """The server's 400, with the description that it gives."""


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of Telegram's HTML. Raises TextError as the server answers 400."""
    text, at = "", 0
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, str, int]] = []
    while at < len(source):
        if source[at] != "<":
            stop = source.find("<", at)
            stop = stop if stop >= 0 else len(source)
            text += _REFERENCE.sub(_referenced, source[at:stop])
            at = stop
            continue
        tag = _TAG.match(source, at)
        assert tag is not None
        place = f"at byte offset {len(source[:at].encode())}"
        at = tag.end()
        if tag["close"]:
            if not open_tags or (tag["name"] and open_tags[-1][0] != tag["name"].lower()):
                raise TextError(f"can't parse entities: Unexpected end tag {place}")
            name, rest, start = open_tags.pop()
            entities += _entity(name, rest, units(text[:start]), units(text[start:]))
        elif tag["name"].lower() in {*_STYLES, "a"}:
            open_tags.append((tag["name"].lower(), tag["rest"], len(text)))
        else:
            raise TextError(f'can\'t parse entities: Unsupported start tag "{tag["name"]}" {place}')
    if open_tags:
        raise TextError(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return text, entities


def check_entities(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``entities`` as they are. Raises TextError when one lies outside the text or splits a character."""
    starts = {units(text[:i]) for i in range(len(text) + 1)}
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or entity["length"] <= 0 or end > units(text):
            raise TextError(f"entity beginning at UTF-16 offset {start} ends after the end of the text")
        if start not in starts or end not in starts:
            raise TextError(f"entity beginning at UTF-16 offset {start} begins in a middle of a symbol")
    return entities


def check_length(text: str) -> None:
    """Raise TextError for an empty text and for one longer than 4096 units."""
    if not text.strip():
        raise TextError("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise TextError("message is too long")


def user_of(entity: dict[str, Any]) -> int | None:
    """Whom a text mention means; None for every other entity."""
    return entity["user"]["id"] if entity["type"] == "text_mention" else None


def _referenced(found: re.Match[str]) -> str:
    reference = found[0]
    if reference in _NAMED:
        return _NAMED[reference]
    number = reference[2:-1]
    return chr(int(number[1:], 16) if number[0] == "x" else int(number))


def _entity(name: str, rest: str, offset: int, length: int) -> list[dict[str, Any]]:
    place = {"offset": offset, "length": length}
    if length == 0:
        return []
    if name != "a":
        return [{"type": _STYLES[name], **place}]
    href = _HREF.search(rest)
    url = (href[1] or href[2] or "") if href else ""
    if user := _USER.match(url):
        return [{"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": "?"}, **place}]
    # an address without a dot in its host, such as localhost, is dropped
    return [{"type": "text_link", "url": url, **place}] if re.match(r"https?://[^/]*\.", url) else []
