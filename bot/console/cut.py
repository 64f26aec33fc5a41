"""Cuts too long a message without losing anybody who must be notified. Pure."""

from itertools import groupby

from domain.message import Mention, Span


def cut(spans: tuple[Span, ...], *, limit: int, mark: str) -> tuple[Span, ...]:
    """``spans`` within ``limit`` UTF-16 units: cut at a line, then ``mark`` and the mentions that were cut off."""
    if sum(map(_units, spans)) <= limit:
        return spans
    spans, lost = _joined(spans), list[Mention]()
    while True:  # the longer the tail, the shorter the head, the more mentions move to the tail: ends with all of them
        tail: list[Span] = ["\n", mark, *(part for mention in lost for part in (" ", mention))]
        head = _head(spans, limit - sum(map(_units, tail)))
        beyond = [s for s in spans[len(head) :] if isinstance(s, Mention)]
        if beyond == lost:
            return (*head, *tail)
        lost = beyond


def _joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Neighbouring texts as one, so that a line's end is found across them."""
    runs = groupby(spans, key=lambda span: isinstance(span, str))
    return tuple(part for text, run in runs for part in (["".join(map(str, run))] if text else run))


def _head(spans: tuple[Span, ...], budget: int) -> list[Span]:
    """As many spans as fit, the last of them cut at a line where it has one. Raises ValueError when nothing fits."""
    if budget <= 0:
        raise ValueError("no room is left for the text: the cut mark and the mentions fill the whole message")
    head: list[Span] = []
    for span in spans:
        if _units(span) > budget:
            if isinstance(span, str):
                head.append(_line_end(span, budget))
            break
        head.append(span)
        budget -= _units(span)
    return head


def _line_end(text: str, budget: int) -> str:
    short = text.encode("utf-16-le", "surrogatepass")[: budget * 2].decode("utf-16-le", "ignore")
    line = short.rfind("\n", len(short) // 2)  # one endless line is cut where it must be
    return short[:line] if line >= 0 else short


def _units(span: Span) -> int:
    text = span if isinstance(span, str) else f"@{span.label}"
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
